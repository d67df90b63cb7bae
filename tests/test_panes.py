"""What stands on a screen of the playground once a question is closed."""

from __future__ import annotations

import pytest

from bot.playground.panes import pane
from tests.world import World


def endings(world: World, name: str) -> list[str]:
    """Give what stands under each of somebody's questions that has been closed without a choice."""
    with world.store.transaction() as session:
        shown = pane(session, world.setup, world.ids[name], world.now)
    assert shown is not None
    return [part.ending for bubble in shown.bubbles for part in bubble.parts if part.ending]


def test_a_question_that_ran_out_says_so(world: World) -> None:
    """Its buttons are gone, and nobody is left to wonder why."""
    world.join("Ana", "Ben")
    world.type("Ana", "settings")
    assert endings(world, "Ana")[-1:] != ["This question is over."]
    world.let_pass(days=4)
    assert endings(world, "Ana")[-1] == "This question is over."


@pytest.mark.parametrize(
    ("typed", "says"), [("skip", "Skipped."), ("settings", "No longer needed.")]
)
def test_a_question_that_was_closed_otherwise_says_how(world: World, typed: str, says: str) -> None:
    """Passed, or asked for anew."""
    world.join("Ana", "Ben")
    world.type("Ana", "settings")
    world.type("Ana", typed)
    assert endings(world, "Ana")[-1] == says


def test_what_was_chosen_needs_no_other_words(world: World) -> None:
    """It stands there with its tick."""
    world.join("Ana", "Ben")
    before = endings(world, "Ana")
    world.type("Ana", "settings")
    world.press("Ana", "Leave it")
    assert endings(world, "Ana") == before


def test_where_none_was_chosen_of_several_it_says_so(world: World) -> None:
    """That was an answer too."""
    world.join("Ana", "Ben")
    world.type("Ana", "book")
    world.done("Ana")
    assert endings(world, "Ana")[-1] == "✓ None of these"
