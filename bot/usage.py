"""How a language says days, hours and rows of names: its `language.toml`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_datetime

PATTERNS = ("day", "day_far_off", "moment", "hour", "hour_of_another_day")
_ANY_DAY = datetime(2026, 3, 30, 14, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Usage:
    """How one language says them; the patterns are Unicode's (UTS 35, part 4)."""

    day: str
    day_far_off: str
    """With the year, which the other leaves out."""
    moment: str
    """A day and its hour; one of the two patterns of a day stands for `{day}` in it."""
    hour: str
    hour_of_another_day: str
    joins: str
    """What stands before the last of several names."""
    joins_before: tuple[tuple[re.Pattern[str], str], ...] = ()
    """What stands there instead where the last name begins like this."""

    def row(self, names: Sequence[str]) -> str:
        """Give names in a row: `Ben`, `Ben and Eve`, `Ana, Ben and Eve`."""
        if len(names) < 2:
            return "".join(names)
        last = names[-1]
        usual = (joins for begins, joins in self.joins_before if begins.match(last))
        return f"{', '.join(names[:-1])}{next(usual, self.joins)}{last}"

    @property
    def words_that_join(self) -> frozenset[str]:
        """What stands between two of several, without the spaces round it."""
        return frozenset({self.joins.strip(), *(joins.strip() for _, joins in self.joins_before)})


@lru_cache(maxsize=8192)
def in_words(at: datetime, zone: str, language: str, pattern: str) -> str:
    """Say an instant where that zone is."""
    locale = _locale(language)
    return str(format_datetime(at, pattern, tzinfo=ZoneInfo(zone), locale=locale))


@lru_cache
def _locale(language: str) -> Locale:
    return Locale.parse(language, sep="-")


def own_name(language: str) -> str:
    """Give what a language calls itself, as it stands on a button: `Español`."""
    name = name_of(language, language)
    return name[:1].upper() + name[1:]


def name_of(language: str, said_in: str) -> str:
    """Give what a language is called in another, within a sentence: `Spanish`, `inglés`."""
    return _locale(language).get_display_name(_locale(said_in)) or language


def read_usage(table: Mapping[str, Any], language: str, faults: list[str]) -> Usage | None:
    """Read the table of a `language.toml`; None, with faults, where something is wrong with it."""
    found = [*_misshapen(table), *_misnamed(table)] or list(_unreadable(table, language))
    faults.extend(f"{language}/language.toml: {fault}" for fault in found)
    if found:
        return None
    before = table.get("and_before", {}).items()
    joins_before = tuple((re.compile(begins, re.IGNORECASE), said) for begins, said in before)
    patterns = {name: str(table[name]) for name in PATTERNS}
    return Usage(**patterns, joins=str(table["and"]), joins_before=joins_before)


def _misshapen(table: Mapping[str, Any]) -> Iterator[str]:
    for name in (*PATTERNS, "and"):
        if not isinstance(table.get(name), str) or not table[name]:
            yield f'there is no {name}; write it as in English, such as {name} = "…"'
    before = table.get("and_before", {})
    if not isinstance(before, dict) or not all(isinstance(each, str) for each in before.values()):
        yield 'under [and_before] stand lines such as "h?i" = " e "'


def _misnamed(table: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted(table.keys() - {*PATTERNS, "and", "and_before"}):
        yield f"{name!r} is no part of it; take it out, or mend its spelling"


def _unreadable(table: Mapping[str, Any], language: str) -> Iterator[str]:
    for name in PATTERNS:
        try:
            in_words(_ANY_DAY, "UTC", language, table[name].replace("{day}", ""))
        except (ValueError, KeyError, AttributeError) as error:
            yield f"{name} is no pattern of a date: {error}"
    if "{day}" not in table["moment"]:
        yield "moment does not say where the {day} stands"
    for begins in table.get("and_before", {}):
        try:
            re.compile(begins)
        except re.error as error:
            yield f"under [and_before] {begins!r} is no regular expression: {error}"
