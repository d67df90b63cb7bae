"""What typed text means to an open question.

Its number, its label, a yes or a no, `skip`, `later`, or the words themselves; a courtesy round it
(`yes, please`) changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
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
    """Whether free words are taken: then a number or part of a label is such words."""
    chosen: tuple[str, ...] = ()
    """Keys of what is on so far, where any number can be chosen."""
    ends: tuple[str, ...] = ()
    """Labels of the button that ends choosing."""
    behind_words: bool = False
    """Whether a newer question takes free words: then only a whole label is meant for this one."""


@dataclass(frozen=True, slots=True)
class PassWords:
    """The typed words that answer whatever is open, folded.

    They come from the words, not from here.
    """

    skip: frozenset[str]
    later: frozenset[str]
    none: frozenset[str]
    done: frozenset[str]
    yes: frozenset[str]
    yes_buttons: frozenset[str]
    """How the labels begin that a typed yes stands for."""
    no: frozenset[str]
    no_buttons: frozenset[str]
    polite: frozenset[str]
    """What may stand round an answer and changes nothing."""
    turning: frozenset[str]
    """Words that turn what a label says into its opposite."""
    joins: frozenset[str]
    """What stands between two of several, such as `and`."""


TELLING = 4
"""Letters. Fewer of a label are no hint at it: `it` stands in many."""
LONGEST = 200
"""Characters. More than that is a text of their own, whatever it begins or ends with."""


_CURLY = str.maketrans("‘’", "''")
"""Keyboards of phones put these in by themselves."""


def fold(text: str) -> str:
    """Give the text as it is compared: lower case, single spaces, plain quotes, no final stop."""
    return " ".join(text.translate(_CURLY).casefold().split()).rstrip(".! ")


def understand(question: OpenQuestion, text: str, passing: PassWords) -> JSON:
    """Give the outcome that typed text is for this question, or None; `later` puts it off.

    Free words are not looked at here: see `words_for`.
    """
    ways = dict.fromkeys((fold(text), without_courtesies(text, passing)))
    if passing.later & ways.keys():
        return {"later": True}
    chosen = (_chosen(question, each, passing) for each in ways)
    if (keys := next((each for each in chosen if each is not None), None)) is not None:
        return {"chosen": list(keys)}
    return {"skipped": True} if passing.skip & ways.keys() else None


def recognise(question: OpenQuestion, text: str, passing: PassWords) -> JSON:
    """Give the outcome of choosing the one label that holds every word typed, such as `video`.

    None where several do or none. It is for text that is nothing else, no command either: `help`
    may be a word of some label.
    """
    if question.takes_words or question.behind_words or question.manner == "choosesome":
        return None
    typed = _words_in(without_courtesies(text, passing))
    if sum(map(len, typed)) < TELLING:
        return None
    labels = [(key, _words_in(fold(label))) for key, label in question.options]
    # `a problem` is not `Not a problem`.
    found: list[JSON] = [
        key for key, words in labels if typed <= words and words & passing.turning <= typed
    ]
    return {"chosen": found} if len(found) == 1 else None


def without_courtesies(text: str, passing: PassWords) -> str:
    """Give text folded and without what is polite at its ends; all of it if it is nothing else."""
    folded = fold(text)
    if len(folded) > LONGEST:
        return folded
    # A comma between them is no part of either.
    polite = rf"(?:{_any_of(passing.polite)})"
    bare = re.sub(rf"^(?:{polite}\b[\s,;:.!]*)+", "", folded)
    bare = re.sub(rf"(?:[\s,;:.!]+{polite})+[\s,;:.!]*$", "", bare)
    return fold(bare.rstrip(",;:")) or folded


@lru_cache(maxsize=256)
def _any_of(phrases: frozenset[str]) -> str:
    """Give a pattern of these; what words have is asked for again and again."""
    return "|".join(re.escape(each) for each in sorted(phrases, key=len, reverse=True))


def _words_in(folded: str) -> set[str]:
    return set(re.findall(r"[\w':]+", folded))


def words_for(question: OpenQuestion, text: str) -> JSON:
    """Give the outcome that free words are for this question, or None if it takes none."""
    return {"words": text.strip()} if question.takes_words and text.strip() else None


def _chosen(question: OpenQuestion, folded: str, passing: PassWords) -> tuple[str, ...] | None:
    only_labels = question.takes_words or question.behind_words
    # A number is free words where words are taken: "3" may be somebody's goal.
    if only_labels and folded.isdecimal():
        return None
    keys = _keys_by_text(question.options)
    if folded in keys:
        return (keys[folded],)
    if question.manner == "choosesome":
        return _several(question, folded, passing, keys)
    named = None if only_labels else _only_one_beginning(question.options, frozenset({folded}))
    if named is None and not question.behind_words:
        named = _yes_or_no(question.options, folded, passing)
    return (named,) if named else None


def _yes_or_no(options: Sequence[tuple[str, str]], folded: str, passing: PassWords) -> str | None:
    """The one option that a yes or a no stands for, where nothing else was typed."""
    for said, beginnings in (
        (passing.yes, passing.yes_buttons),
        (passing.no, passing.no_buttons),
    ):
        if said and re.fullmatch(rf"(?:(?:{_any_of(said)})(?:[\s,;:.!]+|$))+", folded):
            return _only_one_beginning(options, beginnings)
    return None


def _several(
    question: OpenQuestion, folded: str, passing: PassWords, keys: Mapping[str, str]
) -> tuple[str, ...] | None:
    only_labels = question.takes_words or question.behind_words
    if folded in passing.none and not only_labels:
        return ()
    if folded in passing.done or folded in map(fold, question.ends):
        return question.chosen
    between = rf"\s*(?:[,;+&]|\b(?:{_any_of(passing.joins)})\b)\s*|\s+"
    parts = [part for part in re.split(between, folded) if part]
    numbers = parts and not only_labels and all(part.isdecimal() for part in parts)
    return _all_of(parts, keys) if numbers else None


def _all_of(parts: Sequence[str], keys: Mapping[str, str]) -> tuple[str, ...] | None:
    return (
        tuple(dict.fromkeys(keys[part] for part in parts))
        if all(part in keys for part in parts)
        else None
    )


def _only_one_beginning(
    options: Sequence[tuple[str, str]], beginnings: frozenset[str]
) -> str | None:
    """The one option whose label begins with one of these.

    `yes` is enough for `Yes, that suits me`.
    """
    if not any(beginnings):
        return None
    begins = re.compile(rf"(?:{_any_of(beginnings)})\b")
    found = [key for key, label in options if begins.match(fold(label))]
    return found[0] if len(found) == 1 else None


def _keys_by_text(options: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Each option by its number and by its label.

    A label wins over a number (a scale's labels are its numbers).
    """
    by_number = {str(place): key for place, (key, _) in enumerate(options, 1)}
    return by_number | {fold(label): key for key, label in options}
