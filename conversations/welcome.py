"""The welcome: why, what is kept and who sees it, yes or no, and only then a few questions.

Whoever had stopped comes back by the same way.
"""

from __future__ import annotations

from dataclasses import dataclass

from conversations.talk import Command, Lookup, Who, ask, choose, days, do, look, say

QUIET = ("early", "usual", "late", "none")


@dataclass(frozen=True, slots=True)
class Setting:
    """What a newcomer is told about the programme."""

    programme: str
    why: str
    partners: tuple[str, ...]
    """Whom they are paired with; empty for supervisors and managers."""
    zone: str


@dataclass(frozen=True, slots=True)
class Programme(Lookup[Setting]):
    """The programme as this person meets it."""

    person: int


@dataclass(frozen=True, slots=True)
class Company:
    """Whom somebody finds who says yes."""

    awaited: tuple[str, ...]
    """Partners who are not here: nothing begins without them."""
    had_stopped: bool
    """Whether they come back after stopping."""
    told: tuple[Who, ...]
    """Partners who read then that they had stopped, and are here to read that they are back."""


@dataclass(frozen=True, slots=True)
class CompanyOf(Lookup[Company]):
    """Whom this person finds, as things stand before their yes."""

    person: int


@dataclass(frozen=True, slots=True)
class Enrol(Command[None]):
    """They said yes: from now on they may be written to."""

    person: int


@dataclass(frozen=True, slots=True)
class Decline(Command[None]):
    """They said no: nothing more reaches them, and the manager can see that they declined."""

    person: int


@dataclass(frozen=True, slots=True)
class Introduce(Command[None]):
    """Keep the lines about them that their partner may read."""

    person: int
    lines: str


@dataclass(frozen=True, slots=True)
class ReadZone(Lookup[tuple[str, ...]]):
    """The zones that a typed place may mean: exactly one if it is clear."""

    text: str


@dataclass(frozen=True, slots=True)
class SetZone(Command[None]):
    """Keep where they are."""

    person: int
    zone: str


@dataclass(frozen=True, slots=True)
class SetQuiet(Command[None]):
    """Keep when they are not to be written to: one of QUIET."""

    person: int
    quiet: str


async def welcome(who: Who) -> None:
    """Say why and what is kept; enrol nobody who has not said yes."""
    setting = await look(Programme(who.id))
    if not await would_join(who, setting):
        return
    company = await look(CompanyOf(who.id))
    await do(Enrol(who.id))
    if company.had_stopped:
        return await welcome_back(who, setting, company)
    await say(who, "welcomed", setting=setting, awaited=company.awaited)
    if await set_hours(who, setting.zone) and setting.partners:
        await introduce_yourself(who, setting)


async def welcome_1(who: Who) -> None:
    """Welcome as before anybody looked who is here already, for talks that are under way."""
    setting = await look(Programme(who.id))
    if not await would_join(who, setting):
        return
    await do(Enrol(who.id))
    await say(who, "welcomed", setting=setting, awaited=setting.partners)
    if await set_hours(who, setting.zone) and setting.partners:
        await introduce_yourself(who, setting)


async def would_join(who: Who, setting: Setting) -> bool:
    """Tell why and what is kept, and take their yes or no."""
    await say(who, "why", setting=setting)
    await say(who, "what_is_kept")
    answer = await choose(who, "will_you_join", ("yes", "no"), within=days(21))
    if answer == "no":
        await do(Decline(who.id))
        await say(who, "no_is_fine")
    return answer == "yes"


async def welcome_back(who: Who, setting: Setting, company: Company) -> None:
    """Let the partners know as they knew of the leaving; their lines are kept, their hours asked.

    They may be somewhere else by now.
    """
    await say(who, "welcomed_back", partners=company.told)
    for partner in company.told:
        await say(partner, "partner_is_here_again", partner=who)
    await set_hours(who, setting.zone)


async def set_hours(who: Who, zone: str) -> bool:
    """Where they are and when they want quiet; whether they are still there."""
    match await choose(who, "zone", ("right", "elsewhere"), skipped="right", zone=zone):
        case None:
            return False
        case "elsewhere":
            await change_zone(who)
    quiet = await choose(who, "quiet_hours", QUIET, skipped="as_they_are")
    if quiet in QUIET:
        await do(SetQuiet(who.id, quiet))
    return quiet is not None


async def change_zone(who: Who) -> None:
    """Take a city in their own words; offer what it may mean until it is clear."""
    text = await ask(who, "which_city")
    while text:
        found = await look(ReadZone(text))
        zone = await choose(who, "which_zone", (*found, "neither")) if found else "neither"
        if zone is None:
            return
        if zone != "neither":
            await do(SetZone(who.id, zone))
            return await say(who, "zone_kept", zone=zone)
        text = await ask(who, "which_city_again")


async def introduce_yourself(who: Who, setting: Setting) -> None:
    """A few lines about them, read back before their partner may see them."""
    lines = await ask(who, "about_you", within=days(5), partners=setting.partners)
    if not lines:
        return
    if await choose(who, "may_they_read", ("yes", "no"), lines=lines) == "yes":
        await do(Introduce(who.id, lines))
        await say(who, "they_may_read", partners=setting.partners)
