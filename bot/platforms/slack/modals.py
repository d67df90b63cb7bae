"""The window in which a longer answer is written."""

from __future__ import annotations

from collections.abc import Sequence

from bot.markup import Run, plain
from bot.platforms.slack.elements import WINDOW, plain_text
from bot.platforms.slack.words import MORE, Json, cleaned, rich_text, shortened, to_texts
from bot.saying import nobody
from bot.words import Words

LONGEST_TITLE = 24
"""Characters, also of the two buttons: docs.slack.dev, views."""
LONGEST_LABEL = 2000
"""Characters: docs.slack.dev, input block."""
LONGEST_ANSWER = 3000
"""Characters: docs.slack.dev, plain-text input element."""


def modal_for(question: str, prompt_runs: Sequence[Run], words: Words) -> Json:
    """Give the view to open for a question, `conversation.step`, with what it asks above the field.

    A question too long for one text ends in `…` here: it stands whole in the chat. What was
    written comes back as `state.values`, under the callback's id as both block and action.
    """
    name = f"write:{question}"
    said = words.render(WINDOW, {}, nobody(words.language), ("words", "send", "back"))
    label, send, back = said.labels
    field = {
        "type": "plain_text_input",
        "action_id": name,
        "multiline": True,
        "max_length": LONGEST_ANSWER,
        "focus_on_load": True,
    }
    label_text = plain_text(shortened(label, LONGEST_LABEL))
    return {
        "type": "modal",
        "callback_id": name,
        "private_metadata": "",
        "title": _short(plain(said.runs)),
        "submit": _short(send),
        "close": _short(back),
        "blocks": [
            *_asked(prompt_runs),
            {"type": "input", "block_id": name, "label": label_text, "element": field},
        ],
    }


def _short(text: str) -> Json:
    return plain_text(shortened(" ".join(cleaned(text).split()), LONGEST_TITLE))


def _asked(runs: Sequence[Run]) -> list[Json]:
    texts = to_texts(runs)
    return [rich_text((*texts[0], *([Run(MORE)] if texts[1:] else [])))] if texts else []
