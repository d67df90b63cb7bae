"""A courier at work: what cannot be redrawn is tried less and less often, and not for ever."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.live import A_FORMER_LIFE, LONGEST_SLEEP, Courier
from bot.pace import Pace
from bot.patience import FIRST_PAUSE, MOST_TRIES
from bot.platforms import AnswerLost, NotNow, Realm, Redrawing, Unreached
from bot.store import tables
from bot.store.writer import Writer
from tests.test_compose import WorldClock
from tests.world import Phone, World

HOUR = timedelta(hours=1)


@dataclass(slots=True)
class Stumbling(Phone):
    """It stumbles over whatever is redrawn, as long as it is told to."""

    over: Exception | None = None
    redrawn: list[Redrawing] = field(default_factory=list)

    async def redraw(self, redrawing: Redrawing) -> None:
        self.redrawn.append(redrawing)
        if self.over is not None:
            raise self.over


@dataclass(slots=True)
class Desk:
    """Ana's phone, which she toggles times on, and the courier who redraws it."""

    world: World
    phone: Stumbling
    courier: Courier

    def toggle(self) -> None:
        """Have Ana change what is on."""
        part = next(part for part in self.world.parts("Ana") if part.manner == "choosesome")
        self.world.press_data("Ana", part.choices[0].data)

    def stale_at(self) -> datetime | None:
        """When her message is to be redrawn."""
        message = tables.Message
        asked = (message.person_id == self.world.ids["Ana"]) & (message.manner == "choosesome")
        with self.world.store.reading() as session:
            return session.scalars(select(message.stale_at).where(asked)).one()

    async def until(self, found: Callable[[], bool]) -> None:
        """Wait until something is so."""
        async with asyncio.timeout(10):
            while not found():
                self.courier.stirred.set()
                await asyncio.sleep(0.01)

    async def next_try(self) -> timedelta | None:
        """Wait for one more try in vain; give the pause after it, and let that pass."""
        before, now = len(self.phone.redrawn), self.world.now
        await self.until(lambda: len(self.phone.redrawn) > before)
        await self.until(lambda: (at := self.stale_at()) is None or at > now)
        again = self.stale_at()
        self.world.now = again or now
        return None if again is None else again - now


@pytest.fixture
async def desk(world: World) -> AsyncIterator[Desk]:
    """Ana is offered times; a courier is at work."""
    world.join("Ana", "Ben")
    world.agree()
    phone, writer = Stumbling(lambda: world.now), Writer(world.store)
    courier = Courier(
        Realm("telegram"),
        "telegram",
        phone,
        Pace(None, 0.0),
        world.store,
        writer,
        world.setup,
        WorldClock(world),
        lambda: None,
    )
    for row in world.rows(tables.Message, tables.Message.stale_at.is_not(None)):
        with world.store.transaction() as session:
            session.get_one(tables.Message, row.id).stale_at = None
    work = asyncio.create_task(courier.run())
    yield Desk(world, phone, courier)
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    writer.close()


@pytest.mark.parametrize("trouble", [NotNow("busy"), AnswerLost()])
async def test_a_redraw_in_vain_ends_until_something_changes(
    desk: Desk, trouble: Exception
) -> None:
    """It is a courtesy: a message that always meets an error would be tried for ever."""
    desk.phone.over = trouble
    desk.toggle()
    pauses = [await desk.next_try() for _ in range(MOST_TRIES)]
    assert pauses == [FIRST_PAUSE * 2**place for place in range(MOST_TRIES - 1)] + [None]
    desk.world.now += HOUR
    desk.courier.stirred.set()
    await asyncio.sleep(0.1)
    assert len(desk.phone.redrawn) == MOST_TRIES
    desk.phone.over = None
    desk.toggle()
    await desk.until(lambda: len(desk.phone.redrawn) == MOST_TRIES + 1)
    await desk.until(lambda: desk.stale_at() is None)


async def test_where_there_is_no_way_no_message_is_given_up(desk: Desk) -> None:
    """An outage of hours is no fault of one message."""
    desk.phone.over = Unreached("no connection")
    desk.toggle()
    assert {await desk.next_try() for _ in range(MOST_TRIES + 2)} == {FIRST_PAUSE}


async def test_what_another_process_puts_in_the_outbox_is_found(desk: Desk) -> None:
    """Nobody here is stirred by it; whoever asked for help there waits for its answer."""
    if desk.world.store.one_writer:
        return
    world = desk.world
    await asyncio.sleep(A_FORMER_LIFE)
    world.receive(world.event("Ana", "typed", text="help"))
    world.take()
    sent = tables.Message.state == "sent"
    async with asyncio.timeout(LONGEST_SLEEP / 2):
        while not world.messages("Ana", tables.Message.line == "help", sent):  # noqa: ASYNC110 - it happens past this process
            await asyncio.sleep(0.05)
