"""Cohort time: the time of day and how far the page has let it run ahead, kept in the database."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.store.tables import PlaygroundTime

ROW = 1


class CohortClock:
    """A clock that goes as fast as any other and can be put forward, never back."""

    def __init__(self, ahead: timedelta, wall: Clock) -> None:
        """Begin that far ahead of the time of day, which a clock on the wall tells."""
        self._ahead = ahead
        self._wall = wall

    def now(self) -> datetime:
        """Give the present instant in the cohort, aware, in UTC."""
        return self._wall.now() + self._ahead

    def put_forward(self, session: Session, to: datetime) -> None:
        """Let it be that instant now, kept in the caller's transaction.

        An earlier one changes nothing.
        """
        if to > self.now():
            self._ahead = to - self._wall.now()
            session.merge(PlaygroundTime(id=ROW, ahead=self._ahead.total_seconds()))


def clock_from(session: Session, wall: Clock) -> CohortClock | None:
    """Give the clock that was kept, or None before the first one was."""
    row = session.get(PlaygroundTime, ROW)
    return None if row is None else CohortClock(timedelta(seconds=row.ahead), wall)


def first_clock(session: Session, wall: Clock, begins: datetime) -> CohortClock:
    """Give a clock that begins at that instant, and keep it."""
    ahead = begins - wall.now()
    session.merge(PlaygroundTime(id=ROW, ahead=ahead.total_seconds()))
    return CohortClock(ahead, wall)
