"""Stalls: help that was asked for, what a supervisor answered, how a pair would go on."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.deeds.dispatch import find, perform
from bot.deeds.meetings import LENGTH, new_meeting
from bot.pairs import locked_pair
from bot.store import tables
from bot.stories import pairs_of
from bot.turn import Turn
from conversations.stalling import AnswerPing, AskForHelp, GoOn, Helplines, MetAnyway, TellNow

SETTLED = ("not_a_problem", "resolved")


@find.register
def _(lookup: Helplines, turn: Turn) -> tuple[str, ...]:
    return tuple(turn.setup.programme.helplines)


@perform.register
def _(command: AskForHelp, turn: Turn) -> bool:
    turn.session.add(tables.HelpCall(person_id=command.person, words=command.words, at=turn.now))
    turn.touch_pairs_of(command.person)
    return any(pair.supervisor_id for pair in pairs_of(turn.session, command.person))


@perform.register
def _(command: MetAnyway, turn: Turn) -> None:
    """Keep the latest meeting that nobody has spoken of as held, or one that the bot never knew."""
    locked_pair(turn.session, command.pair)
    meeting = tables.Meeting
    told = select(tables.Account.meeting_id)
    row = turn.session.scalars(
        select(meeting)
        .where(meeting.pair_id == command.pair, meeting.dropped_at.is_(None))
        .where(meeting.starts_at <= turn.now, meeting.id.not_in(told))
        .order_by(meeting.starts_at.desc())
    ).first()
    if row is None:
        row = new_meeting(turn, command.pair, turn.now - LENGTH)
    turn.session.add(
        tables.Account(meeting_id=row.id, person_id=command.person, said="held", at=turn.now)
    )
    turn.touch(command.pair)


@perform.register
def _(command: TellNow, turn: Turn) -> None:
    """They would rather have it told at once: it no longer waits out its three days."""
    ping = turn.session.get_one(tables.Ping, command.ping)
    ping.wanted_at = turn.now
    turn.touch(ping.pair_id)


@perform.register
def _(command: AnswerPing, turn: Turn) -> None:
    """`Not a problem` silences that rule for one rhythm.

    `resolved` takes care of it for as long.
    """
    ping = turn.session.get_one(tables.Ping, command.ping)
    pair = turn.session.get_one(tables.Pair, ping.pair_id)
    ping.answer = command.answer
    if command.answer in SETTLED:
        ping.silent_until = turn.now + timedelta(days=pair.rhythm_days)
    turn.touch(pair.id)


@perform.register
def _(command: GoOn, turn: Turn) -> None:
    """Keep how one of them would go on; a pair ends only by two separate wishes for it."""
    pair = locked_pair(turn.session, command.pair)
    pair.wishes = {**pair.wishes, str(command.person): command.how}
    both = {str(pair.mentee_id), str(pair.mentor_id)}
    if all(pair.wishes.get(person) == "end_well" for person in both):
        pair.ended_at = turn.now
    turn.touch(pair.id)
