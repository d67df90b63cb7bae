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
LONGEST_ANSWER = 2900
"""Characters, fewer than Slack takes (3,000: docs.slack.dev, plain-text input element), so that the
chat can show them whole."""


def modal_for(
    question: str, manner: str, prompt_runs: Sequence[Run], words: Words, thread: str = ""
) -> Json:
    """Give the view to open for a question, `conversation.step`, with what it asks above the field.

    `thread` is the one that it was opened in, if any: that comes back, too.

    A question too long for one text ends in `…` here: it stands whole in the chat. What was written
    or picked comes back as `state.values`.
    """
    name = f"write:{question}"
    said = words.render(
        WINDOW, {}, nobody(words.language), ("words", "day", "time", "send", "back")
    )
    label, day, time, send, back = said.labels
    fields = {
        "ask_day": [_field(f"{name}:day", day, {"type": "datepicker"})],
        "ask_moment": [
            _field(f"{name}:day", day, {"type": "datepicker"}),
            _field(f"{name}:time", time, {"type": "timepicker"}),
        ],
    }.get(manner) or [_field(name, label, _WORDS)]
    return {
        "type": "modal",
        "callback_id": name,
        "private_metadata": thread,
        "title": _short(plain(said.runs)),
        "submit": _short(send),
        "close": _short(back),
        "blocks": [*_asked(prompt_runs), *fields],
    }


_WORDS: Json = {
    "type": "plain_text_input",
    "multiline": True,
    "max_length": LONGEST_ANSWER,
    "focus_on_load": True,
}


def _field(name: str, label: str, element: Json) -> Json:
    """Give a field; its block and its action bear one name."""
    text = plain_text(shortened(label, LONGEST_LABEL))
    return {
        "type": "input",
        "block_id": name,
        "label": text,
        "element": {**element, "action_id": name},
    }


def _short(text: str) -> Json:
    return plain_text(shortened(" ".join(cleaned(text).split()), LONGEST_TITLE))


def _asked(runs: Sequence[Run]) -> list[Json]:
    texts = to_texts(runs)
    return [rich_text((*texts[0], *([Run(MORE)] if texts[1:] else [])))] if texts else []
