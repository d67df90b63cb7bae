"""Patience with what cannot be drawn: it is tried less and less often, and then left as it is.

What is drawn is how things stand, so nothing is lost with it: once they change it is tried anew.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import timedelta

FIRST_PAUSE = timedelta(seconds=5)
MOST_TRIES = 10
"""The last is made three quarters of an hour after the first: 5 s, 10 s, 20 s and so on between."""


@dataclass(slots=True)
class Patience:
    """How often each thing was tried in vain, in this process; after a start it begins anew."""

    _tries: dict[Hashable, int] = field(default_factory=dict)

    def tried(self, it: Hashable) -> timedelta | None:
        """Count one more try in vain and give the pause until the next; None if it was the last."""
        tries = self._tries.pop(it, 0) + 1
        if tries == MOST_TRIES:
            return None
        self._tries[it] = tries
        pause: timedelta = FIRST_PAUSE * 2 ** (tries - 1)
        return pause

    def is_done(self, it: Hashable) -> None:
        """Forget what was counted of it."""
        self._tries.pop(it, None)
