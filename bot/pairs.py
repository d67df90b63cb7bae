"""Pairs that are about to change: under their lock, read anew, and how one begins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bot.store.tables import Cohort, Pair, Person


def locked_pair(session: Session, number: int) -> Pair:
    """Give a pair under its lock, as another process may have left it a moment ago."""
    [pair] = _locked(session, Pair.id == number)
    return pair


def locked_pairs_of(session: Session, person: int) -> Sequence[Pair]:
    """Give the pairs that somebody is one of under their locks, oldest first."""
    return _locked(session, (Pair.mentee_id == person) | (Pair.mentor_id == person))


def locked_pairs_in(session: Session, cohort: str) -> Sequence[Pair]:
    """Give the pairs of a cohort, by its name, under their locks, oldest first."""
    named = select(Cohort.id).where(Cohort.name == cohort)
    return _locked(session, Pair.cohort_id.in_(named))


def _locked(session: Session, which: ColumnElement[bool]) -> Sequence[Pair]:
    # All lock them in this order, so that no two wait for each other; and what the session read
    # before it had the lock may have changed.
    session.flush()
    rows = select(Pair).where(which).order_by(Pair.id).with_for_update()
    return session.scalars(rows.execution_options(populate_existing=True)).all()


def begins(session: Session, pair: Pair, now: datetime) -> bool:
    """Let a pair begin once both have said yes. Gives whether it has begun by now.

    The caller holds its lock: of two who say yes at once, the second is to see the first.
    """
    session.flush()
    both = select(Person.welcomed_at).where(Person.id.in_((pair.mentee_id, pair.mentor_id)))
    if pair.began_at is None and all(session.scalars(both)):
        pair.began_at = now
    return pair.began_at is not None
