"""A pair's quiet spells at one instant: which rules speak, how it stands, when that changes next.

The table is in `stall_rules`, its clock in `stall_clock`, what is done about it in `stall_steps`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from conversations.stall_clock import elapsed, over_at, paused, under_way, when_elapsed
from conversations.stall_facts import awaited_until, near_from
from conversations.stall_rules import Ladder, Level, ladders, pair_stage
from conversations.stall_steps import (
    AskHowToGoOn,
    Nudge,
    SendPing,
    ShowPing,
    StallStep,
    Values,
    WithdrawPing,
    next_step,
    spared_until,
    step_for,
    step_moments,
    values,
)
from conversations.story import PairStory

__all__ = [
    "AskHowToGoOn",
    "Level",
    "Nudge",
    "SendPing",
    "ShowPing",
    "Signal",
    "StallStep",
    "Standing",
    "WithdrawPing",
    "elapsed",
    "next_change",
    "next_step",
    "signals",
    "spared_until",
    "standing",
    "tried",
    "when_elapsed",
]

Standing = Literal["well", "quiet", "amber", "red", "paused", "ended", "waiting"]

LEVELS: tuple[Level, ...] = ("red", "amber", "pair")
"""Strongest first."""


@dataclass(frozen=True, slots=True)
class Signal:
    """One rule that speaks of a pair."""

    rule: str
    level: Level
    since: datetime
    """When the rule's clock began to run."""
    to: tuple[int, ...]
    """Whom of the pair a nudge goes to; empty where this rule nudges nobody."""
    values: Values
    """For the words: `days`, the whole days on the rule's clock when this level was reached."""


def signals(story: PairStory, now: datetime) -> tuple[Signal, ...]:
    """Give the rules that speak now, strongest first; none in a pause, before or after."""
    read = (_signal(ladder, now) for ladder in ladders(story, now))
    return tuple(sorted(filter(None, read), key=lambda s: (LEVELS.index(s.level), s.since)))


def standing(story: PairStory, now: datetime) -> Standing:
    """Give a pair's place in a supervisor's list.

    `waiting` has not begun; `quiet` is for the pair alone to hear of; `ended` is past its last day.
    """
    end = over_at(story)
    if end is not None and end <= now:
        return "ended"
    if not under_way(story, now):
        return "waiting"
    if paused(story, now):
        return "paused"
    level = next((signal.level for signal in signals(story, now)), None)
    return "quiet" if level == "pair" else level or "well"


def tried(story: PairStory, since: datetime) -> str:
    """Give the name of the line that says what was tried since then.

    One of tried_nothing, tried_a_word (to the pair), tried_times (were offered) and tried_both.
    """
    a_word = any(begun.what.startswith("stall:") and begun.at >= since for begun in story.opened)
    times = any(offer.at >= since for offer in story.proposals)
    if a_word and times:
        return "tried_both"
    return "tried_a_word" if a_word else "tried_times" if times else "tried_nothing"


def next_change(story: PairStory, now: datetime, before: datetime | None = None) -> datetime | None:
    """Give the next instant at which `next_step` says something else if nothing happens meanwhile.

    None where it never will, or not `before` then.
    """
    found = ladders(story, now)
    said = step_for(story, found, now)
    moment = _next_moment(story, found, now)
    while moment is not None and (before is None or moment < before):
        found = ladders(story, moment)
        if step_for(story, found, moment) != said:
            return moment
        moment = _next_moment(story, found, moment)
    return None


def _signal(ladder: Ladder, now: datetime) -> Signal | None:
    """Read a ladder at an instant. None below its first line."""
    crossed = [line for line in ladder.lines if line.at <= now]
    if not crossed:
        return None
    top = min(reversed(crossed), key=lambda line: LEVELS.index(line.level))
    _, line = pair_stage(ladder, now)
    return Signal(ladder.rule, top.level, ladder.since, line.to if line else (), values(top))


def _next_moment(story: PairStory, found: tuple[Ladder, ...], now: datetime) -> datetime | None:
    """Give the next instant at which anything might change; between two of them nothing does."""
    return min((at for at in _moments(story, found, now) if at > now), default=None)


def _moments(story: PairStory, found: tuple[Ladder, ...], now: datetime) -> Iterator[datetime]:
    for ladder in found:
        yield from (line.at for line in ladder.lines)
        yield from filter(None, [ladder.notice_at])
    for meeting in story.meetings:
        yield from (near_from(story, meeting), meeting.starts_at, meeting.ends_at)
        yield awaited_until(story, meeting)
    for span in story.pauses:
        yield from (span.start, span.end)
    yield from (ping.sent_at for ping in story.pings if ping.sent_at)
    yield from (rating.at for rating in story.low_ratings)
    yield from step_moments(story, now)
    yield from filter(None, [story.began_at, over_at(story)])
    yield from filter(None, [person.paused_until for person in story.both])
    yield from filter(None, [ping.silent_until for ping in story.pings])
