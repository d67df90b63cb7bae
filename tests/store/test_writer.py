"""The writer: what waits shares a commit, and nobody's fault is anybody else's."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from bot.store import tables
from bot.store.database import Store
from bot.store.tables import Arrival
from bot.store.writer import POOL, ROUNDS, Together, Writer

NOON = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)


def adding(number: int) -> Callable[[Session], int]:
    """Give work that adds a row and gives its number."""

    def work(session: Session) -> int:
        session.add(
            Arrival(
                id=number,
                platform="slack",
                event=str(number),
                address="@Ben",
                kind="typed",
                body={},
                received_at=NOON,
            )
        )
        session.flush()
        return number

    return work


def spoiling(number: int) -> Callable[[Session], int]:
    """Give work that adds a row and then fails."""

    def work(session: Session) -> int:
        adding(number)(session)
        raise ZeroDivisionError

    return work


def there(store: Store) -> list[int]:
    """Give the rows that are committed."""
    with store.reading() as session:
        return list(session.scalars(select(Arrival.id).order_by(Arrival.id)))


@asynccontextmanager
async def held_up(store: Store, writer: Writer) -> AsyncIterator[None]:
    """Keep every thread of the writer busy but one, which goes on at the end of the block."""
    last = threading.Event()
    others = threading.Event()
    threads = 1 if store.one_writer else POOL
    busy: list[asyncio.Future[None]] = []
    for number in range(threads):
        begun, until = threading.Event(), last if number == 0 else others

        def wait(
            _: Session, begun: threading.Event = begun, until: threading.Event = until
        ) -> None:
            begun.set()
            until.wait()

        busy.append(asyncio.ensure_future(writer.run(wait)))
        await asyncio.to_thread(begun.wait)
    yield
    last.set()
    await busy[0]
    others.set()
    await asyncio.gather(*busy)


async def queued(writer: Writer, *works: Callable[[Session], object]) -> list[asyncio.Task[object]]:
    """Hand over work and give what will come of it, once all of it waits."""
    waiting = [asyncio.create_task(writer.run(work)) for work in works]
    await asyncio.sleep(0)
    return waiting


@pytest.fixture
async def writer(store: Store) -> AsyncIterator[Writer]:
    """A writer on this database."""
    writer = Writer(store)
    yield writer
    await asyncio.to_thread(writer.close)


async def test_what_was_awaited_is_committed(store: Store, writer: Writer) -> None:
    """An event may be acknowledged as soon as this returns."""
    assert await writer.run(adding(1)) == 1
    assert there(store) == [1]


async def test_what_waits_shares_a_commit(store: Store, writer: Writer) -> None:
    """A commit is what a write costs; twenty cost as much as one."""
    commits: list[object] = []
    async with held_up(store, writer):
        event.listen(store.engine, "commit", commits.append)
        results = await queued(writer, *(adding(number) for number in range(20)))
    assert await asyncio.gather(*results) == list(range(20))
    assert len(there(store)) == 20
    # The one that held the queue up, the twenty, and on PostgreSQL the threads that were kept busy.
    assert len(commits) <= (2 if store.one_writer else 1 + POOL)


async def test_nobody_waits_for_what_is_long(store: Store, writer: Writer) -> None:
    """Whoever is to be acknowledged must not wait for a pass of turns that was asked for before."""
    seen: list[list[int]] = []

    def long(session: Session) -> None:
        seen.append(there(store))
        adding(1)(session)

    async with held_up(store, writer):
        turns = asyncio.create_task(writer.run(long, is_long=True))
        await asyncio.sleep(0)
        others = [asyncio.create_task(writer.run(adding(number))) for number in (2, 3)]
        await asyncio.sleep(0)
    await asyncio.gather(turns, *others)
    assert there(store) == [1, 2, 3]
    if store.one_writer:
        assert seen == [[2, 3]]


async def test_work_that_fails_undoes_itself_alone(store: Store, writer: Writer) -> None:
    """One person's fault must not lose what others said in the same instant."""
    async with held_up(store, writer):
        before, fault, after = await queued(writer, adding(1), spoiling(2), adding(3))
    assert await before == 1
    with pytest.raises(ZeroDivisionError):
        await fault
    assert await after == 3
    assert there(store) == [1, 3]


async def test_a_database_error_undoes_itself_alone(store: Store, writer: Writer) -> None:
    """PostgreSQL aborts a whole transaction at an error, but for a savepoint."""
    async with held_up(store, writer):
        before, fault, after = await queued(writer, adding(1), adding(1), adding(3))
    assert await before == 1
    with pytest.raises(IntegrityError):
        await fault
    assert await after == 3
    assert there(store) == [1, 3]


def pointing_nowhere(session: Session) -> None:
    """Add a row that is only found out at the commit."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
    else:
        session.execute(
            text(
                "ALTER TABLE goal ALTER CONSTRAINT fk_goal_person_id DEFERRABLE INITIALLY DEFERRED"
            )
        )
    session.add(tables.Goal(person_id=999, words="to listen more", set_at=NOON))
    session.flush()


@pytest.mark.usefixtures("own_database")
async def test_a_commit_that_fails_reaches_every_caller(store: Store, writer: Writer) -> None:
    """Nobody may believe that something is kept which is not."""
    async with held_up(store, writer):
        results = await queued(writer, adding(1), pointing_nowhere, adding(3))
    for result in results:
        with pytest.raises(IntegrityError):
            await result
    assert there(store) == []
    assert await writer.run(adding(4)) == 4


async def test_a_caller_who_gave_up_does_not_stop_the_others(store: Store, writer: Writer) -> None:
    """A request that was cancelled while it waited must not take the writer's thread with it."""
    async with held_up(store, writer):
        gone, stays = await queued(writer, adding(1), adding(2))
        gone.cancel()
        await asyncio.sleep(0)
    assert await asyncio.wait_for(stays, timeout=30) == 2
    assert await asyncio.wait_for(writer.run(adding(3)), timeout=30) == 3


async def test_closing_finishes_what_waits(store: Store) -> None:
    """A stop in the middle of a busy minute loses nothing that was handed over."""
    writer = Writer(store)
    results = await queued(writer, *(adding(number) for number in range(200)))
    await asyncio.to_thread(writer.close)
    assert await asyncio.gather(*results) == list(range(200))
    assert len(there(store)) == 200
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("writer")]


# What is written together


def add_all(session: Session, numbers: Sequence[int]) -> None:
    """Add a row for each."""
    for number in numbers:
        adding(number)(session)


async def test_what_comes_meanwhile_is_written_together(store: Store, writer: Writer) -> None:
    """All that came until the writer came to it goes as one, in the order in which it came."""
    written: list[Sequence[int]] = []

    def write(session: Session, numbers: Sequence[int]) -> None:
        written.append(numbers)
        add_all(session, numbers)

    together = Together(writer, write)
    async with held_up(store, writer):
        first = asyncio.create_task(together.put(5))
        for _ in range(ROUNDS + 4):
            await asyncio.sleep(0)
        others = [asyncio.create_task(together.put(number)) for number in (2, 9, 1)]
        await asyncio.sleep(0)
    await asyncio.gather(first, *others)
    assert written == [[5, 2, 9, 1]]
    assert there(store) == [1, 2, 5, 9]


async def test_what_comes_in_the_same_breath_is_written_with_it(writer: Writer) -> None:
    """Else the first to come would have a commit of its own, and the others would wait for it."""
    written: list[Sequence[int]] = []
    together = Together[int](writer, lambda _, numbers: written.append(numbers))
    first = asyncio.create_task(together.put(5))
    for _ in range(ROUNDS):
        await asyncio.sleep(0)
    await asyncio.gather(first, together.put(2))
    assert written == [[5, 2]]


async def test_one_that_is_refused_takes_no_other_with_it(store: Store, writer: Writer) -> None:
    """A message that the database cannot hold would else keep everybody's from being kept."""
    together = Together(writer, add_all)
    found = await asyncio.gather(
        *(together.put(number) for number in (1, 1, 2)), return_exceptions=True
    )
    assert [type(each) for each in found] == [type(None), IntegrityError, type(None)]
    assert there(store) == [1, 2]


async def test_where_nothing_can_be_begun_everybody_hears_of_it(
    store: Store, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They waited to be taken along, and nothing came to take them."""

    def gone() -> None:
        raise OperationalError("BEGIN", {}, OSError("the disk is gone"))

    together = Together(writer, add_all)
    monkeypatch.setattr(writer, "_store", SimpleNamespace(engine=SimpleNamespace(begin=gone)))
    heard = await asyncio.gather(*(together.put(n) for n in (5, 2)), return_exceptions=True)
    assert [type(each) for each in heard] == [OperationalError] * 2
    monkeypatch.undo()
    await together.put(7)
    assert there(store) == [7]


async def test_who_gave_up_keeps_nobody_waiting(store: Store, writer: Writer) -> None:
    """A call that broke off may be written all the same; it only is not told."""
    together = Together(writer, add_all)
    async with held_up(store, writer):
        given_up, kept = (asyncio.create_task(together.put(number)) for number in (1, 2))
        await asyncio.sleep(0)
        given_up.cancel()
    await kept
    assert 2 in there(store)
    await together.put(3)
