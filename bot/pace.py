"""Pace: how often a platform may be spoken to, over all and to one person.

Steady and a little under the limit: at 29.7 a second Telegram's 30 is reached to 99 % with no
refusal, while bursts that run into refusals reach a third of it.
"""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass, field

A_LITTLE_UNDER = 0.99
AHEAD = 0.1
"""Seconds of sending that are taken from the outbox at once; no reply waits for more."""


@dataclass(slots=True)
class Pace:
    """When the next message may go out. Times are the event loop's, in seconds."""

    a_second: float | None
    """Over all; None for as many as there are."""
    apart: float
    """Seconds between two messages to one person; 0 for none."""
    most: int = 64
    """In flight at once."""
    _next: float = 0.0
    _rested: dict[int, float] = field(default_factory=dict)

    @property
    def at_once(self) -> int:
        """How many to take from the outbox at a time."""
        if self.a_second is None:
            return self.most
        return max(1, min(self.most, round(self.a_second * AHEAD)))

    async def slot(self) -> None:
        """Wait for the next slot and take it."""
        if self.a_second is None and self._next == 0.0:
            return
        now = asyncio.get_running_loop().time()
        at = max(now, self._next)
        self._next = at + (1 / (self.a_second * A_LITTLE_UNDER) if self.a_second else 0.0)
        if at > now:
            await asyncio.sleep(at - now)

    def hold(self, seconds: float) -> None:
        """Send nothing for so many seconds."""
        self._next = max(self._next, asyncio.get_running_loop().time() + seconds)

    def spoke(self, person: int) -> None:
        """Note that somebody has just been written to."""
        if self.apart:
            self._rested[person] = asyncio.get_running_loop().time() + self.apart

    def resting(self) -> list[int]:
        """Give whom it is too early to write to again."""
        now = asyncio.get_running_loop().time()
        self._rested = {person: at for person, at in self._rested.items() if at > now}
        return list(self._rested)

    def until_rested(self) -> float:
        """Give the seconds until somebody can be written to again; infinite if nobody rests."""
        now = asyncio.get_running_loop().time()
        return min((max(at - now, 0.0) for at in self._rested.values()), default=math.inf)
