"""People whom nobody invited: a kind line once a day at most, and nothing else."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select

from bot.compose import Comentor
from bot.lately import Lately
from bot.platforms import Event
from bot.roster import Roster
from bot.store import tables

MOST_KNOWN = 10_000


@dataclass(slots=True)
class Strangers:
    """Tells strangers from people of ours, who are asked for once and then known."""

    comentor: Comentor
    known: Lately = field(default_factory=lambda: Lately(MOST_KNOWN))

    async def is_new(self, event: Event) -> bool:
        """Whether this is a stranger's first of its kind within a day.

        Its turn is taken first: it may have been an invitation.
        """
        if event.address in self.known:
            return False
        await self.comentor.take_turns()
        is_ours, is_first = await asyncio.to_thread(self._look, event)
        if is_ours:
            self.known.add(event.address)
        return not is_ours and is_first

    def _look(self, event: Event) -> tuple[bool, bool]:
        arrival = tables.Arrival
        with self.comentor.store.reading() as session:
            person = Roster(session).at(event.platform, event.address)
            first = session.scalar(
                select(arrival.event)
                .where(
                    arrival.platform == event.platform,
                    arrival.address == event.address,
                    arrival.kind == event.kind,
                    arrival.received_at > self.comentor.clock.now() - timedelta(days=1),
                )
                .order_by(arrival.id)
                .limit(1)
            )
        return person is not None, first == event.id
