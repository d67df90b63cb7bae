"""What a conversation awaits: frozen values, each with a key and a way to read what came of it.

Awaiting one hands it to whoever drives the conversation (`replay`), and what that driver sends
back is what the conversation reads. Nothing here waits, remembers or talks to anybody.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, Literal, TypeVar, get_args

from conversations.people import Who
from conversations.plain import JSON, NotPlain, from_plain, to_plain

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Lookup(Generic[T_co]):
    """A question to the machine: a frozen dataclass `class FreeTimes(Lookup[tuple[Time, ...]])`."""

    __slots__ = ()


class Command(Generic[T_co]):
    """Something the machine does, once.

    A frozen dataclass `class BookMeetings(Command[tuple[Meeting, ...]])`.
    """

    __slots__ = ()


class Step(Generic[T_co]):
    """What a conversation awaits."""

    __slots__ = ()

    def __await__(self) -> Generator[Step[Any], T_co, T_co]:
        """Hand this step to the driver and give what it answers."""
        return (yield self)

    @property
    def key(self) -> str:
        """What the journal knows this step by; where it differs on replay, that is Diverged."""
        raise NotImplementedError

    def read(self, outcome: JSON) -> T_co:
        """Give what the conversation reads for a journalled outcome.

        Raises NotPlain where it is not one.
        """
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Say(Step[None]):
    """One line to one person or several, each on their own platform."""

    to: tuple[Who, ...]
    line: str
    values: Mapping[str, object] = field(default_factory=dict)
    calendar: tuple[int, ...] = ()
    """Meetings whose calendar files go with it."""

    @property
    def key(self) -> str:
        return f"say {self.line} {','.join(str(who.id) for who in self.to)}"

    def read(self, outcome: JSON) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a question that takes words and buttons: one of them, neither after a skip."""

    words: str = ""
    button: str = ""


@dataclass(frozen=True, slots=True)
class Question(Step[T_co | None]):
    """What every question to one person has.

    It closes when answered, when `within` is over, or when overtaken. None where nothing came in
    time, and where it was skipped, unless a skip stands for something.
    """

    who: Who
    line: str
    values: Mapping[str, object]
    within: timedelta
    """Counted from when it goes out, but for a pause while the partner waits for the answer."""
    skipped: T_co | None = field(default=None, kw_only=True)
    """What a skip stands for, where the conversation goes on after one; silence stays None."""
    until: datetime | None = field(default=None, kw_only=True)
    """From when on an answer could not matter any more; nobody is asked after that."""

    @property
    def key(self) -> str:
        return f"{type(self).__name__.lower()} {self.line} {self.who.id}"

    @property
    def manner(self) -> str:
        """How it is asked, for those who show it."""
        return type(self).__name__.lower()

    @property
    def options(self) -> tuple[object, ...]:
        """What can be chosen.

        A text is its own key in the words, other values are numbered from 1.
        """
        return ()

    @property
    def takes_words(self) -> bool:
        """Whether any typed text is an answer."""
        return False

    def read(self, outcome: JSON) -> T_co | None:
        if outcome == {"lapsed": True}:
            return None
        return self.skipped if outcome == {"skipped": True} else self.answer(outcome)

    def answer(self, outcome: JSON) -> T_co:
        """Give what was answered. Raises NotPlain where this is no answer."""
        raise NotImplementedError


Wanted = Literal["words", "day", "moment"]


@dataclass(frozen=True, slots=True)
class Ask(Question[Answer]):
    """A question in words, perhaps with buttons beside."""

    buttons: tuple[str, ...] = ()
    wants: Wanted = "words"
    """Where a day or a moment is wanted, a platform may let people pick one; words do as well."""

    @property
    def manner(self) -> str:
        return "ask" if self.wants == "words" else f"ask_{self.wants}"

    @property
    def options(self) -> tuple[object, ...]:
        return self.buttons

    @property
    def takes_words(self) -> bool:
        return True

    def answer(self, outcome: JSON) -> Answer:
        match outcome:
            case {"words": str(words)} if words:
                return Answer(words=words)
            case {"chosen": [str(key)]} if key in self.buttons:
                return Answer(button=key)
        raise NotPlain(f"this does not answer {self.key}")


@dataclass(frozen=True, slots=True)
class Choose(Question[T], Generic[T]):
    """One of several."""

    among: tuple[T, ...]

    @property
    def options(self) -> tuple[object, ...]:
        return self.among

    def answer(self, outcome: JSON) -> T:
        chosen = _chosen(self, outcome)
        if len(chosen) != 1:
            raise NotPlain(f"this does not answer {self.key}")
        return chosen[0]


@dataclass(frozen=True, slots=True)
class ChooseSome(Question[tuple[T, ...]], Generic[T]):
    """Any number of several; empty if they say none."""

    among: tuple[T, ...]

    @property
    def options(self) -> tuple[object, ...]:
        return self.among

    def answer(self, outcome: JSON) -> tuple[T, ...]:
        return _chosen(self, outcome)


@dataclass(frozen=True, slots=True)
class Scale(Question[int]):
    """A number from 1 to `high`."""

    high: int

    @property
    def options(self) -> tuple[object, ...]:
        return tuple(range(1, self.high + 1))

    def answer(self, outcome: JSON) -> int:
        match outcome:
            case {"chosen": [str(key)]} if key.isdecimal() and 1 <= int(key) <= self.high:
                return int(key)
        raise NotPlain(f"this does not answer {self.key}")


@dataclass(frozen=True, slots=True)
class Look(Step[T]):
    """Something looked up, kept in the journal as it was found."""

    lookup: Lookup[T]

    @property
    def key(self) -> str:
        return f"look {_named(self.lookup)}"

    def read(self, outcome: JSON) -> T:
        found: T = from_plain(outcome, result_of(type(self.lookup)))
        return found


@dataclass(frozen=True, slots=True)
class Do(Step[T]):
    """Something done, once, in the transaction that journals it."""

    command: Command[T]

    @property
    def key(self) -> str:
        return f"do {_named(self.command)}"

    def read(self, outcome: JSON) -> T:
        result: T = from_plain(outcome, result_of(type(self.command)))
        return result


@dataclass(frozen=True, slots=True)
class Wait(Step[None]):
    """Until an instant."""

    until: datetime

    @property
    def key(self) -> str:
        return f"wait {to_plain(self.until)}"

    def read(self, outcome: JSON) -> None:
        return None


def option_key(option: object, place: int) -> str:
    """Give the key of an option: a text is its own, anything else goes by its place, from 1."""
    return option if isinstance(option, str) else str(place)


def result_of(kind: type) -> Any:
    """Give the type that a lookup or a command of this class results in."""
    bases: tuple[Any, ...] = getattr(kind, "__orig_bases__", ())
    return get_args(bases[0])[0]


_write = json.JSONEncoder(ensure_ascii=False).encode


def _named(value: object) -> str:
    # JSON and not repr, which writes the newest letters in one way or another by Python's version.
    return f"{type(value).__name__} {_write(to_plain(value))}"


def _chosen(question: Choose[T] | ChooseSome[T], outcome: JSON) -> tuple[T, ...]:
    by_key = {option_key(option, place): option for place, option in enumerate(question.among, 1)}
    match outcome:
        case {"chosen": list(keys)} if all(isinstance(k, str) and k in by_key for k in keys):
            return tuple(option for key, option in by_key.items() if key in keys)
    raise NotPlain(f"this does not answer {question.key}")
