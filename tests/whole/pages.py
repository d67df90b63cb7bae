"""The playground's pages as a person reads them: bubbles, buttons, answers, files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser
from xml.etree.ElementTree import Element, TreeBuilder

VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})
"""Elements that HTML never closes, as far as the playground uses them."""
EVENT = re.compile(r', "event": "[0-9a-f-]+"')
"""Every button is drawn with a fresh id for its event; a phone makes its own."""
EACH_BUBBLE = re.compile(r'(?=<li class="bubble )')


class _Reader(HTMLParser):
    """HTML into a tree that can be searched."""

    def __init__(self) -> None:
        super().__init__()
        self.tree = TreeBuilder()
        self.tree.start("root", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tree.start(tag, {name: value or "" for name, value in attrs})
        if tag in VOID:
            self.tree.end(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tree.start(tag, {name: value or "" for name, value in attrs})
        self.tree.end(tag)

    def handle_endtag(self, tag: str) -> None:
        self.tree.end(tag)

    def handle_data(self, data: str) -> None:
        self.tree.data(data)


def read_html(text: str) -> Element:
    """Give the tree of a page or a fragment, under one root."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    reader.tree.end("root")
    return reader.tree.close()


def words_of(element: Element) -> str:
    """Give the text in an element as it is read, with single spaces."""
    return " ".join("".join(element.itertext()).split())


def of_class(element: Element, name: str) -> Iterator[Element]:
    """Give what has this class, in the page's order."""
    return (each for each in element.iter() if name in each.get("class", "").split())


@dataclass(frozen=True, slots=True)
class Button:
    """A button that can be pressed."""

    label: str
    sent: dict[str, str]
    """What a press of it sends."""
    on: bool
    """Whether a toggle is on."""
    ends: bool
    """Whether it ends toggling."""

    @property
    def data(self) -> str:
        """What tells it from every other."""
        return self.sent["data"]


@dataclass(frozen=True, slots=True)
class Part:
    """One thing said, with what can be pressed under it."""

    text: str
    buttons: tuple[Button, ...]
    answers: tuple[str, ...]
    """What was chosen, once it was answered."""


@dataclass(frozen=True, slots=True)
class Bubble:
    """A message on somebody's screen."""

    mine: bool
    """Whether the person sent it."""
    at: str
    """When, as it stands there: `Mon 11 January, 09:00`."""
    parts: tuple[Part, ...]
    files: tuple[str, ...]
    """Where its attachments are fetched from."""


@dataclass(frozen=True, slots=True)
class Screen:
    """What one person has before them."""

    bubbles: tuple[Bubble, ...]
    """Oldest first."""
    standing: str
    """The few words beside the name, such as until when they are paused."""
    invitation: Button | None
    """What opens their invitation, or None if there is none to open."""


def screen_in(pane: str) -> Screen:
    """Give what a pane's HTML shows."""
    head, *bubbles = EACH_BUBBLE.split(EVENT.sub("", pane))
    if bubbles:
        bubbles[-1], end, foot = bubbles[-1].rpartition("</ol>")
        head += end + foot
    frame = read_html(head)
    invited = (each for found in of_class(frame, "invited") for each in of_class(found, "option"))
    return Screen(
        bubbles=tuple(_bubble(each) for each in bubbles),
        standing=" ".join(words_of(each) for each in of_class(frame, "standing")),
        invitation=next((_button(each) for each in invited), None),
    )


@lru_cache(maxsize=2048)
def _bubble(html: str) -> Bubble:
    """Read one bubble; most stand on a screen for a long time, and reading is slow."""
    element = next(of_class(read_html(html), "bubble"))
    return Bubble(
        mine="person" in element.get("class", "").split(),
        at=next(words_of(each) for each in of_class(element, "at")),
        parts=tuple(_part(each) for each in of_class(element, "part")),
        files=tuple(each.get("href", "") for each in of_class(element, "file")),
    )


def _part(element: Element) -> Part:
    paragraphs = ("".join(each.itertext()).strip() for each in element.iter("p"))
    return Part(
        text="\n\n".join(paragraphs),
        buttons=tuple(_button(each) for each in of_class(element, "option")),
        answers=tuple(words_of(each) for each in of_class(element, "answer")),
    )


def _button(element: Element) -> Button:
    return Button(
        label=words_of(element),
        sent=json.loads(element.get("hx-vals", "{}")),
        on=element.get("aria-pressed") == "true",
        ends="done" in element.get("class", "").split(),
    )
