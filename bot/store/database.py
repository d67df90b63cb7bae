"""Opening the database.

SQLite with the care it needs, or PostgreSQL, brought up to date before anybody uses it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any, Literal, cast

from filelock import FileLock, Timeout
from sqlalchemy import (
    Connection,
    CursorResult,
    Engine,
    Executable,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, DisconnectionError
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from bot.store.later import Later
from bot.store.migrations import bring_up_to_date

Durability = Literal["full", "throwaway"]

# An error that is kept must not quote what somebody wrote.
_SHARED: dict[str, Any] = {"hide_parameters": True}
_SQLITE: dict[str, Any] = {
    **_SHARED,
    # Each savepoint has a name of its own and would push a statement of ours out of the driver's
    # hundred and twenty-eight.
    "connect_args": {"check_same_thread": False, "cached_statements": 1024},
}
_POSTGRESQL: dict[str, Any] = {**_SHARED, "pool_size": 6}
RESTED = 1.0
"""Seconds that a connection lay unused, after which it is asked whether it still stands."""


class DatabaseTrouble(Exception):
    """The database cannot be used; the message says why and what to do."""


@dataclass(slots=True)
class Store:
    """An open database. Writing goes through `transaction`, drawing pages through `reading`."""

    engine: Engine
    readers: Engine
    one_writer: bool
    """On SQLite one writer at a time; on PostgreSQL a small pool."""
    lock: FileLock | None = field(default=None)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One transaction: all of it is committed at the end, or none."""
        with self.engine.begin() as connection, session_on(connection) as session:
            yield session
            write_all(session)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A consistent view that never waits for a writer and writes nothing."""
        with self.readers.connect() as connection, session_on(connection) as session:
            yield session

    def close(self) -> None:
        """Let go of every connection and of the lock."""
        self.engine.dispose()
        self.readers.dispose()
        if self.lock is not None:
            self.lock.release()


class _StoreSession(Session):
    """A session that holds on to what it has read, and lets plain writes wait for one another.

    Several turns that share a commit read each thing once.
    """

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, join_transaction_mode="rollback_only", expire_on_commit=False)
        self.later = Later(connection)


@event.listens_for(_StoreSession, "loaded_as_persistent")
@event.listens_for(_StoreSession, "pending_to_persistent")
def _keep(session: Session, row: object) -> None:
    session.info.setdefault("kept", []).append(row)


@event.listens_for(_StoreSession, "do_orm_execute")
def _write_first(executing: ORMExecuteState) -> None:
    cast(_StoreSession, executing.session).later.write_before(executing.statement)


def session_on(connection: Connection) -> Session:
    """Give a session in the connection's transaction, which is the caller's to commit."""
    return _StoreSession(connection)


def run(
    session: Session, statement: Executable, values: object = None
) -> CursorResult[*tuple[Any, ...]]:
    """Run a plain statement past the ORM, in the session's transaction.

    What the ORM has still to write is not written first: this is for rows that it never changes.
    """
    later(session).write_before(statement)
    return run_past(session, statement, values)


def run_past(
    session: Session, statement: Executable, values: object = None
) -> CursorResult[*tuple[Any, ...]]:
    """Run a plain statement past the ORM and whatever waits to be written."""
    return cast(Connection, session.bind).execute(statement, values)  # type: ignore[call-overload, no-any-return]


def later(session: Session) -> Later:
    """Give what a session of a store has still to write."""
    return cast(_StoreSession, session).later


def write_all(session: Session) -> None:
    """Write what the ORM has still to write, and what waits."""
    session.flush()
    later(session).write()


_PASSING = ("08", "40", "53", "55P03", "57", "58")
"""Classes of PostgreSQL's error codes: connections, rollbacks such as a deadlock, short resources,
a lock that was not had, an operator's doing, the system (postgresql.org/docs, Appendix A)."""
_PASSING_HERE = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_NOMEM")
"""SQLite's (sqlite.org/rescode.html)."""


def is_passing(error: BaseException) -> bool:
    """Whether the same may go well another time: it is the database's state, and no fault in it."""
    if not isinstance(error, DBAPIError):
        return False
    code = str(getattr(error.orig, "sqlstate", None) or "")
    name = str(getattr(error.orig, "sqlite_errorname", None) or "")
    return (
        error.connection_invalidated or code.startswith(_PASSING) or name.startswith(_PASSING_HERE)
    )


def open_store(url: str, durability: Durability = "full") -> Store:
    """Open the database at a SQLAlchemy URL and bring its tables up to date.

    `sqlite://` alone is in memory. Raises DatabaseTrouble: not a URL, not reachable, or already in
    use by a second process (SQLite before 3.51.3 can corrupt a WAL that two processes write:
    sqlite.org/wal.html, "the WAL-reset bug").
    """
    try:
        driver = make_url(url).drivername
    except (ArgumentError, ValueError):
        raise DatabaseTrouble(
            "database.url is not a database address. Write sqlite:///comentor.sqlite3."
        ) from None
    if driver not in ("sqlite", "postgresql", "postgresql+psycopg"):
        raise DatabaseTrouble(
            f"database.url names {driver!r}; comentor knows sqlite and postgresql"
        )
    store = _open_sqlite(url, durability) if driver == "sqlite" else _open_postgresql(url)
    try:
        bring_up_to_date(store.engine)
    except DatabaseError as error:
        store.close()
        raise DatabaseTrouble(
            f"The database at {_shown(url)} cannot be used: {error.orig}"
        ) from error
    return store


def _open_postgresql(url: str) -> Store:
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"), **_POSTGRESQL)
    _ask_what_rested(engine)
    return Store(engine, engine, one_writer=False)


def _ask_what_rested(engine: Engine) -> None:
    """Let a connection that fell meanwhile be made anew before anything is done on it.

    As the pool's own `pre_ping` does at each use, which costs a transaction one more way there and
    back.
    """

    @event.listens_for(engine, "checkin")
    def rest(_: object, record: ConnectionPoolEntry) -> None:
        record.info["since"] = monotonic()

    @event.listens_for(engine, "checkout")
    def ask(connection: Any, record: ConnectionPoolEntry, _: object) -> None:
        if monotonic() - record.info.get("since", monotonic()) < RESTED:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error


def _open_sqlite(url: str, durability: Durability) -> Store:
    path = make_url(url).database
    if not path or path == ":memory:":
        engine = create_engine(url, poolclass=StaticPool, **_SQLITE)
        _prepare_sqlite(engine, "BEGIN", "OFF")
        return Store(engine, engine, one_writer=True)
    lock = sole_use_of(Path(path))
    synchronous = "FULL" if durability == "full" else "OFF"
    engine = create_engine(url, **_SQLITE)
    _prepare_sqlite(engine, "BEGIN IMMEDIATE", synchronous)
    readers = create_engine(url, **_SQLITE)
    _prepare_sqlite(readers, "BEGIN", synchronous)
    return Store(engine, readers, one_writer=True, lock=lock)


def sole_use_of(path: Path) -> FileLock:
    """Give a lock on a SQLite file that keeps every other comentor out until it is released.

    Raises DatabaseTrouble: another has it, or nothing can be written there.
    """
    if not path.parent.is_dir():
        raise DatabaseTrouble(f"There is no folder {path.parent}. Make it, or change database.url.")
    lock = FileLock(f"{path}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise DatabaseTrouble(
            f"Another comentor is using {path}. Stop it first, or give this one a database of its "
            "own; several at once need PostgreSQL."
        ) from None
    except OSError as error:
        raise DatabaseTrouble(f"{path.parent} cannot be written to: {error.strerror}") from error
    return lock


def _prepare_sqlite(engine: Engine, begin: str, synchronous: str) -> None:
    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: Any) -> None:
        # The driver's own transactions commit at a savepoint's release; ours are begun by hand.
        connection.isolation_level = None
        for pragma in (
            "journal_mode = WAL",
            "foreign_keys = ON",
            "busy_timeout = 5000",
            f"synchronous = {synchronous}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    def begin_by_hand(dbapi_connection: Any) -> None:
        dbapi_connection.execute(begin)

    # The engine's own event would do as well, but with one listener every statement of an engine
    # looks for listeners.
    engine.dialect.do_begin = begin_by_hand  # type: ignore[method-assign]


def _shown(url: str) -> str:
    return make_url(url).render_as_string(hide_password=True)
