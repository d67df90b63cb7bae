"""Who is shown in which of the four panes.

Those whom the address asks for; otherwise a pair, and the people who look after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.web.scene import Look, Role, Somebody

SLOTS = ("a", "b", "c", "d")
WANTED: dict[str, tuple[Role, Look]] = {
    "a": ("mentee", "telegram"),
    "b": ("mentor", "slack"),
    "c": ("supervisor", "telegram"),
    "d": ("manager", "slack"),
}


def cast(people: Sequence[Somebody], asked: Mapping[str, str]) -> dict[str, Somebody]:
    """Somebody for every slot; empty if there are no people.

    `asked` is the address's query, a number for each slot; whatever it has wrong is ignored.
    """
    by_id = {str(somebody.id): somebody for somebody in people}
    slots = {slot: by_id[asked[slot]] for slot in SLOTS if asked.get(slot) in by_id}
    for slot in SLOTS if people else ():
        if slot not in slots:
            slots[slot] = _fitting(slot, people, slots)
    return {slot: slots[slot] for slot in SLOTS if slot in slots}


def _fitting(slot: str, people: Sequence[Somebody], slots: Mapping[str, Somebody]) -> Somebody:
    role, look = WANTED[slot]
    beside = slots["a"].partner if slot == "b" else 0
    by_id = {somebody.id: somebody for somebody in people}

    def misfit(somebody: Somebody) -> tuple[bool, bool, bool, bool, bool]:
        partner = by_id.get(somebody.partner)
        return (
            bool(beside) and somebody.id != beside,
            not _plays(somebody, role),
            _is_shown(somebody, slots.values()),
            somebody.look != look,
            slot == "a" and (partner is None or partner.look != WANTED["b"][1]),
        )

    return min(people, key=misfit)


def _plays(somebody: Somebody, role: Role) -> bool:
    return somebody.role == role or (somebody.role == "co-mentor" and role in {"mentee", "mentor"})


def _is_shown(somebody: Somebody, shown: Iterable[Somebody]) -> bool:
    return any(somebody.id == other.id for other in shown)
