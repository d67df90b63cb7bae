"""Marking: what became of a delivery, written down by whoever still holds its lease."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from sqlalchemy import Update, bindparam, select, update
from sqlalchemy.orm import Session

from bot.arrivals import receive
from bot.outbox.leasing import Leased
from bot.outbox.waiting import ROWS
from bot.platforms import Begun, Event
from bot.roster import ANY_PERSON, PEOPLE, Roster, roster_of
from bot.store.database import run
from bot.store.tables import SENDING

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
BEFORE_BELIEVING = timedelta(hours=1)
"""A refusal can pass (one operator lost 3 % of people by believing the first).

It is tried once more after this.
"""
FINISHED_FIRST = -1
"""The rank of what has begun: nothing comes between two pieces of a message."""
_chance = Random()  # noqa: S311 - it spreads retries; no secret hangs on it


_HELD = (ROWS.c.lease == bindparam("its_lease")) & (ROWS.c.state == SENDING)
_SENT = (
    update(ROWS)
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
    update(ROWS)
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
    update(ROWS).where(_HELD).values(state="unknown", leased_until=None, why="the answer was lost")
)
_NOT_NOW = (
    update(ROWS)
    .where(_HELD)
    .values(
        state="pending",
        leased_until=None,
        not_before=bindparam("opens"),
        doubts=ROWS.c.doubts + bindparam("begun"),
        why=bindparam("cause"),
    )
)
_DOUBTFUL = (
    update(ROWS)
    .where(_HELD)
    .values(
        state="pending",
        leased_until=None,
        not_before=bindparam("opens"),
        doubts=ROWS.c.doubts + 1,
        why="the answer was lost",
    )
)
_DEAD = update(ROWS).where(_HELD).values(state="dead", leased_until=None, why=bindparam("cause"))
_REFUSED_BEFORE = select(ROWS.c.id).where(_HELD, ROWS.c.why.startswith("refused")).limit(1)


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
    if marked and close_address(roster_of(session), leased.delivery.person, why, now):
        # What else follows from it belongs into a turn of its own.
        name, address = f"refused-{leased.lease}", leased.delivery.address
        receive(session, [Event(leased.platform, name, address, "unreachable")], now)
    return marked


_CLOSE = (
    update(PEOPLE)
    .where(PEOPLE.c.id == bindparam("person"), PEOPLE.c.closed_at.is_(None))
    .values(closed_at=bindparam("moment"), closed_why=bindparam("cause"))
    .returning(*ANY_PERSON.selected_columns)
)
_LET_GO = (
    update(ROWS)
    .where(ROWS.c.person_id == bindparam("person"), ROWS.c.state == "pending")
    .values(state="dead", why="no way to reach them")
)


def close_address(roster: Roster, person: int, why: str, now: datetime) -> bool:
    """Note that there is no way to reach somebody; what waits for them is dead.

    False if that was known: whoever closes an address first sees to what follows.
    """
    closes = {"person": person, "moment": now, "cause": why}
    closed = bool(roster.people(_CLOSE, **closes))
    run(roster.session, _LET_GO, {"person": person})
    return closed


def _mark(session: Session, leased: Leased, mark: Update, **values: object) -> bool:
    """Change what is still under this lease; a late mark from a sleeper changes nothing."""
    marked = run(session, mark, {"its_lease": leased.lease, **values})
    return bool(marked.rowcount)


def _pause(tries: int) -> timedelta:
    """Growing pauses, jittered so that many do not come back at once."""
    longest: timedelta = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(tries - 1, 20))
    return longest * _chance.uniform(0.5, 1.0)
