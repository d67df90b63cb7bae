"""The one stream of the page: it names what has changed, and the page fetches that."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress

from bot.web.scene import Scene

RECONNECT_MS = 1_000
BEAT_SECONDS = 15.0
"""How often a silent stream sends a comment, so that a dead connection is found out."""
GATHER_SECONDS = 0.08
"""What changes within this while is told at once: a week that passes changes hundreds of things."""


async def announcements(
    scene: Scene, shown: Mapping[str, int], beat_seconds: float = BEAT_SECONDS
) -> AsyncGenerator[str, None]:
    """Server-sent events named after what has changed: a slot of `shown`, `clock` or `people`.

    Everything is named at first: whoever connects may have missed anything while away.
    """
    changed = asyncio.Event()
    listening = asyncio.create_task(_listen(scene, changed))
    told: dict[str, object] = {}
    try:
        await asyncio.sleep(0)  # listen first, look second: no change falls between the two
        yield f"retry: {RECONNECT_MS}\n\n"
        while not listening.done():
            changed.clear()
            seen = await _look(scene, shown)
            for name in (name for name in seen if name not in told or told[name] != seen[name]):
                yield f"event: {name}\ndata: changed\n\n"
            told = seen
            while not await _rang(changed, beat_seconds):
                yield ": still here\n\n"
            await asyncio.sleep(GATHER_SECONDS)
        await listening
    finally:
        listening.cancel()


async def _listen(scene: Scene, changed: asyncio.Event) -> None:
    try:
        async for _ in scene.changes():
            changed.set()
    finally:
        changed.set()


async def _look(scene: Scene, shown: Mapping[str, int]) -> dict[str, object]:
    panes = {slot: await scene.pane(person) for slot, person in shown.items()}
    return {**panes, "clock": await scene.clock(), "people": tuple(await scene.people())}


async def _rang(changed: asyncio.Event, seconds: float) -> bool:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await changed.wait()
    return changed.is_set()
