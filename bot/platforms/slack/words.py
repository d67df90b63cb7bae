"""Our runs as Slack has them: elements of `rich_text`, in which what somebody typed is literal.

Slack reads markup in `mrkdwn` and in a message's `text`, and none in the text elements of
`rich_text` nor in `plain_text`: there `<!channel>`, `*` and `:wave:` are the characters they are
(docs.slack.dev, rich text block). So blocks are made of those two alone.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from bot.markup import Run, Style, plain
from bot.platforms.cutting import cut

LONGEST = 3000
"""Characters of one text. Slack says so of a section (docs.slack.dev, section block) and sets
no number for `rich_text`."""
HEAVIEST = 6000
"""Bytes of one text as JSON: half of what a message may weigh, see `drawing`."""
FRAME = 100
"""Bytes, more than what JSON puts round one run, or round all of them."""
LONGEST_TEXT = 4000
"""Characters of the `text` beside blocks (docs.slack.dev, chat.postMessage: advised)."""
LONGEST_ADDRESS = 3000
"""Slack's limit for the `url` of a button; it sets none for a link."""
MORE = "…"

Json = dict[str, Any]


def to_texts(runs: Sequence[Run], limit: int = LONGEST) -> list[tuple[Run, ...]]:
    """Give the runs as one text, or as several where one would be longer than Slack takes.

    All that can be seen comes out in order. A text ends with a sentence, else with a line, else
    with a word. White space is lost only there, and at the very beginning and end. Empty where
    nothing in the runs can be seen.
    """
    runs = [known(run) for run in runs]
    texts: list[tuple[Run, ...]] = []
    for start, end in cut(plain(runs), _styles(runs), limit, len):
        text = tuple(_between(runs, start, end))
        if not can_be_seen(plain(text)):
            continue
        # Many styles or long addresses weigh more than their characters.
        too_heavy = limit > 1 and _may_be_heavy(text) and weight(rich_text(text)) > HEAVIEST
        texts += to_texts(text, min(limit, end - start) // 2 or 1) if too_heavy else [text]
    return texts


def _may_be_heavy(text: Sequence[Run]) -> bool:
    """Whether a text has to be weighed: a character takes four bytes at most, a run has its frame.

    Writing the whole out to weigh it would be a tenth of what it takes to send it.
    """
    most = sum(FRAME + 4 * (len(run.text) + len(run.href)) for run in text)
    return FRAME + most > HEAVIEST


def rich_text(text: Sequence[Run]) -> Json:
    """Give the block that shows a text which `to_texts` gave."""
    section = {"type": "rich_text_section", "elements": [_element(run) for run in text]}
    return {"type": "rich_text", "elements": [section]}


def weight(block: object) -> int:
    """Give how many bytes of JSON something is: no way of counting that Slack may have is more."""
    return len(json.dumps(block, ensure_ascii=False, separators=(",", ":")).encode())


def to_text(runs: Sequence[Run], most: int = LONGEST_TEXT) -> str:
    """Give the `text` beside blocks, for notifications and screen readers, in which nothing acts.

    Without styles. One that would be longer than `most` ends in `…`: the blocks have it whole.
    """
    return escaped(shortened(cleaned(plain(runs)).strip(" \n"), most, weighed=True))


def escaped(text: str) -> str:
    """Give the text so that nothing in it is a mention, a link or a command of Slack's."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def shortened(text: str, most: int, *, weighed: bool = False) -> str:
    """Give a text of at most `most` characters; one that was longer ends in `…`, at a word.

    `weighed` counts them as they are once escaped.
    """

    def length(text: str) -> int:
        return len(escaped(text)) if weighed else len(text)

    if length(text) <= most:
        return text
    _, end = next(cut(text, (), most - len(MORE), length))
    return text[:end] + MORE


# What would not be seen, or not be taken

_CHANGED = re.compile(
    "\r\n?|[\x0b\x0c\x85\u2028\u2029]"
    "|[\x00-\x09\x0e-\x1f\x7f]"
    "|[\u202a-\u202e\u2066-\u2069]"
    "|[\ud800-\udfff]"
)
_BLANK = "\u2800\u3164\uffa0\u115f\u1160"
"""Letters and symbols with nothing to see."""


def can_be_seen(text: str) -> bool:
    """Whether there is anything but white space and characters without a shape."""
    return any(
        unicodedata.category(character)[0] not in "ZC" and character not in _BLANK
        for character in text
    )


def cleaned(text: str) -> str:
    r"""Give the text with `\n` for every line break and a space for every control character.

    Marks that turn a line round are left out, as `markup` does, and half a character is `\ufffd`:
    no request could hold it.
    """
    return _CHANGED.sub(_change, text)


def _change(found: re.Match[str]) -> str:
    character = found[0][0]
    if character in "\r\x0b\x0c\x85\u2028\u2029":
        return "\n"
    if character < " " or character == "\x7f":
        return " "
    return "\ufffd" if "\ud800" <= character <= "\udfff" else ""


# Styles

_STYLES: dict[Style, Json] = {"strong": {"bold": True}, "emphasis": {"italic": True}}


def known(run: Run) -> Run:
    """Give a run of characters that Slack shows; a link that it would not take is only text."""
    text = cleaned(run.text)
    if run.style == "link" and not _can_be_followed(run.href):
        return Run(text)
    return replace(run, text=text)


def _can_be_followed(href: str) -> bool:
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    if re.search(r"[\s\x00-\x1f\x7f\ud800-\udfff]", href) or len(href.encode()) > LONGEST_ADDRESS:
        return False
    named = {"http": parts.netloc, "https": parts.netloc, "mailto": parts.path}
    return bool(named.get(parts.scheme))


def _styles(runs: Sequence[Run]) -> list[tuple[int, int]]:
    styles, place = [], 0
    for run in runs:
        if run.style != "plain" and run.text:
            styles.append((place, place + len(run.text)))
        place += len(run.text)
    return styles


def _between(runs: Sequence[Run], start: int, end: int) -> Iterator[Run]:
    place = 0
    for run in runs:
        text = run.text[max(start - place, 0) : max(end - place, 0)]
        place += len(run.text)
        if text:
            yield replace(run, text=text)


def _element(run: Run) -> Json:
    if run.style == "link":
        return {"type": "link", "url": run.href, "text": run.text}
    style = _STYLES.get(run.style)
    return {"type": "text", "text": run.text, **({"style": style} if style else {})}
