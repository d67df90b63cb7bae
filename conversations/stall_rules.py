"""The table of stalls, a row to a function: since when a pair counts as quiet, and who hears when.

A row gives a ladder: the instants at which its lines are crossed if nothing happens meanwhile.
Rules, not scores: each names itself and since when it counts, and none counts messages.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from operator import itemgetter
from typing import Literal

from conversations.stall_clock import elapsed, paused, under_way, when_elapsed
from conversations.stall_facts import (
    drops,
    last_met,
    may_have_met,
    never_booked,
    outcome,
    owing,
    passed,
    planned,
    planned_soon,
    waiting,
)
from conversations.story import MeetingFact, PairStory

Level = Literal["pair", "amber", "red"]

DAY = timedelta(days=1)
NOTICE = 3 * DAY
"""How long both have had the words before they are sent."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a rule says from an instant on."""

    level: Level
    at: datetime
    days: int
    """Whole days on the rule's clock when it is crossed: a figure that does not grow meanwhile."""
    to: tuple[int, ...] = ()
    """Whom a nudge goes to; only lines for the pair have any."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """One rule's lines, weakest first, on the clock that has been running since `since`."""

    rule: str
    since: datetime
    lines: tuple[Line, ...]
    notice_at: datetime | None = None
    """When both are to read the words of a ping to come; None where none comes, or at once."""


Row = Callable[[PairStory, datetime], Ladder | None]


def help_asked(story: PairStory, now: datetime) -> Ladder | None:
    """A call for help was passed on: red until the supervisor says that it is resolved.

    It goes out as it is asked, wherever this table stands.
    """
    sent = (p.sent_at for p in story.pings if p.rule == "help_asked" and not p.silent_until)
    return _at_once("help_asked", "red", [at for at in sent if at is not None and at <= now])


def never_met(story: PairStory, now: datetime) -> Ladder | None:
    """No first meeting booked, since they began or since the one that was booked was called off."""
    if story.began_at is None or not never_booked(story, now):
        return None
    since = max([story.began_at, *drops(story)])
    lines = (
        _after(story, since, "pair", 5 * DAY, owing(story, now, story.mentee)),
        _after(story, since, "pair", 10 * DAY, owing(story, now, *story.both)),
        _after(story, since, "amber", 21 * DAY),
        _after(story, since, "red", 28 * DAY),
    )
    return Ladder("never_met", since, lines, when_elapsed(story, since, 28 * DAY - NOTICE))


def not_held(story: PairStory, now: datetime) -> Ladder | None:
    """No meeting held, once one was booked; while the next is near this only reaches amber.

    A date further off than one rhythm is no reason for silence: until then they would go without.
    """
    if story.began_at is None or never_booked(story, now):
        return None
    since = last_met(story, story.began_at)
    if planned(story, now):
        since = may_have_met(story, since, now)
    amber = max(1.5 * story.rhythm, story.rhythm + 7 * DAY)
    if planned_soon(story, now):
        return Ladder("not_held", since, (_after(story, since, "amber", amber),))
    red = max(2 * story.rhythm, story.rhythm + 14 * DAY)
    lines = (
        _after(story, since, "pair", story.rhythm + 7 * DAY, owing(story, now, *story.both)),
        _after(story, since, "amber", amber),
        _after(story, since, "red", red),
    )
    return Ladder("not_held", since, lines, when_elapsed(story, since, red - NOTICE))


def nothing_ahead(story: PairStory, now: datetime) -> Ladder | None:
    """Nothing in the diary after a meeting, since then or since what stood there was called off."""
    been = passed(story, now)
    if story.ahead(now) or not been:
        return None
    last = been[-1].ends_at
    since = max([last, *drops(story)])
    amber = when_elapsed(story, last, story.rhythm + 14 * DAY)
    amber = max(amber, when_elapsed(story, since, 3 * DAY))
    lines = (
        _after(story, since, "pair", 3 * DAY, owing(story, now, story.mentee)),
        _after(story, since, "pair", 14 * DAY, owing(story, now, *story.both)),
        _from(story, since, "amber", amber),
    )
    return Ladder("nothing_ahead", since, lines)


def called_off_in_a_row(story: PairStory, now: datetime) -> Ladder | None:
    """Meetings called off or not held in a row; one of which nobody spoke may have been held."""
    known = sorted(filter(None, (outcome(meeting, now) for meeting in story.meetings)))
    fell = [at for at, _ in takewhile(itemgetter(1), reversed(known))][::-1]
    if len(fell) < 2:
        return None
    both = (story.mentee.id, story.mentor.id)
    lines = [_from(story, fell[0], "pair", fell[1], both)]
    lines += [_from(story, fell[0], "amber", at) for at in fell[2:3]]
    return Ladder("called_off_in_a_row", fell[0], tuple(lines))


def proposals_unanswered(story: PairStory, now: datetime) -> Ladder | None:
    """One side's offers of times wait for a word; only the one being waited for is nudged."""
    offers = waiting(story, story.mentee, now) or waiting(story, story.mentor, now)
    if not offers:
        return None
    since = offers[0].at
    amber = min([when_elapsed(story, since, 21 * DAY), *(offer.at for offer in offers[2:3])])
    pair = min(when_elapsed(story, since, 7 * DAY), amber)
    lines = (
        _from(story, since, "pair", pair, (offers[0].to,)),
        _from(story, since, "amber", amber),
    )
    return Ladder("proposals_unanswered", since, lines)


def low_rating(story: PairStory, now: datetime) -> Ladder | None:
    """A low rating whose giver lets it be known, until they meet again; it is never pinged."""
    met = story.last_held()
    given = [rating.at for rating in story.low_ratings if rating.at <= now]
    open_still = [at for at in given if met is None or at > met.ends_at]
    return _at_once("low_rating", "amber", open_still)


def accounts_differ(story: PairStory, now: datetime) -> Ladder | None:
    """Their accounts of a meeting differ; `moved?` is offered on the spot, so nobody is nudged."""
    told = [meeting for meeting in passed(story, now) if meeting.accounts]
    run = [*takewhile(MeetingFact.differs, reversed(told))][::-1]
    if not run:
        return None
    levels: tuple[Level, Level] = ("pair", "amber")
    seen = (max(account.at for account in meeting.accounts) for meeting in run)
    since = run[0].ends_at
    lines = [_from(story, since, level, at) for level, at in zip(levels, seen, strict=False)]
    return Ladder("accounts_differ", since, tuple(lines))


def unreachable(story: PairStory, now: datetime) -> Ladder | None:
    """A person blocked the bot and a rule about meetings speaks as well."""
    blocked = [person.blocked_at for person in story.both if person.blocked_at]
    if not blocked:
        return None
    spoken = [line.at for ladder in heard(story, MEETING_ROWS, now) for line in ladder.lines]
    if not spoken:
        return None
    since = min(blocked)
    line = _from(story, since, "amber", max(since, min(spoken)))
    return Ladder("unreachable", since, (line,))


MEETING_ROWS: tuple[Row, ...] = (not_held, never_met, nothing_ahead, called_off_in_a_row)
ROWS: tuple[Row, ...] = (
    help_asked,
    *MEETING_ROWS,
    proposals_unanswered,
    low_rating,
    accounts_differ,
    unreachable,
)


def ladders(story: PairStory, now: datetime) -> tuple[Ladder, ...]:
    """Give the ladder of every rule that may speak now; none before, after or in a pause."""
    if not under_way(story, now) or paused(story, now):
        return ()
    return heard(story, ROWS, now)


def heard(story: PairStory, rows: Sequence[Row], now: datetime) -> tuple[Ladder, ...]:
    """Give the ladders of some rows, but for rules that the supervisor has silenced."""
    found = (row(story, now) for row in rows)
    return tuple(ladder for ladder in found if ladder and not silent(story, ladder.rule, now))


def pair_stage(ladder: Ladder, now: datetime) -> tuple[int, Line | None]:
    """Give the latest line for the pair that is crossed, and its place from 1 (0 if none)."""
    crossed = [line for line in ladder.lines if line.level == "pair" and line.at <= now]
    return len(crossed), crossed[-1] if crossed else None


def silent(story: PairStory, rule: str, now: datetime) -> bool:
    """Whether the supervisor said that this is not a problem; a call for help is never silenced."""
    until = (ping.silent_until for ping in story.pings if ping.rule == rule != "help_asked")
    return any(end is not None and end > now for end in until)


def _after(
    story: PairStory, since: datetime, level: Level, counted: timedelta, to: tuple[int, ...] = ()
) -> Line:
    """Give the line that is crossed when so much time has counted."""
    return Line(level, when_elapsed(story, since, counted), counted.days, to)


def _from(
    story: PairStory, since: datetime, level: Level, at: datetime, to: tuple[int, ...] = ()
) -> Line:
    """Give the line that is crossed at an instant."""
    return Line(level, at, elapsed(story, since, at).days, to)


def _at_once(rule: str, level: Level, moments: Sequence[datetime]) -> Ladder | None:
    """Give the ladder of a rule that speaks from the first of those moments on."""
    if not moments:
        return None
    since = min(moments)
    return Ladder(rule, since, (Line(level, since, 0),))
