"""Which question was meant, read aloud: one tap, and only then is anything put down."""

from __future__ import annotations

import pytest

from conversations.ask_which import AnswerWith, Open
from tests.conversations.stage import BEN, CLEO, Stage

ANA = Open(11, 4, "Ana", "Did you and Ana meet on Tue 10 March, 09:00?")
EVE = Open(12, 4, "Eve", "And for you, how was it, from 1 (not much use) to 5 (very good)?")


def asked() -> Stage:
    """Ask Ben, who has two partners, which of them he means."""
    talk = Stage("ask_which", {AnswerWith: True}, who=BEN, typed="we met", among=(ANA, EVE))
    talk.asks(BEN, "which_question", (ANA, EVE, "none"), among=(ANA, EVE))
    return talk


def test_a_tap_says_which_was_meant() -> None:
    """What he typed is taken for that one; its own conversation goes on with him."""
    talk = asked()
    talk.presses(BEN, EVE)
    talk.does(AnswerWith(BEN.id, 12, 4, "we met"))
    talk.ends()


@pytest.mark.parametrize("typed", ["Eve", "eve, please", "2"])
def test_the_partners_name_is_enough(typed: str) -> None:
    """Also where the question itself does not name them."""
    talk = asked()
    talk.types(BEN, typed)
    talk.does(AnswerWith(BEN.id, 12, 4, "we met"))
    talk.ends()


def test_it_may_have_been_meant_for_none_of_them() -> None:
    """Then nothing is put down, and it says so."""
    talk = asked()
    talk.presses(BEN, "none")
    talk.says(BEN, "put_down_nowhere")
    talk.ends()


def test_a_question_that_has_closed_meanwhile_takes_nothing() -> None:
    """He reads that nothing has changed."""
    among = (ANA, EVE)
    talk = Stage("ask_which", {AnswerWith: False}, who=CLEO, typed="resolved", among=among)
    talk.presses(CLEO, ANA)
    talk.does(AnswerWith(CLEO.id, 11, 4, "resolved"))
    talk.says(CLEO, "old_button")
    talk.ends()


def test_silence_puts_nothing_down() -> None:
    """Nobody is asked twice which question they meant."""
    talk = asked()
    talk.lapses()
    talk.ends()
