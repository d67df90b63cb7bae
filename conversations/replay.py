"""Driving a conversation without an event loop: the first step its journal lacks is next.

A conversation that waits is its journal and nothing else. To go on, it is run again from the top;
every step that was taken before is answered from the journal, so it stands where it stood.
"""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from conversations.plain import JSON, NotPlain
from conversations.talk import Step


@dataclass(frozen=True, slots=True)
class Entry:
    """One step that was taken, and what came of it."""

    key: str
    outcome: JSON


class Diverged(Exception):
    """The conversation no longer says what its journal says it said.

    Give the changed one a new version.
    """


class NotAStep(TypeError):
    """A conversation awaited something that is not one of our words.

    It may only await say, ask, choose and so on.
    """


class Telling:
    """One run of a conversation: `step` is what it awaits now, None once it is over."""

    __slots__ = ("_coroutine", "step")

    def __init__(
        self, conversation: Coroutine[Any, Any, None], journal: Sequence[Entry] = ()
    ) -> None:
        """Run to the first step that the journal lacks. Raises Diverged or NotAStep."""
        self._coroutine = conversation
        self.step: Step[Any] | None = None
        try:
            self._send(None)
            for entry in journal:
                self.give(entry)
        except BaseException:
            conversation.close()
            raise

    def give(self, entry: Entry) -> None:
        """Answer the awaited step as it was journalled and run to the next one. Raises Diverged."""
        if self.step is None:
            raise Diverged(f"the conversation is over, the journal goes on: {_wordless(entry.key)}")
        if self.step.key != entry.key:
            code = _wordless(self.step.key)
            raise Diverged(f"the journal says {_wordless(entry.key)!r}, the conversation {code!r}")
        self._read(self.step, entry.outcome)

    def take(self, outcome: JSON) -> Entry:
        """Answer the awaited step for the first time, run to the next one, give what to journal.

        The conversation reads it as every replay will. Raises Diverged where it cannot.
        """
        if self.step is None:
            raise Diverged("the conversation is over: it awaits nothing any more")
        entry = Entry(self.step.key, outcome)
        self._read(self.step, outcome)
        return entry

    def _read(self, step: Step[Any], outcome: JSON) -> None:
        try:
            value = step.read(outcome)
        except NotPlain as error:
            raise Diverged(str(error)) from error
        self._send(value)

    def _send(self, value: object) -> None:
        try:
            step = self._coroutine.send(value)
        except StopIteration:
            self.step = None
            return
        if not isinstance(step, Step):
            raise NotAStep(f"awaited {step!r}")
        self.step = step

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of the coroutine; the journal is all there is to keep."""
        self._coroutine.close()


def _wordless(key: str) -> str:
    """Give a key without the arguments of a command, in which people's words may stand."""
    return key.split(" {", 1)[0]


def replay(conversation: Coroutine[Any, Any, None], journal: Sequence[Entry]) -> Step[Any] | None:
    """Give the step that comes after the journal, or None if the conversation is over.

    Raises Diverged where the journal and the code disagree, NotAStep where real I/O is awaited.
    """
    with Telling(conversation, journal) as telling:
        return telling.step
