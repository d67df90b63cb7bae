"""Pausing with a date and no reason, coming back, less often, and stopping for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from conversations.talk import Command, Lookup, Who, ask, choose, do, look, say

STRETCHES = ("one_week", "two_weeks", "four_weeks")


@dataclass(frozen=True, slots=True)
class TypedDay:
    """What a typed day was read as."""

    day: date | None
    reason: str
    """Why there is none, as `typed_dates.NotADate` has it; empty if there is one."""


@dataclass(frozen=True, slots=True)
class ReadDay(Lookup[TypedDay]):
    """Read a day that somebody typed, or one of STRETCHES, from today in their zone."""

    by: int
    text: str


@dataclass(frozen=True, slots=True)
class PausedUntil(Lookup[date | None]):
    """The day on which a person's pause ends, where they are; None if they are in none."""

    person: int


@dataclass(frozen=True, slots=True)
class HasStopped(Lookup[bool]):
    """Whether somebody has stopped taking part, so that nothing can be asked of them."""

    person: int


@dataclass(frozen=True, slots=True)
class PartnersOf(Lookup[tuple[Who, ...]]):
    """Those who are under way with a person, and so heard of a pause."""

    person: int


@dataclass(frozen=True, slots=True)
class Pause(Command[tuple[Who, ...]]):
    """Nothing is pushed before that day begins where they are. Gives the partners to be told."""

    person: int
    until: date


@dataclass(frozen=True, slots=True)
class ComeBack(Command[bool]):
    """End a pause now. Gives whether there was one."""

    person: int


@dataclass(frozen=True, slots=True)
class LessOften(Command[None]):
    """One pushed message a week at most."""

    person: int


@dataclass(frozen=True, slots=True)
class Stop(Command[tuple[Who, ...]]):
    """Nothing is ever pushed again unless they come back. Gives the partners to be told."""

    person: int


async def pause(who: Who, until: str = "") -> None:
    """Pause until a day they choose or typed; the partner reads only the date."""
    text = until or await choose(who, "pause_for", (*STRETCHES, "a_day"))
    while text:
        if text == "a_day":
            text = await ask(who, "which_day", wants="day")
            continue
        read = await look(ReadDay(who.id, text))
        if read.day is None:
            text = await ask(who, f"day_{read.reason}", wants="day")
            continue
        answer = (
            "yes"
            if text in STRETCHES
            else await choose(who, "pause_until", ("yes", "no"), day=read.day)
        )
        if answer == "yes":
            return await pause_until(who, read.day)
        text = "a_day" if answer else None


async def pause_until(who: Who, day: date) -> None:
    """Pause, and tell the partner the date and nothing else."""
    partners = await do(Pause(who.id, day))
    await say(who, "paused", day=day, partners=partners)
    for partner in partners:
        await say(partner, "partner_paused", partner=who, day=day)


async def come_back(who: Who) -> None:
    """End a pause before its day; the partner read of that day, and reads that it is over."""
    if not await do(ComeBack(who.id)):
        return await say(who, "not_paused")
    await say(who, "back_again")
    for partner in await look(PartnersOf(who.id)):
        await say(partner, "partner_is_back", partner=who)


async def come_back_1(who: Who) -> None:
    """End a pause as before a partner was told, for talks that are under way."""
    await say(who, "back_again" if await do(ComeBack(who.id)) else "not_paused")


async def say_pause_is_over(who: Who) -> None:
    """One soft line when a pause ends by itself."""
    await say(who, "pause_is_over")


async def ask_less(who: Who) -> None:
    """After three questions unanswered in a row: ask once, then obey."""
    match await choose(who, "less_pause_or_stop", ("as_it_is", "less", "pause", "stop")):
        case "less":
            await do(LessOften(who.id))
            await say(who, "less_often")
        case "pause":
            await pause(who)
        case "stop":
            await stop(who)
        case "as_it_is":
            await say(who, "as_it_was")
        case _:
            return


async def stop(who: Who) -> None:
    """Stop for good, asked once; the partner reads only that they have stopped."""
    match await choose(who, "really_stop", ("stop", "pause", "stay")):
        case "stop":
            partners = await do(Stop(who.id))
            await say(who, "stopped")
            for partner in partners:
                await say(partner, "partner_stopped", partner=who)
        case "pause":
            await pause(who)
        case "stay":
            await say(who, "still_here")
