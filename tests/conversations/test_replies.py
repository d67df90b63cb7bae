"""Typed replies: a number, a label, its beginning, a word that passes, or words of their own."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conversations.plain import JSON
from conversations.replies import (
    Manner,
    OpenQuestion,
    fold,
    recognise,
    understand,
    without_courtesies,
    words_for,
)
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
    assert reads(replace(TIMES, behind_words=True, chosen=("4",)), text) == outcome


@pytest.mark.parametrize("question", [JOIN, SCALE])
@pytest.mark.parametrize("text", ["3", "yes"])
def test_a_number_or_a_beginning_beside_free_words_is_theirs(
    question: OpenQuestion, text: str
) -> None:
    """As before, for one choice and for a scale."""
    assert reads(replace(question, behind_words=True), text) is None


# A yes or a no, and courtesies.


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Yes please", "yes"),
        ("yes, thanks", "yes"),
        ("Yes, please!", "yes"),
        ("sure", "yes"),
        ("Sure, thank you.", "yes"),
        ("ok let's do it", "yes"),
        ("Ok, yes", "yes"),
        ("yeah, sure", "yes"),
        ("no thanks", "no"),
        ("No, thanks", "no"),
        ("nope", "no"),
        ("2 please", "no"),
    ],
)
def test_a_yes_or_a_no_is_understood_as_people_say_it(text: str, key: str) -> None:
    """Politeness does not cost them an answer."""
    assert reads(JOIN, text) == {"chosen": [key]}


@pytest.mark.parametrize(
    "text",
    [
        "ok",
        "thanks",
        "Thank you very much.",
        "no idea, maybe yes",
        "yes but not now",
        "yes no",
        "no problem",
        "sure about that?",
        "I am not sure",
        "please",
        ", thanks",
        "yesterday",
        "note",
    ],
)
def test_a_courtesy_alone_is_no_answer_nor_a_yes_in_a_sentence(text: str) -> None:
    """`ok` and `thanks` are often said of what was read before; nobody joins by them."""
    assert reads(JOIN, text) is None
    assert recognise(JOIN, text, PASSING) is None


@pytest.mark.parametrize(
    ("labels", "text", "place"),
    [
        (("We met", "It didn't happen", "We moved it"), "yes", 0),
        (("We met", "It didn't happen", "We moved it"), "no", 1),
        (("That suits me", "I'd change something"), "Yes, sure", 0),
        (("Delete it", "Keep it"), "no, thanks", 1),
        (("Find some dates", "Not now"), "no", 1),
        (("None, keep it", "Tue 5 May, 10:00"), "no", 0),
    ],
)
def test_a_yes_is_for_the_button_that_says_it(
    labels: tuple[str, ...], text: str, place: int
) -> None:
    """Whichever words are on it."""
    options = tuple((str(number), label) for number, label in enumerate(labels))
    question = OpenQuestion("choose", options, takes_words=False)
    assert reads(question, text) == {"chosen": [str(place)]}


@pytest.mark.parametrize("text", ["yes", "no"])
@pytest.mark.parametrize(
    "labels",
    [
        ("I'll get in touch", "I have been in touch", "Not a problem", "Resolved"),
        ("Help us find one", "It's settled"),
        ("I'm elsewhere", "Other quiet hours", "Leave it"),
        ("Yes, to Ben", "Yes, to Eve", "No, to Ben", "No, to Eve"),
    ],
)
def test_where_a_yes_could_mean_two_things_or_none_it_is_not_guessed(
    labels: tuple[str, ...], text: str
) -> None:
    """Least of all what silences a rule."""
    options = tuple((label, label) for label in labels)
    assert reads(OpenQuestion("choose", options, takes_words=False), text) is None


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("no", {"chosen": ["enough"]}),
        ("No, thanks.", {"chosen": ["enough"]}),
        ("That's it, thank you", {"chosen": ["enough"]}),
        ("skip, please", {"skipped": True}),
        ("later, thanks", {"later": True}),
        ("no more late evenings", None),
        ("yes", None),
        ("Thanks", None),
        ("that's it for my first goal", None),
        ("please and thank you", None),
    ],
)
def test_beside_free_words_a_no_is_one_only_on_its_own(text: str, outcome: JSON) -> None:
    """`Is there a second one?` may well be answered with it; a sentence stays a sentence."""
    assert reads(GOAL, text) == outcome


def test_no_thanks_passes_what_has_no_button_for_it() -> None:
    """Nobody's lines about themselves read `no thanks`."""
    assert reads(FREE, "No thanks") == {"skipped": True}
    assert reads(ANSWER, "no, thank you") == {"skipped": True}


COURTESIES = st.sampled_from(sorted(PASSING.polite))


@pytest.mark.parametrize("question", [JOIN, ANSWER, TIMES, SCALE, GOAL, HOPE])
@given(data=st.data(), before=st.none() | COURTESIES, after=st.none() | COURTESIES)
def test_courtesies_round_a_label_change_nothing(
    question: OpenQuestion, data: st.DataObject, before: str | None, after: str | None
) -> None:
    """Whatever stands on the button, and however kindly it is typed."""
    key, label = data.draw(st.sampled_from(question.options))
    text = ", ".join(each for each in (before, label, after) if each)
    assert reads(question, text) == {"chosen": [key]}


@given(st.text())
def test_taking_courtesies_away_leaves_something(text: str) -> None:
    """Of a courtesy alone nothing else would be left to read."""
    assert bool(without_courtesies(text, PASSING)) == bool(fold(text))


@given(
    words_typed=st.lists(
        st.sampled_from(("I", "yes", "no", "please", "not", "to", "sure", "that's"))
    )
)
def test_a_sentence_with_a_word_that_no_answer_has_is_never_one(words_typed: list[str]) -> None:
    """However many words of an answer stand round it."""
    for place in range(len(words_typed) + 1):
        text = " ".join([*words_typed[:place], "evenings", *words_typed[place:]])
        for question in (JOIN, ANSWER, TIMES, GOAL, FREE, HOPE):
            assert reads(question, text) is None
            assert recognise(question, text, PASSING) is None


# Part of a label.

WHERE = OpenQuestion(
    "choose",
    (("video", "By video call"), ("in_person", "In person"), ("both", "Sometimes each")),
    takes_words=False,
)
HOURS = OpenQuestion(
    "choose",
    (("usual", "From 19:00 to 8:00"), ("late", "From 22:00 to 8:00"), ("none", "At any hour")),
    takes_words=False,
)
MOVES = OpenQuestion(
    "choose",
    (("1", "Tue 10 March, 10:00"), ("2", "Wed 11 March, 10:00"), ("3", "Tue 7 April, 9:00")),
    takes_words=False,
)
PROBLEM = OpenQuestion(
    "choose", (("not_a_problem", "Not a problem"), ("resolved", "Resolved")), takes_words=False
)


@pytest.mark.parametrize(
    ("question", "text", "key"),
    [
        (WHERE, "video", "video"),
        (WHERE, "Video call, please", "video"),
        (WHERE, "person", "in_person"),
        (HOURS, "22:00 to 8:00", "late"),
        (MOVES, "10 March", "1"),
        (MOVES, "Tue 10:00", "1"),
        (MOVES, "april", "3"),
        (PROBLEM, "not problem", "not_a_problem"),
        (HOPE, "to myself", "keep"),
    ],
)
def test_words_that_one_label_alone_holds_are_recognised(
    question: OpenQuestion, text: str, key: str
) -> None:
    """Nobody types a whole label."""
    assert reads(question, text) is None
    assert recognise(question, text, PASSING) == {"chosen": [key]}


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (WHERE, "by"),
        (WHERE, "video is fine"),
        (WHERE, "not video"),
        (WHERE, "videos"),
        (HOURS, "hours"),
        (HOURS, "8:00"),
        (MOVES, "10:00"),
        (MOVES, "wed 10"),
        (MOVES, "March"),
        (PROBLEM, "a problem"),
        (PROBLEM, "problem"),
        (SCALE, "3 of 5"),
        (TIMES, "april"),
        (GOAL, "that's"),
        (FREE, "video"),
        (replace(WHERE, behind_words=True), "video"),
    ],
)
def test_what_several_labels_hold_or_one_denies_is_not(question: OpenQuestion, text: str) -> None:
    """`a problem` is the very opposite of `Not a problem`."""
    assert recognise(question, text, PASSING) is None


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
