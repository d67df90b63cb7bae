"""The same wall time on another day: every zone, every clock change of twelve years."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.wall_time import (
    UnknownZone,
    at_wall_time,
    changes_between,
    day_exists,
    exists,
    find_zone,
    local,
    nearest_zones,
    next_daily,
    same_wall_time,
    zone_named,
)

DAY, QUARTER, SECOND = timedelta(days=1), timedelta(minutes=15), timedelta(seconds=1)
FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)
QUARTERS = [time(hour, minute) for hour in range(24) for minute in (0, 15, 30, 45)]
NAMES = sorted(available_timezones() - {"localtime", "Factory"})
zones = st.sampled_from(NAMES)
instants = st.integers(86_400_000_000, 2_840_140_800_000_000).map(
    lambda microseconds: datetime.fromtimestamp(0, UTC) + timedelta(microseconds=microseconds)
)


def offset(instant: datetime, zone: str) -> timedelta:
    """How far the zone is from UTC, asked of zoneinfo alone."""
    return instant.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()


def first_change(zone: str, low: datetime, high: datetime) -> datetime:
    """The instant of the one change between the two, by halving."""
    while high - low > SECOND:
        middle = low + (high - low) // SECOND // 2 * SECOND
        low, high = (middle, high) if offset(middle, zone) == offset(low, zone) else (low, middle)
    return high


def changes_of(zone: str) -> Iterator[datetime]:
    """Every clock change of a zone in the twelve years; no two lie within two days."""
    marks = [FIRST + count * 2 * DAY for count in range((LAST - FIRST) // (2 * DAY) + 1)]
    offsets = [offset(mark, zone) for mark in marks]
    for count in range(len(marks) - 1):
        if offsets[count] != offsets[count + 1]:
            yield first_change(zone, marks[count], marks[count + 1])


@cache
def all_changes() -> dict[tuple[datetime, timedelta, timedelta], str]:
    """Every clock change there is (when, the offset before and after), with one zone that has it.

    Round one change all zones that share it are alike, so one of them is enough.
    """
    return {
        (change, offset(change - SECOND, zone), offset(change, zone)): zone
        for zone in NAMES
        for change in changes_of(zone)
    }


def naive(instant: datetime, zone: str) -> datetime:
    """What a clock on the wall there shows."""
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


class ClockOnTheWall:
    """A clock in one zone, read at every quarter hour for three days to either side of a change."""

    def __init__(self, change: datetime, zone: str) -> None:
        self.instants = [change + count * QUARTER for count in range(-288, 288)]
        self.shown = [naive(instant, zone) for instant in self.instants]
        self.latest = list(accumulate(self.shown, max))
        middle = naive(change, zone).date()
        self.days = [middle + count * DAY for count in (-1, 0, 1)]

    def first_at_or_past(self, shown: datetime) -> datetime:
        """The first instant at which it shows that time or has jumped past it."""
        return self.instants[bisect_left(self.latest, shown)]


def test_tzdata_changes_clocks_on_quarter_hours_only() -> None:
    """Else a reading at every quarter hour would not see all there is."""
    assert len(all_changes()) > 400
    assert {change.minute % 15 + change.second for change, _, _ in all_changes()} == {0}
    assert {(after - before) % QUARTER for _, before, after in all_changes()} == {timedelta()}


def test_every_quarter_hour_round_every_change_falls_where_the_rule_says() -> None:
    """Shown once: then. Shown twice: the first. Never shown: where the gap ends."""
    for (change, _, _), zone in all_changes().items():
        clock = ClockOnTheWall(change, zone)
        shown = set(clock.shown)
        for day in clock.days:
            for wall in QUARTERS:
                wanted = datetime.combine(day, wall)
                falls = at_wall_time(day, wall, zone)
                assert falls == clock.first_at_or_past(wanted), (zone, wanted)
                assert exists(day, wall, zone) == (wanted in shown), (zone, wanted)


def test_a_missing_hour_falls_on_the_instant_of_the_change() -> None:
    """The stated answer for what a clock change leaves out, in every zone that has one."""
    for (change, before, after), zone in all_changes().items():
        missing = (change + before).replace(tzinfo=None)
        while missing < (change + after).replace(tzinfo=None):
            assert at_wall_time(missing.date(), missing.time(), zone) == change, (zone, missing)
            missing += QUARTER


def test_an_hour_that_comes_twice_counts_the_first_time() -> None:
    """In every zone that has one; the second can be asked for by name."""
    for (change, before, after), zone in all_changes().items():
        twice = (change + after).replace(tzinfo=None)
        while twice < (change + before).replace(tzinfo=None):
            first = at_wall_time(twice.date(), twice.time(), zone)
            second = at_wall_time(twice.date(), twice.time(), zone, "second")
            assert first < change <= second, (zone, twice)
            assert naive(first, zone) == naive(second, zone) == twice
            twice += QUARTER


def test_a_daily_time_skips_no_day_and_doubles_none() -> None:
    """Each quarter hour, walked from day to day over every change: once for each local day."""
    for (change, _, _), zone in all_changes().items():
        clock = ClockOnTheWall(change, zone)
        start, end = change - 3 * DAY / 2, change + 3 * DAY / 2
        days = sorted({shown.date() for shown in clock.shown})[1:-1]
        for wall in QUARTERS:
            due = (clock.first_at_or_past(datetime.combine(day, wall)) for day in days)
            assert list(walk(start, end, wall, zone)) == [at for at in due if start < at <= end]


def walk(start: datetime, end: datetime, wall: time, zone: str) -> Iterator[datetime]:
    """What comes when each next time is asked for from the last, as the daily review does."""
    at = next_daily(start, wall, zone)
    while at <= end:
        yield at
        at = next_daily(at, wall, zone)


def test_clock_changes_are_found_to_the_second() -> None:
    """Quiet hours are worked out from change to change, so none may be missed or moved."""
    for zone in set(all_changes().values()):
        assert changes_between(zone, FIRST - SECOND, LAST - SECOND) == tuple(changes_of(zone))


def test_a_change_counts_from_its_own_instant() -> None:
    """Later than the first bound, up to and with the second."""
    change = datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert changes_between("Europe/Madrid", change - SECOND, change) == (change,)
    assert changes_between("Europe/Madrid", change, change + DAY) == ()
    # Lisbon left its own noon for Greenwich's at the first instant of a year.
    new_year = datetime(1912, 1, 1, tzinfo=UTC)
    assert changes_between("Europe/Lisbon", new_year - SECOND, new_year) == (new_year,)


@pytest.mark.parametrize(
    ("zone", "wall", "start", "local_dates"),
    [
        # Samoa crossed the date line and left out a Friday.
        ("Pacific/Apia", time(9), "2011-12-28T20:00Z", ["12-29", "12-31", "01-01"]),
        ("Pacific/Apia", time(0), "2011-12-28T20:00Z", ["12-29", "12-31", "01-01"]),
        ("Pacific/Kwajalein", time(9), "1993-08-20T00:00Z", ["08-20", "08-22", "08-23"]),
        # Alaska crossed it the other way and had one Friday twice.
        ("America/Juneau", time(9), "1867-10-17T00:00Z", ["10-18", "10-19", "10-20"]),
        # Clocks that went back at one minute past midnight, into the day before.
        ("America/St_Johns", time(0), "2010-11-06T12:00Z", ["11-07", "11-08", "11-09"]),
        ("America/St_Johns", time(23, 30), "2010-11-06T12:00Z", ["11-06", "11-07", "11-08"]),
        # The last hour of a Saturday is missing: it falls on Sunday's midnight.
        ("America/Nuuk", time(23, 30), "2026-03-27T12:00Z", ["03-27", "03-29", "03-29"]),
    ],
)
def test_days_that_a_calendar_left_out_or_had_twice(
    zone: str, wall: time, start: str, local_dates: list[str]
) -> None:
    """Exactly once for each day that the calendar there has."""
    at, seen = datetime.fromisoformat(start), []
    for _ in local_dates:
        at = next_daily(at, wall, zone)
        seen.append(f"{local(at, zone):%m-%d}")
    assert seen == local_dates


def test_a_day_left_out_does_not_exist() -> None:
    """Friday 30 December 2011 never came in Apia; elsewhere it did."""
    assert not day_exists(date(2011, 12, 30), "Pacific/Apia")
    assert day_exists(date(2011, 12, 30), "Pacific/Auckland")
    missed = at_wall_time(date(2011, 12, 30), time(15), "Pacific/Apia")
    assert f"{local(missed, 'Pacific/Apia'):%d %H:%M}" == "31 00:00"


@pytest.mark.parametrize(
    ("zone", "day", "wall", "at"),
    [
        ("Europe/Madrid", date(2026, 3, 29), time(2, 30), "2026-03-29T01:00"),
        ("Europe/Madrid", date(2026, 10, 25), time(2, 30), "2026-10-25T00:30"),
        ("Europe/Dublin", date(2026, 10, 25), time(1, 30), "2026-10-25T00:30"),
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), "2026-10-03T15:30"),
        ("Australia/Lord_Howe", date(2026, 4, 5), time(1, 45), "2026-04-04T14:45"),
        ("Antarctica/Troll", date(2026, 3, 29), time(1, 30), "2026-03-29T01:00"),
        ("Asia/Kathmandu", date(2026, 3, 29), time(9), "2026-03-29T03:15"),
        ("Africa/Monrovia", date(1972, 1, 7), time(0, 0, 10), "1972-01-07T00:44:30"),
    ],
)
def test_missing_and_double_times_by_name(zone: str, day: date, wall: time, at: str) -> None:
    """A few to read; half-hour changes, negative summer time and odd seconds among them."""
    assert at_wall_time(day, wall, zone) == datetime.fromisoformat(at).replace(tzinfo=UTC)


def test_a_wall_time_with_a_fold_of_its_own_is_no_other_time() -> None:
    """What was read off one clock change must not decide at another."""
    day = date(2026, 10, 25)
    assert at_wall_time(day, time(2, 30, fold=1), "Europe/Madrid") == at_wall_time(
        day, time(2, 30), "Europe/Madrid"
    )


def test_a_monthly_meeting_keeps_its_hour_over_a_clock_change() -> None:
    """Ana and Ben meet at ten in Madrid in March, and at ten in April."""
    march = datetime(2026, 3, 10, 9, tzinfo=UTC)
    april = same_wall_time(march, date(2026, 4, 7), "Europe/Madrid")
    assert april == datetime(2026, 4, 7, 8, tzinfo=UTC)


@given(zone=zones, day=st.dates(date(1970, 1, 3), date(2060, 1, 1)), wall=st.times())
@settings(deadline=None)
def test_a_time_falls_when_the_clock_first_shows_it_or_has_passed_it(
    zone: str, day: date, wall: time
) -> None:
    """The one rule, on any day and to the microsecond."""
    falls = at_wall_time(day, wall, zone)
    assert naive(falls, zone) >= datetime.combine(day, wall)
    assert naive(falls - datetime.resolution, zone) < datetime.combine(day, wall)
    assert exists(day, wall, zone) == (naive(falls, zone) == datetime.combine(day, wall))


@given(zone=zones, after=instants, wall=st.times())
@settings(deadline=None)
def test_the_next_daily_time_is_the_next_and_nothing_is_between(
    zone: str, after: datetime, wall: time
) -> None:
    """Compared with all the days round about."""
    middle = naive(after, zone).date()
    days = [middle + count * DAY for count in range(-3, 4)]
    falls = sorted(at_wall_time(day, wall, zone) for day in days if day_exists(day, zone))
    assert all(one < other for one, other in pairwise(falls))
    assert next_daily(after, wall, zone) == next(at for at in falls if at > after)


@given(zone=zones, instant=instants)
@settings(deadline=None)
def test_an_instant_is_its_own_wall_time_on_its_own_day(zone: str, instant: datetime) -> None:
    """Or the first of the two, where its hour comes twice."""
    same = same_wall_time(instant, naive(instant, zone).date(), zone)
    assert same <= instant
    assert naive(same, zone) == naive(instant, zone)


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Madrid", "Europe/Madrid"),
        ("europe/madrid", "Europe/Madrid"),
        ("  Europe / Madrid ", "Europe/Madrid"),
        ("Madrid", "Europe/Madrid"),
        ("New York", "America/New_York"),
        ("new_york", "America/New_York"),
        ("São Paulo", "America/Sao_Paulo"),
        ("Zürich", "Europe/Zurich"),
        ("Port-au-Prince", "America/Port-au-Prince"),
        ("St. John’s", "America/St_Johns"),
        ("Buenos Aires", "America/Argentina/Buenos_Aires"),
        ("UTC", "UTC"),
        ("Portugal", "Portugal"),
        ("US/Eastern", "US/Eastern"),
    ],
)
def test_what_a_person_types_is_found(typed: str, zone: str) -> None:
    """A name or a city, in any case, with or without accents."""
    assert find_zone(typed) == zone


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("Madird", "Europe/Madrid"),
        ("Europe/Madird", "Europe/Madrid"),
        ("Madrid, Spain", "Europe/Madrid"),
        ("I live in New York", "America/New_York"),
        ("CET", "Europe/Madrid"),
        ("EST", "America/New_York"),
        ("GMT", "Europe/London"),
        ("WEST", "Europe/Lisbon"),
        ("Córdoba", "Europe/Madrid"),
        ("San Juan", "America/Puerto_Rico"),
    ],
)
def test_what_is_not_clear_is_offered_and_never_guessed(typed: str, nearest: str) -> None:
    """Abbreviations mean several zones, and some cities have namesakes."""
    assert find_zone(typed) is None
    assert nearest in nearest_zones(typed)


@pytest.mark.parametrize("typed", ["", "/", "GMT+2", "UTC+1", "Etc/GMT+5", "localtime", "x" * 5000])
def test_a_fixed_offset_or_nonsense_is_neither_found_nor_offered(typed: str) -> None:
    """Etc/GMT+2 lies two hours west of Greenwich: who types GMT+2 means the east."""
    assert find_zone(typed) is None
    assert nearest_zones(typed) == ()


@given(st.text())
@settings(deadline=None)
def test_any_text_is_a_zone_or_none(text: str) -> None:
    """Whatever is typed, nothing breaks."""
    found = find_zone(text)
    for name in (*nearest_zones(text), found or "UTC"):
        assert zone_named(name).key == name


def test_an_unknown_zone_names_the_nearest() -> None:
    """So that a configuration is mended without a look at a list."""
    with pytest.raises(UnknownZone, match="did you mean Europe/Madrid") as unknown:
        at_wall_time(date(2026, 3, 3), time(9), "Europe/Madird")
    assert unknown.value.nearest[0] == "Europe/Madrid"


@pytest.mark.parametrize("name", ["localtime", "Factory", "Europe", "", "../etc", "europe/madrid"])
def test_what_is_no_zone_by_name_is_refused(name: str) -> None:
    """The machine's own time, a folder, or another case: each would work on some machines only."""
    with pytest.raises(UnknownZone):
        zone_named(name)


def test_an_instant_without_a_zone_is_refused() -> None:
    """Python would take it for the machine's own time and say nothing."""
    with pytest.raises(ValueError, match="has no zone"):
        local(datetime(2026, 3, 3, 9, tzinfo=UTC).replace(tzinfo=None), "Europe/Madrid")
