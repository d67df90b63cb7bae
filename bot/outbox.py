"""The outbox: what is to be said, kept until a platform has taken it.

Each person's messages keep their order; nothing is lost and nothing is said twice.

A message goes from pending to sending (under a lease) to sent; a refusal seen twice makes it dead
and closes the address; a passing trouble makes it pending again, later; an answer that was lost
makes it unknown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from typing import Any, cast
from uuid import uuid4

from sqlalchemy import CursorResult, bindparam, select, union_all, update
from sqlalchemy.orm import Session

from bot.markup import Run
from bot.platforms import Choice, Delivery, File, Part
from bot.settings import Programme
from bot.store.tables import PENDING, SENDING, Message, Person, rows_of
from bot.stories import BUDGETED, hours_of
from conversations.quiet import open_from
from conversations.story import Hours
from conversations.tact import TO_A_MESSAGE

LEASE = timedelta(minutes=2)
"""After this a courier that fell asleep has lost its right to mark a message."""
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
BEFORE_BELIEVING = timedelta(hours=1)
"""A refusal can pass (one operator lost 3 % of people by believing the first).

It is tried once more after this.
"""
MOST_AT_ONCE = 100
_chance = Random()  # noqa: S311 - it spreads retries; no secret hangs on it


@dataclass(frozen=True, slots=True)
class Leased:
    """A delivery that this courier alone may send, until its lease runs out."""

    platform: str
    lease: str
    delivery: Delivery
    tries: int


def lease_due(
    session: Session, programme: Programme, now: datetime, most: int = MOST_AT_ONCE
) -> list[Leased]:
    """Take what may go out now under a lease of this courier's own.

    Replies first, each person's in their order.
    """
    rows = _due(session, now, most)
    _bury_expired(rows, now)
    leased = []
    for person, messages in _by_person(session, [row for row in rows if row.state == "pending"]):
        ready = _out_of_quiet_hours(messages, person, hours_of(person, programme), now)
        # One at a time: were two on their way and the first failed, the second would overtake it.
        leased += [_lease(person, group, now) for group in islice(_grouped(ready), 1)]
    session.flush()
    return leased


_ROWS = rows_of(Message)
# In two halves, each over an index of its own: said in one, it reads all that was ever sent.
_BEHIND = union_all(
    select(Message.person_id).where(Message.state == SENDING, Message.tries > 0),
    select(Message.person_id)
    .where(Message.state == PENDING, Message.tries > 0)
    .where(Message.not_before > bindparam("now")),
)
_DUE = (
    select(Message)
    .where(Message.state == PENDING, Message.not_before <= bindparam("now"))
    .where(Message.person_id.not_in(_BEHIND))
    .order_by(Message.rank, Message.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)


def _due(session: Session, now: datetime, most: int) -> Sequence[Message]:
    """What is due, but nothing behind a message of the same person being sent or retried."""
    return session.scalars(_DUE, {"now": now, "most": most}).all()


def _bury_expired(rows: Iterable[Message], now: datetime) -> None:
    for row in rows:
        if row.expires_at is not None and row.expires_at <= now:
            row.state, row.why = "dead", "expired"


def _by_person(session: Session, rows: Sequence[Message]) -> Iterable[tuple[Person, list[Message]]]:
    mine: dict[int, list[Message]] = defaultdict(list)
    for row in rows:
        mine[row.person_id].append(row)
    for number, messages in mine.items():
        person = session.get_one(Person, number)
        if person.address is None or person.closed_at is not None:
            for message in messages:
                message.state, message.why = "dead", "no way to reach them"
            continue
        yield person, messages


def _out_of_quiet_hours(
    messages: Sequence[Message], person: Person, hours: Hours, now: datetime
) -> list[Message]:
    """What may go out now: after an outage, or new quiet hours, a push waits once more."""
    for message in messages:
        opens = opens_at(person, hours, message.nature, now)
        if opens > now:
            # What waits for the morning is not being tried again: nothing is to stand behind it.
            message.not_before, message.tries = opens, 0
    return [message for message in messages if message.not_before <= now]


def opens_at(person: Person, hours: Hours, nature: str, now: datetime) -> datetime:
    """Give when something of that nature may reach somebody: replies at once, pushes in open hours.

    What counts in the weekly budget is not pushed in a pause either.
    """
    if nature == "reply":
        return now
    back = person.paused_until if nature in BUDGETED else None
    return open_from(max(now, back or now), hours)


def _grouped(messages: Sequence[Message]) -> Iterable[list[Message]]:
    """Nudges that are due together become one message, two talks to each; all else goes alone."""
    talks = list(dict.fromkeys(each.conversation_id for each in messages if each.nature == "nudge"))
    place = {talk: number // TO_A_MESSAGE for number, talk in enumerate(talks)}
    groups: dict[object, list[Message]] = {}
    for message in messages:
        nudge = message.nature == "nudge"
        key = ("nudges", place[message.conversation_id]) if nudge else ("alone", message.id)
        groups.setdefault(key, []).append(message)
    return groups.values()


def _lease(person: Person, messages: Sequence[Message], now: datetime) -> Leased:
    lease = uuid4().hex
    for message in messages:
        message.state, message.lease, message.leased_until = "sending", lease, now + LEASE
        message.tries += 1
    parts = tuple(_part(message) for message in messages)
    delivery = Delivery(person.id, person.address or "", messages[0].nature, parts)
    return Leased(person.platform, lease, delivery, messages[0].tries)


def _part(message: Message) -> Part:
    return Part(
        message.id,
        tuple(Run(*run) for run in message.runs),
        message.manner,
        tuple(
            Choice(f"{message.conversation_id}.{message.step}.{key}", label)
            for key, label in message.options
        ),
        tuple(File(*file) for file in message.files),
    )


def mark_sent(session: Session, leased: Leased, reference: str, now: datetime) -> bool:
    """Note that it was taken.

    False if the lease was lost meanwhile: then another courier answers for it.
    """
    return _mark(session, leased, state="sent", sent_at=now, reference=reference, why=None)


def mark_unknown(session: Session, leased: Leased) -> bool:
    """Note that its answer was lost; it is not sent again by itself."""
    return _mark(session, leased, state="unknown", why="the answer was lost")


def mark_not_now(
    session: Session, leased: Leased, why: str, now: datetime, after: timedelta | None
) -> bool:
    """Put it back for later.

    After the pause that the platform asked for, else after one that grows with each try.
    """
    pause = after if after is not None else _pause(leased.tries)
    return _mark(session, leased, state="pending", not_before=now + pause, why=why)


def mark_refused(session: Session, leased: Leased, why: str, now: datetime) -> bool:
    """Believe a refusal only the second time.

    Then close the address and let nothing more wait for it.
    """
    refused_before = session.scalars(
        select(Message.id).where(Message.lease == leased.lease, Message.why.startswith("refused"))
    ).first()
    if refused_before is None:
        return _mark(
            session,
            leased,
            state="pending",
            not_before=now + BEFORE_BELIEVING,
            why=f"refused: {why}",
        )
    marked = _mark(session, leased, state="dead", why=f"refused: {why}")
    if marked:
        close_address(session, leased.delivery.person, why, now)
    return marked


def close_address(session: Session, person: int, why: str, now: datetime) -> None:
    """Note that there is no way to reach somebody; what waits for them is dead."""
    session.execute(update(Person).where(Person.id == person).values(closed_at=now, closed_why=why))
    session.execute(
        update(Message)
        .where(Message.person_id == person, Message.state == "pending")
        .values(state="dead", why="no way to reach them")
    )


def _mark(session: Session, leased: Leased, **values: object) -> bool:
    """Change what is still under this lease; a late mark from a sleeper changes nothing."""
    marked = session.execute(
        update(_ROWS)
        .where(_ROWS.c.lease == leased.lease, _ROWS.c.state == SENDING)
        .values(leased_until=None, **values)
    )
    return bool(cast(CursorResult[Any], marked).rowcount)


def _pause(tries: int) -> timedelta:
    """Growing pauses, jittered so that many do not come back at once."""
    longest: timedelta = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(tries - 1, 20))
    return longest * _chance.uniform(0.5, 1.0)


def take_back(session: Session, now: datetime, *, all_of_them: bool = False) -> int:
    """Put back what a dead courier held: at a start everything, later only what outlived its lease.

    Gives how many.
    """
    held = Message.state == SENDING
    lost = held if all_of_them else held & (Message.leased_until <= now)
    rows = session.execute(
        update(Message)
        .where(lost)
        .values(state="pending", lease=None, leased_until=None)
        .returning(Message.id)
    )
    return len(rows.all())
