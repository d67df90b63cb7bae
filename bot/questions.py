"""A question on somebody's screen: found by its name, shown as it stands, answered in words."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import bindparam, select

from bot.ahead import name_of, question
from bot.store import tables
from bot.store.database import run
from bot.talks import AskedQuestion
from bot.telling import answer, put_off
from bot.turn import Turn, reader_of, say_to
from conversations.plain import JSON
from conversations.replies import OpenQuestion

_MESSAGES = tables.rows_of(tables.Message)


def named(turn: Turn, person: int, text: str) -> AskedQuestion | None:
    """Give a question by its name, `conversation.step`; None for one that is not theirs."""
    name = name_of(text)
    asked = question(turn.session, name) if name else None
    return asked if asked and asked.person == person else None


def as_shown(turn: Turn, asked: AskedQuestion) -> OpenQuestion:
    """Give a question as whoever answers it sees it."""
    options = tuple((str(key), str(label)) for key, label in asked.options)
    shown = OpenQuestion(asked.manner, options, asked.takes_words)  # type: ignore[arg-type]
    if asked.manner != "choosesome":
        return shown
    ends = turn.setup.words.render("toggles", {}, reader_of(turn, asked.person), ("done", "none"))
    return replace(shown, chosen=tuple(asked.chosen), ends=ends.labels)


def answer_typed(turn: Turn, asked: AskedQuestion, outcome: JSON) -> None:
    """Take what was typed as this outcome of a question."""
    if outcome == {"later": True}:
        put_off(turn, asked)
    else:
        answer(turn, asked, outcome)
        see_it_noted(turn, asked.person)


_REPLY_WAITING = (
    select(_MESSAGES.c.id)
    .where(
        _MESSAGES.c.person_id == bindparam("person"),
        _MESSAGES.c.nature == "reply",
        _MESSAGES.c.put_at == bindparam("now"),
        _MESSAGES.c.state == tables.PENDING,
    )
    .limit(1)
)


def see_it_noted(turn: Turn, person: int) -> None:
    """A button shows what was pressed.

    Typed words that nothing answers get a word back, so that they are not in doubt.
    """
    if not is_replied_to(turn, person):
        say_to(turn, person, "noted")


def is_replied_to(turn: Turn, person: int) -> bool:
    """Whether something is on its way to somebody in answer to what they have just said."""
    waiting = run(turn.session, _REPLY_WAITING, {"person": person, "now": turn.now})
    return waiting.first() is not None
