"""Dates that a person types: read where they mean one day, and never guessed."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.typed_dates import FURTHEST, NotADate, Read, read_day, read_moment

TODAY = date(2026, 7, 15)
"""A Wednesday."""


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3 June", "2027-06-03"),
        ("3 june 2027", "2027-06-03"),
        ("June 3", "2027-06-03"),
        ("June 3, 2027", "2027-06-03"),
        ("3jun", "2027-06-03"),
        ("the 3rd of June", "2027-06-03"),
        ("June the 3rd", "2027-06-03"),
        ("June 27", "2027-06-27"),
        ("Sept. 4", "2026-09-04"),
        ("4 sept", "2026-09-04"),
        ("15 July", "2026-07-15"),
        ("16 July", "2026-07-16"),
        ("14 July", "2027-07-14"),
        ("29 Feb", "2028-02-29"),
        ("Thursday 3 June", "2027-06-03"),
        ("Thu, 3rd of June 2027", "2027-06-03"),
        ("on 3 June", "2027-06-03"),
        ("2027-06-03", "2027-06-03"),
        ("16 July 2028", "2028-07-16"),
        ("2027-6-3", "2027-06-03"),
        ("25/12", "2026-12-25"),
        ("12/25", "2026-12-25"),
        ("25/12/2027", "2027-12-25"),
        ("25.12.2027", "2027-12-25"),
        ("06/06", "2027-06-06"),
        ("today", "2026-07-15"),
        (" Tomorrow ", "2026-07-16"),
        ("the day after tomorrow", "2026-07-17"),
        ("in two weeks", "2026-07-29"),
        ("in a fortnight", "2026-07-29"),
        ("in 3 days", "2026-07-18"),
        ("in a week", "2026-07-22"),
        ("friday", "2026-07-17"),
        ("on Fri", "2026-07-17"),
        ("this friday", "2026-07-17"),
        ("this sunday", "2026-07-19"),
        ("tuesday", "2026-07-21"),
        ("next monday", "2026-07-20"),
        ("next wednesday", "2026-07-22"),
    ],
)
def test_what_means_one_day_is_read(text: str, day: str) -> None:
    """A day without a year is today or the next such day."""
    assert read_day(text, TODAY) == Read(date.fromisoformat(day))
    assert read_moment(text, TODAY) == Read(date.fromisoformat(day))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("03/06", "ambiguous"),
        ("03/06/2027", "ambiguous"),
        ("3.6.2027", "ambiguous"),
        ("03/06/27", "ambiguous"),
        ("25/12/27", "ambiguous"),
        ("10.30", "ambiguous"),
        ("10-12", "ambiguous"),
        ("3 June 27", "ambiguous"),
        ("June", "ambiguous"),
        ("June 2027", "ambiguous"),
        ("the 3rd", "ambiguous"),
        ("next week", "ambiguous"),
        ("in a month", "ambiguous"),
        ("wednesday", "ambiguous"),
        ("next friday", "ambiguous"),
        ("next sunday", "ambiguous"),
        ("this tuesday", "ambiguous"),
        ("31 June", "impossible"),
        ("0 June", "impossible"),
        ("30 Feb", "impossible"),
        ("29 Feb 2027", "impossible"),
        ("2027-13-01", "impossible"),
        ("0000-01-01", "impossible"),
        ("45/67", "impossible"),
        ("Friday 3 June 2027", "impossible"),
        ("3 June 9999", "too_far"),
        ("9999-12-31", "too_far"),
        ("18 July 2028", "too_far"),
        ("in 999 days", "too_far"),
        ("yesterday", "past"),
        ("3 June 2025", "past"),
        ("2026-07-14", "past"),
        ("25/12/2025", "past"),
        ("", "unknown"),
        ("yes", "unknown"),
        ("not friday", "unknown"),
        ("friday or saturday", "unknown"),
        ("3", "unknown"),
        ("14:30", "unknown"),
        ("in 1000 days", "unknown"),
        ("in 0 days", "unknown"),
        ("٣ june", "unknown"),
        ("3 junio", "unknown"),
    ],
)
def test_what_does_not_mean_one_day_says_why(text: str, reason: str) -> None:
    """The reason is a key; the words for it live in `prompts/`."""
    assert read_day(text, TODAY) == reason
    assert read_moment(text, TODAY) == reason


@pytest.mark.parametrize(
    ("text", "day", "wall"),
    [
        ("3 jun 14:30", "2027-06-03", "14:30"),
        ("3 June at 14:30", "2027-06-03", "14:30"),
        ("June 3, 2027 14:30", "2027-06-03", "14:30"),
        ("2027-06-03 14:30", "2027-06-03", "14:30"),
        ("2027-06-03T14:30", "2027-06-03", "14:30"),
        ("14:30 on 3 June", "2027-06-03", "14:30"),
        ("3 June 14.30", "2027-06-03", "14:30"),
        ("25/12 9:00", "2026-12-25", "09:00"),
        ("today 18:00", "2026-07-15", "18:00"),
        ("15 July 18:00", "2026-07-15", "18:00"),
        ("tomorrow at 3pm", "2026-07-16", "15:00"),
        ("3 pm tomorrow", "2026-07-16", "15:00"),
        ("2.30 p.m. tomorrow", "2026-07-16", "14:30"),
        ("tomorrow 2:30 p.m.", "2026-07-16", "14:30"),
        ("tomorrow 02:30", "2026-07-16", "02:30"),
        ("tomorrow 0:15", "2026-07-16", "00:15"),
        ("tomorrow 12:00", "2026-07-16", "12:00"),
        ("tomorrow 23:59", "2026-07-16", "23:59"),
        ("tomorrow 12am", "2026-07-16", "00:00"),
        ("tomorrow 12:15pm", "2026-07-16", "12:15"),
        ("friday at noon", "2026-07-17", "12:00"),
        ("noon on friday", "2026-07-17", "12:00"),
        ("3 June at 15", "2027-06-03", "15:00"),
    ],
)
def test_a_day_with_its_hour_is_read(text: str, day: str, wall: str) -> None:
    """And is no answer where a day alone was asked for."""
    wanted = Read(date.fromisoformat(day), time.fromisoformat(wall))
    assert read_moment(text, TODAY) == wanted
    assert not isinstance(read_day(text, TODAY), Read)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        # Nobody meets at half past two in the night; but it is not for us to say.
        ("3 June 2:30", "ambiguous"),
        ("tomorrow at 3", "ambiguous"),
        ("3 June 15", "ambiguous"),
        ("03/06 14:30", "ambiguous"),
        ("next friday at 10:00", "ambiguous"),
        ("3 June 25:00", "impossible"),
        ("3 June 14:75", "impossible"),
        ("3 June 13pm", "impossible"),
        ("3 June 0am", "impossible"),
        ("31 June 14:30", "impossible"),
        ("yesterday 14:30", "past"),
        ("3 June 10-12", "unknown"),
        ("3 June 14:30 CET", "unknown"),
        ("tomorrow afternoon", "unknown"),
        ("14:30 15:30 friday", "unknown"),
    ],
)
def test_a_day_or_an_hour_that_is_not_clear_says_why(text: str, reason: str) -> None:
    """Either of the two is enough to ask again."""
    assert read_moment(text, TODAY) == reason


@pytest.mark.parametrize(
    ("today", "this_friday", "next_friday", "friday"),
    [
        ("2026-07-12", "ambiguous", "ambiguous", "2026-07-17"),  # Sunday
        ("2026-07-13", "2026-07-17", "ambiguous", "2026-07-17"),
        ("2026-07-16", "2026-07-17", "ambiguous", "2026-07-17"),
        ("2026-07-17", "ambiguous", "2026-07-24", "ambiguous"),  # Friday
        ("2026-07-18", "ambiguous", "2026-07-24", "2026-07-24"),
    ],
)
def test_a_weekday_is_read_only_where_all_take_it_alike(
    today: str, this_friday: str, next_friday: str, friday: str
) -> None:
    """Some begin the week on Sunday; and `next` is to some the coming one, to others not."""
    for text, wanted in (
        ("this friday", this_friday),
        ("next friday", next_friday),
        ("friday", friday),
    ):
        read = read_day(text, date.fromisoformat(today))
        assert (read.day.isoformat() if isinstance(read, Read) else read) == wanted


def test_a_leap_day_that_is_years_away_is_too_far() -> None:
    """It exists, so it is not impossible; nor is it taken for the day before or after."""
    assert read_day("29 Feb", date(2026, 3, 1)) == Read(date(2028, 2, 29))
    assert read_day("29 Feb", date(2025, 3, 1)) == "too_far"
    assert read_day("29 Feb", date(2096, 3, 1)) == "too_far"


def test_today_without_a_year_is_today() -> None:
    """Whoever writes its date does not mean a year from now."""
    assert read_day("15 July", TODAY) == Read(TODAY)
    assert read_day("15 July 2026", TODAY) == Read(TODAY)


DAYS = st.dates(date(2020, 1, 1), date(2100, 1, 1))


@given(DAYS, DAYS, st.times())
def test_a_full_date_is_read_as_it_stands_in_every_form(day: date, today: date, wall: time) -> None:
    """Or is past or too far, in every form."""
    wall = wall.replace(second=0, microsecond=0)
    read = Read(day, wall) if day - today <= FURTHEST else "too_far"
    wanted = read if day >= today else "past"
    number, month = f"{day.day}", f"{day:%B}"
    for text in (
        f"{day}",
        f"{number} {month} {day.year}",
        f"{day:%A}, {month} {number} {day.year}",
    ):
        assert read_moment(f"{text} {wall:%H:%M}", today) == wanted
        assert read_moment(f"{wall:%I:%M %p} on {text}", today) == wanted


@given(DAYS, DAYS)
def test_a_date_without_a_year_is_the_next_from_today_on(day: date, today: date) -> None:
    """Never the past, and no such day lies between."""
    read = read_day(f"{day:%d %b}", today)
    if (day.month, day.day) == (2, 29) and read == "too_far":
        return
    assert isinstance(read, Read)
    assert (read.day.month, read.day.day) == (day.month, day.day)
    assert read.day >= today
    earlier = (read.day.replace(year=year, day=1) for year in range(today.year, read.day.year))
    for first in earlier:
        same = first + timedelta(days=day.day - 1)
        assert same < today or same.month != day.month


@given(DAYS, DAYS)
def test_numbers_are_read_only_if_both_orders_agree(day: date, today: date) -> None:
    """03/06 is the third of June or the sixth of March; 25/12 is Christmas everywhere."""
    read = read_day(f"{day:%d/%m}", today)
    assert read == read_day(f"{day:%m/%d}", today)
    leap_day = (day.month, day.day) == (2, 29) and read == "too_far"
    clear = isinstance(read, Read) or leap_day
    assert clear == (day.day > 12 or day.day == day.month)


@given(st.text() | st.from_regex(r"[0-9a-z/.: -]{0,20}", fullmatch=True), DAYS)
def test_any_text_is_a_day_to_come_or_a_reason(text: str, today: date) -> None:
    """Whatever is typed, nothing breaks, and nothing in the past is an answer."""
    for read in (read_day(text, today), read_moment(text, today)):
        if isinstance(read, Read):
            assert today <= read.day <= today + FURTHEST
        else:
            assert read in get_args(NotADate)
