"""What a person can ask of the bot at any moment.

Help, meetings, what others see, who was told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from conversations.book_meetings import (
    ask_whether_to_drop,
    book_meetings,
    drop_meeting,
    drop_or_not,
    move_meeting,
)
from conversations.breaks import HasStopped
from conversations.confidence import Matter
from conversations.meetings import DropMeeting, Meeting, NextMeetings
from conversations.talk import Lookup, Pair, Who, before, choose, do, look, say


@dataclass(frozen=True, slots=True)
class OwnPairs(Lookup[tuple[Pair, ...]]):
    """The pairs that a person is one of."""

    person: int


@dataclass(frozen=True, slots=True)
class Watched:
    """How one pair stands, as their supervisor may know it."""

    names: str
    standing: str
    """well, quiet, amber, red, paused, ended or waiting."""
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WatchedPairs(Lookup[tuple[Watched, ...]]):
    """The pairs of a supervisor, those that need them first."""

    supervisor: int


@dataclass(frozen=True, slots=True)
class Sight:
    """What one named person can see of you."""

    name: str
    relation: str
    sees: tuple[Matter, ...]


@dataclass(frozen=True, slots=True)
class WhoSees(Lookup[tuple[Sight, ...]]):
    """Every named person who can see something of this person, and what.

    From the table that the code enforces.
    """

    person: int


@dataclass(frozen=True, slots=True)
class Sent:
    """Something that was sent about a pair."""

    to: str
    at: datetime | None
    """When it arrived; None while it is on its way."""
    rule: str


@dataclass(frozen=True, slots=True)
class EverSent(Lookup[tuple[Sent, ...]]):
    """Everything ever sent about this person's pairs, oldest first."""

    person: int


async def help_me(who: Who) -> None:
    """What can be asked of the bot, for their role."""
    await say(who, "help")


async def greet(who: Who) -> None:
    """A short menu, where what came was neither an answer nor a command."""
    await say(who, "short_menu")


async def attachment_came(who: Who) -> None:
    """A file, a picture or a voice message: nothing of it is kept."""
    await say(who, "not_kept")


async def show_meetings(who: Who) -> None:
    """The meetings ahead, each to be moved or called off alone; and more to be booked."""
    pairs = await look(OwnPairs(who.id))
    if not pairs:
        return await say(who, "not_in_a_pair")
    for pair in pairs:
        match await choose_meeting(who, pair):
            case Meeting() as meeting:
                if await look(HasStopped(pair.other(who).id)):
                    await call_off_alone(who, pair, meeting)
                else:
                    await change_meeting(who, pair, meeting)
            case "book":
                await book_with_partner(who, pair)


async def choose_meeting(who: Who, pair: Pair) -> Meeting | str | None:
    """Show what lies ahead of one pair; give the meeting that is chosen, or `book`."""
    ahead = await look(NextMeetings(pair.id))
    line = "your_meetings" if ahead else "no_meetings_ahead"
    offers = (*ahead, "book", "nothing")
    return await choose(who, line, offers, meetings=ahead, partner=pair.other(who))


async def call_off_alone(who: Who, pair: Pair, meeting: Meeting) -> None:
    """Call a meeting off whose other side has stopped: there is nobody to move it with."""
    change = choose(who, "change_meeting", ("drop", "nothing"), meeting=meeting)
    if await before(meeting.starts_at, change) != "drop":
        return
    really = choose(who, "really_drop", ("drop", "keep"), meeting=meeting)
    match await before(meeting.starts_at, really):
        case "keep":
            return await say(who, "stays_as_it_is", meeting=meeting)
        case None:
            return
    if await do(DropMeeting(meeting.id)) is None:
        return await say(who, "no_longer_stands", meeting=meeting)
    await say(
        who, "dropped_alone", meeting=meeting, partner=pair.other(who), calendar=(meeting.id,)
    )


async def change_meeting(who: Who, pair: Pair, meeting: Meeting) -> None:
    """Move one meeting, or call it off, as long as it lies ahead as it was shown."""
    if meeting not in await look(NextMeetings(pair.id)):
        return await say(who, "no_longer_stands", meeting=meeting)
    change = choose(who, "change_meeting", ("move", "drop", "nothing"), meeting=meeting)
    match await before(meeting.starts_at, change):
        case "move":
            await move_meeting(who, pair, meeting)
        case "drop":
            await drop_meeting(who, pair, meeting)


async def show_meetings_1(who: Who) -> None:
    """Show them as before anything was looked at once more, for talks that are under way."""
    pairs = await look(OwnPairs(who.id))
    if not pairs:
        return await say(who, "not_in_a_pair")
    for pair in pairs:
        match await choose_meeting(who, pair):
            case Meeting() as meeting:
                await change_meeting_1(who, pair, meeting)
            case "book":
                await book_meetings(Pair(pair.id, who, pair.other(who)))


async def change_meeting_1(who: Who, pair: Pair, meeting: Meeting) -> None:
    """Move one meeting, or call it off, whenever it was."""
    match await choose(who, "change_meeting", ("move", "drop", "nothing"), meeting=meeting):
        case "move":
            await move_meeting(who, pair, meeting)
        case "drop":
            answer = await ask_whether_to_drop(who, meeting)
            await drop_or_not(who, pair, meeting, answer)


async def book_more(who: Who) -> None:
    """Book the next meetings, led by whoever asks."""
    pairs = await look(OwnPairs(who.id))
    if not pairs:
        return await say(who, "not_in_a_pair")
    for pair in pairs:
        await book_with_partner(who, pair)


async def book_more_1(who: Who) -> None:
    """The same as before anybody looked whether the partner is there, for talks under way."""
    pairs = await look(OwnPairs(who.id))
    if not pairs:
        return await say(who, "not_in_a_pair")
    for pair in pairs:
        await book_meetings(Pair(pair.id, who, pair.other(who)))


async def book_with_partner(who: Who, pair: Pair) -> None:
    """Find dates with a partner, unless they have stopped: then nobody would answer."""
    partner = pair.other(who)
    if await look(HasStopped(partner.id)):
        return await say(who, "nobody_to_book_with", partner=partner)
    await book_meetings(Pair(pair.id, who, partner))


async def show_pairs(who: Who) -> None:
    """A supervisor's pairs, those that need them first, each with the reason."""
    pairs = await look(WatchedPairs(who.id))
    await say(who, "your_pairs" if pairs else "no_pairs_of_yours", pairs=pairs)


async def show_sight(who: Who) -> None:
    """What can they see? Answered by name."""
    await say(who, "what_they_see", sights=await look(WhoSees(who.id)))


async def show_sent(who: Who) -> None:
    """Everything that was ever sent about their pair, to whom and when."""
    sent = await look(EverSent(who.id))
    await say(who, "ever_sent" if sent else "never_sent", sent=sent)


async def show_privacy(who: Who) -> None:
    """What is kept, by whom, and what the platforms keep."""
    await say(who, "what_is_kept")
