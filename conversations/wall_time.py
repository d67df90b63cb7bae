"""The same wall time on another day, in any time zone; and the zone that a person means.

One rule answers everything here: a wall time falls at the first instant at which the clocks there
show it or have jumped past it. So a time that a clock change leaves out falls where the gap ends,
and of a time that comes twice the first counts. Python's zoneinfo takes a missing time without a
word, so every answer is checked by a round trip.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from functools import cache, lru_cache
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)

_NO_ZONES = frozenset({"localtime", "Factory"})
"""Listed too, but one is whatever the machine is set to and the other stands for none at all."""

_NO_CITIES = frozenset({"Brazil", "Canada", "Chile", "Mexico", "US"})
"""Folders of older names, which are no cities: `Canada/Central`, `Brazil/West`."""

_NOT_TYPED = frozenset(
    {"Australia/North", "Australia/South", "Australia/West"}
    | {"CET", "EET", "EST", "GMT", "Greenwich", "HST", "MET", "MST", "WET"}
)
"""Never what a person means: who types GMT in London has summer time, and WEST is not Perth."""

_MEANT = {
    "cet": ("Europe/Madrid", "Europe/Paris", "Europe/Berlin"),
    "cest": ("Europe/Madrid", "Europe/Paris", "Europe/Berlin"),
    "eet": ("Europe/Athens", "Europe/Helsinki", "Africa/Cairo"),
    "wet": ("Europe/Lisbon", "Atlantic/Canary"),
    "west": ("Europe/Lisbon", "Atlantic/Canary"),
    "gmt": ("Europe/London", "Africa/Accra", "Africa/Abidjan"),
    "greenwich": ("Europe/London",),
    "bst": ("Europe/London", "Asia/Dhaka"),
    "ist": ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"),
    "est": ("America/New_York", "America/Toronto", "America/Panama"),
    "cst": ("America/Chicago", "America/Mexico_City", "Asia/Shanghai"),
    "mst": ("America/Denver", "America/Phoenix"),
    "pst": ("America/Los_Angeles", "America/Vancouver", "Asia/Manila"),
    "cordoba": ("Europe/Madrid", "America/Argentina/Cordoba"),
    "merida": ("Europe/Madrid", "America/Merida"),
    "petersburg": ("Europe/Moscow", "America/Indiana/Petersburg"),
    "san juan": ("America/Puerto_Rico", "America/Argentina/San_Juan"),
    "santiago": ("America/Santiago", "Europe/Madrid"),
}
"""What is never guessed: abbreviations and namesakes, each with the zones it may stand for."""


class UnknownZone(ValueError):
    """No zone has that name; `nearest` holds those that may be meant, the likeliest first."""

    def __init__(self, asked: str) -> None:
        self.asked = asked
        self.nearest = nearest_zones(asked)
        meant = " or ".join(self.nearest)
        way_out = f"did you mean {meant}?" if meant else "a name looks like Europe/Madrid"
        super().__init__(f"no time zone is called {asked!r}: {way_out}")


@cache
def zone_named(name: str) -> ZoneInfo:
    """The zone of that IANA name, spelled exactly (`Europe/Madrid`).

    Raises:
        UnknownZone: tzdata has no such name.
    """
    # The list is asked and not the file system: some take any case, and a folder is not a zone.
    if name not in _names():
        raise UnknownZone(name)
    return ZoneInfo(name)


def is_a_zone(name: str) -> bool:
    """Whether tzdata has a zone of that name, spelled exactly."""
    return name in _names()


def local(instant: datetime, zone: str) -> datetime:
    """That instant as the clocks of the zone show it (aware).

    Raises:
        ValueError: the instant is naive; Python would take it for the machine's own time.
    """
    if instant.tzinfo is None:
        raise ValueError(f"{instant} has no zone; an instant is aware")
    return instant.astimezone(zone_named(zone))


@lru_cache(maxsize=8192)
def at_wall_time(
    day: date, wall: time, zone: str, of_two: Literal["first", "second"] = "first"
) -> datetime:
    """The instant (UTC) at which the clocks there show that time on that day.

    Where a clock change leaves the time out, the instant at which the gap ends, though it may lie
    on the next day; where it comes twice, the first of the two unless the second is asked for.
    """
    place = zone_named(zone)
    shown = datetime.combine(day, wall, place).replace(fold=0)
    instant = shown.astimezone(UTC)
    if instant.astimezone(place) != shown:
        # In a gap Python counts fold 0 with the offset before it: the later of the two.
        return _first_change(shown.replace(fold=1).astimezone(UTC), instant, place)
    return instant if of_two == "first" else shown.replace(fold=1).astimezone(UTC)


@lru_cache(maxsize=8192)
def exists(day: date, wall: time, zone: str) -> bool:
    """Whether the clocks there show that time on that day; False in the gap of a clock change."""
    shown = datetime.combine(day, wall, zone_named(zone)).replace(fold=0)
    return shown.astimezone(UTC).astimezone(shown.tzinfo) == shown


def day_exists(day: date, zone: str) -> bool:
    """Whether the calendar there has that day: Apia went from 29 to 31 December 2011."""
    return at_wall_time(day, time.min, zone) < at_wall_time(day + DAY, time.min, zone)


def same_wall_time(instant: datetime, day: date, zone: str) -> datetime:
    """The instant (UTC) on that day at which the clocks there show what they show at `instant`."""
    return at_wall_time(day, local(instant, zone).time(), zone)


def next_daily(after: datetime, wall: time, zone: str) -> datetime:
    """The first instant (UTC) later than `after` at which that wall time falls.

    It falls once for each day of the calendar there: a missing time where the gap ends, one that
    comes twice only the first time, and on a day that the calendar left out not at all.
    """
    # No earlier day: by the rule above its time fell when the clock first went past it.
    day = local(after, zone).date()
    while (falls := at_wall_time(day, wall, zone)) <= after or not _has(day, wall, zone):
        day += DAY
    return falls


def changes_between(zone: str, after: datetime, until: datetime) -> tuple[datetime, ...]:
    """The zone's clock changes (UTC) later than `after` and not later than `until`, in order.

    Both are in UTC. A change is the first instant at which the zone's offset is another.
    """
    years = range(after.year, until.year + 1)
    return tuple(at for year in years for at in _changes(zone, year) if after < at <= until)


def find_zone(text: str) -> str | None:
    """The IANA name of what a person typed, a name or a city in any case; None where not clear.

    `Madrid`, `europe/madrid` and `new york` are found. `CET`, `GMT+2` and `Córdoba` are not: each
    may stand for several zones, and `nearest_zones` offers them.
    """
    key = _plain(text)
    return None if key in _MEANT else _typed().get(key)


def nearest_zones(text: str, how_many: int = 3) -> tuple[str, ...]:
    """The zones that may be meant by what was typed, the likeliest first; empty if none is near."""
    key, typed = _plain(text)[:80], _typed()
    if any(map(str.isdigit, key)):
        return ()  # UTC is not what UTC+1 means
    words = key.replace("/", " ").split()
    starts = range(len(words))
    runs = [" ".join(words[at : at + size]) for size in (3, 2, 1) for at in starts]
    named = [typed[run] for run in runs if run in typed and run not in _MEANT]
    alike = [typed[near] for near in get_close_matches(key, typed, how_many, cutoff=0.7)]
    return tuple(dict.fromkeys([*_MEANT.get(key, ()), *named, *alike]))[:how_many]


def _has(day: date, wall: time, zone: str) -> bool:
    return exists(day, wall, zone) or day_exists(day, zone)


@lru_cache(maxsize=4096)
def _changes(zone: str, year: int) -> tuple[datetime, ...]:
    """The zone's clock changes in that year of UTC.

    Two that cancel within one day would hide each other; none since 1970 lie within six.
    """
    place = zone_named(zone)
    start = datetime(year, 1, 1, tzinfo=UTC) - SECOND
    days = date(year, 12, 31).timetuple().tm_yday
    marks = [start + timedelta(days=count) for count in range(days + 1)]
    offsets = [mark.astimezone(place).utcoffset() for mark in marks]
    changed = [at for at in range(days) if offsets[at] != offsets[at + 1]]
    return tuple(_first_change(marks[at], marks[at + 1], place) for at in changed)


def _first_change(low: datetime, high: datetime, place: ZoneInfo) -> datetime:
    """The instant, later than `low`, not than `high`, from which the offset at `low` is gone."""
    low = low.replace(microsecond=0)
    before = low.astimezone(place).utcoffset()
    too_few, enough = 0, -((low - high) // SECOND)
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        if (low + middle * SECOND).astimezone(place).utcoffset() == before:
            too_few = middle
        else:
            enough = middle
    return low + enough * SECOND


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones() - _NO_ZONES)


@cache
def _typed() -> dict[str, str]:
    """What a person may type for each zone, made plain: cities, then whole names, which win."""
    # Fixed offsets, and turned round at that: Etc/GMT+5 lies five hours west of Greenwich.
    fixed = {n for n in _names() if n.startswith("Etc/") or any(map(str.isdigit, n))}
    names = sorted(_names() - fixed - _NOT_TYPED)
    return dict(_cities(names)) | {_plain(name): name for name in names}


def _cities(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    # Of two names for one city the longer path is the present one (America/Argentina/Mendoza).
    for name in sorted(names, key=lambda name: name.count("/")):
        folder, _, city = name.rpartition("/")
        if folder and folder not in _NO_CITIES:
            yield _plain(city), name


def _plain(text: str) -> str:
    """Small letters without accents or dots, single spaces, none round a slash."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in apart if not unicodedata.combining(c) and c not in "'’")
    for mark in ".,_-":
        bare = bare.replace(mark, " ")
    return "/".join(" ".join(part.split()) for part in bare.split("/"))
