"""What came by is forgotten, what was kept is not, and nothing that goes on misses it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.clock import WallClock
from bot.forgetting import AT_A_TIME, BEHIND_THE_PAGE, forget
from bot.platforms import Event
from bot.playground.panes import token_for
from bot.playground.serve import close, open_playground
from bot.playground.stage import Stage
from bot.settings import load_settings
from bot.store import tables
from bot.store.database import Store
from bot.turn import Setup
from tests.crashes import all_there_is
from tests.world import World

GOAL, STRANGE = "speak up in the large room", "who is this, please"


@pytest.fixture
def world(store: Store, setup: Setup) -> World:
    """A pair who said yes; Ana has a goal, and somebody unknown wrote."""
    world = World(store, setup)
    world.join("Ana", "Ben")
    world.type("Ana", "my goals")
    world.press("Ana", "Write one")
    world.type("Ana", GOAL)
    world.receive(Event("telegram", "strange", "77", "typed", {"text": STRANGE}))
    world.settle()
    return world


def where(world: World, words: str) -> set[str]:
    """Give the tables in which words stand."""
    with world.store.engine.begin() as connection:
        found = all_there_is(connection)
    return {name for name, rows in found.items() if any(words in row for row in rows)}


def forget_all(world: World) -> None:
    """Let go of all that may be let go of."""
    with world.store.transaction() as session:
        while forget(session, world.now):
            pass


def test_what_came_by_is_forgotten_and_what_was_kept_is_not(world: World) -> None:
    """A month after nobody can need it any more; until then it can be looked into."""
    forget_all(world)
    assert where(world, GOAL) == {"goal", "arrival", "journal_entry"}
    assert where(world, STRANGE) == {"arrival"}
    world.let_pass(days=65)
    forget_all(world)
    assert where(world, GOAL) == {"goal"}
    assert where(world, STRANGE) == set()
    asked = tables.Message.line == "first_goal"
    [message] = world.messages("Ana", asked)
    assert (message.state, message.runs, message.options) == ("sent", [], [])


def test_behind_the_playgrounds_page_nothing_is_kept_that_nobody_is_shown(world: World) -> None:
    """The page is Ana's phone: what she typed stands there as it would in any app."""
    world.let_pass(days=65)
    with world.store.transaction() as session:
        while forget(session, world.now, BEHIND_THE_PAGE):
            pass
    assert where(world, GOAL) == {"goal", "arrival"}
    [message] = world.messages("Ana", tables.Message.line == "first_goal")
    assert "different by the end" in str(message.runs)


async def test_the_playground_forgets_by_cohort_time(tmp_path: Path) -> None:
    """Weeks pass there in a moment, and with them what was only carried."""
    there = load_settings(None).playground.model_copy(update={"folder": tmp_path})
    settings = load_settings(None).model_copy(update={"playground": there})
    comentor, clock = open_playground(settings, WallClock())
    try:
        stage = Stage(comentor, clock)
        await stage.come(1, token_for(1), "event-1")
        await comentor.settle()
        for weeks, kept in ((4, True), (4, False)):
            for _ in range(weeks):
                await stage.advance("week")
            with comentor.store.reading() as session:
                journal = session.scalars(select(tables.JournalEntry.key)).all()
            assert bool(journal) == kept
        pane = await stage.pane(1)
        assert pane is not None
        assert "What I keep" in str(pane.bubbles)
    finally:
        comentor.writer.close()
        close(comentor.store)


def test_what_was_deleted_is_nowhere(world: World) -> None:
    """Not in what showed it, nor in what asked whether to delete it."""
    words, pair = "that I said nothing at all", world.pair().id
    with world.store.transaction() as session:
        session.add(
            tables.Reflection(
                person_id=world.ids["Ana"],
                pair_id=pair,
                question="notice-1",
                version=1,
                text="What did you notice?",
                at=world.now,
                kept="to_myself",
                words=words,
            )
        )
    world.type("Ana", "my reflections")
    world.press("Ana", "Delete one")
    world.press("Ana", "Delete it")
    assert where(world, words) == {"journal_entry", "message"}
    world.let_pass(days=31)
    forget_all(world)
    assert where(world, words) == set()


def test_what_still_goes_on_is_not_touched(world: World) -> None:
    """A conversation is told on from its journal, however long ago it began."""
    later = world.now + timedelta(days=90)
    with world.store.transaction() as session:
        session.execute(update(tables.Conversation).values(wake_at=later))
        session.execute(update(tables.Question).values(closes_at=later))
    world.now += timedelta(days=40)
    forget_all(world)
    world.type("Ana", "to rest")
    assert [goal.words for goal in world.rows(tables.Goal)] == [GOAL, "to rest"]


def test_an_old_button_of_something_forgotten_says_so(world: World) -> None:
    """Somebody's phone shows it for years."""
    button = world.button("Ana", "Write one").data
    world.let_pass(days=65)
    forget_all(world)
    world.press_data("Ana", button)
    assert world.replied("Ana")[0] == "old_button"


def test_what_is_still_on_its_way_keeps_its_words(world: World) -> None:
    """As to somebody who is in a long pause."""
    waits = tables.Message.line == "first_goal"
    with world.store.transaction() as session:
        session.execute(update(tables.Message).where(waits).values(state="pending"))
        until = world.now + timedelta(days=90)
        session.execute(update(tables.Message).where(waits).values(not_before=until))
        session.execute(update(tables.Conversation).values(ended_at=world.now, wake_at=None))
    world.now += timedelta(days=31)
    forget_all(world)
    [message] = world.messages("Ana", waits)
    assert "different by the end" in str(message.runs)


@pytest.mark.usefixtures("expect_faults")
def test_what_failed_stays_whole_until_it_was_run_again(world: World) -> None:
    """Nobody's words are lost by a fault of ours."""
    with world.store.transaction() as session:
        strange = tables.Arrival.event == "strange"
        change = update(tables.Arrival).where(strange).values(fault="wrong", done_at=None)
        session.execute(change)
    world.now += timedelta(days=400)
    forget_all(world)
    assert where(world, STRANGE) == {"arrival"}


def test_much_is_forgotten_a_little_at_a_time(world: World) -> None:
    """A year's inbox in one transaction would keep everybody waiting."""
    events = [
        Event("telegram", f"more {number}", "77", "typed", {"text": STRANGE})
        for number in range(AT_A_TIME)
    ]
    world.receive(*events)
    world.settle()
    world.now += timedelta(days=31)
    before = len(world.rows(tables.Arrival))
    with world.store.transaction() as session:
        assert forget(session, world.now)
    assert len(world.rows(tables.Arrival)) == before - AT_A_TIME
    forget_all(world)
    assert world.rows(tables.Arrival) == []
