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
from typing import Any, TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot import outbox
from bot.clock import Clock
from bot.couriers import Mark, carry, write_down
from bot.outbox import Leased, Stale
from bot.pace import Pace, Slot
from bot.patience import FIRST_PAUSE, Patience
from bot.platforms import AnswerLost, NotNow, Platform, Realm, Refused, Unreached, Unsendable
from bot.store.alone import Alone
from bot.store.database import Store
from bot.store.state import quiet_until, write_quiet
from bot.store.writer import Together, Writer
from bot.turn import Setup

log = structlog.get_logger()
T = TypeVar("T")
LONGEST_SLEEP = 10.0
AMONG_OTHERS = 1.0
"""Seconds between two looks where another process may put something in the outbox: its reply waits
for no more."""
SHORTEST_SLEEP = 0.1
AFTER_TROUBLE = 5.0
BETWEEN_LOOKS = 10.0
"""Seconds between two looks whether it is still ours to carry."""
A_FORMER_LIFE = 1.0
"""Seconds of silence at a start: what was sent just before it is not known, but counts."""


@dataclass(slots=True)
class Courier:
    """Carries one account's messages for as long as it runs."""

    realm: Realm
    account: str
    """Whom it speaks as: one courier in all processes does."""
    platform: Platform
    pace: Pace
    store: Store
    writer: Writer
    setup: Setup
    clock: Clock
    stir: Callable[[], None]
    """Told when something was put in the inbox."""
    redraws: Pace | None = None
    """How often something may be redrawn, where that is counted by itself."""
    in_flight: set[asyncio.Task[None]] = field(default_factory=set)
    redrawing: set[tuple[int, str]] = field(default_factory=set)
    patience: Patience = field(default_factory=Patience)
    """With what cannot be redrawn."""
    stirred: asyncio.Event = field(default_factory=asyncio.Event)
    looks_at: float = 0.0
    marks: Together[Mark] = field(init=False)

    def __post_init__(self) -> None:
        """Let what became of several be written down together."""
        self.marks = Together(
            self.writer, lambda session, marks: write_down(session, marks, self.clock.now())
        )

    async def run(self) -> None:
        """Carry until cancelled, whenever no other process does; what is in flight is finished."""
        while True:
            async with Alone(self.store, f"courier {self.account}") as held:
                # Whoever carried before is gone: what it held is ours.
                await self._keep(lambda session: outbox.take_back_in(session, self.realm))
                self.pace.hold(await self._asked_quiet())
                await self._carry_while(held)

    async def _carry_while(self, held: Alone) -> None:
        try:
            while await self._is_still(held):
                await self._beat()
        finally:
            if self.in_flight:
                await asyncio.wait(self.in_flight, timeout=5)

    async def _is_still(self, held: Alone) -> bool:
        """Whether it is still ours to carry; asked now and then."""
        now = asyncio.get_running_loop().time()
        if now < self.looks_at:
            return True
        self.looks_at = now + BETWEEN_LOOKS
        return await held.is_held()

    async def _asked_quiet(self) -> float:
        """How long to be silent at first."""
        until = await self._keep(lambda session: quiet_until(session, self.realm.name))
        left = (until - self.clock.now()).total_seconds() if until else 0.0
        return max(A_FORMER_LIFE, left)

    async def _beat(self) -> None:
        await self.pace.nearly()
        self.stirred.clear()
        # Before the writer's thread takes over: who rests is told by the event loop's clock.
        resting, busy = self.pace.resting(), frozenset(self.redrawing)
        redraws = self.redraws or self.pace
        room = self.pace.at_once if self.redraws is None else int(redraws.is_open())
        most = room and room + len(busy)
        leased, found = await self._keep(lambda session: self._due(session, resting, most))
        # Whose redrawing is not marked yet was read as it stood before.
        drawn = [each for each in found if _it(each) not in busy][:room]
        for stale in drawn:
            self.redrawing.add(_it(stale))
            await self._start(redraws, partial(self._redraw, stale))
        for each in leased:
            self.pace.spoke(each.delivery.person)
            await self._start(self.pace, partial(self._carry, each))
        if not leased and not drawn:
            await self._sleep()
        elif len(self.in_flight) >= self.pace.most:
            await asyncio.wait(self.in_flight, return_when=asyncio.FIRST_COMPLETED)

    def _due(
        self, session: Session, resting: list[int], redraws: int
    ) -> tuple[list[Leased], list[Stale]]:
        room = min(self.pace.at_once, self.pace.most - len(self.in_flight))
        now = self.clock.now()
        # What could not be written down has kept its lease, and is tried again once that is over.
        outbox.take_back(session, now)
        leased = outbox.lease_due(
            session, self.setup.programme, now, room, realm=self.realm, but=resting
        )
        return leased, outbox.stale(session, self.realm, now, redraws) if redraws else []

    async def _start(self, pace: Pace, work: Callable[[Slot], Coroutine[Any, Any, None]]) -> None:
        task = asyncio.create_task(work(await pace.slot()))
        self.in_flight.add(task)
        task.add_done_callback(self.in_flight.discard)

    async def _carry(self, leased: Leased, slot: Slot) -> None:
        mark = await carry({self.realm.platform: self.platform}, leased, self._hold)
        self.pace.landed(slot)
        self.pace.spoke(leased.delivery.person)
        await self._write_down(mark)
        self.stirred.set()
        if leased.tries > 1:
            self.stir()  # a refusal that is believed has put an event in the inbox

    async def _write_down(self, mark: Mark) -> None:
        """Keep what became of something: until then nothing more is said to whom it was for."""
        while True:
            try:
                await self.marks.put(mark)
            except SQLAlchemyError as error:
                await self._take_breath(error)
            else:
                return

    async def _keep(self, work: Callable[[Session], T]) -> T:
        """Do something in the database, again and again until it can be done."""
        while True:
            try:
                return await self.writer.run(work)
            except SQLAlchemyError as error:
                await self._take_breath(error)

    async def _take_breath(self, error: SQLAlchemyError) -> None:
        log.warning("the database cannot be used", why=type(error).__name__)
        await asyncio.sleep(AFTER_TROUBLE)

    async def _redraw(self, stale: Stale, slot: Slot) -> None:
        """Redraw one message; one that nobody can reach is left as it is."""
        try:
            pause = await self._undrawn(stale)
            (self.redraws or self.pace).landed(slot)
            await self._write_down(
                lambda session, now: outbox.mark_redrawn(
                    session, stale, None if pause is None else now + pause
                )
            )
        finally:
            self.redrawing.discard(_it(stale))
            self.stirred.set()  # it may have changed once more meanwhile

    async def _undrawn(self, stale: Stale) -> timedelta | None:
        """Redraw it; give after how long to try again, or None where it is done with."""
        try:
            await self.platform.redraw(stale.redrawing)
        except (Refused, Unsendable) as refusal:
            log.info("not redrawn", person=stale.redrawing.person, why=str(refusal))
        except NotNow as trouble:
            if trouble.after is not None:
                await self._hold_redraws(trouble.after)
                return trouble.after
            return FIRST_PAUSE if isinstance(trouble, Unreached) else self._in_vain(stale)
        except AnswerLost:
            return self._in_vain(stale)
        self.patience.is_done(_it(stale))
        return None

    def _in_vain(self, stale: Stale) -> timedelta | None:
        pause = self.patience.tried(_it(stale))
        if pause is None:
            message = stale.redrawing.parts[0][0].message
            log.warning("a message is not redrawn before it changes again", message=message)
        return pause

    async def _hold_redraws(self, pause: timedelta) -> None:
        if self.redraws is None:
            await self._hold(pause)
        else:
            self.redraws.hold(pause.total_seconds())

    async def _hold(self, pause: timedelta) -> None:
        """Obey a platform that asks for silence, over a restart as well."""
        self.pace.hold(pause.total_seconds())
        until: datetime = self.clock.now() + pause
        await self._keep(lambda session: write_quiet(session, self.realm.name, until))

    async def _sleep(self) -> None:
        """Rest until something is stirred, falls due, or somebody may be written to again."""
        now = self.clock.now()
        due = await self._keep(lambda session: outbox.next_due(session, self.realm))
        waits = LONGEST_SLEEP if due is None else (due - now).total_seconds()
        # What is to be redrawn may wait for nothing but its pace.
        redrawing = self.redraws.until_open() if self.redraws else LONGEST_SLEEP
        rests = min(self.pace.until_rested(), redrawing or LONGEST_SLEEP)
        longest = LONGEST_SLEEP if self.store.one_writer else AMONG_OTHERS
        seconds = min(max(waits, SHORTEST_SLEEP), rests, longest)
        try:
            async with asyncio.timeout(seconds):
                await self.stirred.wait()
        except TimeoutError:
            return


def _it(stale: Stale) -> tuple[int, str]:
    return stale.redrawing.person, stale.redrawing.reference
