"""The words that a conversation is written in: say, ask, choose, scale, look, do, wait.

Each gives a step for the conversation to await; `steps` says what that is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from conversations.people import Pair, Role, Who
from conversations.steps import (
    Answer,
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
    Wanted,
    option_key,
    result_of,
)

__all__ = [
    "Answer",
    "Ask",
    "Choose",
    "ChooseSome",
    "Command",
    "Do",
    "Look",
    "Lookup",
    "Pair",
    "Question",
    "Role",
    "Say",
    "Scale",
    "Step",
    "Wait",
    "Who",
    "ask",
    "ask_or_choose",
    "before",
    "choose",
    "choose_some",
    "days",
    "do",
    "look",
    "option_key",
    "result_of",
    "say",
    "scale",
    "wait",
]

T = TypeVar("T")
Q = TypeVar("Q", bound=Question[Any])


def days(number: float) -> timedelta:
    """Give that many days."""
    return timedelta(days=number)


def say(
    to: Who | Sequence[Who], line: str, /, *, calendar: Sequence[int] = (), **values: object
) -> Say:
    """Say a line to one person or to several; `calendar` names meetings whose files go with it."""
    people = (to,) if isinstance(to, Who) else tuple(to)
    return Say(people, line, values, tuple(calendar))


def ask_or_choose(
    who: Who,
    line: str,
    buttons: Sequence[str],
    /,
    *,
    within: timedelta = days(3),
    skipped: str = "",
    **values: object,
) -> Ask:
    """Ask for words, with buttons for those who would rather not write.

    `skipped` is the button that a skip stands for; a skip reads as silence where there is none.
    """
    skip = Answer(button=skipped) if skipped else None
    return Ask(who, line, values, within, tuple(buttons), skipped=skip)


async def ask(
    who: Who,
    line: str,
    /,
    *,
    within: timedelta = days(3),
    skipped: str | None = None,
    wants: Wanted = "words",
    **values: object,
) -> str | None:
    """Ask for words. None where nothing came in time; `skipped` where it was skipped.

    `wants` says where the words are to name a day, or a moment.
    """
    skip = None if skipped is None else Answer(words=skipped)
    answer = await Ask(who, line, values, within, skipped=skip, wants=wants)
    return answer.words if answer else None


def choose(
    who: Who,
    line: str,
    among: Sequence[T],
    /,
    *,
    within: timedelta = days(3),
    skipped: T | None = None,
    **values: object,
) -> Choose[T]:
    """Let them choose one; `skipped` is what a skip stands for.

    Texts take their labels by name from the words, other values from `[*]`.
    """
    return Choose(who, line, values, within, tuple(among), skipped=skipped)


def choose_some(
    who: Who, line: str, among: Sequence[T], /, *, within: timedelta = days(3), **values: object
) -> ChooseSome[T]:
    """Let them choose any number: an empty tuple means none of them, None means no answer."""
    return ChooseSome(who, line, values, within, tuple(among))


def before(moment: datetime, question: Q) -> Q:
    """Give the same question, which nobody is asked once an answer could not matter any more."""
    return replace(question, until=moment)


def scale(
    who: Who, line: str, /, *, high: int = 5, within: timedelta = days(3), **values: object
) -> Scale:
    """Ask for a number from 1 to `high`."""
    return Scale(who, line, values, within, high)


def look(lookup: Lookup[T]) -> Look[T]:
    """Look something up; what is found now is what every replay will find."""
    return Look(lookup)


def do(command: Command[T]) -> Do[T]:
    """Do something, once."""
    return Do(command)


def wait(until: datetime) -> Wait:
    """Go on at that instant, or at once if it is past."""
    return Wait(until)
