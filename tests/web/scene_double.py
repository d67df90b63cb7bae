"""A scene in memory that keeps the Protocol's promises."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.web.scene import (
    Attachment,
    Bubble,
    ClockFace,
    Fault,
    ImportReport,
    Option,
    Pane,
    Part,
    Run,
    Somebody,
    Stride,
)

STRIDES: dict[Stride, timedelta] = {
    "next": timedelta(hours=5),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
}
START = datetime(2026, 3, 24, 9, 5, tzinfo=UTC)
"""Five days before the clocks change in Europe."""


@dataclass
class Call:
    """One thing that the page asked the scene to do."""

    what: str
    person: int
    value: str
    event: str


def said(*parts: Part, at: str = "Tue 24 Mar, 10:05", by_person: bool = False) -> Bubble:
    """A bubble without a number; the scene gives it one."""
    return Bubble(id="", by="person" if by_person else "bot", at=at, parts=parts)


def words(text: str) -> Part:
    """A part of nothing but text."""
    return Part((Run(text),))


@dataclass
class SceneDouble:
    """People, their chats and a clock; each call is written down, a repeated event does nothing."""

    cast: dict[int, Somebody] = field(default_factory=dict)
    zones: dict[int, str] = field(default_factory=dict)
    standings: dict[int, str] = field(default_factory=dict)
    invitations: dict[int, str] = field(default_factory=dict)
    chats: dict[int, list[Bubble]] = field(default_factory=dict)
    files: dict[tuple[int, str], tuple[str, bytes]] = field(default_factory=dict)
    now: datetime = START
    calls: list[Call] = field(default_factory=list)
    advancing_seconds: float = 0.0
    """How long a stride takes, for the busy state."""
    _heard: set[str] = field(default_factory=set)
    _told: int = 0
    _listeners: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = field(default_factory=list)

    # What the tests do to it; from any thread.

    def add(self, somebody: Somebody, zone: str) -> None:
        """Somebody new."""
        self.cast[somebody.id] = somebody
        self.zones[somebody.id] = zone
        self.chats.setdefault(somebody.id, [])
        self._tell()

    def tell(self, person: int, *bubbles: Bubble) -> None:
        """Put bubbles into a chat, each under the next number."""
        for bubble in bubbles:
            self._told += 1
            self.chats[person].append(replace(bubble, id=f"m{self._told}"))
        self._tell()

    def done_by(self, what: str) -> list[Call]:
        """Every call of that kind, repeated ones as well."""
        return [call for call in self.calls if call.what == what]

    # The Protocol.

    async def people(self) -> Sequence[Somebody]:
        return sorted(self.cast.values(), key=lambda somebody: somebody.role == "manager")

    async def pane(self, person: int) -> Pane | None:
        if person not in self.cast:
            return None
        return Pane(
            somebody=self.cast[person],
            local_time=self._local(person),
            standing=self.standings.get(person, ""),
            invitation=self.invitations.get(person, ""),
            bubbles=tuple(self.chats[person][-200:]),
            earlier=max(0, len(self.chats[person]) - 200),
        )

    async def clock(self) -> ClockFace:
        shown = self.now.astimezone(ZoneInfo("Europe/Madrid"))
        ahead = "Ana is asked how her goals are going, tomorrow at 10:00"
        return ClockFace(f"{shown:%a} {shown.day} {shown:%b %Y, %H:%M}", self.now, ahead)

    async def press(self, person: int, data: str, event: str) -> None:
        if not self._first("press", person, data, event):
            return
        for number, bubble in enumerate(self.chats[person]):
            pressed = tuple(_pressed(part, data) for part in bubble.parts)
            if pressed != bubble.parts:
                self.chats[person][number] = replace(bubble, parts=pressed)
                break
        else:
            self.tell(person, said(words("That question is closed."), at=self._at(person)))
        self._tell()

    async def type(self, person: int, text: str, event: str) -> None:
        if self._first("type", person, text, event):
            mine = said(words(text), at=self._at(person), by_person=True)
            self.tell(person, mine, said(words("Noted."), at=self._at(person)))

    async def attach(self, person: int, name: str, event: str) -> None:
        if self._first("attach", person, name, event):
            mine = said(words(name), at=self._at(person), by_person=True)
            self.tell(person, mine, said(words("Files are not kept."), at=self._at(person)))

    async def come(self, person: int, token: str, event: str) -> None:
        if self._first("come", person, token, event) and self.invitations.get(person) == token:
            del self.invitations[person]
            self.tell(person, said(words("Welcome."), at=self._at(person)))

    async def advance(self, stride: Stride) -> None:
        self.calls.append(Call("advance", 0, stride, ""))
        await asyncio.sleep(self.advancing_seconds)
        self.now += STRIDES[stride]
        self._tell()

    async def preview_import(self, name: str, content: bytes) -> ImportReport:
        self.calls.append(Call("preview", 0, name, ""))
        if b";;" in content:
            return ImportReport(FAULTS, (), "")
        if not content.strip():
            return ImportReport((), (), "ticket-0")
        return ImportReport((), WOULD, "ticket-1")

    async def import_it(self, ticket: str) -> ImportReport | None:
        self.calls.append(Call("import", 0, ticket, ""))
        if ticket != "ticket-1":
            return None
        self.add(Somebody(91, "Noor Haddad", "mentee", "telegram", "Spring 2026"), "Europe/Paris")
        return ImportReport((), WOULD, "")

    async def changes(self) -> AsyncIterator[None]:
        listener = (asyncio.get_running_loop(), asyncio.Event())
        self._listeners.append(listener)
        try:
            while True:
                await listener[1].wait()
                listener[1].clear()
                yield
        finally:
            self._listeners.remove(listener)

    async def attachment(self, message: int, name: str) -> tuple[str, bytes] | None:
        return self.files.get((message, name))

    # Inside.

    def _first(self, what: str, person: int, value: str, event: str) -> bool:
        self.calls.append(Call(what, person, value, event))
        known = event in self._heard
        self._heard.add(event)
        return not known

    def _tell(self) -> None:
        for loop, listener in list(self._listeners):
            if not loop.is_closed():
                loop.call_soon_threadsafe(listener.set)

    def _here(self, person: int) -> datetime:
        return self.now.astimezone(ZoneInfo(self.zones[person]))

    def _local(self, person: int) -> str:
        here = self._here(person)
        place = self.zones[person].split("/")[-1].replace("_", " ")
        return f"{here:%A} {here.day} {here:%b, %H:%M}, {place}"

    def _at(self, person: int) -> str:
        here = self._here(person)
        return f"{here:%a} {here.day} {here:%b, %H:%M}"


def _pressed(part: Part, data: str) -> Part:
    """The part after a press: toggled, closed, or as it was if the button is not its own."""
    if not part.is_open:
        return part
    if part.done and part.done.data == data:
        return replace(part, is_open=False)
    if data not in {option.data for option in part.options}:
        return part
    toggling = part.manner == "choose_some"
    options = tuple(
        replace(option, chosen=not option.chosen if toggling else True)
        if option.data == data
        else option
        for option in part.options
    )
    return replace(part, options=options, is_open=toggling)


FAULTS = (
    Fault(3, "zone", "“Europe/Madird” is no time zone", "Did you mean Europe/Madrid?"),
    Fault(7, "email", "eve@example.org stands in line 4 as well", "Keep one line per person"),
    Fault(9, "starts", "“31.02.2026” is no date", "Write it as 2026-02-28"),
)
WOULD = (
    "Add Noor Haddad, mentee, on Telegram",
    "Add Tomas Vesely, mentor, on Slack",
    "Pair Noor Haddad with Tomas Vesely",
)


def options(prefix: str, *labels: str, chosen: tuple[int, ...] = ()) -> tuple[Option, ...]:
    """Buttons with these labels, numbered from 1."""
    return tuple(
        Option(f"{prefix}.{number}", label, number in chosen)
        for number, label in enumerate(labels, start=1)
    )


def file(message: int, name: str, media_type: str) -> Attachment:
    """A file as the real scene addresses it."""
    return Attachment(name, media_type, f"/attachments/{message}/{name}")
