"""What typed text means to an open question.

Its number, its label, `skip`, `later`, or the words themselves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from conversations.plain import JSON

Manner = Literal["ask", "ask_day", "ask_moment", "choose", "choosesome", "scale"]


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question as it stands on somebody's screen."""

    manner: Manner
    options: tuple[tuple[str, str], ...]
    """Key and label of each, as it was shown."""
    takes_words: bool
    """Whether free words are taken, here or by a newer question: then only a whole label counts."""
    chosen: tuple[str, ...] = ()
    """Keys of what is on so far, where any number can be chosen."""
    ends: tuple[str, ...] = ()
    """Labels of the button that ends choosing."""


@dataclass(frozen=True, slots=True)
class PassWords:
    """The typed words that pass a question, put it off or end choosing, folded.

    They come from the words, not from here.
    """

    skip: frozenset[str]
    later: frozenset[str]
    none: frozenset[str]
    done: frozenset[str]


_CURLY = str.maketrans("‘’", "''")
"""Keyboards of phones put these in by themselves."""


def fold(text: str) -> str:
    """Give the text as it is compared: lower case, single spaces, plain quotes, no final stop."""
    return " ".join(text.translate(_CURLY).casefold().split()).rstrip(".! ")


def understand(question: OpenQuestion, text: str, passing: PassWords) -> JSON:
    """Give the outcome that typed text is for this question, or None; `later` puts it off.

    Free words are not looked at here: see `words_for`.
    """
    folded = fold(text)
    if folded in passing.later:
        return {"later": True}
    chosen = _chosen(question, folded, passing)
    if chosen is not None:
        return {"chosen": list(chosen)}
    return {"skipped": True} if folded in passing.skip else None


def words_for(question: OpenQuestion, text: str) -> JSON:
    """Give the outcome that free words are for this question, or None if it takes none."""
    return {"words": text.strip()} if question.takes_words and text.strip() else None


def _chosen(question: OpenQuestion, folded: str, passing: PassWords) -> tuple[str, ...] | None:
    # A number is free words where words are taken: "3" may be somebody's goal.
    if question.takes_words and folded.isdecimal():
        return None
    keys = _keys_by_text(question.options)
    if folded in keys:
        return (keys[folded],)
    if question.manner == "choosesome":
        return _several(question, folded, passing, keys)
    named = None if question.takes_words else _only_one_beginning(question.options, folded)
    return (named,) if named else None


def _several(
    question: OpenQuestion, folded: str, passing: PassWords, keys: Mapping[str, str]
) -> tuple[str, ...] | None:
    if folded in passing.none and not question.takes_words:
        return ()
    if folded in passing.done or folded in map(fold, question.ends):
        return question.chosen
    parts = [part for part in re.split(r"\s*(?:[,;+&]|\band\b)\s*|\s+", folded) if part]
    numbers = parts and not question.takes_words and all(part.isdecimal() for part in parts)
    return _all_of(parts, keys) if numbers else None


def _all_of(parts: Sequence[str], keys: Mapping[str, str]) -> tuple[str, ...] | None:
    return (
        tuple(dict.fromkeys(keys[part] for part in parts))
        if all(part in keys for part in parts)
        else None
    )


def _only_one_beginning(options: Sequence[tuple[str, str]], folded: str) -> str | None:
    """The one option whose label begins with these words.

    `yes` is enough for `Yes, that suits me`.
    """
    if not folded:
        return None
    found = [key for key, label in options if re.match(rf"{re.escape(folded)}\b", fold(label))]
    return found[0] if len(found) == 1 else None


def _keys_by_text(options: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Each option by its number and by its label.

    A label wins over a number (a scale's labels are its numbers).
    """
    by_number = {str(place): key for place, (key, _) in enumerate(options, 1)}
    return by_number | {fold(label): key for key, label in options}
