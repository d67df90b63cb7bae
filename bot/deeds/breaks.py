"""Pauses, less often, stopping, and coming back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, exists, select, update

from bot import talks
from bot.deeds.dispatch import find, perform
from bot.deeds.meetings import ASKING_FOR_HELP
from bot.deeds.typed_days import read_typed
from bot.roster import Pair, Person
from bot.store import tables
from bot.store.database import run
from bot.turn import Turn, tell_programme
from conversations.breaks import (
    ComeBack,
    HasStopped,
    LessOften,
    PartnersOf,
    Pause,
    PausedUntil,
    ReadDay,
    Stop,
    TypedDay,
)
from conversations.catalogue import conversation
from conversations.plain import to_plain
from conversations.talk import Who
from conversations.typed_dates import read_day
from conversations.wall_time import at_wall_time
from conversations.welcome import Company, CompanyOf

SOON = timedelta(minutes=1)
WEEKS = {"one_week": 1, "two_weeks": 2, "four_weeks": 4}


@find.register
def _(lookup: ReadDay, turn: Turn) -> TypedDay:
    today = turn.now.astimezone(ZoneInfo(turn.person(lookup.by).zone)).date()
    if lookup.text in WEEKS:
        return TypedDay(today + timedelta(weeks=WEEKS[lookup.text]), "")
    read = read_typed(turn, lookup.by, lambda language: read_day(lookup.text, today, language))
    if isinstance(read, str):
        return TypedDay(None, read)
    return TypedDay(read.day, "") if read.day > today else TypedDay(None, "past")


@find.register
def _(lookup: PausedUntil, turn: Turn) -> date | None:
    person = turn.person(lookup.person)
    if person.paused_until is None or person.paused_until <= turn.now:
        return None
    return person.paused_until.astimezone(ZoneInfo(person.zone)).date()


@find.register
def _(lookup: HasStopped, turn: Turn) -> bool:
    return turn.person(lookup.person).stopped_at is not None


@find.register
def _(lookup: PartnersOf, turn: Turn) -> tuple[Who, ...]:
    return _partners(turn, lookup.person)


@find.register
def _(lookup: CompanyOf, turn: Turn) -> Company:
    person = turn.person(lookup.person)
    theirs = [turn.person(pair.other(person.id)) for pair in turn.roster.pairs_of(person.id)]
    awaited = dict.fromkeys(
        each.first_name for each in theirs if each.welcomed_at is None or each.stopped_at
    )
    had_stopped = person.stopped_at is not None
    told = _here(turn, _partners(turn, person.id)) if had_stopped else ()
    return Company(tuple(awaited), had_stopped, told)


@perform.register
def _(command: Pause, turn: Turn) -> tuple[Who, ...]:
    person = turn.person(command.person)
    until = _morning(command.until, person.zone)
    _end_pause(turn, person)
    turn.roster.change(person, paused_until=until)
    turn.session.add(tables.BreakTaken(person_id=person.id, starts_at=turn.now, ends_at=until))
    _have_its_end_said(turn, person.id, until)
    turn.touch_pairs_of(person.id)
    return _partners(turn, person.id)


def _morning(day: date, zone: str) -> datetime:
    return at_wall_time(day, time(0), zone)


OVER = "say_pause_is_over"


def _have_its_end_said(turn: Turn, person: int, at: datetime) -> None:
    """Begin the conversation that says the pause is over; it is woken when that is so."""
    kind = conversation(OVER)
    talk = talks.write_begun(
        turn.session,
        turn.now,
        name=kind.name,
        version=kind.version,
        arguments={"who": to_plain(turn.who(person))},
        about=_about_the_end(person),
        nature=kind.nature,
    )
    talks.write_waits(turn.session, talk, at)


def _about_the_end(person: int) -> str:
    return f"{OVER}::{person}:"


_TO_BE_SAID = talks.TALKS.where(
    talks.TALK.c.about == bindparam("subject"), talks.TALK.c.ended_at.is_(None)
)


def _end_pause(turn: Turn, person: Person) -> bool:
    """End the pause that runs now, if one does; its clock stops counting here."""
    row = tables.BreakTaken
    running = turn.session.scalars(
        select(row).where(row.person_id == person.id, row.ends_at > turn.now)
    ).all()
    for each in running:
        each.ends_at = turn.now
    turn.roster.change(person, paused_until=None)
    for talk in talks.talks(turn.session, _TO_BE_SAID, subject=_about_the_end(person.id)):
        talks.end_early(turn.session, talk, turn.now)
    return bool(running)


def _partners(turn: Turn, person: int) -> tuple[Who, ...]:
    """Give their partners, by name; only those who are here to be told."""
    numbers = [
        pair.other(person)
        for pair in turn.roster.pairs_of(person)
        if pair.began_at and not pair.ended_at
    ]
    return tuple(turn.who(number) for number in dict.fromkeys(numbers))


@perform.register
def _(command: ComeBack, turn: Turn) -> bool:
    turn.touch_pairs_of(command.person)
    ended = _end_pause(turn, turn.person(command.person))
    if ended:
        _let_go_on(turn, command.person)
    return ended


_MESSAGE = tables.rows_of(tables.Message)
_WAITED = (
    (_MESSAGE.c.person_id == bindparam("person"))
    & (_MESSAGE.c.state == tables.PENDING)
    # Not what is being tried again, nor what was put off until a day of their own.
    & (_MESSAGE.c.tries == 0)
    & (_MESSAGE.c.put_at <= bindparam("now"))
    & (_MESSAGE.c.not_before > bindparam("soon"))
)
_COMES_SOON = update(_MESSAGE).where(_WAITED).values(not_before=bindparam("soon"))
_OPEN_SOON = (
    update(talks.QUESTION)
    .where(talks.QUESTION.c.person_id == bindparam("person"))
    .where(talks.QUESTION.c.closed_at.is_(None), talks.QUESTION.c.asked_at > bindparam("soon"))
    .values(asked_at=bindparam("soon"))
)


def _let_go_on(turn: Turn, person: int) -> None:
    """Let what waited for the end of a pause come, once they have read that it is over."""
    values = {"person": person, "now": turn.now, "soon": turn.now + SOON}
    run(turn.session, _COMES_SOON, values)
    run(turn.session, _OPEN_SOON, values)


@perform.register
def _(command: LessOften, turn: Turn) -> None:
    turn.roster.change(turn.person(command.person), weekly_budget=1)


@perform.register
def _(command: Stop, turn: Turn) -> tuple[Who, ...]:
    person = turn.person(command.person)
    partners = _partners(turn, person.id)
    turn.roster.change(person, stopped_at=turn.now)
    message = tables.Message
    turn.session.execute(
        update(message)
        .where(
            message.person_id == person.id, message.state == "pending", message.nature != "reply"
        )
        .values(state="dead", why="they stopped")
    )
    pairs = turn.roster.pairs_of(person.id)
    for pair in pairs:
        ask_no_more(turn, pair.id)
    turn.touch_pairs_of(person.id)
    # Their partner reads that the programme will be in touch: somebody has to know.
    told = _here(turn, partners)
    tell_programme(
        turn, person.id, "has_stopped", _watching(pairs), name=person.name, partners=told
    )
    return partners


def tell_of_return(turn: Turn, person: Person) -> None:
    """Let whoever read that somebody had stopped read that they are back."""
    pairs = turn.roster.pairs_of(person.id)
    tell_programme(turn, person.id, "is_back", _watching(pairs), name=person.name)


def _watching(pairs: Iterable[Pair]) -> list[int | None]:
    return [pair.supervisor_id for pair in pairs if pair.began_at and not pair.ended_at]


def _here(turn: Turn, partners: Iterable[Who]) -> tuple[Who, ...]:
    return tuple(partner for partner in partners if turn.person(partner.id).can_be_reached)


NEEDS_BOTH = (
    "agree",
    "book_meetings",
    "ask_again_for_dates",
    "notice_quiet",
    "show_ping",
    "ask_how_to_go_on",
)
_ASKS_FOR_HELP = exists().where(
    talks.QUESTION.c.conversation_id == talks.TALK.c.id,
    talks.QUESTION.c.closed_at.is_(None),
    _MESSAGE.c.conversation_id == talks.QUESTION.c.conversation_id,
    _MESSAGE.c.step == talks.QUESTION.c.step,
    _MESSAGE.c.line.in_(ASKING_FOR_HELP),
)
_NEEDLESS = talks.TALKS.where(
    talks.TALK.c.pair_id == bindparam("pair"),
    talks.TALK.c.name.in_(NEEDS_BOTH),
    talks.TALK.c.ended_at.is_(None),
    ~_ASKS_FOR_HELP,
)


def ask_no_more(turn: Turn, pair: int, but: str = "") -> None:
    """End what asks these two to agree, to find dates or to go on: there is nothing to do now.

    `but` names what is still being talked of.
    """
    for talk in talks.talks(turn.session, _NEEDLESS, pair=pair):
        if talk.name != but:
            talks.end_early(turn.session, talk, turn.now)
