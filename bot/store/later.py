"""Writes that wait for one another, so that many rows go in few statements.

A turn changes a dozen rows, and up to sixty-four turns share a transaction: a statement for each
row took half of their time. So a write waits until something is about to look at a table that it
changes, or the transaction is about to end. Then all that wait go, each statement once with all of
its rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Executable, Insert, TableClause, UpdateBase
from sqlalchemy.sql.visitors import iterate

About: TypeAlias = tuple[str, int]
"""What a row concerns, such as one conversation: what is written of it keeps its order."""


@dataclass(slots=True)
class Later:
    """What one transaction has still to write."""

    connection: Connection
    _rows: list[tuple[UpdateBase, list[Mapping[str, object]]]] = field(default_factory=list)
    """Statements, each with the rows that it is for."""
    _places: dict[UpdateBase, int] = field(default_factory=dict)
    """At which place of these a statement stands; at its last, if it stands at several."""
    _latest: dict[About, int] = field(default_factory=dict)
    """At which place the latest row about something stands."""
    _changes: dict[About, tuple[UpdateBase, dict[str, object]]] = field(default_factory=dict)
    _tables: set[str] = field(default_factory=set)
    changed: set[About | str] = field(default_factory=set)
    """What was written since this was last emptied: things, or else whole tables."""

    def add(self, statement: UpdateBase, about: About, values: Mapping[str, object]) -> None:
        """Let a row wait with others of its statement.

        It never overtakes what is written already of the same thing.
        """
        place = self._places.get(statement, -1)
        if place < self._latest.get(about, 0):
            place = self._places[statement] = len(self._rows)
            self._rows.append((statement, []))
            self._tables |= tables_of(statement)
        self._latest[about] = place
        self._rows[place][1].append(values)
        self.changed.add(about)

    def change(self, statement: UpdateBase, about: About, values: Mapping[str, object]) -> None:
        """Let columns of the row `:number` wait to be changed.

        A row that changes twice is written once.
        """
        if about not in self._changes:
            self._changes[about] = (statement, {})
            self._tables |= tables_of(statement)
        self._changes[about][1].update(values)
        self.changed.add(about)

    def waiting(self, about: About) -> Mapping[str, object]:
        """Give the columns of something that wait to be changed."""
        return self._changes[about][1] if about in self._changes else {}

    def write_before(self, statement: Executable) -> None:
        """Write everything if a statement looks at a table that anything waits for.

        A plain insert looks at none: only rows wait that no other refers to. And at what a
        statement looks that is mere text nobody knows.
        """
        if isinstance(statement, UpdateBase):
            if isinstance(statement, Insert) and statement.select is None:
                return
            self.changed |= tables_of(statement)
        if self._tables:
            looked_at = tables_of(statement)
            if not looked_at or not self._tables.isdisjoint(looked_at):
                self.write()

    def write(self) -> None:
        """Write everything now."""
        rows, changes = self._rows, self._changes
        self.drop()
        alike: dict[tuple[UpdateBase, tuple[str, ...]], list[Mapping[str, object]]] = {}
        # In the order of their numbers: two who change the same do not wait for each other.
        for (_, number), (statement, values) in sorted(changes.items()):
            row = {"number": number, **values}
            alike.setdefault((statement, tuple(values)), []).append(row)
        for (statement, _), several in alike.items():
            self.connection.execute(statement, several)
        for statement, several in rows:
            self.connection.execute(statement, several)

    def drop(self) -> None:
        """Write nothing of it: what it belongs to is undone."""
        self._rows, self._changes, self._tables = [], {}, set()
        self._places, self._latest = {}, {}


_TABLES: WeakKeyDictionary[Executable, frozenset[str]] = WeakKeyDictionary()


def tables_of(statement: Executable) -> frozenset[str]:
    """Give the names of all tables that a statement looks at or changes, inner ones included."""
    found = _TABLES.get(statement)
    if found is None:
        parts = iterate(statement)  # type: ignore[arg-type]
        found = frozenset(each.name for each in parts if isinstance(each, TableClause))
        _TABLES[statement] = found
    return found
