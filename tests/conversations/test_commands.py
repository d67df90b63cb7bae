"""Commands: every way to ask reaches its conversation for those who may ask, and nobody else."""

from __future__ import annotations

import re
from importlib.resources import files
from itertools import chain, combinations
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.saying import Reader
from conversations.catalogue import CATALOGUE
from conversations.commands import FOR_ROLES, Asked, read_command
from conversations.replies import fold
from conversations.talk import Role
from tests.conversations.stage import words

PROMPTS = files("prompts") / "en"
FORMS = words().forms
ROLES: tuple[Role, ...] = get_args(Role)
EVERY_FORM = [(name, form) for name in FOR_ROLES for form in FORMS[name]]
IN_A_PAIR: tuple[Role, ...] = ("mentee", "mentor", "co-mentor")


def asks(text: str, role: Role = "mentee") -> Asked | None:
    """Give what somebody asks for."""
    return read_command(text, FORMS, role)


# Whom a form reaches.


@pytest.mark.parametrize(("name", "form"), EVERY_FORM)
@pytest.mark.parametrize("role", ROLES)
def test_every_form_reaches_its_conversation_for_its_roles(
    name: str, form: str, role: Role
) -> None:
    """Typed, shouted, or after a slash as the menus of apps do it."""
    expected = Asked(name) if role in FOR_ROLES[name] else None
    bare = form.rstrip("…").strip()
    for typed in (bare, bare.upper(), f"  {bare}. ", f"/{bare}", "/" + bare.replace(" ", "_")):
        assert asks(typed, role) == expected, typed


@pytest.mark.parametrize("role", ROLES)
def test_no_form_has_two_meanings_for_one_role(role: Role) -> None:
    """What is asked for must not hang on the order of a file."""
    mine = {name: set(map(fold, FORMS[name])) for name in FOR_ROLES if role in FOR_ROLES[name]}
    for one, other in combinations(mine, 2):
        assert not mine[one] & mine[other], (one, other)


def test_every_command_has_a_way_to_ask_and_a_conversation() -> None:
    """And every way in the file leads somewhere."""
    names = {name for name, _ in CATALOGUE}
    assert set(FOR_ROLES) <= names
    assert set(FORMS) == set(FOR_ROLES) | {"welcome"}
    assert all(FORMS.values())


def test_no_command_is_a_word_that_passes() -> None:
    """`skip` answers a question and never begins anything."""
    passing = words().passing
    forms = {fold(form) for form in chain.from_iterable(FORMS.values())}
    assert not forms & (passing.skip | passing.later | passing.none)


@pytest.mark.parametrize("form", FORMS["welcome"])
@pytest.mark.parametrize("role", ROLES)
def test_hello_is_for_those_who_have_not_joined(form: str, role: Role) -> None:
    """Nobody who has is welcomed a second time."""
    assert asks(form, role) is None


@pytest.mark.parametrize("role", ROLES)
def test_everybody_can_get_help_pause_come_back_and_stop(role: Role) -> None:
    """Tact is owed to supervisors and managers too."""
    assert asks("help", role) == Asked("help_me")
    assert asks("pause", role) == Asked("pause")
    assert asks("I'm back", role) == Asked("come_back")
    assert asks("stop", role) == Asked("stop")
    assert asks("privacy", role) == Asked("show_privacy")


def test_only_a_manager_announces() -> None:
    """And only a supervisor sees pairs."""
    assert [role for role in ROLES if asks("announce", role)] == ["manager"]
    assert [role for role in ROLES if asks("my pairs", role)] == ["supervisor"]


@pytest.mark.parametrize("role", ["supervisor", "manager"])
def test_those_outside_a_pair_cannot_ask_as_if_in_one(role: Role) -> None:
    """They have no meetings, goals or partner here."""
    for text in ("book", "my meetings", "my goals", "reflect", "check in", "I need a person"):
        assert asks(text, role) is None


# What follows a command.


@pytest.mark.parametrize(
    "typed",
    [
        "pause until 3 June",
        "Pause until 3 June.",
        "pause  till 3 June",
        "/pause until 3 June",
        "/pause_until 3 June",
        "PAUSE UNTIL 3 JUNE",
    ],
)
@pytest.mark.parametrize("role", ROLES)
def test_pause_until_takes_the_day(typed: str, role: Role) -> None:
    """In one line, for everybody."""
    assert asks(typed, role) == Asked("pause", "3 june")


def test_pause_until_nothing_asks_for_the_day() -> None:
    """As a bare pause does."""
    assert asks("pause until") == Asked("pause")


@pytest.mark.parametrize(
    "typed",
    ["pausing", "pause untilx", "book a table", "help me out", "goals are hard", "", "/", "!"],
)
def test_a_sentence_that_begins_like_a_command_is_none(typed: str) -> None:
    """It may be an answer, or words for somebody."""
    assert asks(typed) is None


def test_the_longest_form_is_the_one_meant() -> None:
    """`ask about …` would take what `ask about help` is for."""
    forms = {"pause": ["ask …", "ask about …"], "stop": ["ask about stopping"]}
    assert read_command("ask about rest", forms, "mentee") == Asked("pause", "rest")
    assert read_command("ask about stopping", forms, "mentee") == Asked("stop")


def test_a_phones_own_apostrophe_is_an_apostrophe() -> None:
    """The paused are told to write `I'm back`, and their keyboard makes it a curly one."""
    assert asks("I\N{RIGHT SINGLE QUOTATION MARK}m back") == Asked("come_back")


def test_help_and_help_me_are_two_things() -> None:
    """One is about the bot, the other about a person."""
    assert asks("help") == Asked("help_me")
    assert asks("help me") == Asked("ask_for_help")
    assert asks("I need a person now") == Asked("ask_for_help")


@given(st.text(), st.sampled_from(ROLES))
def test_whatever_is_typed_reaches_only_what_their_role_may_ask(text: str, role: Role) -> None:
    """And never an error."""
    asked = asks(text, role)
    assert asked is None or role in FOR_ROLES[asked.conversation]


# What the words promise.


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("line", ["help", "short_menu"])
def test_what_help_names_is_understood(role: Role, line: str) -> None:
    """Everything set apart in the help of a role can be written by that role."""
    reader = Reader(1, "Ana", role, "Europe/Madrid", "en", lambda _: "Europe/Madrid")
    runs = words().render(line, {}, reader).runs
    named = [run.text for run in runs if run.style == "emphasis"]
    assert named
    passing = words().passing
    for text in named:
        assert asks(text, role) or fold(text) in passing.skip | passing.later, text


def test_what_any_line_tells_people_to_write_is_understood() -> None:
    """By somebody at least; examples of a day or an hour begin with a number."""
    passing = words().passing
    known = passing.skip | passing.later | set(map(fold, FORMS["welcome"]))
    for text in _set_apart():
        understood = any(asks(text, role) for role in ROLES) or fold(text) in known
        assert understood, text


def _set_apart() -> set[str]:
    found: set[str] = set()
    for file in sorted(PROMPTS.iterdir(), key=str):
        if file.name.endswith(".md"):
            found |= set(re.findall(r"(?<!\w)_([^_\n{}\d]+)_(?!\w)", file.read_text("utf-8")))
    assert {"book", "I'm back", "start"} <= found
    return found
