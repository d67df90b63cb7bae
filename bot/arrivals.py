"""The inbox.

What arrives is committed under the platform's own event id, then acknowledged, then taken in a
turn.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.platforms import Event
from bot.store import tables
from bot.store.database import run
from bot.store.state import write_heard

_RECEIVE = {
    "sqlite": sqlite.insert(tables.rows_of(tables.Arrival)).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(tables.rows_of(tables.Arrival)).on_conflict_do_nothing(),
}


@dataclass(frozen=True, slots=True)
class Received:
    """What came from a platform at once."""

    events: Sequence[Event]
    heard: str
    """The platform that was heard; empty where none was."""
    at: datetime


def keep(session: Session, received: Sequence[Received]) -> None:
    """Put what was received in the inbox, and note when each platform was last heard."""
    _insert(session, [row for each in received for row in _rows(each.events, each.at)])
    for platform, at in {each.heard: each.at for each in received if each.heard}.items():
        write_heard(session, platform, at)


def receive(session: Session, events: Sequence[Event], now: datetime) -> None:
    """Put events in the inbox. Once this is committed they may be acknowledged."""
    _insert(session, _rows(events, now))


def _rows(events: Sequence[Event], now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "platform": event.platform,
            "event": event.id,
            "address": event.address,
            "kind": event.kind,
            "body": event.body,
            "received_at": now,
        }
        for event in events
    ]


def _insert(session: Session, rows: list[dict[str, Any]]) -> None:
    if rows:
        run(session, _RECEIVE[session.get_bind().dialect.name], rows)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event in the inbox whose turn was not taken yet."""

    id: int
    platform: str
    address: str
    kind: str
    body: Mapping[str, Any]


_ARRIVALS = tables.rows_of(tables.Arrival)
_WAITING = (
    select(
        _ARRIVALS.c.id,
        _ARRIVALS.c.platform,
        _ARRIVALS.c.address,
        _ARRIVALS.c.kind,
        _ARRIVALS.c.body,
    )
    .where(_ARRIVALS.c.done_at.is_(None), _ARRIVALS.c.fault.is_(None))
    .order_by(_ARRIVALS.c.id)
    .limit(64)
    .with_for_update(skip_locked=True)
)
_THIS = _ARRIVALS.c.id == bindparam("number")
_DONE = update(_ARRIVALS).where(_THIS).values(done_at=bindparam("moment"))
_FAULTY = update(_ARRIVALS).where(_THIS).values(fault=bindparam("trace"))
_PEOPLE = tables.rows_of(tables.Person)
_AT = select(_PEOPLE.c.id).where(
    _PEOPLE.c.platform == bindparam("platform"), _PEOPLE.c.address == bindparam("address")
)

_LANGUAGE_AT = select(_PEOPLE.c.language).where(
    _PEOPLE.c.platform == bindparam("platform"), _PEOPLE.c.address == bindparam("address")
)
_EARLIER = select(_ARRIVALS.c.id, _ARRIVALS.c.platform, _ARRIVALS.c.address).where(
    _ARRIVALS.c.done_at.is_(None), _ARRIVALS.c.fault.is_(None), _ARRIVALS.c.id < bindparam("last")
)


def waiting(session: Session) -> Sequence[Waiting]:
    """Give at most 64 events whose turn was not taken yet, oldest first, without the failed."""
    rows = [Waiting(*row) for row in run(session, _WAITING)]
    if not rows or session.get_bind().dialect.name == "sqlite":
        return rows
    # What another worker holds was passed over: whoever wrote it keeps their order, and waits.
    mine = {each.id for each in rows}
    earlier = run(session, _EARLIER, {"last": rows[-1].id})
    busy = {(platform, address) for number, platform, address in earlier if number not in mine}
    return [each for each in rows if (each.platform, each.address) not in busy]


def write_done(session: Session, arrival: Waiting, now: datetime) -> None:
    """Note that an event's turn was taken."""
    run(session, _DONE, {"number": arrival.id, "moment": now})


def write_fault(session: Session, arrival: Waiting, fault: str) -> None:
    """Keep the traceback of an event whose turn failed; it waits no more, and can be run again."""
    run(session, _FAULTY, {"number": arrival.id, "trace": fault})


def run_again(session: Session) -> int:
    """Let everything whose turn failed be taken once more. Gives how many that is."""
    found = 0
    for kind in (tables.Arrival, tables.Conversation, tables.Pair):
        rows = session.execute(
            update(kind).where(kind.fault.is_not(None)).values(fault=None).returning(kind.id)
        )
        found += len(rows.all())
    return found


def person_at(session: Session, platform: str, address: str) -> int | None:
    """Give who is at an address, or None for a stranger."""
    return run(session, _AT, {"platform": platform, "address": address}).scalar()


def language_at(session: Session, platform: str, address: str) -> str:
    """Give the language of whoever is at an address; empty for a stranger."""
    it = {"platform": platform, "address": address}
    return run(session, _LANGUAGE_AT, it).scalar() or ""


def token_hash(token: str) -> str:
    """Give what is kept of an invitation's token."""
    return hashlib.sha256(token.encode()).hexdigest()
