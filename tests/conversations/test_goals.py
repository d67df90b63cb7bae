"""Goals and check-ins, read aloud: their own words, theirs alone, and one tap each."""

from __future__ import annotations

import pytest

from conversations.goals import (
    TAPS,
    AddGoal,
    AddNote,
    CheckIn,
    CloseGoal,
    Goal,
    OpenGoals,
    RewordGoal,
)
from conversations.talk import days
from tests.conversations.stage import ANA, BEN, Stage

SPEAK = Goal(21, "To speak first in meetings", "")
LET_GO = Goal(22, "To leave at five on Fridays", "slow")
FOUR = (SPEAK, LET_GO, Goal(23, "To write", ""), Goal(24, "To rest", ""))


def setting(*have: Goal) -> Stage:
    """Ask Ana for goals, on top of those she has."""
    return Stage("set_goals", {OpenGoals: have}, who=ANA)


def showing(*have: Goal) -> Stage:
    """Show Ana her goals."""
    talk = Stage("show_goals", {OpenGoals: have}, who=ANA)
    if have:
        talk.says(ANA, "your_goals", goals=have)
    return talk


def changing() -> Stage:
    """Let Ana choose the second of two."""
    talk = showing(SPEAK, LET_GO)
    talk.asks(ANA, "which_goal", (SPEAK, LET_GO, "add", "nothing"))
    talk.presses(ANA, LET_GO)
    talk.asks(ANA, "change_goal", ("reword", "done", "let_go", "nothing"), goal=LET_GO)
    return talk


def checking(*have: Goal) -> Stage:
    """Ask Ana how her goals are going."""
    return Stage("check_in", {OpenGoals: have}, who=ANA)


# Setting goals.


def test_up_to_four_goals_are_taken_one_at_a_time() -> None:
    """After the fourth nothing more is asked."""
    talk = setting()
    for line, words in (
        ("first_goal", "To speak first"),
        ("second_goal", "To leave at five"),
        ("another_goal", "To write"),
        ("another_goal", "To rest"),
    ):
        talk.asks(ANA, line, ("enough",), within=days(5))
        talk.types(ANA, words)
        talk.does(AddGoal(ANA.id, words))
    talk.says(ANA, "goals_kept", count=4)
    talk.ends()


def test_one_goal_is_enough() -> None:
    """Most have two to four; nobody has to."""
    talk = setting()
    talk.types(ANA, "To speak first")
    talk.does(AddGoal(ANA.id, "To speak first"))
    talk.presses(ANA, "enough")
    talk.says(ANA, "goals_kept", count=1)
    talk.ends()


def test_no_goal_is_fine() -> None:
    """Nothing is kept, and nothing is said about it."""
    talk = setting()
    talk.presses(ANA, "enough")
    talk.ends()


def test_skipping_the_next_goal_is_enough_of_them() -> None:
    """As the button beside it is: what was written is kept, and they read so."""
    talk = setting()
    talk.types(ANA, "To speak first")
    talk.does(AddGoal(ANA.id, "To speak first"))
    talk.skips(ANA)
    talk.says(ANA, "goals_kept", count=1)
    talk.ends()


def test_silence_keeps_what_was_written() -> None:
    """The first goal stands; days later no line is pushed about it."""
    talk = setting()
    talk.types(ANA, "To speak first")
    talk.does(AddGoal(ANA.id, "To speak first"))
    talk.lapses()
    talk.ends()


def test_a_number_is_somebodys_goal() -> None:
    """`3` may be three meetings; where words are taken it is not the third button."""
    talk = setting()
    talk.types(ANA, "1")
    talk.does(AddGoal(ANA.id, "1"))


def test_a_goal_is_kept_in_the_words_that_were_typed() -> None:
    """Markup and all; it is quoted to its owner and to nobody else."""
    talk = setting()
    talk.types(ANA, "  <b>Bold</b> *steps* <!channel> ")
    talk.does(AddGoal(ANA.id, "<b>Bold</b> *steps* <!channel>"))


def test_goals_that_stand_are_counted_in() -> None:
    """Two stand, so the next is the third; there is room for one after it."""
    talk = setting(SPEAK, LET_GO)
    talk.asks(ANA, "another_goal")
    talk.types(ANA, "To write")
    talk.does(AddGoal(ANA.id, "To write"))
    talk.asks(ANA, "another_goal")
    talk.presses(ANA, "enough")
    talk.says(ANA, "goals_kept", count=3)
    talk.ends()


# Seeing and changing them.


def test_without_goals_one_can_be_added() -> None:
    """It is offered, not asked for."""
    talk = showing()
    talk.asks(ANA, "no_goals_yet", ("add", "nothing"))
    talk.presses(ANA, "add")
    talk.asks(ANA, "first_goal")
    talk.skips(ANA)
    talk.ends()


def test_without_goals_nothing_needs_to_be_done() -> None:
    """They help some people and not others."""
    talk = showing()
    talk.presses(ANA, "nothing")
    talk.ends()


def test_a_goal_may_change_shape() -> None:
    """It stays the same goal, in new words."""
    talk = changing()
    talk.presses(ANA, "reword")
    talk.asks(ANA, "new_words", goal=LET_GO)
    talk.types(ANA, "To leave at six")
    talk.does(RewordGoal(LET_GO.id, "To leave at six"))
    talk.says(ANA, "goal_reworded", words="To leave at six")
    talk.ends()


def test_new_words_can_be_left() -> None:
    """The old ones stand."""
    talk = changing()
    talk.presses(ANA, "reword")
    talk.skips(ANA)
    talk.ends()


@pytest.mark.parametrize("outcome", ["done", "let_go"])
def test_letting_go_is_as_respectable_as_done(outcome: str) -> None:
    """Either closes it, with a line of its own."""
    talk = changing()
    talk.presses(ANA, outcome)
    talk.does(CloseGoal(LET_GO.id, outcome))
    talk.says(ANA, f"goal_{outcome}", goal=LET_GO)
    talk.ends()


def test_a_goal_may_be_looked_at_and_left() -> None:
    """Seeing it is reason enough to open it."""
    talk = changing()
    talk.presses(ANA, "nothing")
    talk.ends()


def test_the_list_may_be_left() -> None:
    """A list is no question that has to be answered."""
    talk = showing(SPEAK, LET_GO)
    talk.lapses()
    talk.ends()


def test_another_goal_is_added_from_the_list() -> None:
    """It is the third."""
    talk = showing(SPEAK, LET_GO)
    talk.types(ANA, "add another")
    talk.asks(ANA, "another_goal")


def test_a_fifth_goal_is_not_offered() -> None:
    """A button that would do nothing is worse than none."""
    talk = showing(*FOUR)
    talk.asks(ANA, "which_goal", (*FOUR, "nothing"))


# The check-in.


def test_one_tap_a_goal_and_a_line_for_oneself() -> None:
    """Which of how many it is, is said with each."""
    talk = checking(SPEAK, LET_GO)
    talk.asks(ANA, "how_is_it_going", TAPS, within=days(4), goal=SPEAK, place=1, of=2)
    talk.presses(ANA, "moving")
    talk.does(CheckIn(SPEAK.id, "moving"))
    talk.asks(ANA, "how_is_it_going", TAPS, within=days(4), goal=LET_GO, place=2, of=2)
    talk.types(ANA, "1")
    talk.does(CheckIn(LET_GO.id, "stuck"))
    talk.asks(ANA, "one_line")
    talk.types(ANA, "Fridays are hard.")
    talk.does(AddNote(ANA.id, "Fridays are hard."))
    talk.says(ANA, "checked_in")
    talk.ends()


def test_the_line_can_be_skipped() -> None:
    """The taps are kept already."""
    talk = checking(SPEAK)
    talk.presses(ANA, "slow")
    talk.does(CheckIn(SPEAK.id, "slow"))
    talk.skips(ANA)
    talk.ends()


def test_a_goal_that_is_done_is_closed() -> None:
    """It is not asked about again."""
    talk = checking(SPEAK)
    talk.presses(ANA, "done")
    talk.does(CheckIn(SPEAK.id, "done"))
    talk.does(CloseGoal(SPEAK.id, "done"))
    talk.asks(ANA, "one_line")


def test_a_goal_that_has_changed_is_put_anew() -> None:
    """How it is now, in their words."""
    talk = checking(SPEAK)
    talk.presses(ANA, "changed")
    talk.does(CheckIn(SPEAK.id, "changed"))
    talk.asks(ANA, "new_words", goal=SPEAK)
    talk.types(ANA, "To speak, not to be first")
    talk.does(RewordGoal(SPEAK.id, "To speak, not to be first"))
    talk.asks(ANA, "one_line")


def test_skipping_one_goal_leads_to_the_next() -> None:
    """Nothing is kept of the first, and nothing is said about it."""
    talk = checking(SPEAK, LET_GO)
    talk.skips(ANA)
    talk.asks(ANA, "how_is_it_going", goal=LET_GO, place=2)
    talk.presses(ANA, "slow")
    talk.does(CheckIn(LET_GO.id, "slow"))
    talk.asks(ANA, "one_line")
    talk.skips(ANA)
    talk.ends()


def test_where_every_goal_was_skipped_no_line_is_asked_for() -> None:
    """There is nothing that it could go with."""
    talk = checking(SPEAK, LET_GO)
    talk.skips(ANA)
    talk.skips(ANA)
    talk.ends()


def test_skipping_new_words_leads_to_the_next_goal() -> None:
    """The tap is kept; the goal stays as it was worded."""
    talk = checking(SPEAK, LET_GO)
    talk.presses(ANA, "changed")
    talk.does(CheckIn(SPEAK.id, "changed"))
    talk.skips(ANA)
    talk.asks(ANA, "how_is_it_going", goal=LET_GO)


def test_silence_over_new_words_ends_the_check_in() -> None:
    """The tap is kept; the goal stays as it was worded."""
    talk = checking(SPEAK, LET_GO)
    talk.presses(ANA, "changed")
    talk.does(CheckIn(SPEAK.id, "changed"))
    talk.lapses()
    talk.ends()


def test_silence_over_a_goal_ends_the_check_in() -> None:
    """Whoever does not answer the first is not asked the second."""
    talk = checking(SPEAK, LET_GO)
    talk.lapses()
    talk.ends()


def test_without_goals_there_is_nothing_to_check() -> None:
    """Whoever asks for a check-in is told where to write one."""
    talk = Stage("check_in", {OpenGoals: ()}, who=BEN)
    talk.says(BEN, "nothing_to_check")
    talk.ends()
