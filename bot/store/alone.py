"""What only one process may do at a time, such as speak for a bot: a lock that falls with its life.

On SQLite there is only one process. On PostgreSQL it is an advisory lock of a connection of its
own, so when a process dies, or its machine, another takes over (postgresql.org/docs, Explicit
Locking, Advisory Locks).
"""

from __future__ import annotations

import asyncio
import hashlib
from types import TracebackType
from typing import Self

import structlog
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import SQLAlchemyError

from bot.store.database import Store

log = structlog.get_logger()
BETWEEN_TRIES = 2.0


class Alone:
    """Waits until nobody else does this, and then does it until it ends: `async with Alone(…)`."""

    def __init__(self, store: Store, what: str) -> None:
        """Name what it is; everybody who does it gives it the same name."""
        self._store = store
        self._what = what
        # A bigint: the lock is known by a number.
        digest = hashlib.sha256(what.encode()).digest()
        self._key = int.from_bytes(digest[:8], "big", signed=True)
        self._connection: Connection | None = None

    async def __aenter__(self) -> Self:
        """Wait, as long as it takes."""
        waits = False
        while not self._store.one_writer and not await self._has_it():
            if not waits:
                log.info("another process is at it; this one waits", what=self._what)
            waits = True
            await asyncio.sleep(BETWEEN_TRIES)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of it."""
        if self._connection is not None:
            await asyncio.to_thread(self._connection.close)
            self._connection = None

    async def is_held(self) -> bool:
        """Whether it is still ours; a connection that broke has let it go."""
        if self._connection is None:
            return self._store.one_writer
        try:
            await asyncio.to_thread(_ask, self._connection)
        except SQLAlchemyError:
            return False
        return True

    async def _has_it(self) -> bool:
        try:
            self._connection = await asyncio.to_thread(self._try)
        except SQLAlchemyError as error:
            log.warning("the database cannot be used", why=type(error).__name__)
        return self._connection is not None

    def _try(self) -> Connection | None:
        connection = self._store.engine.connect()
        # Not one of the pool's any more: back there it would keep the lock.
        connection.detach()
        locked = connection.execute(select(func.pg_try_advisory_lock(self._key))).scalar()
        connection.commit()
        if locked:
            return connection
        connection.close()
        return None


def _ask(connection: Connection) -> None:
    connection.execute(select(1))
    connection.commit()
