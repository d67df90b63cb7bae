"""The pace, by a clock that jumps to whatever is waited for."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from random import Random
from typing import Any

import pytest

from bot.pace import LEASING, LONGEST_FLIGHT, Pace, Slot

A_SECOND = 30
SENT = 300
FLIGHT = 0.02
"""Seconds that the way there takes, and again the way back, if nothing is late."""


class Jumping(selectors.SelectSelector):
    """Waits for nothing: time has passed instead."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        """Jump to the end of the wait."""
        self.now += max(timeout or 0.0, 0.0)
        return super().select(0)


def lived(work: Coroutine[Any, Any, None]) -> None:
    """Run something where time jumps."""
    selector = Jumping()
    loop = asyncio.SelectorEventLoop(selector)
    loop.time = lambda: selector.now  # type: ignore[method-assign]
    try:
        loop.run_until_complete(work)
    finally:
        loop.close()


class There:
    """The other side: it notes when each message arrives, some of them late."""

    def __init__(self, pace: Pace, late: float) -> None:
        """Nothing has arrived yet."""
        self.pace, self.late = pace, late
        self.chance = Random(7)
        self.times: list[float] = []

    async def takes(self, slot: Slot) -> None:
        """Take one message, and answer."""
        await asyncio.sleep(FLIGHT + self.chance.uniform(0, self.late))
        self.times.append(asyncio.get_running_loop().time())
        await asyncio.sleep(FLIGHT)
        self.pace.landed(slot)

    async def is_sent(self, count: int) -> None:
        """Send so many, as fast as the pace allows."""
        under_way = [asyncio.create_task(self.takes(await self.pace.slot())) for _ in range(count)]
        await asyncio.gather(*under_way)
        self.times.sort()

    @property
    def a_second(self) -> float:
        """How many a second arrived."""
        return (len(self.times) - 1) / (self.times[-1] - self.times[0])


def test_no_second_holds_more_than_is_allowed_however_late_they_arrive() -> None:
    """A server that counts strictly refuses nothing, so nothing has to wait for its refusals."""

    async def send() -> None:
        there = There(Pace(A_SECOND, 0.0), late=0.06)
        await there.is_sent(SENT)
        for first, too_soon in zip(there.times, there.times[A_SECOND:], strict=False):
            assert too_soon - first >= 1.0

    lived(send())


def test_what_is_allowed_is_used() -> None:
    """Where nothing is late it is 99 in a hundred, however long the way."""

    async def send() -> None:
        there = There(Pace(A_SECOND, 0.0), late=0.0)
        await there.is_sent(SENT)
        assert A_SECOND * 0.99 <= there.a_second <= A_SECOND * 1.01

    lived(send())


def test_one_answer_that_never_comes_holds_up_the_others_only_for_a_breath() -> None:
    """It may be a quarter of a minute until it counts as lost."""

    async def send() -> None:
        pace = Pace(A_SECOND, 0.0)
        await pace.slot()
        there = There(pace, late=0.0)
        await there.is_sent(SENT)
        assert there.times[-1] <= SENT / A_SECOND + 2 * LONGEST_FLIGHT

    lived(send())


def test_a_hold_is_kept() -> None:
    """The platform asked for silence."""

    async def send() -> None:
        pace = Pace(A_SECOND, 0.0)
        pace.hold(7)
        assert (await pace.slot()).left >= 7

    lived(send())


def test_without_a_limit_nothing_waits() -> None:
    """So that what is measured is the rest."""

    async def send() -> None:
        there = There(Pace(None, 0.0), late=0.0)
        await there.is_sent(SENT)
        assert there.times[-1] <= 2 * FLIGHT

    lived(send())


def test_less_than_one_a_second_keeps_its_gaps() -> None:
    """Slack counts redrawings by the minute; between two there may be more than a second."""
    pace = Pace(0.8, 0.0)

    async def send() -> None:
        there = There(pace, late=0.0)
        assert pace.is_open()
        await there.is_sent(5)
        gaps = [later - before for before, later in zip(there.times, there.times[1:], strict=False)]
        assert min(gaps) >= 1 / 0.8 - 0.06
        assert not pace.is_open()
        assert 0 < pace.until_open() <= 1 / 0.8

    lived(send())


def test_it_is_decided_late_who_has_a_slot() -> None:
    """A reply that comes while the next slot is waited for still has it, and no slot is missed."""

    async def send() -> None:
        now, pace = asyncio.get_running_loop().time, Pace(A_SECOND, 0.0)
        first = await pace.slot()
        pace.landed(first)
        await pace.nearly()
        assert 0 < first.left + 1 / A_SECOND - now() <= LEASING
        assert (await pace.slot()).left - first.left == pytest.approx(1 / A_SECOND)
        pace.hold(2.0)
        held = now()
        await pace.nearly()
        assert now() - held == pytest.approx(2.0 - LEASING)

    lived(send())


def test_without_a_limit_nothing_is_waited_for() -> None:
    """A platform that takes whatever comes."""

    async def send() -> None:
        pace = Pace(None, 0.0)
        pace.landed(await pace.slot())
        await pace.nearly()
        assert asyncio.get_running_loop().time() == 0.0

    lived(send())
