"""Strict reading of dates that a person types, in English: what has one meaning, and nothing else.

Every form is turned into the set of days that it can mean. One day is an answer, several are
ambiguous, none is impossible; nothing is guessed. Why a text was not read is told as a reason, for
which `prompts/` has the words. Even what was read is shown to the person before it counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import MAXYEAR, date, time, timedelta
from typing import Literal

NotADate = Literal["unknown", "ambiguous", "past", "too_far", "impossible"]
"""Why there is no answer; `impossible` is a day or an hour that no calendar or clock has."""
FURTHEST = timedelta(days=2 * 366)
"""Nobody here plans further ahead: it is a slip, and a far one breaks sums of dates later."""


@dataclass(frozen=True, slots=True)
class Read:
    """A day that somebody typed, and the wall time if they gave one."""

    day: date
    wall: time | None = None


_Days = frozenset[date]
_Reader = Callable[[str, date], _Days | None]

_SEVERAL = frozenset({date.min, date.max})
"""Stands for too many days to name: next week, in a month, June."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NUMBERS = ("a", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_WEEKDAY = (
    r"(?P<weekday>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs?(?:day)?)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?)"
)
_DAY = r"(?:the )?(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?: (?P<year>\d{4}|\d{2}))?"
_CLOCK = r"(?P<at>at )?(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))? ?(?P<half>[ap]m)?"


def _pattern(text: str) -> re.Pattern[str]:
    # ASCII, since in Unicode \d takes the digits of every script.
    return re.compile(text, re.ASCII)


_ISO = _pattern(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})")
_NUMERIC = _pattern(r"(\d{1,2})([/.-])(\d{1,2})(?:\2(\d{4}|\d{2}))?")
_NAMED = (
    _pattern(rf"(?:{_WEEKDAY} )?{_DAY} ?(?:of )?{_MONTH}{_YEAR}"),
    _pattern(rf"(?:{_WEEKDAY} )?{_MONTH} ?{_DAY}{_YEAR}"),
)
_AWAY = _pattern(r"in (?P<count>\w+) (?P<unit>day|week|fortnight)s?")
_ON_WEEKDAY = _pattern(rf"(?:(?P<which>this|next) )?{_WEEKDAY}")
_VAGUE = _pattern(
    rf"(?:this|next) (?:week|weekend|month|year)|in \w+ (?:month|year)s?|weekend"
    rf"|(?:the )?\d{{1,2}}(?:st|nd|rd|th)|{_MONTH}(?: \d{{4}})?"
)
_ALIKE = (
    (_pattern(r"(?<=\d)t(?=\d)"), " "),  # 2027-06-03T14:30
    (_pattern(r"(?<![a-z])([ap])\.m\b\.?"), r"\1m"),
    (_pattern(r"(?<=[a-z]{3})\.(?= )"), ""),
    (_pattern(r"^on | on (?=\S)"), " "),
    (_pattern(r"\bnoon\b"), "12:00"),
)
"""Other marks for the same thing, and what stands for them."""

_DAY_THEN_CLOCK = _pattern(rf"(?P<rest>.+?) {_CLOCK}")
_CLOCK_THEN_DAY = _pattern(rf"{_CLOCK} (?P<rest>.+)")


def read_day(text: str, today: date) -> Read | NotADate:
    """The day that was typed, without an hour, or why it cannot be told.

    A day without a year is today or the next such day. A text with an hour is `unknown`.
    """
    words = _plain(text)
    for reader in (_iso, _numeric, _named, _near, _away, _on_weekday, _vague):
        days = reader(words, today)
        if days is not None:
            return _settled(days, today)
    return "unknown"


def read_moment(text: str, today: date) -> Read | NotADate:
    """The day and, where one was typed, the wall time, or why they cannot be told.

    `past` looks at the day alone: whether an hour of today is over depends on the zone. An hour
    from 1 to 7 without am or pm is ambiguous unless it is written with a nought (`02:30`).
    A bare hour needs its `at`: `3 June at 15`.
    """
    words = _plain(text)
    for form in (_DAY_THEN_CLOCK, _CLOCK_THEN_DAY):
        found = form.fullmatch(words)
        if found and (found["at"] or found["minute"] or found["half"]):
            read, wall = read_day(found["rest"], today), _wall(found)
            if isinstance(read, Read):
                return Read(read.day, wall) if isinstance(wall, time) else wall
            if read != "unknown":
                return read
    return read_day(words, today)


def _plain(text: str) -> str:
    """Small letters, single spaces, no commas, the same mark for the same thing."""
    words = " ".join(text.casefold().replace(",", " ").split()).rstrip(".")
    for pattern, instead in _ALIKE:
        words = pattern.sub(instead, words)
    return words.strip()


def _settled(days: _Days, today: date) -> Read | NotADate:
    if not days:
        return "impossible"
    if len(days) > 1:
        return "ambiguous"
    (day,) = days
    if day < today:
        return "past"
    return Read(day) if day - today <= FURTHEST else "too_far"


def _wall(found: re.Match[str]) -> time | NotADate:
    hour, minute, half = int(found["hour"]), int(found["minute"] or 0), found["half"]
    if half and not 1 <= hour <= 12:
        return "impossible"
    if not half and found["hour"] in set("1234567"):
        return "ambiguous"
    hour = hour % 12 + 12 * (half == "pm") if half else hour
    return time(hour, minute) if hour < 24 and minute < 60 else "impossible"


def _dated(day: int, month: int, year: int | None, today: date) -> _Days:
    """The one day of that date, in that year or the next that has it from today on; or none."""
    # Nine years on: a 29 February may be eight years away (2096, 2104).
    years = (year,) if year is not None else range(today.year, min(today.year + 9, MAXYEAR) + 1)
    for each in years:
        try:
            found = date(each, month, day)
        except ValueError:
            continue
        if year is not None or found >= today:
            return frozenset({found})
    return frozenset()


def _iso(words: str, today: date) -> _Days | None:
    found = _ISO.fullmatch(words)
    return found and _dated(int(found["day"]), int(found["month"]), int(found["year"]), today)


def _numeric(words: str, today: date) -> _Days | None:
    """Day and month in either order; 25/12 has but one reading, 03/06 has two."""
    found = _NUMERIC.fullmatch(words)
    if not found:
        return None
    one, mark, other, year = found.groups()
    full = int(year) if year and len(year) == 4 else None
    days = _dated(int(one), int(other), full, today) | _dated(int(other), int(one), full, today)
    # 10.30 may be an hour and 10-12 a stretch of days; of 03/06/27 any part may be the year.
    clear = full or (mark == "/" and not year)
    return days if clear or not days else _SEVERAL


def _named(words: str, today: date) -> _Days | None:
    found = next((match for form in _NAMED if (match := form.fullmatch(words))), None)
    if not found:
        return None
    year = found["year"]
    if year and len(year) == 2:
        return _SEVERAL
    month = _MONTHS.index(found["month"][:3]) + 1
    days = _dated(int(found["day"]), month, int(year) if year else None, today)
    weekday = found["weekday"]
    return frozenset(d for d in days if not weekday or _WEEKDAYS[d.weekday()] == weekday[:3])


def _near(words: str, today: date) -> _Days | None:
    names = {"yesterday": -1, "today": 0, "tomorrow": 1, "day after tomorrow": 2}
    count = names.get(words.removeprefix("the "))
    return None if count is None else frozenset({today + timedelta(days=count)})


def _away(words: str, today: date) -> _Days | None:
    found = _AWAY.fullmatch(words)
    count = found and _count(found["count"])
    if not found or not count:
        return None
    days = {"day": 1, "week": 7, "fortnight": 14}[found["unit"]]
    return frozenset({today + timedelta(days=count * days)})


def _count(word: str) -> int | None:
    if word in _NUMBERS:
        return max(_NUMBERS.index(word), 1)
    return int(word) if re.fullmatch(r"[0-9]{1,3}", word) else None


def _on_weekday(words: str, today: date) -> _Days | None:
    """What `friday`, `this friday` and `next friday` can mean, whichever day begins the week."""
    found = _ON_WEEKDAY.fullmatch(words)
    if not found:
        return None
    wanted = _WEEKDAYS.index(found["weekday"][:3])
    ahead = (wanted - today.weekday() - 1) % 7 + 1
    from_monday = wanted - today.weekday()
    from_sunday = (wanted + 1) % 7 - (today.weekday() + 1) % 7
    counts = {
        None: {ahead, ahead % 7},
        "this": {ahead, from_monday},
        "next": {ahead, from_monday + 7, from_sunday + 7},
    }[found["which"]]
    return frozenset(today + timedelta(days=count) for count in counts)


def _vague(words: str, _today: date) -> _Days | None:
    return _SEVERAL if _VAGUE.fullmatch(words) else None
