"""How a question's message is drawn once it is closed: what was asked, and under it the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.markup import Run
from bot.platforms.cutting import cut, units
from bot.platforms.telegram.words import LONGEST, Text, to_texts

_BETWEEN = "\n\n"
_MORE = " …"


def settled(asked: Text, ending: Sequence[Run], limit: int = LONGEST) -> Text:
    """Give the message to edit the question's into; its keyboard goes.

    `asked` is the text that the keyboard was under. All must stay one message, so what is too long
    ends in `…`: first the answer, then the question.
    """
    answer, *more = to_texts(ending, limit) or [Text("")]
    if not answer.text:
        return asked
    room = max(limit - units(asked.text + _BETWEEN), limit // 4)
    if more:
        answer = replace(answer, text=answer.text + _MORE)
    answer = _shortened(answer, room)
    asked = _shortened(asked, limit - units(_BETWEEN + answer.text))
    start = units(asked.text + _BETWEEN)
    moved = (replace(each, offset=each.offset + start) for each in answer.entities)
    return Text(asked.text + _BETWEEN + answer.text, (*asked.entities, *moved))


def _shortened(text: Text, most: int) -> Text:
    """Give a text of at most that many units; one that was longer ends in `…`."""
    if units(text.text) <= most:
        return text
    _, place = next(cut(text.text, (), most - units(_MORE)))
    end = units(text.text[:place])
    kept = (
        replace(each, length=min(each.length, end - each.offset))
        for each in text.entities
        if each.offset < end
    )
    return Text(text.text[:place] + _MORE, tuple(kept))
