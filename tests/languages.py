"""Languages for tests: one that is spoken alone."""

from __future__ import annotations

from bot.languages import Languages
from bot.words import Words


def only(words: Words) -> Languages:
    """Give this language as the only one that is spoken."""
    return Languages(words, {words.language: words})
