"""What only one process may do at a time: one has it, and another takes over when it lets go."""

from __future__ import annotations

import asyncio

from sqlalchemy import text

from bot.store.alone import BETWEEN_TRIES, Alone
from bot.store.database import Store, open_store

LONG_ENOUGH = 5 * BETWEEN_TRIES


async def test_another_waits_until_it_is_let_go(store: Store) -> None:
    """On SQLite there is no other process, so nobody waits there."""
    async with Alone(store, "courier 1") as first:
        assert await first.is_held()
        second = asyncio.create_task(Alone(store, "courier 1").__aenter__())
        await asyncio.sleep(BETWEEN_TRIES / 4)
        assert second.done() is store.one_writer
    async with asyncio.timeout(LONG_ENOUGH):
        held = await second
    assert await held.is_held()
    await held.__aexit__(None, None, None)


async def test_what_has_another_name_is_not_waited_for(store: Store) -> None:
    """Two bots on one database have a courier each."""
    async with Alone(store, "courier 1"), Alone(store, "courier 2") as second:
        assert await second.is_held()


async def test_a_dead_holder_is_followed(postgresql_url: str) -> None:
    """A process that dies takes its connection along, and the lock falls with it."""
    store = open_store(postgresql_url)
    async with Alone(store, "courier 1") as first:
        with store.engine.connect() as other:
            ends = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
            other.execute(text(ends))
            other.commit()
        assert not await first.is_held()
        async with asyncio.timeout(LONG_ENOUGH), Alone(store, "courier 1") as second:
            assert await second.is_held()
    store.close()
