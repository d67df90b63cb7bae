"""What the playground's page needs from the world behind it, and nothing more.

The page draws these frozen values and calls this Protocol; the composition root supplies the real
thing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

Look = Literal["telegram", "slack"]
Role = Literal["mentee", "mentor", "co-mentor", "supervisor", "manager"]
Stride = Literal["next", "day", "week"]
Style = Literal["plain", "strong", "emphasis", "link"]


@dataclass(frozen=True, slots=True)
class Run:
    """A run of text in one style. The text is literal: escape it, never parse it."""

    text: str
    style: Style = "plain"
    href: str = ""
    """Only where the style is `link`; always http, https or mailto."""


@dataclass(frozen=True, slots=True)
class Option:
    """A button of a question."""

    data: str
    """What a press sends back: `conversation.step.choice`, at most 64 bytes."""
    label: str
    chosen: bool = False
    """In a closed question, what was answered; in an open one with toggles, what is on so far."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message."""

    name: str
    media_type: str
    href: str


@dataclass(frozen=True, slots=True)
class Part:
    """One thing said, with the question it may end in."""

    runs: tuple[Run, ...]
    """Line breaks are `\\n` in the text; a blank line is a new paragraph."""
    manner: Literal["say", "ask", "choose", "choose_some", "scale"] = "say"
    options: tuple[Option, ...] = ()
    """For `choose_some` these toggle; `done` then closes the question.

    A scale is one row of numbers.
    """
    done: Option | None = None
    is_open: bool = False
    """Whether it still waits for an answer.

    Closed questions show what was chosen and no buttons.
    """
    ending: str = ""
    """Why a question is closed that nothing was chosen under, in words; empty for all others."""
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message in somebody's chat."""

    id: str
    by: Literal["bot", "person"]
    at: str
    """Local time of the pane's person, ready to show, such as `Tue 3 Mar, 09:00`."""
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person that a pane can be switched to."""

    id: int
    name: str
    role: Role
    look: Look
    cohort: str
    partner: int = 0
    """Number of the person they are paired with, 0 where nobody is: the page opens on a pair."""


@dataclass(frozen=True, slots=True)
class Pane:
    """What one person has on their screen."""

    somebody: Somebody
    local_time: str
    """Weekday, date and time where they are, and the name of the place, ready to show."""
    standing: str
    """A few words, such as `paused until 3 June`, or empty."""
    invitation: str
    """The token of an invitation that waits to be opened, or empty."""
    bubbles: tuple[Bubble, ...]
    """Oldest first; at most the latest 200."""
    earlier: int = 0
    """How many more there are before these."""


@dataclass(frozen=True, slots=True)
class ClockFace:
    """Cohort time and what lies ahead."""

    now: str
    """In the cohort's zone, ready to show."""
    instant: datetime
    next_thing: str
    """What happens next and when, in words, or empty if nothing lies ahead."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a file, with its place and its remedy."""

    line: int
    column: str
    wrong: str
    remedy: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What importing a file would do, or what is wrong with it."""

    faults: tuple[Fault, ...]
    would: tuple[str, ...]
    """One line per change, in words; empty where nothing would change."""
    ticket: str
    """Hand this back to `import_it`; empty while there are faults."""


class Scene(Protocol):
    """A cohort on a stage: who is there, what they see, and what they do."""

    async def people(self) -> Sequence[Somebody]:
        """Everybody, managers last."""
        ...

    async def pane(self, person: int) -> Pane | None:
        """What that person sees now; None if there is nobody of that number."""
        ...

    async def clock(self) -> ClockFace: ...

    async def press(self, person: int, data: str, event: str) -> None:
        """A button was pressed.

        Returns once that is committed; the same event a second time changes nothing.
        """
        ...

    async def type(self, person: int, text: str, event: str) -> None:
        """Something was typed and sent. Returns once that is committed."""
        ...

    async def attach(self, person: int, name: str, event: str) -> None:
        """A file was sent; the bot keeps none of it. Returns once that is committed."""
        ...

    async def come(self, person: int, token: str, event: str) -> None:
        """The person opened their invitation. Returns once that is committed."""
        ...

    async def advance(self, stride: Stride) -> None:
        """Let cohort time pass, everything that falls due on the way happening in its order."""
        ...

    async def preview_import(self, name: str, content: bytes) -> ImportReport: ...

    async def import_it(self, ticket: str) -> ImportReport | None:
        """Do what the preview showed.

        None if the ticket is unknown or the world has changed since: preview again.
        """
        ...

    def changes(self) -> AsyncIterator[None]:
        """Yield whenever something that a pane or the clock shows may have changed."""
        ...

    async def attachment(self, message: int, name: str) -> tuple[str, bytes] | None:
        """Media type and content of a file that was sent to somebody, or None."""
        ...
