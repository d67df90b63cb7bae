"""A live platform's courier: it takes what is due out at the platform's pace, and redraws.

It leases no more than the next twenty-fifth of a second has room for, so that a reply overtakes
whatever else is going out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot import outbox
from bot.clock import Clock
from bot.couriers import Mark, carry, write_down
from bot.outbox import Leased, Stale
from bot.pace import Pace, Slot
from bot.platforms import AnswerLost, NotNow, Platform, Refused, Unsendable
from bot.store.state import quiet_until, write_quiet
from bot.store.writer import Together, Writer
from bot.turn import Setup

log = structlog.get_logger()
LONGEST_SLEEP = 60.0
SHORTEST_SLEEP = 0.1
AFTER_TROUBLE = 5.0
A_FORMER_LIFE = 1.0
"""Seconds of silence at a start: what was sent just before it is not known, but counts."""


@dataclass(slots=True)
class Courier:
    """Carries one platform's messages for as long as it runs."""

    name: str
    platform: Platform
    pace: Pace
    writer: Writer
    setup: Setup
    clock: Clock
    stir: Callable[[], None]
    """Told when something was put in the inbox."""
    in_flight: set[asyncio.Task[None]] = field(default_factory=set)
    redrawing: set[tuple[int, str]] = field(default_factory=set)
    stirred: asyncio.Event = field(default_factory=asyncio.Event)
    marks: Together[Mark] = field(init=False)

    def __post_init__(self) -> None:
        """Let what became of several be written down together."""
        self.marks = Together(
            self.writer, lambda session, marks: write_down(session, marks, self.clock.now())
        )

    async def run(self) -> None:
        """Carry until cancelled; what is in flight then is finished first."""
        self.pace.hold(await self._asked_quiet())
        try:
            while True:
                await self._beat()
        finally:
            if self.in_flight:
                await asyncio.wait(self.in_flight, timeout=5)

    async def _asked_quiet(self) -> float:
        """How long to be silent at first."""
        until = await self.writer.run(lambda session: quiet_until(session, self.name))
        left = (until - self.clock.now()).total_seconds() if until else 0.0
        return max(A_FORMER_LIFE, left)

    async def _beat(self) -> None:
        self.stirred.clear()
        try:
            # Before the writer's thread takes over: who rests is told by the event loop's clock.
            resting = self.pace.resting()
            leased, drawn = await self.writer.run(lambda session: self._due(session, resting))
        except SQLAlchemyError as error:
            log.warning("the database cannot be used", why=type(error).__name__)
            await asyncio.sleep(AFTER_TROUBLE)
            return
        for stale in drawn:
            await self._start(partial(self._redraw, stale))
        for each in leased:
            self.pace.spoke(each.delivery.person)
            await self._start(partial(self._carry, each))
        if not leased and not drawn:
            await self._sleep()
        elif len(self.in_flight) >= self.pace.most:
            await asyncio.wait(self.in_flight, return_when=asyncio.FIRST_COMPLETED)

    def _due(self, session: Session, resting: list[int]) -> tuple[list[Leased], list[Stale]]:
        room = min(self.pace.at_once, self.pace.most - len(self.in_flight))
        now = self.clock.now()
        leased = outbox.lease_due(
            session, self.setup.programme, now, room, platform=self.name, but=resting
        )
        drawn = outbox.stale(session, self.name, self.pace.at_once)
        return leased, [each for each in drawn if _it(each) not in self.redrawing]

    async def _start(self, work: Callable[[Slot], Coroutine[Any, Any, None]]) -> None:
        task = asyncio.create_task(work(await self.pace.slot()))
        self.in_flight.add(task)
        task.add_done_callback(self.in_flight.discard)

    async def _carry(self, leased: Leased, slot: Slot) -> None:
        mark = await carry({self.name: self.platform}, leased, self._hold)
        self.pace.landed(slot)
        self.pace.spoke(leased.delivery.person)
        await self._write_down(mark)
        self.stirred.set()
        if leased.tries > 1:
            self.stir()  # a refusal that is believed has put an event in the inbox

    async def _write_down(self, mark: Mark) -> None:
        """Keep what became of something; if that fails, its lease runs out."""
        try:
            await self.marks.put(mark)
        except SQLAlchemyError as error:
            log.warning("the database cannot be used", why=type(error).__name__)

    async def _redraw(self, stale: Stale, slot: Slot) -> None:
        """Redraw one message; one that nobody can reach is left as it is."""
        self.redrawing.add(_it(stale))
        try:
            is_drawn = await self._drawn(stale)
            self.pace.landed(slot)
            if is_drawn:
                await self._write_down(lambda session, _: outbox.mark_redrawn(session, stale))
        finally:
            self.redrawing.discard(_it(stale))
            self.stirred.set()  # it may have changed once more meanwhile

    async def _drawn(self, stale: Stale) -> bool:
        """Whether it is done with; else it is tried again."""
        try:
            await self.platform.redraw(stale.redrawing)
        except (Refused, Unsendable) as refusal:
            log.info("not redrawn", person=stale.redrawing.person, why=str(refusal))
        except NotNow as trouble:
            await self._hold(trouble.after or timedelta(seconds=AFTER_TROUBLE))
            return False
        except AnswerLost:
            # Drawn twice it looks the same; it is only not to be tried without a breath between.
            await asyncio.sleep(AFTER_TROUBLE)
            return False
        return True

    async def _hold(self, pause: timedelta) -> None:
        """Obey a platform that asks for silence, over a restart as well."""
        self.pace.hold(pause.total_seconds())
        until: datetime = self.clock.now() + pause
        await self.writer.run(lambda session: write_quiet(session, self.name, until))

    async def _sleep(self) -> None:
        """Rest until something is stirred, falls due, or somebody may be written to again."""
        now = self.clock.now()
        due = await self.writer.run(lambda session: outbox.next_due(session, self.name))
        waits = LONGEST_SLEEP if due is None else (due - now).total_seconds()
        seconds = min(max(waits, SHORTEST_SLEEP), self.pace.until_rested(), LONGEST_SLEEP)
        try:
            async with asyncio.timeout(seconds):
                await self.stirred.wait()
        except TimeoutError:
            return


def _it(stale: Stale) -> tuple[int, str]:
    return stale.redrawing.person, stale.redrawing.reference
