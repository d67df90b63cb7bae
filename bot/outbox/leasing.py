"""Leasing: what may go out now, in each person's order, for one courier alone.

What a courier held that is gone is put back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from uuid import uuid4

from sqlalchemy import bindparam, select, union_all, update
from sqlalchemy.orm import Session

from bot.outbox.waiting import IS_THERE, ROWS, Kept, opens_at, part_of, within
from bot.platforms import Begun, Delivery, Realm
from bot.roster import Person, roster_of
from bot.settings import Programme
from bot.store.database import run
from bot.store.tables import PENDING, SENDING
from bot.stories import hours_of
from conversations.story import Hours
from conversations.tact import TO_A_MESSAGE

LEASE = timedelta(minutes=2)
"""After this a courier that fell asleep has lost its right to mark a message."""
MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Leased:
    """A delivery that this courier alone may send, until its lease runs out."""

    platform: str
    lease: str
    delivery: Delivery
    tries: int
    until: datetime


def lease_due(
    session: Session,
    programme: Programme,
    now: datetime,
    most: int = MOST_AT_ONCE,
    *,
    realm: Realm | None = None,
    but: Sequence[int] = (),
) -> list[Leased]:
    """Take what may go out now under a lease of this courier's own.

    Replies first, each person's in their order. For one realm alone if it is named, and nothing for
    the people in `but`.
    """
    due, where = (_DUE, {}) if realm is None else (_DUE_IN, {**within(realm), "resting": list(but)})
    rows = [Kept(*row) for row in run(session, due, {"now": now, "most": most, **where})]
    leased = []
    for person, messages in _by_person(session, _unexpired(session, rows, now)):
        ready = _out_of_quiet_hours(session, messages, person, hours_of(person, programme), now)
        # One at a time: were two on their way and the first failed, the second would overtake it.
        leased += [_lease(session, person, group, now) for group in islice(_grouped(ready), 1)]
    return leased


# In two halves, each over an index of its own: said in one, it reads all that was ever sent.
_BEHIND = union_all(
    select(ROWS.c.person_id).where(ROWS.c.state == SENDING, ROWS.c.tries > 0),
    select(ROWS.c.person_id)
    .where(ROWS.c.state == PENDING, ROWS.c.tries > 0)
    .where(ROWS.c.not_before > bindparam("now")),
)
_DUE = (
    select(*(ROWS.c[name] for name in Kept.__slots__))
    .where(ROWS.c.state == PENDING, ROWS.c.not_before <= bindparam("now"))
    .where(ROWS.c.person_id.not_in(_BEHIND))
    .order_by(ROWS.c.rank, ROWS.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_DUE_IN = _DUE.where(IS_THERE).where(ROWS.c.person_id.not_in(bindparam("resting", expanding=True)))
_THIS = ROWS.c.id == bindparam("number")
_BURY = update(ROWS).where(_THIS).values(state="dead", why=bindparam("cause"))
_LATER = update(ROWS).where(_THIS).values(not_before=bindparam("opens"), tries=0)
_LEASE = (
    update(ROWS)
    .where(_THIS)
    .values(
        state="sending",
        lease=bindparam("its_lease"),
        leased_until=bindparam("until"),
        tries=ROWS.c.tries + 1,
    )
)


def _bury(session: Session, messages: Sequence[Kept], why: str) -> None:
    if messages:
        run(session, _BURY, [{"number": each.id, "cause": why} for each in messages])


def _unexpired(session: Session, rows: Sequence[Kept], now: datetime) -> list[Kept]:
    """Bury what has become pointless while it waited, and give the others.

    Of what has begun the rest is said: half a message helps nobody.
    """
    over = [
        row
        for row in rows
        if row.expires_at is not None and row.expires_at <= now and not row.calls
    ]
    _bury(session, over, "expired")
    return [row for row in rows if row not in over] if over else list(rows)


def _by_person(session: Session, rows: Sequence[Kept]) -> Iterable[tuple[Person, list[Kept]]]:
    roster = roster_of(session)
    mine: dict[int, list[Kept]] = defaultdict(list)
    for row in rows:
        mine[row.person_id].append(row)
    for number, messages in mine.items():
        person = roster.person(number)
        if person.address is None or person.closed_at is not None:
            _bury(session, messages, "no way to reach them")
        else:
            yield person, messages


def _out_of_quiet_hours(
    session: Session, messages: Sequence[Kept], person: Person, hours: Hours, now: datetime
) -> list[Kept]:
    """What may go out now: after an outage, or new quiet hours, a push waits once more."""
    opens = {each.id: opens_at(person, hours, each.nature, each.manner, now) for each in messages}
    later = [{"number": each, "opens": at} for each, at in opens.items() if at > now]
    if later:
        # What waits for the morning is not being tried again: nothing is to stand behind it.
        run(session, _LATER, later)
    return [message for message in messages if opens[message.id] <= now]


def _grouped(messages: Sequence[Kept]) -> Iterable[list[Kept]]:
    """Nudges that are due together become one message, two talks to each; all else goes alone.

    What may be there already, or has begun, stays with what it went out with.
    """
    talks = list(dict.fromkeys(each.conversation_id for each in messages if each.nature == "nudge"))
    place = {talk: number // TO_A_MESSAGE for number, talk in enumerate(talks)}
    groups: dict[object, list[Kept]] = {}
    for message in messages:
        key: object = message.id
        if message.nature == "nudge":
            key = (place[message.conversation_id], message.doubts > 0, message.calls)
        groups.setdefault(key, []).append(message)
    return groups.values()


def _lease(session: Session, person: Person, messages: Sequence[Kept], now: datetime) -> Leased:
    lease = uuid4().hex
    held = {"its_lease": lease, "until": now + LEASE}
    run(session, _LEASE, [{"number": message.id, **held} for message in messages])
    parts = tuple(part_of(message) for message in messages)
    first = messages[0]
    begun = Begun(first.calls, first.reference or "")
    delivery = Delivery(
        person.id,
        person.address or "",
        first.nature,
        parts,
        first.doubts,
        begun,
        first.thread or "",
        person.language,
    )
    return Leased(person.platform, lease, delivery, first.tries + 1, now + LEASE)


_TAKE_BACK = (
    update(ROWS)
    .where(ROWS.c.state == SENDING)
    .values(state="pending", lease=None, leased_until=None, doubts=ROWS.c.doubts + 1)
)
_TAKE_BACK_LAPSED = _TAKE_BACK.where(ROWS.c.leased_until <= bindparam("now"))
_TAKE_BACK_IN = _TAKE_BACK.where(IS_THERE)


def take_back_in(session: Session, realm: Realm) -> int:
    """Put back what a courier of this realm held that is gone. Gives how many."""
    return run(session, _TAKE_BACK_IN, within(realm)).rowcount


def take_back(session: Session, now: datetime, *, all_of_them: bool = False) -> int:
    """Put back what a dead courier held, once its lease has run out. Gives how many.

    All of them, at the start of the only process there is.
    """
    if all_of_them:
        return run(session, _TAKE_BACK).rowcount
    return run(session, _TAKE_BACK_LAPSED, {"now": now}).rowcount
