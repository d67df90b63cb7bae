"""What a line says is what stands on a Slack screen: all of it, in its style, and nothing acts."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.markup import Run, plain
from bot.platforms.slack.words import (
    HEAVIEST,
    Json,
    can_be_seen,
    cleaned,
    rich_text,
    shortened,
    to_text,
    to_texts,
    weight,
)
from tests.any_text import ANY_TEXT, PLACES, said
from tests.test_words import ROLES

TYPED = "<!channel> <@U123> <#C1> <https://a.org|b> *b* _i_ ~s~ `c` :wave: &lt; @here\n> q"
STYLES = {"plain": {}, "strong": {"bold": True}, "emphasis": {"italic": True}}
RUNS = st.lists(
    st.builds(
        Run,
        ANY_TEXT,
        st.sampled_from(("plain", "strong", "emphasis", "link")),
        st.sampled_from(("", "https://a.org/?b=c&d=<e>|f", "javascript:alert(1)")),
    ),
    max_size=5,
)


def elements(*runs: Run) -> list[Json]:
    """Give the elements of the one text that the runs make."""
    [text] = to_texts(runs)
    [section] = rich_text(text)["elements"]
    found: list[Json] = section["elements"]
    return found


def texts(*runs: Run, limit: int = 3000) -> list[str]:
    """Give the texts alone."""
    return [plain(each) for each in to_texts(runs, limit)]


# Styles


def test_strong_and_emphasised_words_have_their_style() -> None:
    """And the rest has none."""
    assert elements(Run("Meet "), Run("Ben", "strong"), Run(", "), Run("not", "emphasis")) == [
        {"type": "text", "text": "Meet "},
        {"type": "text", "text": "Ben", "style": {"bold": True}},
        {"type": "text", "text": ", "},
        {"type": "text", "text": "not", "style": {"italic": True}},
    ]


def test_what_somebody_types_is_the_text_itself() -> None:
    """Mentions, links, styles and emoji codes stand there as they were typed."""
    assert elements(Run(TYPED)) == [{"type": "text", "text": TYPED}]
    assert elements(Run(TYPED, "strong")) == [
        {"type": "text", "text": TYPED, "style": {"bold": True}}
    ]


@pytest.mark.parametrize("href", ["https://a.org/?b=c#d", "http://10.0.0.1/", "mailto:ana@a.org"])
def test_a_link_keeps_its_address(href: str) -> None:
    """As a text that can be pressed."""
    assert elements(Run("here", "link", href)) == [{"type": "link", "url": href, "text": "here"}]


@pytest.mark.parametrize(
    "href",
    [
        "",
        "javascript:alert(1)",
        "ftp://a.org",
        "slack://open",
        "a.org",
        "https://",
        "mailto:",
        "http://[",
        "https://a.org/a b",
        "https://a.org/\n",
        "https://a.org/\ud800",
        f"https://a.org/{'a' * 3000}",
        f"https://a.org/{'é' * 1500}",
    ],
)
def test_any_other_link_is_plain_text(href: str) -> None:
    """Slack would refuse the message, or open what nobody meant."""
    assert elements(Run("here", "link", href)) == [{"type": "text", "text": "here"}]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\tb\x00c\x1bd\x7fe", "a b c d e"),
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\u2028b\u2029c\x85d\x0be", "a\nb\nc\nd\ne"),
        ("a\u202egnp.exe\u202c\u2066b", "agnp.exeb"),
        ("half \ud83c", "half \ufffd"),
        ("Ψυχή 🧑🏽‍🤝‍🧑🏻 \u200f", "Ψυχή 🧑🏽‍🤝‍🧑🏻 \u200f"),
    ],
)
def test_what_no_request_can_hold_is_settled_here(text: str, shown: str) -> None:
    """A line break stays a break, and nothing turns a line round."""
    assert cleaned(text) == shown
    assert texts(Run(text), Run("!")) == [f"{shown}!"]


@pytest.mark.parametrize("text", ["", " \n", "\u200b\ufeff", "\u2800\u3000", "\t\r\n", "\u202e"])
def test_where_nothing_can_be_seen_there_is_no_text(text: str) -> None:
    """Slack refuses an empty one."""
    assert to_texts([Run(text, "strong")]) == []


# Cutting


def test_slack_counts_characters() -> None:
    """An emoji is one, where it is two for Telegram."""
    assert [len(each) for each in texts(Run("🌱" * 10), limit=8)] == [8, 2]
    assert [len(each) for each in texts(Run("a" * 3001))] == [3000, 1]


def test_a_long_text_is_cut_where_one_would_pause() -> None:
    """At a sentence, a line or a word."""
    assert texts(Run("One, two. Three four fiv"), limit=16) == ["One, two.", "Three four fiv"]
    assert texts(Run("One three\nfour five six"), limit=16) == ["One three", "four five six"]
    assert texts(Run("One two three four five"), limit=16) == ["One two three", "four five"]


def test_a_style_goes_on_in_the_next_text() -> None:
    """In every piece, and to its end."""
    cut = to_texts([Run("One "), Run("two three four five six", "strong"), Run(" seven")], 13)
    assert cut == [
        (Run("One "), Run("two three", "strong")),
        (Run("four five six", "strong"),),
        (Run("seven"),),
    ]


def test_what_weighs_too_much_is_cut_once_more() -> None:
    """A thousand styles are short to read and long to send."""
    runs = [run for number in range(1000) for run in (Run(f"{number}", "strong"), Run(" "))]
    cut = to_texts(runs)
    assert max(weight(rich_text(each)) for each in cut) <= HEAVIEST
    assert " ".join(map(plain, cut)) == plain(runs).strip()
    assert "".join(texts(Run("語" * 3000))) == "語" * 3000
    assert max(weight(rich_text(each)) for each in to_texts([Run("語" * 3000)])) <= HEAVIEST


@settings(deadline=None)
@given(
    place=st.sampled_from(PLACES),
    text=ANY_TEXT,
    role=st.integers(0, len(ROLES) - 1),
    limit=st.sampled_from([3000, 100, 17]),
)
@example(place=("announcement", ("words",)), text=TYPED, role=0, limit=3000)
@example(place=("announcement", ("words",)), text="word. " * 16667, role=0, limit=3000)
@example(place=("announcement", ("author", "name")), text="🌱" * 9000, role=0, limit=3000)
def test_any_text_in_any_line_comes_out_as_it_is(
    place: tuple[str, tuple[object, ...]], text: str, role: int, limit: int
) -> None:
    """Nothing that can be seen is lost or changed, every letter in its style."""
    runs = said(*place, text, role)
    made = to_texts(runs, limit)
    rest = "".join(cleaned(run.text) for run in runs)
    for each in made:
        assert 1 <= len(plain(each)) <= limit
        assert can_be_seen(plain(each))
        before, found, rest = rest.partition(plain(each))
        assert found
        assert not can_be_seen(before)
        assert_is_literal(rich_text(each), each)
    assert not can_be_seen(rest)
    seen = [(each, run.style) for run in runs for each in cleaned(run.text) if can_be_seen(each)]
    shown = [(each, run.style) for text in made for run in text for each in run.text]
    assert [pair for pair in shown if can_be_seen(pair[0])] == seen


def assert_is_literal(block: Json, text: tuple[Run, ...]) -> None:
    """One section of text elements that say what the text says, and of nothing else."""
    assert weight(block) <= HEAVIEST
    assert block["type"] == "rich_text"
    [section] = block["elements"]
    assert section["type"] == "rich_text_section"
    assert "".join(each["text"] for each in section["elements"]) == plain(text)
    for element, run in zip(section["elements"], text, strict=True):
        assert element["text"]
        if run.style == "link":
            assert element == {"type": "link", "url": run.href, "text": run.text}
        else:
            assert element["type"] == "text"
            assert element.get("style", {}) == STYLES[run.style]
            assert element.keys() <= {"type", "text", "style"}


# Beside blocks


def test_the_text_beside_blocks_is_plain_and_escaped() -> None:
    """Slack reads markup in it, so that no mention there may reach a channel."""
    assert to_text([Run("Hi "), Run("<!channel> & <@U1>", "strong")]) == (
        "Hi &lt;!channel&gt; &amp; &lt;@U1&gt;"
    )


def test_a_long_text_beside_blocks_ends_before_it_is_too_long() -> None:
    """Counted as Slack gets it, and no escape is cut in two."""
    made = to_text([Run("<" * 3000)])
    assert made == "&lt;" * 999 + "…"
    assert to_text([Run("word " * 1000)]).endswith("word…")


@settings(deadline=None)
@given(RUNS)
def test_nothing_acts_beside_blocks(runs: list[Run]) -> None:
    """Whatever stands there can be read back, and holds no sign of Slack's."""
    text = to_text(runs)
    assert len(text) <= 4000
    assert not re.search(r"[<>]|&(?!(?:amp|lt|gt);)", text)
    back = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    whole = cleaned(plain(runs)).strip(" \n")
    assert back == whole or (back.endswith("…") and whole.startswith(back[:-1]))


@given(st.text(), st.integers(2, 100))
def test_what_is_shortened_says_so(text: str, most: int) -> None:
    """Otherwise it is the same."""
    short = shortened(text.strip(" \n") or "a", most)
    assert len(short) <= most
    assert short == (text.strip(" \n") or "a") or short.endswith("…")
