"""The agreement, in six taps.

Rhythm, place, what stays between us, silence, the end, and the other's yes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from conversations.book_meetings import book_meetings
from conversations.talk import Choose, Command, Lookup, Pair, Who, choose, days, do, look, say

LINES = {
    "rhythm": ("14", "21", "30", "42"),
    "place": ("video", "in_person", "both"),
    "between_us": ("everything", "themes", "ask_first"),
    "silence": ("busy", "ask", "worry"),
    "ending": ("last_meeting", "look_back", "open"),
}
"""Each line of the words with its choices, in the order of `Terms`; the rhythm is in days."""
SKIPPED = "skip"


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
    """What a pair agreed, each the key of a choice; empty where it was left open.

    As a value of a line it stands there in words of its own.
    """

    rhythm: str
    place: str
    between_us: str
    silence: str
    ending: str


NOTHING = Terms("", "", "", "", "")
"""What a pair has agreed on that never did so."""


@dataclass(frozen=True, slots=True)
class StandingTerms(Lookup[Terms]):
    """What a pair has agreed on so far."""

    pair: int


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
    """Come to terms, and go on to the first dates while they are at it."""
    if await come_to_terms(pair, anew=False):
        await book_meetings(pair)


async def come_to_terms(pair: Pair, *, anew: bool) -> bool:
    """The one who leads proposes; the other says yes, or proposes in turn. Gives whether they did.

    Nothing counts before both agree. What one of them skips stays as it stood, or open; `anew` says
    that they have agreed before.
    """
    proposing, asked = pair.leads, pair.follows
    terms = await look(StandingTerms(pair.id))
    for _ in range(2):
        taps = await propose_terms(proposing, asked)
        if taps is None:
            return False
        terms = replace(terms, **taps)
        skipped = len(taps) < len(LINES)
        await say(proposing, "terms_passed_on", partner=asked, terms=terms, skipped=skipped)
        match await ask_whether_they_suit(asked, proposing, terms, anew=anew):
            case "yes":
                await settle_terms(pair, terms)
                return True
            case "change":
                proposing, asked = asked, proposing
            case None:
                return False
    await say(pair.both, "talk_about_terms", anew=anew)
    return False


async def propose_terms(who: Who, partner: Who) -> dict[str, str] | None:
    """Five taps by one side, each by its line; None if they leave all of it for later."""
    taps: dict[str, str] = {}
    for line, among in LINES.items():
        within = days(5 if line == "rhythm" else 3)
        tap = await choose(who, line, among, within=within, skipped=SKIPPED, partner=partner)
        if tap is None:
            return None
        if tap != SKIPPED:
            taps[line] = tap
    return taps or None


def ask_whether_they_suit(who: Who, partner: Who, terms: Terms, *, anew: bool) -> Choose[str]:
    """Let the other read all that was suggested, and say yes or suggest in turn."""
    among = ("yes", "change")
    return choose(
        who, "these_terms", among, within=days(7), partner=partner, terms=terms, anew=anew
    )


async def settle_terms(pair: Pair, terms: Terms) -> None:
    """Keep what both said yes to."""
    await do(MakeAgreement(pair.id, terms))
    await say(pair.both, "agreed", terms=terms)


async def agree_1(pair: Pair) -> None:
    """Agree as before a term could be skipped, for talks that are under way."""
    proposing, asked = pair.leads, pair.follows
    for _ in range(2):
        terms = await propose_all_terms(proposing, asked)
        if terms is None:
            return
        await say(proposing, "terms_passed_on", partner=asked, terms=terms, skipped=False)
        match await ask_whether_they_suit(asked, proposing, terms, anew=False):
            case "yes":
                await settle_terms(pair, terms)
                return await book_meetings(pair)
            case "change":
                proposing, asked = asked, proposing
            case None:
                return
    await say(pair.both, "talk_about_terms", anew=False)


async def propose_all_terms(who: Who, partner: Who) -> Terms | None:
    """Five taps by one side; None if one of them is left out."""
    taps = []
    for line, among in LINES.items():
        within = days(5 if line == "rhythm" else 3)
        tap = await choose(who, line, among, within=within, partner=partner)
        if tap is None:
            return None
        taps.append(tap)
    return Terms(*taps)
