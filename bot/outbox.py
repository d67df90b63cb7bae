"""The outbox: what is to be said, kept until a platform has taken it.

Each person's messages keep their order; nothing is lost and nothing is said twice.

A message goes from pending to sending (under a lease) to sent; one that takes several calls is
pending again after each, and is finished before anything else is said to them. A refusal seen twice
makes it dead and closes the address; a passing trouble makes it pending again, later; an answer
that was lost makes it unknown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from typing import Any
from uuid import uuid4

from sqlalchemy import Update, bindparam, exists, func, select, union_all, update
from sqlalchemy.orm import Session

from bot.arrivals import receive
from bot.markup import Run
from bot.platforms import Begun, Choice, Delivery, Event, File, Part, Realm, Redrawing, Standing
from bot.settings import Programme
from bot.store.database import run
from bot.store.tables import PENDING, SENDING, SENT, Message, Person, Question, rows_of
from bot.stories import BUDGETED, hours_of
from conversations.quiet import open_from
from conversations.story import Hours
from conversations.tact import TO_A_MESSAGE, rested

LEASE = timedelta(minutes=2)
"""After this a courier that fell asleep has lost its right to mark a message."""
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
BEFORE_BELIEVING = timedelta(hours=1)
"""A refusal can pass (one operator lost 3 % of people by believing the first).

It is tried once more after this.
"""
MOST_AT_ONCE = 100
FINISHED_FIRST = -1
"""The rank of what has begun: nothing comes between two pieces of a message."""
_chance = Random()  # noqa: S311 - it spreads retries; no secret hangs on it


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
    due, where = (_DUE, {}) if realm is None else (_DUE_IN, {**_in(realm), "resting": list(but)})
    rows = [_Message(*row) for row in run(session, due, {"now": now, "most": most, **where})]
    leased = []
    for person, messages in _by_person(session, _unexpired(session, rows, now)):
        ready = _out_of_quiet_hours(session, messages, person, hours_of(person, programme), now)
        # One at a time: were two on their way and the first failed, the second would overtake it.
        leased += [_lease(session, person, group, now) for group in islice(_grouped(ready), 1)]
    return leased


_ROWS = rows_of(Message)
# In two halves, each over an index of its own: said in one, it reads all that was ever sent.
_BEHIND = union_all(
    select(_ROWS.c.person_id).where(_ROWS.c.state == SENDING, _ROWS.c.tries > 0),
    select(_ROWS.c.person_id)
    .where(_ROWS.c.state == PENDING, _ROWS.c.tries > 0)
    .where(_ROWS.c.not_before > bindparam("now")),
)
_DUE = (
    select(
        _ROWS.c.id,
        _ROWS.c.person_id,
        _ROWS.c.conversation_id,
        _ROWS.c.step,
        _ROWS.c.nature,
        _ROWS.c.line,
        _ROWS.c.runs,
        _ROWS.c.manner,
        _ROWS.c.options,
        _ROWS.c.files,
        _ROWS.c.expires_at,
        _ROWS.c.tries,
        _ROWS.c.doubts,
        _ROWS.c.calls,
        _ROWS.c.reference,
    )
    .where(_ROWS.c.state == PENDING, _ROWS.c.not_before <= bindparam("now"))
    .where(_ROWS.c.person_id.not_in(_BEHIND))
    .order_by(_ROWS.c.rank, _ROWS.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_PEOPLE = rows_of(Person)
_ADDRESSEE = rows_of(Person).alias()
# Asked of each message: from a list of people SQLite would go on to all that each of them ever got.
_IS_THERE = exists().where(
    _ADDRESSEE.c.id == _ROWS.c.person_id,
    _ADDRESSEE.c.platform == bindparam("platform"),
    _ADDRESSEE.c.address.startswith(bindparam("within")),
)
_DUE_IN = _DUE.where(_IS_THERE).where(
    _ROWS.c.person_id.not_in(bindparam("resting", expanding=True))
)
_THIS = _ROWS.c.id == bindparam("number")
_BURY = update(_ROWS).where(_THIS).values(state="dead", why=bindparam("cause"))
_LATER = update(_ROWS).where(_THIS).values(not_before=bindparam("opens"), tries=0)
_LEASE = (
    update(_ROWS)
    .where(_THIS)
    .values(
        state="sending",
        lease=bindparam("its_lease"),
        leased_until=bindparam("until"),
        tries=_ROWS.c.tries + 1,
    )
)


@dataclass(frozen=True, slots=True)
class _Message:
    """What is due, as it waits."""

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


def _in(realm: Realm) -> dict[str, object]:
    return {"platform": realm.platform, "within": realm.within}


def _bury(session: Session, messages: Sequence[_Message], why: str) -> None:
    if messages:
        run(session, _BURY, [{"number": each.id, "cause": why} for each in messages])


def _unexpired(session: Session, rows: Sequence[_Message], now: datetime) -> list[_Message]:
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


def _by_person(
    session: Session, rows: Sequence[_Message]
) -> Iterable[tuple[Person, list[_Message]]]:
    mine: dict[int, list[_Message]] = defaultdict(list)
    for row in rows:
        mine[row.person_id].append(row)
    for number, messages in mine.items():
        person = session.get_one(Person, number)
        if person.address is None or person.closed_at is not None:
            _bury(session, messages, "no way to reach them")
        else:
            yield person, messages


def _out_of_quiet_hours(
    session: Session, messages: Sequence[_Message], person: Person, hours: Hours, now: datetime
) -> list[_Message]:
    """What may go out now: after an outage, or new quiet hours, a push waits once more."""
    opens = {each.id: opens_at(person, hours, each.nature, each.manner, now) for each in messages}
    later = [{"number": each, "opens": at} for each, at in opens.items() if at > now]
    if later:
        # What waits for the morning is not being tried again: nothing is to stand behind it.
        run(session, _LATER, later)
    return [message for message in messages if opens[message.id] <= now]


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


def _grouped(messages: Sequence[_Message]) -> Iterable[list[_Message]]:
    """Nudges that are due together become one message, two talks to each; all else goes alone.

    What may be there already, or has begun, stays with what it went out with.
    """
    talks = list(dict.fromkeys(each.conversation_id for each in messages if each.nature == "nudge"))
    place = {talk: number // TO_A_MESSAGE for number, talk in enumerate(talks)}
    groups: dict[object, list[_Message]] = {}
    for message in messages:
        key: object = message.id
        if message.nature == "nudge":
            key = (place[message.conversation_id], message.doubts > 0, message.calls)
        groups.setdefault(key, []).append(message)
    return groups.values()


def _lease(session: Session, person: Person, messages: Sequence[_Message], now: datetime) -> Leased:
    lease = uuid4().hex
    held = {"its_lease": lease, "until": now + LEASE}
    run(session, _LEASE, [{"number": message.id, **held} for message in messages])
    parts = tuple(_part(message) for message in messages)
    first = messages[0]
    begun = Begun(first.calls, first.reference or "")
    delivery = Delivery(person.id, person.address or "", first.nature, parts, first.doubts, begun)
    return Leased(person.platform, lease, delivery, first.tries + 1, now + LEASE)


def _part(message: _Message) -> Part:
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


_HELD = (_ROWS.c.lease == bindparam("its_lease")) & (_ROWS.c.state == SENDING)
_SENT = (
    update(_ROWS)
    .where(_HELD)
    .values(
        state="sent",
        leased_until=None,
        sent_at=bindparam("moment"),
        reference=bindparam("its_reference"),
        why=None,
    )
)
_BEGUN = (
    update(_ROWS)
    .where(_HELD)
    .values(
        state="pending",
        rank=FINISHED_FIRST,
        leased_until=None,
        tries=0,
        doubts=0,
        calls=bindparam("its_calls"),
        reference=bindparam("its_reference"),
        why=None,
    )
)
_UNKNOWN = (
    update(_ROWS).where(_HELD).values(state="unknown", leased_until=None, why="the answer was lost")
)
_NOT_NOW = (
    update(_ROWS)
    .where(_HELD)
    .values(
        state="pending",
        leased_until=None,
        not_before=bindparam("opens"),
        doubts=_ROWS.c.doubts + bindparam("begun"),
        why=bindparam("cause"),
    )
)
_DOUBTFUL = (
    update(_ROWS)
    .where(_HELD)
    .values(
        state="pending",
        leased_until=None,
        not_before=bindparam("opens"),
        doubts=_ROWS.c.doubts + 1,
        why="the answer was lost",
    )
)
_DEAD = update(_ROWS).where(_HELD).values(state="dead", leased_until=None, why=bindparam("cause"))
_REFUSED_BEFORE = select(_ROWS.c.id).where(_HELD, _ROWS.c.why.startswith("refused")).limit(1)


def mark_sent(session: Session, leased: Leased, reference: str, now: datetime) -> bool:
    """Note that it was taken.

    False if the lease was lost meanwhile: then another courier answers for it.
    """
    return _mark(session, leased, _SENT, moment=now, its_reference=reference)


def mark_begun(session: Session, leased: Leased, begun: Begun) -> bool:
    """Note how much of it is there; the rest goes out as soon as its pace lets it."""
    return _mark(session, leased, _BEGUN, its_calls=begun.calls, its_reference=begun.reference)


def mark_unknown(session: Session, leased: Leased) -> bool:
    """Note that its answer was lost; it is not sent again by itself."""
    return _mark(session, leased, _UNKNOWN)


def mark_doubtful(session: Session, leased: Leased, now: datetime) -> bool:
    """Put back a message whose answer was lost: its platform will look for it, or say it again."""
    return _mark(session, leased, _DOUBTFUL, opens=now + _pause(leased.tries))


def mark_unsendable(session: Session, leased: Leased, why: str) -> bool:
    """Note that no platform would take it as it is."""
    return _mark(session, leased, _DEAD, cause=f"unsendable: {why}")


def mark_not_now(
    session: Session,
    leased: Leased,
    why: str,
    now: datetime,
    after: timedelta | None,
    *,
    is_begun: bool = False,
) -> bool:
    """Put it back for later; where some of it is there already, that is looked for then.

    After the pause that the platform asked for, else after one that grows with each try.
    """
    pause = after if after is not None else _pause(leased.tries)
    return _mark(session, leased, _NOT_NOW, opens=now + pause, cause=why, begun=int(is_begun))


def mark_refused(session: Session, leased: Leased, why: str, now: datetime) -> bool:
    """Believe a refusal only the second time.

    Then close the address and let nothing more wait for it.
    """
    cause = f"refused: {why}"
    if run(session, _REFUSED_BEFORE, {"its_lease": leased.lease}).first() is None:
        opens = now + BEFORE_BELIEVING
        return _mark(session, leased, _NOT_NOW, opens=opens, cause=cause, begun=0)
    marked = _mark(session, leased, _DEAD, cause=cause)
    if marked and close_address(session, leased.delivery.person, why, now):
        # What else follows from it belongs into a turn of its own.
        name, address = f"refused-{leased.lease}", leased.delivery.address
        receive(session, [Event(leased.platform, name, address, "unreachable")], now)
    return marked


def close_address(session: Session, person: int, why: str, now: datetime) -> bool:
    """Note that there is no way to reach somebody; what waits for them is dead.

    False if that was known: whoever closes an address first sees to what follows.
    """
    closed = session.execute(
        update(Person)
        .where(Person.id == person, Person.closed_at.is_(None))
        .values(closed_at=now, closed_why=why)
        .returning(Person.id)
    ).first()
    session.execute(
        update(Message)
        .where(Message.person_id == person, Message.state == "pending")
        .values(state="dead", why="no way to reach them")
    )
    return closed is not None


def _mark(session: Session, leased: Leased, mark: Update, **values: object) -> bool:
    """Change what is still under this lease; a late mark from a sleeper changes nothing."""
    marked = run(session, mark, {"its_lease": leased.lease, **values})
    return bool(marked.rowcount)


def _pause(tries: int) -> timedelta:
    """Growing pauses, jittered so that many do not come back at once."""
    longest: timedelta = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(tries - 1, 20))
    return longest * _chance.uniform(0.5, 1.0)


_RETRIED = rows_of(Message).alias()
# Its own time is past, but until what is tried again before it goes out nothing can be done.
STANDS_BEHIND = exists().where(
    _RETRIED.c.person_id == _ROWS.c.person_id,
    _RETRIED.c.sent_at.is_(None),
    _RETRIED.c.state == PENDING,
    _RETRIED.c.tries > 0,
    _RETRIED.c.not_before > _ROWS.c.not_before,
)
NEXT = (
    select(_ROWS.c.not_before)
    .where(_ROWS.c.state == PENDING, ~STANDS_BEHIND)
    .order_by(_ROWS.c.not_before)
    .limit(1)
)
"""When the next message may go out."""
_NEXT_IN = NEXT.where(_IS_THERE)


def next_due(session: Session, realm: Realm) -> datetime | None:
    """Give when the next message in a realm may go out; None where none waits."""
    return run(session, _NEXT_IN, _in(realm)).scalar()


_STALE = (
    select(_ROWS.c.person_id, _PEOPLE.c.address, _ROWS.c.reference, func.max(_ROWS.c.stale_at))
    .join(_PEOPLE, _PEOPLE.c.id == _ROWS.c.person_id)
    .where(
        _ROWS.c.stale_at <= bindparam("now"),
        _ROWS.c.state == SENT,
        _IS_THERE,
        _PEOPLE.c.address.is_not(None),
        _PEOPLE.c.closed_at.is_(None),
    )
    .group_by(_ROWS.c.person_id, _PEOPLE.c.address, _ROWS.c.reference)
    .order_by(func.max(_ROWS.c.stale_at))
    .limit(bindparam("most"))
)
_QUESTIONS = rows_of(Question)
_SHOWN = (
    select(
        *(_ROWS.c[name] for name in _Message.__slots__),
        _QUESTIONS.c.chosen,
        _QUESTIONS.c.how,
    )
    .join(
        _QUESTIONS,
        (_QUESTIONS.c.conversation_id == _ROWS.c.conversation_id)
        & (_QUESTIONS.c.step == _ROWS.c.step),
        isouter=True,
    )
    .where(_ROWS.c.person_id == bindparam("person"), _ROWS.c.reference == bindparam("referred"))
    .order_by(_ROWS.c.id)
)
_REDRAWN = (
    update(_ROWS)
    .where(
        _ROWS.c.person_id == bindparam("person"),
        _ROWS.c.reference == bindparam("referred"),
        _ROWS.c.stale_at <= bindparam("moment"),
    )
    .values(stale_at=bindparam("again"))
)


@dataclass(frozen=True, slots=True)
class Stale:
    """A message that no longer shows how its question stands."""

    redrawing: Redrawing
    since: datetime


def stale(session: Session, realm: Realm, now: datetime, most: int) -> list[Stale]:
    """Give the messages of a realm that are to be redrawn, longest waiting first."""
    found = run(session, _STALE, {**_in(realm), "now": now, "most": most}).all()
    return [_as_it_stands(session, *row) for row in found]


def _as_it_stands(
    session: Session, person: int, address: str, reference: str, since: datetime
) -> Stale:
    parts = []
    for *message, chosen, how in run(session, _SHOWN, {"person": person, "referred": reference}):
        standing = None if chosen is None else Standing(tuple(chosen), how)
        parts.append((_part(_Message(*message)), standing))
    return Stale(Redrawing(person, address, reference, tuple(parts)), since)


def mark_redrawn(session: Session, drawn: Stale, again: datetime | None = None) -> None:
    """Note that a message shows how its question stood then; what changed since is drawn anew.

    Or, where it could not be redrawn, when it is to be tried again.
    """
    it = drawn.redrawing
    values = {"person": it.person, "referred": it.reference, "moment": drawn.since}
    run(session, _REDRAWN, {**values, "again": again})


_TAKE_BACK = (
    update(_ROWS)
    .where(_ROWS.c.state == SENDING)
    .values(state="pending", lease=None, leased_until=None, doubts=_ROWS.c.doubts + 1)
)
_TAKE_BACK_LAPSED = _TAKE_BACK.where(_ROWS.c.leased_until <= bindparam("now"))
_TAKE_BACK_IN = _TAKE_BACK.where(_IS_THERE)


def take_back_in(session: Session, realm: Realm) -> int:
    """Put back what a courier of this realm held that is gone. Gives how many."""
    return run(session, _TAKE_BACK_IN, _in(realm)).rowcount


def take_back(session: Session, now: datetime, *, all_of_them: bool = False) -> int:
    """Put back what a dead courier held, once its lease has run out. Gives how many.

    All of them, at the start of the only process there is.
    """
    if all_of_them:
        return run(session, _TAKE_BACK).rowcount
    return run(session, _TAKE_BACK_LAPSED, {"now": now}).rowcount
