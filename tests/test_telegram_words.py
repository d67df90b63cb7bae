"""What a line says is what stands on a Telegram screen: all of it, in its style, no more."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.markup import Run, plain
from bot.platforms.cutting import units
from bot.platforms.telegram.words import Entity, Text, can_be_seen, cleaned, to_texts
from tests.any_text import ANY_TEXT, PLACES, said
from tests.test_words import ROLES

KINDS = {"strong": "bold", "emphasis": "italic", "link": "text_link"}


def only(*runs: Run) -> Text:
    """Give the one text that the runs make."""
    [text] = to_texts(runs)
    return text


def texts(*runs: Run, limit: int) -> list[str]:
    """Give the texts alone."""
    return [each.text for each in to_texts(runs, limit)]


def styled(text: Text) -> list[tuple[str, str]]:
    """Give what each entity covers, cut out as Telegram cuts: in UTF-16."""
    raw = text.text.encode("utf-16-le")
    return [
        (each.kind, raw[2 * each.offset : 2 * (each.offset + each.length)].decode("utf-16-le"))
        for each in text.entities
    ]


# Styles


def test_strong_and_emphasised_words_become_entities() -> None:
    """Offsets count as Telegram counts: an emoji is two."""
    text = only(Run("🌱 Meet "), Run("Ben", "strong"), Run(" or "), Run("not", "emphasis"))
    assert text.text == "🌱 Meet Ben or not"
    assert text.entities == (Entity("bold", 8, 3), Entity("italic", 15, 3))


def test_what_somebody_types_is_never_markup() -> None:
    """Whatever stands there is the text itself, and no entity."""
    typed = "<b>a</b> *b* _c_ [d](http://e.org) `f` @all /stop <!channel>"
    assert only(Run(typed)) == Text(typed)


def test_no_style_begins_or_ends_in_white_space() -> None:
    """Telegram would trim it there, and our offsets would be wrong."""
    text = only(Run("a"), Run(" \n b c\u00a0", "strong"), Run("d"))
    assert text.text == "a \n b c\u00a0d"
    assert styled(text) == [("bold", "b c")]


def test_a_style_of_white_space_alone_is_none() -> None:
    """Telegram drops it."""
    assert only(Run("a"), Run(" \n", "strong"), Run("b")).entities == ()


def test_neighbours_of_one_style_are_one_entity() -> None:
    """A hundred is all that Telegram shows."""
    assert styled(only(Run("a ", "strong"), Run("b", "strong"))) == [("bold", "a b")]


@pytest.mark.parametrize(
    "href",
    ["https://comentor.org/a?b=c#d", "http://10.0.0.1:80/", "https://[::1]/", "tg://resolve?x=y"],
)
def test_a_link_keeps_its_address(href: str) -> None:
    """As a text that can be pressed."""
    assert only(Run("here", "link", href)).entities == (Entity("text_link", 0, 4, href),)


@pytest.mark.parametrize(
    "href",
    [
        "",
        "mailto:ana@comentor.org",
        "javascript:alert(1)",
        "ftp://comentor.org",
        "http://localhost/",
        "http://",
        "http://[",
        "comentor.org",
        "https://comentor.org/a b",
        "https://comentor.org/\n",
    ],
)
def test_a_link_that_telegram_refuses_is_plain_text(href: str) -> None:
    """It would refuse the whole message, or make another address of it."""
    assert only(Run("here", "link", href)) == Text("here")


# What Telegram would change


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\tb\x00c\x1bd", "a b c d"),
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\u2028b\u2029c", "a\nb\nc"),
        ("a\u202egnp.exe\u202c", "agnp.exe"),
        ("A\u030angstro\u0308m \u016f u\u030a", "Ångstro\u0308m \u016f \u016f"),
        ("q\u030a\u0333", "q"),
        ("half \ud83c", "half \ufffd"),
        ("Ψυχή 🧑🏽‍🤝‍🧑🏻 \u200f", "Ψυχή 🧑🏽‍🤝‍🧑🏻 \u200f"),
    ],
)
def test_what_telegram_would_drop_or_refuse_is_settled_here(text: str, shown: str) -> None:
    """A line break stays a break and an Å an Å; offsets behind them stay true."""
    assert cleaned(text) == shown
    behind = only(Run(text), Run("Ben", "strong"))
    assert styled(behind) == [("bold", "Ben")]
    assert behind.text == f"{shown}Ben"


@pytest.mark.parametrize("text", ["", " \n", "\u200b\ufeff", "\u2800\u3000", "\t\r\n", "\u202e"])
def test_where_nothing_can_be_seen_there_is_no_text(text: str) -> None:
    """Telegram refuses such a message; whoever sends leaves it out."""
    assert to_texts([Run(text, "strong")]) == []


def test_white_space_round_a_text_goes() -> None:
    """Telegram trims it, and the offsets are those of what is left."""
    text = only(Run("\n  "), Run(" a", "strong"), Run("b \n"))
    assert text == Text("ab", (Entity("bold", 0, 1),))


# Cutting


def test_a_text_of_the_greatest_length_is_one() -> None:
    """4,096 units, of which an emoji is two."""
    assert [units(each.text) for each in to_texts([Run("🌱" * 2048)])] == [4096]
    assert [units(each.text) for each in to_texts([Run("🌱" * 2048 + "a")])] == [4096, 1]


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("One, two. Three four fiv", ["One, two.", "Three four fiv"]),
        ("One (two three.) Four five.", ["One (two three.)", "Four five."]),
        ("One three\nfour five six", ["One three", "four five six"]),
        ("One two three four five", ["One two three", "four five"]),
        ("One. Two three four five", ["One. Two three", "four five"]),
        ("One three\n\n \nfour five s", ["One three", "four five s"]),
        ("Oneeeeeeeeeeeeeeeeeeeee", ["Oneeeeeeeeeeeeee", "eeeeeee"]),
        ("One twoooooooooooooooooooo", ["One", "twoooooooooooooo", "oooooo"]),
    ],
)
def test_a_long_text_is_cut_where_one_would_pause(text: str, cut: list[str]) -> None:
    """At a sentence, a line or a word, late rather than early; in a word only where it must be."""
    assert texts(Run(text), limit=16) == cut


def test_no_letter_is_cut_from_its_accents() -> None:
    """Nor a flag, a family or a hand from its colour."""
    for letter in ("e\u0301\u0323", "🇪🇸", "👩‍👩‍👧", "👍🏽", "❤\ufe0f"):
        for before in range(8):
            whole = "a" * before + letter * 6
            cut = texts(Run(whole), limit=10)
            assert "".join(cut) == whole
            assert all(not piece.strip("a").replace(letter, "") for piece in cut), cut


def test_a_short_style_moves_to_the_next_text_whole() -> None:
    """A date in two halves would be two dates."""
    cut = to_texts([Run("You meet soon on "), Run("Tue 3", "strong"), Run(" at nine")], 20)
    assert [each.text for each in cut] == ["You meet soon on", "Tue 3 at nine"]
    assert [styled(each) for each in cut] == [[], [("bold", "Tue 3")]]
    glued = to_texts([Run("You-meet-soon-on:"), Run("Tue-3", "strong"), Run("-at-nine")], 20)
    assert [each.text for each in glued] == ["You-meet-soon-on:", "Tue-3-at-nine"]


def test_a_long_style_goes_on_in_the_next_text() -> None:
    """In every piece, and to its end."""
    cut = to_texts([Run("One "), Run("two three four five six", "strong"), Run(" seven")], 13)
    assert [styled(each) for each in cut] == [
        [("bold", "two three")],
        [("bold", "four five six")],
        [],
    ]


def test_a_text_ends_before_its_hundred_and_first_entity() -> None:
    """Telegram would show it, and all after it, without its style."""
    runs = [run for number in range(250) for run in (Run(f"{number}", "strong"), Run(" "))]
    cut = to_texts(runs)
    assert [len(each.entities) for each in cut] == [100, 100, 50]
    assert " ".join(each.text for each in cut) == plain(runs).strip()


# Any text in any line


def as_telegram_has_it(text: str) -> str:
    """Give what Telegram makes of a text: TDLib, clean_input_string, and its trimming."""
    text = re.sub("[\x00-\x09\x0b\x0c\x0e-\x1f]", " ", text)
    return re.sub("[\r\u2028-\u202e\u0333\u033f\u030a]", "", text).strip(" \n")


def has_style(character: str) -> bool:
    """Whether a style can be seen on it."""
    return can_be_seen(character) and not character.isspace()


def styles_of(text: Text) -> list[tuple[str, str]]:
    """Give every character that a style can be seen on, with its style."""
    kinds: dict[int, str] = {}
    for each in text.entities:
        for unit in range(each.offset, each.offset + each.length):
            assert kinds.setdefault(unit, each.kind) == each.kind
    found, unit = [], 0
    for character in text.text:
        found.append((character, kinds.get(unit, "plain")))
        unit += units(character)
    return [each for each in found if has_style(each[0])]


def test_the_lines_repeat_what_they_are_given() -> None:
    """Else the test below would hold of nothing."""
    lines = {line for line, _ in PLACES}
    assert {"announcement", "why", "day_before", "your_goals", "words_to_be_sent"} <= lines
    assert len(PLACES) > 60


@given(
    place=st.sampled_from(PLACES),
    text=ANY_TEXT,
    role=st.integers(0, len(ROLES) - 1),
    limit=st.sampled_from([4096, 100, 17]),
)
@example(place=("announcement", ("words",)), text="\u200b" * 9000 + "a", role=0, limit=4096)
@example(place=("announcement", ("author", "name")), text="🌱" * 9000, role=0, limit=4096)
def test_any_text_in_any_line_comes_out_as_it_is(
    place: tuple[str, tuple[object, ...]], text: str, role: int, limit: int
) -> None:
    """Nothing that can be seen is lost or changed, and Telegram takes every text as it stands."""
    runs = said(*place, text, role)
    made = to_texts(runs, limit)
    shown = "".join(cleaned(run.text) for run in runs)
    rest = shown
    for each in made:
        assert as_telegram_has_it(each.text) == each.text
        assert 1 <= units(each.text) <= limit
        assert can_be_seen(each.text)
        assert_entities_are_sound(each)
        before, found, rest = rest.partition(each.text)
        assert found
        assert not can_be_seen(before)
    assert not can_be_seen(rest)
    if units(shown.strip(" \n")) <= limit and made:
        assert [each.text for each in made] == [shown.strip(" \n")]
    expected = [
        (character, KINDS.get(run.style, "plain"))
        for run in runs
        for character in cleaned(run.text)
        if has_style(character)
    ]
    assert [pair for each in made for pair in styles_of(each)] == expected


def assert_entities_are_sound(text: Text) -> None:
    """In bounds, in order, apart, in whole letters, and with no white space at either end."""
    assert len(text.entities) <= 100
    end = 0
    for each, (_, covered) in zip(text.entities, styled(text), strict=True):
        assert end <= each.offset
        assert each.length > 0
        end = each.offset + each.length
        assert end <= units(text.text)
        assert covered == covered.strip() != ""
