"""What is typed finds the question that it was meant for, and nothing is put down in silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.cohort import CohortFile, PairRow
from bot.settings import Programme
from bot.store import tables
from bot.store.database import Store
from bot.telling import About, begin
from bot.turn import Setup
from conversations.stalling import Reason
from tests.world import COHORT, MONDAY, PEOPLE, World, somebody

GUS = somebody("Gus Neu", "mentee", "telegram", "Europe/Madrid")
BENS_OTHER = PairRow("p3", "mentoring", "gus", "ben", "cleo")
FILE: CohortFile = replace(COHORT, people=(*PEOPLE, GUS), pairs=(*COHORT.pairs, BENS_OTHER))
"""Ben has two partners, Ana and Gus; Cleo supervises them all."""


@pytest.fixture
def here(store: Store, setup: Setup) -> World:
    """Everybody is here; none of their questions is open any more, and nothing falls due."""
    quiet = Programme(weekly_budget=0)
    world = World(store, replace(setup, programme=quiet), FILE)
    world.join("Ana", "Ben", "Gus", "Cleo", "Eve", "Fay")
    with world.store.transaction() as session:
        for pair in session.query(tables.Pair):
            pair.due_at = None
    return world


def push(world: World, name: str, *talks: str, partner: str = "", **values: Any) -> None:
    """Let the clock bring somebody these conversations, all at once."""
    pair = world.pair(partner).id if partner else None
    with world.turn() as turn:
        for talk in talks:
            subject = f"{partner}{world.now}"
            begin(turn, talk, About(world.ids[name], pair, subject=subject, values=values))
    world.settle()


def ping(world: World, partner: str, rule: str, names: str) -> int:
    """Tell Cleo of a pair, and give the ping's number."""
    pair = world.pair(partner).id
    with world.store.transaction() as session:
        row = tables.Ping(
            pair_id=pair, rule=rule, since=world.now, shown_at=world.now, sent_at=world.now
        )
        session.add(row)
        session.flush()
        number = row.id
    reason = Reason(rule, date(2026, 3, 2), 28, names, "tried_nothing", help_asked=False)
    push(world, "Cleo", "ping_supervisor", partner=partner, reason=reason, ping=number)
    return number


def answers(world: World) -> dict[int, str | None]:
    """Give what was answered to each ping."""
    return {row.id: row.answer for row in world.rows(tables.Ping)}


def goals(world: World) -> list[str]:
    """Give all goals as they are worded."""
    return [row.words for row in world.rows(tables.Goal)]


def kept(world: World) -> list[str | None]:
    """Give the words of all reflections."""
    return [row.words for row in world.rows(tables.Reflection)]


def reply_to(world: World, name: str, line: str, text: str) -> None:
    """Type something in reply to the message that said a line."""
    row = world.messages(name, tables.Message.line == line)[-1]
    world.arrive(name, "typed", text=text, to=row.reference)


# What is no answer


def test_what_is_no_answer_brings_the_question_again(here: World) -> None:
    """Its buttons are far up by now; and there is a way to all else."""
    push(here, "Ana", "ask_how_to_go_on", partner="Ana")
    here.let_pass(days=1)
    for _ in range(2):
        said = len(here.got("Ana"))
        here.type("Ana", "the weather is fine today")
        assert here.got("Ana")[said:] == ["no_answer_to_this", "carry_on_or_end"]
    assert "help" in "".join(run.text for run in here.parts("Ana")[1].runs)
    here.press("Ana", "Pause")
    assert here.got("Ana")[-1] == "pause_for"


def test_of_several_the_newest_is_asked_again(here: World) -> None:
    """And of a message that was replied to, what that one asks."""
    push(here, "Ana", "ask_how_to_go_on", partner="Ana")
    here.let_pass(minutes=5)
    here.type("Ana", "settings")
    here.type("Ana", "the weather is fine today")
    assert here.got("Ana")[-1] == "your_settings"
    reply_to(here, "Ana", "carry_on_or_end", "the weather is fine today")
    assert here.got("Ana")[-1] == "carry_on_or_end"


def test_what_was_put_off_is_not_asked_again_today(here: World) -> None:
    """They said tomorrow."""
    push(here, "Ana", "ask_how_to_go_on", partner="Ana")
    here.type("Ana", "later")
    here.type("Ana", "the weather is fine today")
    assert here.got("Ana")[-1] == "short_menu"
    here.let_pass(days=1)
    assert here.got("Ana")[-1] == "carry_on_or_end"


# Commands, said politely


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("Stop, please", "really_stop"),
        ("ok, help please", "help"),
        ("pause until 3 June, thanks", "pause_until"),
    ],
)
def test_a_command_may_be_said_politely(here: World, typed: str, line: str) -> None:
    """Above all beside a question that would take it for somebody's goal."""
    push(here, "Ana", "set_goals", partner="Ana")
    here.type("Ana", typed)
    assert here.got("Ana")[-1] == line
    assert goals(here) == []


# Words that several questions would take


def test_words_for_two_nudges_of_one_message_are_asked_about(here: World) -> None:
    """Two questions came in one message, and nobody else can say which of them she answers."""
    push(here, "Ana", "set_goals", "reflect", partner="Ana")
    assert len(here.phone.received[-1].parts) == 2
    here.let_pass(minutes=3)
    here.type("Ana", "to listen more")
    assert here.got("Ana")[-1] == "which_question"
    assert goals(here) == []
    here.press("Ana", "Ben: What would you like to be…")
    assert goals(here) == ["to listen more"]
    assert kept(here) == [None]
    assert here.got("Ana")[-1] == "second_goal"


def test_words_in_reply_to_such_a_message_are_asked_about_too(here: World) -> None:
    """A reply names the message, and both questions stand in it."""
    push(here, "Ana", "set_goals", "reflect", partner="Ana")
    reply_to(here, "Ana", "first_goal", "to listen more")
    assert here.got("Ana")[-1] == "which_question"


def test_a_skip_for_two_questions_of_one_message_is_asked_about(here: World) -> None:
    """It is as easily lost as words."""
    push(here, "Ana", "set_goals", "reflect", partner="Ana")
    here.type("Ana", "skip")
    assert here.got("Ana")[-1] == "which_question"
    here.press("Ana", "Ben: What would you like to be…")
    here.type("Ana", "how quiet it was")
    assert here.got("Ana")[-1] == "keep_where"
    assert goals(here) == []


def test_words_in_several_messages_are_asked_about_together(here: World) -> None:
    """People write on before they look up; none of it is lost, and one tap is enough."""
    push(here, "Ana", "set_goals", "reflect", partner="Ana")
    here.receive(*here.typed("Ana", "to listen more", "and to ask less"))
    here.settle()
    here.type("Ana", "to sleep")
    here.press("Ana", "Ben: What would you like to be…")
    assert goals(here) == ["to listen more\nand to ask less\nto sleep"]


def test_words_meant_for_none_of_them_are_put_down_nowhere(here: World) -> None:
    """Both questions stay open."""
    push(here, "Ana", "set_goals", "reflect", partner="Ana")
    here.type("Ana", "the weather is fine today")
    here.press("Ana", "None of these")
    assert here.got("Ana")[-1] == "put_down_nowhere"
    assert goals(here) == []
    assert kept(here) == [None]


def test_a_question_answered_meanwhile_does_not_take_them(here: World) -> None:
    """She pressed its own button first, and then the one that would have chosen it."""
    push(here, "Ana", "set_goals", "reflect", partner="Ana")
    here.type("Ana", "to listen more")
    here.press("Ana", "Not now")
    here.press("Ana", "Ben: What would you like to be…")
    assert here.got("Ana")[-1] == "old_button"
    assert goals(here) == []


def test_what_was_just_asked_takes_the_words_before_what_is_old(here: World) -> None:
    """Somebody who answers within minutes has that question before their eyes."""
    push(here, "Ana", "set_goals", partner="Ana")
    here.let_pass(days=1)
    push(here, "Ana", "reflect", partner="Ana")
    here.let_pass(minutes=5)
    here.type("Ana", "to listen more")
    assert kept(here) == [None]
    assert here.got("Ana")[-1] == "keep_where"
    here.press("Ana", "To myself")
    assert kept(here) == ["to listen more"]


def test_two_questions_that_one_command_brought_are_told_apart(here: World) -> None:
    """Ben asks for a question and gets one for each of his pairs."""
    here.type("Ben", "reflect")
    here.type("Ben", "how quiet it was")
    assert here.got("Ben")[-1] == "which_question"
    here.type("Ben", "Gus")
    here.press("Ben", "To myself")
    (row,) = here.rows(tables.Reflection, tables.Reflection.words.is_not(None))
    assert row.pair_id == here.pair("Gus").id


# Words that come late


def test_words_that_come_late_are_said_to_have_been_taken(here: World) -> None:
    """Four days on they may have been meant for something else; she reads what they became."""
    push(here, "Ana", "set_goals", partner="Ana")
    here.let_pass(days=4)
    said = len(here.got("Ana"))
    here.type("Ana", "thanks, that was a good talk")
    assert goals(here) == ["thanks, that was a good talk"]
    assert here.got("Ana")[said : said + 2] == ["taken_as_answer", "second_goal"]
    (row,) = here.messages("Ana", tables.Message.line == "taken_as_answer")
    text = "".join(text for text, *_ in row.runs)
    assert "What would you like to be different by the end of these months?" in text


def test_words_that_come_soon_need_no_such_word(here: World) -> None:
    """She has the question before her eyes."""
    push(here, "Ana", "set_goals", partner="Ana")
    here.let_pass(minutes=50)
    here.type("Ana", "to listen more")
    assert "taken_as_answer" not in here.got("Ana")
    assert goals(here) == ["to listen more"]


def test_a_reply_to_an_old_question_needs_no_such_word(here: World) -> None:
    """They named it themselves."""
    push(here, "Ana", "set_goals", partner="Ana")
    here.let_pass(days=4)
    reply_to(here, "Ana", "first_goal", "to listen more")
    assert "taken_as_answer" not in here.got("Ana")
    assert goals(here) == ["to listen more"]


def test_a_choice_typed_late_is_named_where_another_was_open(here: World) -> None:
    """Where it was the only question there is nothing to be in doubt about."""
    push(here, "Ana", "ask_how_to_go_on", partner="Ana")
    here.let_pass(hours=2)
    here.type("Ana", "carry on")
    assert "taken_as_answer" not in here.got("Ana")
    push(here, "Ana", "set_goals", partner="Ana")
    here.let_pass(minutes=1)
    push(here, "Ana", "ask_less", partner="Ana")
    here.let_pass(hours=2)
    here.type("Ana", "less often")
    assert here.got("Ana")[-2:] == ["taken_as_answer", "less_often"]


# One button under two questions


def test_a_supervisor_is_asked_which_pair_is_meant(here: World) -> None:
    """A wrong `resolved` would silence a rule for a pair that still needs somebody."""
    first = ping(here, "Ana", "never_met", "Ana Ruiz & Ben Walsh")
    here.let_pass(days=1)
    second = ping(here, "Eve", "not_held", "Eve Nowak & Fay Silva")
    here.type("Cleo", "resolved")
    assert here.got("Cleo")[-1] == "which_question"
    assert answers(here) == {first: None, second: None}
    here.press("Cleo", "Ana Ruiz & Ben Walsh have no first…")
    assert answers(here) == {first: "resolved", second: None}
    here.type("Cleo", "not a problem")
    assert answers(here) == {first: "resolved", second: "not_a_problem"}


def test_a_supervisor_who_replies_to_a_ping_is_not_asked(here: World) -> None:
    """They have said which pair they mean."""
    first = ping(here, "Ana", "never_met", "Ana Ruiz & Ben Walsh")
    second = ping(here, "Eve", "not_held", "Eve Nowak & Fay Silva")
    reply_to(here, "Cleo", "never_met_supervisor", "resolved")
    assert answers(here) == {first: "resolved", second: None}


@pytest.mark.parametrize(
    "typed", ["I'll get in touch", "I have been in touch", "Not a problem", "Resolved"]
)
def test_what_a_supervisor_answered_is_said_with_the_pair(here: World, typed: str) -> None:
    """Whoever looks after several pairs reads which one they have just settled."""
    ping(here, "Ana", "never_met", "Ana Ruiz & Ben Walsh")
    here.type("Cleo", typed)
    assert "Ana Ruiz & Ben Walsh" in here.read("Cleo")


def met_both(world: World) -> None:
    """Let Ben have a meeting with each of his partners, of which he has not spoken."""
    pairs = [world.pair(partner).id for partner in ("Ana", "Gus")]
    with world.store.transaction() as session:
        for number, pair in enumerate(pairs, 1):
            meeting = tables.Meeting(
                pair_id=pair,
                starts_at=world.now - timedelta(hours=number),
                minutes=60,
                zone="Europe/Dublin",
                uid=f"{number}@test",
                sequence=0,
                booked_at=MONDAY,
            )
            session.add(meeting)
    for row in world.rows(tables.Meeting):
        with world.turn() as turn:
            begin(turn, "ask_how_it_went", About(world.ids["Ben"], row.pair_id, row.id))
    world.settle()


def accounts(world: World) -> list[tuple[int, str]]:
    """Give what was said of each meeting."""
    return [(row.meeting_id, row.said) for row in world.rows(tables.Account)]


@pytest.mark.parametrize("typed", ["we met", "yes", "1"])
def test_a_mentor_of_two_is_asked_which_of_them_he_met(here: World, typed: str) -> None:
    """The same question stands there twice; what he typed would do for both."""
    met_both(here)
    here.type("Ben", typed)
    assert here.got("Ben")[-1] == "which_question"
    assert accounts(here) == []
    here.type("Ben", "Ana")
    assert accounts(here) == [(1, "held")]


def test_numbers_of_dates_from_two_partners_are_asked_about(here: World) -> None:
    """The buttons differ, and `1` is the first of either list."""
    for partner in ("Ana", "Gus"):
        here.type(partner, "book")
        here.type(partner, "1, 4")
        here.let_pass(hours=2)
    assert here.got("Ben").count("these_suit") == 2
    here.type("Ben", "1, 2")
    assert here.got("Ben")[-1] == "which_question"
    assert here.rows(tables.Meeting) == []
    here.type("Ben", "Ana")
    assert {row.pair_id for row in here.rows(tables.Meeting)} == {here.pair("Ana").id}


def test_what_fits_only_one_of_two_questions_is_asked_about_no_further(here: World) -> None:
    """`1` is a number of every question; a label is one question's own."""
    met_both(here)
    here.press("Ben", "It didn't happen")
    push(here, "Ben", "ask_how_to_go_on", partner="Ana")
    here.type("Ben", "we met")
    assert len(accounts(here)) == 2


def test_how_it_was_names_the_partner(here: World) -> None:
    """Two such questions in a row would read the same."""
    met_both(here)
    here.press("Ben", "We met")
    first = here.read("Ben")
    here.let_pass(minutes=1)
    with_gus = here.messages("Ben", tables.Message.line == "did_it_happen")[0]
    here.press_data("Ben", f"{with_gus.conversation_id}.{with_gus.step}.held")
    assert here.got("Ben").count("how_was_it") == 2
    assert here.read("Ben") != first
    here.type("Ben", "4")
    assert here.got("Ben")[-1] == "rating_kept"
