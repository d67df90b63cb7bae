"""Where a text that is too long for one message is cut: at good places, and never inside a letter.

Places are characters, lengths are what a platform counts: UTF-16 units for Telegram
(core.telegram.org/api/entities), characters for Slack (docs.slack.dev, text object).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

MOST_STYLES = 100
"""Telegram ignores further entities of a text: python-telegram-bot, MessageLimit.MESSAGE_ENTITIES
(undocumented by Telegram itself)."""

Style = tuple[int, int]
"""From where to where a style goes."""

_ENDS = (
    re.compile("[.!?…][\"'’”»)\\]]*(?=[ \n])|[。\uff01\uff1f](?=.)"),  # of a sentence
    re.compile("(?=\n)"),  # of a line
    re.compile("(?=[ \n])"),  # of a word
)
_GLUED = re.compile("[\u200d\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
"""Joiner, skin tones and the letters of a flag: part of what stands before them."""
_HALF_FLAGS = re.compile("[\U0001f1e6-\U0001f1ff]+")


def units(text: str) -> int:
    """Give a text's length in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(
    text: str, styles: Sequence[Style], limit: int, length: Callable[[str], int] = units
) -> Iterator[tuple[int, int]]:
    """Give where each piece of a text begins and ends, each at most `limit` long by that `length`.

    Between two pieces, and before the first, there is nothing but spaces and line feeds.
    """
    offsets = range(len(text) + 1) if length(text) == len(text) else _offsets(text, length)
    whole = _Whole(text, styles, offsets, limit)
    start = _next_visible(text, 0)
    while start < len(text):
        end = whole.best_end(start)
        yield start, start + len(text[start:end].rstrip(" \n"))
        start = _next_visible(text, end)


def _offsets(text: str, length: Callable[[str], int]) -> Sequence[int]:
    return [0, *accumulate(length(character) for character in text)]


def _next_visible(text: str, place: int) -> int:
    return len(text) - len(text[place:].lstrip(" \n"))


@dataclass(frozen=True, slots=True)
class _Whole:
    """What is to be cut."""

    text: str
    styles: Sequence[Style]
    offsets: Sequence[int]
    """For each place the length of what stands before it."""
    limit: int

    def best_end(self, start: int) -> int:
        """Give the best place to end a piece that begins there: late, but a good one.

        The first half is looked at only where the second has no white space at all.
        """
        furthest = self._furthest(start)
        if furthest == len(self.text):
            return furthest
        for first in ((start + furthest) // 2, start):
            if (place := self._good_end(first, furthest)) is not None:
                return place
        style = self._short_style_at(furthest)
        if style is not None and style[0] > start:
            return style[0]
        return between_letters(self.text, furthest, start)

    def _furthest(self, start: int) -> int:
        end = bisect_right(self.offsets, self.offsets[start] + self.limit) - 1
        ahead = [style for style in self.styles if style[1] > start]
        if len(ahead) > MOST_STYLES:
            end = min(end, ahead[MOST_STYLES][0])
        return max(end, start + 1)

    def _good_end(self, first: int, furthest: int) -> int | None:
        """Give the last end of a sentence, else of a line, else of a word, behind `first`."""
        for ends in _ENDS:
            found = [each.end() for each in ends.finditer(self.text, first, furthest + 1)]
            for place in reversed(found):
                if first < place <= furthest and self._short_style_at(place) is None:
                    return place
        return None

    def _short_style_at(self, place: int) -> Style | None:
        """Give the style that this place is inside of, if it is short enough to be kept whole.

        One of more than a quarter of a piece is cut as any text is, and goes on in the next.
        """
        for start, end in self.styles:
            if start < place < end and self.offsets[end] - self.offsets[start] <= self.limit // 4:
                return start, end
        return None


def between_letters(text: str, end: int, start: int = 0) -> int:
    """Give the last place up to `end` that is inside no letter with its accents, and no emoji.

    Or `end` itself, where that would leave nothing since `start`.
    """
    place = end
    while place > start and _is_inside(text, place):
        place -= 1
    return place if place > start else end


def _is_inside(text: str, place: int) -> bool:
    before, after = text[place - 1 : place], text[place : place + 1]
    if not after:
        return False
    if unicodedata.category(after).startswith("M") or _GLUED.match(after) or before == "\u200d":
        return True
    # A flag is two of these, so an odd number of them before this place is half a flag.
    if _HALF_FLAGS.match(after) is None:
        return False
    flags = re.search(f"{_HALF_FLAGS.pattern}$", text[:place])
    return flags is not None and len(flags[0]) % 2 == 1
