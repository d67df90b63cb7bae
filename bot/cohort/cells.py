"""The rules of single cells: text in, our own value out, or `Wrong`. Places have their own file."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from typing import TypeVar, get_args

from bot.cohort.fault import Wrong, nearest, shown
from bot.cohort.rows import Platform, Role

Choice = TypeVar("Choice")

LONGEST_CELL = 500
"""Characters."""

ESCAPED_BYTE = re.compile("[\udc80-\udcff]")
"""What `surrogateescape` leaves where a byte was not UTF-8."""
FORMULA = frozenset("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
"""First characters that a spreadsheet may run, half and full width: OWASP, CSV Injection."""
NOTHING = frozenset({"-", "\N{EN DASH}", "\N{EM DASH}"})
"""What people type to say that a cell is empty on purpose."""
HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
JOINERS = frozenset("\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}")
"""Invisible, but part of how Persian, Hindi or Malayalam names are spelt."""

ROLES: Mapping[str, Role] = {role: role for role in get_args(Role)}
PLATFORMS: Mapping[str, Platform] = {name: name for name in get_args(Platform)}


def plain(raw: str, *, joiners: bool) -> str:
    """The cell's text, composed (NFC) and with single spaces; empty where it says nothing.

    `joiners` allows the two invisible characters that some names are spelt with.
    """
    if found := ESCAPED_BYTE.search(raw):
        raise _not_utf8(ord(found[0]) - 0xDC00)
    if len(raw) > LONGEST_CELL:
        raise Wrong(
            f"The cell has {len(raw)} characters.", f"Write at most {LONGEST_CELL} in a cell."
        )
    _refuse_formula(raw.strip(" "))
    if not raw.isprintable():
        _refuse_hidden(raw, JOINERS if joiners else frozenset())
    tidy = " ".join(unicodedata.normalize("NFC", raw).split())
    return "" if tidy in NOTHING else tidy


def _not_utf8(byte: int) -> Wrong:
    meant = bytes([byte]).decode("windows-1252", "replace")
    meant = f" (in Windows-1252 it is {meant})" if meant.isprintable() else ""
    return Wrong(
        f"The byte {byte:02X} is not UTF-8{meant}.",
        "In the spreadsheet, choose 'Save as' and 'CSV UTF-8'.",
    )


def _refuse_formula(text: str) -> None:
    if text[:1] in FORMULA and text not in NOTHING:
        raise Wrong(
            f"{shown(text)} begins like a formula.",
            "Write the value itself, without = + - @ or a tab before it.",
        )


def _refuse_hidden(raw: str, allowed: frozenset[str]) -> None:
    for character in raw:
        if unicodedata.category(character) in HIDDEN and character not in allowed:
            name = unicodedata.name(character, "a control character")
            raise Wrong(
                f"{shown(raw)} hides U+{ord(character):04X}, {name}.",
                "Type the cell anew instead of pasting it.",
            )


def a_key(text: str) -> str:
    """A key in lower case, so that Ana@Museum.org finds ana@museum.org again."""
    return text.casefold()


def some_keys(text: str) -> tuple[str, ...]:
    """The keys in a cell, each once, in the order they were written."""
    keys = (key.strip() for key in re.split("[;,]", text.casefold()))
    return tuple(dict.fromkeys(filter(None, keys)))


def a_name(text: str) -> str:
    """A name: anything with a letter in it."""
    if not any(character.isalpha() for character in text):
        raise Wrong(f"{shown(text)} has no letter in it.", "Write the name as people read it.")
    return text


def an_email(text: str) -> str:
    """An address that looks like one; whether it is read, only a message would tell."""
    if not re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", text):
        raise Wrong(
            f"{shown(text)} is no e-mail address.", "Write one such as ana@example.org, or nothing."
        )
    return text


def a_role(text: str) -> Role:
    """A role, in whatever case, with or without its hyphen."""
    return _one_of(text, ROLES, "role")


def a_platform(text: str) -> Platform:
    """The name of a platform, in whatever case."""
    return _one_of(text, PLATFORMS, "platform")


def _one_of(text: str, choices: Mapping[str, Choice], what: str) -> Choice:
    squeezed = _squeezed(text)
    for name, choice in choices.items():
        if _squeezed(name) == squeezed:
            return choice
    likely = nearest(text, choices)
    remedy = f"Did you mean {likely}?" if likely else f"Write {' or '.join(choices)}."
    raise Wrong(f"{shown(text)} is no {what}.", remedy)


def _squeezed(text: str) -> str:
    return re.sub("[ _-]", "", text.casefold())


def a_day(text: str) -> date:
    """A date written year-month-day, from 2000 to 2099."""
    iso = re.fullmatch(r"(20\d\d)-(\d\d)-(\d\d)", text, re.ASCII)
    if not iso:
        raise Wrong(f"{shown(text)} is not written year-month-day.", _as_iso(text))
    year, month, day = (int(part) for part in iso.groups())
    if not 1 <= month <= 12:
        raise Wrong(f"There is no month {month} in {text}.", "Write a month from 01 to 12.")
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise Wrong(f"There is no day {text}.", f"That month ends on {year}-{month:02}-{last}.")
    return date(year, month, day)


def _as_iso(text: str) -> str:
    """What to write instead: both readings where day and month could be either."""
    numbers = [int(part) for part in re.findall(r"\d{1,4}", text, re.ASCII)]
    readings = []
    if len(numbers) == 3:
        a, b, c = numbers
        ordered = [(a, b, c)] if a > 31 else [(c, b, a), (c, a, b)]
        readings = [_written(*parts) for parts in ordered]
    known = list(dict.fromkeys(filter(None, readings)))
    return f"Write {' or '.join(known)}." if known else "Write it as 2027-01-11."


def _written(year: int, month: int, day: int) -> str:
    year += 2000 if year < 100 else 0
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""
