"""Messages as Slack draws them: what can be pressed, what is closed, and every limit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.markup import Run, plain
from bot.platforms import Choice, Part, Standing
from bot.platforms.slack.drawing import Drawn, draw
from bot.platforms.slack.elements import all_on, labels_of
from bot.platforms.slack.modals import LONGEST_ANSWER, modal_for
from bot.platforms.slack.words import Json, can_be_seen, cleaned, weight
from tests.any_text import ANY_TEXT, PLACES, said
from tests.test_words import SAID, WORDS, reader

TYPED = "<!channel> *b* :wave:"
LINE = {"type": "divider"}


def part(
    manner: str,
    *labels: str,
    text: str = "What suits?",
    keys: Sequence[str] = (),
    number: int = 7,
) -> Part:
    """Give a part with these labels; keys count from 1 where none are given."""
    named = zip(keys or map(str, range(1, len(labels) + 1)), labels, strict=True)
    choices = tuple(Choice(f"{number}.2.{key}", label) for key, label in named)
    question = "" if manner == "say" else f"{number}.2"
    return Part(number, "rhythm", (Run(text),), manner, choices, (), question)


def drawn(*parts: Part, on: Sequence[str] = (), how: str | None = None) -> Drawn:
    """Give the one message that parts make."""
    [made] = draw([(each, Standing(tuple(on), how)) for each in parts], WORDS)
    return made


def section(*texts: Json) -> Json:
    """Give a block of text elements."""
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": list(texts)}],
    }


def text(words: str, **style: bool) -> Json:
    """Give one text element."""
    return {"type": "text", "text": words, **({"style": style} if style else {})}


def words(label: str) -> Json:
    """Give a text object in which nothing acts."""
    return {"type": "plain_text", "text": label, "emoji": False}


def button(label: str, value: str, action: str) -> Json:
    """Give a button."""
    return {"type": "button", "text": words(label), "value": value, "action_id": action}


def pressed(made: Drawn) -> list[Json]:
    """Give all that can be pressed, in order."""
    rows = [block["elements"] for block in made.blocks if block["type"] == "actions"]
    return [element for row in rows for element in row]


def kinds(made: Drawn) -> list[str]:
    """Give what its blocks are."""
    return [block["type"] for block in made.blocks]


def numbered(place: int, label: str) -> str:
    """Give a label behind its number."""
    return f"{place}.\u00a0{label}"


def shown(made: Sequence[Drawn]) -> str:
    """Give all that the texts say."""
    return "".join(
        element["text"]
        for each in made
        for block in each.blocks
        if block["type"] == "rich_text"
        for element in block["elements"][0]["elements"]
    )


# What can be pressed


def test_a_line_that_is_only_said_is_its_text() -> None:
    """Nothing else, and it is beside the blocks too."""
    assert drawn(part("say", text=TYPED)) == Drawn(
        "&lt;!channel&gt; *b* :wave:", (section(text(TYPED)),)
    )


def test_choices_are_buttons_under_the_text() -> None:
    """What is on them is literal, what a press sends back is ids alone."""
    made = drawn(part("choose", "Yes", TYPED, keys=("yes", "no")))
    row = [
        button("Yes", "7.2.yes", "choose:7.2.yes"),
        button(TYPED, "7.2.no", "choose:7.2.no"),
    ]
    assert made.blocks == (section(text("What suits?")), {"type": "actions", "elements": row})


def test_a_scale_is_one_row_that_says_what_it_is_of() -> None:
    """A number read aloud by itself says nothing."""
    made = drawn(part("scale", *"12345", text="Hello.\n\nHow was it?"))
    assert len(made.blocks) == 2
    assert [each["text"]["text"] for each in pressed(made)] == [*"12345"]
    assert pressed(made)[2]["accessibility_label"] == "How was it? 3"


def test_words_can_be_written_in_a_window() -> None:
    """Beside the choices, where there are any; answering in the chat needs no button."""
    window = button("Write in a window", "7.2", "write:7.2")
    assert pressed(drawn(part("ask"))) == [window]
    assert [each["value"] for each in pressed(drawn(part("ask", "A", "B")))] == [
        "7.2.1",
        "7.2.2",
        "7.2",
    ]


def test_twenty_five_buttons_are_a_block() -> None:
    """Slack refuses more."""
    made = drawn(part("choose", *map(str, range(1, 41))))
    assert [len(each["elements"]) for each in made.blocks[1:]] == [25, 15]


def test_many_choices_are_a_menu() -> None:
    """A hundred buttons would be a wall, and too heavy; a menu can be searched."""
    many = [f"Person {number}" for number in range(1, 301)]
    made = draw([(part("choose", *many), None)], WORDS)
    [menu] = pressed(made[-1])
    assert menu["type"] == "static_select"
    assert menu["action_id"] == "choose:7.2"
    assert menu["options"][1] == {"text": words(numbered(2, "Person 2")), "value": "7.2.2"}
    assert 50 < len(menu["options"]) <= 100
    assert all(numbered(place, label) in shown(made) for place, label in enumerate(many, 1))


# Labels


def test_a_long_label_is_whole_in_the_text() -> None:
    """Numbered there and on the button, and the number typed is the same answer."""
    goal = "Find the words for what I would like to ask of my board before the summer comes at last"
    made = drawn(part("choose", goal, "None"))
    assert [each["text"]["text"] for each in pressed(made)] == [
        numbered(1, "Find the words for what I would like to ask of my board before the…"),
        numbered(2, "None"),
    ]
    assert shown([made]) == f"What suits?\n\n{numbered(1, goal)}\n{numbered(2, 'None')}"
    assert shown([drawn(part("choose", "a" * 75))]) == "What suits?"


def test_a_label_is_one_line_of_something() -> None:
    """Slack refuses an empty one; the number that answers stands in its place."""
    made = drawn(part("choose", "One\n  two\tthree", " \u200b\n"))
    assert [each["text"]["text"] for each in pressed(made)] == ["One two three", "2"]


def test_data_that_does_not_fit_is_refused() -> None:
    """It would come back as another choice, or not at all."""
    with pytest.raises(ValueError, match="150 characters"):
        drawn(part("choosesome", "a", keys=["x" * 147]))


# Checkboxes


def option(label: str, value: str) -> Json:
    """Give an option."""
    return {"text": words(label), "value": value}


def test_several_can_be_ticked_and_the_rest_is_a_button() -> None:
    """What is on already is ticked; while nothing is, the button says so."""
    some = part("choosesome", "Mon 09:00", "Tue 10:00")
    both = [option("Mon 09:00", "7.2.1"), option("Tue 10:00", "7.2.2")]
    box = {"type": "checkboxes", "action_id": "toggle:7.2.0", "options": both}
    assert pressed(drawn(some)) == [box, button("None of these", "7.2.done", "choose:7.2.done")]
    assert pressed(drawn(some, on=["2"])) == [
        {**box, "initial_options": both[1:]},
        button("Done", "7.2.done", "choose:7.2.done"),
    ]


def test_a_redrawing_leaves_the_ticks_alone() -> None:
    """A new id would undo what was ticked while it was on its way."""
    some = part("choosesome", *map(str, range(12)))
    before, after = (
        [block.get("block_id") for block in drawn(some, on=on).blocks] for on in ([], ["1", "11"])
    )
    assert before == after == [None, "7:toggle:7.2.0", "7:toggle:7.2.1", None]


def test_ticking_changes_no_choice() -> None:
    """However many there are: what is on weighs more, and must not push out another."""
    many = part("choosesome", *[f"Person {number}" for number in range(300)])
    ways = [draw([(many, Standing(on, None))], WORDS) for on in ((), ALL[:5], ALL)]
    shown_each = [[value for value, _ in labelled(made)][:-1] for made in ways]
    assert shown_each[0] == shown_each[1] == shown_each[2]
    assert len(shown_each[0]) > 20


def test_all_that_is_on_can_be_read_back() -> None:
    """From every ten, in the order of the choices, and from no other question."""
    some = part("choosesome", *map(str, range(112)))
    other = part("choosesome", "a", "b", number=71)
    made = draw(
        [(some, Standing(("11", "2", "101", "112"), None)), (other, Standing(("1",), None))], WORDS
    )
    state = state_of(made[-1])
    assert all_on(state, "71.2") == ("71.2.1",)
    boxes = [each for each in pressed(made[-1]) if each["type"] == "checkboxes"]
    fit = {each["value"] for box in boxes for each in box["options"]}
    expected = [f"7.2.{key}" for key in ("2", "11", "101", "112")]
    assert all_on(state, "7.2") == tuple(each for each in expected if each in fit)
    assert all_on(dict(reversed(state.items())), "7.2")[:2] == ("7.2.2", "7.2.11")


def state_of(made: Drawn) -> dict[str, dict[str, Any]]:
    """Give `state.values` as Slack sends it with any press."""
    return {
        block["block_id"]: {
            each["action_id"]: {
                "type": "checkboxes",
                "selected_options": each.get("initial_options", []),
            }
            for each in block["elements"]
        }
        for block in made.blocks
        if "block_id" in block
    }


# Several parts, and long texts


def test_a_line_parts_what_shares_a_message() -> None:
    """Each with its own buttons under it."""
    made = drawn(part("say"), part("choose", "Yes", number=8), part("say", number=9))
    assert kinds(made) == [
        "rich_text",
        "divider",
        "rich_text",
        "actions",
        "divider",
        "rich_text",
    ]
    assert made.text == "What suits?\n\nWhat suits?\n\nWhat suits?"


def test_a_long_text_is_several_messages_and_the_buttons_are_in_the_last() -> None:
    """Whole, and cut at a sentence."""
    sentence = "We meet to think together. "
    made = draw([(part("choose", "Yes", text=sentence * 400), None)], WORDS)
    assert len(made) == 4
    assert all(each.text.endswith("together.") for each in made)
    assert " ".join(each.text for each in made) == (sentence * 400).strip()
    assert [len(pressed(each)) for each in made] == [0, 0, 0, 1]


def test_all_buttons_are_in_the_last_message_in_order() -> None:
    """It alone can be redrawn, for a delivery has one reference."""
    first, second = (part("choose", "Yes", text="word " * 550, number=each) for each in (7, 8))
    before, last = draw([(first, None), (second, None)], WORDS)
    assert kinds(before) == ["rich_text"]
    assert kinds(last) == [
        "actions",
        "divider",
        "rich_text",
        "actions",
    ]


def test_where_nothing_can_be_seen_there_is_no_message() -> None:
    """Slack refuses an empty one; files go out by themselves."""
    assert draw([(part("say", text=" \n"), None)], WORDS) == []


# Once it is closed


def test_what_was_chosen_stands_under_the_question() -> None:
    """In the words of the button, which is gone."""
    made = drawn(part("choose", "Once a month", "No"), on=["1"], how="answered")
    answer = section(text("✓ "), text("Once a month", bold=True))
    assert made == Drawn("What suits?\n\n✓ Once a month", (section(text("What suits?")), answer))


@pytest.mark.parametrize(
    ("manner", "how", "said"),
    [
        ("choosesome", "answered", "✓ None of these"),
        ("choose", "skipped", "Skipped."),
        ("choose", "lapsed", "This question is over."),
        ("choosesome", "overtaken", "No longer needed."),
    ],
)
def test_without_a_choice_it_says_why(manner: str, how: str, said: str) -> None:
    """Calmly, and nothing can be pressed any more."""
    made = drawn(part(manner, "A"), how=how)
    assert made.text == f"What suits?\n\n{said}"
    assert not pressed(made)


def test_words_of_their_own_stand_in_the_chat_already() -> None:
    """So only the button goes."""
    assert drawn(part("ask", "A"), how="answered").blocks == (section(text("What suits?")),)


def test_words_of_a_window_stand_under_what_was_asked() -> None:
    """They are nowhere else in the chat; whatever they are, they are text and nothing more."""
    theirs = "<!channel> & <@U1> *all* <https://a.example|here> :wave: _x_\n\n`y`"
    [made] = draw([(part("ask"), Standing((), "written", theirs))], WORDS)
    assert made.blocks == (section(text("What suits?")), section(text(f"✓ {theirs}")))
    assert not set("<>") & set(made.text)


@pytest.mark.parametrize("letter", ["a", "é", "語"])
def test_words_of_a_window_stand_there_whole(letter: str) -> None:
    """As long as the window takes them, in any script."""
    theirs = letter * LONGEST_ANSWER
    [made] = draw([(part("ask"), Standing((), "written", theirs))], WORDS)
    shown = [each for block in made.blocks[1:] for each in block["elements"][0]["elements"]]
    assert "".join(each["text"] for each in shown).replace("✓ ", "✓") == f"✓{theirs}"


def test_a_closed_part_leaves_the_others_open() -> None:
    """Where two share a message."""
    [made] = draw(
        [(part("choose", "Yes"), Standing(("1",), "answered")), (part("ask", number=8), None)],
        WORDS,
    )
    assert kinds(made) == [
        "rich_text",
        "rich_text",
        "divider",
        "rich_text",
        "actions",
    ]


# The window


def test_a_window_says_what_is_asked_and_takes_lines() -> None:
    """All its words are from the words."""
    view = modal_for(
        "7.2", "ask", [Run("What would be "), Run("enough", "strong"), Run("?")], WORDS
    )
    assert view["callback_id"] == "write:7.2"
    assert view["private_metadata"] == ""
    assert (view["title"], view["submit"], view["close"]) == (
        words("Your answer"),
        words("Send"),
        words("Back"),
    )
    asked, field = view["blocks"]
    assert asked == section(text("What would be "), text("enough", bold=True), text("?"))
    assert field["label"] == words("Your words")
    assert field["element"]["multiline"]
    assert field["element"]["action_id"] == "write:7.2"


@pytest.mark.parametrize(
    ("manner", "kinds"),
    [("ask_day", ["datepicker"]), ("ask_moment", ["datepicker", "timepicker"])],
)
def test_a_day_and_a_moment_are_picked(manner: str, kinds: list[str]) -> None:
    """Where words could be misread, a picker cannot."""
    view = modal_for("7.2", manner, [Run("Until which day?")], WORDS)
    fields = [each for each in view["blocks"] if each["type"] == "input"]
    assert [each["element"]["type"] for each in fields] == kinds
    assert len({each["block_id"] for each in fields}) == len(kinds)
    View(**view).validate_json()
    [button] = pressed(drawn(replace(part(manner), question="7.2")))
    assert button["text"]["text"].startswith("Pick a day")


@settings(deadline=None)
@given(place=st.sampled_from(PLACES), typed=ANY_TEXT)
@example(place=("announcement", ("words",)), typed="word. " * 16667)
def test_a_window_for_any_question_is_one_that_slack_takes(
    place: tuple[str, tuple[object, ...]], typed: str
) -> None:
    """Its question ends in `…` where it is too long; it stands whole in the chat."""
    view = modal_for("7.2", "ask", said(*place, typed), WORDS)
    assert weight(view) <= 7000
    assert len(view["title"]["text"]) <= 24
    for block in view["blocks"]:
        assert_is_sound(block)
    View(**view).validate_json()


# Any parts


def test_every_question_of_the_words_is_drawn_whole() -> None:
    """No label that we wrote ourselves is cut, nor numbered."""
    for line in WORDS.lines.values():
        keys = [key for key in line.labels if key != "*"]
        labels = WORDS.render(line.name, SAID[line.name].values, reader(), keys).labels
        made = drawn(part("choose", *labels, keys=keys))
        assert tuple(each["text"]["text"] for each in pressed(made)) == labels


MANNERS = st.sampled_from(("say", "ask", "choose", "choosesome", "scale"))
LABELS = st.one_of(
    st.lists(st.text(max_size=100), max_size=12),
    st.builds(lambda label, count: [label] * count, st.text(max_size=200), st.integers(0, 300)),
)


@st.composite
def parts(draw_one: st.DrawFn) -> list[tuple[Part, Standing | None]]:
    """Give parts of any kind, each standing in any way."""
    found: list[tuple[Part, Standing | None]] = []
    for number in range(draw_one(st.integers(1, 4))):
        made = part(draw_one(MANNERS), *draw_one(LABELS), text=draw_one(ANY_TEXT), number=number)
        on = draw_one(st.sets(st.integers(1, 20)))
        how = draw_one(st.sampled_from((None, "answered", "written", "skipped", "lapsed")))
        theirs = draw_one(ANY_TEXT) if how == "written" else ""
        standing = Standing(tuple(map(str, on)), how, theirs)
        found.append((made, standing if draw_one(st.booleans()) else None))
    return found


LONG = "a <long> “word” & 語. " * 5000
MANY = ["Any\nlabel is långer <than> a button *shows* it, and 語 is heavier than it looks"] * 300
ALL = tuple(map(str, range(300)))


@settings(deadline=None)
@given(parts())
@example([(part("choosesome", *MANY, text=LONG), Standing(ALL, None))])
@example([(part("choosesome", *MANY, text=LONG), Standing(ALL, "answered"))])
@example([(part("ask", text=LONG), Standing((), "written", LONG))])
@example([(part("ask", number=each), Standing((), "written", LONG)) for each in range(24)])
@example([(part("ask", *MANY, text=LONG), None)])
@example([(part("scale", *MANY, text=LONG), None)])
@example([(part("choose", *MANY, number=each), None) for each in range(40)])
@example([(part("ask", text="語" * 400, number=each), None) for each in range(60)])
@example([(part("ask", number=each), None) for each in range(12)])
@example([(part("ask", number=each), None) for each in range(24)])
@example([(part("ask", number=each), None) for each in range(40)])
def test_slack_takes_whatever_is_drawn(found: list[tuple[Part, Standing | None]]) -> None:
    """Every limit is kept, nothing acts, and nothing is lost."""
    made = draw(found, WORDS)
    for each in made:
        assert 1 <= len(each.blocks) <= 50
        assert weight(each.blocks) <= 12000
        assert len(each.text) <= 4000
        assert not set("<>") & set(each.text)
        for block in each.blocks:
            assert_is_sound(block)
        acts = [element["action_id"] for element in pressed(each)]
        assert len(set(acts)) == len(acts)
        assert LINE not in (each.blocks[0], each.blocks[-1])
    assert all(not pressed(each) for each in made[:-1])
    assert_nothing_is_lost([each for each, _ in found])


def test_a_full_text_with_all_that_fits_under_it_is_taken() -> None:
    """The heaviest there is, by a way of counting that Slack may have."""
    label, full = "é" * 75, '"' * 2935
    asked = [part("choose", *[label] * count, text=full) for count in range(40)]
    last = [draw([(each, None)], WORDS) for each in asked]
    heaviest = max(weight(made[0].blocks) for made in last if len(made) == 1)
    assert 11500 < heaviest <= 12000


def assert_nothing_is_lost(found: Sequence[Part]) -> None:
    """While they are open, each text is there, and each label whole in it or on what is pressed."""
    made = draw([(each, None) for each in found], WORDS)
    texts, on_buttons = seen(shown(made)), set(labelled(made))
    for each in found:
        assert seen(plain(each.runs)) in texts
        for place, (choice, label) in enumerate(zip(each.choices, labels_of(each), strict=True), 1):
            whole = (choice.data, label) in on_buttons
            assert whole or seen(numbered(place, label)) in texts


def labelled(made: Sequence[Drawn]) -> Iterator[tuple[str, str]]:
    """Give each choice's data with what stands on it."""
    for element in (each for message in made for each in pressed(message)):
        for each in element.get("options", [element]):
            yield each["value"], each["text"]["text"]


def seen(words: str) -> str:
    """Give what can be seen of a text."""
    return "".join(each for each in cleaned(words) if can_be_seen(each))


def assert_is_sound(block: Json) -> None:
    """It is of a kind we make, and Slack's own library finds no fault in it."""
    assert block["type"] in {"rich_text", "actions", "divider", "input"}
    read = Block.parse(block)
    assert read is not None
    read.validate_json()
    if block["type"] != "actions":
        return
    assert 1 <= len(block["elements"]) <= 25
    for element in block["elements"]:
        assert element["type"] in {"button", "static_select", "checkboxes"}
        assert len(element["action_id"]) <= 255
        options = element.get("options", [element])
        assert len(options) <= (10 if element["type"] == "checkboxes" else 100)
        assert all(each in options for each in element.get("initial_options", []))
        for each in options:
            assert each["text"] == words(each["text"]["text"])
            assert 1 <= len(each["text"]["text"]) <= 75
            assert len(each["value"].encode()) <= 150


@settings(deadline=None)
@given(parts())
@example([(part("choosesome", *MANY, text=LONG), None), (part("ask", "a", number=8), None)])
def test_a_redrawing_is_as_many_messages_and_says_the_same(
    found: list[tuple[Part, Standing | None]],
) -> None:
    """Only the last can be edited, so those before it must look alike however it stands."""
    as_sent = draw([(each, None) for each, _ in found], WORDS)
    now = draw(found, WORDS)
    if now and as_sent:
        assert now[:-1] == as_sent[: len(now) - 1]
        assert len(now) == len(as_sent)


def test_what_closes_a_question_is_cut_where_there_is_no_room() -> None:
    """The labels are whole in the text above."""
    made = draw([(part("choosesome", *MANY), Standing(ALL, "answered"))], WORDS)
    assert shown(made[-1:]).endswith("…")
