"""Times that suit both of a pair: in both their working hours, spread, over clock changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conversations.free_times import Wanted, free_times, meeting_windows, propose
from conversations.story import Hours, Span

DAY, HOUR, QUARTER = timedelta(days=1), timedelta(hours=1), timedelta(minutes=15)
ANA = Hours("Europe/Madrid")
BEN = Hours("Europe/London")
EVERY_DAY = frozenset(range(7))


def at(shown: str, zone: str = "Europe/Madrid") -> datetime:
    """Give the instant at which clocks there show that."""
    return datetime.fromisoformat(shown).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def read(times: Iterable[datetime], zone: str = "Europe/Madrid") -> list[str]:
    """Give them as they stand on the buttons of somebody there."""
    return [f"{each.astimezone(ZoneInfo(zone)):%a %d %b %H:%M}" for each in times]


def late(hours: Hours) -> Hours:
    """Have it quiet from ten at night to seven only."""
    return replace(hours, quiet_from=time(22), quiet_to=time(7))


NOW = at("2026-03-03T12:10")
"""A Tuesday; Madrid's clocks change on 29 March, New York's on the 8th."""
MONTHLY = Wanted(rhythm=30 * DAY, length=HOUR, last=at("2026-03-03T10:00"))


def offered(
    first: Hours = ANA,
    second: Hours = BEN,
    busy: tuple[Span, ...] = (),
    length: timedelta = HOUR,
    how_many: int = 4,
    near: datetime | None = None,
) -> list[str]:
    """Read what is offered in the ten days from now."""
    window = {"earliest": NOW, "latest": NOW + 10 * DAY}
    times = free_times(first, second, busy, **window, length=length, how_many=how_many, near=near)
    return read(times, first.zone)


def test_six_times_lie_on_different_days_and_at_different_hours() -> None:
    """Not the first six half hours of one morning."""
    assert offered(how_many=6) == [
        "Tue 03 Mar 13:30",
        "Wed 04 Mar 16:00",
        "Fri 06 Mar 16:00",
        "Mon 09 Mar 10:00",
        "Wed 11 Mar 13:30",
        "Fri 13 Mar 10:00",
    ]


def test_one_time_lies_in_the_middle() -> None:
    """So that the rhythm is kept where only one is wanted."""
    assert offered(how_many=1) == ["Mon 09 Mar 10:00"]


def test_the_weekday_and_hour_of_a_former_meeting_lead() -> None:
    """The pair met on a Thursday at eleven; the others follow in order."""
    thursday = at("2026-02-05T11:00")
    assert offered(near=thursday) == [
        "Thu 05 Mar 11:00",
        "Tue 03 Mar 13:30",
        "Mon 09 Mar 16:00",
        "Thu 12 Mar 13:30",
    ]


def test_a_former_hour_that_is_taken_is_not_forced() -> None:
    """What is in either's diary stays free of it."""
    taken = (Span(at("2026-03-05T11:30"), at("2026-03-05T12:30")),)
    assert "Thu 05 Mar 11:00" not in offered(busy=taken, near=at("2026-02-05T11:00"), how_many=40)


def test_both_work_at_the_hours_offered() -> None:
    """Nine in New York is fifteen in Madrid, and fourteen once New York has changed its clocks."""
    new_york = Hours("America/New_York")
    times = offered(second=new_york, length=3 * HOUR, how_many=9)
    assert times[:3] == ["Tue 03 Mar 15:00", "Wed 04 Mar 15:00", "Thu 05 Mar 15:00"]
    assert all(each[-5:] in {"14:00", "14:30", "15:00"} for each in times[4:])
    assert len(times) == 8


def test_nothing_is_offered_on_a_day_off_of_either() -> None:
    """Ana is away until Monday, and Ben has his holiday then."""
    ana = replace(ANA, days_off=frozenset(date(2026, 3, day) for day in range(3, 9)))
    ben = replace(BEN, days_off=frozenset({date(2026, 3, 9)}))
    assert {each[:6] for each in offered(ana, ben, how_many=40)} == {
        *("Tue 10", "Wed 11", "Thu 12", "Fri 13")
    }


def test_half_hours_are_those_of_the_first_person() -> None:
    """In Kathmandu they are a quarter past or to the hour in Madrid."""
    kathmandu = Hours("Asia/Kathmandu")
    window = {"earliest": NOW, "latest": NOW + 5 * DAY}
    times = free_times(kathmandu, ANA, (), **window, length=HOUR, how_many=3)
    assert {each[-2:] for each in read(times, kathmandu.zone)} <= {"00", "30"}
    assert {each[-2:] for each in read(times)} <= {"15", "45"}


def test_a_pair_that_shares_no_working_hour_has_no_free_time() -> None:
    """It is left to `propose` to look further."""
    assert offered(Hours("Pacific/Auckland"), Hours("Europe/Lisbon")) == []


def test_nights_are_worked_too() -> None:
    """From 22:00 to 06:00: Friday's night goes on into Saturday, and Saturday has none."""
    ana = replace(ANA, works_from=time(22), works_to=time(6))
    assert offered(ana, ana, length=7 * HOUR, how_many=40) == [
        *("Tue 03 Mar 22:00", "Wed 04 Mar 22:00", "Thu 05 Mar 22:00", "Fri 06 Mar 22:00"),
        *("Mon 09 Mar 22:00", "Tue 10 Mar 22:00", "Wed 11 Mar 22:00", "Thu 12 Mar 22:00"),
    ]
    assert any("Sat 07 Mar 0" in each for each in offered(ana, ana, how_many=90))
    assert not any("Sat 07 Mar 2" in each for each in offered(ana, ana, how_many=90))


def test_a_night_that_has_begun_goes_on() -> None:
    """Looked for at half past midnight, there is still time before six."""
    ana = replace(ANA, works_from=time(22), works_to=time(6))
    window = {"earliest": at("2026-03-07T00:30"), "latest": at("2026-03-07T12:00")}
    times = free_times(ana, ana, (), **window, length=4 * HOUR, how_many=1)
    assert read(times) == ["Sat 07 Mar 02:00"]


def test_a_former_hour_that_the_clocks_leave_out_does_not_lead() -> None:
    """Half past two on 29 March never comes, and three o'clock is another hour."""
    owl = replace(ANA, works_from=time(0), works_to=time(6), workdays=EVERY_DAY)
    window = {"earliest": at("2026-03-29T00:00"), "latest": at("2026-03-29T12:00")}
    former = at("2026-03-22T02:30")
    times = free_times(owl, owl, (), **window, length=HOUR, how_many=1, near=former)
    assert read(times) == ["Sun 29 Mar 05:00"]


def test_equal_bounds_mean_no_working_hours() -> None:
    """Unlike quiet hours: nobody is taken to work round the clock."""
    assert offered(replace(ANA, works_from=time(9), works_to=time(9))) == []


@pytest.mark.parametrize("how_many", [0, -1])
def test_none_wanted_is_none_offered(how_many: int) -> None:
    """Not even the preferred one."""
    assert offered(how_many=how_many, near=at("2026-02-05T11:00")) == []


def test_windows_lie_five_days_round_each_next_meeting() -> None:
    """At the distance that the pair agreed."""
    windows = meeting_windows(at("2026-03-03T10:00"), 30 * DAY, 3, None)
    assert [(w.start.date().isoformat(), w.end.date().isoformat()) for w in windows] == [
        ("2026-03-28", "2026-04-07"),
        ("2026-04-27", "2026-05-07"),
        ("2026-05-27", "2026-06-06"),
    ]


def test_windows_of_a_short_rhythm_do_not_touch() -> None:
    """A weekly pair has its meetings two days and a bit to either side."""
    windows = meeting_windows(NOW, 7 * DAY, 4, None)
    assert all(one.end < other.start for one, other in pairwise(windows))


def test_windows_end_with_the_cohort() -> None:
    """The last is cut at the end of the last day; there is none after it."""
    windows = meeting_windows(at("2026-03-03T10:00"), 30 * DAY, 3, date(2026, 5, 1))
    assert [window.end for window in windows][1:] == [datetime(2026, 5, 2, tzinfo=UTC)]


def test_three_meetings_are_proposed_at_the_hour_of_the_last() -> None:
    """Ana and Ben met on a Tuesday at ten; the clocks have changed since, ten is still ten."""
    proposed = propose(ANA, BEN, (), MONTHLY, NOW)
    assert [read(times) for times in proposed.times] == [
        ["Tue 31 Mar 10:00", "Mon 30 Mar 10:00", "Fri 03 Apr 16:00", "Mon 06 Apr 13:30"],
        ["Tue 05 May 10:00", "Mon 27 Apr 13:30", "Wed 29 Apr 10:00", "Fri 01 May 16:00"],
        ["Tue 02 Jun 10:00", "Wed 27 May 13:30", "Fri 29 May 10:00", "Fri 05 Jun 16:00"],
    ]
    assert proposed.times[0][0] == at("2026-03-31T08:00", "UTC")
    assert not proposed.widened


def test_a_first_meeting_is_looked_for_in_the_next_days() -> None:
    """Around a week from now, and never earlier than now."""
    first, *_ = propose(ANA, BEN, (), replace(MONTHLY, last=None), NOW).times
    assert read(first) == [
        *("Thu 05 Mar 13:30", "Fri 06 Mar 10:00", "Tue 10 Mar 10:00", "Fri 13 Mar 16:00")
    ]


def test_an_overdue_meeting_is_not_looked_for_in_the_past() -> None:
    """Half a year later the next is still a week away; the old weekday and hour lead."""
    later = at("2026-09-02T12:00")
    first, *_ = propose(ANA, BEN, (), MONTHLY, later).times
    assert read(first)[0] == "Tue 08 Sep 10:00"


def test_the_cohort_ends_for_both_at_their_own_midnight() -> None:
    """No meeting after the last day, on either's calendar; and none at all when it is over."""
    ends = replace(MONTHLY, ends_on=date(2026, 3, 31), each=40)
    auckland = Hours("Pacific/Auckland", works_from=time(0), works_to=time(23))
    proposed = propose(ANA, auckland, (), ends, NOW)
    assert len(proposed.times) == 1
    assert {each[:10] for each in read(proposed.times[0])} == {"Mon 30 Mar", "Tue 31 Mar"}
    dates = {each.astimezone(ZoneInfo(auckland.zone)).date() for each in proposed.times[0]}
    assert max(dates) == date(2026, 3, 31)
    assert propose(ANA, BEN, (), ends, NOW + 60 * DAY).times == ()


def test_where_working_hours_never_meet_the_day_is_widened_and_it_is_said() -> None:
    """Madrid and Los Angeles share an hour if Ana stays until seven, or Ben begins at eight."""
    los_angeles = Hours("America/Los_Angeles")
    proposed = propose(ANA, los_angeles, (), MONTHLY, NOW)
    assert proposed.widened
    assert {each[-5:] for times in proposed.times for each in read(times)} == {"17:00"}


def test_the_day_is_widened_no_further_than_it_must_be() -> None:
    """Auckland and Lisbon meet early or late, but in nobody's quiet hours."""
    auckland = late(Hours("Pacific/Auckland"))
    lisbon = late(Hours("Europe/Lisbon"))
    proposed = propose(auckland, lisbon, (), MONTHLY, NOW)
    assert proposed.widened
    for times in proposed.times[1:]:
        assert {each[-5:] for each in read(times, auckland.zone)} == {"18:00"}
        assert {each[-5:] for each in read(times, lisbon.zone)} == {"07:00"}


def test_working_hours_count_even_where_they_are_quiet() -> None:
    """Ana wants no messages after five, but she works until six and meets then."""
    ana = replace(ANA, quiet_from=time(17))
    proposed = propose(ana, Hours("America/Los_Angeles"), (), MONTHLY, NOW)
    assert {each[-5:] for times in proposed.times for each in read(times)} == {"17:00"}


def test_a_widened_day_keeps_clear_of_quiet_that_comes_twice() -> None:
    """On 25 October in London half past one comes twice, and it is quiet before each."""
    owl = Hours("Europe/London", time(22), time(1, 30), time(3, 30), time(4), EVERY_DAY)
    wanted = replace(MONTHLY, length=11 * HOUR / 2, meetings=1, each=40)
    proposed = propose(owl, owl, (), wanted, at("2026-10-18T12:00"))
    times = read(proposed.times[0], owl.zone)
    assert "Sat 24 Oct 01:30" in times
    assert not any("Sun 25" in each for each in times)
    assert "Mon 26 Oct 01:30" in times


def test_where_even_the_evenings_never_meet_nothing_is_proposed() -> None:
    """With quiet from seven to eight, Auckland and Lisbon have no hour; nobody is woken."""
    proposed = propose(Hours("Pacific/Auckland"), Hours("Europe/Lisbon"), (), MONTHLY, NOW)
    assert proposed.times == ()
    assert not proposed.widened


def test_a_full_diary_is_no_reason_to_meet_after_hours() -> None:
    """The window is left out instead."""
    full = tuple(
        Span(at(f"2026-{month}-{day:02}T09:00"), at(f"2026-{month}-{day:02}T18:00"))
        for month, first, last in (("03", 25, 31), ("04", 1, 10))
        for day in range(first, last + 1)
    )
    proposed = propose(late(ANA), late(BEN), full, MONTHLY, NOW)
    assert [read(times)[0] for times in proposed.times] == ["Tue 05 May 10:00", "Tue 02 Jun 10:00"]
    assert not proposed.widened


def works(instant: datetime, hours: Hours) -> bool:
    """Read off the clock and the calendar there: whether that is a working moment."""
    shown = instant.astimezone(ZoneInfo(hours.zone))
    day, wall = shown.date(), shown.time()
    if hours.works_to < hours.works_from:
        day = day - DAY if wall < hours.works_to else day
        inside = wall >= hours.works_from or wall < hours.works_to
    else:
        inside = hours.works_from <= wall < hours.works_to
    return inside and day.weekday() in hours.workdays and day not in hours.days_off


def awake(instant: datetime, hours: Hours) -> bool:
    """Whether that is a moment of a workday outside quiet hours."""
    shown = instant.astimezone(ZoneInfo(hours.zone))
    wall, start, end = shown.time(), hours.quiet_from, hours.quiet_to
    quiet = start <= wall < end if start <= end else wall >= start or wall < end
    open_day = shown.weekday() in hours.workdays and shown.date() not in hours.days_off
    return open_day and not quiet


def moments(start: datetime, length: timedelta) -> list[datetime]:
    """Every five minutes of a meeting, and its very last moment."""
    steps = [start + count * QUARTER / 3 for count in range(length // (QUARTER / 3))]
    return [*steps, start + length - datetime.resolution]


ZONES = st.sampled_from(
    [
        *("Europe/Madrid", "Europe/London", "America/New_York", "Asia/Kathmandu", "Africa/Cairo"),
        *("Australia/Lord_Howe", "America/Nuuk", "Pacific/Auckland", "America/Havana", "UTC"),
    ]
)
MARCH_AND_OCTOBER = st.integers(-8, 8).flatmap(
    lambda day: st.sampled_from(
        [datetime(2026, 3, 29, 1, 7, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)]
    ).map(lambda change: change + day * DAY)
)
HALVES = st.integers(0, 47).map(lambda count: time(count // 2, count % 2 * 30))


@st.composite
def people(draw: st.DrawFn) -> Hours:
    """Somebody with whatever hours, in a zone that may change its clocks at an odd time."""
    return Hours(
        draw(ZONES),
        *(draw(HALVES), draw(HALVES), draw(HALVES), draw(HALVES)),
        workdays=draw(st.frozensets(st.integers(0, 6), min_size=3)),
        days_off=draw(st.frozensets(st.dates(date(2026, 3, 20), date(2026, 4, 5)), max_size=4)),
    )


@st.composite
def day_workers(draw: st.DrawFn) -> Hours:
    """Somebody who works by day, when no zone changes its clocks."""
    start = time(draw(st.integers(4, 12)), draw(st.sampled_from([0, 20, 30])))
    return replace(draw(people()), works_from=start, works_to=time(draw(st.integers(14, 22))))


LENGTHS = st.sampled_from([30, 45, 60, 90]).map(lambda minutes: timedelta(minutes=minutes))
BUSY = st.lists(
    st.tuples(MARCH_AND_OCTOBER, st.integers(1, 600)).map(
        lambda pair: Span(pair[0], pair[0] + timedelta(minutes=pair[1]))
    ),
    max_size=6,
)


@given(people(), people(), BUSY, MARCH_AND_OCTOBER, LENGTHS, st.integers(1, 9))
@example(
    replace(BEN, works_from=time(1, 30), works_to=time(3), workdays=EVERY_DAY),
    replace(BEN, works_from=time(1), works_to=time(3), workdays=EVERY_DAY),
    [],
    datetime(2026, 10, 24, tzinfo=UTC),
    HOUR,
    9,
)
@settings(deadline=None)
def test_every_time_offered_suits_both(
    first: Hours,
    second: Hours,
    busy: list[Span],
    earliest: datetime,
    length: timedelta,
    how_many: int,
) -> None:
    """To the minute of the meeting: both work, nothing is in the diary, no two overlap."""
    window = {"earliest": earliest, "latest": earliest + 7 * DAY}
    times = free_times(first, second, busy, **window, length=length, how_many=how_many)
    assert len(times) <= how_many
    assert list(times) == sorted(times)
    for start in times:
        assert earliest <= start <= earliest + 7 * DAY - length
        assert start.astimezone(ZoneInfo(first.zone)).minute % 30 == 0
        assert all(works(m, person) for m in moments(start, length) for person in (first, second))
        assert all(span.end <= start or start + length <= span.start for span in busy)
    assert all(abs(one - other) >= length for one, other in combinations(times, 2))


@given(
    day_workers(),
    day_workers(),
    BUSY,
    MARCH_AND_OCTOBER,
    st.sampled_from([HOUR, 3 * HOUR / 2]),
    MARCH_AND_OCTOBER,
)
@settings(deadline=None)
def test_no_time_that_suits_both_is_missed(
    first: Hours,
    second: Hours,
    busy: list[Span],
    earliest: datetime,
    length: timedelta,
    former: datetime,
) -> None:
    """Where fewer are offered than asked for, every other overlaps one that is offered."""
    near = former.replace(minute=0)
    window = {"earliest": earliest, "latest": earliest + 5 * DAY}
    times = free_times(first, second, busy, **window, length=length, how_many=99, near=near)
    place, marks = ZoneInfo(first.zone), range(5 * 96)
    begin = earliest.replace(minute=0)
    every = [begin + count * QUARTER for count in marks if begin + count * QUARTER >= earliest]
    possible = [
        start
        for start in every
        if start.astimezone(place).minute % 30 == 0
        and start + length <= earliest + 5 * DAY
        and all(works(m, person) for m in moments(start, length) for person in (first, second))
        and all(span.end <= start or start + length <= span.start for span in busy)
    ]
    assert set(times) <= set(possible)
    assert all(any(abs(start - other) < length for other in times) for start in possible)
    alike = [start for start in possible if is_alike(start, near, place)]
    assert not alike or times[0] in alike


def is_alike(start: datetime, near: datetime, place: ZoneInfo) -> bool:
    """Whether both are on one weekday at one time, by the clocks there."""
    one, other = start.astimezone(place), near.astimezone(place)
    return (one.weekday(), one.time()) == (other.weekday(), other.time())


@given(people(), people(), BUSY, MARCH_AND_OCTOBER, st.integers(3, 42), LENGTHS)
@settings(deadline=None, max_examples=50)
def test_every_time_proposed_suits_both_or_says_that_it_is_wider(
    first: Hours, second: Hours, busy: list[Span], now: datetime, days: int, length: timedelta
) -> None:
    """In working hours, or else in nobody's quiet hours; none in the past; the same each time."""
    wanted = Wanted(days * DAY, length, last=now - 9 * DAY, ends_on=(now + 60 * DAY).date())
    proposed = propose(first, second, busy, wanted, now)
    assert proposed == propose(first, second, list(reversed(busy)), wanted, now)
    assert all(proposed.times)
    for start in (start for times in proposed.times for start in times):
        assert start >= now
        for moment in moments(start, length):
            for person in (first, second):
                assert moment.astimezone(ZoneInfo(person.zone)).date() <= (now + 61 * DAY).date()
                assert works(moment, person) or (proposed.widened and awake(moment, person))
        assert all(span.end <= start or start + length <= span.start for span in busy)
