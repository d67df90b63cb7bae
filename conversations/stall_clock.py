"""The clock of a pair: when it runs, and how much time has counted.

It stops while either of the two is paused and over the programme's declared holidays.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from conversations.story import PairStory, Span


def elapsed(story: PairStory, since: datetime, now: datetime) -> timedelta:
    """Give the time that counts between two instants; nothing where `now` is the earlier one."""
    nothing = timedelta()
    stopped = (min(stop.end, now) - max(stop.start, since) for stop in _stops(story))
    return max(now - since - sum((max(gap, nothing) for gap in stopped), nothing), nothing)


def when_elapsed(story: PairStory, since: datetime, duration: timedelta) -> datetime:
    """Give the first instant at which so much time has counted: the inverse of `elapsed`."""
    moment = since + duration
    for stop in _stops(story):
        start = max(stop.start, since)
        if start < min(stop.end, moment):
            moment += stop.end - start
    return moment


def when_left(story: PairStory, until: datetime, duration: timedelta) -> datetime:
    """Give the last instant from which so much time still counts until then."""
    moment = until - duration
    for stop in reversed(_stops(story)):
        end = min(stop.end, until)
        if max(stop.start, moment) < end:
            moment -= end - stop.start
    return moment


def under_way(story: PairStory, now: datetime) -> bool:
    """Whether the pair has begun and its time is not over."""
    end = over_at(story)
    return story.began_at is not None and story.began_at <= now and (end is None or now < end)


def over_at(story: PairStory) -> datetime | None:
    """Give when a pair's time is over: at its ending or after its last day, in UTC."""
    ends = [story.ended_at] if story.ended_at else []
    if story.ends_on:
        ends.append(datetime.combine(story.ends_on, time(), UTC) + timedelta(days=1))
    return min(ends, default=None)


def paused(story: PairStory, now: datetime) -> bool:
    """Whether either of the two is paused."""
    until = (person.paused_until for person in story.both)
    spans = any(span.start <= now < span.end for span in story.pauses)
    return spans or any(end is not None and end > now for end in until)


def _stops(story: PairStory) -> list[Span]:
    """Pauses and closures in order, those that touch made one."""
    merged: list[Span] = []
    for span in sorted((*story.pauses, *story.closures), key=lambda span: span.start):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged
