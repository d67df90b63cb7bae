"""Who may see what.

The one table that the code enforces and that "what can they see?" reads aloud.
"""

from __future__ import annotations

from typing import Literal

Matter = Literal[
    "lines_about_you",
    "meeting_dates",
    "agreement",
    "shared_hopes",
    "pause_date",
    "stall_reason",
    "help_words",
    "low_meeting",
    "kept_hopes",
    "goal_words",
    "check_ins",
    "reflections",
    "ratings",
    "having_joined",
]
Relation = Literal["self", "partner", "supervisor", "manager"]

SEES: dict[Matter, frozenset[Relation]] = {
    "lines_about_you": frozenset({"self", "partner"}),
    "meeting_dates": frozenset({"self", "partner"}),
    "agreement": frozenset({"self", "partner"}),
    "shared_hopes": frozenset({"self", "partner"}),
    "pause_date": frozenset({"self", "partner", "supervisor"}),
    "stall_reason": frozenset({"self", "partner", "supervisor"}),
    "help_words": frozenset({"self", "supervisor"}),
    "low_meeting": frozenset({"self", "supervisor"}),
    "kept_hopes": frozenset({"self"}),
    "goal_words": frozenset({"self"}),
    "check_ins": frozenset({"self"}),
    "reflections": frozenset({"self"}),
    "ratings": frozenset({"self"}),
    "having_joined": frozenset({"self", "partner", "supervisor", "manager"}),
}
"""`low_meeting`, `help_words` and `shared_hopes` are passed on only by the person's own yes."""


class NotTheirs(PermissionError):
    """Somebody's words were asked for on behalf of a person who may not see them.

    Nothing was read.
    """


def may_see(relation: Relation | None, matter: Matter) -> bool:
    """Whether somebody in that relation to a person may see this of theirs.

    None, a stranger, sees nothing.
    """
    return relation is not None and relation in SEES[matter]


def guard(relation: Relation | None, matter: Matter) -> None:
    """Let pass or raise NotTheirs."""
    if not may_see(relation, matter):
        raise NotTheirs(f"{relation or 'a stranger'} may not see {matter}")


def seen_by(relation: Relation) -> tuple[Matter, ...]:
    """All that somebody in that relation may see of a person, in the table's order."""
    return tuple(matter for matter, relations in SEES.items() if relation in relations)
