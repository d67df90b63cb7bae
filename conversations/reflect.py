"""Reflecting between meetings.

One question that fits where the pair stands, private unless they choose otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass

from conversations.talk import Command, Pair, Who, ask_or_choose, choose, days, do, say


@dataclass(frozen=True, slots=True)
class Offered:
    """A question from the bank, and the offer that remembers it was asked."""

    offer: int
    text: str


@dataclass(frozen=True, slots=True)
class NextQuestion(Command[Offered | None]):
    """Choose a question by phase, role and history, and keep that it was asked.

    None where none fits now.
    """

    person: int
    pair: int


@dataclass(frozen=True, slots=True)
class KeepReflection(Command[None]):
    """Keep what came of it.

    `to_myself`, `for_our_meeting` or `skipped`, with their words if they wrote any.
    """

    offer: int
    kept: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class SayLanded(Command[None]):
    """Keep whether the question landed; the bank learns from it."""

    offer: int
    landed: bool


async def reflect(who: Who, pair: Pair) -> None:
    """One question: words, a thought kept for the meeting, or nothing at all."""
    offered = await do(NextQuestion(who.id, pair.id))
    if offered is None:
        return
    answer = await ask_or_choose(
        who, "reflection", ("thought", "for_meeting", "skip"), within=days(6), question=offered.text
    )
    if answer is None or answer.button == "skip":
        await do(KeepReflection(offered.offer, "skipped"))
        return
    if answer.button == "for_meeting":
        await do(KeepReflection(offered.offer, "for_our_meeting"))
    elif answer.words:
        where = ("to_myself", "for_our_meeting")
        kept = await choose(who, "keep_where", where, skipped="to_myself")
        await do(KeepReflection(offered.offer, kept or "to_myself", answer.words))
        if kept is None:
            return
    else:
        await do(KeepReflection(offered.offer, "to_myself"))
    landed = await choose(who, "did_it_land", ("landed", "not_for_me"))
    if landed:
        await do(SayLanded(offered.offer, landed == "landed"))
        await say(who, "thanks_for_saying")
