"""The one thread, or the few, that write.

What waits shares a commit, each piece of work in a savepoint of its own.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from bot.store.database import Store, session_on

T = TypeVar("T")
MOST_TO_A_COMMIT = 64
POOL = 4


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
        with connection.begin_nested(), session_on(connection) as session:
            result = job.work(session)
            session.flush()
    except Exception as error:  # noqa: BLE001 - it belongs to the caller, who awaits it
        return lambda error=error: job.done.set_exception(error)  # type: ignore[misc]
    return lambda: job.done.set_result(result)
