"""Which function answers which lookup or command: by its class."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from bot.turn import Turn


class NotKnown(NotImplementedError):
    """A conversation looks up or does something that no function here answers.

    A test names each that lacks one.
    """


@singledispatch
def find(lookup: Any, turn: Turn) -> Any:
    """Give what a conversation looks up. Raises NotKnown."""
    raise NotKnown(type(lookup).__name__)


@singledispatch
def perform(command: Any, turn: Turn) -> Any:
    """Do what a conversation asks, in the turn's transaction, and give its result.

    Raises NotKnown.
    """
    raise NotKnown(type(command).__name__)
