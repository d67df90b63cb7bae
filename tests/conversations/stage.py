"""A stage for transcripts: one conversation, the people in it, and nothing of the machine.

What is looked up and done is answered by the test, every line is rendered in the real words, and
after every single step the coroutine is thrown away and replayed from its journal as JSON text. So
each transcript is a test of replay as well.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from types import NoneType
from typing import Any, ClassVar, cast

from bot.markup import plain
from bot.read_words import load_languages
from bot.saying import Reader
from bot.words import Rendered, Words
from conversations.breaks import HasStopped, PausedUntil
from conversations.catalogue import conversation
from conversations.plain import JSON, from_plain, to_plain
from conversations.replay import Entry
from conversations.replies import Manner, OpenQuestion, understand, words_for
from conversations.talk import (
    Choose,
    ChooseSome,
    Command,
    Do,
    Look,
    Lookup,
    Pair,
    Question,
    Say,
    Wait,
    Who,
    option_key,
    result_of,
)
from tests.conversations.recorded import JOURNALS, Recorded

ANA = Who(1, "Ana", "mentee")
BEN = Who(2, "Ben", "mentor")
EVE = Who(3, "Eve", "mentee")
"""She is in the programme, and not theirs."""
CLEO = Who(4, "Cleo", "supervisor")
DANA = Who(5, "Dana", "manager")
PAIR = Pair(7, ANA, BEN)
ZONES = {ANA.id: "Europe/Madrid", BEN.id: "Europe/London", EVE.id: "Europe/Madrid"}

MARCH = datetime(2026, 3, 10, 9, tzinfo=UTC)
"""Ten o'clock on a Tuesday in Madrid."""
APRIL = datetime(2026, 4, 7, 8, tzinfo=UTC)
"""Four weeks on at ten o'clock in Madrid: the clocks changed on 29 March."""
MAY = datetime(2026, 5, 5, 8, tzinfo=UTC)

Found = Mapping[type[Lookup[Any]] | type[Command[Any]], object]
"""What each lookup finds and each command gives: a value, or a function of what was asked."""


USUALLY: Found = {PausedUntil: None, HasStopped: False}
"""What is so unless a test says otherwise: nobody is in a pause, nobody has stopped."""


class Stage:
    """One talk as it is played. All that the bot says and does is to be told off in order."""

    ended: ClassVar[list[Recorded]] = []
    """What has been played to its end, for `record`."""

    def __init__(self, name: str, found: Found | None = None, /, **arguments: object) -> None:
        """Begin a conversation of the catalogue and run it to its first question."""
        self._found = {**USUALLY, **(found or {})}
        plainly = {key: to_plain(value) for key, value in arguments.items()}
        self.recorded = Recorded(name, conversation(name).version, plainly, ())
        self.looked: list[Lookup[Any]] = []
        self._untold: deque[Say | Command[Any]] = deque()
        self._telling = self.recorded.tell()
        self._run()

    # What the bot does.

    def asks(
        self,
        who: Who,
        line: str,
        options: Sequence[object] | None = None,
        within: timedelta | None = None,
        until: datetime | None = None,
        **values: object,
    ) -> None:
        """Tell off the open question; what is not named is not looked at."""
        question = self._question(who)
        assert question.line == line, f"{who.name} is asked {question.line}, not {line}"
        assert options is None or question.options == tuple(options), question.options
        assert within in {None, question.within}, question.within
        assert until in {None, question.until}, question.until
        _hold(question.values, values)

    def says(
        self, to: Who | Sequence[Who], line: str, files: Sequence[int] = (), **values: object
    ) -> None:
        """Tell off the next thing said, to whom, and its calendar files; and the values named."""
        said = self._next()
        people = (to,) if isinstance(to, Who) else tuple(to)
        assert isinstance(said, Say), f"does {said}, instead of saying {line}"
        assert (said.line, said.to) == (line, people), f"says {said.line} to {said.to}"
        assert said.calendar == tuple(files), f"{line} comes with the files {said.calendar}"
        _hold(said.values, values)

    def does(self, command: Command[Any]) -> None:
        """Tell off the next thing done."""
        done = self._next()
        assert done == command, f"{done} instead of {command}"

    def ends(self) -> None:
        """Nothing more is said, done or asked."""
        self._all_is_told()
        assert self._telling.step is None, f"goes on with {self._telling.step.key}"
        Stage.ended.append(self.recorded)

    # What people and time do.

    def presses(self, who: Who, *choices: object) -> None:
        """Somebody presses buttons, by key or by what they stand for (and done, where many go)."""
        question = self._question(who)
        keys = zip(_keys(question), question.options, strict=True)
        chosen = [key for key, option in keys if key in choices or option in choices]
        assert len(chosen) == len(choices), f"{choices} are not all among {question.options}"
        assert isinstance(question, ChooseSome) or len(chosen) == 1, "one button is one press"
        self._answer({"chosen": cast(JSON, chosen)})

    def types(self, who: Who, text: str) -> None:
        """Somebody types an answer: a number, a label, a word that passes, or their own words."""
        question = self._question(who)
        labels = _rendered(question.line, question.values, who, question.options).labels
        options = tuple(zip(_keys(question), labels, strict=True))
        manner = cast(Manner, type(question).__name__.lower())
        shown = OpenQuestion(manner, options, question.takes_words)
        outcome = understand(shown, text, words().passing) or words_for(shown, text)
        assert outcome not in (None, {"later": True}), f"{text!r} does not answer {question.line}"
        self._answer(outcome)

    def skips(self, who: Who) -> None:
        """Somebody passes the question."""
        self.types(who, "skip")

    def lapses(self) -> None:
        """The time of the open question runs out, or the moment waited for comes."""
        self._all_is_told()
        step = self._telling.step
        assert isinstance(step, Question | Wait), f"nothing is open: {step}"
        self._answer(None if isinstance(step, Wait) else {"lapsed": True})

    def _question(self, who: Who) -> Question[Any]:
        self._all_is_told()
        step = self._telling.step
        assert isinstance(step, Question), f"nothing is asked of {who.name}: {step}"
        assert step.who == who, f"{step.line} is asked of {step.who.name}, not of {who.name}"
        return step

    def _next(self) -> Say | Command[Any]:
        assert self._untold, f"nothing is said or done before {self._telling.step}"
        return self._untold.popleft()

    def _all_is_told(self) -> None:
        assert not self._untold, f"before that: {self._untold[0]}"

    def _answer(self, outcome: JSON) -> None:
        self._take(outcome)
        self._run()

    def _run(self) -> None:
        while (step := self._telling.step) is not None:
            match step:
                case Say():
                    for who in step.to:
                        _rendered(step.line, step.values, who)
                    self._untold.append(step)
                    self._take(None)
                case Look():
                    self.looked.append(step.lookup)
                    self._take(self._outcome(step.lookup))
                case Do():
                    self._untold.append(step.command)
                    self._take(self._outcome(step.command))
                case Question():
                    _rendered(step.line, step.values, step.who, step.options)
                    _keys(step)
                    return
                case _:
                    return

    def _outcome(self, asked: Lookup[Any] | Command[Any]) -> JSON:
        """Give what the test has for this, as JSON; what gives nothing needs no mention."""
        kind = type(asked)
        result = result_of(kind)
        if result is not NoneType:
            assert kind in self._found, f"the test does not say what {asked} gives"
        answer = self._found.get(kind)
        value = answer(asked) if callable(answer) else answer
        plainly = to_plain(value)
        assert from_plain(plainly, result) == value, f"{value} is not what {kind.__name__} gives"
        return plainly

    def _take(self, outcome: JSON) -> None:
        """Journal a step, go on, and see that a replay from the journal's text stands there too."""
        step = self._telling.step
        assert step is not None, "the talk is over"
        entry = Entry(step.key, outcome)
        longer = replace(self.recorded, journal=(*self.recorded.journal, entry))
        self.recorded = Recorded.from_json(longer.as_json())
        with self._telling as live:
            live.give(entry)
            self._telling = self.recorded.tell()
            assert self._telling.step == live.step, f"replayed to {self._telling.step}"


def in_turn(*values: object) -> Callable[[object], object]:
    """Find these one after the other."""
    left = iter(values)
    return lambda _: next(left)


def record(transcript: Callable[[], object], name: str) -> Path:
    """Play a transcript and keep the journal it ends with in `tests/journals`, for ever."""
    before = len(Stage.ended)
    transcript()
    assert len(Stage.ended) > before, "that transcript does not end a conversation"
    path = JOURNALS / f"{name}.json"
    path.write_text(Stage.ended[-1].as_json(), "utf-8")
    return path


@lru_cache
def words() -> Words:
    """Give the real words."""
    return load_languages().usual


def _rendered(
    line: str, values: Mapping[str, object], who: Who, options: Sequence[object] = ()
) -> Rendered:
    """Give a line as somebody reads it; a value that shows as Python is a fault."""
    reader = Reader(who.id, who.name, who.role, _zone(who.id), "en", _zone)
    rendered = words().render(line, values, reader, options)
    for text in (plain(rendered.runs), *rendered.labels):
        assert not re.search(r"[A-Z]\w+\(\w+=|datetime", text), text
    return rendered


def _zone(person: int) -> str:
    return ZONES.get(person, "Europe/Madrid")


def _hold(values: Mapping[str, object], expected: Mapping[str, object]) -> None:
    held = {name: values.get(name, "nothing") for name in expected}
    assert held == dict(expected), f"{held} instead of {dict(expected)}"


def _keys(question: Question[Any]) -> list[str]:
    """Give the keys of the options; a choice has at least one, and each has a key of its own."""
    keys = [option_key(option, place) for place, option in enumerate(question.options, 1)]
    assert len(set(keys)) == len(keys), f"{question.line} has a key twice: {keys}"
    assert keys or not isinstance(question, Choose | ChooseSome), f"{question.line} offers nothing"
    return keys
