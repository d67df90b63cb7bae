"""Times and meetings as conversations hold them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from conversations.free_times import SOON, meeting_windows
from conversations.talk import Command, Lookup


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting of a pair."""

    id: int
    starts_at: datetime
    minutes: int


@dataclass(frozen=True, slots=True)
class Times:
    """Times that suit both calendars as far as the bot knows them."""

    times: tuple[datetime, ...]
    beyond_hours: bool
    """Whether their working hours never meet, so that times outside them are offered."""


@dataclass(frozen=True, slots=True)
class FreeTimes(Lookup[Times]):
    """Times for the next meetings, so that three lie ahead, or round a meeting to be moved."""

    pair: int
    by: int
    """Whose hours come first."""
    batch: int = 0
    """0 for the best, 1 for those after."""
    instead_of: int | None = None
    """A meeting to be moved."""


@dataclass(frozen=True, slots=True)
class TypedMoment:
    """What a typed date and hour was read as."""

    at: datetime | None
    reason: str
    """Why there is none, as `typed_dates.NotADate` has it; empty if there is one."""


@dataclass(frozen=True, slots=True)
class ReadMoment(Lookup[TypedMoment]):
    """Read a date and an hour that somebody typed, in their zone."""

    by: int
    text: str


@dataclass(frozen=True, slots=True)
class NextMeetings(Lookup[tuple[Meeting, ...]]):
    """The meetings of a pair that lie ahead, soonest first."""

    pair: int


@dataclass(frozen=True, slots=True)
class Propose(Command[int]):
    """Keep that one side has offered times to the other. Gives the proposal's id."""

    pair: int
    by: int
    to: int


@dataclass(frozen=True, slots=True)
class AnswerProposal(Command[None]):
    """Keep that a proposal was answered, whatever the answer."""

    proposal: int


@dataclass(frozen=True, slots=True)
class BookMeetings(Command[tuple[Meeting, ...]]):
    """Book meetings, well apart, until three lie ahead, but one at least.

    What has passed or is taken is left out. Gives those that were booked.
    """

    pair: int
    times: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class MoveMeeting(Command[Meeting | None]):
    """Move one meeting, the same event to every calendar.

    None if it no longer stands or the time is past or taken.
    """

    meeting: int
    to: datetime


@dataclass(frozen=True, slots=True)
class DropMeeting(Command[Meeting | None]):
    """Call one meeting off, leaving the others. None if it no longer stands or has begun."""

    meeting: int


def well_apart(
    times: Sequence[datetime], standing: Sequence[datetime], apart: timedelta, most: int
) -> tuple[datetime, ...]:
    """Give at most so many of the times, soonest first, each that far from the rest.

    The rest are the others that are given and those that stand already. A single time is what
    somebody asked for by name: it is given as it is.
    """
    if len(times) == 1:
        return tuple(times)
    chosen: list[datetime] = []
    for at in sorted(times):
        clear = all(abs(at - other) >= apart for other in (*standing, *chosen))
        if clear and len(chosen) < most:
            chosen.append(at)
    return tuple(chosen)


def room_before(ahead: datetime, last: datetime | None, rhythm: timedelta, now: datetime) -> bool:
    """Whether a meeting has its place before the one ahead, half a rhythm clear of it.

    `last` is the one before, None where there was none yet.
    """
    soonest = now + SOON - rhythm
    [window] = meeting_windows(max(last or soonest, soonest), rhythm, 1, None)
    return window.end + rhythm / 2 <= ahead
