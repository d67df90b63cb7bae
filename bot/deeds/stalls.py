"""Stalls: help that was asked for, what a supervisor answered, how a pair would go on."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot import talks
from bot.deeds.breaks import ask_no_more
from bot.deeds.dispatch import find, perform
from bot.deeds.meetings import LENGTH, new_meeting
from bot.roster import Pair
from bot.store import tables
from bot.turn import Turn
from conversations.catalogue import conversation
from conversations.plain import to_plain
from conversations.stall_clock import under_way
from conversations.stalling import AnswerPing, AskForHelp, GoOn, Helplines, MetAnyway, TellNow

SETTLED = ("not_a_problem", "resolved")
ASKED_FOR = timedelta(days=4)
"""How long the word of a quiet spell waits for an answer."""
LATE = timedelta(days=7)
"""A rhythm and this after a meeting the pair is asked whether they have met since."""


@find.register
def _(lookup: Helplines, turn: Turn) -> tuple[str, ...]:
    return tuple(turn.setup.programme.helplines)


@perform.register
def _(command: AskForHelp, turn: Turn) -> bool:
    """Pass it on at once: it waits for no rule, no limit and no pause.

    It concerns the pairs that are under way now. Each of their supervisors reads it once.
    """
    turn.session.add(tables.HelpCall(person_id=command.person, words=command.words, at=turn.now))
    turn.touch_pairs_of(command.person)
    told = set[int]()
    for pair in turn.roster.pairs_of(command.person):
        supervisor = _can_be_told(turn, pair)
        if supervisor and supervisor not in told and under_way(turn.story(pair), turn.now):
            told.add(supervisor)
            _pass_on(turn, pair, supervisor, command)
    return bool(told)


def _can_be_told(turn: Turn, pair: Pair) -> int | None:
    """Give a pair's supervisor, if there is one whom words reach."""
    if pair.supervisor_id is None or not turn.person(pair.supervisor_id).can_be_reached:
        return None
    return pair.supervisor_id


def _pass_on(turn: Turn, pair: Pair, supervisor: int, command: AskForHelp) -> None:
    """Begin to tell the supervisor; the clock brings it to them, not the one who asks."""
    ping = tables.Ping(
        pair_id=pair.id,
        rule="help_asked",
        since=turn.now,
        shown_at=turn.now,
        sent_at=turn.now,
        sent_to_id=supervisor,
    )
    turn.session.add(ping)
    turn.session.flush()
    kind = conversation("pass_on_help")
    reads = {
        "who": turn.who(supervisor),
        "person": turn.who(command.person),
        "words": command.words,
        "ping": ping.id,
    }
    talk = talks.write_begun(
        turn.session,
        turn.now,
        name=kind.name,
        version=kind.version,
        arguments={name: to_plain(value) for name, value in reads.items()},
        about=f"{kind.name}:{pair.id}:{supervisor}:ping:{ping.id}",
        pair_id=pair.id,
        nature=kind.nature,
    )
    talks.write_waits(turn.session, talk, turn.now)


@perform.register
def _(command: MetAnyway, turn: Turn) -> None:
    """Keep as held the last meeting, if nobody has spoken of it, or one that the bot never knew."""
    turn.roster.locked_pair(command.pair)
    row = _meant(turn, command) or new_meeting(turn, command.pair, turn.now - LENGTH)
    turn.session.add(
        tables.Account(meeting_id=row.id, person_id=command.person, said="held", at=turn.now)
    )
    turn.touch(command.pair)


def _meant(turn: Turn, command: MetAnyway) -> tables.Meeting | None:
    """Give the meeting in the diary that they mean; None for one that is not there.

    Not one from before what was last spoken of, nor one so long ago that they would be asked on.
    """
    meeting, account = tables.Meeting, tables.Account
    row = turn.session.scalars(
        select(meeting)
        .where(meeting.pair_id == command.pair, meeting.dropped_at.is_(None))
        .where(meeting.starts_at <= turn.now)
        .order_by(meeting.starts_at.desc())
    ).first()
    if row is None:
        return None
    told = select(account.person_id).where(account.meeting_id == row.id)
    if speakers := turn.session.scalars(told).all():
        # Both were asked: what one side's word put in the diary is not put there a second time.
        noted = row.booked_at > row.starts_at and row.booked_at > turn.now - ASKED_FOR
        return row if noted and command.person not in speakers else None
    rhythm = timedelta(days=turn.roster.pair(command.pair).rhythm_days)
    return row if row.starts_at > turn.now - rhythm - LATE else None


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
    pair = turn.roster.pair(ping.pair_id)
    ping.answer = command.answer
    if command.answer in SETTLED:
        ping.silent_until = turn.now + timedelta(days=pair.rhythm_days)
    turn.touch(pair.id)


@perform.register
def _(command: GoOn, turn: Turn) -> None:
    """Keep how one of them would go on; a pair ends only by two separate wishes for it."""
    pair = turn.roster.locked_pair(command.pair)
    wishes = {**pair.wishes, str(command.person): command.how}
    turn.roster.change(pair, wishes=wishes)
    if all(wishes.get(str(each)) == "end_well" for each in pair.both):
        turn.roster.change(pair, ended_at=turn.now)
        ask_no_more(turn, pair.id, but="ask_how_to_go_on")
    turn.touch(pair.id)
