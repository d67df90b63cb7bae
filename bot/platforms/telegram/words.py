"""Our runs as Telegram has them: literal text, and entities that say which stretch is bold.

No parse mode, so nothing that somebody typed is ever markup. What Telegram would do to a text
(core.telegram.org/bots/api, sendMessage; in detail TDLib, fix_formatted_text) is done here first,
so that what we hold is what stands on the screen, and offsets are true.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlsplit

from bot.markup import Run
from bot.platforms.cutting import cut, units

LONGEST = 4096
"""UTF-16 units of one text: Bot API, sendMessage."""

Kind = Literal["bold", "italic", "text_link"]


@dataclass(frozen=True, slots=True)
class Entity:
    """A stretch of a text in one style; it never begins or ends in white space."""

    kind: Kind
    offset: int
    """UTF-16 units, as is the length."""
    length: int
    url: str = ""
    """Only of a `text_link`."""


@dataclass(frozen=True, slots=True)
class Text:
    """What one message says: 1 to 4,096 UTF-16 units, some of which can be seen."""

    text: str
    entities: tuple[Entity, ...] = ()


@dataclass(frozen=True, slots=True)
class _Span:
    """A style from one place of the whole text to another, in characters."""

    start: int
    end: int
    kind: Kind
    url: str


def to_texts(runs: Sequence[Run], limit: int = LONGEST) -> list[Text]:
    """Give the runs as one text, or as several where one would be longer than Telegram takes.

    All that can be seen comes out in order. A text ends with a sentence, else with a line, else
    with a word, and not inside a short style. White space is lost only there, and at the very
    beginning and end, which Telegram trims. Empty where nothing in the runs can be seen: Telegram
    refuses such a message, so the caller sends none.
    """
    whole, spans = _joined(runs)
    return [
        _text(whole[start:end], start, spans)
        for start, end in cut(whole, [(span.start, span.end) for span in spans], limit)
        if can_be_seen(whole[start:end])
    ]


# What Telegram would change

_CHANGED = re.compile(
    "\r\n?|[\u2028\u2029]"
    "|[\x00-\x09\x0b\x0c\x0e-\x1f]"
    "|[\u202a-\u202e\u0333\u033f]"
    "|[^\\W\\d_]?\u030a"
    "|[\ud800-\udfff]"
)
_UNSEEN = re.compile(
    "[ \n\u00a0\u1680\u180e\u2000-\u200f\u202e\u202f\u205f\u2800\u3000\ufeff\ufffc"
    "\U000e0000-\U000e007f]*"
)
"""TDLib, strip_empty_characters: a message of nothing else is refused as empty."""


def can_be_seen(text: str) -> bool:
    """Whether Telegram takes a message of this text alone."""
    return _UNSEEN.fullmatch(text) is None


def cleaned(text: str) -> str:
    r"""Give the text as Telegram will show it (TDLib, clean_input_string).

    A control character is a space there, other line breaks than `\n` vanish, and so do marks that
    turn a line round; a ring above is taken off its letter. We keep breaks and rings that it drops.
    """
    return _CHANGED.sub(_change, text)


def _change(found: re.Match[str]) -> str:
    text = found[0]
    if text[0] in "\r\u2028\u2029":
        return "\n"
    if text[-1] == "\u030a":
        # As one letter (å) it is left alone; where there is no such letter the ring is lost.
        return unicodedata.normalize("NFC", text).replace("\u030a", "")
    if text < " ":
        return " "
    return "\ufffd" if "\ud800" <= text <= "\udfff" else ""


# Styles

_KINDS: dict[str, Kind] = {"strong": "bold", "emphasis": "italic", "link": "text_link"}


def _joined(runs: Sequence[Run]) -> tuple[str, list[_Span]]:
    """Give the whole text without what Telegram trims, and its styles in order."""
    whole, spans = "", list[_Span]()
    for run in runs:
        text = cleaned(run.text)
        if not whole:
            text = text.lstrip(" \n")
        start, whole = len(whole), whole + text
        kind = _KINDS.get(run.style)
        url = run.href if kind == "text_link" else ""
        if kind is None or (kind == "text_link" and not _can_be_followed(url)):
            continue
        if spans and (spans[-1].end, spans[-1].kind, spans[-1].url) == (start, kind, url):
            start = spans.pop().start
        spans.append(_Span(start, len(whole), kind, url))
    length = len(whole.rstrip(" \n"))
    kept = [replace(span, end=min(span.end, length)) for span in spans if span.start < length]
    return whole[:length], kept


def _can_be_followed(href: str) -> bool:
    """Whether Telegram takes this as a link (TDLib, LinkManager.check_link).

    It refuses the whole message for a host without a dot, and takes `mailto:` for a web address.
    """
    try:
        parts = urlsplit(href)
        host = parts.hostname or ""
    except ValueError:
        return False
    if re.search(r"[\s\x00-\x1f\x7f]", href):
        return False
    return parts.scheme == "tg" or (
        parts.scheme in ("http", "https") and re.search(r"[^.]\.[^.]|:", host) is not None
    )


def _text(text: str, start: int, spans: Iterable[_Span]) -> Text:
    """Give one piece of the whole text with the styles that reach into it."""
    entities = []
    for span in spans:
        first, last = max(span.start - start, 0), min(span.end - start, len(text))
        styled = text[first:last] if first < last else ""
        inner = styled.strip()
        if inner:
            before = text[:first] + styled[: len(styled) - len(styled.lstrip())]
            entities.append(Entity(span.kind, units(before), units(inner), span.url))
    return Text(text, tuple(entities))
