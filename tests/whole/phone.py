"""The playground as somebody outside sees it: a real server process, and phones that know only its pages.

Nothing of ours is imported. What a person sees is read from the HTML of their pane, and what they do is
what a browser would send for it.
"""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import TypeVar
from uuid import uuid4
from xml.etree.ElementTree import Element, TreeBuilder

import httpx

T = TypeVar("T")
PATIENCE_SECONDS = 15.0
"""How long anything is waited for; a turn takes milliseconds, a start about a second."""
BETWEEN_LOOKS_SECONDS = 0.015
VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})
"""Elements that HTML never closes, as far as the playground uses them."""


class _Pages(HTMLParser):
    """HTML into a tree that can be searched."""

    def __init__(self) -> None:
        super().__init__()
        self.tree = TreeBuilder()

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
    pages = _Pages()
    pages.tree.start("root", {})
    pages.feed(text)
    pages.close()
    pages.tree.end("root")
    return pages.tree.close()


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
    data: str
    on: bool
    """Whether a toggle is on."""
    ends: bool
    """Whether it ends toggling."""


@dataclass(frozen=True, slots=True)
class Bubble:
    """A message on somebody's screen."""

    id: str
    mine: bool
    """Whether the person sent it."""
    at: str
    """When, as it stands there: `Mon 11 January, 09:00`."""
    parts: tuple[str, ...]
    """What each part of it says."""
    buttons: tuple[tuple[Button, ...], ...]
    """Under each part those that are there; none once it is answered."""
    answers: tuple[str, ...]
    files: tuple[str, ...]
    """Where its attachments are fetched from."""

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self.parts)


def _button(element: Element) -> Button:
    data = re.search(r'"data": "([^"]*)"', element.get("hx-vals", ""))
    kind = element.get("class", "").split()
    assert data, element.attrib
    return Button(
        words_of(element), data[1], element.get("aria-pressed") == "true", "done" in kind
    )


def _said(part: Element) -> str:
    """The words of a part, without its time, its files and what was answered."""
    lines = ("".join(each.itertext()) for each in part.iter("p"))
    return "\n\n".join(line.strip() for line in lines)


def _bubble(element: Element) -> Bubble:
    parts = list(of_class(element, "part"))
    return Bubble(
        element.get("data-bubble", ""),
        "person" in element.get("class", "").split(),
        next(words_of(each) for each in of_class(element, "at")),
        tuple(_said(part) for part in parts),
        tuple(tuple(map(_button, of_class(part, "option"))) for part in parts),
        tuple(words_of(each) for found in of_class(element, "answer") for each in found),
        tuple(each.get("href", "") for each in of_class(element, "file")),
    )


class Server:
    """A comentor playground in a process of its own, which can be killed and started again."""

    def __init__(self, room: Path) -> None:
        """Choose a free port; the state will be in the folder `playground` of that room."""
        self.room = room
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.web = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=60)
        self._process: subprocess.Popen[str] | None = None

    def command(self, *more: str) -> list[str]:
        """Give the command that serves it."""
        return [sys.executable, "-m", "bot", "play", "--port", str(self.port), *more]

    def start(self, *more: str) -> None:
        """Start it and return once its page answers."""
        self._process = subprocess.Popen(
            self.command(*more),
            cwd=self.room,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        until("the playground to answer", self._answers)

    def _answers(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise AssertionError(f"it ended: {self._process.communicate()[0]}")
        try:
            return self.web.get("/clock").status_code == 200
        except httpx.TransportError:
            return False

    def kill(self) -> None:
        """Kill it as a power cut would: no handler of its own runs."""
        self._end(signal.SIGKILL)

    def stop(self) -> str:
        """Ask it to end, and give all that it ever printed."""
        return self._end(signal.SIGINT)

    def _end(self, how: signal.Signals) -> str:
        if self._process is None:
            return ""
        self._process.send_signal(how)
        said, _ = self._process.communicate(timeout=PATIENCE_SECONDS)
        self._process = None
        return said

    def post(self, path: str, **fields: str) -> httpx.Response:
        """Send what the page would send."""
        return self.web.post(path, data=fields)

    def page(self, path: str, **query: object) -> Element:
        """Give the tree of a page or a fragment of it."""
        answer = self.web.get(path, params={name: str(value) for name, value in query.items()})
        assert answer.status_code == 200, (path, answer.status_code, answer.text)
        return read_html(answer.text)

    def people(self) -> dict[str, int]:
        """Give everybody that a pane can be switched to, by name."""
        select = next(each for each in self.page("/").iter("select") if each.get("name") == "a")
        return {words_of(each): int(each.get("value", "0")) for each in select.iter("option")}

    def phone(self, name: str) -> Phone:
        """Give somebody's phone."""
        return Phone(self, self.people()[name], name)

    def time(self) -> str:
        """Give cohort time as the page shows it."""
        return next(words_of(each) for each in of_class(self.page("/clock"), "now"))

    def now(self) -> datetime:
        """Give cohort time as a wall time of the cohort's place; the page leaves out the year."""
        shown = re.search(r"(\d+ \w+, \d\d:\d\d)", self.time())
        assert shown, self.time()
        return datetime.strptime(f"2027 {shown[1]}", "%Y %d %B, %H:%M")  # noqa: DTZ007 - a wall time

    def let_pass(self, stride: str) -> None:
        """Press one of the clock's three buttons and wait until everything on the way has happened."""
        answer = self.post("/clock", stride=stride)
        assert answer.status_code == 200, answer.text


class Phone:
    """One person's pane."""

    def __init__(self, server: Server, number: int, name: str) -> None:
        """Look over the shoulder of the person with that number."""
        self.server, self.number, self.name = server, number, name

    def __repr__(self) -> str:
        return f"{self.name}'s phone"

    # What they see

    def pane(self) -> Element:
        """Give what their pane holds now."""
        return self.server.page("/panes/a", a=self.number)

    def bubbles(self) -> list[Bubble]:
        """Give all that stands in the chat, oldest first."""
        return [_bubble(each) for each in of_class(self.pane(), "bubble")]

    def texts(self) -> list[str]:
        """Give what the bot has written to them, a text for each part of a message."""
        return [text for each in self.bubbles() if not each.mine for text in each.parts]

    def standing(self) -> str:
        """Give the few words beside the name, such as until when they are paused."""
        return " ".join(words_of(each) for each in of_class(self.pane(), "standing"))

    def is_invited(self) -> bool:
        """Whether an invitation waits to be opened."""
        return any(True for _ in of_class(self.pane(), "invited"))

    def question(self) -> tuple[str, tuple[Button, ...]]:
        """Give the newest open question that has buttons, with these."""
        for bubble in reversed(self.bubbles()):
            for text, buttons in reversed(list(zip(bubble.parts, bubble.buttons, strict=True))):
                if buttons:
                    return text, buttons
        raise AssertionError(f"{self} shows no open question: {self.texts()[-3:]}")

    def labels(self) -> list[str]:
        """Give the labels under their newest open question."""
        return [button.label for button in self.question()[1]]

    def button(self, label: str) -> Button | None:
        """Give the newest button of that label, or None."""
        return next((b for b in reversed(self._buttons()) if b.label == label), None)

    def _buttons(self) -> list[Button]:
        """Give every button that can be pressed, from top to bottom."""
        return [button for bubble in self.bubbles() for row in bubble.buttons for button in row]

    def reads(self, words: str, after: int = 0) -> str:
        """Wait until the bot has written these words, beyond the first `after` texts; give that text."""

        def found() -> str:
            return next((text for text in self.texts()[after:] if words in text), "")

        return until(f"{self} to show {words!r}", found, self)

    def last(self) -> str:
        """Give the newest thing that the bot wrote."""
        return self.texts()[-1]

    # What they do

    def do(self, deed: str, **fields: str) -> httpx.Response:
        """Send what the page sends for a deed, each with an event of its own."""
        return self.server.post(f"/people/{self.number}/{deed}", event=str(uuid4()), **fields)

    def come(self) -> None:
        """Open the invitation."""
        token = re.search(r'"token": "([^"]+)"', self.server.web.get(f"/panes/a?a={self.number}").text)
        assert token, f"{self} shows no invitation"
        self._acted(self.do("come", token=token[1]))
        until(f"{self} to have come", lambda: not self.is_invited())

    def presses(self, label: str) -> None:
        """Press the newest button of that label once it is there, and wait until it has been taken."""
        button = until(f"{self} to have {label!r}", lambda: self.button(label), self)
        self._acted(self.do("press", data=button.data))
        until(f"{label!r} to be taken", lambda: not self._is_open(button.data))

    def toggles(self, *labels: str) -> None:
        """Toggle each of these, as often as it is named."""
        for label in labels:
            button = until(f"{self} to have {label!r}", lambda: self.button(label), self)  # noqa: B023 - called at once
            self._acted(self.do("press", data=button.data))
            until(f"{label!r} to be toggled", lambda: self._is_on(button.data) is not button.on)  # noqa: B023 - called at once

    def is_done(self) -> None:
        """Press the button that ends toggling, under the newest question that has one."""
        done = until(f"{self} to have toggles", self._ending, self)
        self._acted(self.do("press", data=done.data))
        until("the toggles to be taken", lambda: not self._is_open(done.data))

    def _ending(self) -> Button | None:
        return next((button for button in reversed(self._buttons()) if button.ends), None)

    def types(self, text: str) -> str:
        """Type something, wait until the bot has answered it, and give the answer's first text."""
        before = len(self.bubbles())
        self._acted(self.do("type", text=text))

        def answered() -> str:
            new = self.bubbles()[before:]
            own = next((place for place, bubble in enumerate(new) if bubble.mine), len(new))
            return next((bubble.text for bubble in new[own:] if not bubble.mine), "")

        return until(f"{self} to be answered {text!r}", answered, self)

    def files(self) -> list[bytes]:
        """Fetch every attachment that was ever sent to them, in order."""
        return [
            self.server.web.get(href).content for bubble in self.bubbles() for href in bubble.files
        ]

    def _acted(self, answer: httpx.Response) -> None:
        assert answer.status_code == 204, (answer.status_code, answer.text)

    def _is_open(self, data: str) -> bool:
        return any(button.data == data for button in self._buttons())

    def _is_on(self, data: str) -> bool | None:
        return next((button.on for button in self._buttons() if button.data == data), None)


def until(what: str, look: Callable[[], T], phone: Phone | None = None) -> T:
    """Look again and again until there is something true to see, and give it."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while not (seen := look()):
        shown = "" if phone is None else f"; it shows {phone.texts()[-3:]}"
        assert time.monotonic() < ends, f"waited in vain for {what}{shown}"
        time.sleep(BETWEEN_LOOKS_SECONDS)
    return seen
