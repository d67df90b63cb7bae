"""In which relation one person stands to another, and so what they may see.

Asked before anybody's words are read.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.store.tables import Pair, Person
from conversations.confidence import Matter, Relation, guard


def relation_to(session: Session, viewer: int, person: int) -> Relation | None:
    """Give how `viewer` stands to `person`: the closest relation, or None for a stranger."""
    if viewer == person:
        return "self"
    pairs = session.execute(
        select(Pair.mentee_id, Pair.mentor_id, Pair.supervisor_id).where(
            (Pair.mentee_id == person) | (Pair.mentor_id == person)
        )
    ).all()
    if any(viewer in (mentee, mentor) for mentee, mentor, _ in pairs):
        return "partner"
    if any(viewer == supervisor for _, _, supervisor in pairs):
        return "supervisor"
    return "manager" if _manages(session, viewer, person) else None


def _manages(session: Session, viewer: int, person: int) -> bool:
    mine, theirs = session.get_one(Person, viewer), session.get_one(Person, person)
    return mine.role == "manager" and mine.cohort_id == theirs.cohort_id


def guard_sight(session: Session, viewer: int, person: int, matter: Matter) -> None:
    """Let pass or raise NotTheirs, by the table of `conversations.confidence`."""
    guard(relation_to(session, viewer, person), matter)
