"""The stage behind the playground's page.

The real engine, inbox and outbox, with a clock that can be put forward.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.arrivals import token_hash
from bot.cohort import BadCohortFile, read_cohort
from bot.cohort.enrol import Plan, invite, plan_import
from bot.compose import Comentor
from bot.forgetting import BEHIND_THE_PAGE, forget
from bot.platforms import Event
from bot.playground.panes import pane, somebody, token_for, words
from bot.playground.time import CohortClock
from bot.roster import Roster
from bot.store import tables
from bot.turn import Setup, Turn, reader_of
from bot.web.scene import ClockFace, Fault, ImportReport, Pane, Somebody, Stride

STRIDES: dict[Stride, timedelta] = {"day": timedelta(days=1), "week": timedelta(days=7)}
FURTHEST = timedelta(days=60)
"""How far ahead `the next thing that happens` looks."""


class Stage:
    """A scene: everybody in the database, each on a phone of their own."""

    def __init__(self, comentor: Comentor, clock: CohortClock) -> None:
        """Stand on a composed comentor whose clock this is."""
        self._comentor = comentor
        self._clock = clock
        self._watchers: set[asyncio.Event] = set()
        self._tickets: dict[str, tuple[str, bytes, tuple[str, ...]]] = {}
        self._walking = asyncio.Lock()

    async def people(self) -> Sequence[Somebody]:
        """Everybody, managers last."""
        return await asyncio.to_thread(self._people)

    def _people(self) -> list[Somebody]:
        with self._comentor.store.reading() as session:
            person, cohort = tables.Person, tables.Cohort
            rows = session.execute(
                select(person, cohort.name)
                .join(cohort, person.cohort_id == cohort.id)
                .order_by(person.id)
            ).all()
            pairs = session.execute(select(tables.Pair.mentee_id, tables.Pair.mentor_id)).all()
        partner = {row[1]: row[0] for row in pairs} | {row[0]: row[1] for row in pairs}
        order = ("mentee", "mentor", "co-mentor", "supervisor", "manager")
        found = [somebody(row, name, partner.get(row.id, 0)) for row, name in rows]
        return sorted(found, key=lambda each: order.index(each.role))

    async def pane(self, person: int) -> Pane | None:
        """What that person sees now."""
        return await asyncio.to_thread(self._pane, person)

    def _pane(self, person: int) -> Pane | None:
        with self._comentor.store.reading() as session:
            return pane(session, self._comentor.setup, person, self._clock.now())

    async def clock(self) -> ClockFace:
        """Cohort time and what lies ahead."""
        return await asyncio.to_thread(self._face)

    def _face(self) -> ClockFace:
        now, setup = self._clock.now(), self._comentor.setup
        with self._comentor.store.reading() as session:
            manager = session.scalars(
                select(tables.Person.id).order_by(tables.Person.role != "manager", tables.Person.id)
            ).first()
            if manager is None:
                return ClockFace("", now, "")
            reader = reader_of(Turn(Roster(session), setup, now), manager)
            return ClockFace(
                words(setup, "cohort_time", reader, now=now),
                now,
                _next_thing(session, setup, manager, now),
            )

    async def press(self, person: int, data: str, event: str) -> None:
        """A button was pressed."""
        await self._act(person, "pressed", event, data=data)

    async def type(self, person: int, text: str, event: str) -> None:
        """Something was typed and sent."""
        await self._act(person, "typed", event, text=text)

    async def attach(self, person: int, name: str, event: str) -> None:
        """A file was sent; nothing of it is kept but its name, in the inbox."""
        await self._act(person, "attached", event, name=name)

    async def come(self, person: int, token: str, event: str) -> None:
        """The person opened their invitation."""
        await self._act(person, "came", event, token=token)

    async def _act(self, person: int, kind: str, event: str, **body: str) -> None:
        platform, seen = await asyncio.to_thread(self._where, person)
        if platform is None:
            return
        await self._comentor.receive(
            Event(platform, event, address_of(person), kind, {**body, "seen": seen})
        )

    def _where(self, person: int) -> tuple[str | None, int]:
        """Somebody's platform, and the last message that stands on their screen."""
        message = tables.Message
        with self._comentor.store.reading() as session:
            row = session.get(tables.Person, person)
            latest = session.scalars(
                select(message.id)
                .where(message.person_id == person, message.state == "sent")
                .order_by(message.sent_at.desc(), message.id.desc())
            ).first()
        return (row.platform if row else None), latest or 0

    async def advance(self, stride: Stride) -> None:
        """Walk from due moment to due moment.

        `next` goes on until somebody has something new to read.
        """
        async with self._walking:
            if stride == "next":
                await self._walk_to_news()
            else:
                await self._walk(self._clock.now() + STRIDES[stride])
            await self.forget()
        self._comentor.stirred.set()
        self.tell()

    async def forget(self) -> None:
        """Let go of what nothing needs any more by cohort time, but for what stands on the page."""
        while await self._comentor.writer.run(
            lambda session: forget(session, self._clock.now(), BEHIND_THE_PAGE)
        ):
            pass

    async def _walk(self, end: datetime) -> None:
        """Let everything up to that instant happen in its order; then it is that instant."""
        moment: datetime | None = self._clock.now()
        while moment is not None and moment <= end:
            await self._put_forward(moment)
            await self._comentor.settle()
            moment = await self._comentor.next_moment()
        await self._put_forward(end)

    async def _walk_to_news(self) -> None:
        """Go on until somebody has something new to read, at most for some weeks."""
        before, end = await self._sent(), self._clock.now() + FURTHEST
        moment: datetime | None = self._clock.now()
        while moment is not None and moment <= end and await self._sent() == before:
            await self._put_forward(moment)
            await self._comentor.settle()
            moment = await self._comentor.next_moment()

    async def _put_forward(self, to: datetime) -> None:
        await self._comentor.writer.run(lambda session: self._clock.put_forward(session, to))

    async def _sent(self) -> int:
        return await asyncio.to_thread(self._count_sent)

    def _count_sent(self) -> int:
        with self._comentor.store.reading() as session:
            return (
                session.scalar(
                    select(func.count())
                    .select_from(tables.Message)
                    .where(tables.Message.state == "sent")
                )
                or 0
            )

    async def preview_import(self, name: str, content: bytes) -> ImportReport:
        """Say what importing would do, or all that is wrong with the file."""
        return await self._comentor.writer.run(
            lambda session: self._preview(session, name, content)
        )

    def _preview(self, session: Session, name: str, content: bytes) -> ImportReport:
        try:
            plan = self._plan(session, name, content)
        except BadCohortFile as bad:
            faults = tuple(
                Fault(each.line, each.column, each.wrong, each.remedy) for each in bad.faults
            )
            return ImportReport(faults, (), "")
        would = tuple(change.words for change in plan.changes)
        ticket = hashlib.sha256(content).hexdigest()
        self._tickets[ticket] = (name, content, would)
        return ImportReport((), would, ticket)

    def _plan(self, session: Session, name: str, content: bytes) -> Plan:
        setup = self._comentor.setup
        file = read_cohort(content, name=name, spoken=tuple(setup.words.spoken))
        return plan_import(session, file, name, setup.programme.weekly_budget)

    async def import_it(self, ticket: str) -> ImportReport | None:
        """Do what the preview showed, if it would still do just that."""
        if ticket not in self._tickets:
            return None
        report = await self._comentor.writer.run(lambda session: self._import(session, ticket))
        self.tell()
        return report

    def _import(self, session: Session, ticket: str) -> ImportReport | None:
        name, content, would = self._tickets.pop(ticket)
        try:
            plan = self._plan(session, name, content)
        except BadCohortFile:
            return None
        if tuple(change.words for change in plan.changes) != would:
            return None
        now = self._clock.now()
        plan.carry_out(session, now)
        invite_everybody(session, now)
        return ImportReport((), would, "")

    async def changes(self) -> AsyncIterator[None]:
        """Yield whenever something may have changed."""
        changed = asyncio.Event()
        self._watchers.add(changed)
        try:
            while True:
                await changed.wait()
                changed.clear()
                yield
        finally:
            self._watchers.discard(changed)

    def tell(self) -> None:
        """Tell every page that something may have changed."""
        for changed in self._watchers:
            changed.set()

    async def attachment(self, message: int, name: str) -> tuple[str, bytes] | None:
        """Media type and content of a file that was sent, or None."""
        return await asyncio.to_thread(self._attachment, message, name)

    def _attachment(self, message: int, name: str) -> tuple[str, bytes] | None:
        with self._comentor.store.reading() as session:
            row = session.get(tables.Message, message)
            files = row.files if row is not None and row.state == "sent" else []
            return next(((kind, text.encode()) for each, kind, text in files if each == name), None)


def address_of(person: int) -> str:
    """Give where somebody is on this platform: their own number."""
    return str(person)


def invite_everybody(session: Session, now: datetime) -> None:
    """Give everybody who has none an invitation that their pane can open."""
    for person in session.scalars(select(tables.Person.id)).all():
        if session.get(tables.Invitation, token_hash(token_for(person))) is None:
            invite(session, person, now, token_for(person))
            session.flush()


def _next_thing(session: Session, setup: Setup, manager: int, now: datetime) -> str:
    """Say when the next message waits to go out, or else when the rules next look, and at whom."""
    at, people = _waiting_message(session) or _next_look(session) or (None, [])
    if at is None:
        return ""
    turn = Turn(Roster(session), setup, now)
    names = [turn.who(each) for each in people[:3]]
    return words(setup, "next_thing", reader_of(turn, manager), at=max(at, now), names=names)


def _waiting_message(session: Session) -> tuple[datetime, list[int]] | None:
    message = tables.Message
    at = session.scalar(select(func.min(message.not_before)).where(message.state == "pending"))
    if at is None:
        return None
    people = select(message.person_id).where(message.state == "pending", message.not_before == at)
    return at, list(session.scalars(people.distinct()))


def _next_look(session: Session) -> tuple[datetime, list[int]] | None:
    pair = tables.Pair
    row = session.scalars(
        select(pair).where(pair.due_at.is_not(None), pair.fault.is_(None)).order_by(pair.due_at)
    ).first()
    return (row.due_at, [row.mentee_id, row.mentor_id]) if row and row.due_at else None
