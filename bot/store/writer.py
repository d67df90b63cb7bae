"""The one thread, or the few, that write.

What waits shares a commit, each piece of work in a savepoint of its own; small things of one kind
share a piece of work.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.store.database import Store, session_on

T = TypeVar("T")
MOST_TO_A_COMMIT = 64
POOL = 4
ROUNDS = 1
"""Rounds of the event loop in which nothing more came, after which nothing more is waited for."""


@dataclass(frozen=True, slots=True)
class _Job:
    work: Callable[[Session], Any]
    done: Future[Any]


class Writer:
    """Runs synchronous work in transactions on its own threads; async callers await the commit."""

    def __init__(self, store: Store) -> None:
        """Start the threads: one on SQLite, a few on PostgreSQL."""
        self._store = store
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        names = ["writer"] if store.one_writer else [f"writer-{n}" for n in range(POOL)]
        self._threads = [
            threading.Thread(target=self._run, name=name, daemon=True) for name in names
        ]
        for thread in self._threads:
            thread.start()

    async def run(self, work: Callable[[Session], T]) -> T:
        """Give what `work` gives, once it is committed.

        Raise what it raises, once it is rolled back.
        """
        done: Future[T] = Future()
        self._jobs.put(_Job(work, done))
        return await asyncio.wrap_future(done)

    def close(self) -> None:
        """Finish what waits, then end the threads."""
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        while (first := self._jobs.get()) is not None:
            jobs = [first, *self._waiting()]
            # Whoever gave up meanwhile wants nothing done; from here on it cannot be taken back.
            self._commit([job for job in jobs if job and job.done.set_running_or_notify_cancel()])
            if None in jobs:
                return

    def _waiting(self) -> list[_Job | None]:
        found: list[_Job | None] = []
        while len(found) < MOST_TO_A_COMMIT and (not found or found[-1] is not None):
            try:
                found.append(self._jobs.get_nowait())
            except queue.Empty:
                break
        return found

    def _commit(self, jobs: list[_Job]) -> None:
        results: list[Callable[[], None]] = []
        try:
            with self._store.engine.begin() as connection:
                if len(jobs) == 1:
                    results.append(_told(jobs[0], _done(connection, jobs[0])))
                else:
                    results.extend(_in_savepoint(connection, job) for job in jobs)
        except Exception as error:  # noqa: BLE001 - the commit failed: every caller hears of it, whatever it was
            for job in jobs:
                job.done.set_exception(error)
            return
        for tell in results:
            tell()


def _in_savepoint(connection: Connection, job: _Job) -> Callable[[], None]:
    """Do one piece of work; what it raises undoes it alone.

    Gives what tells its caller after the commit.
    """
    try:
        with connection.begin_nested():
            result = _done(connection, job)
    except Exception as error:  # noqa: BLE001 - it belongs to the caller, who awaits it
        return lambda error=error: job.done.set_exception(error)  # type: ignore[misc]
    return _told(job, result)


def _done(connection: Connection, job: _Job) -> object:
    with session_on(connection) as session:
        result: object = job.work(session)
        session.flush()
        return result


def _told(job: _Job, result: object) -> Callable[[], None]:
    return lambda: job.done.set_result(result)


class Together(Generic[T]):
    """Writes many small things of one kind as one piece of work.

    What comes while some are being written goes with the next; they keep their order.
    """

    def __init__(self, writer: Writer, write: Callable[[Session, Sequence[T]], object]) -> None:
        """Keep how several are written at once."""
        self._writer, self._write = writer, write
        self._waiting: list[tuple[T, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def put(self, thing: T) -> None:
        """Return once it is committed. Raise what writing it raises, once it is rolled back."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((thing, done))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_all())
        await done

    async def _write_all(self) -> None:
        try:
            while self._waiting:
                await self._all_come()
                taken, self._waiting = self._waiting, []
                await self._write_some(taken)
        finally:
            self._writing = None

    async def _all_come(self) -> None:
        """Let in what is on its way at this moment: a commit costs more than many of them."""
        known = rounds = 0
        while rounds < ROUNDS:
            rounds = rounds + 1 if known == len(self._waiting) else 0
            known = len(self._waiting)
            await asyncio.sleep(0)

    async def _write_some(self, taken: list[tuple[T, asyncio.Future[None]]]) -> None:
        wrong: Exception | None = None
        try:
            await self._writer.run(lambda session: self._write(session, [it for it, _ in taken]))
        except Exception as error:  # noqa: BLE001 - it belongs to the callers, who await it
            if len(taken) > 1 and not isinstance(error, OperationalError):
                # One that the database refuses must not take the others with it.
                for each in taken:
                    await self._write_some([each])
                return
            wrong = error
        for _, done in taken:
            if done.cancelled():
                continue
            done.set_exception(wrong) if wrong else done.set_result(None)
