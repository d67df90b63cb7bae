"""App Home: somebody's own page as Slack's blocks."""

from __future__ import annotations

from collections.abc import Sequence

from bot.markup import Run
from bot.platforms import Choice
from bot.platforms.slack.elements import LONGEST_LABEL, TOGETHER, plain_text
from bot.platforms.slack.receiving import ASK
from bot.platforms.slack.words import Json, rich_text, shortened, to_texts

MOST_BLOCKS = 100
"""Of a view (docs.slack.dev, views)."""


def home_view(pieces: Sequence[Sequence[Run]], choices: Sequence[Choice]) -> Json:
    """Give the view that `views.publish` takes."""
    blocks: list[Json] = []
    for piece in pieces:
        blocks += [{"type": "divider"}, *map(rich_text, to_texts(piece))]
    buttons = [_button(each) for each in choices]
    rows: list[Json] = [
        {"type": "actions", "elements": buttons[first : first + TOGETHER]}
        for first in range(0, len(buttons), TOGETHER)
    ]
    room = MOST_BLOCKS - len(rows) - 1
    line: list[Json] = [{"type": "divider"}] if rows else []
    return {"type": "home", "blocks": [*blocks[1 : room + 1], *line, *rows]}


def _button(choice: Choice) -> Json:
    return {
        "type": "button",
        "text": plain_text(shortened(choice.label, LONGEST_LABEL)),
        "value": choice.data,
        "action_id": f"{ASK}{choice.data}",
    }
