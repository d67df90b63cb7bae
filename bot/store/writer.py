"""The one thread, or the few, that write.

What waits shares a commit, each piece of work in a savepoint of its own; small things of one kind
share a piece of work.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.store.database import Store, session_on, write_all

T = TypeVar("T")
MOST_TO_A_COMMIT = 64
POOL = 4
ROUNDS = 1
"""Rounds of the event loop in which nothing more came, after which nothing more is waited for."""


@dataclass(frozen=True, slots=True)
class _Job:
    work: Callable[[Session], Any]
    done: Future[Any]
    is_long: bool


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

    async def run(self, work: Callable[[Session], T], *, is_long: bool = False) -> T:
        """Give what `work` gives, once it is committed.

        Raise what it raises, once it is rolled back. What is long has a commit of its own: nobody
        else is to wait for it.
        """
        done: Future[T] = Future()
        self._jobs.put(_Job(work, done, is_long))
        return await asyncio.wrap_future(done)

    def close(self) -> None:
        """Finish what waits, then end the threads."""
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        while (first := self._jobs.get()) is not None:
            waiting = [first, *self._waiting()]
            jobs = [job for job in waiting if job is not None]
            self._commit([job for job in jobs if not job.is_long])
            for job in jobs:
                if job.is_long:
                    self._commit([job])
            if None in waiting:
                return

    def _waiting(self) -> list[_Job | None]:
        found: list[_Job | None] = []
        while len(found) < MOST_TO_A_COMMIT and (not found or found[-1] is not None):
            try:
                found.append(self._jobs.get_nowait())
            except queue.Empty:
                break
        return found

    def _commit(self, waiting: list[_Job]) -> None:
        # Whoever gave up meanwhile wants nothing done; from here on it cannot be taken back.
        jobs = [job for job in waiting if job.done.set_running_or_notify_cancel()]
        if not jobs:
            return
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
        write_all(session)
        return result


def _told(job: _Job, result: object) -> Callable[[], None]:
    return lambda: job.done.set_result(result)


class Together(Generic[T]):
    """Writes many small things of one kind as one piece of work.

    What comes until its turn to write comes goes with it; they keep their order.
    """

    def __init__(self, writer: Writer, write: Callable[[Session, Sequence[T]], object]) -> None:
        """Keep how several are written at once."""
        self._writer, self._write = writer, write
        # Filled by the event loop and emptied by the writer's thread.
        self._waiting: deque[tuple[T, asyncio.Future[None]]] = deque()
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
                await self._write_some(self._waiting)
        finally:
            self._writing = None

    async def _all_come(self) -> None:
        """Let in what is on its way at this moment: a commit costs more than many of them."""
        known = rounds = 0
        while rounds < ROUNDS:
            rounds = rounds + 1 if known == len(self._waiting) else 0
            known = len(self._waiting)
            await asyncio.sleep(0)

    async def _write_some(self, waiting: deque[tuple[T, asyncio.Future[None]]]) -> None:
        """Write what waits by the time that the writer comes to it."""
        taken: list[tuple[T, asyncio.Future[None]]] = []

        def write(session: Session) -> None:
            taken.extend(_out_of(waiting))
            self._write(session, [thing for thing, _ in taken])

        wrong: Exception | None = None
        try:
            await self._writer.run(write)
        except Exception as error:  # noqa: BLE001 - it belongs to the callers, who await it
            taken.extend(_out_of(waiting))  # Where nothing could be begun, nothing was taken.
            if len(taken) > 1 and not isinstance(error, OperationalError):
                # One that the database refuses must not take the others with it.
                for each in taken:
                    await self._write_some(deque([each]))
                return
            wrong = error
        for _, done in taken:
            if not done.cancelled():
                done.set_exception(wrong) if wrong else done.set_result(None)


def _out_of(waiting: deque[T]) -> Iterator[T]:
    while waiting:
        yield waiting.popleft()
