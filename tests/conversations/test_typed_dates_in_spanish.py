"""Dates that a person types in Spanish, and in a language without a vocabulary."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import chain
from typing import get_args

import pytest
from babel.dates import format_date, format_datetime
from hypothesis import given
from hypothesis import strategies as st

from conversations.tongues import COMMON, TONGUES, Tongue
from conversations.typed_dates import FURTHEST, NotADate, Read, read_day, read_moment

TODAY = date(2026, 7, 15)
"""A Wednesday."""


def told(text: str, today: date = TODAY) -> str:
    """What a day in Spanish is read as: the day, or why there is none."""
    read = read_day(text, today, "es")
    return read.day.isoformat() if isinstance(read, Read) else read


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3 de junio", "2027-06-03"),
        ("3 junio", "2027-06-03"),
        ("3 jun", "2027-06-03"),
        ("3jun", "2027-06-03"),
        ("el 3 de junio de 2027", "2027-06-03"),
        ("3 de junio del 2027", "2027-06-03"),
        ("el día 3 de junio", "2027-06-03"),
        ("junio 3", "2027-06-03"),
        ("jueves 3 de junio", "2027-06-03"),
        ("El jueves, 3 de junio", "2027-06-03"),
        ("jueves, 3 de junio de 2027", "2027-06-03"),
        ("mié. 4 nov.", "2026-11-04"),
        ("mar 3 nov", "2026-11-03"),
        ("3 mar", "2027-03-03"),
        ("4 sept", "2026-09-04"),
        ("4 de setiembre", "2026-09-04"),
        ("1º de agosto", "2026-08-01"),
        ("1.º de agosto", "2026-08-01"),
        ("primero de agosto", "2026-08-01"),
        ("29 feb", "2028-02-29"),
        ("2027-06-03", "2027-06-03"),
        ("03/06", "2027-06-03"),
        ("3/6/2027", "2027-06-03"),
        ("3/6/27", "2027-06-03"),
        ("3.6.2027", "2027-06-03"),
        ("3-6-2027", "2027-06-03"),
        ("hoy", "2026-07-15"),
        (" Mañana ", "2026-07-16"),
        ("manana", "2026-07-16"),
        ("man\u0303ana", "2026-07-16"),
        ("pasado mañana", "2026-07-17"),
        ("en dos semanas", "2026-07-29"),
        ("en una semana", "2026-07-22"),
        ("dentro de 3 días", "2026-07-18"),
        ("dentro de un dia", "2026-07-16"),
        ("en una quincena", "2026-07-29"),
        ("en quince días", "2026-07-29"),
        ("viernes", "2026-07-17"),
        ("el sábado", "2026-07-18"),
        ("sabado", "2026-07-18"),
        ("este viernes", "2026-07-17"),
        ("el martes", "2026-07-21"),
        ("el próximo martes", "2026-07-21"),
        ("el martes que viene", "2026-07-21"),
        ("el miércoles que viene", "2026-07-22"),
        ("el viernes de esta semana", "2026-07-17"),
        ("el viernes de la semana que viene", "2026-07-24"),
        ("viernes de la próxima semana", "2026-07-24"),
    ],
)
def test_what_means_one_day_is_read(text: str, day: str) -> None:
    """With accents or without, as a phone has them or not."""
    wanted = Read(date.fromisoformat(day))
    assert read_day(text, TODAY, "es") == read_moment(text, TODAY, "es") == wanted


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("junio", "ambiguous"),
        ("en junio", "ambiguous"),
        ("junio de 2027", "ambiguous"),
        ("a finales de junio", "ambiguous"),
        ("el 3", "ambiguous"),
        ("el día 3", "ambiguous"),
        ("martes 3", "ambiguous"),
        ("mar 3", "ambiguous"),
        ("mar", "ambiguous"),
        ("3 de junio 27", "ambiguous"),
        ("esta semana", "ambiguous"),
        ("la semana que viene", "ambiguous"),
        ("la próxima semana", "ambiguous"),
        ("el finde", "ambiguous"),
        ("este fin de semana", "ambiguous"),
        ("el mes que viene", "ambiguous"),
        ("dentro de un mes", "ambiguous"),
        ("en dos años", "ambiguous"),
        ("el miércoles", "ambiguous"),
        ("este martes", "ambiguous"),
        ("el próximo viernes", "ambiguous"),
        ("el viernes que viene", "ambiguous"),
        ("en 15 días", "ambiguous"),
        ("en ocho días", "ambiguous"),
        ("10.30", "ambiguous"),
        ("10-12", "ambiguous"),
        ("31 de junio", "impossible"),
        ("30 de febrero", "impossible"),
        ("viernes 3 de junio de 2027", "impossible"),
        ("12/25", "impossible"),
        ("31/6/2027", "impossible"),
        ("3 de junio de 2029", "too_far"),
        ("en 999 días", "too_far"),
        ("ayer", "past"),
        ("anteayer", "past"),
        ("3 de junio de 2025", "past"),
        ("el lunes de esta semana", "past"),
        ("", "unknown"),
        ("sí", "unknown"),
        ("3", "unknown"),
        ("14:30", "unknown"),
        ("los martes", "unknown"),
        ("no el martes", "unknown"),
        ("martes o jueves", "unknown"),
        ("el 3 y el 10 de junio", "unknown"),
        ("en 0 días", "unknown"),
        ("en 3 horas", "unknown"),
        ("por la mañana", "unknown"),
        ("mañana por la mañana", "unknown"),
        ("el viernes por la tarde", "unknown"),
        ("a las 9 de la mañana", "unknown"),
        ("3 june", "unknown"),
        ("tomorrow", "unknown"),
    ],
)
def test_what_does_not_mean_one_day_says_why(text: str, reason: str) -> None:
    """`mar` is a month and a weekday; a morning, `la mañana`, is not tomorrow."""
    assert told(text) == reason
    assert read_moment(text, TODAY, "es") == reason


@pytest.mark.parametrize(
    ("text", "day", "wall"),
    [
        ("3 jun 15:30", "2027-06-03", "15:30"),
        ("el 3 de junio a las 15:30", "2027-06-03", "15:30"),
        ("3 de junio, 15.30", "2027-06-03", "15:30"),
        ("3/6 15.30", "2027-06-03", "15:30"),
        ("2027-06-03 14:30", "2027-06-03", "14:30"),
        ("a las 15:30 del 3 de junio", "2027-06-03", "15:30"),
        ("el 3 de junio a las 15", "2027-06-03", "15:00"),
        ("mañana a las 9", "2026-07-16", "09:00"),
        ("mañana 9h", "2026-07-16", "09:00"),
        ("mañana 15h30", "2026-07-16", "15:30"),
        ("mañana a las 15.30 h", "2026-07-16", "15:30"),
        ("mañana a las 15 horas", "2026-07-16", "15:00"),
        ("mañana 02:30", "2026-07-16", "02:30"),
        ("mañana a las nueve y media", "2026-07-16", "09:30"),
        ("mañana a las once y cuarto", "2026-07-16", "11:15"),
        ("mañana a la una de la tarde", "2026-07-16", "13:00"),
        ("mañana a las cinco y media de la tarde", "2026-07-16", "17:30"),
        ("mañana a las 9 de la mañana", "2026-07-16", "09:00"),
        ("a las 9 de la mañana de mañana", "2026-07-16", "09:00"),
        ("a las 9 de mañana", "2026-07-16", "09:00"),
        ("pasado mañana a las 5 de la tarde", "2026-07-17", "17:00"),
        ("el martes por la tarde a las 5", "2026-07-21", "17:00"),
        ("a las 5 de la tarde del martes", "2026-07-21", "17:00"),
        ("el martes a las 18:00 de la tarde", "2026-07-21", "18:00"),
        ("el martes a las 9 de la noche", "2026-07-21", "21:00"),
        ("el martes a las 2 de la madrugada", "2026-07-21", "02:00"),
        ("el martes a las 12 de la mañana", "2026-07-21", "12:00"),
        ("el martes a las 2 del mediodía", "2026-07-21", "14:00"),
        ("el martes a mediodía", "2026-07-21", "12:00"),
        ("al mediodía del martes", "2026-07-21", "12:00"),
        ("mañana 5 p. m.", "2026-07-16", "17:00"),
        ("mañana a las 11 a.m.", "2026-07-16", "11:00"),
    ],
)
def test_a_day_with_its_hour_is_read(text: str, day: str, wall: str) -> None:
    """And is no answer where a day alone was asked for."""
    wanted = Read(date.fromisoformat(day), time.fromisoformat(wall))
    assert read_moment(text, TODAY, "es") == wanted
    assert told(text) in get_args(NotADate)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("mañana a las 5", "ambiguous"),
        ("mañana a la una", "ambiguous"),
        ("mañana 2:30", "ambiguous"),
        ("mañana 5h", "ambiguous"),
        ("mañana a las 12 de la noche", "ambiguous"),
        ("mañana a las 10 de la tarde", "ambiguous"),
        ("el 3 a las 10:00", "ambiguous"),
        ("martes 3 a las 10:00", "ambiguous"),
        ("el viernes que viene a las 10:00", "ambiguous"),
        ("3 de junio 15", "ambiguous"),
        ("mañana a las 22 de la mañana", "impossible"),
        ("mañana a las 25", "impossible"),
        ("mañana 14:75", "impossible"),
        ("31 de junio a las 10", "impossible"),
        ("ayer a las 10", "past"),
        ("el martes 3 por la tarde", "unknown"),
        ("mañana sobre las 9", "unknown"),
        ("mañana de 9 a 11", "unknown"),
        ("14:30 15:30 viernes", "unknown"),
    ],
)
def test_a_day_or_an_hour_that_is_not_clear_says_why(text: str, reason: str) -> None:
    """Twelve at night is the end of one day or the beginning of the next."""
    assert read_moment(text, TODAY, "es") == reason


@pytest.mark.parametrize(
    ("today", "this_friday", "next_friday", "friday_next_week"),
    [
        ("2026-07-12", "ambiguous", "2026-07-17", "2026-07-17"),  # Sunday
        ("2026-07-13", "2026-07-17", "ambiguous", "2026-07-24"),
        ("2026-07-17", "ambiguous", "2026-07-24", "2026-07-24"),  # Friday
        ("2026-07-18", "ambiguous", "2026-07-24", "2026-07-24"),
    ],
)
def test_a_week_begins_on_monday(
    today: str, this_friday: str, next_friday: str, friday_next_week: str
) -> None:
    """So on a Sunday next Friday is clear; on other days it is the coming one to some."""
    at = date.fromisoformat(today)
    assert told("este viernes", at) == this_friday
    assert told("el próximo viernes", at) == told("el viernes que viene", at) == next_friday
    assert told("el viernes de la semana que viene", at) == friday_next_week


DAYS = st.dates(date(2020, 1, 1), date(2099, 12, 31))


@given(DAYS, DAYS, st.times(), st.sampled_from(["full", "long", "medium", "EEE d MMMM y"]))
def test_what_we_write_in_spanish_is_read_back(
    day: date, today: date, wall: time, form: str
) -> None:
    """A person may copy what stands above in the chat."""
    wall = wall.replace(second=0, microsecond=0)
    read = Read(day, wall) if day - today <= FURTHEST else "too_far"
    wanted = read if day >= today else "past"
    written = format_date(day, form, locale="es")
    assert read_moment(f"{written}, {wall:%H:%M}", today, "es") == wanted
    assert read_moment(f"el {written} a las {wall:%H:%M}", today, "es") == wanted
    assert read_moment(f"a las {wall:%H.%M} del {written}".upper(), today, "es") == wanted


@given(st.dates(TODAY, TODAY + timedelta(days=360)), st.times())
def test_a_time_on_offer_is_read_as_it_was_shown(day: date, wall: time) -> None:
    """The pattern is that of a meeting's time, such as `mar 3 marzo, 10:00`."""
    wall = wall.replace(second=0, microsecond=0)
    written = format_datetime(datetime.combine(day, wall), "EEE d MMMM, HH:mm", locale="es")
    assert read_moment(written, TODAY, "es") == Read(day, wall)


@given(DAYS, DAYS)
def test_numbers_are_day_first(day: date, today: date) -> None:
    """03/06 is the third of June, with two digits of the year or four or none."""
    month = format_date(day, "d MMMM", locale="es")
    assert told(f"{day:%d/%m}", today) == told(month, today)
    assert told(f"{day:%d/%m/%y}", today) == told(f"{day}", today)
    assert told(f"{day.day}/{day.month}/{day.year}", today) == told(f"{day}", today)


SAID = ("hoy", "mañana", "el martes", "mar", "3 de junio", "3/6", "el 3", "en dos días", "junio")


@given(st.sampled_from(SAID), st.sampled_from([" o ", " y ", " y no ", "/"]), st.sampled_from(SAID))
def test_two_days_are_never_read_as_one(one: str, between: str, other: str) -> None:
    """Whichever of the two were taken, it would be a guess."""
    for text in (f"{one}{between}{other}", f"{one}{between}{other} a las 10:00"):
        assert not isinstance(read_moment(text, TODAY, "es"), Read)


PARTS = (
    "el la las a de del por en dentro que viene este próximo mañana hoy pasado martes mar jun 3 15 "
    "mayo 2027 10:30 h y media tarde noche mediodía semana quince días 3/6 - . , º una"
)


@given(
    st.text() | st.lists(st.sampled_from(PARTS.split()), max_size=7).map(" ".join),
    DAYS,
    st.sampled_from(["en", "es", "es-ES", "fr", ""]),
)
def test_any_text_is_a_day_to_come_or_a_reason(text: str, today: date, language: str) -> None:
    """Whatever is typed, in whatever language, nothing breaks."""
    for read in (read_day(text, today, language), read_moment(text, today, language)):
        if isinstance(read, Read):
            assert today <= read.day <= today + FURTHEST
        else:
            assert read in get_args(NotADate)


@pytest.mark.parametrize("tongue", [COMMON, *TONGUES.values()])
def test_no_word_of_a_language_counts_twice(tongue: Tongue) -> None:
    """The later of two numbers would silently win."""
    for rows, known in (
        (tongue.words.months, tongue.months),
        (tongue.words.weekdays, tongue.weekdays),
        (tongue.words.counts, tongue.counts),
    ):
        assert len(known) == len(list(chain.from_iterable(row.split() for row in rows)))


@pytest.mark.parametrize("language", ["es", "es-ES", "ES_mx"])
def test_a_region_changes_nothing(language: str) -> None:
    """The vocabulary is the language's."""
    assert read_day("3 de junio", TODAY, language) == Read(date(2027, 6, 3))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2027-06-03T14:30", Read(date(2027, 6, 3), time(14, 30))),
        ("2027-06-03", Read(date(2027, 6, 3))),
        ("25/12", Read(date(2026, 12, 25))),
        ("9:00 25.12.2026", Read(date(2026, 12, 25), time(9))),
        ("03/06", "ambiguous"),
        ("25/12 2:30", "ambiguous"),
        ("31/06", "impossible"),
        ("3 June", "unknown"),
        ("25/12 3pm", "unknown"),
        ("9 am 25/12", "unknown"),  # German: at nine on that day, or a slip
    ],
)
def test_any_other_language_is_read_in_figures_only(text: str, read: Read | NotADate) -> None:
    """Words are left alone, since `mar` is a month in one language and a weekday in the next."""
    assert read_moment(text, TODAY, "de-CH") == read
