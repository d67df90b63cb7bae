"""Nothing is pushed in quiet hours, at weekends or on holidays, whatever the clocks do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.quiet import NEVER, is_quiet, open_from, open_until
from conversations.story import Hours
from conversations.wall_time import changes_between

ANA = Hours("Europe/Madrid")
"""Quiet from 19:00 to 08:00, works from Monday to Friday."""
EVERY_DAY = frozenset(range(7))
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
ZONES = sorted(available_timezones() - {"localtime", "Factory"})
UNEASY = [
    *("Europe/Madrid", "Australia/Lord_Howe", "Antarctica/Troll", "America/Nuuk", "Africa/Cairo"),
    *("Asia/Beirut", "America/Havana", "America/Santiago", "Europe/Dublin", "Africa/Casablanca"),
    *("Asia/Gaza", "Pacific/Easter"),
]
"""Where clocks change at midnight, by half an hour, by two, or for a month."""


def at(shown: str, zone: str = "Europe/Madrid", fold: int = 0) -> datetime:
    """Give the instant at which clocks there show that."""
    local = datetime.fromisoformat(shown).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return local.astimezone(UTC)


@pytest.mark.parametrize(
    ("asked", "reaches"),
    [
        ("2026-03-03T12:00", "2026-03-03T12:00"),
        ("2026-03-03T07:59", "2026-03-03T08:00"),
        ("2026-03-03T08:00", "2026-03-03T08:00"),
        ("2026-03-03T19:00", "2026-03-04T08:00"),
        # A Friday evening waits for Monday, over a clock change too.
        ("2026-03-06T20:00", "2026-03-09T08:00"),
        ("2026-03-27T20:00", "2026-03-30T08:00"),
        ("2026-10-23T20:00", "2026-10-26T08:00"),
        # Maundy Thursday and Good Friday are Ana's holidays.
        ("2026-04-01T19:30", "2026-04-06T08:00"),
    ],
)
def test_a_message_waits_for_the_morning_of_a_workday(asked: str, reaches: str) -> None:
    """By the clocks at the person's own place."""
    ana = replace(ANA, days_off=frozenset({date(2026, 4, 2), date(2026, 4, 3)}))
    assert open_from(at(asked), ana) == at(reaches)


@pytest.mark.parametrize(
    ("planned", "goes_out"),
    [
        ("2026-03-03T12:00", "2026-03-03T12:00"),
        # Monday's reminder falls on Sunday and goes out on Friday.
        ("2026-03-08T10:00", "2026-03-06T18:59"),
        ("2026-03-29T10:00", "2026-03-27T18:59"),
        ("2026-03-09T07:00", "2026-03-06T18:59"),
        ("2026-03-03T19:00", "2026-03-03T18:59"),
        ("2026-04-03T12:00", "2026-04-01T18:59"),
    ],
)
def test_a_reminder_planned_backwards_goes_out_before(planned: str, goes_out: str) -> None:
    """The last whole minute at which it may, so that it is never late."""
    ana = replace(ANA, days_off=frozenset({date(2026, 4, 2), date(2026, 4, 3)}))
    assert open_until(at(planned), ana) == at(goes_out)


def test_quiet_hours_may_lie_within_one_day() -> None:
    """A siesta: what comes in it waits for its end."""
    siesta = replace(ANA, quiet_from=time(14), quiet_to=time(17))
    assert open_from(at("2026-03-03T15:00"), siesta) == at("2026-03-03T17:00")
    assert open_until(at("2026-03-03T15:00"), siesta) == at("2026-03-03T13:59")
    assert is_quiet(at("2026-03-03T14:00"), siesta)
    assert not is_quiet(at("2026-03-03T17:00"), siesta)
    assert not is_quiet(at("2026-03-03T03:00"), siesta)


def test_quiet_hours_may_end_or_begin_at_midnight() -> None:
    """Midnight is the first moment of its day."""
    till_eight = replace(ANA, quiet_from=time(0), quiet_to=time(8))
    assert open_from(at("2026-03-03T00:00"), till_eight) == at("2026-03-03T08:00")
    assert open_from(at("2026-03-07T12:00"), till_eight) == at("2026-03-09T08:00")
    evenings = replace(ANA, quiet_from=time(19), quiet_to=time(0))
    assert open_from(at("2026-03-03T20:00"), evenings) == at("2026-03-04T00:00")
    assert open_until(at("2026-03-03T20:00"), evenings) == at("2026-03-03T18:59")


@pytest.mark.parametrize("bounds", [time(0), time(8), time(20)])
def test_equal_bounds_mean_no_quiet_hours(bounds: time) -> None:
    """The week still holds: a Saturday night waits for Monday's morning, and not for midnight."""
    open_all_day = replace(ANA, quiet_from=bounds, quiet_to=bounds)
    assert open_from(at("2026-03-03T03:00"), open_all_day) == at("2026-03-03T03:00")
    assert open_from(at("2026-03-07T23:00"), open_all_day) == at("2026-03-09T08:00")
    assert is_quiet(at("2026-03-09T07:59"), open_all_day)
    assert open_until(at("2026-03-07T23:00"), open_all_day) == at("2026-03-06T23:59")
    assert open_until(at("2026-03-09T07:00"), open_all_day) == at("2026-03-06T23:59")


def test_without_quiet_hours_a_holiday_ends_in_the_morning_too() -> None:
    """A Wednesday off: what waited comes on Thursday at eight; over a week of work, at any hour."""
    open_all_day = replace(
        ANA, quiet_from=time(0), quiet_to=time(0), days_off=frozenset({date(2026, 3, 4)})
    )
    assert open_from(at("2026-03-04T12:00"), open_all_day) == at("2026-03-05T08:00")
    assert open_from(at("2026-03-06T00:00"), open_all_day) == at("2026-03-06T00:00")


def test_quiet_that_ends_in_the_missing_hour_ends_with_the_gap() -> None:
    """In Madrid on 29 March 2026 the clocks go from 02:00 to 03:00."""
    owl = replace(ANA, quiet_from=time(0), quiet_to=time(2, 30), workdays=EVERY_DAY)
    assert open_from(at("2026-03-29T01:00"), owl) == at("2026-03-29T03:00")


def test_quiet_that_ends_in_the_double_hour_begins_again_with_it() -> None:
    """On 25 October 02:30 comes twice, and from 02:00 to 02:30 it is quiet both times."""
    owl = replace(ANA, quiet_from=time(0), quiet_to=time(2, 30), workdays=EVERY_DAY)
    assert open_from(at("2026-10-25T01:00"), owl) == at("2026-10-25T02:30")
    again = at("2026-10-25T02:10", fold=1)
    assert is_quiet(again, owl)
    assert open_from(again, owl) == at("2026-10-25T02:30", fold=1)
    assert open_until(again, owl) == at("2026-10-25T02:59")


@pytest.mark.parametrize("zone", ["Europe/Madrid", "Pacific/Apia", "America/Los_Angeles"])
@pytest.mark.parametrize(
    "hours",
    [
        Hours("UTC", workdays=frozenset()),
        Hours("UTC", workdays=frozenset({7})),
        Hours("UTC", days_off=frozenset(date(2025, 1, 1) + count * DAY for count in range(999))),
    ],
)
def test_a_week_without_an_open_moment_is_never_and_ends_at_once(zone: str, hours: Hours) -> None:
    """NEVER both ways: neither a new message nor a reminder planned backwards is sent."""
    nobody = replace(hours, zone=zone)
    asked = at("2026-06-03T12:00")
    assert is_quiet(asked, nobody)
    assert open_from(asked, nobody) == NEVER
    assert open_until(asked, nobody) == NEVER


def test_never_stays_never() -> None:
    """What will not be sent is not sent a little later either."""
    assert open_from(NEVER, ANA) == open_until(NEVER, ANA) == NEVER
    last = datetime(9999, 12, 31, 23, tzinfo=UTC)
    assert open_from(last, ANA) == open_until(last, ANA) == NEVER


def test_two_opposite_changes_in_one_long_holiday_cancel() -> None:
    """Morocco sets its clocks back for Ramadan and forward after it; Ana is away for all of it."""
    away = frozenset(date(2026, 2, 10) + count * DAY for count in range(50))
    ana = Hours("Africa/Casablanca", days_off=away)
    zone = ana.zone
    assert open_from(at("2026-02-09T20:00", zone), ana) == at("2026-04-01T08:00", zone)
    assert open_until(at("2026-04-01T07:00", zone), ana) == at("2026-02-09T18:59", zone)


def works(day: date, hours: Hours) -> bool:
    """Whether somebody works on that day."""
    return day.weekday() in hours.workdays and day not in hours.days_off


def is_open(instant: datetime, hours: Hours) -> bool:
    """Read off the clock and the calendar there, and nothing else."""
    shown = instant.astimezone(ZoneInfo(hours.zone))
    if not works(shown.date(), hours):
        return False
    wall, start, end = shown.time(), hours.quiet_from, hours.quiet_to
    if start == end:
        return works(shown.date() - DAY, hours) or wall >= time(8)
    if start < end:
        return not start <= wall < end
    return end <= wall < start


@st.composite
def cases(draw: st.DrawFn) -> tuple[datetime, Hours]:
    """An instant, mostly near a clock change, and somebody's hours, however odd."""
    zone = draw(st.sampled_from(UNEASY) | st.sampled_from(ZONES))
    changes = changes_between(zone, at("2024-01-01", "UTC"), at("2035-12-31", "UTC"))
    near = draw(st.sampled_from(changes or (at("2026-06-03T12:00"),)))
    minutes = st.integers(0, 1439).map(lambda count: time(*divmod(count, 60)))
    quiet_from = draw(minutes)
    first = near.date() - 6 * DAY
    hours = Hours(
        zone,
        quiet_from=quiet_from,
        quiet_to=draw(minutes | st.just(quiet_from)),
        workdays=draw(st.frozensets(st.integers(0, 6), min_size=1)),
        days_off=draw(st.frozensets(st.integers(0, 12).map(lambda count: first + count * DAY))),
    )
    aside = draw(st.timedeltas(-2 * DAY, 2 * DAY))
    return near + aside, hours


def minutes_between(start: datetime, end: datetime) -> Iterator[datetime]:
    """Whole minutes from the first that is not before the start, up to the end without it."""
    start = start + (datetime.fromtimestamp(0, UTC) - start) % MINUTE
    return (start + count * MINUTE for count in range(-((start - end) // MINUTE)))


@given(cases())
@settings(deadline=None)
def test_the_answer_is_open_and_nothing_before_it_is(case: tuple[datetime, Hours]) -> None:
    """Compared minute by minute with the clock on the wall."""
    instant, hours = case
    found = open_from(instant, hours)
    assert found >= instant
    assert found.tzinfo is UTC
    assert is_open(found, hours)
    assert found == instant or not is_open(found - datetime.resolution, hours)
    assert not any(is_open(moment, hours) for moment in minutes_between(instant, found))
    assert open_from(found, hours) == found


@given(cases())
@settings(deadline=None)
def test_backwards_the_answer_is_open_and_nothing_after_it_is(
    case: tuple[datetime, Hours],
) -> None:
    """Compared minute by minute with the clock on the wall."""
    instant, hours = case
    found = open_until(instant, hours)
    assert found <= instant
    assert is_open(found, hours)
    if found != instant:
        assert not is_open(instant, hours)
        assert found.second == found.microsecond == 0
        after = minutes_between(found + MINUTE, instant)
        assert not any(is_open(moment, hours) for moment in after)


@given(cases())
@settings(deadline=None)
def test_quiet_is_what_the_clock_there_says(case: tuple[datetime, Hours]) -> None:
    """And an instant that is not quiet is its own answer both ways."""
    instant, hours = case
    assert is_quiet(instant, hours) != is_open(instant, hours)
    if not is_quiet(instant, hours):
        assert open_from(instant, hours) == open_until(instant, hours) == instant
