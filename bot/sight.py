"""In which relation one person stands to another, and so what they may see.

Asked before anybody's words are read.
"""

from __future__ import annotations

from bot.roster import Roster
from conversations.confidence import Matter, Relation, guard


def relation_to(roster: Roster, viewer: int, person: int) -> Relation | None:
    """Give how `viewer` stands to `person`: the closest relation, or None for a stranger."""
    if viewer == person:
        return "self"
    pairs = roster.pairs_of(person)
    if any(viewer in pair.both for pair in pairs):
        return "partner"
    if any(viewer == pair.supervisor_id for pair in pairs):
        return "supervisor"
    return "manager" if _manages(roster, viewer, person) else None


def _manages(roster: Roster, viewer: int, person: int) -> bool:
    mine, theirs = roster.person(viewer), roster.person(person)
    return mine.role == "manager" and mine.cohort_id == theirs.cohort_id


def guard_sight(roster: Roster, viewer: int, person: int, matter: Matter) -> None:
    """Let pass or raise NotTheirs, by the table of `conversations.confidence`."""
    guard(relation_to(roster, viewer, person), matter)
