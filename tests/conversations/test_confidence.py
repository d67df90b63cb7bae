"""Confidence: one table says who may see what, and it says no more than the practice allows."""

from __future__ import annotations

from typing import get_args

import pytest

from bot.saying import Reader
from conversations.asking import Sight
from conversations.confidence import (
    SEES,
    Matter,
    NotTheirs,
    Relation,
    guard,
    may_see,
    seen_by,
)
from tests.conversations.stage import words

MATTERS: tuple[Matter, ...] = get_args(Matter)
RELATIONS: tuple[Relation, ...] = get_args(Relation)
OWN: tuple[Matter, ...] = ("kept_hopes", "goal_words", "check_ins", "reflections", "ratings")
"""What a person alone may see."""


def test_every_matter_stands_in_the_table() -> None:
    """What is not in it could not be guarded."""
    assert set(SEES) == set(MATTERS)


@pytest.mark.parametrize("matter", MATTERS)
def test_everybody_may_see_their_own(matter: Matter) -> None:
    """They can read, export and erase it."""
    assert may_see("self", matter)


@pytest.mark.parametrize("matter", OWN)
@pytest.mark.parametrize("relation", [each for each in RELATIONS if each != "self"])
def test_what_is_private_is_nobody_elses(matter: Matter, relation: Relation) -> None:
    """Goals, reflections, check-ins, ratings and what was kept belong to the person."""
    assert not may_see(relation, matter)


@pytest.mark.parametrize("matter", MATTERS)
def test_a_stranger_sees_nothing(matter: Matter) -> None:
    """Eve is in the programme, and that is no relation."""
    assert not may_see(None, matter)


def test_a_partner_sees_what_the_pair_shares() -> None:
    """Dates, the agreement, the lines they let them read, and a pause without its reason."""
    assert set(seen_by("partner")) == {
        "lines_about_you",
        "meeting_dates",
        "agreement",
        "shared_hopes",
        "pause_date",
        "stall_reason",
        "having_joined",
    }


def test_a_supervisor_sees_that_and_why_and_no_content() -> None:
    """Words only where somebody asked for help, and a low meeting only by a yes."""
    assert set(seen_by("supervisor")) == {
        "pause_date",
        "stall_reason",
        "help_words",
        "low_meeting",
        "having_joined",
    }


def test_a_manager_sees_who_has_joined() -> None:
    """And nothing on one person beyond that."""
    assert seen_by("manager") == ("having_joined",)


@pytest.mark.parametrize("relation", RELATIONS)
def test_what_is_read_aloud_is_what_is_kept_to(relation: Relation) -> None:
    """`What can they see?` and the guard give one answer, in the table's order."""
    assert seen_by(relation) == tuple(matter for matter in SEES if may_see(relation, matter))


@pytest.mark.parametrize("matter", MATTERS)
@pytest.mark.parametrize("relation", [*RELATIONS, None])
def test_the_guard_lets_pass_or_names_both(relation: Relation | None, matter: Matter) -> None:
    """Whoever reads the refusal sees who was refused what."""
    if may_see(relation, matter):
        guard(relation, matter)
        return
    with pytest.raises(NotTheirs, match=f"{relation or 'a stranger'} may not see {matter}"):
        guard(relation, matter)


def test_every_matter_has_words() -> None:
    """The answer to `what can they see?` names each in plain words, not in ours."""
    reader = Reader(1, "Ana", "mentee", "Europe/Madrid", "en", lambda _: "Europe/Madrid")
    values = {"sights": (Sight("Ben", "partner", MATTERS),)}
    said = "".join(run.text for run in words().render("what_they_see", values, reader).runs)
    assert said.count(";") == len(MATTERS) - 1
    assert "_" not in said
