"""Reflecting, read aloud: one question, private unless they choose otherwise, and it may go by."""

from __future__ import annotations

import pytest

from conversations.reflect import KeepReflection, NextQuestion, Offered, SayLanded
from conversations.talk import days
from tests.conversations.stage import ANA, PAIR, Stage

QUESTION = "What did you notice that you did not say?"


def reflecting() -> Stage:
    """Offer Ana a question."""
    talk = Stage("reflect", {NextQuestion: Offered(51, QUESTION)}, who=ANA, pair=PAIR)
    talk.does(NextQuestion(ANA.id, PAIR.id))
    talk.asks(
        ANA, "reflection", ("thought", "for_meeting", "skip"), within=days(6), question=QUESTION
    )
    return talk


def writing() -> Stage:
    """Let Ana write, and ask her for whom it is."""
    talk = reflecting()
    talk.types(ANA, "That I was tired.")
    talk.asks(ANA, "keep_where", ("to_myself", "for_our_meeting"))
    return talk


def landing(talk: Stage) -> None:
    """Let Ana say that the question suited her."""
    talk.asks(ANA, "did_it_land", ("landed", "not_for_me"))
    talk.presses(ANA, "landed")
    talk.does(SayLanded(51, landed=True))
    talk.says(ANA, "thanks_for_saying")
    talk.ends()


@pytest.mark.parametrize("kept", ["to_myself", "for_our_meeting"])
def test_words_are_kept_for_whom_they_choose(kept: str) -> None:
    """Only the second comes back on the day before the meeting, to them alone."""
    talk = writing()
    talk.presses(ANA, kept)
    talk.does(KeepReflection(51, kept, "That I was tired."))
    landing(talk)


def test_skipping_for_whom_keeps_words_to_themselves_and_goes_on() -> None:
    """They are here; whether the question suited them can still be asked."""
    talk = writing()
    talk.skips(ANA)
    talk.does(KeepReflection(51, "to_myself", "That I was tired."))
    landing(talk)


def test_silence_keeps_words_to_themselves() -> None:
    """What was written is not lost, and is nobody else's."""
    talk = writing()
    talk.lapses()
    talk.does(KeepReflection(51, "to_myself", "That I was tired."))
    talk.ends()


def test_a_thought_needs_no_words() -> None:
    """Having thought about it is enough."""
    talk = reflecting()
    talk.presses(ANA, "thought")
    talk.does(KeepReflection(51, "to_myself"))
    landing(talk)


def test_a_question_can_be_kept_for_the_meeting() -> None:
    """Without an answer: it is the question that they bring."""
    talk = reflecting()
    talk.presses(ANA, "for_meeting")
    talk.does(KeepReflection(51, "for_our_meeting"))
    landing(talk)


def test_a_question_can_be_skipped() -> None:
    """Nothing more is asked, not even whether it suited."""
    talk = reflecting()
    talk.presses(ANA, "skip")
    talk.does(KeepReflection(51, "skipped"))
    talk.ends()


def test_a_question_can_be_passed_in_words() -> None:
    """Which are not taken for an answer."""
    talk = reflecting()
    talk.types(ANA, "pass")
    talk.does(KeepReflection(51, "skipped"))
    talk.ends()


def test_a_question_may_go_by() -> None:
    """Silence is a skip."""
    talk = reflecting()
    talk.lapses()
    talk.does(KeepReflection(51, "skipped"))
    talk.ends()


def test_a_question_that_was_not_for_them_says_so_to_the_bank() -> None:
    """Which is how the bank is rewritten from their own responses."""
    talk = reflecting()
    talk.presses(ANA, "thought")
    talk.does(KeepReflection(51, "to_myself"))
    talk.types(ANA, "not for me")
    talk.does(SayLanded(51, landed=False))
    talk.says(ANA, "thanks_for_saying")
    talk.ends()


def test_whether_it_landed_can_be_left() -> None:
    """No opinion is kept as none."""
    talk = reflecting()
    talk.presses(ANA, "thought")
    talk.does(KeepReflection(51, "to_myself"))
    talk.lapses()
    talk.ends()


def test_where_no_question_fits_none_is_asked() -> None:
    """Better no question than the wrong one."""
    talk = Stage("reflect", {NextQuestion: None}, who=ANA, pair=PAIR)
    talk.does(NextQuestion(ANA.id, PAIR.id))
    talk.ends()
