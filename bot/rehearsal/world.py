"""The world of a rehearsal.

Invented people on invented phones, and the real engine walked from moment to moment.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import count
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import arrivals, engine, outbox
from bot.arrivals import Event
from bot.cohort.enrol import invite, plan_import
from bot.outbox import Leased
from bot.platforms import Part
from bot.rehearsal.cast import cast_for
from bot.rehearsal.replies import LEFT_ALONE, WRITTEN, Doing, doings
from bot.rehearsal.temper import Bond, Temper, bond, temper
from bot.store import tables
from bot.store.database import Store
from bot.stories import hours_of
from bot.turn import Setup
from conversations.quiet import is_quiet, open_from
from conversations.story import Hours
from conversations.wall_time import at_wall_time

Plan = Callable[[Session], None]
"""Something that happens in the world at its moment."""
FIRST_DAY = date(2027, 6, 7)
"""A Monday; like the pilot it is held against, the programme runs over a summer."""
AT_THE_PHONE = 0.95
"""How likely somebody who has just answered taps again; and writes, where only writing will do."""
WRITING_AT_THE_PHONE = 0.6
MEET_ANYWAY = 0.15
"""How likely, in a week without a date, a pair that is not slack meets without telling the bot."""


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


def people_the_world(world: World, pairs: int) -> None:
    """Invent everybody, bring them in as a manager would, and let each come in the first days."""
    with world.store.transaction() as session:
        file = cast_for(pairs, world.weeks, FIRST_DAY)
        plan_import(session, file, "the rehearsal", world.setup.programme.weekly_budget).carry_out(
            session
        )
        for person in session.scalars(select(tables.Person).order_by(tables.Person.id)).all():
            _bring_in(world, session, person)
        for pair in session.scalars(select(tables.Pair).order_by(tables.Pair.id)).all():
            world.pair_of[pair.mentee_id] = world.pair_of[pair.mentor_id] = pair.id
            world.bonds[pair.id] = bond(world.random(f"bond {pair.id}"), world.weeks)
            _plan_leaving(world, pair)
    for week in range(world.weeks):
        world.plan(world.begins + timedelta(weeks=week, days=2), partial(_live_a_week, world))


def _bring_in(world: World, session: Session, person: tables.Person) -> None:
    chance = world.random(f"person {person.id}")
    world.tempers[person.id] = temper(chance, world.begins, world.weeks)
    world.hours[person.id] = hours_of(person, world.setup.programme)
    world.addresses[person.id] = (person.platform, f"phone {person.id}")
    token = invite(session, person.id, world.now, f"token-{world.seed}-{person.id}")
    comes = world.begins + timedelta(hours=chance.uniform(0, 130))
    comes = open_from(comes, world.hours[person.id])
    number = person.id
    world.plan(comes, partial(_come, world, number, token))
    for away in world.tempers[person.id].away:
        if away.says_so and person.role in ("mentee", "mentor"):
            until = f"pause until {away.end.date().isoformat()}"
            world.plan(away.start - timedelta(hours=4), partial(type_text, world, number, until))
    if person.role == "manager":
        for week in (4, 12, 20):
            at = open_from(world.begins + timedelta(weeks=week, days=1), world.hours[number])
            world.plan(at, partial(type_text, world, number, "announce"))


def _plan_leaving(world: World, pair: tables.Pair) -> None:
    """Somebody who leaves says so half of the time; else the pair just falls silent."""
    chance = world.random(f"leaving {pair.id}")
    its_bond = world.bonds[pair.id]
    if its_bond.inclination == "leaves" and chance.random() < 0.5:
        who = chance.choice((pair.mentee_id, pair.mentor_id))
        at = open_from(world.begins + timedelta(days=its_bond.from_day), world.hours[who])
        world.plan(at, partial(type_text, world, who, "stop"))


def type_text(world: World, person: int, text: str, session: Session) -> None:
    """Let somebody type something of their own accord."""
    arrive(world, session, person, "typed", text=text)


def _come(world: World, person: int, token: str, session: Session) -> None:
    arrive(world, session, person, "came", token=token)


def arrive(world: World, session: Session, person: int, kind: str, **body: str) -> None:
    """Let an event arrive from somebody's phone."""
    platform, address = world.addresses[person]
    event = Event(platform, f"event {next(world.numbers)}", address, kind, dict(body))
    arrivals.receive(session, [event], world.now)
    if world.keeps_talk and kind != "pressed":
        said = body.get("text") or "(opens the invitation)"
        world.spoken.append(Spoken(world.now, person, "person", said))


def walk(world: World, told: Callable[[datetime], None]) -> None:
    """Walk from moment to moment to the end; `told` hears how far it has got.

    What happens on one day shares a commit, as turns that wait share one in any comentor.
    """
    moment: datetime | None = world.now
    while moment is not None and moment < world.ends:
        evening = moment + timedelta(days=1)
        with world.store.transaction() as session:
            while moment is not None and moment < min(evening, world.ends):
                world.now = max(world.now, moment)
                moment = live_now(world, session)
        told(world.now)
    world.now = world.ends


def live_now(world: World, session: Session) -> datetime | None:
    """Let everything happen that is due now, and give the next moment.

    Turns are taken and messages sent by the same functions as in any comentor.
    """
    while world.plans and world.plans[0][0] <= world.now:
        heapq.heappop(world.plans)[2](session)
    world.turns += engine.work(session, world.setup, world.now)
    more = True
    while more:
        leased = outbox.lease_due(session, world.setup.programme, world.now)
        world.turns += len(leased)
        more = len(leased) == outbox.MOST_AT_ONCE
        for each in leased:
            _deliver(world, session, each)
    moments = [engine.next_moment(session), world.plans[0][0] if world.plans else None]
    return min((each for each in moments if each is not None), default=None)


def _deliver(world: World, session: Session, leased: Leased) -> None:
    delivery = leased.delivery
    lines = [session.get_one(tables.Message, part.message).line for part in delivery.parts]
    outbox.mark_sent(session, leased, str(delivery.parts[0].message), world.now)
    quiet = delivery.nature != "reply" and is_quiet(
        world.now, hours_of(session.get_one(tables.Person, delivery.person), world.setup.programme)
    )
    world.sent.append(Sent(world.now, delivery.person, delivery.nature, tuple(lines), quiet))
    for line, part in zip(lines, delivery.parts, strict=True):
        _note(world, delivery.person, part)
        if part.manner != "say" and line not in LEFT_ALONE:
            _consider(world, session, delivery.person, delivery.nature, line, part)


def _note(world: World, person: int, part: Part) -> None:
    if world.keeps_talk:
        text = "".join(run.text for run in part.runs)
        buttons = " ".join(f"[{choice.label}]" for choice in part.choices)
        files = " ".join(f"({file.name})" for file in part.files)
        whole = "\n".join(piece for piece in (text, buttons, files) if piece)
        world.spoken.append(Spoken(world.now, person, "bot", whole))


def _consider(
    world: World, session: Session, person: int, nature: str, line: str, part: Part
) -> None:
    """Decide whether and when somebody answers, and what."""
    chance = world.random(f"answer {part.message}")
    if chance.random() > _readiness(world, person, nature, line):
        return
    met = _truth_for(world, session, person, part)
    todo = doings(chance, line, part, writes=world.tempers[person].writes, met=met)
    minutes = chance.uniform(0.2, 3)
    if nature != "reply":
        minutes = 60 * world.tempers[person].hours_to_answer * math.exp(chance.gauss(0, 1))
    at = open_from(world.now + timedelta(minutes=minutes), world.hours[person])
    if nature == "reply":
        at = world.now + timedelta(minutes=minutes)
    if world.tempers[person].is_away(at):
        return
    for doing in todo:
        world.plan(at, partial(_do, world, person, part, doing))


def _do(world: World, person: int, part: Part, doing: Doing, session: Session) -> None:
    if doing.kind == "typed":
        arrive(world, session, person, "typed", text=doing.text)
        return
    arrive(world, session, person, "pressed", data=doing.text)
    if world.keeps_talk:
        label = next((each.label for each in part.choices if each.data == doing.text), "Done")
        world.spoken.append(Spoken(world.now, person, "person", f"[{label}]"))


def _readiness(world: World, person: int, nature: str, line: str) -> float:
    """How likely somebody answers this at all."""
    its_temper = world.tempers[person]
    if person not in world.pair_of:
        return 0.9
    its_bond = world.bonds[world.pair_of[person]]
    since = world.now - world.begins
    if nature == "reply":
        return WRITING_AT_THE_PHONE if line in WRITTEN else AT_THE_PHONE
    if its_bond.is_slack(since.days):
        return 0.03
    ready = its_temper.writes if line in WRITTEN else its_temper.taps(since)
    return ready * (0.7 if its_bond.inclination == "busy" else 1.0)


def _truth_for(world: World, session: Session, person: int, part: Part) -> bool | None:
    """The truth about the meeting that a question asks of.

    For a quiet spell, whether they met without a word.
    """
    talk = part.choices[0].data.split(".")[0] if part.choices else ""
    row = session.get(tables.Conversation, int(talk)) if talk else None
    if row is None or person not in world.pair_of:
        return None
    meeting = row.arguments.get("meeting")
    if isinstance(meeting, dict):
        found = session.get_one(tables.Meeting, int(meeting["id"]))
        return was_held(world, found)
    pair = world.pair_of[person]
    lately = world.now - timedelta(days=35)
    known = session.scalars(
        select(tables.Meeting).where(
            tables.Meeting.pair_id == pair,
            tables.Meeting.dropped_at.is_(None),
            tables.Meeting.starts_at.between(lately, world.now),
        )
    ).all()
    return any(was_held(world, each) for each in known) or any(
        at > lately for at in world.met_anyway[pair]
    )


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


_UNDER_WAY = select(tables.Pair).where(
    tables.Pair.began_at.is_not(None), tables.Pair.ended_at.is_(None)
)


def _live_a_week(world: World, session: Session) -> None:
    """A week without the bot: dates are counted, some must move one, some meet without a word."""
    meeting = tables.Meeting
    for pair in session.scalars(_UNDER_WAY).all():
        ahead = session.scalars(
            select(meeting.id).where(
                meeting.pair_id == pair.id,
                meeting.dropped_at.is_(None),
                meeting.starts_at > world.now,
            )
        ).all()
        world.ahead.append(len(ahead))
        _live_with(world, pair, len(ahead))


def _live_with(world: World, pair: tables.Pair, ahead: int) -> None:
    chance = world.random(f"week {pair.id} {world.now.isoformat()}")
    if world.bonds[pair.id].is_slack((world.now - world.begins).days):
        return
    if not ahead and chance.random() < MEET_ANYWAY:
        world.met_anyway[pair.id].append(world.now)
    elif ahead and chance.random() < 0.07:
        who = chance.choice((pair.mentee_id, pair.mentor_id))
        at = open_from(world.now + timedelta(hours=chance.uniform(1, 60)), world.hours[who])
        world.plan(at, partial(type_text, world, who, "my meetings"))


def a_world(store: Store, setup: Setup, seed: int, weeks: int) -> World:
    """Give an empty world on an open, empty database."""
    begins = at_wall_time(FIRST_DAY, time(9), "Europe/London")
    return World(store, setup, seed, weeks, begins.astimezone(UTC) - timedelta(days=1))
