"""Pace: how often a platform may be spoken to, over all and to one person.

Steady, and never more in any second than a platform allows, however unevenly they arrive there: a
refusal costs a second of silence, and bursts that run into refusals reach a third of the limit.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field

SECOND = 1.003
"""A second, and a little for what neither clock shows."""
LONGEST_FLIGHT = 1.0
"""Seconds after which the others no longer wait for one whose answer has not come."""
CATCHES_UP = 0.05
"""Seconds of lateness that are made good; after more, the even gaps begin anew."""
AHEAD = 0.04
"""Seconds of sending that are taken from the outbox at once; no reply waits for more."""
LEASING = 0.015
"""Seconds that taking from the outbox may need: so long before a slot it is decided who has it."""


@dataclass(slots=True)
class Slot:
    """One message's place in the pace."""

    left: float
    landed: float | None = None
    """When its answer came: by then, and no later, it counted there."""


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
    _taken: deque[Slot] = field(default_factory=deque)
    _nearest: float = math.inf
    """The shortest time from leaving to landing so far."""
    _landing: asyncio.Event = field(default_factory=asyncio.Event)
    _rested: dict[int, float] = field(default_factory=dict)

    @property
    def at_once(self) -> int:
        """How many to take from the outbox at a time."""
        if self.a_second is None:
            return self.most
        return max(1, min(self.most, round(self.a_second * AHEAD)))

    def until_open(self) -> float:
        """Give the seconds until the next can leave; 0 if it can now."""
        now = asyncio.get_running_loop().time()
        return max(self._next - now, self._until_open(), 0.0)

    def is_open(self) -> bool:
        """Whether the next can leave now."""
        return not self.until_open()

    async def nearly(self) -> None:
        """Wait until shortly before the next slot: what comes by then may still have it."""
        wait = self._next - LEASING - asyncio.get_running_loop().time()
        if wait > 0:
            await asyncio.sleep(wait)

    async def slot(self) -> Slot:
        """Wait for the next slot and take it; tell `landed` once its answer has come."""
        loop = asyncio.get_running_loop()
        if self.a_second is None and self._next == 0.0:
            return Slot(loop.time())
        at = max(self._next, loop.time() - CATCHES_UP)
        self._next = at + (1 / self.a_second if self.a_second else 0.0)
        if (wait := at - loop.time()) > 0:
            await asyncio.sleep(wait)
        while (wait := self._until_open()) > 0:
            self._landing.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._landing.wait()
        slot = Slot(loop.time())
        if self.a_second is not None:
            self._taken.append(slot)
        return slot

    def landed(self, slot: Slot) -> None:
        """Note that the answer to what was sent in a slot has come, or never will."""
        slot.landed = asyncio.get_running_loop().time()
        self._nearest = min(self._nearest, slot.landed - slot.left)
        self._landing.set()

    def _until_open(self) -> float:
        """Give the seconds until one more can leave and meet no full second there.

        It arrives at the earliest one way later, and what it must not meet had arrived at the
        latest one way before it landed; both ways together take at least the shortest time so far.
        """
        # Where it is less than one a second, even gaps are wider than a second anyway.
        most = math.inf if self.a_second is None else max(self.a_second, 1.0)
        if len(self._taken) < most:
            return 0.0
        while len(self._taken) > most:
            self._taken.popleft()
        oldest = self._taken[0]
        landed = oldest.left + LONGEST_FLIGHT if oldest.landed is None else oldest.landed
        shortest = 0.0 if math.isinf(self._nearest) else self._nearest
        return landed + SECOND - shortest - asyncio.get_running_loop().time()

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
