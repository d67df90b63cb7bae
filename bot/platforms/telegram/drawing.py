"""One message of ours as Telegram shows it: its texts, and the buttons under the last of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.markup import Run
from bot.platforms import Part, Standing
from bot.platforms.settled import ending_of, ends_from
from bot.platforms.telegram.keyboards import Button, keyboard
from bot.platforms.telegram.settled import settled
from bot.platforms.telegram.words import Text, to_texts
from bot.saying import nobody
from bot.words import Words

_BETWEEN = Run("\n\n")


@dataclass(frozen=True, slots=True)
class Drawn:
    """What stands on the screen."""

    texts: list[Text]
    keyboard: list[list[Button]]


def draw(parts: Sequence[tuple[Part, Standing | None]], words: Words) -> Drawn:
    """Give a message of one part or several as it stands now.

    Where a question is closed its answer stands under it and its buttons are gone.
    """
    rows = [row for part, standing in parts for row in _rows(part, standing, words)]
    if len(parts) == 1:
        [(part, standing)] = parts
        *before, last = to_texts(part.runs) or [Text("")]
        # Where it takes several messages the buttons, and so the answer, are under the last.
        return Drawn([*before, settled(last, ending_of(part, standing, words))], rows)
    runs: list[Run] = []
    for part, standing in parts:
        closing = ending_of(part, standing, words)
        runs += [_BETWEEN, *part.runs, *((_BETWEEN, *closing) if closing else ())]
    return Drawn(to_texts(runs[1:]), rows)


def _rows(part: Part, standing: Standing | None, words: Words) -> list[list[Button]]:
    if not part.choices or (standing is not None and standing.how is not None):
        return []
    on = standing.chosen if standing else ()
    return keyboard(part, ends_from(words, nobody(words.language)), on)
