"""A cohort whose people answer everything at once, and press so that each press can be timed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from importlib.resources import files
from itertools import count
from random import Random
from time import perf_counter

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import engine
from bot.cohort import read_cohort
from bot.cohort.enrol import invite, plan_import
from bot.compose import Comentor, compose
from bot.platforms import Delivery, Event, Part, Redrawing
from bot.rehearsal.replies import LEFT_ALONE, doings
from bot.settings import Settings
from bot.store import tables
from bot.store.database import Store
from bot.turn import Setup, setup_from
from conversations.wall_time import at_wall_time

SEED = 7
MOST_MOMENTS = 5_000
"""A crowd that has nothing to press for so long is a fault of this benchmark."""


@dataclass(slots=True)
class Hands:
    """A clock that goes on when it is told to."""

    at: datetime

    def now(self) -> datetime:
        """Give the present instant."""
        return self.at


@dataclass(slots=True)
class Phones:
    """A platform that takes every delivery and keeps it until it is looked at."""

    new: list[Delivery] = field(default_factory=list)

    async def send(self, delivery: Delivery) -> str:
        """Take it."""
        self.new.append(delivery)
        return str(delivery.parts[0].message)

    async def redraw(self, redrawing: Redrawing) -> None:
        """Nothing to do: nobody looks."""

    def says_again(self, delivery: Delivery) -> bool:
        """Nothing is lost on the way to it."""
        return delivery.nature != "announcement"

    async def close(self) -> None:
        """Nothing to let go of."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that somebody does next."""

    person: int
    typed: bool
    text: str
    """The button's data, or what was typed."""
    is_toggle: bool
    """A toggle is answered with nothing: the question stays open until it is done with."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """One press: what its turn took and how much it wrote."""

    seconds: float
    """From receiving it to the commit of its turn, its reply in the outbox."""
    rows: int
    """Rows that its turn wrote, without the arrival's own; 0 where the database does not tell."""


@dataclass(slots=True)
class Crowd:
    """The example cohort, its bot and its phones."""

    comentor: Comentor
    clock: Hands
    phones: Phones
    chance: Random = field(default_factory=lambda: Random(SEED))
    numbers: Iterator[int] = field(default_factory=count)

    async def come(self) -> None:
        """Let everybody open their invitation."""
        people = await self.comentor.writer.run(self._invite)
        for person in people:
            await self.comentor.receive(self._event(person, "came", token=f"token-{person}"))
        await self.comentor.settle()

    def _invite(self, session: Session) -> list[int]:
        people = list(session.scalars(select(tables.Person.id).order_by(tables.Person.id)))
        for person in people:
            invite(session, person, self.clock.now(), f"token-{person}")
        return people

    def _event(self, person: int, kind: str, **body: str) -> Event:
        return Event("telegram", f"event {next(self.numbers)}", f"phone {person}", kind, dict(body))

    async def due(self) -> list[Deed]:
        """Give what people do next, after letting time pass until they have something to do."""
        for _ in range(MOST_MOMENTS):
            await self.comentor.settle()
            new, self.phones.new = self.phones.new, []
            if found := [deed for each in new for deed in self._deeds(each)]:
                return found
            moment = await self.comentor.next_moment()
            self.clock.at = max(self.clock.at, moment or self.clock.at + timedelta(days=1))
        raise AssertionError("nobody has anything to press any more")

    def _deeds(self, delivery: Delivery) -> Iterator[Deed]:
        for part in delivery.parts:
            line = self._line(part)
            if part.manner == "say" or line in LEFT_ALONE:
                continue
            for doing in doings(self.chance, line, part, writes=0.3, met=True):
                toggles = part.manner == "choosesome" and not doing.text.endswith(".done")
                yield Deed(delivery.person, doing.kind == "typed", doing.text, toggles)

    def _line(self, part: Part) -> str:
        with self.comentor.store.reading() as session:
            return session.get_one(tables.Message, part.message).line

    async def type(self, person: int, text: str) -> None:
        """Let somebody type, untimed."""
        await self.comentor.receive(self._event(person, "typed", text=text))
        await self.comentor.settle()

    async def press(self, person: int, data: str) -> Pressed:
        """Let somebody press a button, and time it."""
        event, now = self._event(person, "pressed", data=data), self.clock.now()
        began = perf_counter()
        await self.comentor.receive(event)
        rows = await self.comentor.writer.run(
            lambda session: _rows_of_a_turn(session, self.comentor.setup, now)
        )
        return Pressed(perf_counter() - began, rows)


def _rows_of_a_turn(session: Session, setup: Setup, now: datetime) -> int:
    """Take the turns that are due as any comentor does, and give how many rows they wrote."""
    before = _rows_written(session)
    engine.work(session, setup, now)
    session.flush()
    return _rows_written(session) - before


def _rows_written(session: Session) -> int:
    driver = session.connection().connection.driver_connection
    return int(getattr(driver, "total_changes", 0))


def a_crowd(store: Store) -> Crowd:
    """Bring the example cohort into an empty database, on the morning of its first day."""
    settings = Settings()
    file = read_cohort(
        (files("bot") / "cohort" / "example.csv").read_bytes(), name="example.csv", spoken=("en",)
    )
    budget = settings.programme.weekly_budget
    with store.transaction() as session:
        plan = plan_import(session, file, "example.csv", budget)
        plan.carry_out(session, datetime.now(UTC))
        cohort = session.scalars(select(tables.Cohort)).one()
        assert cohort.starts is not None
        clock = Hands(at_wall_time(cohort.starts, time(9), cohort.zone).astimezone(UTC))
    phones = Phones()
    platforms = {"telegram": phones, "slack": phones, "playground": phones}
    return Crowd(compose(store, setup_from(settings), clock, platforms), clock, phones)
