"""The catalogue, and the words that its conversations need: nothing is said that no file has."""

from __future__ import annotations

import ast
from collections import defaultdict
from inspect import iscoroutinefunction, signature
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bot
from conversations.catalogue import (
    CATALOGUE,
    Conversation,
    Nature,
    NoSuchConversation,
    conversation,
)
from conversations.meetings import Meeting
from conversations.plain import from_plain, to_plain
from conversations.talk import Pair, Who
from tests.conversations.invented import values_of
from tests.conversations.spoken import LOOKED_UP, all_spoken
from tests.conversations.stage import words

SPOKEN = all_spoken()
LINES = words().lines
SAID_ELSEWHERE = {"stranger"}
"""A platform's own answer to whom nobody invited."""

every_conversation = pytest.mark.parametrize(
    "kind", CATALOGUE.values(), ids=[f"{name}-{version}" for name, version in CATALOGUE]
)


# The catalogue.


@every_conversation
def test_a_conversation_is_a_coroutine_with_a_nature(kind: Conversation) -> None:
    """What pushes it decides whether it counts in the weekly budget."""
    assert iscoroutinefunction(kind.tell)
    assert kind.nature in get_args(Nature)


@every_conversation
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_the_arguments_of_a_conversation_are_read_back(
    kind: Conversation, data: st.DataObject
) -> None:
    """They are stored beside its journal, for as long as it waits."""
    for hint in kind.parameters().values():
        value = data.draw(values_of(hint))
        assert from_plain(to_plain(value), hint) == value


@every_conversation
def test_a_conversation_names_its_arguments_in_order(kind: Conversation) -> None:
    """As its function does."""
    assert list(kind.parameters()) == list(signature(kind.tell).parameters)


@every_conversation
def test_a_conversation_is_about_one_person_and_one_pair(kind: Conversation) -> None:
    """The machine fills in the person, the pair and the meeting by their types."""
    hints = list(kind.parameters().values())
    assert hints
    assert hints[0] in {Who, Pair}
    assert hints.count(Pair) <= 1
    assert hints.count(Meeting) <= 1


def test_little_may_be_left_out() -> None:
    """The day of a pause, and what a talk that began in a former version cannot know.

    Everything else is known to whatever begins a conversation.
    """
    optional = [
        (kind.name, name)
        for kind in CATALOGUE.values()
        for name, parameter in signature(kind.tell).parameters.items()
        if parameter.default is not parameter.empty
    ]
    assert optional == [("show_ping", "translated_to"), ("pause", "until")]


def test_versions_are_counted_from_one() -> None:
    """None is left out, so the latest is the highest."""
    versions: dict[str, list[int]] = defaultdict(list)
    for name, version in CATALOGUE:
        versions[name].append(version)
    for name, found in versions.items():
        assert sorted(found) == list(range(1, len(found) + 1)), name


@every_conversation
def test_a_conversation_is_found_by_its_name_and_version(kind: Conversation) -> None:
    """As a row in the database names it."""
    assert conversation(kind.name, kind.version) is kind
    assert conversation(kind.name).version >= kind.version


@pytest.mark.parametrize(
    ("name", "version"), [("gossip", None), ("gossip", 1), ("pause", 99), ("pause", 0)]
)
def test_what_is_not_in_the_catalogue_is_named(name: str, version: int | None) -> None:
    """A row that waits for a version that was deleted is a fault to be read, not guessed round."""
    with pytest.raises(NoSuchConversation, match=name):
        conversation(name, version)


# What they say.


def test_everything_that_is_said_was_found() -> None:
    """A look at the net itself: what these say in several ways is in it."""
    by_line = {spoken.line: spoken.options for spoken in SPOKEN}
    assert len(by_line) > 100
    assert by_line["place"] >= {"video", "in_person", "both"}
    assert by_line["which_goal"] == {LOOKED_UP, "add", "nothing"}
    assert by_line["never_met_pair"] == {"met", "book", "pause", "help", "fine"}
    assert {
        "no_free_times",
        "type_a_time",
        "time_past",
        "day_ambiguous",
        "tried_both",
    } <= by_line.keys()


def test_every_line_that_is_said_is_in_the_words() -> None:
    """Each way through each conversation, also those that nobody has walked yet."""
    assert not [spoken for spoken in SPOKEN if spoken.line not in LINES]


def test_every_option_has_a_label() -> None:
    """Its own; only what was looked up takes the label [*]."""
    missing = []
    for spoken in SPOKEN:
        lacks = spoken.options - LINES[spoken.line].labels.keys()
        if spoken.line.endswith("_pair"):
            lacks -= {"met"}  # offered by two of the rules; the transcripts render each
        if lacks:
            missing.append((spoken.place, LINES[spoken.line].place, lacks))
    assert not missing


def test_no_label_waits_for_an_option_that_never_comes() -> None:
    """A button that was taken out of a conversation goes out of its words too."""
    offered: dict[str, set[str]] = defaultdict(set)
    for spoken in SPOKEN:
        offered[spoken.line] |= spoken.options
    for line, options in offered.items():
        assert LINES[line].labels.keys() <= options, LINES[line].place


def test_every_line_in_the_words_is_said_by_somebody() -> None:
    """A line that nobody says would be edited and translated for nothing."""
    said = {spoken.line for spoken in SPOKEN} | _texts_of_the_machine() | SAID_ELSEWHERE
    assert not LINES.keys() - said


def _texts_of_the_machine() -> set[Any]:
    """Give every text that stands by itself in the source of the bot."""
    texts: set[Any] = set()
    for path in Path(next(iter(bot.__path__))).rglob("*.py"):
        nodes = ast.walk(ast.parse(path.read_text("utf-8")))
        texts |= {node.value for node in nodes if isinstance(node, ast.Constant)}
    return texts
