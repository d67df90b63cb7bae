"""The inbox.

What arrives is committed under the platform's own event id, then acknowledged, then taken in a
turn.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.store import tables


@dataclass(frozen=True, slots=True)
class Event:
    """Something that arrived from a platform."""

    platform: str
    id: str
    """The platform's own id of it: a second delivery of the same changes nothing."""
    address: str
    kind: str
    """pressed, typed, came, attached, closed or opened."""
    body: dict[str, Any] = field(default_factory=dict)
    """pressed: data; typed: text; came: token, perhaps empty."""


def receive(session: Session, events: Sequence[Event], now: datetime) -> None:
    """Put events in the inbox. Once this is committed they may be acknowledged."""
    insert = (sqlite if session.get_bind().dialect.name == "sqlite" else postgresql).insert
    rows = [
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
    if rows:
        session.execute(insert(tables.Arrival).values(rows).on_conflict_do_nothing())


_WAITING = (
    select(tables.Arrival)
    .where(tables.Arrival.done_at.is_(None), tables.Arrival.fault.is_(None))
    .order_by(tables.Arrival.id)
    .limit(64)
    .with_for_update(skip_locked=True)
)
_AT = select(tables.Person.id).where(
    tables.Person.platform == bindparam("platform"), tables.Person.address == bindparam("address")
)


_EARLIER = select(tables.Arrival.id, tables.Arrival.platform, tables.Arrival.address).where(
    tables.Arrival.done_at.is_(None),
    tables.Arrival.fault.is_(None),
    tables.Arrival.id < bindparam("last"),
)


def waiting(session: Session) -> Sequence[tables.Arrival]:
    """Give at most 64 events whose turn was not taken yet, oldest first, without the failed."""
    rows = session.scalars(_WAITING).all()
    if not rows or session.get_bind().dialect.name == "sqlite":
        return rows
    # What another worker holds was passed over: whoever wrote it keeps their order, and waits.
    mine = {each.id for each in rows}
    earlier = session.execute(_EARLIER, {"last": rows[-1].id})
    busy = {(platform, address) for number, platform, address in earlier if number not in mine}
    return [each for each in rows if (each.platform, each.address) not in busy]


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
    return session.scalars(_AT, {"platform": platform, "address": address}).first()


def token_hash(token: str) -> str:
    """Give what is kept of an invitation's token."""
    return hashlib.sha256(token.encode()).hexdigest()
