"""The composition root: everything that makes a running comentor, put together."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot import arrivals, engine, outbox
from bot.arrivals import Received
from bot.clock import Clock, WallClock
from bot.couriers import carry_all, write_down
from bot.outbox import Leased
from bot.platforms import Event, NotKept, Platform
from bot.platforms.slack import drawing as slack
from bot.platforms.telegram import words as telegram
from bot.store.database import Store
from bot.store.writer import Together, Writer
from bot.turn import MessagesOf, Setup

log = structlog.get_logger()
A_FEW = 8
"""So many turns that the clock brings are taken before it is asked again who speaks."""
AFTER_TROUBLE = timedelta(seconds=5)
MESSAGES_IN: Mapping[str, MessagesOf] = {
    "telegram": lambda runs: [each.text for each in telegram.to_texts(runs)],
    "slack": lambda runs: [each.text for each in slack.draw_said([runs])],
}
LONGEST_SLEEP = timedelta(minutes=5)
"""The heartbeat beats at least this often, should a clock have been put back."""


@dataclass(slots=True)
class Comentor:
    """A comentor at work.

    An inbox that commits before it acknowledges, turns, couriers and a heartbeat.
    """

    store: Store
    writer: Writer
    setup: Setup
    clock: Clock
    platforms: Mapping[str, Platform]
    stirred: asyncio.Event = field(default_factory=asyncio.Event)
    one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)
    inbox: Together[Received] = field(init=False)

    def __post_init__(self) -> None:
        """Let what arrives together be committed together."""
        self.inbox = Together(self.writer, arrivals.keep)

    async def receive(self, *events: Event, heard: str = "") -> None:
        """Commit what arrived, and that the platform `heard` was heard, if one is named.

        Once this returns it may be acknowledged, and its turn will be taken. Raises NotKept.
        """
        try:
            await self.inbox.put(Received(events, heard, self.clock.now()))
        except SQLAlchemyError as error:
            raise NotKept(f"the database cannot be used: {type(error).__name__}") from error
        if events:
            self.stirred.set()

    async def take_turns(self) -> None:
        """Take every turn that is due now."""
        async with self.one_at_a_time:
            while await self._turns():
                pass

    async def settle(self) -> None:
        """Take every turn and send every message that is due now."""
        async with self.one_at_a_time:
            while await self._turns() or await self._send():
                pass

    async def _turns(self) -> int:
        """Take what has arrived; where nothing has, some of what is due: nobody waits for it."""
        now, setup = self.clock.now(), self.setup
        taken = await self.writer.run(
            lambda session: engine.take_arrivals(session, setup, now), is_long=True
        )
        return taken or await self.writer.run(
            lambda session: engine.run_due(session, setup, now, A_FEW), is_long=True
        )

    async def _send(self) -> int:
        now = self.clock.now()
        leased = await self.writer.run(lambda session: self._lease(session, now))
        if leased:
            marks = await carry_all(self.platforms, leased, self.clock)
            done = self.clock.now()
            await self.writer.run(lambda session: write_down(session, marks, done))
        return len(leased)

    def _lease(self, session: Session, now: datetime) -> list[Leased]:
        # Whatever is behind a lease of somebody who is gone would wait for the next start.
        outbox.take_back(session, now)
        return outbox.lease_due(session, self.setup.programme, now)

    async def next_moment(self) -> datetime | None:
        """Give the next instant at which anything is due, or None."""
        return await self.writer.run(engine.next_moment)

    async def take_back(self) -> int:
        """Put back what a former life was sending when it ended. Gives how many messages.

        Where other processes may be at work on the database, only what outlived its lease.
        """
        now, alone = self.clock.now(), self.store.one_writer
        return await self.writer.run(
            lambda session: outbox.take_back(session, now, all_of_them=alone)
        )


def compose(
    store: Store, setup: Setup, clock: Clock, platforms: Mapping[str, Platform]
) -> Comentor:
    """Put a comentor together on an open database. Close its writer and its store when done."""
    return Comentor(store, Writer(store), replace(setup, messages_in=MESSAGES_IN), clock, platforms)


async def run(comentor: Comentor, after_each: Callable[[], None] = lambda: None) -> None:
    """Keep at work until cancelled: settle whenever something arrives, and at the next due moment.

    `after_each` is told after every time that it has settled.
    """

    async def settle() -> datetime | None:
        await comentor.settle()
        after_each()
        return await comentor.next_moment()

    await comentor.take_back()
    await _keep_at(comentor, settle)


async def take_turns(comentor: Comentor, after_each: Callable[[], None]) -> None:
    """Keep taking turns until cancelled; what they put in the outbox is for others to carry.

    `after_each` is told after every time that none is left to take.
    """

    async def take() -> datetime | None:
        try:
            await comentor.take_turns()
            after_each()
            return await comentor.writer.run(engine.next_turn)
        except SQLAlchemyError as error:
            log.warning("the database cannot be used", why=type(error).__name__)
            return comentor.clock.now() + AFTER_TROUBLE

    await _keep_at(comentor, take)


async def _keep_at(comentor: Comentor, work: Callable[[], Awaitable[datetime | None]]) -> None:
    """Do the work whenever something stirs, and at the moment that it gives."""
    scheduler = AsyncIOScheduler(timezone="UTC")
    scheduler.start()
    try:
        while True:
            comentor.stirred.clear()
            _wake_at(scheduler, comentor, await work())
            await comentor.stirred.wait()
    finally:
        with suppress(Exception):
            scheduler.shutdown(wait=False)


def _wake_at(scheduler: AsyncIOScheduler, comentor: Comentor, moment: datetime | None) -> None:
    """Let the heartbeat stir at the next due moment.

    It holds no state, so nothing is lost with it.
    """
    # Cohort time may be ahead of the time of day, which is what the scheduler goes by.
    pause = LONGEST_SLEEP if moment is None else min(moment - comentor.clock.now(), LONGEST_SLEEP)
    at = WallClock().now() + max(pause, timedelta(0))
    scheduler.add_job(
        comentor.stirred.set,
        DateTrigger(at),
        id="heartbeat",
        replace_existing=True,
        misfire_grace_time=None,
    )
