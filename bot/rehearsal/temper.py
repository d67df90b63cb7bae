"""Invented people: how readily each answers, when they are away, and how their pair is inclined.

The rates are those of the practice: one tap 60 to 75 % falling to 40 to 55 % by month six, free
text 20 to 35 %.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Literal

Inclination = Literal["steady", "busy", "stalls", "leaves"]
INCLINATIONS: tuple[tuple[Inclination, float], ...] = (
    ("steady", 0.66),
    ("busy", 0.20),
    ("stalls", 0.09),
    ("leaves", 0.05),
)
FADING = timedelta(weeks=26)
FIRST_NAMES = [
    "Ana",
    "Ben",
    "Chloé",
    "Dovydas",
    "Elif",
    "Farah",
    "Goran",
    "Hanna",
    "Imani",
    "Jonas",
    "Kavya",
    "Liam",
    "Mina",
    "Nuno",
    "Olga",
    "Priya",
    "Quim",
    "Rosa",
    "Samir",
    "Tove",
    "Uma",
    "Viktor",
    "Wanda",
    "Ximena",
    "Yusuf",
    "Zofia",
    "Aoife",
    "Bruno",
    "Carmen",
    "Dario",
]
PLACES = (
    ("Europe/Madrid", "ES"),
    ("Europe/Dublin", "IE"),
    ("Europe/London", "GB"),
    ("Europe/Lisbon", "PT"),
    ("Europe/Berlin", "DE"),
    ("Europe/Warsaw", "PL"),
    ("America/Toronto", "CA"),
)


@dataclass(frozen=True, slots=True)
class Away:
    """A stretch in which somebody answers nothing."""

    start: datetime
    end: datetime
    says_so: bool
    """Whether they pause the bot for it."""


@dataclass(frozen=True, slots=True)
class Temper:
    """How one invented person is."""

    tap_at_first: float
    tap_at_last: float
    writes: float
    away: tuple[Away, ...]
    hours_to_answer: float
    """The median; some answer at once, some a day later."""

    def taps(self, since: timedelta) -> float:
        """Give how likely one tap is after that time in the programme, 0 to 1."""
        faded = min(1.0, since / FADING)
        return self.tap_at_first + (self.tap_at_last - self.tap_at_first) * faded

    def is_away(self, now: datetime) -> bool:
        """Whether they answer nothing now."""
        return any(stretch.start <= now < stretch.end for stretch in self.away)


@dataclass(frozen=True, slots=True)
class Bond:
    """How a pair is inclined, and since when."""

    inclination: Inclination
    from_day: int
    """When a stall or a leaving sets in, counted from the programme's first day."""
    lasts: int
    """Days until a stalled pair answers again; long if it never does."""

    def is_slack(self, day: int) -> bool:
        """Whether the pair lets things lie on that day of the programme."""
        within = self.from_day <= day < self.from_day + self.lasts
        return self.inclination in ("stalls", "leaves") and within


def temper(random: Random, begins: datetime, weeks: int) -> Temper:
    """Invent one person."""
    away = tuple(_away(random, begins, weeks) for _ in range(random.choice((0, 1, 1, 2))))
    return Temper(
        tap_at_first=random.uniform(0.60, 0.75),
        tap_at_last=random.uniform(0.40, 0.55),
        writes=random.uniform(0.20, 0.35),
        away=away,
        hours_to_answer=random.uniform(0.5, 8),
    )


def _away(random: Random, begins: datetime, weeks: int) -> Away:
    start = begins + timedelta(days=random.randrange(14, max(15, weeks * 7)))
    return Away(start, start + timedelta(days=random.choice((7, 10, 14))), random.random() < 0.4)


def bond(random: Random, weeks: int) -> Bond:
    """Invent how one pair is inclined."""
    inclination = random.choices(
        [name for name, _ in INCLINATIONS], [share for _, share in INCLINATIONS]
    )[0]
    from_day = random.randrange(10, max(11, weeks * 5))
    lasts = 9999 if inclination == "leaves" else random.choice((50, 80, 9999))
    return Bond(inclination, from_day, lasts)
