"""Redrawing: messages that were sent and no longer show how their question stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from bot.outbox.waiting import IS_THERE, ROWS, Kept, part_of, within
from bot.platforms import Realm, Redrawing, Standing
from bot.store.database import run
from bot.store.tables import SENT, JournalEntry, Person, Question, rows_of
from bot.written import IS_ITS_ENTRY, words_of

_PEOPLE = rows_of(Person)
_STALE = (
    select(ROWS.c.person_id, _PEOPLE.c.address, _PEOPLE.c.language, ROWS.c.reference)
    .join(_PEOPLE, _PEOPLE.c.id == ROWS.c.person_id)
    .where(
        ROWS.c.stale_at <= bindparam("now"),
        ROWS.c.state == SENT,
        IS_THERE,
        _PEOPLE.c.address.is_not(None),
        _PEOPLE.c.closed_at.is_(None),
    )
    # Not grouped, or each look would read all that waits: a courier looks thirty times a second.
    .order_by(ROWS.c.stale_at)
    .limit(bindparam("most"))
)
_QUESTIONS, _ENTRIES = rows_of(Question), rows_of(JournalEntry)
_SHOWN = (
    select(
        *(ROWS.c[name] for name in Kept.__slots__),
        ROWS.c.stale_at,
        _QUESTIONS.c.chosen,
        _QUESTIONS.c.how,
        _ENTRIES.c.outcome,
    )
    .join(
        _QUESTIONS,
        (_QUESTIONS.c.conversation_id == ROWS.c.conversation_id)
        & (_QUESTIONS.c.step == ROWS.c.step),
        isouter=True,
    )
    .join(_ENTRIES, IS_ITS_ENTRY, isouter=True)
    .where(ROWS.c.person_id == bindparam("person"), ROWS.c.reference == bindparam("referred"))
    .order_by(ROWS.c.id)
)
_REDRAWN = (
    update(ROWS)
    .where(
        ROWS.c.person_id == bindparam("person"),
        ROWS.c.reference == bindparam("referred"),
        ROWS.c.stale_at <= bindparam("moment"),
    )
    .values(stale_at=bindparam("again"))
)


@dataclass(frozen=True, slots=True)
class Stale:
    """A message that no longer shows how its question stands."""

    redrawing: Redrawing
    since: datetime


def stale(session: Session, realm: Realm, now: datetime, most: int) -> list[Stale]:
    """Give the messages of a realm that are to be redrawn, longest waiting first.

    Fewer than asked for where several parts of one message wait.
    """
    found = run(session, _STALE, {**within(realm), "now": now, "most": most}).all()
    whole = (_as_it_stands(session, now, *row) for row in dict.fromkeys(map(tuple, found)))
    return [each for each in whole if each is not None]


def _as_it_stands(
    session: Session, now: datetime, person: int, address: str, language: str, reference: str
) -> Stale | None:
    """Give a message as it is to look; None where it was redrawn a moment ago."""
    parts, since = [], []
    shown = run(session, _SHOWN, {"person": person, "referred": reference})
    for *message, stale_at, chosen, how, outcome in shown:
        since += [stale_at] if stale_at is not None and stale_at <= now else []
        standing = None if chosen is None else Standing(tuple(chosen), how, words_of(outcome))
        parts.append((part_of(Kept(*message)), standing))
    if not since:
        return None
    return Stale(Redrawing(person, address, reference, tuple(parts), language), max(since))


def mark_redrawn(session: Session, drawn: Stale, again: datetime | None = None) -> None:
    """Note that a message shows how its question stood then; what changed since is drawn anew.

    Or, where it could not be redrawn, when it is to be tried again.
    """
    it = drawn.redrawing
    values = {"person": it.person, "referred": it.reference, "moment": drawn.since}
    run(session, _REDRAWN, {**values, "again": again})
