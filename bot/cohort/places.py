"""The rules of cells that name a place or its language: time zone, country, language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from zoneinfo import available_timezones

import holidays
from babel import Locale
from babel.core import get_global

from bot.cohort.fault import Wrong, nearest, shown
from bot.languages import meant

NO_PLACE = re.compile(
    r"""(?x) [A-Z]{2,5} | [A-Z]{3}\d[A-Z]{3}           # CET, EST5EDT
      | (?:(?:Etc/)?(?:GMT|UTC)\ ?)? [+-]? \d[\d:.]*   # UTC+1, Etc/GMT-1, 1
      | Etc/.*"""
)
CITY_FOR: Mapping[str, str] = {
    **dict.fromkeys(("CET", "CEST", "MET", "MEZ"), "Europe/Madrid or Europe/Berlin"),
    **dict.fromkeys(("GMT", "BST"), "Europe/London"),
    **dict.fromkeys(("WET", "WEST"), "Europe/Lisbon"),
    **dict.fromkeys(("EET", "EEST"), "Europe/Helsinki"),
    **dict.fromkeys(("EST", "EDT", "ET"), "America/New_York or America/Toronto"),
    **dict.fromkeys(("CST", "CDT", "CT"), "America/Chicago"),
    **dict.fromkeys(("MST", "MDT", "MT"), "America/Denver"),
    **dict.fromkeys(("PST", "PDT", "PT"), "America/Los_Angeles"),
    **dict.fromkeys(("AEST", "AEDT"), "Australia/Sydney"),
    **dict.fromkeys(("NZST", "NZDT", "NZ"), "Pacific/Auckland"),
    "IST": "Europe/Dublin or Asia/Kolkata",
}
BRITISH: Mapping[str, str] = {
    "uk": "GB",
    "great britain": "GB",
    "england": "GB-ENG",
    "scotland": "GB-SCT",
    "wales": "GB-WLS",
    "northern ireland": "GB-NIR",
}


def a_zone(text: str) -> str:
    """An IANA zone that is a place (or UTC), in its own spelling."""
    zone = _zones().get(text.casefold().replace(" ", "_"))
    if zone:
        return zone
    if NO_PLACE.fullmatch(text):
        city = CITY_FOR.get(text, "Europe/Madrid")
        raise Wrong(
            f"{shown(text)} is an abbreviation or an offset, and does not say when clocks change.",
            f"Name the nearest large city, such as {city}.",
        )
    raise Wrong(f"{shown(text)} is no time zone.", lambda: _zone_remedy(text))


@cache
def _zones() -> dict[str, str]:
    """Every zone that names a place, by its spelling in lower case."""
    places = (z for z in available_timezones() if "/" in z and not z.startswith("Etc/"))
    return {"utc": "UTC"} | {zone.casefold(): zone for zone in places}


@cache
def _cities() -> dict[str, str]:
    return {zone.rpartition("/")[2]: zone for zone in sorted(_zones())}


def _zone_remedy(text: str) -> str:
    """What was meant: a country, what Windows calls it, a city alone, a slip of the finger."""
    country = _country_names().get(text.casefold(), "").partition("-")[0]
    in_country = get_global("territory_zones").get(country, ())
    if 1 <= len(in_country) <= 4:
        return f"Write {' or '.join(in_country)}."
    zone = get_global("windows_zone_mapping").get(text) or _nearest_zone(text.replace(" ", "_"))
    return f"Did you mean {zone}?" if zone else "Write region and city, such as Europe/Madrid."


def _nearest_zone(text: str) -> str | None:
    spelling = nearest(text, _zones(), likeness=0.75)
    city = nearest(text, _cities(), likeness=0.75)
    return _zones().get(spelling or _cities().get(city, ""))


def a_country(text: str) -> str:
    """A country whose public holidays are known, such as ES, perhaps with a part of it, ES-MD."""
    country, hyphen, part = text.upper().partition("-")
    if country not in _countries():
        raise Wrong(
            f"{shown(text)} is no country whose holidays are known.", lambda: _country_remedy(text)
        )
    if not hyphen:
        return country
    parts = {name.upper(): name for name in _countries()[country]}
    if part not in parts:
        known = ", ".join(parts.values())
        raise Wrong(
            f"{country} has no part {shown(part)} with holidays of its own.",
            f"Write one of {known}." if known else f"Write {country}.",
        )
    return f"{country}-{parts[part]}"


@cache
def _countries() -> dict[str, list[str]]:
    """Codes of two letters, each with its subdivisions."""
    return holidays.list_supported_countries(include_aliases=False)


@cache
def _country_names() -> dict[str, str]:
    names = Locale("en").territories
    return {names[code].casefold(): code for code in _countries()} | dict(BRITISH)


def _country_remedy(text: str) -> str:
    code = _country_names().get(nearest(text, _country_names()))
    return (
        f"Did you mean {code}?"
        if code
        else "Write its two letters (ISO 3166), such as ES, or nothing."
    )


def a_language(text: str, spoken: Sequence[str]) -> str:
    """A language's tag, such as `en` or `pt-BR`, which is or means one of those that are spoken."""
    tag = re.fullmatch(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{2}))?", text)
    if not tag or tag[1].lower() not in Locale("en").languages:
        raise Wrong(f"{shown(text)} is no language's code.", lambda: _language_remedy(text))
    if not meant(text, spoken):
        raise Wrong(
            f"comentor does not speak {shown(text)}.",
            f"Write {' or '.join(spoken)}, or nothing: then it is what their app says, if that "
            "is spoken, or else the programme's language.",
        )
    return tag[1].lower() + (f"-{tag[2].upper()}" if tag[2] else "")


def _language_remedy(text: str) -> str:
    names = {name.casefold(): code for code, name in Locale("en").languages.items()}
    code = names.get(nearest(text, names))
    return f"Did you mean {code}?" if code else "Write its code (ISO 639), such as en or es."
