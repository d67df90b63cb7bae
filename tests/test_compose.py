"""Comentor at work: what a former life held is sent; what another process holds is left to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from bot.compose import Comentor, compose
from bot.couriers import carry_all
from bot.outbox import LEASE
from bot.platforms import Delivery
from bot.turn import say_to
from tests.world import Phone, World


class WorldClock:
    """The world's own time."""

    def __init__(self, world: World) -> None:
        """Go by this world."""
        self.world = world

    def now(self) -> datetime:
        return self.world.now


class SlowPhone(Phone):
    """It takes so long over each message that the leases of the others run out meanwhile."""

    world: World

    async def send(self, delivery: Delivery) -> str:
        self.world.now += LEASE
        return await super().send(delivery)


@pytest.fixture
def comentor(world: World) -> Iterator[Comentor]:
    """Ana and Ben are here, and a line waits for Ana; all is put together as it is in earnest."""
    world.join("Ana", "Ben")
    world.phone.received.clear()
    with world.turn("Ana") as turn:
        say_to(turn, world.ids["Ana"], "noted")
    platforms = {"telegram": world.phone, "slack": world.phone}
    comentor = compose(world.store, world.setup, WorldClock(world), platforms)
    yield comentor
    comentor.writer.close()


async def test_what_a_former_life_held_is_taken_back_at_the_start(
    world: World, comentor: Comentor
) -> None:
    """At once where there is one process; where there may be others, once its lease has run out."""
    world.lease()
    assert await comentor.take_back() == (1 if world.store.one_writer else 0)
    world.now += LEASE
    await comentor.settle()
    assert world.got("Ana") == ["noted"]


async def test_a_lease_that_runs_out_while_at_work_is_taken_back(
    world: World, comentor: Comentor
) -> None:
    """Whoever held it is gone; what waits behind it must not wait for the next start."""
    world.lease()
    await comentor.settle()
    assert world.got("Ana") == []
    world.now += LEASE - timedelta(seconds=1)
    await comentor.settle()
    assert world.got("Ana") == []
    world.now += timedelta(seconds=1)
    await comentor.settle()
    assert world.got("Ana") == ["noted"]


async def test_what_outlived_its_lease_before_its_turn_came_is_not_sent(
    world: World, comentor: Comentor
) -> None:
    """Another courier may have sent it by then."""
    with world.turn("Ben") as turn:
        say_to(turn, world.ids["Ben"], "noted")
    slow = SlowPhone(lambda: world.now)
    slow.world = world
    marks = await carry_all({"telegram": slow, "slack": slow}, world.lease(), comentor.clock)
    assert len(marks) == 1
    assert [each.name for each in slow.received] == ["Ana"]
    await comentor.settle()
    assert world.got("Ben") == ["noted"]
