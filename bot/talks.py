"""Conversations and their questions as a turn holds them.

Every turn reads and moves some on. That is done in plain statements, built once: the ORM's unit of
work takes four to seven times as long over the same rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Select, bindparam, case, insert, select, update
from sqlalchemy.orm import Session

from bot.store import tables
from bot.store.database import later, run
from bot.store.later import About
from conversations.plain import JSON
from conversations.replay import Entry

TALK = tables.rows_of(tables.Conversation)
QUESTION = tables.rows_of(tables.Question)
ENTRY = tables.rows_of(tables.JournalEntry)
_MESSAGE = tables.rows_of(tables.Message)


@dataclass(slots=True)
class Talk:
    """A conversation that has begun; where it stands is its journal."""

    id: int
    name: str
    version: int
    arguments: Mapping[str, JSON]
    about: str
    pair_id: int | None
    nature: str
    expires_at: datetime | None
    answered_at: datetime | None
    wake_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Held:
    """A conversation under its lock, with its journal so far."""

    talk: Talk
    journal: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question as it stands on somebody's screen."""

    talk: int
    step: int
    person: int
    manner: str
    options: Sequence[Sequence[str]]
    """Key and label of each, as it was shown."""
    takes_words: bool
    asked_at: datetime
    closes_at: datetime
    chosen: Sequence[str]
    """The keys that are on so far, or in the end."""
    closed_at: datetime | None
    held: Held | None = None
    """Its conversation, where that was read with it."""


TALKS: Select[Any] = select(
    TALK.c.id,
    TALK.c.name,
    TALK.c.version,
    TALK.c.arguments,
    TALK.c.about,
    TALK.c.pair_id,
    TALK.c.nature,
    TALK.c.expires_at,
    TALK.c.answered_at,
    TALK.c.wake_at,
    TALK.c.ended_at,
)
"""What `talks` reads; a caller says which."""
QUESTIONS: Select[Any] = select(
    QUESTION.c.conversation_id,
    QUESTION.c.step,
    QUESTION.c.person_id,
    QUESTION.c.manner,
    QUESTION.c.options,
    QUESTION.c.takes_words,
    QUESTION.c.asked_at,
    QUESTION.c.closes_at,
    QUESTION.c.chosen,
    QUESTION.c.closed_at,
)
"""What `questions` reads; a caller says which."""


def talks(session: Session, which: Select[Any], **values: object) -> list[Talk]:
    """Give the conversations that a narrowed `TALKS` finds."""
    return [Talk(*row) for row in run(session, which, values)]


def questions(session: Session, which: Select[Any], **values: object) -> list[AskedQuestion]:
    """Give the questions that a narrowed `QUESTIONS` finds."""
    return [AskedQuestion(*row) for row in run(session, which, values)]


def about(talk: int) -> About:
    """Give what all rows of a conversation concern."""
    return "conversation", talk


_LOCKED = TALKS.where(TALK.c.id == bindparam("talk")).with_for_update()


def locked(session: Session, number: int) -> Talk:
    """Give a conversation as it is by now, under its lock."""
    return talks(session, _LOCKED, talk=number)[0]


_JOURNAL = (
    select(ENTRY.c.key, ENTRY.c.outcome)
    .where(ENTRY.c.conversation_id == bindparam("talk"))
    .order_by(ENTRY.c.step)
)


def held(session: Session, talk: Talk) -> Held:
    """Give a conversation, whose lock the caller has, with its journal."""
    return Held(talk, [Entry(*row) for row in run(session, _JOURNAL, {"talk": talk.id})])


_BEGIN = insert(TALK)


def write_begun(session: Session, now: datetime, **values: object) -> Talk:
    """Write a new conversation down."""
    row = {"expires_at": None, "pair_id": None, **values, "began_at": now}
    written = run(session, _BEGIN, row)
    del row["began_at"]
    [number] = cast(Sequence[int], written.inserted_primary_key)
    return Talk(number, **row, answered_at=None, wake_at=None, ended_at=None)  # type: ignore[arg-type]


_WAITS = (
    update(TALK)
    .where(TALK.c.id == bindparam("talk"), TALK.c.ended_at.is_(None))
    .values(wake_at=bindparam("moment"))
)
_ENDS = (
    update(TALK)
    .where(TALK.c.id == bindparam("talk"))
    .values(wake_at=None, ended_at=bindparam("moment"))
)
_ANSWERED = (
    update(TALK).where(TALK.c.id == bindparam("talk")).values(answered_at=bindparam("moment"))
)


def write_waits(session: Session, talk: Talk, until: datetime | None) -> None:
    """Write down when a conversation is to be woken, if nothing happens first."""
    talk.wake_at = until
    later(session).add(_WAITS, about(talk.id), {"talk": talk.id, "moment": until})


def write_ended(session: Session, talk: Talk, now: datetime) -> None:
    """Write down that a conversation is over."""
    talk.ended_at, talk.wake_at = now, None
    later(session).add(_ENDS, about(talk.id), {"talk": talk.id, "moment": now})


def write_answered(session: Session, talk: Talk, now: datetime) -> None:
    """Write down when somebody first answered anything in it."""
    if talk.answered_at is None:
        talk.answered_at = now
        later(session).add(_ANSWERED, about(talk.id), {"talk": talk.id, "moment": now})


_TAKE_DOWN = insert(ENTRY)


def write_taken(
    session: Session, talk: Talk, journal: Sequence[Entry], so_far: int, now: datetime
) -> None:
    """Write down what was added to a conversation's journal, if anything."""
    for step, entry in enumerate(journal[so_far:], so_far):
        taken = {"conversation_id": talk.id, "step": step, "at": now}
        taken |= {"key": entry.key, "outcome": entry.outcome}
        later(session).add(_TAKE_DOWN, about(talk.id), taken)


_ASK = insert(QUESTION)


def write_asked(session: Session, asked: AskedQuestion) -> None:
    """Write a question down as it is asked."""
    later(session).add(
        _ASK,
        about(asked.talk),
        {
            "conversation_id": asked.talk,
            "step": asked.step,
            "person_id": asked.person,
            "manner": asked.manner,
            "options": asked.options,
            "takes_words": asked.takes_words,
            "asked_at": asked.asked_at,
            "closes_at": asked.closes_at,
            "chosen": asked.chosen,
        },
    )


_IT = (QUESTION.c.conversation_id == bindparam("talk")) & (QUESTION.c.step == bindparam("asked"))
_CLOSE = (
    update(QUESTION)
    .where(_IT)
    .values(closed_at=bindparam("moment"), how=bindparam("means"), chosen=bindparam("keys"))
)
_CHOOSE = update(QUESTION).where(_IT).values(chosen=bindparam("keys"))
_REDRAW = (
    update(_MESSAGE)
    .where(_MESSAGE.c.conversation_id == bindparam("talk"), _MESSAGE.c.step == bindparam("asked"))
    .values(stale_at=bindparam("moment"))
)
_LONGER = update(QUESTION).where(_IT).values(closes_at=bindparam("moment"))


def write_closed(
    session: Session, asked: AskedQuestion, how: str, chosen: Sequence[str], now: datetime
) -> None:
    """Close a question: answered, skipped or lapsed."""
    closed = {"moment": now, "means": how, "keys": list(chosen)}
    it = {"talk": asked.talk, "asked": asked.step}
    later(session).add(_CLOSE, about(asked.talk), {**it, **closed})


def write_chosen(
    session: Session, asked: AskedQuestion, chosen: Sequence[object], now: datetime
) -> None:
    """Keep which of several choices are on so far."""
    it = {"talk": asked.talk, "asked": asked.step}
    later(session).add(_CHOOSE, about(asked.talk), {**it, "keys": list(chosen)})
    later(session).add(_REDRAW, about(asked.talk), {**it, "moment": now})


def write_ticked(session: Session, asked: AskedQuestion, chosen: Sequence[object]) -> None:
    """Keep which boxes are ticked so far, where the platform shows them so by itself."""
    it = {"talk": asked.talk, "asked": asked.step}
    later(session).add(_CHOOSE, about(asked.talk), {**it, "keys": list(chosen)})


def write_longer(session: Session, asked: AskedQuestion, until: datetime) -> None:
    """Give a question more time."""
    later(session).add(
        _LONGER,
        about(asked.talk),
        {"talk": asked.talk, "asked": asked.step, "moment": until},
    )


_CLOSE_ALL = (
    update(QUESTION)
    .where(QUESTION.c.conversation_id == bindparam("talk"), QUESTION.c.closed_at.is_(None))
    .values(closed_at=bindparam("moment"), how="overtaken")
)
_IS_PENDING = _MESSAGE.c.state == tables.PENDING
_SETTLING = update(_MESSAGE).values(
    state=case((_IS_PENDING, "dead"), else_=_MESSAGE.c.state),
    why=case((_IS_PENDING, "overtaken"), else_=_MESSAGE.c.why),
    stale_at=case((_IS_PENDING, None), else_=bindparam("moment", type_=_MESSAGE.c.stale_at.type)),
)
_ASKED_IN = _MESSAGE.c.conversation_id == bindparam("talk")
_ASKS = _ASKED_IN & (_MESSAGE.c.step == bindparam("asked"))
_SETTLE_ONE = _SETTLING.where(_ASKS)
_SETTLE_ALL = _SETTLING.where(_ASKED_IN, _MESSAGE.c.manner != "say")


def settle(session: Session, asked: AskedQuestion, now: datetime) -> None:
    """Let nothing ask it any more: what has not gone out is called back, the rest is redrawn."""
    it = {"talk": asked.talk, "asked": asked.step}
    later(session).add(_SETTLE_ONE, about(asked.talk), {**it, "moment": now})


def end_early(session: Session, talk: Talk, now: datetime) -> None:
    """End a conversation where it stands.

    What it had still to ask that nobody has read is called back.
    """
    write_ended(session, talk, now)
    later(session).add(_CLOSE_ALL, about(talk.id), {"talk": talk.id, "moment": now})
    later(session).add(_SETTLE_ALL, about(talk.id), {"talk": talk.id, "moment": now})
