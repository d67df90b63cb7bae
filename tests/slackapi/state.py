"""What stands on Slack's side: messages, channels, views, and the keys that open them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, TypeVar

from tests.slackapi import elements

Json = dict[str, Any]
T = TypeVar("T")

TRIGGER_LIFE = 3.0
"""Seconds: docs.slack.dev/interactivity/handling-user-interaction#modal_responses."""


@dataclass(slots=True, eq=False)
class Message:
    """One message as it now stands; `raw` is what conversations.history says of it."""

    raw: Json
    by_bot: bool
    channel: str
    only_for: str | None = None
    """Whom alone an ephemeral message is shown to."""
    before: list[Json] = field(default_factory=list)
    """What it was before each edit, oldest first."""
    deleted: bool = False
    values: Json = field(default_factory=dict)
    """What is ticked and picked in it, by block and action."""
    posted: Json = field(default_factory=dict)
    """What chat.postMessage was given, which Slack does not keep: whether links unfold."""

    @property
    def ts(self) -> str:
        return str(self.raw["ts"])

    @property
    def text(self) -> str:
        return str(self.raw.get("text", ""))

    @property
    def blocks(self) -> list[Json]:
        return list(self.raw.get("blocks", ()))

    @property
    def metadata(self) -> Json:
        return dict(self.raw.get("metadata", {}))

    @property
    def thread_ts(self) -> str | None:
        return self.raw.get("thread_ts")

    @property
    def edited(self) -> bool:
        return "edited" in self.raw

    @property
    def file_names(self) -> list[str]:
        return [str(each["name"]) for each in self.raw.get("files", ())]

    @property
    def words(self) -> str:
        """All that is there to read: the blocks, or the text where there are none."""
        return "\n".join(elements.words(self.blocks)) or self.text

    @property
    def buttons(self) -> list[list[str]]:
        """The labels, block by block."""
        return elements.labels(self.blocks)


@dataclass(slots=True, eq=False)
class Channel:
    """A direct message or a channel of one workspace."""

    id: str
    kind: str
    """"im" or "channel"."""
    name: str = ""
    person: str | None = None
    """The id of whom a direct message is with."""
    members: set[str] = field(default_factory=set)
    archived: bool = False
    shared: bool = False
    """With another organisation, by Slack Connect."""
    messages: dict[str, Message] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class View:
    """A modal or an App Home as it now stands; `raw` is what the Web API says of it."""

    raw: Json
    person: str
    values: Json = field(default_factory=dict)

    @property
    def id(self) -> str:
        return str(self.raw["id"])

    @property
    def blocks(self) -> list[Json]:
        return list(self.raw["blocks"])

    @property
    def words(self) -> str:
        title = (self.raw.get("title") or {}).get("text", "")
        return "\n".join([title, *elements.words(self.blocks)])

    @property
    def buttons(self) -> list[list[str]]:
        return elements.labels(self.blocks)


@dataclass(slots=True, eq=False)
class Trigger:
    """What a person's deed lets the bot open, once and for three seconds."""

    person: str
    expires: float
    used: bool = False


@dataclass(slots=True)
class State:
    """The clock, which may be moved ahead, the numbers, and who waits for a change."""

    clock: Callable[[], float]
    skipped: float = 0.0
    numbers: count[int] = field(default_factory=lambda: count(1))
    waiting: set[asyncio.Future[None]] = field(default_factory=set)

    @property
    def now(self) -> float:
        return self.clock() + self.skipped

    def ts(self) -> str:
        """Give a time that no other message has."""
        return f"{int(self.now)}.{next(self.numbers):06d}"

    def name(self, kind: str) -> str:
        """Give an id: "U", "D", "Ev" and a number, as long as Slack's."""
        return f"{kind}{next(self.numbers):09d}"

    def changed(self) -> None:
        """Wake all who wait for something to be seen."""
        for waiter in self.waiting:
            if not waiter.done():
                waiter.set_result(None)
        self.waiting.clear()

    async def until(self, found: Callable[[], T | None], within: float = 5.0) -> T:
        """Wait until something is there, and give it.

        Raises:
            TimeoutError: it was not there within so many seconds.
        """
        async with asyncio.timeout(within):
            while (it := found()) is None:
                waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                self.waiting.add(waiter)
                await waiter
        return it
