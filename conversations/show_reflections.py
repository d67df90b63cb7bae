"""What a person kept of their reflections: theirs alone to read again, and to delete."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from conversations.talk import Command, Lookup, Who, choose, do, look, say

A_FEW = 5
"""How many are read at a time."""


@dataclass(frozen=True, slots=True)
class Reflection:
    """A question that a person was asked, and what they kept of it."""

    id: int
    at: datetime
    question: str
    words: str
    """Empty where they kept the question alone."""
    kept: str
    """`to_myself` or `for_our_meeting`."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A few reflections, newest first."""

    reflections: tuple[Reflection, ...]
    older: bool
    """Whether there are more behind these."""


@dataclass(frozen=True, slots=True)
class KeptReflections(Lookup[Kept]):
    """A few of a person's own reflections, the newest or those older than one of them.

    What they passed, or thought about without a word, left nothing to be read again.
    """

    person: int
    older_than: int | None = None
    how_many: int = A_FEW


@dataclass(frozen=True, slots=True)
class DeleteReflection(Command[None]):
    """Delete what somebody kept; that the question was asked is remembered."""

    person: int
    reflection: int


async def show_reflections(who: Who) -> None:
    """A person's own reflections, a few at a time; any one can be deleted."""
    kept = await look(KeptReflections(who.id))
    if not kept.reflections:
        return await say(who, "no_reflections_yet")
    line = "your_reflections"
    while True:
        more = ("older",) if kept.older else ()
        offers = (*more, "delete", "nothing")
        match await choose(who, line, offers, reflections=kept.reflections):
            case "older":
                kept = await look(KeptReflections(who.id, kept.reflections[-1].id))
                if not kept.reflections:  # they were deleted meanwhile
                    return await say(who, "no_older_reflections")
                line = "older_reflections"
            case "delete":
                return await delete_one(who, kept.reflections)
            case _:
                return


async def delete_one(who: Who, among: tuple[Reflection, ...]) -> None:
    """Delete one reflection, after asking once."""
    one: Reflection | str | None = among[0]
    if len(among) > 1:
        one = await choose(who, "which_reflection", (*among, "none"))
    if not isinstance(one, Reflection):
        return
    if await choose(who, "really_delete", ("delete", "keep"), reflection=one) == "delete":
        await do(DeleteReflection(who.id, one.id))
        await say(who, "reflection_deleted")
