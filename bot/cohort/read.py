"""Reading a cohort's file: the whole of it is sound, or every fault of it is told at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import BinaryIO, TypeVar

from bot.cohort.cells import a_day, a_key, a_name, a_platform, a_role, an_email, plain, some_keys
from bot.cohort.columns import COLUMNS, NEEDED, Header, read_header
from bot.cohort.fault import Faults, Wrong, shown
from bot.cohort.pairs import Row, check_people, check_supervisors, cohort_of, pairs_of
from bot.cohort.places import a_country, a_language, a_zone
from bot.cohort.rows import CohortFile, PersonRow, Platform, Role
from bot.cohort.sheet import read_lines, split_cells

Value = TypeVar("Value")

SPELT_WITH_JOINERS = frozenset({"name", "first_name", "cohort"})
FILLED = frozenset(NEEDED) - {"pair"}
"""Columns in which every row says something."""


def read_cohort(source: BinaryIO | bytes, *, name: str, spoken: Sequence[str]) -> CohortFile:
    """The people and pairs of a file; its format is described in `bot.cohort.columns`.

    `name` is what the file is called in what is said about it, `spoken` are the languages that
    people can be spoken to in.

    Raises:
        BadCohortFile: Anything is wrong with it; every fault is told with place and remedy.
    """
    faults = Faults(name)
    lines = read_lines(source, faults)
    header = read_header(lines, faults)
    rows: list[Row] = []
    lost: set[str] = set()
    for number, texts in _lines_of_people(header, lines, faults):
        row = _read_row(Line(number, header.cells(texts), faults), spoken) if texts else None
        rows.extend([row] if row else [])
        lost |= row.unread if row else set(COLUMNS)
    if not rows and not lost:
        faults.stop(header.line + 1, "There is nobody in the file.", "Add a row for each person.")
    return _fitted(rows, frozenset(lost), faults)


def _fitted(rows: Sequence[Row], lost: frozenset[str], faults: Faults) -> CohortFile:
    check_people(rows, faults)
    check_supervisors(rows, lost, faults)
    pairs = pairs_of(rows, lost, faults)
    cohort = cohort_of(rows, faults)
    faults.raise_any()
    return CohortFile(cohort, tuple(row.person for row in rows), pairs)


def _lines_of_people(
    header: Header, lines: Sequence[str], faults: Faults
) -> Iterator[tuple[int, list[str]]]:
    """Each line that is not blank, with its cells; with none where they cannot be told apart."""
    for number, line in enumerate(lines[header.line :], header.line + 1):
        cells, is_open = split_cells(line, header.separator)
        if not any(cell.strip() for cell in cells):
            continue
        broken = _open_quote(header, cells) if is_open else _wrong_width(header, cells)
        if broken:
            faults.add(number, *broken)
        yield number, [] if broken else cells


def _open_quote(header: Header, cells: Sequence[str]) -> tuple[str, Wrong]:
    return _column_at(header, len(cells) - 1), Wrong(
        "A quotation mark opens here and is not closed on this line.",
        "Close it, double it if it is part of the text, or take the line break out of the cell.",
    )


def _wrong_width(header: Header, cells: Sequence[str]) -> tuple[str, Wrong] | None:
    """What is wrong with the number of cells, with the column; None if they fit the titles."""
    width = len(header.columns)
    if len(cells) < width:
        return "", Wrong(
            f"The line has {len(cells)} of the {width} cells that the first line names.",
            "Add what is missing; an empty cell keeps its separator.",
        )
    for place, cell in enumerate(cells):
        if cell.strip() and (place >= width or header.columns[place] == ""):
            return _column_at(header, place), Wrong(
                f"{shown(cell)} stands under no title.",
                "Put a cell that holds a separator in quotation marks, or take this one out.",
            )
    return None


def _column_at(header: Header, place: int) -> str:
    """The column at a place counted from 0, or its number where it has none."""
    column = header.columns[place] if place < len(header.columns) else None
    return column or f"column {place + 1}"


class Line:
    """One line's cells, taken a column at a time; what is wrong goes among the faults."""

    def __init__(self, number: int, cells: Mapping[str, str], faults: Faults) -> None:
        self.number = number
        self.unread = {column for column in NEEDED if column not in cells}
        """The columns that could not be taken: their faults are told already."""
        self._cells = cells
        self._faults = faults

    def take(self, column: str, rule: Callable[[str], Value], otherwise: Value) -> Value:
        """What the rule makes of a column's cell; `otherwise` if it is empty, absent or wrong."""
        try:
            text = self._text(column)
            return rule(text) if text else otherwise
        except Wrong as wrong:
            self._faults.add(self.number, column, wrong)
            self.unread.add(column)
        return otherwise

    def _text(self, column: str) -> str:
        text = plain(self._cells.get(column, ""), joiners=column in SPELT_WITH_JOINERS)
        if not text and column in FILLED and column in self._cells:
            raise Wrong("The cell is empty.", f"Every row needs its {column}.")
        return text


def _read_row(line: Line, spoken: Sequence[str]) -> Row:
    return Row(
        person=_read_person(line, spoken),
        pairs=line.take("pair", some_keys, ()),
        supervisor=line.take("supervisor", a_key, ""),
        cohort=line.take("cohort", a_name, ""),
        starts=line.take("starts", a_day, None),
        ends=line.take("ends", a_day, None),
        unread=frozenset(line.unread),
    )


def _read_person(line: Line, spoken: Sequence[str]) -> PersonRow:
    """The person on a line, with stand-ins for what is wrong."""
    name = line.take("name", a_name, "")
    role: Role = line.take("role", a_role, "manager")
    usual: Platform = "telegram" if role == "mentee" else "slack"
    return PersonRow(
        line=line.number,
        key=line.take("key", a_key, ""),
        name=name,
        first_name=line.take("first_name", a_name, "") or name.partition(" ")[0],
        role=role,
        platform=line.take("platform", a_platform, usual),
        email=line.take("email", an_email, None),
        zone=line.take("zone", a_zone, ""),
        country=line.take("country", a_country, None),
        language=line.take("language", lambda text: a_language(text, spoken), ""),
    )
