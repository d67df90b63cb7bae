"""Booking.

One side picks times, the other settles them, and three meetings lie ahead after one exchange.
"""

from __future__ import annotations

from datetime import datetime

from conversations.breaks import PausedUntil
from conversations.meetings import (
    AnswerProposal,
    BookMeetings,
    DropMeeting,
    FreeTimes,
    Meeting,
    MoveMeeting,
    Propose,
    ReadMoment,
)
from conversations.talk import (
    Choose,
    Pair,
    Who,
    ask,
    before,
    choose,
    choose_some,
    days,
    do,
    look,
    say,
)


async def book_meetings(pair: Pair) -> None:
    """The mentee picks times, the mentor settles them."""
    await find_dates(pair, again=False)


async def ask_again_for_dates(pair: Pair) -> None:
    """The same in fewer words, where the first asking was left unanswered."""
    await find_dates(pair, again=True)


async def find_dates(pair: Pair, *, again: bool) -> None:
    """One side offers times, the other settles them.

    Where none suits, it is the other's turn to offer. `again` says that the first was asked before.
    """
    offering, settling = pair.leads, pair.follows
    for turn in range(3):
        if turn:
            await say(settling, "none_suited", partner=offering)
        offered = await offer_times(pair, offering, again=again and not turn)
        if not offered:
            return
        await say_who_is_asked(offering, settling, offered)
        agreed = await settle_times(pair, offering, settling, offered)
        if agreed is None:
            return
        if agreed:
            return await book(pair, agreed)
        offering, settling = settling, offering
    await say(pair.both, "talk_it_over")


async def offer_times(pair: Pair, who: Who, *, again: bool) -> tuple[datetime, ...]:
    """Let one side pick the times to offer; empty if they would rather not now."""
    partner = pair.other(who)
    for batch in range(4):
        found = await look(FreeTimes(pair.id, who.id, batch))
        if not found.times:
            return await type_times(who, "no_free_times", partner)
        line = "which_times" if batch == 0 else "which_of_these"
        picked = await choose_some(
            who, line, found.times, partner=partner, beyond=found.beyond_hours, again=again
        )
        if picked is None:
            return ()
        if picked:
            return picked
        match await choose(who, "none_of_these", ("others", "type_one", "not_now")):
            case "others":
                continue
            case "type_one":
                break
            case "not_now":
                await say(who, "another_time")
        return ()
    return await type_times(who, "type_a_time", partner)


async def type_times(who: Who, line: str, partner: Who) -> tuple[datetime, ...]:
    """Take a date and hour in their own words, read back before it counts."""
    while text := await ask(who, line, wants="moment", partner=partner):
        read = await look(ReadMoment(who.id, text))
        line = f"time_{read.reason}" if read.reason else "type_a_time"
        if read.at is None:
            continue
        match await choose(who, "read_back", ("yes", "no"), at=read.at):
            case "yes":
                return (read.at,)
            case None:
                return ()
    return ()


async def say_who_is_asked(
    who: Who, partner: Who, times: tuple[datetime, ...], moved: Meeting | None = None
) -> None:
    """Say that the other is asked next; in a pause, until when they are left in peace.

    A time that will have passed by then is nothing they could be asked about.
    """
    until = await look(PausedUntil(partner.id))
    in_time = until is None or any(at.date() > until for at in times)
    await say(
        who,
        "will_ask",
        partner=partner,
        times=times,
        until=until,
        in_time=in_time,
        moved=moved,
    )


async def settle_times(
    pair: Pair, offering: Who, settling: Who, offered: tuple[datetime, ...]
) -> tuple[datetime, ...] | None:
    """Let the other side settle which of the offered times stand.

    Empty if none suits, None if nothing came.
    """
    proposal = await do(Propose(pair.id, offering.id, settling.id))
    suit = choose_some(settling, "these_suit", offered, within=days(5), partner=offering)
    agreed = await before(max(offered), suit)
    if agreed is not None:
        await do(AnswerProposal(proposal))
    return agreed


async def book(pair: Pair, agreed: tuple[datetime, ...]) -> None:
    """Book what was agreed and tell both, with a file for their calendars."""
    booked = await do(BookMeetings(pair.id, agreed))
    if not booked:
        return await say(pair.both, "too_late_to_book")
    for who in pair.both:
        await say(who, "booked", partner=pair.other(who), meetings=booked, calendar=_ids(*booked))


async def move_meeting(who: Who, pair: Pair, meeting: Meeting) -> None:
    """One side offers another time for one meeting, the other settles it.

    The rest stay as they are.
    """
    partner = pair.other(who)
    offered = await offer_move(who, pair, meeting)
    if not offered:
        return
    await say_who_is_asked(who, partner, offered, moved=meeting)
    proposal = await do(Propose(pair.id, who.id, partner.id))
    suits = choose(partner, "move_suits", (*offered, "none"), partner=who, meeting=meeting)
    agreed = await before(max(offered), suits)
    if agreed is not None:
        await do(AnswerProposal(proposal))
    if not isinstance(agreed, datetime):
        return await say(who, "move_not_settled", partner=partner, meeting=meeting)
    await settle_move(pair, meeting, agreed)


async def offer_move(who: Who, pair: Pair, meeting: Meeting) -> tuple[datetime, ...]:
    """Let one side pick or type where a meeting could move; empty if they would rather not."""
    found = await look(FreeTimes(pair.id, who.id, instead_of=meeting.id))
    partner = pair.other(who)
    if not found.times:
        return await type_times(who, "no_free_times", partner)
    picked = await choose_some(
        who, "move_to", found.times, meeting=meeting, beyond=found.beyond_hours
    )
    return await type_times(who, "type_a_time", partner) if picked == () else picked or ()


async def settle_move(pair: Pair, meeting: Meeting, to: datetime) -> None:
    """Move it and tell both, or say to both that it could not be moved."""
    moved = await do(MoveMeeting(meeting.id, to))
    if moved is None:
        return await say(pair.both, "could_not_move", meeting=meeting)
    for who in pair.both:
        await say(
            who, "moved", partner=pair.other(who), was=meeting, meeting=moved, calendar=_ids(moved)
        )


async def drop_meeting(who: Who, pair: Pair, meeting: Meeting) -> None:
    """Call one meeting off after asking once, while it lies ahead, and tell both."""
    answer = await before(meeting.starts_at, ask_whether_to_drop(who, meeting))
    await drop_or_not(who, pair, meeting, answer)


def ask_whether_to_drop(who: Who, meeting: Meeting) -> Choose[str]:
    """Let them think once more; it could also be moved."""
    return choose(who, "really_drop", ("drop", "move", "keep"), meeting=meeting)


async def drop_or_not(who: Who, pair: Pair, meeting: Meeting, answer: str | None) -> None:
    """Do with a meeting as they answered."""
    match answer:
        case "move":
            return await move_meeting(who, pair, meeting)
        case "keep":
            return await say(who, "stays_as_it_is", meeting=meeting)
        case None:
            return
    if await do(DropMeeting(meeting.id)) is None:
        return await say(who, "no_longer_stands", meeting=meeting)
    partner = pair.other(who)
    await say(who, "dropped", meeting=meeting, partner=partner, calendar=_ids(meeting))
    await say(partner, "dropped_by_partner", meeting=meeting, partner=who, calendar=_ids(meeting))


def _ids(*meetings: Meeting) -> tuple[int, ...]:
    return tuple(meeting.id for meeting in meetings)
