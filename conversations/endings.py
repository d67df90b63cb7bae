"""The end of the programme: one word of thanks, and what stays."""

from __future__ import annotations

from dataclasses import dataclass

from conversations.talk import Command, Pair, Who, do, look, say
from conversations.welcome import Programme


@dataclass(frozen=True, slots=True)
class CallBackNudges(Command[None]):
    """Let nothing more go out that was to be asked of one of a pair and still waits."""

    person: int
    pair: int


async def say_programme_is_over(who: Who, pair: Pair) -> None:
    """Thank one of a pair when the last day is over, and push nothing after that."""
    await do(CallBackNudges(who.id, pair.id))
    await say(who, "programme_is_over", setting=await look(Programme(who.id)))
