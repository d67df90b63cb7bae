"""Questions read ahead for a pass: each press finds its question as the turns before it left it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, update

from bot.ahead import name_of, question, read_ahead
from bot.arrivals import waiting
from bot.store import tables
from bot.store.database import run
from tests.world import World

JOIN = "Yes, I'd like to"
NO = "No, thank you"


@contextmanager
def counted(world: World) -> Iterator[list[str]]:
    """Give the statements that are run meanwhile."""
    statements: list[str] = []

    def note(*given: object) -> None:
        statements.append(str(given[2]))

    event.listen(world.store.engine, "before_cursor_execute", note)
    yield statements
    event.remove(world.store.engine, "before_cursor_execute", note)


def test_a_pass_reads_all_that_is_pressed_at_once_and_writes_it_at_once(world: World) -> None:
    """Turn by turn it would take as many times as many statements as there are turns."""
    asked = ["Ana", "Ben", "Eve"]
    for name in asked:
        world.come(name)
    pressed = {name: world.button(name, JOIN).data for name in asked}
    world.receive(world.event("Ana", "pressed", data=pressed["Ana"]))
    with counted(world) as one:
        world.take()
    rest = [world.event(name, "pressed", data=pressed[name]) for name in ("Ben", "Eve")]
    world.receive(*rest)
    with counted(world) as two:
        world.take()
    asking = [sum("FROM question" in each for each in some) for some in (one, two)]
    saying = [sum("INTO message" in each for each in some) for some in (one, two)]
    assert (asking, saying) == ([1, 1], [1, 1])
    world.settle()
    assert all("zone" in world.got(name) for name in asked)


def test_a_button_that_is_pressed_twice_at_once_answers_once(world: World) -> None:
    """Both presses were read ahead while the question was open."""
    world.come("Ana")
    yes = world.button("Ana", JOIN).data
    world.receive(*(world.event("Ana", "pressed", data=yes) for _ in range(2)))
    world.take()
    world.settle()
    assert world.got("Ana").count("welcomed") == 1
    assert world.got("Ana")[-1] == "old_button"
    assert len(world.rows(tables.Arrival, tables.Arrival.fault.is_not(None))) == 0


def test_a_question_that_an_earlier_turn_closed_is_closed(world: World) -> None:
    """Whoever has stopped in between has nothing to answer."""
    world.come("Ana")
    yes, no = (world.button("Ana", label).data for label in (JOIN, NO))
    world.receive(world.event("Ana", "pressed", data=no), world.event("Ana", "pressed", data=yes))
    world.take()
    world.settle()
    assert world.got("Ana")[-2:] == ["no_is_fine", "old_button"]
    assert world.person("Ana").welcomed_at is None


def test_a_question_that_was_changed_past_its_conversation_is_read_anew(world: World) -> None:
    """A statement that does not say whose questions it changes may have changed any."""
    world.come("Ana")
    data = world.button("Ana", JOIN).data
    world.receive(world.event("Ana", "pressed", data=data))
    name = name_of(data)
    assert name is not None
    with world.store.transaction() as session:
        read_ahead(session, waiting(session))
        first = question(session, name)
        assert first is not None
        assert first.held is not None
        assert question(session, name) is first
        run(session, update(tables.rows_of(tables.Question)).values(takes_words=True))
        again = question(session, name)
        assert again is not None
        assert again.takes_words


def test_a_question_comes_with_its_conversation_and_journal(world: World) -> None:
    """As all that answering needs."""
    world.come("Ana")
    name = name_of(world.button("Ana", JOIN).data)
    assert name is not None
    with world.store.transaction() as session:
        asked = question(session, name)
        assert asked is not None
        assert asked.held is not None
        assert asked.held.talk.name == "welcome"
        assert question(session, (name[0], name[1] + 40)) is None
    entries = world.rows(tables.JournalEntry)
    assert [each.key for each in asked.held.journal] == [each.key for each in entries]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("12.3", (12, 3)),
        ("12.3.yes", (12, 3)),
        ("12.3.a.b", (12, 3)),
        ("", None),
        ("12", None),
        ("12.", None),
        ("a.3", None),
        ("12.-3", None),
        ("1" * 10 + ".3", None),
    ],
)
def test_names_are_read_and_nothing_else_is(text: str, name: tuple[int, int] | None) -> None:
    """What a button carries came over the network."""
    assert name_of(text) == name
