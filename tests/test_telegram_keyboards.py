"""Keyboards as they are drawn, and how a question looks once it is closed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.markup import Run
from bot.platforms import Choice, Part
from bot.platforms.cutting import units
from bot.platforms.settled import Ends, How, ending, ends_from
from bot.platforms.telegram.keyboards import Button, keyboard
from bot.platforms.telegram.settled import settled
from bot.platforms.telegram.words import Entity, Text, cleaned, to_texts
from tests.test_words import SAID, WORDS, reader

ENDS = Ends("Done", "None of these")
ASKED = Text("Is it right?", (Entity("bold", 0, 2),))


def question(manner: str, labels: Sequence[str], keys: Sequence[str] = ()) -> Part:
    """Give a question with these labels; keys count from 1 where none are given."""
    named = zip(keys or map(str, range(1, len(labels) + 1)), labels, strict=True)
    choices = tuple(Choice(f"7.2.{key}", label) for key, label in named)
    return Part(1, "rhythm", (Run("?"),), manner, choices, ())


def drawn(manner: str, *labels: str, on: Sequence[str] = ()) -> list[list[str]]:
    """Give the labels of each row."""
    rows = keyboard(question(manner, labels), ENDS, on)
    return [[button.label for button in row] for row in rows]


# What a button carries


def test_a_button_carries_ids_and_no_words() -> None:
    """What stands on it is for the eye alone."""
    part = question("choose", ["Yes", "No"], ["yes", "no"])
    assert keyboard(part, ENDS) == [[Button("Yes", "7.2.yes"), Button("No", "7.2.no")]]


def test_data_that_does_not_fit_is_refused() -> None:
    """Telegram would refuse the whole message; bytes count, not characters."""
    fits = question("choose", ["a"], ["x" * 60])
    assert len(keyboard(fits, ENDS)[0][0].data.encode()) == 64
    with pytest.raises(ValueError, match="64 bytes"):
        keyboard(question("choose", ["a"], ["é" * 31]), ENDS)


@pytest.mark.parametrize("manner", ["say", "ask", "choose", "choosesome"])
def test_without_choices_there_is_no_keyboard(manner: str) -> None:
    """A line that is only said, or a question that only takes words."""
    assert drawn(manner) == []


# Rows


def test_a_scale_is_one_row() -> None:
    """From 1 to 5 as one reads it; a long one is two rows alike."""
    assert drawn("scale", *"12345") == [list("12345")]
    assert [len(row) for row in drawn("scale", *map(str, range(1, 11)))] == [5, 5]


@pytest.mark.parametrize(
    ("labels", "rows"),
    [
        (["Yes", "No"], [2]),
        (["Stop", "Pause instead", "Stay"], [2, 1]),
        (["Stuck", "Slow", "Moving", "Done", "Gone"], [3, 2]),
        (["Every two weeks", "Once a month"], [2]),
        (["Every two weeks", "Every three weeks", "Once a month"], [1, 1, 1]),
        (["Tue 3 March, 09:00", "Tue 3 March, 11:00"], [1, 1]),
        (["日本語の時間です", "いいえ"], [1, 1]),
        (["1", "2", "3", "4", "5", "6"], [3, 3]),
    ],
)
def test_short_labels_share_a_row(labels: list[str], rows: list[int]) -> None:
    """All in one question in rows alike; what would be cut on a phone has a row of its own."""
    assert [len(row) for row in drawn("choose", *labels)] == rows
    assert [label for row in drawn("ask", *labels) for label in row] == labels


@pytest.mark.parametrize("manner", ["choose", "choosesome"])
def test_no_more_buttons_than_telegram_takes(manner: str) -> None:
    """It would refuse the message; the rest answers to its number, typed."""
    rows = keyboard(question(manner, [f"Person {number}" for number in range(300)]), ENDS)
    assert sum(map(len, rows)) == 100
    assert manner == "choose" or rows[-1] == [Button("None of these", "7.2.done")]


# Toggles


def test_toggles_mark_what_is_on_and_end_in_a_row_of_their_own() -> None:
    """Done, or while nothing is on, that it is none of them."""
    assert drawn("choosesome", "Mon 09:00", "Tue 10:00", on=()) == [
        ["Mon 09:00", "Tue 10:00"],
        ["None of these"],
    ]
    part = question("choosesome", ["Mon 09:00", "Tue 10:00"])
    assert keyboard(part, ENDS, ["2"]) == [
        [Button("Mon 09:00", "7.2.1"), Button("✓ Tue 10:00", "7.2.2")],
        [Button("Done", "7.2.done")],
    ]


@given(st.lists(st.text(max_size=20), min_size=1, max_size=12), st.sets(st.integers(1, 12)))
def test_rows_do_not_move_while_toggling(labels: list[str], on: set[int]) -> None:
    """The thumb is on its way already."""
    off = keyboard(question("choosesome", labels), ENDS)
    some = keyboard(question("choosesome", labels), ENDS, {str(each) for each in on})
    assert [[each.data for each in row] for row in off] == [
        [each.data for each in row] for row in some
    ]


def test_the_words_name_the_last_button() -> None:
    """No sentence is ours."""
    assert ends_from(WORDS, reader()) == ENDS


# Labels


def test_a_long_label_is_cut_at_a_word() -> None:
    """An app would hide the end of it without a word."""
    goal = "Find the words for what I would like to ask of my board before the summer comes"
    assert drawn("choose", goal) == [
        ["Find the words for what I would like to ask of my board before…"]
    ]
    assert drawn("choose", "a" * 64) == [["a" * 64]]
    assert drawn("choose", "a" * 65) == [["a" * 63 + "…"]]


def test_a_label_is_one_line_of_something() -> None:
    """Telegram refuses an empty one; the number that answers stands in its place."""
    assert drawn("choose", "One\n  two\tthree four five") == [["One two three four five"]]
    assert drawn("choose", "A longer one for a row", " \u200b\n") == [
        ["A longer one for a row"],
        ["2"],
    ]


@given(st.sampled_from(["ask", "choose", "choosesome"]), st.lists(st.text(), max_size=12))
def test_any_label_makes_a_button_that_telegram_takes(manner: str, labels: list[str]) -> None:
    """People name their goals and themselves as they like."""
    rows = keyboard(question(manner, labels), ENDS, {"1"})
    assert [each.data for row in rows for each in row][: len(labels)] == [
        f"7.2.{place}" for place, _ in enumerate(labels, 1)
    ]
    for row in rows:
        assert 1 <= len(row) <= 8
        for button in row:
            assert to_texts([Run(button.label)]) == [Text(button.label)]
            assert len(button.label) <= 66


# Once it is closed


def closed(how: How, *labels: str, asked: Text = ASKED) -> Text:
    """Give a closed question's message."""
    return settled(asked, ending(WORDS, reader(), how, labels))


def test_what_was_chosen_stands_under_the_question() -> None:
    """In the words of the button, so that the choice can be read later."""
    assert closed("answered", "Once a month") == Text(
        "Is it right?\n\n✓ Once a month", (Entity("bold", 0, 2), Entity("bold", 16, 12))
    )


def test_several_that_were_chosen_stand_below_one_another() -> None:
    """Each on its line."""
    assert closed("answered", "Tue 3 March, 09:00", "Thu 5 March, 10:00").text.endswith(
        "\n\n✓ Tue 3 March, 09:00\n✓ Thu 5 March, 10:00"
    )


def test_none_chosen_is_what_the_last_button_said() -> None:
    """An answer too."""
    assert closed("answered").text.endswith("\n\n✓ None of these")


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("skipped", "Skipped."),
        ("lapsed", "This question is over."),
        ("overtaken", "No longer needed."),
    ],
)
def test_without_an_answer_it_says_why(how: How, said: str) -> None:
    """Calmly, and nobody is told that they were late."""
    assert closed(how).text == f"Is it right?\n\n{said}"


def test_a_long_answer_ends_before_the_message_is_too_long() -> None:
    """A label of somebody's own words may be of any length."""
    shown = closed("answered", "word " * 2000)
    assert units(shown.text) <= 4096
    assert shown.text.startswith("Is it right?\n\n✓ word word")
    assert shown.text.endswith("word …")


def test_a_long_question_makes_room_for_its_answer() -> None:
    """The choice is what will be looked up later."""
    [asked] = to_texts([Run("word " * 819, "strong")])
    shown = closed("answered", "Once a month", asked=asked)
    assert units(shown.text) <= 4096
    assert shown.text.endswith("word …\n\n✓ Once a month")
    assert shown.entities[-1] == Entity("bold", units(shown.text) - 12, 12)


@given(st.text(min_size=1), st.integers(1, 2000), st.text(), st.integers(1, 2000))
def test_whatever_is_asked_and_answered_makes_one_message(
    asked: str, times: int, label: str, again: int
) -> None:
    """Which Telegram takes as it stands."""
    texts = to_texts([Run(asked * times, "emphasis")])
    if not texts:
        return
    shown = closed("answered", label * again, asked=texts[-1])
    assert 1 <= units(shown.text) <= 4096
    assert cleaned(shown.text) == shown.text
    raw = shown.text.encode("utf-16-le")
    end = 0
    for each in shown.entities:
        assert each.offset >= end
        end = each.offset + each.length
        assert raw[2 * each.offset : 2 * end].decode("utf-16-le").strip(" \n")
    assert 2 * end <= len(raw)


def test_every_question_of_the_words_fits_a_phone() -> None:
    """No label that we wrote ourselves is cut."""
    for line in WORDS.lines.values():
        keys = [key for key in line.labels if key != "*"]
        labels = WORDS.render(line.name, SAID[line.name].values, reader(), keys).labels
        rows = keyboard(question("choose", labels, keys), ENDS)
        assert tuple(each.label for row in rows for each in row) == labels
