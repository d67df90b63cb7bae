"""Figures: what was measured, beside its target and beside a floor from the same run."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import TypeVar

T = TypeVar("T")

ROUNDS = 5
WIDTHS = (44, 27, 18)


@dataclass(frozen=True, slots=True)
class Sample:
    """The same thing measured several times."""

    values: Sequence[float]
    unit: str
    """s, ms, MB; empty for a plain number."""

    @property
    def middle(self) -> float:
        """The median."""
        return median(self.values)

    def __str__(self) -> str:
        """Give the median with least and most, such as `2.31 s (2.20–2.50)`."""
        said = f"{_shown(self.middle)} {self.unit}".rstrip()
        if len(self.values) == 1:
            return f"{said} (once)"
        return f"{said} ({_shown(min(self.values))}–{_shown(max(self.values))})"


@dataclass(frozen=True, slots=True)
class Floor:
    """What the same thing costs without comentor, or what it is compared with."""

    what: str
    measured: Sample


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table."""

    what: str
    measured: Sample
    target: float | None = None
    """At most this, in the sample's unit; None where nothing was promised."""
    floor: Floor | None = None
    least: float | None = None
    """At least this, where more is better; None where nothing was promised."""

    def __str__(self) -> str:
        """Give the line: figure, measured, target, floor."""
        beside = ""
        if self.floor is not None:
            times = self.measured.middle / self.floor.measured.middle
            beside = f"{self.floor.what}: {self.floor.measured}; {_shown(times)} times"
        return _columns(self.what, str(self.measured), self._verdict(), beside)

    def _verdict(self) -> str:
        middle, unit = self.measured.middle, self.measured.unit
        if self.least is not None:
            return _verdict(f"≥ {_shown(self.least)} {unit}", reached=middle >= self.least)
        if self.target is not None:
            return _verdict(f"{_shown(self.target)} {unit}", reached=middle <= self.target)
        return "–"


def _verdict(target: str, *, reached: bool) -> str:
    return f"{target.rstrip()}, {'reached' if reached else 'MISSED'}"


def heading() -> str:
    """Give the table's first line."""
    return _columns("figure", "median (least–most)", "target", "floor or peer of the same run")


def _columns(*cells: str) -> str:
    *padded, last = cells
    return "  ".join(
        [*(cell.ljust(width) for cell, width in zip(padded, WIDTHS, strict=True)), last]
    ).rstrip()


def _shown(number: float) -> str:
    """Three digits that count; whole numbers whole."""
    if number == 0 or math.isinf(number) or abs(number) >= 100:
        return f"{number:,.0f}"
    return f"{number:.{2 - math.floor(math.log10(abs(number)))}f}"


def share(values: Sequence[float], below: float) -> float:
    """Give the value that this share of all values does not exceed: 0.99 for the p99."""
    return sorted(values)[min(len(values) - 1, math.ceil(below * len(values)) - 1)]


def rounds(within: float = math.inf) -> Iterator[int]:
    """Count five rounds, or as many as begin within that many seconds; at least one."""
    began = perf_counter()
    for number in range(ROUNDS):
        if number and perf_counter() - began > within:
            return
        yield number


def timed(work: Callable[[], object]) -> float:
    """Give how many seconds something takes."""
    began = perf_counter()
    work()
    return perf_counter() - began
