"""Choosing people: by buttons where there are few, else by how their names begin."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from conversations.replies import fold
from conversations.talk import Who, ask, ask_or_choose, choose_some, days

MOST_OFFERED = 25
"""So many names have a button each on every platform; in more, nobody finds whom they look for."""


async def choose_people(who: Who, people: Sequence[Who]) -> tuple[Who, ...]:
    """Any number of them; empty where none are chosen, or no answer comes."""
    if len(people) <= MOST_OFFERED:
        return await choose_some(who, "which_people", people, within=days(1)) or ()
    words = await ask(who, "whose_names", within=days(1), count=len(people))
    chosen: tuple[Who, ...] = ()
    while words:
        read = read_names(words, people, chosen)
        chosen = read.chosen
        if read.unclear:
            meant = await choose_some(who, "which_of_them", read.unclear, within=days(1))
            if meant is None:
                return ()
            chosen = (*chosen, *meant)
        answer = await ask_or_choose(
            who,
            "more_names",
            ("enough",),
            within=days(1),
            skipped="enough",
            chosen=chosen,
            unknown=read.unknown,
            too_many=read.too_many,
        )
        if answer is None:
            return ()
        if answer.button:
            return chosen
        words = answer.words
    return ()


@dataclass(frozen=True, slots=True)
class Names:
    """What somebody meant by the names they wrote."""

    chosen: tuple[Who, ...]
    """Who is chosen by now; a name that was chosen before takes them off."""
    unclear: tuple[Who, ...] = ()
    """Whose names begin like one that was written, where several do."""
    unknown: tuple[str, ...] = ()
    """As they were written: nobody's name begins so."""
    too_many: tuple[str, ...] = ()
    """More begin so than can be offered."""


def read_names(words: str, people: Sequence[Who], chosen: Sequence[Who]) -> Names:
    """Read names, or beginnings of names, with commas, semicolons or lines between."""
    on, unclear = list(chosen), list[Who]()
    unknown, too_many = list[str](), list[str]()
    for written in filter(None, map(str.strip, re.split(r"[,;\n]", words))):
        match _fitting(written, people):
            case []:
                unknown.append(written)
            case [one] if one in chosen:
                on = [each for each in on if each != one]
            case [one] if one not in on:
                on.append(one)
            case several:
                new = [each for each in several if each not in (*on, *unclear)]
                if len(unclear) + len(new) > MOST_OFFERED:
                    too_many.append(written)
                else:
                    unclear += new
    left = tuple(each for each in unclear if each not in on)
    return Names(tuple(on), left, tuple(unknown), tuple(too_many))


def _fitting(written: str, people: Sequence[Who]) -> list[Who]:
    """Give those of that very name, else all of whose names one begins so."""
    sought = _compared(written)
    if not sought:
        return []
    names = [(each, _compared(each.name)) for each in people]
    exactly = [each for each, name in names if name == sought]
    beginning = re.compile(rf"(?:^|[\s\-]){re.escape(sought)}")
    return exactly or [each for each, name in names if beginning.search(name)]


def _compared(name: str) -> str:
    """Give a name as it is compared: `jose` is enough for `José`."""
    apart = unicodedata.normalize("NFKD", name)
    return fold("".join(each for each in apart if not unicodedata.combining(each)))
