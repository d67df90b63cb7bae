"""`rehearsal`: half a year of 19 pairs, and what an event costs with 19 pairs and with a thousand.

An event is what a rehearsal counts as a turn: something that arrived or fell due, or a message
that went out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.figures import Figure, Floor, Sample, rounds
from benchmarks.processes import comentor, finished, python

PAIRS, WEEKS = 19, 26
SECONDS = 10
WITHIN_SECONDS = 50
"""Fewer than five rounds where they would take longer."""
MANY_PAIRS, FEW_WEEKS = 1000, 1
TIMES_AS_DEAR = 1.3


@dataclass(frozen=True, slots=True)
class Lived:
    """What one rehearsal took."""

    wall: float
    """Seconds of the whole process."""
    cpu: float
    turns: float
    statements: float
    in_turns: float
    """Seconds of processor once everybody is there."""

    @property
    def a_turn(self) -> float:
        """Milliseconds of processor that one turn costs."""
        return self.in_turns / self.turns * 1e3


def measure() -> Iterator[Figure]:
    """Rehearse as the README does; then the same first week with few and with many."""
    command = comentor("rehearse", "--pairs", str(PAIRS), "--weeks", str(WEEKS), "--seed", "7")
    whole = [finished(command) for _ in rounds(WITHIN_SECONDS)]
    counted = _lived(PAIRS, WEEKS)  # counting statements takes time too, so it is done by itself
    yield Figure(
        f"rehearsal: {PAIRS} pairs, {WEEKS} weeks",
        Sample([each.wall for each in whole], "s"),
        SECONDS,
    )
    yield Figure("rehearsal:   of processor", Sample([each.cpu for each in whole], "s"))
    yield Figure("rehearsal:   events", Sample([counted.turns], ""))
    yield Figure("rehearsal:   processor an event", Sample([counted.a_turn], "ms"))
    yield Figure(
        "rehearsal:   statements an event",
        Sample([counted.statements / counted.turns], ""),
    )
    yield from _many()


def _many() -> Iterator[Figure]:
    few = [_lived(PAIRS, FEW_WEEKS) for _ in rounds()]
    many = _lived(MANY_PAIRS, FEW_WEEKS)
    floor = Floor(f"{PAIRS} pairs", Sample([each.a_turn for each in few], "ms"))
    yield Figure(
        f"rehearsal: an event of {MANY_PAIRS:,} pairs, {FEW_WEEKS} week",
        Sample([many.a_turn], "ms"),
        TIMES_AS_DEAR * floor.measured.middle,
        floor,
    )


def _lived(pairs: int, weeks: int) -> Lived:
    run = finished(python("-m", "benchmarks.lived", str(pairs), str(weeks)))
    found = json.loads(run.said)
    return Lived(run.wall, run.cpu, found["turns"], found["statements"], found["cpu"])
