"""A manager writes to a cohort, sees what will reach whom, says yes, and watches it go out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from conversations.choose_people import choose_people
from conversations.talk import Command, Lookup, Who, ask, choose, choose_some, days, do, look, say

AUDIENCES = ("everyone", "mentees", "mentors", "supervisors", "chosen")


@dataclass(frozen=True, slots=True)
class Reached:
    """Whom an announcement would reach."""

    people: tuple[int, ...]
    left_out: int
    """How many are left out: not yet welcomed, stopped, or unreachable."""


@dataclass(frozen=True, slots=True)
class Audience(Lookup[Reached]):
    """The people of the author's cohort in one of AUDIENCES, or those named."""

    author: int
    among: str
    chosen: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class CohortPeople(Lookup[tuple[Who, ...]]):
    """All who could be reached, in the order of the alphabet."""

    author: int


@dataclass(frozen=True, slots=True)
class InApp:
    """What an announcement is in one app."""

    app: str
    people: int
    begins: tuple[str, ...]
    """How each of its messages there begins: one, or several where it is too long for one."""


@dataclass(frozen=True, slots=True)
class Apps(Lookup[tuple[InApp, ...]]):
    """In which apps those people would read it, and as what; most people first."""

    author: int
    words: str
    people: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Announce(Command[int]):
    """Put it in everybody's outbox. Gives its id."""

    author: int
    words: str
    people: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StopAnnouncement(Command[int]):
    """Call back what has not gone out. Gives how many that were."""

    announcement: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an announcement has got."""

    delivered: int
    waiting: int
    failed: int
    called_back: int


@dataclass(frozen=True, slots=True)
class HowFar(Lookup[Progress]):
    """The progress of an announcement, now."""

    announcement: int


Choosing = Callable[[Who, tuple[Who, ...]], Awaitable[tuple[Who, ...]]]


async def announce(who: Who) -> None:
    """Write, choose, preview, confirm, watch."""
    await announce_to(who, choose_people)


async def announce_2(who: Who) -> None:
    """Announce as before each app's messages were shown, for talks that are under way."""
    await announce_to(who, choose_people, shows_apps=False)


async def announce_1(who: Who) -> None:
    """Announce as before people were found by their names, for talks that are under way."""
    await announce_to(who, choose_among_all, shows_apps=False)


async def announce_to(who: Who, choosing: Choosing, *, shows_apps: bool = True) -> None:
    """Announce, with that way of choosing people."""
    words = await ask(who, "what_to_announce", within=days(1))
    if not words:
        return
    audience = await choose_audience(who, choosing)
    if audience is None:
        return await say(who, "nothing_announced")
    reached = await look(audience)
    if not reached.people:
        return await say(who, "reaches_nobody", left_out=reached.left_out)
    await say(who, "announcement_preview", words=words, author=who)
    apps = {"apps": await look(Apps(who.id, words, reached.people))} if shows_apps else {}
    answer = await choose(
        who,
        "send_it",
        ("send", "rewrite", "no"),
        within=days(1),
        count=len(reached.people),
        left_out=reached.left_out,
        **apps,
    )
    match answer:
        case "send":
            await watch(who, await do(Announce(who.id, words, reached.people)))
        case "rewrite":
            await announce_to(who, choosing, shows_apps=shows_apps)
        case _:
            await say(who, "nothing_announced")


async def choose_audience(who: Who, choosing: Choosing) -> Audience | None:
    """A role, everyone, or chosen people."""
    among = await choose(who, "to_whom", AUDIENCES, within=days(1))
    if among is None:
        return None
    if among != "chosen":
        return Audience(who.id, among)
    people = await look(CohortPeople(who.id))
    if not people:
        return Audience(who.id, among)
    chosen = await choosing(who, people)
    if not chosen:
        return None
    return Audience(who.id, among, tuple(person.id for person in chosen))


async def choose_among_all(who: Who, people: tuple[Who, ...]) -> tuple[Who, ...]:
    """However many they are."""
    return await choose_some(who, "which_people", people, within=days(1)) or ()


async def watch(who: Who, announcement: int) -> None:
    """Tell how far it has got whenever asked, and stop it if told to."""
    progress = await look(HowFar(announcement))
    while progress.waiting:
        answer = await choose(
            who, "going_out", ("how_far", "stop_it"), within=days(2), progress=progress
        )
        if answer == "stop_it":
            return await stop_the_rest(who, announcement)
        progress = await look(HowFar(announcement))
        if answer is None:
            break
    await say(who, "all_gone_out", progress=progress)


async def stop_the_rest(who: Who, announcement: int) -> None:
    """Call back what has not gone out, and tell how many that was in time for."""
    called_back = await do(StopAnnouncement(announcement))
    progress = await look(HowFar(announcement))
    await say(who, "announcement_stopped", count=called_back, progress=progress)
