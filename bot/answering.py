"""What somebody pressed, ticked, wrote in a window or put by, and to which question it goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot import talks
from bot.ahead import name_of
from bot.markup import Run
from bot.questions import as_shown, named, see_it_noted
from bot.store import tables
from bot.store.database import run
from bot.talks import AskedQuestion
from bot.telling import answer
from bot.turn import Turn, say_to
from bot.typed import hear_words, storable
from bot.written import HOW as WRITTEN
from conversations.plain import JSON
from conversations.replies import words_for

_MESSAGES = tables.rows_of(tables.Message)
_PEOPLE = tables.rows_of(tables.Person)


def press(turn: Turn, person: int, body: Mapping[str, Any]) -> None:
    """Take a press: `data` is the button's, `on` the keys of all boxes that are ticked by then."""
    asked, key = _pressed(turn, person, str(body["data"]))
    if asked is None or asked.closed_at is not None:
        say_to(turn, person, "old_button")
    elif asked.manner == "choosesome" and "on" in body:
        answer(turn, asked, {"chosen": _among(asked, body["on"])})
    elif asked.manner == "choosesome" and key != "done":
        on = [each for each in asked.chosen if each != key]
        on = on if len(on) < len(asked.chosen) else [*asked.chosen, key]
        talks.write_chosen(turn.session, asked, on, turn.now)
    elif asked.manner == "choosesome":
        answer(turn, asked, {"chosen": list(asked.chosen)})
    else:
        answer(turn, asked, {"chosen": [key]})


def tick(turn: Turn, person: int, body: Mapping[str, Any]) -> None:
    """Take boxes as they are: `data` is their question, `on` the keys of all that are ticked."""
    asked, _ = _pressed(turn, person, f"{body['data']}.done")
    if asked is not None and asked.closed_at is None:
        on = _among(asked, body["on"])
        if bool(on) == bool(asked.chosen):
            talks.write_ticked(turn.session, asked, on)
        else:
            # Ticks show there by themselves, but what ends choosing reads otherwise with none on.
            talks.write_chosen(turn.session, asked, on, turn.now)


def _among(asked: AskedQuestion, keys: Sequence[object]) -> list[JSON]:
    """Give those that are choices of a question, in the order in which it offers them."""
    return [key for key, _ in asked.options if key in keys]


def write(turn: Turn, person: int, body: Mapping[str, Any]) -> None:
    """Take what was written for one question: it is an answer to that and to nothing else."""
    asked = named(turn, person, str(body["asked"]))
    text = storable(str(body["text"]))
    if asked is None or asked.closed_at is not None:
        say_to(turn, person, "old_button")
        return
    outcome = words_for(as_shown(turn, asked), text)
    if outcome is not None:
        answer(turn, asked, outcome, by=WRITTEN)
        see_it_noted(turn, person)


def put_by(turn: Turn, person: int, body: Mapping[str, Any]) -> None:
    """Keep a message for the next meeting of each pair that somebody is one of: `text`."""
    words = storable(str(body["text"])).strip()
    if not words:
        say_to(turn, person, "nothing_to_put_by")
        return
    begun = [pair for pair in turn.roster.pairs_of(person) if pair.began_at]
    for pair in begun:
        turn.session.add(tables.PutBy(person_id=person, pair_id=pair.id, words=words, at=turn.now))
        say_to(turn, person, "put_by", partner=turn.who(pair.other(person)))
    if not begun:
        say_to(turn, person, "not_in_a_pair")


def _pressed(turn: Turn, person: int, data: str) -> tuple[AskedQuestion | None, str]:
    """Give the question that a button belongs to, and the button's key.

    None for one that is not theirs or not ours.
    """
    _, _, key = data.partition(".")[2].partition(".")
    asked = named(turn, person, data)
    if asked is None:
        return None, key
    known = {option for option, _ in asked.options}
    # Only choosing among several ends with it; to any other question it would be no answer.
    known |= {"done"} if asked.manner == "choosesome" else set()
    return (asked if key in known else None), key


_ASKING = (
    select(_MESSAGES.c.manner, _MESSAGES.c.runs, _PEOPLE.c.language)
    .join(_PEOPLE, _PEOPLE.c.id == _MESSAGES.c.person_id)
    .where(
        _MESSAGES.c.conversation_id == bindparam("talk"),
        _MESSAGES.c.step == bindparam("asked"),
        _PEOPLE.c.platform == bindparam("platform"),
        _PEOPLE.c.address == bindparam("address"),
    )
    .order_by(_MESSAGES.c.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Asking:
    """A question as it was put to somebody."""

    manner: str
    runs: tuple[Run, ...]
    language: str
    """That of whom it was put to."""


def asking(session: Session, platform: str, address: str, question: str) -> Asking | None:
    """Give a question, `conversation.step`, as somebody was asked; None if they were not."""
    name = name_of(question)
    if name is None:
        return None
    it = {"talk": name[0], "asked": name[1], "platform": platform, "address": address}
    found = run(session, _ASKING, it).first()
    if found is None:
        return None
    return Asking(found.manner, tuple(Run(*each) for each in found.runs), found.language)


ANSWERS: Mapping[str, Callable[[Turn, int, Mapping[str, Any]], None]] = {
    "pressed": press,
    "ticked": tick,
    "typed": hear_words,
    "written": write,
    "kept": put_by,
}
"""What takes each kind of event with which somebody says something."""
