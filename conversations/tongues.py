"""How days and hours are said in each language that `typed_dates` reads: words, and few patterns.

Another language is another `Vocabulary` in `TONGUES`. In its patterns a word in capitals is a slot:
DAY, MONTH, YEAR, WEEKDAY, NEAR, COUNT and UNIT. What is matched has small letters without accents.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Meaning = Literal[
    "iso", "numeric", "dated", "near", "away", "vague",
    "weekday", "this_weekday", "next_weekday", "weekday_this_week", "weekday_next_week",
]  # fmt: skip
"""What a pattern stands for: `typed_dates` has the days of each."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A language as it is written down; empty, it is what all languages have in common."""

    months: tuple[str, ...] = ()
    """From January on, each with all ways to write it."""
    weekdays: tuple[str, ...] = ()
    """From Monday on, likewise."""
    counts: tuple[str, ...] = ()
    """From one on, likewise; figures are understood anyhow."""
    near: Mapping[str, int] = field(default_factory=dict)
    """Days from today."""
    units: Mapping[str, int] = field(default_factory=dict)
    """Their length in days."""
    forms: tuple[tuple[Meaning, str], ...] = ()
    """What fits several patterns means all that they mean."""
    at: tuple[str, ...] = ()
    """What makes a bare number an hour: `at 15`."""
    halves: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    """For each part of a day, such as pm, the hour of the clock for each that is said with it."""
    of: str = ""
    """A pattern: what may stand between an hour and its day."""
    alike: tuple[tuple[str, str], ...] = ()
    """Patterns of other marks for the same thing, and what stands for them."""
    day_first: bool = False
    """Whether 03/06 is 3 June to everybody; else it can be 6 March too."""
    weeks_begin: tuple[int, ...] = (0,)
    """The weekdays, 0 for Monday, on which a week begins to some."""


@dataclass(frozen=True, slots=True)
class Tongue:
    """A vocabulary made ready for reading."""

    words: Vocabulary
    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    counts: Mapping[str, int]
    forms: tuple[tuple[Meaning, re.Pattern[str]], ...]
    moments: tuple[re.Pattern[str], ...]
    """A day and an hour, in either order: `rest` is the day."""
    alike: tuple[tuple[re.Pattern[str], str], ...]


_FORMS: tuple[tuple[Meaning, str], ...] = (
    ("iso", r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"),
    ("numeric", r"(\d{1,2})([/.-])(\d{1,2})(?:\2(\d{4}|\d{2}))?"),
)
_ALIKE = (
    (r"(?<=\d)t(?=\d)", " "),  # 2027-06-03T14:30
    (r"(?<=[a-z]{3})\.(?= )", ""),
)


def _ready(words: Vocabulary) -> Tongue:
    months, weekdays = _numbered(words.months, 1), _numbered(words.weekdays, 0)
    clock = (
        rf"(?P<clock>(?:{_one_of(words.at)} )?(?P<hour>\d{{1,2}})(?:[:.](?P<minute>\d{{2}}))?"
        rf"(?: ?(?P<half>{_one_of(words.halves)}))?)"
    )
    slots = {
        "DAY": r"(?P<day>\d{1,2})",
        "MONTH": f"(?P<month>{_one_of(months)})",
        "YEAR": r"(?P<year>\d{4}|\d{2})",
        "WEEKDAY": f"(?P<weekday>{_one_of(weekdays)})",
        "NEAR": f"(?P<near>{_one_of(words.near)})",
        "COUNT": r"(?P<count>\w+)",
        "UNIT": f"(?P<unit>{_one_of(words.units)})",
    }
    return Tongue(
        words,
        months,
        weekdays,
        _numbered(words.counts, 1),
        tuple((meaning, _pattern(form, slots)) for meaning, form in (*_FORMS, *words.forms)),
        (_pattern(f"(?P<rest>.+?) {clock}"), _pattern(f"{clock} {words.of}(?P<rest>.+)")),
        tuple((_pattern(mark), instead) for mark, instead in (*_ALIKE, *words.alike)),
    )


def _numbered(rows: Iterable[str], first: int) -> dict[str, int]:
    return {word: number for number, row in enumerate(rows, first) for word in row.split()}


def _one_of(words: Iterable[str]) -> str:
    """A pattern for any of these; for none of them, one that nothing fits."""
    return f"(?:{'|'.join(map(re.escape, words)) or '(?!)'})"


def _pattern(text: str, slots: Mapping[str, str] | None = None) -> re.Pattern[str]:
    filled = re.sub("[A-Z]{3,}", lambda slot: slots[slot[0]], text) if slots else text
    # ASCII, since in Unicode \d takes the digits of every script.
    return re.compile(filled, re.ASCII)


_AM = {12: 0} | {hour: hour for hour in range(1, 12)}
_PM = {12: 12} | {hour: hour + 12 for hour in range(1, 12)}

_ENGLISH = Vocabulary(
    months=(
        "jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july",
        "aug august", "sep sept september", "oct october", "nov november", "dec december",
    ),
    weekdays=(
        "mon monday", "tue tues tuesday", "wed wednesday", "thu thur thurs thursday",
        "fri friday", "sat saturday", "sun sunday",
    ),
    counts=("a one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    near={"yesterday": -1, "today": 0, "tomorrow": 1, "day after tomorrow": 2},
    units={"day": 1, "week": 7, "fortnight": 14},
    forms=(
        ("dated", r"(?:WEEKDAY )?(?:the )?DAY(?:st|nd|rd|th)? ?(?:of )?MONTH(?: YEAR)?"),
        ("dated", r"(?:WEEKDAY )?MONTH ?(?:the )?DAY(?:st|nd|rd|th)?(?: YEAR)?"),
        ("near", r"(?:the )?NEAR"),
        ("away", r"in COUNT UNITs?"),
        ("weekday", r"WEEKDAY"),
        ("this_weekday", r"this WEEKDAY"),
        ("next_weekday", r"next WEEKDAY"),
        ("vague", r"(?:this|next) (?:week|weekend|month|year)|in \w+ (?:month|year)s?|weekend"),
        ("vague", r"(?:the )?\d{1,2}(?:st|nd|rd|th)|MONTH(?: \d{4})?"),
    ),
    at=("at",),
    halves={"am": _AM, "pm": _PM},
    alike=(
        (r"(?<![a-z])([ap])\.m\b\.?", r"\1m"),
        (r"^on | on (?=\S)", " "),
        (r"\bnoon\b", "12:00"),
    ),
    weeks_begin=(0, 6),
)  # fmt: skip

_HOURS = (
    "una", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once",
    "doce",
)  # fmt: skip
_IDIOMS = {"ocho": 7, "8": 7, "quince": 14, "15": 14}
"""Counted with both ends, a week has eight days and two have fifteen. `Ocho días` and figures are
also read as they stand, and so are ambiguous; `quince días` is a fortnight and nothing else."""

_SPANISH = Vocabulary(
    months=(
        "ene enero", "feb febrero", "mar marzo", "abr abril", "may mayo", "jun junio",
        "jul julio", "ago agosto", "sep sept set septiembre setiembre", "oct octubre",
        "nov noviembre", "dic diciembre",
    ),
    weekdays=(
        "lun lunes", "mar martes", "mie mier miercoles", "jue jueves", "vie viernes",
        "sab sabado", "dom domingo",
    ),
    counts=(
        "un una", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez",
    ),
    near={"anteayer": -2, "ayer": -1, "hoy": 0, "manana": 1, "pasado manana": 2}
    | {f"{to} {said} dias": days for to in ("en", "dentro de") for said, days in _IDIOMS.items()},
    units={"dia": 1, "semana": 7, "quincena": 14},
    forms=(
        (
            "dated",
            r"(?:el )?(?:WEEKDAY (?:el )?)?(?:dia )?DAY ?(?:de )?MONTH(?:(?: del?)? YEAR)?",
        ),
        ("dated", r"(?:WEEKDAY )?MONTH DAY(?:(?: del?)? YEAR)?"),
        ("near", r"NEAR"),
        ("away", r"(?:en|dentro de) COUNT UNITs?"),
        ("weekday", r"(?:el )?WEEKDAY"),
        ("this_weekday", r"este WEEKDAY"),
        ("next_weekday", r"(?:el )?proximo WEEKDAY"),
        ("next_weekday", r"(?:el )?WEEKDAY (?:que viene|proximo)"),
        ("weekday_this_week", r"(?:el )?WEEKDAY de esta semana"),
        (
            "weekday_next_week",
            r"(?:el )?WEEKDAY de la (?:semana que viene|proxima semana|semana proxima)",
        ),
        ("vague", r"(?:esta|(?:la )?proxima) semana|(?:la )?semana (?:que viene|proxima)"),
        (
            "vague",
            r"(?:este |el )?(?:proximo )?(?:finde|fin de semana|mes|ano)(?: que viene| proximo)?",
        ),
        ("vague", r"(?:en|dentro de) \w+ (?:mes(?:es)?|anos?)|el \d{1,2}"),
        ("vague", r"(?:el )?(?:WEEKDAY (?:dia )?|dia )\d{1,2}"),
        (
            "vague",
            r"(?:en |a (?:principios|mediados|finales) de )?MONTH(?: (?:del? )?\d{4})?",
        ),
    ),
    at=("a la", "a las"),
    halves={
        "am": _AM,
        "pm": _PM,
        "de la madrugada": {hour: hour for hour in range(7)},
        "de la manana": {hour: hour for hour in range(1, 13)},
        "del mediodia": {12: 12, 13: 13, 14: 14, 15: 15, 1: 13, 2: 14, 3: 15},
        "de la tarde": {hour - 12: hour for hour in range(13, 22)}
        | {hour: hour for hour in range(12, 22)},
        # Twelve at night belongs to one day or the next.
        "de la noche": {hour - 12: hour for hour in range(19, 24)}
        | {hour: hour for hour in range(19, 24)},
    },
    of="(?:del? )?",
    alike=(
        (r"(?<![a-z])([ap])\. ?m\b\.?", r"\1m"),
        *((rf"\b(a las?) {word}\b", rf"\g<1> {hour}") for hour, word in enumerate(_HOURS, 1)),
        (r"(?<=\d) y media\b", ":30"),
        (r"(?<=\d) y cuarto\b", ":15"),
        (r"(?<=\d)h(?=\d\d)", ":"),
        (r"([:.]\d\d) ?h(?:s|oras?)?\b", r"\1"),
        (r"(?<![\d:.])(\d{1,2}) ?h(?:s|oras?)?\b", r"\1:00"),
        (r"\bpor la (manana|tarde|noche) (a las? [\d:.]+)", r"\2 de la \1"),
        (r"(?<!del )\b(?:al? )?mediodia\b", "12:00"),
        (r"\b(?:primero|1(?:\.?[ºo°]|e?ro)) (?=de )", "1 "),
    ),
    day_first=True,
)  # fmt: skip

COMMON = _ready(Vocabulary())
"""Figures alone, for any other language: half of our words mean something else in some of them."""
TONGUES = {"en": _ready(_ENGLISH), "es": _ready(_SPANISH)}
