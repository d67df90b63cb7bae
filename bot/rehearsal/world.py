"""The world of a rehearsal.

Invented people on invented phones, and the real engine walked from moment to moment.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from random import Random

from sqlalchemy.orm import Session

from bot import arrivals
from bot.platforms import Event
from bot.rehearsal.temper import Bond, Temper
from bot.store import tables
from bot.store.database import Store
from bot.turn import Setup
from conversations.story import Hours
from conversations.wall_time import at_wall_time

Plan = Callable[[Session], None]
"""Something that happens in the world at its moment."""
FIRST_DAY = date(2027, 6, 7)
"""A Monday; like the pilot it is held against, the programme runs over a summer."""


@dataclass(frozen=True, slots=True)
class Sent:
    """Something that reached somebody."""

    at: datetime
    person: int
    nature: str
    lines: tuple[str, ...]
    in_quiet_hours: bool


@dataclass(frozen=True, slots=True)
class Spoken:
    """One line of a talk, for the transcript."""

    at: datetime
    person: int
    by: str
    """`bot` or `person`."""
    text: str


@dataclass(slots=True)
class World:
    """Everything that is true in a rehearsal, and what has been seen of it."""

    store: Store
    setup: Setup
    seed: int
    weeks: int
    now: datetime
    tempers: dict[int, Temper] = field(default_factory=dict)
    bonds: dict[int, Bond] = field(default_factory=dict)
    pair_of: dict[int, int] = field(default_factory=dict)
    """Each mentee's and mentor's pair."""
    hours: dict[int, Hours] = field(default_factory=dict)
    addresses: dict[int, tuple[str, str]] = field(default_factory=dict)
    met_anyway: dict[int, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    ahead: list[int] = field(default_factory=list)
    """How many meetings lay ahead of each pair, asked once a week."""
    sent: list[Sent] = field(default_factory=list)
    spoken: list[Spoken] = field(default_factory=list)
    plans: list[tuple[datetime, int, Plan]] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=count)
    turns: int = 0
    keeps_talk: bool = False

    @property
    def begins(self) -> datetime:
        """The first morning."""
        return at_wall_time(FIRST_DAY, time(9), "Europe/London")

    @property
    def ends(self) -> datetime:
        """The end of the last day."""
        return self.begins + timedelta(weeks=self.weeks)

    def random(self, about: str) -> Random:
        """Give chance for one question, the same in every run of this seed."""
        return Random(f"{self.seed}:{about}")

    def plan(self, at: datetime, do: Plan) -> None:
        """Let something happen in the world at that moment."""
        heapq.heappush(self.plans, (max(at, self.now), next(self.numbers), do))


def arrive(world: World, session: Session, person: int, kind: str, **body: str) -> None:
    """Let an event arrive from somebody's phone."""
    platform, address = world.addresses[person]
    event = Event(platform, f"event {next(world.numbers)}", address, kind, dict(body))
    arrivals.receive(session, [event], world.now)
    if world.keeps_talk and kind != "pressed":
        said = body.get("text") or "(opens the invitation)"
        world.spoken.append(Spoken(world.now, person, "person", said))


def was_held(world: World, meeting: tables.Meeting) -> bool:
    """Whether the two really met: what is true, whatever anybody says of it."""
    its_bond = world.bonds[meeting.pair_id]
    day = (meeting.starts_at - world.begins).days
    likely = {"steady": 0.93, "busy": 0.80}.get(its_bond.inclination, 0.9)
    if its_bond.is_slack(day):
        likely = 0.1
    away = any(
        world.tempers[person].is_away(meeting.starts_at)
        for person, pair in world.pair_of.items()
        if pair == meeting.pair_id
    )
    chance = world.random(f"meeting {meeting.id} {meeting.sequence}").random()
    return chance < likely * (0.25 if away else 1.0)


def a_world(store: Store, setup: Setup, seed: int, weeks: int) -> World:
    """Give an empty world on an open, empty database."""
    begins = at_wall_time(FIRST_DAY, time(9), "Europe/London")
    return World(store, setup, seed, weeks, begins.astimezone(UTC) - timedelta(days=1))
