"""Quiet spells, read aloud: the pair first, then the very words, then the supervisor; and help."""

from __future__ import annotations

import pytest

from conversations.breaks import Pause, ReadDay, TypedDay
from conversations.meetings import FreeTimes, Propose, Times
from conversations.stalling import (
    AnswerPing,
    AskForHelp,
    GoOn,
    Helplines,
    MetAnyway,
    Reason,
    TellNow,
    Words,
)
from conversations.talk import Who, days
from tests.conversations.spoken import TO_A_SUPERVISOR, TO_THE_PAIR
from tests.conversations.stage import ANA, APRIL, BEN, CLEO, MARCH, PAIR, Found, Stage

NUMBERS = ("Ring 0800 1111", "Dana, 020 7946 0000")
KNOWN: Found = {
    FreeTimes: Times((APRIL,), beyond_hours=False),
    Helplines: NUMBERS,
    AskForHelp: True,
    ReadDay: TypedDay(APRIL.date(), ""),
    Pause: (BEN,),
    Propose: 31,
}


def why(rule: str) -> Reason:
    """Give a reason by that rule, since the meeting before the clocks changed."""
    return Reason(rule, MARCH.date(), 38, "Ana & Ben", "tried_a_word", help_asked=False)


def met(rule: str) -> tuple[str, ...]:
    """Give the button that is offered where the rule is about meetings that were not held."""
    return ("met",) if rule in TO_A_SUPERVISOR else ()


# The pair hears first.


def noticed(rule: str = "nothing_ahead", who: Who = ANA) -> Stage:
    """Say to one of the two that it has gone quiet."""
    reason = why(rule)
    talk = Stage("notice_quiet", KNOWN, who=who, pair=PAIR, reason=reason)
    offers = (*met(rule), "book", "pause", "help", "fine")
    talk.asks(who, f"{rule}_pair", offers, within=days(4), since=MARCH.date(), days=38)
    return talk


@pytest.mark.parametrize("rule", TO_THE_PAIR)
def test_all_is_well_is_enough(rule: str) -> None:
    """Each rule has its words, names itself and since when, and takes a no for an answer."""
    talk = noticed(rule)
    talk.presses(ANA, "fine")
    talk.says(ANA, "fine_then")
    talk.ends()


def test_a_quiet_spell_may_end_in_dates() -> None:
    """The booking that they know, led by her."""
    talk = noticed()
    talk.presses(ANA, "book")
    talk.asks(ANA, "which_times", (APRIL,), partner=BEN)
    talk.lapses()
    talk.ends()


def test_the_mentor_who_wants_dates_offers_them() -> None:
    """It was he who pressed the button; it would be odd to be told to wait for her."""
    talk = noticed(who=BEN)
    talk.presses(BEN, "book")
    talk.asks(BEN, "which_times", (APRIL,), partner=ANA)
    talk.presses(BEN, APRIL)
    talk.says(BEN, "will_ask", partner=ANA)


def test_a_quiet_spell_may_become_a_pause() -> None:
    """With a date and no reason."""
    talk = noticed()
    talk.presses(ANA, "pause")
    talk.asks(ANA, "pause_for")
    talk.lapses()
    talk.ends()


def test_a_quiet_spell_may_need_a_person() -> None:
    """The numbers come at once."""
    talk = noticed()
    talk.presses(ANA, "help")
    talk.says(ANA, "help_is_here", numbers=NUMBERS)
    talk.asks(ANA, "words_for_supervisor")
    talk.skips(ANA)
    talk.ends()


@pytest.mark.parametrize("rule", TO_A_SUPERVISOR)
def test_they_may_have_met_without_telling(rule: str) -> None:
    """Their word is taken for it."""
    talk = noticed(rule)
    talk.types(ANA, "we did meet")
    talk.does(MetAnyway(ANA.id, PAIR.id))
    talk.says(ANA, "good_to_know")
    talk.ends()


def test_silence_over_a_quiet_spell_is_left_alone() -> None:
    """Nobody is told by this talk that there was no answer."""
    talk = noticed()
    talk.lapses()
    talk.ends()


# Three days before: the very words.


def shown(rule: str = "never_met", who: Who = ANA) -> Stage:
    """Let one of the two read what would be sent."""
    reason = why(rule)
    talk = Stage("show_ping", KNOWN, who=who, pair=PAIR, reason=reason, ping=41)
    offers = (*met(rule), "book", "pause", "tell_them")
    words = Words(f"{rule}_supervisor", reason)
    talk.asks(who, "words_to_be_sent", offers, within=days(3), words=words, rule=rule)
    return talk


@pytest.mark.parametrize("rule", TO_A_SUPERVISOR)
def test_silence_over_the_words_sends_nothing_by_itself(rule: str) -> None:
    """Whether they are sent is for the rules to say, when the three days are over."""
    talk = shown(rule)
    talk.lapses()
    talk.ends()


def test_please_do_tell_them() -> None:
    """Some are glad of it, and need not wait."""
    talk = shown()
    talk.presses(ANA, "tell_them")
    talk.does(TellNow(41))
    talk.says(ANA, "told_now")
    talk.ends()


def test_booking_makes_the_words_needless() -> None:
    """Offered on the spot, led by whoever pressed it."""
    talk = shown(who=BEN)
    talk.presses(BEN, "book")
    talk.asks(BEN, "which_times", (APRIL,), partner=ANA)
    talk.lapses()
    talk.ends()


def test_a_pause_makes_the_words_needless() -> None:
    """The partner reads the date and nothing of the words."""
    talk = shown()
    talk.presses(ANA, "pause")
    talk.presses(ANA, "four_weeks")
    talk.does(Pause(ANA.id, APRIL.date()))
    talk.says(ANA, "paused", day=APRIL.date(), partners=(BEN,))
    talk.says(BEN, "partner_paused", partner=ANA, day=APRIL.date())
    talk.ends()


def test_having_met_makes_the_words_needless() -> None:
    """Before they are sent, not after."""
    talk = shown("not_held")
    talk.presses(ANA, "met")
    talk.does(MetAnyway(ANA.id, PAIR.id))
    talk.says(ANA, "good_to_know")
    talk.ends()


def test_what_was_not_sent_is_said() -> None:
    """To both, who have both read the words."""
    talk = Stage("say_withdrawn", pair=PAIR)
    talk.says((ANA, BEN), "nothing_was_sent")
    talk.ends()


# The supervisor.


def pinged(rule: str = "never_met") -> Stage:
    """Tell Cleo."""
    reason = why(rule)
    talk = Stage("ping_supervisor", who=CLEO, reason=reason, ping=41)
    talk.asks(
        CLEO,
        f"{rule}_supervisor",
        ("will", "have", "not_a_problem", "resolved"),
        within=days(14),
        pair="Ana & Ben",
        since=MARCH.date(),
        days=38,
        tried=Words("tried_a_word", reason),
        help_asked=False,
    )
    return talk


@pytest.mark.parametrize("answer", ["will", "have", "not_a_problem", "resolved"])
def test_the_supervisor_answers_with_a_tap(answer: str) -> None:
    """Each answer is kept and has its own line."""
    talk = pinged()
    talk.presses(CLEO, answer)
    talk.does(AnswerPing(41, answer))
    talk.says(CLEO, f"ping_{answer}", pair="Ana & Ben")
    talk.ends()


@pytest.mark.parametrize("rule", TO_A_SUPERVISOR)
def test_the_supervisor_may_say_nothing(rule: str) -> None:
    """Each rule has its words for them; silence is kept as no answer."""
    talk = pinged(rule)
    talk.lapses()
    talk.ends()


ALL_ANSWERS = ("will", "have", "resolved")
"""`Not a problem` is no answer to somebody who asked for a person."""


def passed_on() -> Stage:
    """Pass Ana's words on to Cleo."""
    talk = Stage("pass_on_help", who=CLEO, person=ANA, words="I feel lost here.", ping=42)
    talk.asks(
        CLEO,
        "help_asked_words",
        ALL_ANSWERS,
        within=days(2),
        person=ANA,
        words="I feel lost here.",
    )
    return talk


def answered(talk: Stage, answer: str) -> None:
    """Let Cleo tap one, which Ana reads."""
    talk.presses(CLEO, answer)
    talk.does(AnswerPing(42, answer))
    talk.says(ANA, f"help_answer_{answer}", supervisor=CLEO)


def test_who_asked_for_help_reads_what_has_become_of_it() -> None:
    """Each of the answers, as they come: it may take Cleo a week from the first to the last."""
    talk = passed_on()
    answered(talk, "will")
    talk.asks(CLEO, "help_after_will", ("have", "resolved"), person=ANA)
    answered(talk, "have")
    talk.asks(CLEO, "help_after_have", ("resolved",), person=ANA)
    answered(talk, "resolved")
    talk.says(CLEO, "ping_resolved")
    talk.ends()


def test_a_call_for_help_may_be_settled_at_once() -> None:
    """One tap, and nothing more is asked."""
    talk = passed_on()
    answered(talk, "resolved")
    talk.says(CLEO, "ping_resolved")
    talk.ends()


def test_a_call_for_help_that_is_not_answered_comes_once_more() -> None:
    """In the same words of Ana's; then it stays with Cleo for as long as anything does."""
    talk = passed_on()
    talk.lapses()
    talk.asks(
        CLEO,
        "help_still_waits",
        ALL_ANSWERS,
        within=days(60),
        person=ANA,
        words="I feel lost here.",
    )
    answered(talk, "have")
    talk.asks(CLEO, "help_after_have")
    talk.lapses()
    talk.ends()


def test_a_call_for_help_may_stay_unanswered() -> None:
    """Then no answer is kept, Ana is told of none, and the rule goes on speaking."""
    talk = passed_on()
    talk.lapses()
    talk.lapses()
    talk.ends()


def test_a_supervisor_who_passes_is_not_asked_once_more() -> None:
    """It was read, and no answer given."""
    talk = passed_on()
    talk.skips(CLEO)
    talk.ends()


# I need a person now.


def in_need(found: Found | None = None) -> Stage:
    """Let Ana ask for a person; the numbers come before any question."""
    talk = Stage("ask_for_help", {**KNOWN, **(found or {})}, who=ANA)
    talk.says(ANA, "help_is_here", numbers=(found or KNOWN).get(Helplines, NUMBERS))
    talk.asks(ANA, "words_for_supervisor")
    return talk


def worded(found: Found | None = None) -> Stage:
    """Let her choose words, and read them back."""
    talk = in_need(found)
    talk.types(ANA, "I feel lost here.")
    talk.asks(ANA, "send_these_words", ("send", "no"), words="I feel lost here.")
    return talk


def test_words_for_help_are_sent_by_their_own_yes() -> None:
    """As they were written."""
    talk = worded()
    talk.presses(ANA, "send")
    talk.does(AskForHelp(ANA.id, "I feel lost here."))
    talk.says(ANA, "help_is_told")
    talk.ends()


def test_without_a_supervisor_it_is_said_plainly() -> None:
    """Nobody in need is left to wait for an answer that cannot come."""
    talk = worded({AskForHelp: False})
    talk.presses(ANA, "send")
    talk.does(AskForHelp(ANA.id, "I feel lost here."))
    talk.says(ANA, "no_supervisor", numbers=NUMBERS)
    talk.ends()


def test_words_for_help_may_be_taken_back() -> None:
    """A no is confirmed, so that they can be sure."""
    talk = worded()
    talk.presses(ANA, "no")
    talk.says(ANA, "not_sent")
    talk.ends()


def test_silence_sends_no_words() -> None:
    """Only a yes does."""
    talk = worded()
    talk.lapses()
    talk.ends()


def test_numbers_come_without_any_words() -> None:
    """To ring somebody, nothing needs to be told here."""
    talk = in_need()
    talk.skips(ANA)
    talk.ends()


def test_a_programme_without_numbers_says_so() -> None:
    """And names whom to turn to."""
    talk = in_need({Helplines: ()})
    talk.lapses()
    talk.ends()


# After three rhythms.


def long_quiet(who: Who = ANA) -> Stage:
    """Ask one of the two how to go on."""
    talk = Stage("ask_how_to_go_on", KNOWN, who=who, pair=PAIR)
    talk.asks(
        who,
        "carry_on_or_end",
        ("carry_on", "pause", "end_well"),
        within=days(10),
        partner=PAIR.other(who),
    )
    return talk


@pytest.mark.parametrize("who", [ANA, BEN])
def test_carrying_on_begins_with_a_date(who: Who) -> None:
    """Led by the one who would like to."""
    talk = long_quiet(who)
    talk.presses(who, "carry_on")
    talk.does(GoOn(who.id, PAIR.id, "carry_on"))
    talk.asks(who, "which_times", (APRIL,), partner=PAIR.other(who))
    talk.lapses()
    talk.ends()


def test_ending_well_is_one_sides_wish() -> None:
    """The partner hears nothing of it in this talk; a pair ends by two."""
    talk = long_quiet()
    talk.presses(ANA, "end_well")
    talk.does(GoOn(ANA.id, PAIR.id, "end_well"))
    talk.says(ANA, "ending_noted")
    talk.ends()


def test_pausing_is_a_third_way() -> None:
    """Neither on nor over."""
    talk = long_quiet()
    talk.presses(ANA, "pause")
    talk.asks(ANA, "pause_for")


def test_silence_closes_nothing() -> None:
    """Nothing is ever closed automatically."""
    talk = long_quiet()
    talk.lapses()
    talk.ends()
