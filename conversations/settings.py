"""A person's own settings: where they are, when they want quiet, in which language they read."""

from __future__ import annotations

from dataclasses import dataclass

from conversations.talk import Command, Lookup, Who, choose, do, look, say
from conversations.welcome import QUIET, SetQuiet, change_zone


@dataclass(frozen=True, slots=True)
class Own:
    """A person's own settings."""

    zone: str
    quiet: str
    """One of QUIET, or `own` where the programme set other hours."""
    budget: int


@dataclass(frozen=True, slots=True)
class OwnSettings(Lookup[Own]):
    """A person's own settings as they stand."""

    person: int


@dataclass(frozen=True, slots=True)
class Language:
    """One that the bot speaks."""

    code: str
    name: str
    """What it calls itself, such as `Español`."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What somebody is spoken to in, and what else they could choose."""

    now: str
    """What it calls itself."""
    others: tuple[Language, ...]


@dataclass(frozen=True, slots=True)
class LanguagesFor(Lookup[Spoken]):
    """What a person is spoken to in, and what else they could choose."""

    person: int


@dataclass(frozen=True, slots=True)
class SetLanguage(Command[None]):
    """Speak to them in this language from now on, and let nothing but them change it."""

    person: int
    language: str


async def show_settings(who: Who) -> None:
    """Where they are, their quiet hours, how often they are written to, and in which language."""
    own, spoken = await look(OwnSettings(who.id)), await look(LanguagesFor(who.id))
    language = ("language",) if spoken.others else ()
    offers = ("zone", "quiet", *language, "nothing")
    now = spoken.now if spoken.others else ""
    match await choose(who, "your_settings", offers, own=own, language=now):
        case "zone":
            await change_zone(who)
        case "quiet":
            await change_quiet(who)
        case "language":
            await change_language(who, spoken)


async def change_quiet(who: Who) -> None:
    """Other quiet hours."""
    quiet = await choose(who, "quiet_hours", QUIET)
    if quiet:
        await do(SetQuiet(who.id, quiet))
        await say(who, "quiet_kept")


async def change_language(who: Who, spoken: Spoken) -> None:
    """Another language, each under its own name; the very next line is in it."""
    match await choose(who, "which_language", (*spoken.others, "nothing")):
        case Language() as language:
            await do(SetLanguage(who.id, language.code))
            await say(who, "language_kept")


async def show_settings_1(who: Who) -> None:
    """Show them as before a language could be chosen, for talks that are under way."""
    own = await look(OwnSettings(who.id))
    match await choose(who, "your_settings", ("zone", "quiet", "nothing"), own=own, language=""):
        case "zone":
            await change_zone(who)
        case "quiet":
            quiet = await choose(who, "quiet_hours", QUIET)
            if quiet:
                await do(SetQuiet(who.id, quiet))
                await say(who, "quiet_kept")
