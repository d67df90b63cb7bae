"""Replay: stopped after any step and told again from its journal, a talk is the same talk."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine, Generator, Sequence
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from conversations.catalogue import CATALOGUE, Conversation
from conversations.goals import AddGoal
from conversations.plain import JSON, from_plain, to_plain
from conversations.replay import Diverged, Entry, NotAStep, Telling, replay
from conversations.talk import (
    Do,
    Look,
    Question,
    Say,
    Step,
    Wait,
    do,
    result_of,
    say,
    wait,
)
from tests.conversations.invented import values_of
from tests.conversations.made_up import (
    PARTS,
    REPLIES,
    Manner,
    Part,
    Plant,
    Put,
    Repeat,
    World,
    made_up,
    reply_to,
)
from tests.conversations.stage import ANA, MARCH

Talk = Coroutine[Any, Any, None]
MOST = 60
"""Steps to which a talk is followed."""

# Two ways to tell a talk.


def through_text(journal: Sequence[Entry]) -> list[Entry]:
    """Give what a database gives back of a journal."""
    text = json.dumps([[entry.key, entry.outcome] for entry in journal])
    return [Entry(key, outcome) for key, outcome in json.loads(text)]


def tell_in_one_go(talk: Talk, world: World) -> list[Entry]:
    """Tell a talk without ever stopping; give its journal."""
    journal: list[Entry] = []
    with Telling(talk) as telling:
        while telling.step is not None and len(journal) < MOST:
            entry = Entry(telling.step.key, world.answer(telling.step))
            journal.append(entry)
            telling.give(entry)
    return journal


def tell_step_by_step(begin: Callable[[], Talk], world: World) -> list[Entry]:
    """Tell a talk as the machine does after a crash at every step: from the top, by its journal."""
    journal: list[Entry] = []
    while (step := replay(begin(), journal)) is not None and len(journal) < MOST:
        journal = through_text([*journal, Entry(step.key, world.answer(step))])
    return journal


# The same talk, each effect once.


@settings(max_examples=300, deadline=None)
@given(PARTS, REPLIES)
def test_stopped_after_every_step_it_is_the_same_talk(part: Part, replies: list[int]) -> None:
    """The same steps with the same outcomes, and the same is heard."""
    heard: list[object] = []
    heard_again: list[object] = []

    def begin() -> Talk:
        heard_again.clear()
        return made_up(part, heard_again)

    journal = tell_in_one_go(made_up(part, heard), World(replies))
    assert tell_step_by_step(begin, World(replies)) == journal
    assert heard_again == heard


@settings(max_examples=300, deadline=None)
@given(PARTS, REPLIES)
def test_stopped_after_every_step_each_effect_comes_once(part: Part, replies: list[int]) -> None:
    """In the same order; nothing is looked up or asked again either."""
    once, again = World(replies), World(replies)
    tell_in_one_go(made_up(part, []), once)
    tell_step_by_step(lambda: made_up(part, []), again)
    assert again == once


@settings(deadline=None)
@given(PARTS, REPLIES)
def test_any_beginning_of_a_journal_leads_to_what_came_next(part: Part, replies: list[int]) -> None:
    """A turn that crashed left the journal a step shorter, and that step is taken again."""
    journal = tell_in_one_go(made_up(part, []), World(replies))
    for length, entry in enumerate(journal):
        step = replay(made_up(part, []), journal[:length])
        assert step is not None
        assert step.key == entry.key


def test_twenty_steps_replay() -> None:
    """A long talk is a journal of twenty rows and nothing else."""
    part: Part = (
        Repeat(5, (Put("say", 1, ()), Put("look", 2, ()), Put("ask", 3, ()), Put("do", 1, ()))),
    )
    world = World([2] * 5)
    journal = tell_step_by_step(lambda: made_up(part, []), world)
    assert [entry.key.split()[0] for entry in journal] == ["say", "look", "ask", "do"] * 5
    assert world.deeds == [Plant(1)] * 5


# A journal that is not this talk's.


@st.composite
def journals(draw: st.DrawFn) -> tuple[Part, list[Entry]]:
    """Make up a conversation and a journal of it of two steps or more."""
    part, replies = draw(PARTS), draw(REPLIES)
    journal = tell_in_one_go(made_up(part, []), World(replies))
    assume(2 <= len(journal) < MOST)
    return part, journal


def neighbours(journal: list[Entry]) -> list[int]:
    """Give the places whose step differs from the next one's."""
    return [
        place for place, (one, next_one) in enumerate(pairwise(journal)) if one.key != next_one.key
    ]


wrong = settings(deadline=None, suppress_health_check=[HealthCheck.filter_too_much])


@wrong
@given(journals(), st.data())
def test_a_journal_with_a_step_cut_out_is_diverged(
    told: tuple[Part, list[Entry]], data: st.DataObject
) -> None:
    """What was done must not be done again because a row is missing."""
    part, journal = told
    assume(neighbours(journal))
    del journal[data.draw(st.sampled_from(neighbours(journal)))]
    with pytest.raises(Diverged):
        replay(made_up(part, []), journal)


@wrong
@given(journals(), st.data())
def test_a_journal_with_two_steps_swapped_is_diverged(
    told: tuple[Part, list[Entry]], data: st.DataObject
) -> None:
    """An answer must not be taken for that of another question."""
    part, journal = told
    assume(neighbours(journal))
    place = data.draw(st.sampled_from(neighbours(journal)))
    journal[place], journal[place + 1] = journal[place + 1], journal[place]
    with pytest.raises(Diverged):
        replay(made_up(part, []), journal)


@wrong
@given(journals(), st.data())
def test_a_journal_with_another_key_is_diverged(
    told: tuple[Part, list[Entry]], data: st.DataObject
) -> None:
    """A line that was renamed is another conversation, and needs another version."""
    part, journal = told
    place = data.draw(st.integers(0, len(journal) - 1))
    journal[place] = Entry(journal[place].key + "0", journal[place].outcome)
    with pytest.raises(Diverged):
        replay(made_up(part, []), journal)


@wrong
@given(journals())
def test_a_journal_that_goes_on_after_the_end_is_diverged(told: tuple[Part, list[Entry]]) -> None:
    """The old version had more to say."""
    part, journal = told
    with pytest.raises(Diverged, match="the conversation is over"):
        replay(made_up(part, []), [*journal, Entry("say goodbye 1", None)])


def test_diverged_keeps_peoples_words_to_itself() -> None:
    """A fault is shown to whoever runs comentor, and what was written is not theirs to read."""
    part: Part = (Put("say", 1, ()),)
    with pytest.raises(Diverged) as raised:
        replay(made_up(part, []), [Entry('do AddGoal {"words": "to leave"}', None)])
    assert "to leave" not in str(raised.value)


def test_diverged_names_both_sides() -> None:
    """Whoever reads it sees what was said then and what is said now."""
    part: Part = (Put("say", 1, ()),)
    with pytest.raises(
        Diverged, match="journal says 'say farewell 2', the conversation 'say line_1 2'"
    ):
        replay(made_up(part, []), [Entry("say farewell 2", None)])


NOT_ANSWERS: list[tuple[Manner, JSON]] = [
    ("ask", {"words": ""}),
    ("ask", {"chosen": ["a"]}),
    ("ask", None),
    ("ask_or_choose", {"chosen": ["z"]}),
    ("ask_or_choose", {"words": 3}),
    ("choose", {"chosen": ["z"]}),
    ("choose", {"chosen": []}),
    ("choose", {"chosen": ["a", "b"]}),
    ("choose", {"chosen": "a"}),
    ("choose", {"chosen": [1]}),
    ("choose", {"chosen": [["a"]]}),
    ("choose", {"words": "a"}),
    ("choose", "a"),
    ("choose_some", {"chosen": ["a", "z"]}),
    ("choose_some", {"chosen": [{"a": 1}]}),
    ("choose_some", None),
    ("scale", {"chosen": ["0"]}),
    ("scale", {"chosen": ["4"]}),
    ("scale", {"chosen": ["²"]}),
    ("scale", {"chosen": [2]}),
    ("scale", {"lapsed": False}),
    ("look", None),
    ("look", [1, "2"]),
    ("do", "1"),
]


@pytest.mark.parametrize(("manner", "outcome"), NOT_ANSWERS)
def test_an_outcome_that_is_no_answer_is_diverged(manner: Manner, outcome: JSON) -> None:
    """It is never guessed at, nor does it show as another error."""
    put = Put(manner, 1, ())
    step = replay(made_up((put,), []), [])
    assert step is not None
    with pytest.raises(Diverged):
        replay(made_up((put,), []), [Entry(step.key, outcome)])


# Awaiting what is not one of our words.


class Stray:
    """Something awaitable that yields what it likes."""

    def __await__(self) -> Generator[object, None, None]:
        yield "a step, honestly"


STRAYS: dict[str, Callable[[], Awaitable[object]]] = {
    "a breath": lambda: asyncio.sleep(0),
    "a minute": lambda: asyncio.sleep(60),
    "a future": lambda: asyncio.get_running_loop().create_future(),
    "an event": lambda: asyncio.Event().wait(),
    "a stray": Stray,
}


async def straying(stray: Callable[[], Awaitable[object]]) -> None:
    """Say one thing, then await something else."""
    await say(ANA, "line_1")
    await stray()


@pytest.mark.parametrize("stray", STRAYS.values(), ids=STRAYS)
async def test_awaiting_anything_else_is_refused(stray: Callable[[], Awaitable[object]]) -> None:
    """At once, even where there is an event loop to be fooled by."""
    with pytest.raises(NotAStep):
        replay(straying(stray), [Entry("say line_1 1", None)])


def test_a_conversation_that_only_strays_is_refused() -> None:
    """Before it has said anything."""

    async def only() -> None:
        await asyncio.sleep(0)

    with pytest.raises(NotAStep):
        replay(only(), [])


def test_a_conversation_that_was_let_go_cleans_up() -> None:
    """Whatever it held is released at every stop, not at the end of days."""
    released: list[str] = []

    async def holding() -> None:
        try:
            await say(ANA, "line_1")
        finally:
            released.append("once")

    talk = holding()
    replay(talk, [])
    assert released == ["once"]
    talk.close()  # it was held here all the time


def test_a_fault_in_a_conversation_is_its_own() -> None:
    """It is neither Diverged nor swallowed."""

    async def faulty() -> None:
        await say(ANA, "line_1")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        replay(faulty(), [Entry("say line_1 1", None)])


def test_a_key_is_the_same_on_every_python() -> None:
    """An upgrade of Python must not part a talk from its journal: a face of Unicode 16."""
    assert do(AddGoal(1, "\U0001fae9")).key == 'do AddGoal {"person": 1, "words": "\U0001fae9"}'


def test_a_wait_knows_its_instant_in_any_zone() -> None:
    """The journal names it in UTC."""
    assert wait(MARCH).key == "wait 2026-03-10T09:00:00+00:00"
    assert wait(MARCH.astimezone(ZoneInfo("Europe/Madrid"))).key == wait(MARCH).key


# All that there is.


@pytest.mark.parametrize(
    "kind", CATALOGUE.values(), ids=[f"{name}-{version}" for name, version in CATALOGUE]
)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_every_conversation_can_be_stopped_after_every_step(
    kind: Conversation, data: st.DataObject
) -> None:
    """Told on, and told again from its journal as text, it stands at the same step."""
    hints = kind.parameters()
    arguments = {name: to_plain(data.draw(values_of(hint))) for name, hint in hints.items()}

    def begin() -> Talk:
        return kind.tell(**{name: from_plain(arguments[name], hints[name]) for name in hints})

    journal: list[Entry] = []
    with Telling(begin()) as telling:
        while telling.step is not None and len(journal) < MOST:
            assert replay(begin(), through_text(journal)) == telling.step
            entry = Entry(telling.step.key, _invented(telling.step, data))
            journal.append(entry)
            telling.give(entry)
    if len(journal) < MOST:
        assert replay(begin(), through_text(journal)) is None


def _invented(step: Step[Any], data: st.DataObject) -> JSON:
    match step:
        case Look() | Do():
            asked = step.lookup if isinstance(step, Look) else step.command
            return to_plain(data.draw(values_of(result_of(type(asked)))))
        case Question():
            return reply_to(step, data.draw(st.integers(0, 200)))
        case Say() | Wait():
            return None
    raise AssertionError(step)
