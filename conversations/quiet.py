"""When a pushed message may reach a person: outside their quiet hours, on a day they work.

A moment is judged by what the clocks at their place show: open if its day is a workday and no day
off, and its time is not in the quiet hours. Where `quiet_from` and `quiet_to` are equal there are
no quiet hours, but what has waited over a weekend waits for its MORNING too: nobody means by `any
hour` a week's words at midnight. Over a clock change this stays true to the minute, both times an
hour comes twice.

A person whose week has no open moment (no workdays at all) is never reached: the answer is then
`NEVER`, in both directions, and nothing is sent that waits for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from conversations.story import Hours
from conversations.wall_time import DAY, changes_between, local

NEVER = datetime(9000, 1, 1, tzinfo=UTC)
"""Stands for no open moment; later than anything, and early enough for every zone and database."""

REACH = timedelta(days=400)
"""How far an open moment is looked for: over a year, so that yearly closures end within it."""

MORNING = time(8)
"""When a workday behind one that is none begins for those without quiet hours."""
MINUTE = timedelta(minutes=1)
REMEMBERED = 8192
"""Each look at a pair asks anew about the same meetings."""


def is_quiet(instant: datetime, hours: Hours) -> bool:
    """Whether nothing may be pushed to this person at that instant."""
    return not _is_open(local(instant, hours.zone), hours)


@lru_cache(maxsize=REMEMBERED)
def open_from(instant: datetime, hours: Hours) -> datetime:
    """The first instant (UTC), not before the one given, at which a message may be pushed.

    NEVER if there is none within REACH, and for NEVER itself or anything later.
    """
    if instant >= NEVER:
        return NEVER
    moment = instant.astimezone(UTC)
    while moment - instant <= REACH:
        shown = local(moment, hours.zone).replace(tzinfo=None)
        wall = _open_wall_from(shown, hours)
        if wall is None:
            return NEVER
        # True as long as the offset stays; behind a clock change it is worked out once more.
        found = moment + (wall - shown)
        changes = changes_between(hours.zone, moment, found)
        if not changes:
            return found
        moment = changes[0]
    return NEVER


@lru_cache(maxsize=REMEMBERED)
def open_until(instant: datetime, hours: Hours) -> datetime:
    """The last moment (UTC), not after the instant given, at which a message may be pushed.

    The instant itself if it is open, else the last whole minute that is: quiet from 19:00 makes it
    18:59. NEVER if there is none within REACH, so a reminder planned backwards is not sent; and for
    NEVER itself or anything later.
    """
    if instant >= NEVER:
        return NEVER
    if not is_quiet(instant, hours):
        return instant.astimezone(UTC)
    moment = instant.astimezone(UTC).replace(second=0, microsecond=0)
    while instant - moment <= REACH:
        shown = local(moment, hours.zone).replace(tzinfo=None)
        wall = _open_wall_until(shown, hours)
        if wall is None:
            return NEVER
        found = moment - (shown - wall)
        changes = changes_between(hours.zone, found, moment)
        if not changes:
            return found
        moment = changes[-1] - MINUTE
    return NEVER


def _is_open(shown: datetime, hours: Hours) -> bool:
    day = shown.date()
    opened = _is_workday(day, hours) and shown.time() >= _begins(day, hours)
    return opened and not _in_quiet_hours(shown.time(), hours)


def _is_workday(day: date, hours: Hours) -> bool:
    return day.weekday() in hours.workdays and day not in hours.days_off


def _begins(day: date, hours: Hours) -> time:
    """Before which wall time nothing may be pushed on a workday, whatever the quiet hours are."""
    rested = hours.quiet_from == hours.quiet_to and not _is_workday(day - DAY, hours)
    return MORNING if rested else time.min


def _in_quiet_hours(wall: time, hours: Hours) -> bool:
    if hours.quiet_from <= hours.quiet_to:
        return hours.quiet_from <= wall < hours.quiet_to
    return wall >= hours.quiet_from or wall < hours.quiet_to


def _open_wall_from(shown: datetime, hours: Hours) -> datetime | None:
    """The first open wall time from that one on, as if no clock changed; naive, as it is."""
    for day in _workdays(shown, DAY, hours):
        for start, end in _open_stretches(day, hours):
            if max(shown, start) < end:
                return max(shown, start)
    return None


def _open_wall_until(shown: datetime, hours: Hours) -> datetime | None:
    """The last open wall time, in whole minutes, up to that one, as if no clock changed."""
    for day in _workdays(shown, -DAY, hours):
        for start, end in reversed(_open_stretches(day, hours)):
            last = min(shown, _whole_minute_before(end))
            if start <= last:
                return last
    return None


def _workdays(shown: datetime, step: timedelta, hours: Hours) -> Iterator[datetime]:
    """The midnights that begin the workdays from that day on, or backwards, within REACH."""
    day = shown.replace(hour=0, minute=0, second=0, microsecond=0)
    for _ in range(REACH.days if hours.workdays else 0):
        if _is_workday(day.date(), hours):
            yield day
        day += step


def _whole_minute_before(end: datetime) -> datetime:
    return (end - datetime.resolution).replace(second=0, microsecond=0)


def _open_stretches(day: datetime, hours: Hours) -> tuple[tuple[datetime, datetime], ...]:
    """The open stretches of a workday by the clock, their ends not included; some may be empty."""
    quiet_from = datetime.combine(day, hours.quiet_from)
    quiet_to = datetime.combine(day, hours.quiet_to)
    if quiet_from > quiet_to:
        return ((quiet_to, quiet_from),)
    if quiet_from == quiet_to:
        return ((datetime.combine(day, _begins(day.date(), hours)), day + DAY),)
    return ((day, quiet_from), (quiet_to, day + DAY))
