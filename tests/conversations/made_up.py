"""Small conversations made up by hypothesis, and a world that answers them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal, TypeAlias, get_args

from hypothesis import strategies as st

from conversations.plain import JSON
from conversations.talk import (
    Ask,
    Choose,
    ChooseSome,
    Command,
    Do,
    Look,
    Lookup,
    Question,
    Scale,
    Step,
    ask,
    ask_or_choose,
    choose,
    choose_some,
    do,
    look,
    option_key,
    say,
    scale,
    wait,
)
from tests.conversations.stage import ANA, BEN, MARCH, PAIR


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

MANNERS = st.sampled_from(get_args(Manner))


def _parts(inner: st.SearchStrategy[Part]) -> st.SearchStrategy[Part]:
    branching = st.builds(Put, MANNERS, st.integers(0, 3), st.lists(inner, max_size=3).map(tuple))
    repeated = st.builds(Repeat, st.integers(1, 3), inner)
    apart = st.builds(Apart, inner, st.booleans())
    return st.lists(branching | repeated | apart, min_size=2, max_size=5).map(tuple)


PLAIN = st.builds(Put, MANNERS, st.integers(0, 3), st.just(()))
PARTS: st.SearchStrategy[Part] = _parts(
    st.recursive(st.lists(PLAIN, min_size=1, max_size=4).map(tuple), _parts, max_leaves=8)
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
            case Put():
                answer = await _branch(each, heard)
            case Repeat(times=times, part=inner):
                while times and (answer := await _part(inner, heard)) is not None:
                    times -= 1
            case Apart(part=inner, last=last):
                await _part(inner, heard)
                if last:
                    raise Ended
    return answer


async def _branch(put: Put, heard: list[object]) -> object:
    answer = await _put(put)
    heard.append(answer)
    if put.branches:
        await _part(put.branches[len(str(answer)) % len(put.branches)], heard)
    return answer


async def made_up(part: Part, heard: list[object]) -> None:
    """Tell a made-up conversation; what its steps gave it is heard."""
    try:
        await _part(part, heard)
    except Ended:
        return


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
            replies += [{"words": f"words {number}"}]
            replies += [{"chosen": [key]} for key in keys]
        case Choose() | Scale():
            replies += [{"chosen": [key]} for key in keys]
        case ChooseSome():
            replies += [{"chosen": keys[start:]} for start in range(len(keys) + 1)]
    return replies[number % len(replies)]
