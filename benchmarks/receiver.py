"""What `comentor run` receives with, by itself: its turns are not taken and nothing is sent.

`python -m benchmarks.receiver` reads the settings of its environment.
"""

from __future__ import annotations

import asyncio

from bot.clock import WallClock
from bot.compose import compose
from bot.platforms.telegram.account import open_bot
from bot.running import stay_light
from bot.running.sides import a_site, serve
from bot.running.telegram import arriving_at, receive, routes
from bot.settings import Settings, load_settings
from bot.store.database import open_store
from bot.turn import setup_from


async def receive_alone(settings: Settings) -> None:
    """Receive and commit until ended."""
    store = open_store(settings.database.url)
    comentor = compose(store, setup_from(settings), WallClock(), {})
    bot = open_bot(settings.telegram)
    arriving, is_there = await arriving_at(bot, comentor), asyncio.Event()
    site = a_site(is_there)
    site.router.routes.extend(routes(arriving, settings))
    stay_light()
    print("Ctrl-C ends it.", flush=True)
    await asyncio.gather(
        serve(site, settings.server),
        receive(bot, arriving, settings, store, is_there),
    )


if __name__ == "__main__":
    asyncio.run(receive_alone(load_settings(None)))
