"""Round a meeting: what they would like from it, two reminders, and whether it took place."""

from __future__ import annotations

from dataclasses import dataclass

from conversations.book_meetings import move_meeting
from conversations.meetings import Meeting
from conversations.talk import Command, Lookup, Pair, Who, ask, choose, days, do, look, say, scale


@dataclass(frozen=True, slots=True)
class KeepHope(Command[None]):
    """Keep what somebody would like from a meeting.

    It is theirs, and their partner's only if `shared`.
    """

    meeting: int
    person: int
    words: str
    shared: bool


@dataclass(frozen=True, slots=True)
class KeptForMeeting(Lookup[tuple[str, ...]]):
    """What this person kept for their next meeting: their own questions and thoughts."""

    person: int
    pair: int


@dataclass(frozen=True, slots=True)
class GiveAccount(Command[bool]):
    """Keep what one side says of a meeting: held, missed or moved.

    Gives whether the two accounts differ.
    """

    meeting: int
    person: int
    said: str


@dataclass(frozen=True, slots=True)
class RateMeeting(Command[None]):
    """Keep how it was for them, 1 to 5; nobody else sees the number."""

    meeting: int
    person: int
    rating: int


@dataclass(frozen=True, slots=True)
class LetSupervisorKnow(Command[None]):
    """Their own yes to the supervisor hearing that it was not a good meeting; never the number."""

    meeting: int
    person: int


async def prepare_meeting(who: Who, pair: Pair, meeting: Meeting) -> None:
    """Three days before: what would you like from it? Shared only if they say so."""
    partner = pair.other(who)
    words = await ask(who, "what_would_you_like", within=days(2), meeting=meeting, partner=partner)
    if not words:
        return
    choice = await choose(who, "share_hope", ("share", "keep"), within=days(2), partner=partner)
    await do(KeepHope(meeting.id, who.id, words, shared=choice == "share"))
    if choice == "share":
        await say(partner, "partner_hopes", partner=who, meeting=meeting, words=words)
        await say(who, "hope_shared", partner=partner)
    elif choice:
        await say(who, "hope_kept")


async def remind_the_day_before(who: Who, pair: Pair, meeting: Meeting) -> None:
    """The day before, with what they kept for it."""
    kept = await look(KeptForMeeting(who.id, pair.id))
    await say(who, "day_before", meeting=meeting, partner=pair.other(who), kept=kept)


async def remind_the_hour_before(who: Who, pair: Pair, meeting: Meeting) -> None:
    """The hour before."""
    await say(who, "hour_before", meeting=meeting, partner=pair.other(who))


async def ask_how_it_went(who: Who, pair: Pair, meeting: Meeting) -> None:
    """Ask whether it took place.

    One tap; both are asked, either may say it moved, and accounts that differ accuse nobody.
    """
    partner = pair.other(who)
    said = await choose(
        who,
        "did_it_happen",
        ("held", "missed", "moved"),
        within=days(3),
        meeting=meeting,
        partner=partner,
    )
    if said is None:
        return
    differs = await do(GiveAccount(meeting.id, who.id, said))
    if differs and said != "moved":
        perhaps = await choose(who, "accounts_differ", ("moved", "leave"), meeting=meeting)
        if perhaps == "moved":
            await do(GiveAccount(meeting.id, who.id, "moved"))
            said = "moved"
    match said:
        case "held":
            await rate_meeting(who, meeting, partner)
        case "moved":
            if await choose(who, "find_a_new_time", ("yes", "done"), partner=partner) == "yes":
                await move_meeting(who, pair, meeting)
        case "missed":
            await say(who, "these_things_happen")


async def rate_meeting(who: Who, meeting: Meeting, partner: Who) -> None:
    """How it was, for themselves.

    After a low number they alone decide whether somebody hears of it.
    """
    rating = await scale(who, "how_was_it", partner=partner)
    if rating is None:
        return
    await do(RateMeeting(meeting.id, who.id, rating))
    if rating > 2:
        return await say(who, "rating_kept")
    match await choose(who, "shall_somebody_know", ("yes", "no")):
        case "yes":
            await do(LetSupervisorKnow(meeting.id, who.id))
            await say(who, "somebody_will_know")
        case "no":
            await say(who, "stays_with_you")
