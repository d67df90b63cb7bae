"""When a pair goes quiet.

The pair hears first, then reads the words that would be sent, then the supervisor is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from conversations.book_meetings import book_meetings
from conversations.breaks import pause
from conversations.talk import Command, Lookup, Pair, Who, ask, choose, days, do, look, say


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the bot speaks of a pair: which rule and since when, and nothing that anyone wrote."""

    rule: str
    """Its words are a line `<rule>_pair` if it nudges, and `<rule>_supervisor` if it pings."""
    since: date
    """A day of the one who leads: the same in everybody's words, wherever they read them."""
    days: int
    """The rule's own figure, which does not grow while words wait to be sent."""
    pair: str
    """Both names."""
    tried: str
    """The name of the line that says what was tried."""
    help_asked: bool


@dataclass(frozen=True, slots=True)
class Words:
    """Another line's words as a value within a line: the very words that somebody else reads."""

    line: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class MetAnyway(Command[None]):
    """They met and the bot was not told: keep it as held."""

    person: int
    pair: int


@dataclass(frozen=True, slots=True)
class TellNow(Command[None]):
    """They asked for the ping to go out now."""

    ping: int


@dataclass(frozen=True, slots=True)
class AnswerPing(Command[None]):
    """What the supervisor answered: will, have, not_a_problem or resolved."""

    ping: int
    answer: str


@dataclass(frozen=True, slots=True)
class AskForHelp(Command[bool]):
    """Pass on to the supervisor, at once, the words that a person chose.

    Gives whether there was one whom they could reach; where not, nothing was sent.
    """

    person: int
    words: str


@dataclass(frozen=True, slots=True)
class Helplines(Lookup[tuple[str, ...]]):
    """The numbers that the programme has filled in."""

    person: int


@dataclass(frozen=True, slots=True)
class GoOn(Command[None]):
    """Keep how one of them would like to go on: carry_on or end_well."""

    person: int
    pair: int
    how: str


async def notice_quiet(who: Who, pair: Pair, reason: Reason) -> None:
    """Say to one of the pair that it has gone quiet, which rule says so, and offer what helps."""
    offers = (*_met(reason), "book", "pause", "help", "fine")
    line = f"{reason.rule}_pair"
    match await choose(who, line, offers, within=days(4), **_said(reason)):
        case "met":
            await we_met(who, pair)
        case "book":
            await book_meetings(pair if who.id == pair.leads.id else _led_by(who, pair))
        case "pause":
            await pause(who)
        case "help":
            await ask_for_help(who)
        case "fine":
            await say(who, "fine_then")


async def show_ping(
    who: Who, pair: Pair, reason: Reason, ping: int, translated_to: str = ""
) -> None:
    """Three days before.

    The very words the supervisor would read, and what would make them needless. If the supervisor
    reads another language, `translated_to` names it as this person would.
    """
    words = Words(f"{reason.rule}_supervisor", reason)
    offers = (*_met(reason), "book", "pause", "tell_them")
    values = {"words": words, "rule": reason.rule, "translated_to": translated_to}
    match await choose(who, "words_to_be_sent", offers, within=days(3), **values):
        case "met":
            await we_met(who, pair)
        case "book":
            await book_meetings(pair if who.id == pair.leads.id else _led_by(who, pair))
        case "pause":
            await pause(who)
        case "tell_them":
            await do(TellNow(ping))
            await say(who, "told_now")


async def we_met(who: Who, pair: Pair) -> None:
    """Take their word for it that the two met."""
    await do(MetAnyway(who.id, pair.id))
    await say(who, "good_to_know")


async def say_withdrawn(pair: Pair) -> None:
    """Tell both that nothing was sent after all."""
    await say(pair.both, "nothing_was_sent")


async def ping_supervisor(who: Who, reason: Reason, ping: int) -> None:
    """Tell the supervisor which pair, which rule, since when and what was tried; four answers."""
    line = f"{reason.rule}_supervisor"
    answer: str | None = await choose(
        who, line, ("will", "have", "not_a_problem", "resolved"), within=days(14), **_said(reason)
    )
    if answer:
        await do(AnswerPing(ping, answer))
        await say(who, f"ping_{answer}", pair=reason.pair)


async def ask_for_help(who: Who) -> None:
    """`I need a person now`.

    The numbers at once, then, if they like, words of theirs to their supervisor.
    """
    numbers = await look(Helplines(who.id))
    await say(who, "help_is_here", numbers=numbers)
    words = await ask(who, "words_for_supervisor")
    if not words:
        return
    match await choose(who, "send_these_words", ("send", "no"), words=words):
        case "no":
            return await say(who, "not_sent")
        case None:
            return
    if await do(AskForHelp(who.id, words)):
        return await say(who, "help_is_told")
    await say(who, "no_supervisor", numbers=numbers)


async def ask_how_to_go_on(who: Who, pair: Pair) -> None:
    """Ask each separately, after three rhythms without a meeting, how to go on.

    Nothing closes by itself.
    """
    match await choose(
        who,
        "carry_on_or_end",
        ("carry_on", "pause", "end_well"),
        within=days(10),
        partner=pair.other(who),
    ):
        case "carry_on":
            await do(GoOn(who.id, pair.id, "carry_on"))
            await book_meetings(pair if who.id == pair.leads.id else _led_by(who, pair))
        case "pause":
            await pause(who)
        case "end_well":
            await do(GoOn(who.id, pair.id, "end_well"))
            await say(who, "ending_noted")
        case _:
            return


def _met(reason: Reason) -> tuple[str, ...]:
    """Offer `we did meet` where the rule is about meetings that were not held."""
    return ("met",) if reason.rule in ("not_held", "never_met") else ()


def _led_by(who: Who, pair: Pair) -> Pair:
    """The same pair with the other side taking the lead, since it is they who pressed `book`."""
    return Pair(pair.id, who, pair.other(who))


def _said(reason: Reason) -> dict[str, object]:
    return {
        "since": reason.since,
        "days": reason.days,
        "pair": reason.pair,
        "tried": Words(reason.tried, reason),
        "help_asked": reason.help_asked,
    }
