"""What every platform is to the rest.

Somewhere that takes a delivery, and says what became of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

from bot.markup import Run


@dataclass(frozen=True, slots=True)
class Event:
    """Something that arrived from a platform."""

    platform: str
    id: str
    """The platform's own id of it: a second delivery of the same changes nothing."""
    address: str
    kind: str
    """pressed, typed, came, attached, forwarded, edited, closed, opened, outside, outage or
    unreadable.

    The outbox has one of its own: unreachable, where it has closed an address itself."""
    body: dict[str, Any] = field(default_factory=dict)
    """pressed: data; typed: text, and `to`, what it replies to; came: token, or empty,
    and what they have set there, where that is known: `language`, a tag, and `zone`.

    And where a platform has threads `thread`, the one that somebody spoke in."""


@dataclass(frozen=True, slots=True)
class Realm:
    """The part of a platform that one account speaks to: a bot's chats, a workspace's people."""

    platform: str
    within: str = ""
    """What the addresses of its people begin with; empty where the platform is all one."""

    @property
    def name(self) -> str:
        """What its state is kept under."""
        return f"{self.platform} {self.within}".strip()


class NotKept(Exception):
    """What arrived could not be committed, so it must not be acknowledged."""


class Inbox(Protocol):
    """Where what arrives is committed."""

    async def receive(self, *events: Event, heard: str = "") -> None:
        """Commit events, and that a platform was heard, if one is named. Raises NotKept."""
        ...


@dataclass(frozen=True, slots=True)
class File:
    """Something that goes with a message."""

    name: str
    media_type: str
    text: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One button."""

    data: str
    """`conversation.step.choice`: ids only, at most 64 bytes (Bot API, InlineKeyboardButton)."""
    label: str


@dataclass(frozen=True, slots=True)
class Part:
    """One thing said, with the question it may end in."""

    message: int
    """The outbox's id: where a platform can carry it, a lost answer can be looked for."""
    line: str
    """What is said, by the name of its line: for logs, which hold no words."""
    runs: tuple[Run, ...]
    manner: str
    choices: tuple[Choice, ...]
    files: tuple[File, ...]
    question: str = ""
    """`conversation.step` of what it asks, also where there is no button; empty where it asks
    nothing."""


@dataclass(frozen=True, slots=True)
class Begun:
    """How much is there of a message that takes several calls; the rest is still to be sent."""

    calls: int
    """How many were answered."""
    reference: str
    """The platform's own reference to what its buttons hang on, or to what came last so far."""


NOT_BEGUN = Begun(0, "")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to one person, of one part or of several nudges that fell due together."""

    person: int
    address: str
    nature: str
    parts: tuple[Part, ...]
    doubts: int = 0
    """How often it was handed over before and no answer came: it may be there already."""
    begun: Begun = NOT_BEGUN
    thread: str = ""
    """The platform's own reference to what it is to be said under; empty for no thread."""
    language: str = ""
    """The language of whoever it is for, as they are known to have it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a question stands by now."""

    chosen: tuple[str, ...]
    """The keys that are on so far, or in the end."""
    how: str | None
    """answered, written, skipped, lapsed or overtaken; None while it is open."""
    words: str = ""
    """What was written, where that stands nowhere else in the chat."""


@dataclass(frozen=True, slots=True)
class Redrawing:
    """A message that was sent, as it is to look now."""

    person: int
    address: str
    reference: str
    parts: tuple[tuple[Part, Standing | None], ...]
    """Each with how its question stands, if it asks one."""
    language: str = ""
    """The language of whoever has it, as they are known to have it by now."""


class Refused(Exception):
    """The platform will never take this: they blocked the bot, left, or are unknown there."""


class Unsendable(Exception):
    """The platform takes nothing like this message, whoever it is for: a fault of ours."""


class NotNow(Exception):
    """The platform did not take it and may later."""

    def __init__(self, why: str, after: timedelta | None = None) -> None:
        """Keep what the platform said, and the pause it asked for."""
        super().__init__(why)
        self.after = after
        self.is_for_all = True
        """Whether the pause is for all that is sent, and not for what this one needs besides."""
        self.is_begun = False
        """Whether some of it is there already, such as the first piece of a long text."""


class Unreached(NotNow):
    """There is no way to the platform just now, whatever it is handed."""


class AnswerLost(Exception):
    """It may have arrived or not; the platform's answer never came."""


class Platform(Protocol):
    """Somewhere that people are."""

    async def send(self, delivery: Delivery) -> str | Begun:
        """Hand over a message, or one more call's worth of it.

        Gives the platform's own reference to it once all of it is there, and until then how much
        is. Raises Refused, Unsendable, NotNow or AnswerLost.
        """
        ...

    async def redraw(self, redrawing: Redrawing) -> None:
        """Show a message as it stands now; as often as one likes.

        Raises Refused, Unsendable, NotNow or AnswerLost.
        """
        ...

    def says_again(self, delivery: Delivery) -> bool:
        """Whether to try once more if its answer was lost; else it is held as unknown.

        A platform that can be asked looks first whether it is there.
        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
