"""A process that dies at a chosen statement, a fault at one, and all that a database holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Integer, event, text

from bot.store.database import Store
from bot.store.tables import Table

TABLES = Table.metadata.sorted_tables
EVERYTHING = {table.name: table.select().order_by(*table.primary_key.columns) for table in TABLES}
INVENTED = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
"""A meeting's own number, drawn anew each time it is booked."""


class Killed(BaseException):
    """The process is gone: nothing of ours catches this."""


class OurFault(RuntimeError):
    """Something in a turn is wrong."""


@contextmanager
def failing_at(store: Store, place: int, fault: BaseException) -> Iterator[list[str]]:
    """Raise at a statement counted from 1, or nowhere for 0. Gives the statements so far."""
    reached: list[str] = []

    def count(*happening: object) -> None:
        reached.append(str(happening[2]))
        if len(reached) == place:
            raise fault

    event.listen(store.engine, "before_cursor_execute", count)
    try:
        yield reached
    finally:
        event.remove(store.engine, "before_cursor_execute", count)


@contextmanager
def undone(store: Store) -> Iterator[Connection]:
    """Give a connection in a transaction of which nothing is kept."""
    with store.engine.connect() as connection:
        transaction = connection.begin()
        yield connection
        transaction.rollback()


def all_there_is(connection: Connection) -> dict[str, list[str]]:
    """Give every row of every table as this transaction sees it."""
    return {
        name: [INVENTED.sub("…", repr(dict(row._mapping))) for row in connection.execute(rows)]
        for name, rows in EVERYTHING.items()
    }


def number_on_from_here(connection: Connection) -> None:
    """Let the next rows take the next free numbers.

    On PostgreSQL an insert that was undone has used up its own.
    """
    if connection.dialect.name == "sqlite":
        return
    numbered = [
        table.name
        for table in TABLES
        if "id" in table.columns and isinstance(table.columns["id"].type, Integer)
    ]
    numbers = (f"pg_get_serial_sequence('{name}', 'id')" for name in numbered)
    each = (
        f"(SELECT setval({number}, coalesce(max(id), 0) + 1, false) FROM {name})"  # noqa: S608 - our own tables' names
        for name, number in zip(numbered, numbers, strict=True)
    )
    connection.execute(text("SELECT " + ", ".join(each)))
