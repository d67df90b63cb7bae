"""Our agreement, read aloud: it can be read again at any time, and changed where both like."""

from __future__ import annotations

import pytest

from conversations.agree import LINES, NOTHING, MakeAgreement, StandingTerms, Terms
from conversations.asking import OwnPairs
from conversations.breaks import HasStopped
from conversations.meetings import FreeTimes, Times
from conversations.talk import Pair, Who
from tests.conversations.stage import ANA, APRIL, BEN, EVE, PAIR, Found, Stage, in_turn

AGREED = Terms("30", "video", "everything", "ask", "last_meeting")


def reading(who: Who = ANA, found: Found | None = None) -> Stage:
    """Let somebody ask for what they agreed on."""
    times = Times((APRIL,), beyond_hours=False)
    known: Found = {OwnPairs: (PAIR,), StandingTerms: AGREED, FreeTimes: times}
    return Stage("show_agreement", {**known, **(found or {})}, who=who)


def tap_other_rhythm(talk: Stage, who: Who) -> None:
    """Choose another rhythm and skip all that may stay."""
    for line in LINES:
        talk.asks(who, line)
        talk.presses(who, "42") if line == "rhythm" else talk.skips(who)


@pytest.mark.parametrize(("who", "partner"), [(ANA, BEN), (BEN, ANA)])
def test_either_can_read_it_and_leave_it(who: Who, partner: Who) -> None:
    """Nobody else hears of that."""
    talk = reading(who)
    talk.asks(who, "your_agreement", ("change", "nothing"), partner=partner, terms=AGREED)
    talk.presses(who, "nothing")
    talk.ends()


@pytest.mark.parametrize(("who", "partner"), [(ANA, BEN), (BEN, ANA)])
def test_either_can_suggest_a_change_to_which_the_other_has_to_agree(
    who: Who, partner: Who
) -> None:
    """What is skipped stays as agreed; no dates are asked for, since those stand."""
    talk = reading(who)
    talk.presses(who, "change")
    tap_other_rhythm(talk, who)
    terms = Terms("42", "video", "everything", "ask", "last_meeting")
    talk.says(who, "terms_passed_on", partner=partner, terms=terms, skipped=True)
    talk.asks(partner, "these_terms", ("yes", "change"), partner=who, terms=terms, anew=True)
    talk.presses(partner, "yes")
    talk.does(MakeAgreement(PAIR.id, terms))
    talk.says((who, partner), "agreed", terms=terms)
    talk.ends()


def test_without_the_others_yes_what_was_agreed_stands() -> None:
    """Two minds are theirs to talk about."""
    talk = reading()
    talk.presses(ANA, "change")
    tap_other_rhythm(talk, ANA)
    talk.says(ANA, "terms_passed_on")
    talk.presses(BEN, "change")
    tap_other_rhythm(talk, BEN)
    talk.says(BEN, "terms_passed_on")
    talk.presses(ANA, "change")
    talk.says((ANA, BEN), "talk_about_terms", anew=True)
    talk.ends()


def test_a_pair_without_an_agreement_can_make_one() -> None:
    """As they would have at the beginning, dates and all."""
    talk = reading(found={StandingTerms: NOTHING})
    talk.asks(ANA, "no_agreement_yet", ("change", "nothing"), partner=BEN)
    talk.presses(ANA, "change")
    tap_other_rhythm(talk, ANA)
    terms = Terms("42", "", "", "", "")
    talk.says(ANA, "terms_passed_on", terms=terms)
    talk.asks(BEN, "these_terms", terms=terms, anew=False)
    talk.presses(BEN, "yes")
    talk.does(MakeAgreement(PAIR.id, terms))
    talk.says((ANA, BEN), "agreed", terms=terms)
    talk.asks(ANA, "which_times", (APRIL,), partner=BEN)
    talk.lapses()
    talk.ends()


def test_nobody_agrees_with_somebody_who_has_stopped() -> None:
    """It can be read all the same."""
    talk = reading(found={HasStopped: True})
    talk.presses(ANA, "change")
    talk.says(ANA, "nobody_to_agree_with", partner=BEN)
    talk.ends()


def test_each_agreement_of_a_mentor_of_two_is_shown() -> None:
    """One after the other, each with its partner."""
    pairs = (PAIR, Pair(8, EVE, BEN))
    talk = reading(BEN, {OwnPairs: pairs, StandingTerms: in_turn(AGREED, NOTHING)})
    talk.asks(BEN, "your_agreement", partner=ANA)
    talk.presses(BEN, "nothing")
    talk.asks(BEN, "no_agreement_yet", partner=EVE)
    talk.presses(BEN, "nothing")
    talk.ends()


def test_who_is_in_no_pair_has_agreed_on_nothing() -> None:
    """And is told so."""
    talk = reading(EVE, {OwnPairs: ()})
    talk.says(EVE, "not_in_a_pair")
    talk.ends()
