"""Strict reading of dates that a person types: what has one meaning, and nothing else.

Every form is turned into the set of days that it can mean. One day is an answer, several are
ambiguous, none is impossible; nothing is guessed. Why a text was not read is told as a reason, for
which `prompts/` has the words. Even what was read is shown to the person before it counts.

The words are those of one language, as `tongues` has it. In a language that is not there, what
needs none is read: `2027-06-03`, `25/12`, an hour with its minutes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, date, time, timedelta
from typing import Literal

from conversations.tongues import COMMON, TONGUES, Meaning, Tongue

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
_Reader = Callable[[re.Match[str], Tongue, date], _Days | None]

_SEVERAL = frozenset({date.min, date.max})
"""Stands for too many days to name: next week, in a month, June."""


def read_day(text: str, today: date, language: str = "en") -> Read | NotADate:
    """The day that was typed, without an hour, or why it cannot be told.

    A day without a year is today or the next such day. A text with an hour is `unknown`. The
    language is a code, as `en` or `es-ES`.
    """
    tongue = _tongue(language)
    words = _plain(text, tongue)
    read = [
        days
        for meaning, form in tongue.forms
        if (found := form.fullmatch(words))
        and (days := _READERS[meaning](found, tongue, today)) is not None
    ]
    return _settled(frozenset().union(*read), today) if read else "unknown"


def read_moment(text: str, today: date, language: str = "en") -> Read | NotADate:
    """The day and, where one was typed, the wall time, or why they cannot be told.

    `past` looks at the day alone: whether an hour of today is over depends on the zone. An hour
    from 1 to 7 without am or pm is ambiguous unless it is written with a nought (`02:30`).
    A bare hour needs its `at`: `3 June at 15`. The language is a code, as `en` or `es-ES`.
    """
    tongue = _tongue(language)
    words = _plain(text, tongue)
    for form in tongue.moments:
        found = form.fullmatch(words)
        if found and not found["clock"].isdigit():
            read, wall = read_day(found["rest"], today, language), _wall(found, tongue)
            if isinstance(read, Read):
                return Read(read.day, wall) if isinstance(wall, time) else wall
            if read != "unknown":
                return read
    return read_day(words, today, language)


def _tongue(language: str) -> Tongue:
    return TONGUES.get(re.split("[-_]", language.casefold())[0], COMMON)


def _plain(text: str, tongue: Tongue) -> str:
    """Small letters, no accents or commas, single spaces, the same mark for the same thing."""
    apart = unicodedata.normalize("NFD", text.casefold().replace(",", " "))
    bare = "".join(each for each in apart if not unicodedata.combining(each))
    words = " ".join(bare.split()).rstrip(".")
    for pattern, instead in tongue.alike:
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


def _wall(found: re.Match[str], tongue: Tongue) -> time | NotADate:
    hour, minute, half = int(found["hour"]), int(found["minute"] or 0), found["half"]
    if half:
        hours = tongue.words.halves[half]
        if hour not in hours:
            return "ambiguous" if 1 <= hour <= 12 else "impossible"
        hour = hours[hour]
    elif found["hour"] in set("1234567"):
        return "ambiguous"
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


def _after(today: date, counts: Iterable[int]) -> _Days:
    return frozenset(today + timedelta(days=count) for count in counts)


def _iso(found: re.Match[str], _tongue: Tongue, today: date) -> _Days:
    return _dated(int(found["day"]), int(found["month"]), int(found["year"]), today)


def _numeric(found: re.Match[str], tongue: Tongue, today: date) -> _Days:
    """Day and month in the order of the language, or in either: 25/12 has but one reading then."""
    one, mark, other, year = found.groups()
    sure = tongue.words.day_first
    full = None
    if year and (sure or len(year) == 4):
        full = int(year) + (2000 if len(year) == 2 else 0)
    first, second = int(one), int(other)
    either = _dated(first, second, full, today) | _dated(second, first, full, today)
    # 10.30 may be an hour and 10-12 a stretch of days; of 03/06/27 any part may be the year.
    if either and not full and (mark != "/" or year):
        return _SEVERAL
    return _dated(first, second, full, today) if sure else either


def _named(found: re.Match[str], tongue: Tongue, today: date) -> _Days:
    year = found["year"]
    if year and len(year) == 2:
        return _SEVERAL
    month = tongue.months[found["month"]]
    days = _dated(int(found["day"]), month, int(year) if year else None, today)
    weekday = found["weekday"]
    return frozenset(d for d in days if not weekday or d.weekday() == tongue.weekdays[weekday])


def _near(found: re.Match[str], tongue: Tongue, today: date) -> _Days:
    return _after(today, {tongue.words.near[found["near"]]})


def _away(found: re.Match[str], tongue: Tongue, today: date) -> _Days | None:
    count = _count(found["count"], tongue.counts)
    return _after(today, {count * tongue.words.units[found["unit"]]}) if count else None


def _count(word: str, counts: Mapping[str, int]) -> int | None:
    return counts.get(word) or (int(word) if re.fullmatch(r"[0-9]{1,3}", word) else None)


def _vague(_found: re.Match[str], _tongue: Tongue, _today: date) -> _Days:
    return _SEVERAL


def _weekday(found: re.Match[str], tongue: Tongue, today: date) -> _Days:
    ahead = _ahead(found, tongue, today)
    return _after(today, {ahead, ahead % 7})


def _this_weekday(found: re.Match[str], tongue: Tongue, today: date) -> _Days:
    wanted = tongue.weekdays[found["weekday"]]
    return _after(today, {_ahead(found, tongue, today), wanted - today.weekday()})


def _next_weekday(found: re.Match[str], tongue: Tongue, today: date) -> _Days:
    """The coming one to some, that of next week to others, whichever day begins the week."""
    later = _weekday_next_week(found, tongue, today)
    return later | _after(today, {_ahead(found, tongue, today)})


def _weekday_this_week(found: re.Match[str], tongue: Tongue, today: date) -> _Days:
    wanted = tongue.weekdays[found["weekday"]]
    begins = tongue.words.weeks_begin
    return _after(today, ((wanted - b) % 7 - (today.weekday() - b) % 7 for b in begins))


def _weekday_next_week(found: re.Match[str], tongue: Tongue, today: date) -> _Days:
    this_week = _weekday_this_week(found, tongue, today)
    return frozenset(day + timedelta(weeks=1) for day in this_week)


def _ahead(found: re.Match[str], tongue: Tongue, today: date) -> int:
    """Days until the first such weekday after today, 1 to 7."""
    return (tongue.weekdays[found["weekday"]] - today.weekday() - 1) % 7 + 1


_READERS: Mapping[Meaning, _Reader] = {
    "iso": _iso,
    "numeric": _numeric,
    "dated": _named,
    "near": _near,
    "away": _away,
    "vague": _vague,
    "weekday": _weekday,
    "this_weekday": _this_weekday,
    "next_weekday": _next_weekday,
    "weekday_this_week": _weekday_this_week,
    "weekday_next_week": _weekday_next_week,
}
