"""Round a meeting: what each would like from it, what became of it, and what was kept for it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select, union_all

from bot.deeds.dispatch import find, perform
from bot.sight import guard_sight
from bot.store import tables
from bot.turn import Turn
from conversations.round_a_meeting import (
    GiveAccount,
    KeepHope,
    KeptForMeeting,
    LetSupervisorKnow,
    RateMeeting,
)


@perform.register
def _(command: GiveAccount, turn: Turn) -> bool:
    """Keep it, and give whether the two accounts differ."""
    pair = turn.session.get_one(tables.Meeting, command.meeting).pair_id
    turn.roster.locked_pair(pair)
    key = (command.meeting, command.person)
    row = turn.session.get(tables.Account, key)
    if row is None:
        row = tables.Account(meeting_id=command.meeting, person_id=command.person)
        turn.session.add(row)
    row.said, row.at = command.said, turn.now
    turn.session.flush()
    turn.touch(pair)
    account = tables.Account
    said = turn.session.scalars(select(account.said).where(account.meeting_id == command.meeting))
    return len(set(said)) > 1


@perform.register
def _(command: RateMeeting, turn: Turn) -> None:
    row = turn.session.get(tables.Account, (command.meeting, command.person))
    # The meeting was moved meanwhile: what was said of it at its old time counts no more.
    if row is not None:
        row.rating = command.rating


@perform.register
def _(command: LetSupervisorKnow, turn: Turn) -> None:
    row = turn.session.get(tables.Account, (command.meeting, command.person))
    if row is None:
        return
    row.may_tell_at = turn.now
    turn.touch(turn.session.get_one(tables.Meeting, command.meeting).pair_id)


@perform.register
def _(command: KeepHope, turn: Turn) -> None:
    key = (command.meeting, command.person)
    row = turn.session.get(tables.Hope, key) or tables.Hope(meeting_id=key[0], person_id=key[1])
    row.words, row.shared = command.words, command.shared
    turn.session.add(row)


@find.register
def _(lookup: KeptForMeeting, turn: Turn) -> tuple[str, ...]:
    guard_sight(turn.roster, lookup.person, lookup.person, "reflections")
    since = _since_last_meeting(turn, lookup.pair)
    reflected, put_by = tables.Reflection, tables.PutBy
    kept = select(func.coalesce(reflected.words, reflected.text), reflected.at.label("at")).where(
        reflected.person_id == lookup.person,
        reflected.pair_id == lookup.pair,
        reflected.kept == "for_our_meeting",
        reflected.at > since,
    )
    put = select(put_by.words, put_by.at).where(
        put_by.person_id == lookup.person, put_by.pair_id == lookup.pair, put_by.at > since
    )
    rows = turn.session.execute(union_all(kept, put).order_by("at"))
    return tuple(words for words, _ in rows)


def _since_last_meeting(turn: Turn, pair: int) -> datetime:
    meeting = tables.Meeting
    last = turn.session.scalars(
        select(meeting.starts_at)
        .where(meeting.pair_id == pair, meeting.dropped_at.is_(None), meeting.starts_at <= turn.now)
        .order_by(meeting.starts_at.desc())
    ).first()
    return last or turn.now - timedelta(days=120)
