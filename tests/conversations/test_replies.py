"""Typed replies: a number, a label, its beginning, a word that passes, or words of their own."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conversations.plain import JSON
from conversations.replies import Manner, OpenQuestion, fold, understand, words_for
from tests.conversations.stage import words

PASSING = words().passing
"""The real words that pass."""

JOIN = OpenQuestion(
    "choose", (("yes", "Yes, I'd like to"), ("no", "No, thank you")), takes_words=False
)
ANSWER = OpenQuestion(
    "choose",
    (("will", "I'll get in touch"), ("have", "I have been in touch"), ("done", "Resolved")),
    takes_words=False,
)
TIMES = OpenQuestion(
    "choosesome",
    (
        ("1", "Tue 10 March, 10:00"),
        ("2", "Tue 7 April, 10:00"),
        ("3", "Tue 5 May, 10:00"),
        ("4", "Wed 6 May, 10:00"),
        ("5", "Thu 7 May, 10:00"),
    ),
    takes_words=False,
)
SCALE = OpenQuestion("scale", tuple((str(n), str(n)) for n in range(1, 6)), takes_words=False)
GOAL = OpenQuestion("ask", (("enough", "That's it"),), takes_words=True)
FREE = OpenQuestion("ask", (), takes_words=True)
HOPE = OpenQuestion(
    "choose", (("share", "Yes, pass it on"), ("keep", "Keep it to myself")), takes_words=False
)


def reads(question: OpenQuestion, text: str) -> JSON:
    """Give what a text is for a question that is open."""
    return understand(question, text, PASSING)


# One of several.


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("1", "yes"),
        ("2", "no"),
        (" 2. ", "no"),
        ("Yes, I'd like to", "yes"),
        ("yes, i'd  like TO!", "yes"),
        ("yes", "yes"),
        ("YES.", "yes"),
        ("No", "no"),
        ("no, thank", "no"),
    ],
)
def test_a_choice_answers_to_its_number_its_label_or_its_beginning(text: str, key: str) -> None:
    """Whatever is quickest to type."""
    assert reads(JOIN, text) == {"chosen": [key]}


@pytest.mark.parametrize(
    "text", ["y", "ye", "I'd", "like to", "0", "3", "", "...", "yes no", "1 2"]
)
def test_what_is_no_choice_is_not_guessed(text: str) -> None:
    """A beginning is whole words from the first; half of one is not."""
    assert reads(JOIN, text) is None


def test_a_beginning_that_two_labels_share_is_not_guessed() -> None:
    """`I` might be either; one word more tells them apart."""
    assert reads(ANSWER, "I") is None
    assert reads(ANSWER, "I have") == {"chosen": ["have"]}
    assert reads(ANSWER, "i'll") == {"chosen": ["will"]}


@pytest.mark.parametrize(
    "text", ["I\N{RIGHT SINGLE QUOTATION MARK}ll get in touch", "i\N{LEFT SINGLE QUOTATION MARK}ll"]
)
def test_a_phones_own_apostrophe_is_an_apostrophe(text: str) -> None:
    """Keyboards put in the curly one by themselves."""
    assert reads(ANSWER, text) == {"chosen": ["will"]}


def test_a_whole_label_wins_over_a_longer_one() -> None:
    """`Pause` and `Pause instead` stand side by side."""
    question = OpenQuestion("choose", (("a", "Pause instead"), ("b", "Pause")), takes_words=False)
    assert reads(question, "pause") == {"chosen": ["b"]}


def test_a_label_that_is_a_number_wins_over_a_place() -> None:
    """What stands on the button is what they mean."""
    question = OpenQuestion("choose", (("fortnight", "14"), ("month", "1")), takes_words=False)
    assert reads(question, "1") == {"chosen": ["month"]}
    assert reads(question, "2") == {"chosen": ["month"]}


def test_signs_in_a_text_are_only_signs() -> None:
    """Nothing that is typed is taken for a pattern."""
    assert reads(JOIN, "(yes") is None
    assert reads(JOIN, ".*") is None


# Several.


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("1, 3 and 5", ["1", "3", "5"]),
        ("1,3,5", ["1", "3", "5"]),
        ("1 3 5", ["1", "3", "5"]),
        ("1; 3 & 5.", ["1", "3", "5"]),
        ("1+3", ["1", "3"]),
        ("3 and 1", ["3", "1"]),
        ("2", ["2"]),
        ("2, 2 and 2", ["2"]),
        ("Tue 7 April, 10:00", ["2"]),
        ("none", []),
        ("None of these.", []),
    ],
)
def test_several_are_named_by_their_numbers(text: str, keys: list[str]) -> None:
    """One line may toggle many; a whole label names one; none is an answer too."""
    assert reads(TIMES, text) == {"chosen": keys}


@pytest.mark.parametrize("text", ["done", "Done.", "That's all"])
def test_typed_done_is_the_button_that_ends_choosing(text: str) -> None:
    """With what is on by then; by its own word, and by the label that it bears."""
    toggled = replace(TIMES, chosen=("2", "4"), ends=("That's all", "None suits"))
    assert reads(toggled, text) == {"chosen": ["2", "4"]}
    assert reads(replace(toggled, chosen=()), text) == {"chosen": []}
    assert reads(toggled, "none") == {"chosen": []}


def test_done_ends_nothing_but_choosing() -> None:
    """For one choice it is a label like any other, or nothing."""
    assert reads(JOIN, "done") is None


@pytest.mark.parametrize(
    "text", ["1, 6", "0", "1 or 2", "1-3", "all", "Tue", "10:00", "and", ", ,", ""]
)
def test_several_are_not_guessed(text: str) -> None:
    """One number that is not there spoils the line: better asked again than half understood."""
    assert reads(TIMES, text) is None


@given(
    st.lists(st.integers(1, 5), min_size=1), st.sampled_from([",", " ", ", ", " and ", " & ", ";"])
)
def test_any_line_of_numbers_is_understood(numbers: list[int], between: str) -> None:
    """Each once, in the order in which it was named."""
    keys = list(dict.fromkeys(map(str, numbers)))
    assert reads(TIMES, between.join(map(str, numbers))) == {"chosen": keys}


# A scale.


@pytest.mark.parametrize("number", range(1, 6))
def test_a_scale_is_answered_by_a_number(number: int) -> None:
    """Which is its label as well."""
    assert reads(SCALE, f" {number} ") == {"chosen": [str(number)]}


@pytest.mark.parametrize("text", ["0", "6", "-1", "4.5", "five", "4 of 5", "²"])
def test_a_number_off_the_scale_is_none(text: str) -> None:
    """Nothing is rounded."""
    assert reads(SCALE, text) is None


# Passing and putting off.


@pytest.mark.parametrize("question", [JOIN, TIMES, SCALE, GOAL, FREE])
@pytest.mark.parametrize("text", ["skip", "Skip.", "pass", "no answer"])
def test_every_question_can_be_skipped(question: OpenQuestion, text: str) -> None:
    """Even one that takes any words at all."""
    assert reads(question, text) == {"skipped": True}


@pytest.mark.parametrize("question", [JOIN, TIMES, SCALE, GOAL, FREE])
@pytest.mark.parametrize("text", ["later", "Later!", "ask me later"])
def test_every_question_can_be_put_off(question: OpenQuestion, text: str) -> None:
    """It is asked again tomorrow."""
    assert reads(question, text) == {"later": True}


def test_a_skip_button_is_pressed_by_its_word() -> None:
    """Where there is one, the conversation hears of the button."""
    question = OpenQuestion("ask", (("skip", "Skip"),), takes_words=True)
    assert reads(question, "skip") == {"chosen": ["skip"]}
    assert reads(question, "pass") == {"skipped": True}


def test_none_is_one_of_several_only() -> None:
    """For one choice it is a label like any other, or nothing."""
    assert reads(JOIN, "none") is None
    keep = OpenQuestion(
        "choose", (("none", "None, keep it"), ("1", "Tue 5 May")), takes_words=False
    )
    assert reads(keep, "none") == {"chosen": ["none"]}


def test_no_word_passes_in_two_ways() -> None:
    """Nor with one meaning today and another tomorrow."""
    assert not PASSING.skip & PASSING.later
    assert not PASSING.skip & PASSING.none
    assert not PASSING.later & PASSING.none


# Free words.


@pytest.mark.parametrize("text", ["1", "3", "10", "1."])
def test_numbers_into_free_words_stay_words(text: str) -> None:
    """`3` may be somebody's goal; the button beside has its label."""
    assert reads(GOAL, text) is None
    assert words_for(GOAL, text) == {"words": text}


def test_a_button_beside_free_words_answers_to_its_label() -> None:
    """`That's it` is no goal."""
    assert reads(GOAL, "that's it") == {"chosen": ["enough"]}


@pytest.mark.parametrize("text", ["To speak first", "I'd skip lunch later", "none"])
def test_anything_else_is_their_own_words(text: str) -> None:
    """A word that passes is one only on its own."""
    assert reads(GOAL, text) is None
    assert words_for(GOAL, f"  {text}\n") == {"words": text}


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_nothing_typed_is_no_answer(text: str) -> None:
    """Spaces are not words."""
    assert words_for(FREE, text) is None


@pytest.mark.parametrize("question", [JOIN, TIMES, SCALE])
def test_a_question_with_buttons_alone_takes_no_words(question: OpenQuestion) -> None:
    """What was typed may be a command, or meant for another question."""
    assert words_for(question, "To speak first") is None


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("Tue 7 April, 10:00", {"chosen": ["2"]}),
        ("tue 7 april, 10:00.", {"chosen": ["2"]}),
        ("done", {"chosen": ["4"]}),
        ("Tue 7 April", None),
        ("2", None),
        ("1, 3", None),
        ("none", None),
    ],
)
def test_beside_free_words_only_a_whole_label_is_meant(text: str, outcome: JSON) -> None:
    """Numbers, beginnings and `none` may be what they wanted to say."""
    assert reads(replace(TIMES, takes_words=True, chosen=("4",)), text) == outcome


@pytest.mark.parametrize("question", [JOIN, SCALE])
@pytest.mark.parametrize("text", ["3", "yes"])
def test_a_number_or_a_beginning_beside_free_words_is_theirs(
    question: OpenQuestion, text: str
) -> None:
    """As before, for one choice and for a scale."""
    assert reads(replace(question, takes_words=True), text) is None


# Over everything.


@pytest.mark.parametrize("manner", get_args(Manner))
@given(text=st.text())
def test_no_text_is_a_choice_that_was_not_offered(manner: Manner, text: str) -> None:
    """Whatever is typed: a known key, a pass, or nothing; and never an error."""
    question = OpenQuestion(manner, ANSWER.options, takes_words=manner == "ask")
    match reads(question, text):
        case {"chosen": list(keys)}:
            assert set(keys) <= {"will", "have", "done"}
        case outcome:
            assert outcome in (None, {"skipped": True}, {"later": True})


@given(st.text())
@example("none .")
def test_folding_twice_is_folding_once(text: str) -> None:
    """The words that pass are stored folded."""
    assert fold(fold(text)) == fold(text)
