"""Meetings: free times, proposals, booking, moving, calling off, and what became of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import get_args
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, bindparam, exists, select, update

from bot.deeds.dispatch import find, perform
from bot.deeds.typed_days import read_typed
from bot.outbox import opens_at
from bot.roster import Pair
from bot.store import tables
from bot.store.database import run
from bot.stories import hours_of
from bot.talks import TALKS, Talk, end_early, talks
from bot.turn import Turn
from conversations.free_times import Wanted, free_times, propose
from conversations.meetings import (
    AnswerProposal,
    BookMeetings,
    DropMeeting,
    FreeTimes,
    Meeting,
    MoveMeeting,
    NextMeetings,
    Propose,
    ReadMoment,
    Times,
    TypedMoment,
    room_before,
    well_apart,
)
from conversations.story import Hours, Span
from conversations.typed_dates import NotADate, read_moment
from conversations.wall_time import at_wall_time

LENGTH = timedelta(minutes=60)
WANTED_AHEAD = 3
TO_CHOOSE_FROM = 3
"""How many times are offered for each meeting."""
NOTICE = timedelta(days=2)
"""Nothing is offered sooner than this: both have to answer first."""
FINDING_DATES = (
    "which_times",
    "which_of_these",
    "none_of_these",
    "no_free_times",
    "type_a_time",
    *(f"time_{reason}" for reason in get_args(NotADate)),
    "read_back",
    "these_suit",
)
"""Lines by which two people find dates, whichever conversation they are part of."""
LOOKED_FOR = f"look {FreeTimes.__name__} "
"""What the key of such a step begins with; its arguments follow as JSON."""
ASKING_FOR_HELP = ("words_for_supervisor", "send_these_words")
"""Lines under which somebody is writing to a person: no date makes these needless."""


@find.register
def _(lookup: FreeTimes, turn: Turn) -> Times:
    pair = turn.roster.pair(lookup.pair)
    mine, theirs = _both_hours(turn, pair, lookup.by)
    if lookup.instead_of is not None:
        return _around(turn, pair, lookup, lookup.instead_of, (mine, theirs))
    since = _can_settle(turn, pair, lookup) + NOTICE
    last, meetings = _what_follows(turn, pair, since)
    wanted = Wanted(
        rhythm=timedelta(days=pair.rhythm_days),
        length=LENGTH,
        meetings=meetings,
        each=TO_CHOOSE_FROM * (lookup.batch + 1),
        last=last,
        ends_on=_last_day_ahead(turn, pair),
    )
    found = propose(mine, theirs, _busy(turn, pair), wanted, since)
    fresh = [window[lookup.batch * TO_CHOOSE_FROM :] for window in found.times]
    return Times(tuple(sorted(at for window in fresh for at in window)), found.widened)


def _last_day_ahead(turn: Turn, pair: Pair) -> date | None:
    """The last day of the cohort; None once it is over: who goes on then does so of their own."""
    ends = turn.session.get_one(tables.Cohort, pair.cohort_id).ends
    return ends if ends is not None and ends >= turn.now.date() else None


def _what_follows(turn: Turn, pair: Pair, since: datetime) -> tuple[datetime | None, int]:
    """Give the meeting that the next ones follow in the pair's rhythm, and how many are wanted.

    Where the nearest date is so far off that one more has room before it, that one comes first.
    """
    ahead = [row.starts_at for row in _standing(turn, pair, turn.now)]
    behind = _last_behind(turn, pair)
    rhythm = timedelta(days=pair.rhythm_days)
    if ahead and room_before(ahead[0], behind, rhythm, since):
        return behind, 1
    return (ahead[-1] if ahead else behind), max(1, WANTED_AHEAD - len(ahead))


def _can_settle(turn: Turn, pair: Pair, lookup: FreeTimes) -> datetime:
    """Since when times can be settled: now, or once neither of the two is in a pause.

    The other side is asked only when the line that ends theirs has been read.
    """
    other = pair.other(lookup.by)
    mine, theirs = turn.person(lookup.by).paused_until, turn.person(other).paused_until
    asked = turn.now
    if theirs is not None and theirs > turn.now:
        hours = hours_of(turn.person(other), turn.setup.programme)
        asked = opens_at(turn.person(other), hours, "relay", "choose", turn.now)
    return max(asked, mine or turn.now)


def _both_hours(turn: Turn, pair: Pair, first: int) -> tuple[Hours, Hours]:
    programme = turn.setup.programme
    return hours_of(turn.person(first), programme), hours_of(
        turn.person(pair.other(first)), programme
    )


def _around(
    turn: Turn, pair: Pair, lookup: FreeTimes, meeting: int, hours: tuple[Hours, Hours]
) -> Times:
    """Times in the ten days round a meeting that is to be moved, or after the pause of either.

    Its own time is no longer taken, nor offered.
    """
    row = turn.session.get_one(tables.Meeting, meeting)
    since = _can_settle(turn, pair, lookup)
    earliest = max(since + timedelta(days=1), row.starts_at - timedelta(days=5))
    latest = max(row.starts_at, since) + timedelta(days=7)
    busy = [span for span in _busy(turn, pair) if span.start != row.starts_at]
    found = free_times(*hours, busy, earliest=earliest, latest=latest, length=LENGTH, how_many=7)
    return Times(tuple(at for at in found if at != row.starts_at)[:6], beyond_hours=False)


_STANDING = (
    select(tables.Meeting)
    .where(
        tables.Meeting.pair_id == bindparam("pair"),
        tables.Meeting.dropped_at.is_(None),
        tables.Meeting.starts_at > bindparam("after"),
    )
    .order_by(tables.Meeting.starts_at)
)


def _standing(turn: Turn, pair: Pair, after: datetime) -> list[tables.Meeting]:
    return list(turn.session.scalars(_STANDING, {"pair": pair.id, "after": after}))


def _last_behind(turn: Turn, pair: Pair) -> datetime | None:
    """The latest meeting that stood when its time came, whatever became of it."""
    meeting = tables.Meeting
    return turn.session.scalars(
        select(meeting.starts_at)
        .where(meeting.pair_id == pair.id, meeting.dropped_at.is_(None))
        .where(meeting.starts_at <= turn.now)
        .order_by(meeting.starts_at.desc())
    ).first()


_EITHER: tuple[BindParameter[int], ...] = (bindparam("first"), bindparam("second"))
_BUSY = (
    select(tables.Meeting.starts_at, tables.Meeting.minutes)
    .join(tables.Pair, tables.Meeting.pair_id == tables.Pair.id)
    .where(tables.Pair.mentee_id.in_(_EITHER) | tables.Pair.mentor_id.in_(_EITHER))
    .where(tables.Meeting.dropped_at.is_(None), tables.Meeting.starts_at > bindparam("after"))
)


def _busy(turn: Turn, pair: Pair) -> list[Span]:
    """What either of the two has in the diary ahead, in this pair or another."""
    both = {"first": pair.mentee_id, "second": pair.mentor_id}
    rows = turn.session.execute(_BUSY, {**both, "after": turn.now - timedelta(days=1)})
    return [Span(at, at + timedelta(minutes=minutes)) for at, minutes in rows]


@find.register
def _(lookup: ReadMoment, turn: Turn) -> TypedMoment:
    zone = turn.person(lookup.by).zone
    today = turn.now.astimezone(ZoneInfo(zone)).date()
    read = read_typed(turn, lookup.by, lambda language: read_moment(lookup.text, today, language))
    if isinstance(read, str) or read.wall is None:
        return TypedMoment(None, read if isinstance(read, str) else "unknown")
    at = at_wall_time(read.day, read.wall, zone)
    return TypedMoment(at, "") if at > turn.now else TypedMoment(None, "past")


@find.register
def _(lookup: NextMeetings, turn: Turn) -> tuple[Meeting, ...]:
    pair = turn.roster.pair(lookup.pair)
    return tuple(
        Meeting(row.id, row.starts_at, row.minutes) for row in _standing(turn, pair, turn.now)
    )


@perform.register
def _(command: Propose, turn: Turn) -> int:
    row = tables.Proposal(pair_id=command.pair, by_id=command.by, to_id=command.to, at=turn.now)
    turn.session.add(row)
    turn.session.flush()
    turn.touch(command.pair)
    return row.id


@perform.register
def _(command: AnswerProposal, turn: Turn) -> None:
    row = turn.session.get_one(tables.Proposal, command.proposal)
    row.answered_at = turn.now
    turn.touch(row.pair_id)


@perform.register
def _(command: BookMeetings, turn: Turn) -> tuple[Meeting, ...]:
    pair = turn.roster.locked_pair(command.pair)
    times = _to_book(turn, pair, command.times)
    booked = [row for at in times if (row := _book(turn, pair, at)) is not None]
    turn.session.flush()
    if booked:
        _overtake_other_bookings(turn, pair)
        turn.touch(pair.id)
    return tuple(Meeting(row.id, row.starts_at, row.minutes) for row in booked)


def _to_book(turn: Turn, pair: Pair, times: tuple[datetime, ...]) -> tuple[datetime, ...]:
    """Of all the times that suit both, those that make three ahead, half a rhythm apart.

    One in any case: whoever asks for more than three has their reasons.
    """
    ahead = [row.starts_at for row in _standing(turn, pair, turn.now)]
    apart = timedelta(days=pair.rhythm_days) / 2
    return well_apart(times, ahead, apart, max(1, WANTED_AHEAD - len(ahead)))


def _book(turn: Turn, pair: Pair, at: datetime) -> tables.Meeting | None:
    """Book one time, unless it has passed or either of the two has something then by now."""
    return None if at <= turn.now or _taken(turn, pair, at) else new_meeting(turn, pair.id, at)


def new_meeting(turn: Turn, pair: int, at: datetime) -> tables.Meeting:
    """Put a meeting in the diary, in the zone of the one who leads."""
    leads = turn.roster.pair(pair).mentee_id
    row = tables.Meeting(
        pair_id=pair,
        starts_at=at,
        minutes=int(LENGTH.total_seconds()) // 60,
        zone=turn.person(leads).zone,
        uid=f"{uuid4()}@comentor",
        sequence=0,
        booked_at=turn.now,
    )
    turn.session.add(row)
    turn.session.flush()
    return row


def _taken(turn: Turn, pair: Pair, at: datetime, but: datetime | None = None) -> bool:
    spans = [span for span in _busy(turn, pair) if span.start != but]
    return any(span.start < at + LENGTH and at < span.end for span in spans)


def _overtake_other_bookings(turn: Turn, pair: Pair) -> None:
    """Whatever else still asks these two to find dates has become needless."""
    row, question, message = tables.Conversation, tables.Question, tables.Message
    asks_for_help = exists().where(
        message.conversation_id == question.conversation_id,
        message.step == question.step,
        message.line.in_(ASKING_FOR_HELP),
    )
    still_asks = exists().where(
        question.conversation_id == row.id, question.closed_at.is_(None), ~asks_for_help
    )
    needless = TALKS.where(
        row.pair_id == pair.id,
        row.name.in_(("book_meetings", "ask_again_for_dates", "notice_quiet", "show_ping")),
        row.ended_at.is_(None),
        still_asks,
    )
    for other in (*talks(turn.session, needless), *_finding_dates(turn, pair)):
        end_early(turn.session, other, turn.now)


_ENTRY = tables.rows_of(tables.JournalEntry)
_LOOKED_FOR = (
    select(_ENTRY.c.key)
    .where(_ENTRY.c.conversation_id == bindparam("talk"))
    .where(_ENTRY.c.key.startswith(LOOKED_FOR))
    .order_by(_ENTRY.c.step.desc())
    .limit(1)
)


def _finding_dates(turn: Turn, pair: Pair) -> Iterator[Talk]:
    """Give every talk whose open question is about the next dates of these two.

    Booking is a part of several conversations, and a wish may go through several pairs: its journal
    alone tells for which of them it stands there.
    """
    question, message = tables.Question, tables.Message
    asking = select(question.conversation_id).where(
        question.person_id.in_((pair.mentee_id, pair.mentor_id)),
        question.closed_at.is_(None),
        message.conversation_id == question.conversation_id,
        message.step == question.step,
        message.line.in_(FINDING_DATES),
    )
    row = tables.Conversation
    for talk in talks(turn.session, TALKS.where(row.ended_at.is_(None), row.id.in_(asking))):
        key: str | None = run(turn.session, _LOOKED_FOR, {"talk": talk.id}).scalar()
        looked_for = json.loads(key.removeprefix(LOOKED_FOR)) if key else {}
        if looked_for.get("pair") == pair.id and looked_for.get("instead_of") is None:
            yield talk


@perform.register
def _(command: MoveMeeting, turn: Turn) -> Meeting | None:
    row = _locked_meeting(turn, command.meeting)
    pair = turn.roster.pair(row.pair_id)
    if (
        row.dropped_at is not None
        or command.to <= turn.now
        or _taken(turn, pair, command.to, row.starts_at)
    ):
        return None
    row.starts_at, row.sequence = command.to, row.sequence + 1
    _let_go(turn, row)
    return Meeting(row.id, row.starts_at, row.minutes)


@perform.register
def _(command: DropMeeting, turn: Turn) -> Meeting | None:
    row = _locked_meeting(turn, command.meeting)
    # What has begun is told of, by both, and not called off: an old button could be pressed.
    if row.dropped_at is not None or row.starts_at <= turn.now:
        return None
    row.dropped_at, row.sequence = turn.now, row.sequence + 1
    _let_go(turn, row)
    return Meeting(row.id, row.starts_at, row.minutes)


def _locked_meeting(turn: Turn, number: int) -> tables.Meeting:
    """Give a meeting under its lock, as another process may have left it a moment ago."""
    turn.session.flush()
    return turn.session.get_one(
        tables.Meeting, number, with_for_update=True, populate_existing=True
    )


def _let_go(turn: Turn, meeting: tables.Meeting) -> None:
    """End what was being asked about a meeting at its old time.

    What was said of it then no longer counts.
    """
    account = tables.Account
    for other in _open_about(turn, meeting):
        end_early(turn.session, other, turn.now)
    _call_back_reminders(turn, meeting)
    if meeting.dropped_at is None:
        for said in turn.session.scalars(
            select(account).where(account.meeting_id == meeting.id)
        ).all():
            turn.session.delete(said)
    turn.touch(meeting.pair_id)


def _open_about(turn: Turn, meeting: tables.Meeting) -> Iterator[Talk]:
    """Give what was begun because of a meeting and still waits for a first answer.

    Of how it went, also what has had one: how good it was, whether somebody should know.
    """
    row, question = tables.Conversation, tables.Question
    still_asks = exists().where(question.conversation_id == row.id, question.closed_at.is_(None))
    begun = TALKS.where(
        row.pair_id == meeting.pair_id,
        row.ended_at.is_(None),
        row.nature != "wish",
        row.about.contains(f":meeting:{meeting.id}:"),
    )
    yield from talks(
        turn.session, begun.where(row.expires_at.is_not(None), row.answered_at.is_(None))
    )
    yield from talks(turn.session, begun.where(row.name == "ask_how_it_went", still_asks))


def _call_back_reminders(turn: Turn, meeting: tables.Meeting) -> None:
    """Let no reminder of its old time go out that is still waiting, as after an outage."""
    row, message = tables.Conversation, tables.Message
    about_it = select(row.id).where(
        row.pair_id == meeting.pair_id, row.about.contains(f":meeting:{meeting.id}:")
    )
    turn.session.execute(
        update(message)
        .where(message.conversation_id.in_(about_it))
        .where(message.state == "pending", message.nature == "reminder")
        .values(state="dead", why="overtaken")
    )
