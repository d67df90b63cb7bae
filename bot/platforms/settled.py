"""What ends a question, in words: its last button, and what stands under it once it is closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

from bot.markup import Run
from bot.platforms import Part, Standing
from bot.saying import Reader, nobody
from bot.words import Words

How = Literal["answered", "skipped", "lapsed", "overtaken"]
"""How a question came to be closed."""

_LINES: dict[How, str] = {
    "skipped": "answer_skipped",
    "lapsed": "answer_over",
    "overtaken": "answer_not_needed",
}


@dataclass(frozen=True, slots=True)
class Ends:
    """What the button that ends toggling says: with something on, and with nothing."""

    done: str
    none: str


def ends_from(words: Words, reader: Reader) -> Ends:
    """Give what the words have for the button that ends toggling."""
    return Ends(*words.render("toggles", {}, reader, ("done", "none")).labels)


def ending(words: Words, reader: Reader, how: How, labels: Sequence[str] = ()) -> tuple[Run, ...]:
    """Give what stands under a closed question: the labels chosen, or why there are none.

    Where it was answered with nothing chosen, that is what the last button said.
    """
    if how != "answered":
        return words.render(_LINES[how], {}, reader).runs
    chosen = tuple(labels) or words.render("toggles", {}, reader, ("none",)).labels
    return words.render("answered_by_choice", {"labels": chosen}, reader).runs


def written(words: Words, theirs: str) -> tuple[Run, ...]:
    """Give what stands under a question that was answered in a window: their words, literally."""
    if not theirs:
        return ()
    return words.render("answered_in_words", {"words": theirs}, nobody(words.language)).runs


def ending_of(part: Part, standing: Standing | None, words: Words) -> tuple[Run, ...]:
    """Give what stands under a part whose question is closed.

    Empty while it is open, and where words that stand in the chat are the answer.
    """
    if standing is None or standing.how is None:
        return ()
    if standing.how == "written":
        return written(words, standing.words)
    labels = {choice.data.split(".", 2)[-1]: choice.label for choice in part.choices}
    chosen = [labels[key] for key in standing.chosen if key in labels]
    if standing.how == "answered" and not chosen and part.manner != "choosesome":
        return ()
    return ending(words, nobody(words.language), cast(How, standing.how), chosen)
