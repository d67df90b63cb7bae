"""Which question was meant, where what somebody typed could answer several that are open."""

from __future__ import annotations

from dataclasses import dataclass

from conversations.talk import Command, Who, choose, do, say


@dataclass(frozen=True, slots=True)
class Open:
    """A question that is open, as somebody can tell it from another."""

    talk: int
    step: int
    """With its conversation, what it is known by."""
    about: str
    """The partner it is about, or the pair; empty where it is about nobody else."""
    text: str
    """What it asks, on one line."""


@dataclass(frozen=True, slots=True)
class AnswerWith(Command[bool]):
    """Take what was typed as the answer to one question, as if it had been typed in reply to it.

    Gives whether that was still open.
    """

    person: int
    talk: int
    step: int
    typed: str


async def ask_which(who: Who, typed: str, among: tuple[Open, ...]) -> None:
    """Ask by one tap which of several questions was meant; until then nothing is put down."""
    match await choose(who, "which_question", (*among, "none"), among=among):
        case Open() as meant:
            if not await do(AnswerWith(who.id, meant.talk, meant.step, typed)):
                await say(who, "old_button")
        case "none":
            await say(who, "put_down_nowhere")
