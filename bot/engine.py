"""The engine: it takes what arrived and what is due, each in its turn, and steps over what fails.

Everything here is synchronous and inside a caller's transaction; a savepoint keeps one failed turn
from the others.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import structlog
from sqlalchemy import Executable, bindparam, func, literal, select, text, union_all, update
from sqlalchemy.orm import Session

from bot import arrivals, outbox, talks
from bot.ahead import read_ahead
from bot.arrivals import Waiting
from bot.hearing import take
from bot.reviews import review
from bot.roster import Roster, forget_roster, roster_of
from bot.store import tables
from bot.store.database import is_passing, later, run, write_all
from bot.telling import wake
from bot.turn import Setup, Turn, close_turn, say_to

T = TypeVar("T")
log = structlog.get_logger()
MOST_TO_A_PASS = 64
MOST_PASSES = 50
"""So many at one moment would be a fault of the rules: the rest waits for the next beat."""


@dataclass(frozen=True, slots=True)
class Due:
    """Something whose moment has come."""

    at: datetime
    kind: type[tables.Conversation] | type[tables.Pair]
    id: int


def work(session: Session, setup: Setup, now: datetime) -> int:
    """Take what has arrived, then what is due, until nothing is. Gives how many turns that was."""
    turns = taken = take_arrivals(session, setup, now)
    while taken == MOST_TO_A_PASS:
        taken = take_arrivals(session, setup, now)
        turns += taken
    for _ in range(MOST_PASSES):
        if not (run := run_due(session, setup, now)):
            break
        turns += run
    return turns


def take_arrivals(session: Session, setup: Setup, now: datetime) -> int:
    """Take the turn of each event that waits, oldest first, at most 64. Gives how many."""
    rows = arrivals.waiting(session)

    def take_each(some: Sequence[Waiting], roster: Roster) -> None:
        if len(some) > 1:
            roster.read_ahead((row.platform, row.address) for row in some)
            read_ahead(session, some)
        for row in some:
            speaker = roster.at(row.platform, row.address)
            thread = str(row.body.get("thread", ""))
            turn = Turn(roster, setup, now, speaker.id if speaker else None, thread)
            take(turn, row)
            close_turn(turn)
        arrivals.write_done(session, some, now)

    for row, fault in _attempt_all(session, rows, take_each):
        arrivals.write_fault(session, row, fault)
        log.error("a turn failed", arrival=row.id, kind=row.kind)
        _say_words_are_kept(roster_of(session), setup, now, row)
    write_all(session)
    return len(rows)


def _say_words_are_kept(roster: Roster, setup: Setup, now: datetime, arrival: Waiting) -> None:
    speaker = roster.at(arrival.platform, arrival.address)
    if speaker is not None:
        say_to(Turn(roster, setup, now, speaker.id), speaker.id, "words_kept")


def run_due(session: Session, setup: Setup, now: datetime, most: int = MOST_TO_A_PASS) -> int:
    """Take what is due by now in the order of its time, each in its own turn, at most so much.

    Gives how much.
    """
    found = due(session, now, most)

    def run_each(some: Sequence[Due], roster: Roster) -> None:
        roster.read_pairs_ahead([each.id for each in some if each.kind is tables.Pair])
        for each in some:
            _run(Turn(roster, setup, now), each)

    for each, fault in _attempt_all(session, found, run_each):
        session.execute(update(each.kind).where(each.kind.id == each.id).values(fault=fault))
        log.error("a turn failed", kind=each.kind.__tablename__, id=each.id)
    write_all(session)
    return len(found)


def _run(turn: Turn, each: Due) -> None:
    """Take its turn, if it is still due: what ran before it may have made it needless."""
    if each.kind is tables.Conversation:
        talk = talks.locked(turn.session, each.id)
        if _is_due(talk.wake_at, turn.now):
            wake(turn, talk)
    else:
        pair = turn.roster.locked_pair(each.id)
        if _is_due(pair.due_at, turn.now):
            review(turn, pair)
    close_turn(turn)


def _is_due(at: datetime | None, now: datetime) -> bool:
    return at is not None and at <= now


def _attempt_all(
    session: Session, things: Sequence[T], work: Callable[[Sequence[T], Roster], None]
) -> Iterator[tuple[T, str]]:
    """Do some work for all; where it fails, undo it alone. Gives what it failed for, and how.

    All are tried in one savepoint first, since hardly any ever fails; then each in one of its own.
    """
    if len(things) > 1 and _attempt(session, things, work) is None:
        return
    for each in things:
        fault = _attempt(session, [each], work)
        if fault is not None:
            yield each, fault


def _attempt(
    session: Session, things: Sequence[T], work: Callable[[Sequence[T], Roster], None]
) -> str | None:
    """Do some work in a savepoint; where it fails, undo it and give the traceback.

    Raises what passes, such as a deadlock: then all of it is undone, and taken another time.
    """
    write_all(session)
    try:
        with session.begin_nested():
            session.connection()  # The savepoint stands only now.
            work(things, roster_of(session))
            write_all(session)
    except Exception as error:
        forget_roster(session)
        later(session).drop()
        if is_passing(error):
            raise
        return traceback.format_exc()
    return None


_WAKING = (
    select(literal("talk"), tables.Conversation.wake_at.label("at"), tables.Conversation.id)
    .where(tables.Conversation.wake_at <= bindparam("now"))
    .where(tables.Conversation.fault.is_(None))
)
_LOOKING = (
    select(literal("pair"), tables.Pair.due_at.label("at"), tables.Pair.id)
    .where(tables.Pair.due_at <= bindparam("now"))
    .where(tables.Pair.fault.is_(None))
)
_DUE = union_all(_WAKING, _LOOKING).order_by(text("2, 1, 3")).limit(bindparam("most"))
_KINDS: dict[str, type[tables.Conversation] | type[tables.Pair]] = {
    "talk": tables.Conversation,
    "pair": tables.Pair,
}
_NEXT = select(
    select(func.min(tables.Conversation.wake_at))
    .where(tables.Conversation.wake_at.is_not(None), tables.Conversation.fault.is_(None))
    .scalar_subquery(),
    select(func.min(tables.Pair.due_at))
    .where(tables.Pair.due_at.is_not(None), tables.Pair.fault.is_(None))
    .scalar_subquery(),
)
_NEXT_OF_ALL = _NEXT.add_columns(outbox.NEXT.scalar_subquery())


def due(session: Session, now: datetime, most: int = MOST_TO_A_PASS) -> list[Due]:
    """Give what is due by now, earliest first: conversations to wake, pairs to look at."""
    rows = run(session, _DUE, {"now": now, "most": most}).all()
    return [Due(at, _KINDS[kind], number) for kind, at, number in rows if at is not None]


def next_turn(session: Session) -> datetime | None:
    """Give the next instant at which a conversation or a pair is due; None if none is."""
    return _earliest(session, _NEXT)


def next_moment(session: Session) -> datetime | None:
    """Give the next instant at which a conversation, a pair or a message is due.

    None if none is.
    """
    return _earliest(session, _NEXT_OF_ALL)


def _earliest(session: Session, moments: Executable) -> datetime | None:
    found = run(session, moments).one()
    return min((moment for moment in found if moment is not None), default=None)
