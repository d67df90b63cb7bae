"""Which conversation a person's typed words ask for, at any moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from conversations.replies import fold
from conversations.talk import Role

FOR_ROLES: dict[str, frozenset[Role]] = {
    "help_me": frozenset({"mentee", "mentor", "co-mentor", "supervisor", "manager"}),
    "book_more": frozenset({"mentee", "mentor", "co-mentor"}),
    "show_meetings": frozenset({"mentee", "mentor", "co-mentor"}),
    "show_agreement": frozenset({"mentee", "mentor", "co-mentor"}),
    "show_goals": frozenset({"mentee", "mentor", "co-mentor"}),
    "reflect": frozenset({"mentee", "mentor", "co-mentor"}),
    "show_reflections": frozenset({"mentee", "mentor", "co-mentor"}),
    "check_in": frozenset({"mentee", "mentor", "co-mentor"}),
    "pause": frozenset({"mentee", "mentor", "co-mentor", "supervisor", "manager"}),
    "come_back": frozenset({"mentee", "mentor", "co-mentor", "supervisor", "manager"}),
    "ask_less": frozenset({"mentee", "mentor", "co-mentor"}),
    "stop": frozenset({"mentee", "mentor", "co-mentor", "supervisor", "manager"}),
    "show_sight": frozenset({"mentee", "mentor", "co-mentor"}),
    "show_sent": frozenset({"mentee", "mentor", "co-mentor"}),
    "show_privacy": frozenset({"mentee", "mentor", "co-mentor", "supervisor", "manager"}),
    "show_settings": frozenset({"mentee", "mentor", "co-mentor", "supervisor", "manager"}),
    "ask_for_help": frozenset({"mentee", "mentor", "co-mentor"}),
    "show_pairs": frozenset({"supervisor"}),
    "announce": frozenset({"manager"}),
}
"""The conversations that can be asked for in words, and by whom."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A conversation that somebody asked for, with what they typed after the command."""

    conversation: str
    rest: str = ""


def read_command(text: str, forms: Mapping[str, Sequence[str]], role: Role) -> Asked | None:
    """Give the conversation that the whole text asks for, or None.

    `forms` holds for each conversation the ways to ask for it, such as `my meetings`; one that ends
    in `…` takes the rest of the text (`pause until…`). A leading slash is fine, and so are
    underscores after it.
    """
    folded = fold(text)
    if folded.startswith("/"):
        folded = folded[1:].replace("_", " ")
    best = max(_matches(folded, forms, role), key=lambda match: match[0], default=None)
    return best[1] if best else None


_folded = cache(fold)
"""Ways to ask are few, and gone through for everything that is typed."""


def _matches(
    folded: str, forms: Mapping[str, Sequence[str]], role: Role
) -> list[tuple[int, Asked]]:
    """Every form that fits, with its length: the longest is the one meant."""
    found = []
    for name, ways in forms.items():
        if role not in FOR_ROLES.get(name, frozenset()):
            continue
        for way in map(_folded, ways):
            if folded == way.rstrip("…").strip():
                found.append((len(way), Asked(name)))
            elif way.endswith("…") and folded.startswith(way[:-1].strip() + " "):
                found.append((len(way), Asked(name, folded[len(way[:-1].strip()) :].strip())))
    return found
