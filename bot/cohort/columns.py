"""The columns of a cohort's file, in any order, and how its first line is read.

One row is one person. A pair is one mentee and one mentor, or two co-mentors.

| column | filled | what to write |
|---|---|---|
| `key` | always | how a later file finds this person: a staff number, an e-mail address |
| `name` | always | the full name |
| `first_name` | | what the person is called; else the first word of `name` |
| `role` | always | `mentee`, `mentor`, `co-mentor`, `supervisor` or `manager` |
| `pair` | by those in pairs | the pair's key, as `p1`; a mentor may have several, as `p1; p2` |
| `supervisor` | | the key of whoever supervises this pair, on either row or on both alike |
| `platform` | | `telegram`, `slack` or `playground`; else Telegram for mentees, Slack for others |
| `email` | | an e-mail address, nobody else's |
| `zone` | always | the time zone as region and city, as `Europe/Madrid` |
| `country` | | whose public holidays count: ISO 3166, as `ES`, or a part of it, as `ES-MD` |
| `language` | | a code, as `en` or `es`; else what their app is set to, or the programme's own |
| `cohort` | | the cohort's name, on one row or on all alike; else `The cohort` |
| `starts` | | the cohort's first day, as `2027-01-11`, on one row or on all alike |
| `ends` | | its last day, likewise |

The columns `key`, `name`, `role`, `pair` and `zone` must be there. A title's capitals, spaces and
hyphens do not matter, nor a key's capitals; some titles have other names (`Staff number`, `Time
zone`, `Start date`). A supervisor is a person of this file who is supervisor or manager.

Cells are separated by comma, semicolon or tab, and hold no line break and no formula. An empty one
and a single `-` say nothing. The text is UTF-8, or UTF-16 with its mark: at most 20,000 lines and
10 MiB.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.cohort.cells import plain
from bot.cohort.fault import Faults, Wrong, nearest, shown
from bot.cohort.sheet import split_cells

NEEDED = ("key", "name", "role", "pair", "zone")
OTHER_NAMES: Mapping[str, Sequence[str]] = {
    "key": ("id", "person", "staff number", "staff id"),
    "name": ("full name",),
    "first_name": ("forename", "given name"),
    "role": (),
    "pair": ("pairs", "pair key", "pair id"),
    "supervisor": ("supervisor key",),
    "platform": ("app",),
    "email": ("mail", "email address"),
    "zone": ("time zone", "tz"),
    "country": ("country code", "holidays"),
    "language": ("lang",),
    "cohort": ("cohort name",),
    "starts": ("start", "start date"),
    "ends": ("end", "end date"),
}
COLUMNS = tuple(OTHER_NAMES)
LONGEST_HEADER = 10_000
"""Characters: a file that is no table at all may be one long line."""


def _squeezed(title: str) -> str:
    return re.sub("[ _-]", "", title.casefold())


NAMED: Mapping[str, str] = {
    _squeezed(title): column
    for column, others in OTHER_NAMES.items()
    for title in (column, *others)
}
"""Every accepted title, squeezed, with its column."""


@dataclass(frozen=True, slots=True)
class Header:
    """The first line of a file, understood."""

    line: int
    separator: str
    columns: tuple[str | None, ...]
    """In the file's order; empty where there is no title, None where the title was found wrong."""
    titles: Mapping[str, str]
    """Each column's title as the file writes it."""

    def cells(self, texts: Iterable[str]) -> dict[str, str]:
        """The cells of a row by their column; those of no column are left out."""
        return {column: text for column, text in zip(self.columns, texts, strict=False) if column}


def read_header(lines: Sequence[str], faults: Faults) -> Header:
    """The first line that is not blank, with every column that is missing, double or unknown.

    Raises:
        BadCohortFile: Not one column is there, so the rest cannot be read.
    """
    number, line = next((n, text) for n, text in enumerate(lines, 1) if text.strip())
    if len(line) > LONGEST_HEADER:
        faults.stop(
            number,
            f"The first line has {len(line)} characters.",
            "Begin with a line of column names, and keep only the columns of a cohort's file.",
        )
    separator = max(",;\t", key=lambda mark: _promise(line, mark))
    cells, is_open = split_cells(line, separator)
    if is_open or not any(_squeezed(cell.strip()) in NAMED for cell in cells):
        faults.stop(
            number,
            "The first line does not name the columns.",
            f"Begin with a line such as {separator.join(NEEDED)} (or semicolons, or tabs).",
        )
    columns = _columns(number, cells, faults)
    for column in NEEDED:
        if column not in columns:
            faults.add(number, column, _missing(column))
    written = {c: text.strip() for c, text in zip(columns, cells, strict=True) if c}
    faults.call_columns(written)
    return Header(number, separator, columns, written)


def _promise(line: str, separator: str) -> tuple[int, int]:
    """How well the line reads with this separator: titles known, then cells."""
    cells, _ = split_cells(line, separator)
    return sum(_squeezed(cell.strip()) in NAMED for cell in cells), len(cells)


def _columns(number: int, cells: Sequence[str], faults: Faults) -> tuple[str | None, ...]:
    columns: list[str | None] = []
    for place, cell in enumerate(cells, 1):
        try:
            columns.append(_column(plain(cell, joiners=False), columns))
        except Wrong as wrong:
            title = cell.strip() if cell.isprintable() and len(cell) < 40 else f"column {place}"
            faults.add(number, title, wrong)
            columns.append(None)
    return tuple(columns)


def _column(title: str, before: Sequence[str | None]) -> str:
    """The column that a title names; empty if there is no title."""
    if not title:
        return ""
    column = NAMED.get(_squeezed(title))
    if column is None:
        raise Wrong(f"There is no column {shown(title)}.", lambda: _rather(title))
    if column in before:
        raise Wrong(f"There is a second column for {column}.", "Keep one of the two.")
    return column


def _rather(title: str) -> str:
    likely = NAMED.get(nearest(_squeezed(title), NAMED))
    return f"Call it {likely}, or leave it out." if likely else "Leave it out."


def _missing(column: str) -> Wrong:
    others = " or ".join(OTHER_NAMES[column])
    other = f" (or {others})" if others else ""
    return Wrong(f"The column {column} is missing.", f"Add a column called {column}{other}.")
