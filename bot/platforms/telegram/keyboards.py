"""A question's inline keyboard as plain data: which buttons, in which rows.

Times are one a row, in their order. They are not grouped by day: a button knows its label and not
the moment behind it, and to read the day out of a label would be a guess in every other language.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.platforms import Choice, Part
from bot.platforms.cutting import cut
from bot.platforms.settled import Ends
from bot.platforms.telegram.words import can_be_seen, cleaned

LONGEST_DATA = 64
"""Bytes: Bot API, InlineKeyboardButton, callback_data."""
LONGEST_LABEL = 64
"""Characters. Telegram sets no limit; apps show one line, some forty characters on a phone and
about this many on a desk, and hide the rest without a word."""
MOST_BUTTONS = 100
MOST_IN_A_ROW = 8
"""Telegram refuses more: python-telegram-bot, InlineKeyboardMarkupLimit (undocumented)."""
ROW = 30
"""Characters that a row of buttons shows on a phone of 360 points: all in it are equally wide."""
MOST_WORDS_IN_A_ROW = 4
ON = "✓ "
"""Before what is on; nothing stands before what is off. Unlike ☑ it is no emoji, so every app draws
it in the label's own colour."""


@dataclass(frozen=True, slots=True)
class Button:
    """One button: what it says, and what a press sends back."""

    label: str
    data: str


def keyboard(part: Part, ends: Ends, on: Collection[str] = ()) -> list[list[Button]]:
    """Give the rows under a part, empty where it has no buttons; `on` are the keys chosen so far.

    Numbers of a scale share a row, short words two to four, everything else has a row of its own.
    Beyond 100 buttons the rest is left out: it can still be answered by number or in words. Raises
    ValueError where a button's data would not fit.
    """
    toggling = part.manner == "choosesome"
    shown = part.choices[: MOST_BUTTONS - toggling]
    buttons = [_button(choice, place, on) for place, choice in enumerate(shown, 1)]
    if part.manner == "scale":
        rows = _rows(buttons, MOST_IN_A_ROW)
    else:
        # As wide as with every one on: rows must not jump under a thumb.
        marks = len(ON) if toggling else 0
        rows = _rows(buttons, _columns([_width(each) + marks for each in map(_label, shown)]))
    if toggling and shown:
        data = ".".join((*shown[0].data.split(".")[:2], "done"))
        rows.append([Button(ends.done if on else ends.none, data)])
    return rows


def _button(choice: Choice, place: int, on: Collection[str]) -> Button:
    if len(choice.data.encode()) > LONGEST_DATA:
        raise ValueError(f"{choice.data} is longer than a button's {LONGEST_DATA} bytes")
    mark = ON if choice.data.split(".", 2)[-1] in on else ""
    # Every option answers to its number too, so that is what one without visible words says.
    return Button(mark + (_label(choice) or str(place)), choice.data)


def _label(choice: Choice) -> str:
    """Give a label on one line, with `…` where it was longer; empty where nothing can be seen."""
    label = " ".join(cleaned(choice.label).split())
    if not can_be_seen(label):
        return ""
    if len(label) <= LONGEST_LABEL:
        return label
    _, end = next(cut(label, (), LONGEST_LABEL - 1))
    return f"{label[:end]}…"


def _width(label: str) -> int:
    """Give about how many letters' width a label takes: an emoji or a Chinese character two."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in label)


def _columns(widths: Sequence[int]) -> int:
    widest = max(widths, default=0)
    return max(1, min(MOST_WORDS_IN_A_ROW, ROW // max(widest, 1)))


def _rows(buttons: Sequence[Button], columns: int) -> list[list[Button]]:
    """Give rows of at most that many, about equally long: five in fours are three and two."""
    if not buttons:
        return []
    count = -(-len(buttons) // columns)
    columns = -(-len(buttons) // count)
    return [list(buttons[first : first + columns]) for first in range(0, len(buttons), columns)]
