"""What `comentor run` receives with, by itself: its turns are not taken and nothing is sent.

`python -m benchmarks.receiver` reads the settings of its environment.
"""

from __future__ import annotations

import asyncio

from bot.clock import WallClock
from bot.compose import compose
from bot.platforms import Event
from bot.platforms.telegram.account import open_bot
from bot.platforms.telegram.arriving import Arriving
from bot.running import receive, stay_light
from bot.settings import Settings, load_settings
from bot.store.database import open_store
from bot.turn import setup_from


async def _nobody(_: Event) -> None:
    """Pay nobody attention."""


async def be_called(settings: Settings) -> None:
    """Receive and commit until ended."""
    clock = WallClock()
    store = open_store(settings.database.url)
    comentor = compose(store, setup_from(settings), clock, {})
    bot = open_bot(settings.telegram)
    stay_light()
    print("Ctrl-C ends it.", flush=True)
    await receive(bot, Arriving(bot, comentor, clock.now, _nobody), settings, store)


if __name__ == "__main__":
    asyncio.run(be_called(load_settings(None)))
