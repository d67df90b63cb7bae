"""What waits: a message as it is kept, whom it is for, and when it may go out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from bot.markup import Run
from bot.platforms import Choice, File, Part, Realm
from bot.roster import PEOPLE, Person
from bot.store.database import run
from bot.store.tables import PENDING, Message, rows_of
from bot.stories import BUDGETED
from conversations.quiet import open_from
from conversations.story import Hours
from conversations.tact import rested

ROWS = rows_of(Message)
_ADDRESSEE = PEOPLE.alias()
# Asked of each message: from a list of people SQLite would go on to all that each of them ever got.
IS_THERE = exists().where(
    _ADDRESSEE.c.id == ROWS.c.person_id,
    _ADDRESSEE.c.platform == bindparam("platform"),
    _ADDRESSEE.c.address.startswith(bindparam("within")),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A message, as it is kept."""

    id: int
    person_id: int
    conversation_id: int | None
    step: int | None
    nature: str
    line: str
    runs: list[Any]
    manner: str
    options: list[Any]
    files: list[Any]
    expires_at: datetime | None
    tries: int
    doubts: int
    calls: int
    reference: str | None
    thread: str | None


def within(realm: Realm) -> dict[str, object]:
    """Give the values of a statement that asks IS_THERE."""
    return {"platform": realm.platform, "within": realm.within}


def part_of(message: Kept) -> Part:
    """Give it as a platform shows it."""
    step = f"{message.conversation_id}.{message.step}"
    return Part(
        message.id,
        message.line,
        tuple(Run(*run) for run in message.runs),
        message.manner,
        tuple(Choice(f"{step}.{key}", label) for key, label in message.options),
        tuple(File(*file) for file in message.files),
        "" if message.manner == "say" else step,
    )


def opens_at(person: Person, hours: Hours, nature: str, manner: str, now: datetime) -> datetime:
    """Give when something of that nature may reach somebody: replies at once, pushes in open hours.

    What counts in the weekly budget is not pushed in a pause, nor beside the line that ends it.
    Neither is what a partner asks; what they tell is, such as a meeting called off.
    """
    if nature == "reply":
        return now
    waits = nature in BUDGETED or (nature == "relay" and manner != "say")
    if waits and person.paused_until is not None and person.paused_until > now:
        now = rested(person.paused_until, hours)
    return open_from(now, hours)


_RETRIED = rows_of(Message).alias()
# Its own time is past, but until what is tried again before it goes out nothing can be done.
_STANDS_BEHIND = exists().where(
    _RETRIED.c.person_id == ROWS.c.person_id,
    _RETRIED.c.sent_at.is_(None),
    _RETRIED.c.state == PENDING,
    _RETRIED.c.tries > 0,
    _RETRIED.c.not_before > ROWS.c.not_before,
)
NEXT = (
    select(ROWS.c.not_before)
    .where(ROWS.c.state == PENDING, ~_STANDS_BEHIND)
    .order_by(ROWS.c.not_before)
    .limit(1)
)
"""When the next message may go out."""
_NEXT_IN = NEXT.where(IS_THERE)


def next_due(session: Session, realm: Realm) -> datetime | None:
    """Give when the next message in a realm may go out; None where none waits."""
    return run(session, _NEXT_IN, within(realm)).scalar()
