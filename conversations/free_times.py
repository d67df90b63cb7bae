"""Times at which both of a pair can meet, spread over days and times of day.

A time is offered if the whole meeting lies in the working hours of both, each in their own zone, on
a workday that is no day off, clear of what is already in their diaries, and begins on the half hour
by the first one's clock. Where the working hours of the two never meet, `propose` goes beyond them
hour by hour, never into anyone's quiet hours, and says that it did.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Literal

from conversations.story import Hours, Span
from conversations.wall_time import DAY, at_wall_time, exists, local

HALF_HOUR = timedelta(minutes=30)
MARGIN = timedelta(days=5)
"""How far a window reaches to either side of the day that the rhythm names."""

SOON = timedelta(days=7)
"""A first or overdue meeting is looked for around this long from now; longer than MARGIN."""

_BEYOND = tuple(timedelta(hours=count) for count in range(1, 13))
"""By how much the working day is widened at either end, in turn, until a time is found."""

_PARTS = (10 * 60, 13 * 60 + 30, 16 * 60)
"""The middle of morning, midday and afternoon, in minutes; a start belongs to the nearest."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a pair wants of its next meetings."""

    rhythm: timedelta
    length: timedelta
    meetings: int = 3
    each: int = 4
    """How many times to choose from for each meeting."""
    last: datetime | None = None
    """The latest meeting held or booked; None before the first."""
    ends_on: date | None = None
    """The last day of the cohort, on which one may still meet."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """Times to choose from, a tuple for each meeting that has any, soonest first."""

    times: tuple[tuple[datetime, ...], ...]
    """The time like the last meeting's leads where it is free; the others follow in order."""
    widened: bool
    """Whether some lie outside somebody's working hours, since those of the two never meet."""


@dataclass(frozen=True, slots=True)
class _Search:
    """Where a time for one meeting is looked for, and how far beyond working hours."""

    both: tuple[Hours, Hours]
    busy: tuple[Span, ...]
    within: Span
    length: timedelta
    ends_on: date | None = None
    beyond: timedelta = timedelta()


def free_times(  # noqa: PLR0913 - the two, their diary, and what is looked for: all are needed
    first: Hours,
    second: Hours,
    busy: Sequence[Span],
    *,
    earliest: datetime,
    latest: datetime,
    length: timedelta,
    how_many: int,
    near: datetime | None = None,
) -> tuple[datetime, ...]:
    """Up to `how_many` instants (UTC) at which the two can meet; empty if there are none.

    No meeting begins before `earliest`, ends after `latest`, or overlaps another that is offered.
    One like `near` (weekday and hour by the first person's clock) leads if free, others in order.
    """
    search = _Search((first, second), tuple(busy), Span(earliest, latest), length)
    return _choose(search, how_many, near)


def meeting_windows(
    last: datetime, rhythm: timedelta, how_many: int, ends_on: date | None
) -> tuple[Span, ...]:
    """The stretches (UTC) around the next meetings at the rhythm's distance from the last.

    Each reaches MARGIN to either side, less where the rhythm is so short that they would touch.
    None lies behind the last day of the cohort, counted in UTC.
    """
    margin = min(MARGIN, rhythm / 3)
    middles = [last.astimezone(UTC) + rhythm * count for count in range(1, how_many + 1)]
    windows = [Span(middle - margin, middle + margin) for middle in middles]
    if ends_on is None:
        return tuple(windows)
    end = datetime.combine(ends_on + DAY, time.min, UTC)
    return tuple(Span(w.start, min(w.end, end)) for w in windows if w.start < end)


def propose(
    first: Hours, second: Hours, busy: Sequence[Span], wanted: Wanted, now: datetime
) -> Proposed:
    """Times for the next meetings, each in its own window; `times` is empty if there are none.

    They keep the last meeting's weekday and hour by the first person's clock. A window without any
    time is left out; only one in which working hours never meet is looked at beyond them.
    """
    soonest = now + SOON - wanted.rhythm
    last = soonest if wanted.last is None else max(wanted.last, soonest)
    both, times, widened = (first, second), [], False
    for window in meeting_windows(last, wanted.rhythm, wanted.meetings, wanted.ends_on):
        search = _widen(_Search(both, tuple(busy), window, wanted.length, wanted.ends_on))
        if chosen := _choose(search, wanted.each, wanted.last):
            times.append(chosen)
            widened |= search.beyond > timedelta()
    return Proposed(tuple(times), widened)


def _widen(search: _Search) -> _Search:
    """The search with the narrowest hours that have a time; as it is if none have, or no need."""
    wider = [replace(search, beyond=beyond) for beyond in _BEYOND]
    # A full diary is no reason to go beyond working hours.
    if _starts(replace(search, busy=())) or not _starts(wider[-1]):
        return search
    return next(wide for wide in wider if _starts(wide))


def _starts(search: _Search) -> dict[datetime, datetime]:
    """Every start, in order: the first one's clock (naive, on the half hour) and the instant."""
    free = _without(_shared(*(_meetable(hours, search) for hours in search.both)), search.busy)
    return dict(sorted(start for span in free for start in _half_hours(span, search)))


def _half_hours(free: Span, search: _Search) -> Iterator[tuple[datetime, datetime]]:
    zone = search.both[0].zone
    shown = local(free.start, zone).replace(minute=0, second=0, microsecond=0, tzinfo=None)
    while (at := _at(shown, zone)) + search.length <= free.end:
        # Of a time that comes twice only the first: two buttons would read the same.
        if at >= free.start and exists(shown.date(), shown.time(), zone):
            yield shown, at
        shown += HALF_HOUR


def _meetable(hours: Hours, search: _Search) -> list[Span]:
    """The stretches in which this person can meet, cut to those that are searched."""
    day = local(search.within.start, hours.zone).date() - DAY
    last = min(local(search.within.end, hours.zone).date(), search.ends_on or date.max)
    stretches: list[Span] = []
    while day <= last:
        if day.weekday() in hours.workdays and day not in hours.days_off:
            stretches += _on_workday(day, hours, search.beyond)
        day += DAY
    return _shared(stretches, [search.within])


def _on_workday(day: date, hours: Hours, beyond: timedelta) -> list[Span]:
    """Working hours on that day, widened at both ends but not into quiet hours or other days."""
    start, end = _by_the_clock(day, hours.works_from, hours.works_to)
    works = _span(start, end, hours.zone)
    if not beyond:
        return [works]
    midnight = datetime.combine(day, time.min)
    start, end = max(midnight, start - beyond), min(max(midnight + DAY, end), end + beyond)
    return _without([_span(start, end, hours.zone)], _without(_quiet_around(day, hours), [works]))


def _quiet_around(day: date, hours: Hours) -> list[Span]:
    """The quiet hours that may touch that day, from the evening before to the morning after."""
    evenings = () if hours.quiet_from == hours.quiet_to else (day - DAY, day, day + DAY)
    nights = [_by_the_clock(evening, hours.quiet_from, hours.quiet_to) for evening in evenings]
    return [Span(_at(a, hours.zone), _at(b, hours.zone, "second")) for a, b in nights]


def _by_the_clock(day: date, start: time, end: time) -> tuple[datetime, datetime]:
    """Both as naive wall times, the end on the next day if it is earlier than the start."""
    ends_on = day + DAY if end < start else day
    return datetime.combine(day, start), datetime.combine(ends_on, end)


def _span(start: datetime, end: datetime, zone: str) -> Span:
    # The second of a time that comes twice begins it, the first ends it: no clock reads outside.
    return Span(_at(start, zone, "second"), _at(end, zone))


def _at(shown: datetime, zone: str, of_two: Literal["first", "second"] = "first") -> datetime:
    return at_wall_time(shown.date(), shown.time(), zone, of_two)


def _shared(some: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    """What lies in one of these and one of those."""
    overlaps = (Span(max(a.start, b.start), min(a.end, b.end)) for a in some for b in others)
    return [overlap for overlap in overlaps if overlap.start < overlap.end]


def _without(spans: Sequence[Span], cuts: Iterable[Span]) -> list[Span]:
    """What the cuts leave of the spans."""
    left = list(spans)
    for cut in cuts:
        before = [Span(span.start, min(span.end, cut.start)) for span in left]
        after = [Span(max(span.start, cut.end), span.end) for span in left]
        left = [span for span in before + after if span.start < span.end]
    return left


def _choose(search: _Search, how_many: int, near: datetime | None) -> tuple[datetime, ...]:
    """Some of the starts, the one like `near` first, no two so close that meetings overlap."""
    zone = search.both[0].zone
    shown = _starts(search)
    middle = search.within.start + (search.within.end - search.within.start) / 2
    middle = local(middle, zone).replace(tzinfo=None)
    lead = _alike(shown, near and local(near, zone), middle)[:how_many]
    chosen: list[datetime] = []
    left = list(shown)
    while left and len(chosen) < how_many:
        among = left if chosen or not lead else lead
        best = min(among, key=lambda start: _crowding(start, chosen, middle))
        chosen.append(best)
        left = [s for s in left if abs(shown[s] - shown[best]) >= max(search.length, HALF_HOUR)]
    return tuple(shown[start] for start in [*lead, *sorted(chosen[len(lead) :])])


def _alike(shown: Iterable[datetime], near: datetime | None, middle: datetime) -> list[datetime]:
    """The start on the weekday and at the time of `near`, the one nearest the middle; or none."""
    mark = near and (near.weekday(), near.time())
    alike = (start for start in shown if (start.weekday(), start.time()) == mark)
    return sorted(alike, key=lambda start: abs(start - middle))[:1]


def _crowding(start: datetime, chosen: Sequence[datetime], middle: datetime) -> tuple[int, ...]:
    """How little this start adds to those chosen; the least is the next to choose."""
    gaps = [abs(start.toordinal() - other.toordinal()) for other in chosen]
    part, aside = _part_of_day(start.time())
    parts = [_part_of_day(other.time())[0] for other in chosen]
    away = -min(gaps) if gaps else abs(start.toordinal() - middle.toordinal())
    return gaps.count(0), parts.count(part), away, aside


@cache
def _part_of_day(start: time) -> tuple[int, int]:
    """Which of _PARTS a start belongs to, and how many minutes aside of its middle."""
    asides = [abs(start.hour * 60 + start.minute - part) for part in _PARTS]
    return asides.index(min(asides)), min(asides)
