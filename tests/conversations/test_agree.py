"""Meeting each other and the agreement, read aloud: nothing counts before both agree."""

from __future__ import annotations

import pytest

from conversations.agree import (
    LINES,
    NOTHING,
    Introductions,
    Lines,
    MakeAgreement,
    StandingTerms,
    Terms,
)
from conversations.meetings import FreeTimes, Times
from conversations.talk import Who, days
from tests.conversations.stage import ANA, APRIL, BEN, MARCH, PAIR, Stage

MONTHLY = ("30", "video", "everything", "ask", "last_meeting")
SIX_WEEKS = ("42", "both", "themes", "busy", "open")


def agreeing(standing: Terms = NOTHING) -> Stage:
    """Ask the mentee how often they would like to meet."""
    times = Times((MARCH, APRIL), beyond_hours=False)
    talk = Stage("agree", {StandingTerms: standing, FreeTimes: times}, pair=PAIR)
    talk.asks(ANA, "rhythm", LINES["rhythm"], within=days(5), partner=BEN)
    return talk


def tap_through(talk: Stage, who: Who, taps: tuple[str, ...]) -> None:
    """Answer the five questions of one side, or only the first few; an empty tap skips one."""
    for line, tap in zip(LINES, taps, strict=False):
        talk.asks(who, line)
        talk.presses(who, tap) if tap else talk.skips(who)


def proposed() -> Stage:
    """Let Ana propose monthly terms, which Ben reads."""
    talk = agreeing()
    tap_through(talk, ANA, MONTHLY)
    talk.says(ANA, "terms_passed_on", partner=BEN, skipped=False)
    talk.asks(
        BEN,
        "these_terms",
        ("yes", "change"),
        within=days(7),
        partner=ANA,
        terms=Terms(*MONTHLY),
    )
    return talk


def changed() -> Stage:
    """Let Ben suggest six weeks instead, which Ana reads."""
    talk = proposed()
    talk.presses(BEN, "change")
    tap_through(talk, BEN, SIX_WEEKS)
    talk.says(BEN, "terms_passed_on", partner=ANA)
    talk.asks(
        ANA, "these_terms", ("yes", "change"), within=days(7), partner=BEN, terms=Terms(*SIX_WEEKS)
    )
    return talk


def test_each_reads_the_lines_of_the_other() -> None:
    """Those that the other approved, and not their own."""
    lines = Lines(mentee="I run a small archive.", mentor="I like slow questions.")
    talk = Stage("introduce", {Introductions: lines}, pair=PAIR)
    talk.says(ANA, "meet_your_partner", partner=BEN, about="I like slow questions.")
    talk.says(BEN, "meet_your_partner", partner=ANA, about="I run a small archive.")
    talk.ends()


def test_a_pair_meets_without_lines() -> None:
    """Whoever wrote none is introduced by name."""
    talk = Stage("introduce", {Introductions: Lines("", "")}, pair=PAIR)
    talk.says(ANA, "meet_your_partner", partner=BEN, about="")
    talk.says(BEN, "meet_your_partner", partner=ANA, about="")
    talk.ends()


def test_six_taps_make_an_agreement() -> None:
    """Five by the mentee and a yes by the mentor; then the first dates are looked for."""
    talk = proposed()
    talk.presses(BEN, "yes")
    talk.does(MakeAgreement(PAIR.id, Terms(*MONTHLY)))
    talk.says((ANA, BEN), "agreed", terms=Terms(*MONTHLY))
    talk.asks(ANA, "which_times", (MARCH, APRIL), partner=BEN)
    talk.lapses()
    talk.ends()


def test_a_change_stands_once_the_other_agrees() -> None:
    """The mentor suggests in the same five taps, and it is the mentee's turn to say yes."""
    talk = changed()
    talk.presses(ANA, "yes")
    talk.does(MakeAgreement(PAIR.id, Terms(*SIX_WEEKS)))
    talk.says((ANA, BEN), "agreed", terms=Terms(*SIX_WEEKS))
    talk.asks(ANA, "which_times", (MARCH, APRIL), partner=BEN)
    talk.lapses()
    talk.ends()


def test_two_different_minds_are_a_first_conversation() -> None:
    """Nothing is kept, and the bot does not go on bargaining between them."""
    talk = changed()
    talk.presses(ANA, "change")
    talk.says((ANA, BEN), "talk_about_terms")
    talk.ends()


@pytest.mark.parametrize("taps", range(5))
def test_the_mentee_may_leave_it_at_any_tap(taps: int) -> None:
    """Half an agreement is none, and the mentor hears nothing of it."""
    talk = agreeing()
    tap_through(talk, ANA, MONTHLY[:taps])
    talk.lapses()
    talk.ends()


@pytest.mark.parametrize("taps", range(5))
def test_a_change_may_be_left_at_any_tap(taps: int) -> None:
    """What was wanted otherwise was not agreed to."""
    talk = proposed()
    talk.presses(BEN, "change")
    tap_through(talk, BEN, SIX_WEEKS[:taps])
    talk.lapses()
    talk.ends()


# What is skipped.


@pytest.mark.parametrize("place", range(5))
def test_a_skipped_term_is_left_open_and_the_next_is_asked(place: int) -> None:
    """Both read so among the others before anything counts, and once it does."""
    talk = agreeing()
    taps = tuple("" if n == place else tap for n, tap in enumerate(MONTHLY))
    tap_through(talk, ANA, taps)
    terms = Terms(*taps)
    talk.says(ANA, "terms_passed_on", partner=BEN, terms=terms, skipped=True)
    talk.asks(BEN, "these_terms", ("yes", "change"), partner=ANA, terms=terms)
    talk.presses(BEN, "yes")
    talk.does(MakeAgreement(PAIR.id, terms))
    talk.says((ANA, BEN), "agreed", terms=terms)
    talk.asks(ANA, "which_times", (MARCH, APRIL), partner=BEN)
    talk.lapses()
    talk.ends()


def test_a_term_agreed_on_before_stands_until_somebody_suggests_another() -> None:
    """Coming back to the agreement, they tap only what they would have otherwise."""
    talk = agreeing(Terms(*SIX_WEEKS))
    tap_through(talk, ANA, ("", "video", "", "", ""))
    terms = Terms("42", "video", "themes", "busy", "open")
    talk.says(ANA, "terms_passed_on", partner=BEN, terms=terms, skipped=True)
    talk.asks(BEN, "these_terms", partner=ANA, terms=terms, anew=False)


def test_what_a_change_leaves_out_stays_as_the_other_suggested_it() -> None:
    """Ben would have another rhythm and nothing else."""
    talk = proposed()
    talk.presses(BEN, "change")
    tap_through(talk, BEN, ("42", "", "", "", ""))
    terms = Terms("42", *MONTHLY[1:])
    talk.says(BEN, "terms_passed_on", partner=ANA, terms=terms, skipped=True)
    talk.asks(ANA, "these_terms", partner=BEN, terms=terms)
    talk.presses(ANA, "yes")
    talk.does(MakeAgreement(PAIR.id, terms))
    talk.says((ANA, BEN), "agreed", terms=terms)
    talk.asks(ANA, "which_times", partner=BEN)
    talk.lapses()
    talk.ends()


def test_whoever_skips_all_five_suggests_nothing() -> None:
    """The other is not asked about terms that nobody wished for."""
    talk = agreeing()
    tap_through(talk, ANA, ("",) * 5)
    talk.ends()


# Silence.


def test_silence_of_the_mentor_agrees_to_nothing() -> None:
    """Nor does it refuse anything."""
    talk = proposed()
    talk.lapses()
    talk.ends()


def test_silence_of_the_mentee_agrees_to_no_change() -> None:
    """Not even her own terms stand: the mentor did not want them."""
    talk = changed()
    talk.lapses()
    talk.ends()
