"""Telegram's pace, enforced: so many sends in a second, over all and to one chat."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.botapi.refusals import too_many


@dataclass(slots=True)
class Pacing:
    """The limits; each window is a sliding one, so no burst passes that a second would not hold."""

    over_all: int = 30
    """Sends in any second: core.telegram.org/bots/faq, "about 30 messages per second"."""
    per_chat: float = 1.0
    """Sends a second to one chat: the same page."""
    burst: int = 1
    """So many may go to one chat together; 1 lets none pass. The page allows short bursts."""
    per_group: int = 20
    """Sends in any minute to one group: the same page."""
    lasting: bool = False
    """After a refusal nothing passes until retry_after is over, and each try prolongs it."""
    clock: Callable[[], float] = time.monotonic
    refused: int = 0
    _all: deque[float] = field(default_factory=deque)
    _chats: dict[int, deque[float]] = field(default_factory=dict)
    _closed_until: float = 0.0

    def admit(self, chat: int) -> None:
        """Count a send to a chat.

        Raises:
            Refused: it comes too soon; it is not counted.
        """
        now = self.clock()
        wait = max(self._wait_over_all(now), self._wait_for(chat, now), self._closed_until - now)
        if wait > 0:
            self.refused += 1
            seconds = max(1, math.ceil(wait))
            if self.lasting:
                self._closed_until = now + seconds
            raise too_many(seconds)
        self._all.append(now)
        self._chats.setdefault(chat, deque()).append(now)

    def _wait_over_all(self, now: float) -> float:
        return wait_in(self._all, now, 1.0, self.over_all)

    def _wait_for(self, chat: int, now: float) -> float:
        times = self._chats.get(chat)
        if times is None:
            return 0.0
        if chat < 0:  # a group's id is negative
            return wait_in(times, now, 60.0, self.per_group)
        return wait_in(times, now, self.burst / self.per_chat, self.burst)


def wait_in(times: deque[float], now: float, window: float, most: int) -> float:
    """Give the seconds until one more fits into a window that ends now."""
    while times and times[0] <= now - window:
        times.popleft()
    return times[0] + window - now if len(times) >= most else 0.0
