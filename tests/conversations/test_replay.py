"""Replay: stopped after any step and told again from its journal, a talk is the same talk."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine, Generator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from typing import Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from conversations.catalogue import CATALOGUE, Conversation
from conversations.plain import JSON, from_plain, to_plain
from conversations.replay import Diverged, Entry, NotAStep, Telling, replay
from conversations.talk import (
    Ask,
    Choose,
    ChooseSome,
    Command,
    Do,
    Look,
    Lookup,
    Question,
    Say,
    Scale,
    Step,
    Wait,
    ask,
    ask_or_choose,
    choose,
    choose_some,
    do,
    look,
    option_key,
    result_of,
    say,
    scale,
    wait,
)
from tests.conversations.invented import values_of
from tests.conversations.stage import ANA, BEN, MARCH, PAIR

Talk = Coroutine[Any, Any, None]
MOST = 60
"""Steps to which a talk is followed."""

# Small conversations, made up.


@dataclass(frozen=True, slots=True)
class Weather(Lookup[tuple[int, ...]]):
    """Something that is never the same twice."""

    where: int


@dataclass(frozen=True, slots=True)
class Plant(Command[int]):
    """Something that must not be done twice."""

    where: int


Manner = Literal[
    "say", "ask", "ask_or_choose", "choose", "choose_some", "scale", "look", "do", "wait"
]


@dataclass(frozen=True, slots=True)
class Put:
    """One word of the language, and how the talk goes on by what came of it."""

    manner: Manner
    number: int
    branches: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part told several times, until nothing comes of it."""

    times: int
    part: Part


@dataclass(frozen=True, slots=True)
class Apart:
    """A part in a coroutine of its own, which may end the whole talk."""

    part: Part
    last: bool


Part: TypeAlias = "tuple[Put | Repeat | Apart, ...]"

WORDS = st.builds(
    Put,
    st.sampled_from(Manner.__args__),  # type: ignore[attr-defined]
    st.integers(0, 3),
    st.just(()),
)
PARTS: st.SearchStrategy[Part] = st.recursive(
    st.lists(WORDS, max_size=3).map(tuple),
    lambda part: st.lists(
        st.builds(
            Put,
            st.sampled_from(Manner.__args__),  # type: ignore[attr-defined]
            st.integers(0, 3),
            st.lists(part, max_size=3).map(tuple),
        )
        | st.builds(Repeat, st.integers(1, 3), part)
        | st.builds(Apart, part, st.booleans()),
        max_size=4,
    ).map(tuple),
    max_leaves=12,
)
REPLIES = st.lists(st.integers(0, 200), max_size=30)


class Ended(Exception):
    """Somebody in the middle of it all says that it is over."""


def _put(put: Put) -> Awaitable[object]:
    who = (ANA, BEN)[put.number % 2]
    options = tuple("abc"[: put.number + 1])
    steps: dict[Manner, Callable[[], Awaitable[object]]] = {
        "say": lambda: say(PAIR.both if put.number > 2 else who, f"line_{put.number}"),
        "ask": lambda: ask(who, f"words_{put.number}"),
        "ask_or_choose": lambda: ask_or_choose(who, f"either_{put.number}", options),
        "choose": lambda: choose(who, f"one_{put.number}", (*options, MARCH)),
        "choose_some": lambda: choose_some(who, f"some_{put.number}", (MARCH, *options)),
        "scale": lambda: scale(who, f"scale_{put.number}", high=put.number + 2),
        "look": lambda: look(Weather(put.number)),
        "do": lambda: do(Plant(put.number)),
        "wait": lambda: wait(MARCH + timedelta(days=put.number)),
    }
    return steps[put.manner]()


async def _part(part: Part, heard: list[object]) -> object:
    answer: object = None
    for each in part:
        match each:
            case Put(branches=branches):
                answer = await _put(each)
                heard.append(answer)
                if branches:
                    await _part(branches[len(str(answer)) % len(branches)], heard)
            case Repeat(times=times, part=inner):
                for _ in range(times):
                    answer = await _part(inner, heard)
                    if answer is None:
                        break
            case Apart(part=inner, last=last):
                await _part(inner, heard)
                if last:
                    raise Ended
    return answer


async def made_up(part: Part, heard: list[object]) -> None:
    """Tell a made-up conversation; what its steps gave it is heard."""
    try:
        await _part(part, heard)
    except Ended:
        return


# The world that answers, and two ways to tell a talk in it.


@dataclass
class World:
    """Looks different at every look, counts every deed, and answers questions by the list."""

    replies: Sequence[int]
    deeds: list[Command[Any]] = field(default_factory=list)
    looks: int = 0
    asked: int = 0

    def answer(self, step: Step[Any]) -> JSON:
        """Give what comes of a step; a question after the last reply runs out."""
        match step:
            case Look():
                self.looks += 1
                return [self.looks] * (self.looks % 3)
            case Do():
                self.deeds.append(step.command)
                return len(self.deeds)
            case Question():
                self.asked += 1
                rest = self.replies[self.asked - 1 :]
                return reply_to(step, rest[0]) if rest else {"lapsed": True}
        return None


def reply_to(question: Question[Any], number: int) -> JSON:
    """Give one of the replies that a question can have, chosen by a number."""
    keys: list[JSON] = [option_key(o, place) for place, o in enumerate(question.options, 1)]
    replies: list[JSON] = [{"lapsed": True}, {"skipped": True}]
    match question:
        case Ask():
            replies += [{"words": f"words {number}"}, *({"chosen": [key]} for key in keys)]
        case Choose() | Scale():
            replies += [{"chosen": [key]} for key in keys]
        case ChooseSome():
            replies += [{"chosen": keys[start:]} for start in range(len(keys) + 1)]
    return replies[number % len(replies)]


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
    part = draw(PARTS)
    journal = tell_in_one_go(made_up(part, []), World(draw(REPLIES)))
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

    replay(holding(), [])
    assert released == ["once"]


def test_a_fault_in_a_conversation_is_its_own() -> None:
    """It is neither Diverged nor swallowed."""

    async def faulty() -> None:
        await say(ANA, "line_1")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        replay(faulty(), [Entry("say line_1 1", None)])


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
    """With invented people and answers: told on, and told again from text, it stands at one step."""
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
