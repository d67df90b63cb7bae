"""The people of the story, their calendars, and time that passes until something is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from icalendar import Calendar

from tests.whole.phone import Phone
from tests.whole.server import YEAR, Server

LONGEST_WAIT = 60
"""More strides than this without what is waited for, and it will not come."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What one file tells a calendar."""

    method: str
    uid: str
    sequence: int
    starts: datetime
    status: str


@dataclass(slots=True)
class Town:
    """A playground's server, the phones that the story is about, and how far it has been told."""

    server: Server
    ana: Phone = field(init=False)
    ben: Phone = field(init=False)
    cleo: Phone = field(init=False)
    dana: Phone = field(init=False)
    numbers: dict[str, int] = field(init=False)
    told: list[Chapter] = field(default_factory=list)
    telling: str = ""
    """The chapter that is being told, or that broke off."""

    def open(self) -> None:
        """Start the server and hand out the phones."""
        self.server.start()
        self.numbers = self.server.people()
        self.ana, self.ben = self.phone("Ana Ruiz"), self.phone("Ben Walsh")
        self.cleo, self.dana = self.phone("Cleo Martin"), self.phone("Dana Okafor")

    @property
    def everybody(self) -> tuple[Phone, Phone, Phone, Phone]:
        """Give the four of the story."""
        return self.ana, self.ben, self.cleo, self.dana

    def phone(self, name: str) -> Phone:
        """Give anybody's phone."""
        return Phone(self.server, name, self.numbers[name])

    def tell(self, chapters: Iterable[Chapter]) -> None:
        """Tell what of these chapters has not been told; where one broke off, nothing follows."""
        for chapter in chapters:
            if chapter not in self.told:
                assert not self.telling, f"{self.telling} broke off, so nothing can follow"
                self.telling = chapter.__name__
                chapter(self)
                self.told.append(chapter)
                self.telling = ""

    def until(self, phone: Phone, words: str, after: int = 0) -> str:
        """Let time pass, thing by thing, until somebody reads these words; give the whole text."""
        for _ in range(LONGEST_WAIT):
            self.server.come_to_rest()
            if text := phone.read(words, after):
                return text
            self.server.let_pass("next")
        raise AssertionError(f"{phone} never shows {words!r}, only {phone.texts()[-5:]}")


Chapter = Callable[[Town], None]


def entries(phone: Phone) -> list[Entry]:
    """Give what every file that somebody was sent tells a calendar, in order."""
    return [_entry(content) for content in phone.files()]


def _entry(content: bytes) -> Entry:
    calendar = Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    return Entry(
        str(calendar["METHOD"]),
        str(event["UID"]),
        int(event.decoded("SEQUENCE")),
        event.decoded("DTSTART"),
        str(event["STATUS"]),
    )


def calendar_of(phone: Phone) -> dict[str, Entry]:
    """Give what stands in a calendar that took every file as RFC 5546 says."""
    standing: dict[str, Entry] = {}
    for entry in entries(phone):
        known = standing.get(entry.uid)
        assert known is None or entry.sequence > known.sequence, "no calendar would take this"
        standing[entry.uid] = entry
    return {uid: entry for uid, entry in standing.items() if entry.method != "CANCEL"}


def moment(phone: Phone, words: str) -> datetime:
    """Give when the first text with these words reached somebody, as their own clocks show it."""
    at = next(
        bubble.at
        for bubble in phone.bubbles()
        if any(words in part.text for part in bubble.parts) and not bubble.mine
    )
    return datetime.strptime(f"{YEAR} {at}", "%Y %a %d %B, %H:%M")  # noqa: DTZ007 - a wall time
