"""Our small markup to runs of text; a person's own words are literal.

The programme's words may hold **strong**, _emphasis_ and links.

Values never pass through the parser: a template leaves a numbered mark where a value belongs, and
the value takes the mark's place after parsing. So a mentee who types `<!channel>`, `<b>` or `*` is
quoted, never obeyed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

Style = Literal["plain", "strong", "emphasis", "link"]

_OPEN, _CLOSE = "\ue000", "\ue001"
_MARK = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_parser = MarkdownIt("zero").enable(["emphasis", "link", "escape"])
_STYLES: dict[str, Style] = {"strong_open": "strong", "em_open": "emphasis", "link_open": "link"}


@dataclass(frozen=True, slots=True)
class Run:
    """A run of literal text in one style; a line feed breaks a line."""

    text: str
    style: Style = "plain"
    href: str = ""


Value = str | tuple[Run, ...]


def mark(number: int) -> str:
    """Give the mark that stands for the value of that number."""
    return f"{_OPEN}{number}{_CLOSE}"


def without_marks(text: str) -> str:
    """Give text that cannot be taken for a mark, nor reverse or hide what stands round it."""
    return re.sub(f"[{_OPEN}{_CLOSE}\u202a-\u202e\u2066-\u2069]", "", text)


def to_runs(marked: str, values: Sequence[Value]) -> tuple[Run, ...]:
    """Parse our markup and put each value in the place of its mark."""
    found: list[Run] = []
    for run in _parse(marked):
        found.extend(_filled(run, values))
    return tuple(_joined(found))


def plain(runs: Sequence[Run]) -> str:
    """Give the text without its styles."""
    return "".join(run.text for run in runs)


@lru_cache(maxsize=4096)
def _parse(marked: str) -> tuple[Run, ...]:
    runs: list[Run] = []
    for number, paragraph in enumerate(re.split(r"\n{2,}", marked.strip())):
        if number:
            runs.append(Run("\n\n"))
        for block in _parser.parseInline(paragraph):
            runs.extend(_styled(block.children or []))
    return tuple(runs)


def _styled(tokens: Sequence[Token]) -> list[Run]:
    runs: list[Run] = []
    styles: list[tuple[Style, str]] = [("plain", "")]
    for token in tokens:
        if token.type in _STYLES:
            styles.append((_STYLES[token.type], str(token.attrGet("href") or "")))
        elif token.type.endswith("_close"):
            styles.pop()
        elif token.type in ("softbreak", "hardbreak"):
            runs.append(Run("\n"))
        else:
            runs.append(Run(token.content, *styles[-1]))
    return runs


def _filled(run: Run, values: Sequence[Value]) -> list[Run]:
    parts: list[Run] = []
    for place, piece in enumerate(_MARK.split(run.text)):
        value: Value = values[int(piece)] if place % 2 else piece
        if isinstance(value, str):
            parts.append(Run(value, run.style, run.href))
        else:
            parts.extend(value)
    return parts


def _joined(runs: Sequence[Run]) -> list[Run]:
    """Neighbours of one style made one, the empty left out."""
    joined: list[Run] = []
    for run in runs:
        if not run.text:
            continue
        if joined and (joined[-1].style, joined[-1].href) == (run.style, run.href):
            joined[-1] = Run(joined[-1].text + run.text, run.style, run.href)
        else:
            joined.append(run)
    return joined
