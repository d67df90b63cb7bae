"""Walking through a rehearsal, from one moment at which anything is due to the next."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot import engine, outbox
from bot.rehearsal.phones import deliver
from bot.rehearsal.world import World


def walk(world: World, told: Callable[[datetime], None]) -> None:
    """Walk from moment to moment to the end; `told` hears how far it has got.

    What happens in one week shares a commit, as turns that wait share one in any comentor.
    """
    moment: datetime | None = world.now
    while moment is not None and moment < world.ends:
        weekend = moment + timedelta(days=7)
        with world.store.transaction() as session:
            while moment is not None and moment < min(weekend, world.ends):
                world.now = max(world.now, moment)
                moment = live_now(world, session)
                told(world.now)
    world.now = world.ends
    told(world.now)


def live_now(world: World, session: Session) -> datetime | None:
    """Let everything happen that is due now, and give the next moment.

    Turns are taken and messages sent by the same functions as in any comentor.
    """
    while world.plans and world.plans[0][0] <= world.now:
        heapq.heappop(world.plans)[2](session)
    world.turns += engine.work(session, world.setup, world.now)
    more = True
    while more:
        leased = outbox.lease_due(session, world.setup.programme, world.now)
        world.turns += len(leased)
        more = len(leased) == outbox.MOST_AT_ONCE
        for each in leased:
            deliver(world, session, each)
    moments = [engine.next_moment(session), world.plans[0][0] if world.plans else None]
    return min((each for each in moments if each is not None), default=None)
