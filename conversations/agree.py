"""The agreement, in six taps.

Rhythm, place, what stays between us, silence, the end, and the other's yes.
"""

from __future__ import annotations

from dataclasses import dataclass

from conversations.book_meetings import book_meetings
from conversations.talk import Command, Lookup, Pair, Who, choose, days, do, look, say

RHYTHMS = ("14", "21", "30", "42")
"""Days between meetings; up to 42."""
TERMS = {
    "place": ("video", "in_person", "both"),
    "between_us": ("everything", "themes", "ask_first"),
    "silence": ("busy", "ask", "worry"),
    "ending": ("last_meeting", "look_back", "open"),
}
"""Each line of the words with its choices, in the order of `Terms`."""


@dataclass(frozen=True, slots=True)
class Lines:
    """What each of a pair lets the other read before they meet; empty where they wrote nothing."""

    mentee: str
    mentor: str


@dataclass(frozen=True, slots=True)
class Introductions(Lookup[Lines]):
    """What the two wrote about themselves."""

    pair: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What a pair agreed, each the key of a choice."""

    rhythm: str
    place: str
    between_us: str
    silence: str
    ending: str


@dataclass(frozen=True, slots=True)
class MakeAgreement(Command[None]):
    """Keep what both said yes to; the stall thresholds follow its rhythm."""

    pair: int
    terms: Terms


async def introduce(pair: Pair) -> None:
    """Show each the lines that the other let them read."""
    lines = await look(Introductions(pair.id))
    await say(pair.mentee, "meet_your_partner", partner=pair.mentor, about=lines.mentor)
    await say(pair.mentor, "meet_your_partner", partner=pair.mentee, about=lines.mentee)


async def agree(pair: Pair) -> None:
    """The one who leads proposes; the other says yes, or proposes in turn.

    Nothing counts before both agree.
    """
    proposing, asked = pair.leads, pair.follows
    for _ in range(2):
        terms = await propose_terms(proposing, asked)
        if terms is None:
            return
        await say(proposing, "terms_passed_on", partner=asked)
        suits = choose(
            asked, "these_terms", ("yes", "change"), within=days(7), partner=proposing, terms=terms
        )
        match await suits:
            case "yes":
                return await settle_terms(pair, terms)
            case "change":
                proposing, asked = asked, proposing
            case None:
                return
    await say(pair.both, "talk_about_terms")


async def settle_terms(pair: Pair, terms: Terms) -> None:
    """Keep what both said yes to, and go on to the first dates while they are at it."""
    await do(MakeAgreement(pair.id, terms))
    await say(pair.both, "agreed", terms=terms)
    await book_meetings(pair)


async def propose_terms(who: Who, partner: Who) -> Terms | None:
    """Five taps by one side; None if they leave it for later."""
    rhythm = await choose(who, "rhythm", RHYTHMS, within=days(5), partner=partner)
    if rhythm is None:
        return None
    taps = []
    for line, among in TERMS.items():
        tap = await choose(who, line, among)
        if tap is None:
            return None
        taps.append(tap)
    return Terms(rhythm, *taps)
