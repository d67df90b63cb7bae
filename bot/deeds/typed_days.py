"""Days and hours as somebody typed them, in whatever language."""

from __future__ import annotations

from collections.abc import Callable

from bot.turn import Turn, heard_from
from conversations.typed_dates import NotADate, Read


def read_typed(turn: Turn, person: int, read: Callable[[str], Read | NotADate]) -> Read | NotADate:
    """Give what somebody typed as their own language reads it, or else as the first other does."""
    found: Read | NotADate = "unknown"
    for words in heard_from(turn, person):
        found = read(words.language)
        if found != "unknown":
            return found
    return found
