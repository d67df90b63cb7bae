"""What is wrong in a cohort's file: where, what, and how to mend it; all of it at once.

A `Wrong` is raised by the rule that a cell breaks, and knows no place; `Faults` gives it one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NoReturn

MOST_FAULTS = 200
"""How many faults are told in full; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in the file."""

    line: int
    """Counted from 1, as an editor or a spreadsheet counts."""
    column: str
    """Its title as the file writes it; empty where the fault is the whole line's or file's."""
    wrong: str
    remedy: str

    def __str__(self) -> str:
        """The fault on one line, place first."""
        column = f", {self.column}" if self.column else ""
        return f"line {self.line}{column}: {self.wrong} {self.remedy}"


class BadCohortFile(Exception):
    """The file cannot be read as a cohort, and nothing of it was taken."""

    def __init__(self, faults: tuple[Fault, ...], *, name: str = "", more: int = 0) -> None:
        super().__init__(faults)
        self.faults = faults
        """At least one, at most `MOST_FAULTS`, by line."""
        self.name = name
        """What the file is called."""
        self.more = more
        """How many faults there are beyond those in `faults`."""

    def __str__(self) -> str:
        """Every fault on a line of its own, with the file's name."""
        lines = [f"{self.name}, {fault}" if self.name else str(fault) for fault in self.faults]
        if self.more:
            lines.append(f"and {self.more} more like these.")
        return "\n".join(lines)


class Wrong(Exception):
    """A rule is broken; a remedy that costs something to find is given as a function."""

    def __init__(self, wrong: str, remedy: str | Callable[[], str]) -> None:
        super().__init__(wrong)
        self.wrong = wrong
        self.remedy = remedy


class Faults:
    """The faults of one file, as they are found."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._kept: list[Fault] = []
        self._more = 0
        self._titles: Mapping[str, str] = {}

    def call_columns(self, titles: Mapping[str, str]) -> None:
        """From now on, name each column as the file itself does."""
        self._titles = titles

    def add(self, line: int, column: str, wrong: Wrong) -> None:
        """Keep a fault, or only count it once there are plenty."""
        if len(self._kept) >= MOST_FAULTS:
            # Twenty thousand bad zones would otherwise each be compared with six hundred good ones.
            self._more += 1
            return
        remedy = wrong.remedy() if callable(wrong.remedy) else wrong.remedy
        self._kept.append(Fault(line, self._titles.get(column, column), wrong.wrong, remedy))

    def stop(self, line: int, wrong: str, remedy: str) -> NoReturn:
        """Add a fault after which no more of the file can be read, and raise them all."""
        self.add(line, "", Wrong(wrong, remedy))
        raise self._bad()

    def raise_any(self) -> None:
        """Do nothing if the file is sound.

        Raises:
            BadCohortFile: It is not; all that was found is in it.
        """
        if self._kept:
            raise self._bad()

    def _bad(self) -> BadCohortFile:
        faults = tuple(sorted(self._kept, key=lambda fault: fault.line))
        return BadCohortFile(faults, name=self._name, more=self._more)


def shown(text: str) -> str:
    """The text in quotation marks, short, and with whatever cannot be seen written out."""
    short = text if len(text) <= 40 else text[:39] + "\N{HORIZONTAL ELLIPSIS}"
    return "'" + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in short) + "'"


def nearest(text: str, choices: Iterable[str], *, likeness: float = 0.6) -> str:
    """The choice that looks most like the text, or an empty string if none does.

    `likeness` is the least ratio that counts, from 0 to 1: difflib, SequenceMatcher.ratio.
    """
    found = get_close_matches(text[:60].casefold(), list(choices), n=1, cutoff=likeness)
    return found[0] if found else ""
