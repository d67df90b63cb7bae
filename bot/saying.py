"""How values are said: instants in the reader's zone, days, names, lists.

The filters that the words may use.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import jinja2
from jinja2.runtime import Context

from bot.usage import Usage, in_words
from conversations.meetings import Meeting
from conversations.talk import Role, Who

BEARS_ITS_YEAR = timedelta(days=270)
"""Further off than this, in either direction, a day and a month alone could be another year's."""


@dataclass(frozen=True, slots=True)
class Reader:
    """The person who will read a line."""

    id: int
    name: str
    role: Role
    zone: str
    language: str
    """One that comentor speaks, as `Words.language` has it."""
    zones: Callable[[int], str]
    """The zone of anybody else, by their id."""
    now: datetime | None = None
    """When they are told: far from it a day bears its year. None where no day is said."""


def nobody(language: str) -> Reader:
    """Give a reader for words that are the same for everybody, such as those beside a button."""
    return Reader(0, "", "mentee", "UTC", language, lambda _: "UTC")


def _instant(value: datetime | Meeting) -> datetime:
    return value.starts_at if isinstance(value, Meeting) else value


def _reader(context: Context) -> Reader:
    reader: Reader = context["reader"]
    return reader


def _usage(context: Context) -> Usage:
    usage: Usage = context["usage_"]
    return usage


@jinja2.pass_context
def when(context: Context, value: datetime | Meeting) -> str:
    """A moment where the reader is, such as `Tue 3 March, 09:00`; far off, with its year."""
    reader, usage, at = _reader(context), _usage(context), _instant(value)
    pattern = usage.moment.replace("{day}", _day_pattern(reader, usage, at))
    return in_words(at, reader.zone, reader.language, pattern)


@jinja2.pass_context
def hour(context: Context, value: datetime | Meeting) -> str:
    """The wall time where the reader is, such as `09:00`."""
    reader = _reader(context)
    return in_words(_instant(value), reader.zone, reader.language, _usage(context).hour)


@jinja2.pass_context
def there(context: Context, value: datetime | Meeting, partner: Who) -> str:
    """The partner's own hour where it differs from the reader's, such as ` (08:00 Ben)`."""
    reader, at = _reader(context), _instant(value)
    zone = reader.zones(partner.id)
    mine, theirs = at.astimezone(ZoneInfo(reader.zone)), at.astimezone(ZoneInfo(zone))
    if mine.replace(tzinfo=None) == theirs.replace(tzinfo=None):
        return ""
    usage = _usage(context)
    pattern = usage.hour if mine.date() == theirs.date() else usage.hour_of_another_day
    return f" ({in_words(at, zone, reader.language, pattern)} {partner.name})"


@jinja2.pass_context
def day(context: Context, value: datetime | date | Meeting) -> str:
    """A day where the reader is, such as `3 March`; far off, with its year."""
    reader, usage = _reader(context), _usage(context)
    if isinstance(value, datetime | Meeting):
        at = _instant(value)
        return in_words(at, reader.zone, reader.language, _day_pattern(reader, usage, at))
    noon = datetime.combine(value, time(12), UTC)
    return in_words(noon, "UTC", reader.language, _day_pattern(reader, usage, noon))


def _day_pattern(reader: Reader, usage: Usage, at: datetime) -> str:
    far = reader.now is not None and abs(at - reader.now) > BEARS_ITS_YEAR
    return usage.day_far_off if far else usage.day


@jinja2.pass_context
def names(context: Context, value: Sequence[Who | str]) -> str:
    """Names in a row: `Ben`, `Ben and Eve`, `Ana, Ben and Eve`."""
    known = [each.name if isinstance(each, Who) else each for each in value]
    return _usage(context).row(known)


def place(zone: str) -> str:
    """A zone as a place: `Europe/Madrid` is `Madrid`."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


FILTERS: dict[str, Callable[..., object]] = {
    "when": when,
    "hour": hour,
    "there": there,
    "day": day,
    "names": names,
    "place": place,
}
