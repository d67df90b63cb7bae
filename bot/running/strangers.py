"""People whom nobody invited: a kind line once a day at most, and nothing else."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from bot.compose import Comentor
from bot.lately import Lately
from bot.platforms import Event
from bot.roster import Roster

MOST_KNOWN = 10_000


@dataclass(slots=True)
class Strangers:
    """Tells strangers from people of ours, each asked about once a day."""

    comentor: Comentor
    met: Lately = field(default_factory=lambda: Lately(MOST_KNOWN))
    """Day, kind and address of what was asked about."""

    def is_first(self, event: Event) -> bool:
        """Whether this is somebody's first of its kind today, as far as this process knows."""
        today = f"{self.comentor.clock.now().date()} {event.kind} {event.address}"
        if today in self.met:
            return False
        self.met.add(today)
        return True

    async def is_stranger(self, event: Event) -> bool:
        """Whether nobody of ours did this. Its turn is taken first: it may be an invitation's."""
        await self.comentor.take_turns()
        return not await asyncio.to_thread(self._are_ours, event)

    def _are_ours(self, event: Event) -> bool:
        with self.comentor.store.reading() as session:
            return Roster(session).at(event.platform, event.address) is not None
