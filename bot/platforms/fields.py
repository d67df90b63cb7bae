"""Fields of what a platform sends, taken only where they are what its documents say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = Mapping[str, Any]


class Unexpected(Exception):
    """A field is not there, or not of the type that the platform gives it; the message names it."""


def object_in(holder: Json, name: str) -> Json:
    """Give an object. Raises Unexpected."""
    found = holder.get(name)
    if not isinstance(found, dict):
        raise Unexpected(name)
    return found


def text_in(holder: Json, name: str) -> str:
    """Give a text. Raises Unexpected."""
    found = holder.get(name)
    if not isinstance(found, str):
        raise Unexpected(name)
    return found


def number_in(holder: Json, name: str) -> int:
    """Give a whole number. Raises Unexpected."""
    found = holder.get(name)
    if not isinstance(found, int) or isinstance(found, bool):
        raise Unexpected(name)
    return found
