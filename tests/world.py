"""A small cohort on a real database, a clock moved by hand, and a phone that keeps what it is sent.

Ana and Ben are a pair, Eve and Fay another; Cleo supervises both, Dana manages. All goes as it goes
in earnest: events through the inbox, what is due through the engine, what is said through the
outbox.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, inspect, select
from sqlalchemy.orm import Session

from bot import arrivals, engine, outbox
from bot.cohort import CohortFile, CohortRow, PairRow, PersonRow
from bot.cohort.enrol import invite, plan_import
from bot.cohort.rows import Platform as PlatformName
from bot.cohort.rows import Role
from bot.markup import plain
from bot.outbox import Leased
from bot.platforms import AnswerLost, Choice, Delivery, Event, NotNow, Part, Redrawing, Refused
from bot.roster import Roster
from bot.store import tables
from bot.store.database import Store
from bot.turn import Setup, Turn

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
"""The clocks go forward on 29 March: a spring with a clock change between two meetings."""
FOREVER = 400
"""More rounds than this at one moment, and something never comes to rest."""

R = TypeVar("R", bound=tables.Table)
T = TypeVar("T")


def somebody(
    name: str, role: Role, platform: PlatformName, zone: str, *, country: str | None = None
) -> PersonRow:
    """Give a person as a cohort's file has them."""
    first = name.split(maxsplit=1)[0]
    return PersonRow(first.lower(), name, first, role, platform, None, zone, country, "en", line=1)


PEOPLE = (
    somebody("Ana Ruiz", "mentee", "telegram", "Europe/Madrid"),
    somebody("Ben Walsh", "mentor", "slack", "Europe/Dublin"),
    somebody("Cleo Martin", "supervisor", "slack", "Europe/London"),
    somebody("Dana Okafor", "manager", "slack", "Europe/Dublin"),
    somebody("Eve Nowak", "mentee", "telegram", "Europe/Warsaw"),
    somebody("Fay Silva", "mentor", "slack", "Europe/Lisbon"),
)
PAIRS = (
    PairRow("p1", "mentoring", "ana", "ben", "cleo"),
    PairRow("p2", "mentoring", "eve", "fay", "cleo"),
)
COHORT = CohortFile(CohortRow("Spring 2026", date(2026, 3, 2), date(2026, 9, 30)), PEOPLE, PAIRS)


@dataclass(frozen=True, slots=True)
class Received:
    """What one person got, and when."""

    at: datetime
    name: str
    nature: str
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """All of it as they read it."""
        return "\n\n".join(plain(part.runs) for part in self.parts)


@dataclass(slots=True)
class Phone:
    """Every platform at once: it keeps what it is handed, and makes the trouble it is told to."""

    clock: Callable[[], datetime]
    received: list[Received] = field(default_factory=list)
    trouble: dict[str, list[Exception]] = field(default_factory=dict)
    """By address, what the next tries come to; where an answer is lost, the message did arrive."""
    down: bool = False
    """An outage: nothing is taken from anybody."""
    tried: int = 0

    async def send(self, delivery: Delivery) -> str:
        self.tried += 1
        waiting = self.trouble.get(delivery.address)
        trouble = NotNow("down") if self.down else waiting.pop(0) if waiting else None
        if trouble is None or isinstance(trouble, AnswerLost):
            name = delivery.address.removeprefix("@")
            self.received.append(Received(self.clock(), name, delivery.nature, delivery.parts))
        if trouble is not None:
            raise trouble
        return f"reference-{self.tried}"

    async def redraw(self, redrawing: Redrawing) -> None:
        """Nobody looks at what was sent."""

    def says_again(self, delivery: Delivery) -> bool:
        """It holds what may have arrived, whatever it is."""
        return delivery.nature == ""

    def lose_answer(self, name: str) -> None:
        """Take the next message to somebody, and let our side never hear of it."""
        self.will(name, AnswerLost("no answer"))

    def will(self, name: str, *trouble: Exception) -> None:
        """Make this trouble, one after the other, of the next messages to somebody."""
        self.trouble.setdefault(f"@{name}", []).extend(trouble)

    async def close(self) -> None:
        """There is nothing to let go of."""


def finished(work: Coroutine[Any, Any, T]) -> T:
    """Run something async that never really waits."""
    try:
        work.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    raise AssertionError("a double waited for something")


class World:
    """The cohort, its clock and its phone."""

    def __init__(self, store: Store, setup: Setup, file: CohortFile = COHORT) -> None:
        """Bring the file into the database; nobody has been invited yet."""
        self.store, self.setup = store, setup
        self.now = MONDAY
        self.phone = Phone(lambda: self.now)
        self._event_ids = count(1)
        with store.transaction() as session:
            plan = plan_import(session, file, "cohort.csv", setup.programme.weekly_budget)
            plan.carry_out(session, self.now)
        people = self.rows(tables.Person)
        self.ids = {row.first_name: row.id for row in people}
        self.platforms = {row.first_name: row.platform for row in people}
        self.roles = {row.first_name: row.role for row in people}

    # The database

    def rows(self, kind: type[R], *where: ColumnElement[bool]) -> list[R]:
        """Give what is committed of a table, in the order of its key."""
        with self.store.transaction() as session:
            key = inspect(kind).primary_key
            return list(session.scalars(select(kind).where(*where).order_by(*key)))

    def person(self, name: str) -> tables.Person:
        """Give somebody as they are committed."""
        return self.rows(tables.Person, tables.Person.id == self.ids[name])[0]

    def pair(self, name: str = "Ana") -> tables.Pair:
        """Give somebody's pair as it is committed."""
        pair, number = tables.Pair, self.ids[name]
        return self.rows(pair, (pair.mentee_id == number) | (pair.mentor_id == number))[0]

    def messages(self, name: str, *where: ColumnElement[bool]) -> list[tables.Message]:
        """Give what was ever put in the outbox for somebody, in order."""
        return self.rows(tables.Message, tables.Message.person_id == self.ids[name], *where)

    @contextmanager
    def turn(self, speaker: str | None = None) -> Iterator[Turn]:
        """Give a turn whose transaction is committed at the end."""
        with self.store.transaction() as session:
            yield Turn(
                Roster(session), self.setup, self.now, self.ids[speaker] if speaker else None
            )

    def change(self, name: str, **values: object) -> None:
        """Set columns of a person."""
        with self.store.transaction() as session:
            row = session.get_one(tables.Person, self.ids[name])
            for column, value in values.items():
                setattr(row, column, value)

    # What arrives

    def event(self, name: str, kind: str, **body: object) -> Event:
        """Give an event from somebody with an id of its own."""
        platform = self.platforms.get(name, "telegram")
        return Event(platform, f"event-{next(self._event_ids)}", f"@{name}", kind, dict(body))

    def typed(self, name: str, *texts: str) -> list[Event]:
        """Give what somebody types, one after the other."""
        return [self.event(name, "typed", text=text) for text in texts]

    def receive(self, *events: Event) -> None:
        """Commit events to the inbox, and nothing more."""
        with self.store.transaction() as session:
            arrivals.receive(session, events, self.now)

    def arrive(self, name: str, kind: str, **body: object) -> None:
        """Let an event from somebody arrive and everything that follows from it happen."""
        self.receive(self.event(name, kind, **body))
        self.settle()

    def come(self, name: str, token: str | None = None) -> None:
        """Open an invitation, a new one where none is named."""
        if token is None:
            with self.store.transaction() as session:
                token = invite(session, self.ids[name], self.now)
        self.arrive(name, "came", token=token)

    def type(self, name: str, text: str) -> None:
        """Type something."""
        self.arrive(name, "typed", text=text)

    def press(self, name: str, label: str) -> None:
        """Press the newest button of that label."""
        self.press_data(name, self.button(name, label).data)

    def press_data(self, name: str, data: str) -> None:
        """Press a button by what it carries."""
        self.arrive(name, "pressed", data=data)

    def done(self, name: str) -> None:
        """Press `done` under the newest question of which any number can be chosen."""
        part = next(part for part in self.parts(name) if part.manner == "choosesome")
        self.press_data(name, part.choices[0].data.rpartition(".")[0] + ".done")

    # What is received

    def parts(self, name: str) -> list[Part]:
        """Give everything somebody was sent, newest first."""
        mine = (each for each in reversed(self.phone.received) if each.name == name)
        return [part for each in mine for part in reversed(each.parts)]

    def button(self, name: str, label: str) -> Choice:
        """Give the newest button of that label, or one that begins so where it ends in `…`."""
        choices = [choice for part in self.parts(name) for choice in part.choices]
        for choice in choices:
            if choice.label == label or (
                label.endswith("…") and choice.label.startswith(label[:-1])
            ):
                return choice
        raise AssertionError(
            f"{name} has no button {label!r}, only {[each.label for each in choices]}"
        )

    def got(self, name: str, since: datetime | None = None) -> list[str]:
        """Give the names of the lines that reached somebody, in order."""
        lines = {row.id: row.line for row in self.messages(name)}
        return [
            lines[part.message]
            for each in self.phone.received
            if each.name == name and (since is None or each.at >= since)
            for part in each.parts
        ]

    def read(self, name: str) -> str:
        """Give the text of the last thing that reached somebody."""
        return plain(self.parts(name)[0].runs)

    def replied(self, name: str) -> tuple[str, str]:
        """Give the name and the text of the line that somebody's last event was answered with."""
        row = self.messages(name, tables.Message.nature == "reply")[-1]
        return row.line, "".join(text for text, *_ in row.runs)

    # Time

    def settle(self) -> None:
        """Take what has arrived and what is due, hand over what may go out, until all is quiet."""
        for _ in range(FOREVER):
            happened = self.work()
            while delivered := self.deliver():
                happened += delivered
            if happened == 0:
                return
        raise AssertionError("it never comes to rest")

    def work(self) -> int:
        """Take all that waits in one transaction, as `engine.work` does; it must come to rest."""
        turns = 0
        with self.store.transaction() as session:
            for take in (engine.take_arrivals, engine.run_due):
                while taken := take(session, self.setup, self.now):
                    turns += taken
                    assert turns < FOREVER, "it never comes to rest"
        return turns

    def take(self) -> int:
        """Take one pass of the inbox."""
        with self.store.transaction() as session:
            return engine.take_arrivals(session, self.setup, self.now)

    def run_due(self) -> int:
        """Take one pass of what is due."""
        with self.store.transaction() as session:
            return engine.run_due(session, self.setup, self.now)

    def lease(self) -> list[Leased]:
        """Take what may go out under a lease."""
        with self.store.transaction() as session:
            return outbox.lease_due(session, self.setup.programme, self.now)

    def deliver(self) -> int:
        """Hand one pass of the outbox to the phone; give how many deliveries were tried."""
        leased = self.lease()
        for each in leased:
            mark = self.hand_over(each)
            with self.store.transaction() as session:
                mark(session)
        return len(leased)

    def hand_over(self, leased: Leased) -> Callable[[Session], bool]:
        """Hand a delivery to the phone, and give how what came of it is marked."""
        try:
            reference = finished(self.phone.send(leased.delivery))
        except Refused as error:
            why = str(error)
            return lambda session: outbox.mark_refused(session, leased, why, self.now)
        except NotNow as error:
            why, after = str(error), error.after
            return lambda session: outbox.mark_not_now(session, leased, why, self.now, after)
        except AnswerLost:
            return lambda session: outbox.mark_unknown(session, leased)
        return lambda session: outbox.mark_sent(session, leased, reference, self.now)

    def next_moment(self) -> datetime | None:
        """Give when anything is next due."""
        with self.store.transaction() as session:
            return engine.next_moment(session)

    def go_to(self, until: datetime) -> None:
        """Let time pass from due moment to due moment."""
        self.settle()
        while (moment := self.next_moment()) is not None and moment <= until:
            assert moment > self.now, f"at {self.now} something due at {moment} is never taken"
            self.now = moment
            self.settle()
        self.now = until
        self.settle()

    def let_pass(self, **duration: float) -> None:
        """Let that much time pass: `days=3`."""
        self.go_to(self.now + timedelta(**duration))

    # A pair's beginning

    def join(self, *names: str) -> None:
        """Let people open their invitations, say yes and answer the few questions that follow."""
        for name in names:
            with self.store.transaction() as session:
                token = invite(session, self.ids[name], self.now)
            self.receive(
                self.event(name, "came", token=token),
                *self.typed(name, "Yes, I'd like to", "Yes", "From 19:00 to 8:00"),
                *(self.typed(name, "skip") if self.roles[name] in ("mentee", "mentor") else ()),
            )
            self.settle()

    def agree(self, mentee: str = "Ana", mentor: str = "Ben") -> None:
        """Let a pair that has begun make its agreement: once a month, by video."""
        self.let_pass(hours=3)
        taps = ("Once a month", "By video", "Everything", "Busy, nothing more", "We'll see")
        self.receive(*self.typed(mentee, *taps))
        self.settle()
        self.press(mentor, "That suits me")

    def book(self, by: str = "Ana", settling: str = "Ben", picks: str = "1, 4, 7") -> None:
        """Let one offer times by their numbers, and the other take them all."""
        self.type(by, picks)
        offered = next(part for part in self.parts(settling) if part.manner == "choosesome")
        self.type(settling, ", ".join(str(place) for place, _ in enumerate(offered.choices, 1)))

    def booked(self) -> None:
        """Let Ana and Ben join, agree and book three meetings."""
        self.join("Ana", "Ben")
        self.agree()
        self.book()
