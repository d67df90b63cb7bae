"""Sends many messages as one of several would, 64 at a time, and prints how many a second.

`python -m benchmarks.sender (comentor|library|sockets) BASE_URL TOKEN PEOPLE COUNT`, or, for what
waits in a database, `python -m benchmarks.sender outbox BASE_URL TOKEN URL`.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from telegram import Bot
from telegram.request import HTTPXRequest

from benchmarks.bot_api import FIRST_PERSON
from benchmarks.glance import Glance
from benchmarks.many import IN_FLIGHT, posting, sent
from benchmarks.townsfolk import WORDS
from bot.clock import Clock
from bot.compose import compose
from bot.live import Courier
from bot.markup import Run
from bot.pace import Pace
from bot.platforms import Delivery, Part, Realm
from bot.platforms.telegram.account import close_bot, open_bot
from bot.platforms.telegram.sending import TelegramPlatform
from bot.read_words import load_languages
from bot.settings import Settings, Telegram
from bot.store.database import open_store
from bot.turn import setup_from
from tests.telegram.at_noon import AheadOfTime

LOOK_AGAIN = 0.1
"""Seconds."""
Send = Callable[[int], Awaitable[object]]


@asynccontextmanager
async def as_comentor(base_url: str, token: str) -> AsyncIterator[Send]:
    """Send as comentor does."""
    bot = open_bot(Telegram(token=token, base_url=base_url.removesuffix("/bot")))
    platform = TelegramPlatform(bot, load_languages())
    part = Part(1, "announcement", (Run(WORDS),), "say", (), ())
    yield lambda chat: platform.send(Delivery(chat, str(chat), "reply", (part,)))
    await close_bot(bot)


@asynccontextmanager
async def as_library(base_url: str, token: str) -> AsyncIterator[Send]:
    """Send as python-telegram-bot does by itself."""
    request = HTTPXRequest(connection_pool_size=IN_FLIGHT)
    async with Bot(token, base_url=base_url, request=request) as bot:
        yield lambda chat: bot.send_message(chat, WORDS)


@asynccontextmanager
async def by_sockets(base_url: str, token: str) -> AsyncIterator[Send]:
    """Send by sockets alone, which tells how much the server takes."""
    async with posting(f"{base_url}{token}/sendMessage") as post:
        yield lambda chat: post({"chat_id": chat, "text": WORDS})


async def empty_the_outbox(base_url: str, token: str, url: str) -> None:
    """Carry what waits in a database, with no limit of pace."""
    settings = Settings(telegram=Telegram(token=token, base_url=base_url.removesuffix("/bot")))
    store = open_store(url)
    clock: Clock = AheadOfTime()
    comentor = compose(store, setup_from(settings), clock, {})
    platform = TelegramPlatform(open_bot(settings.telegram), comentor.setup.words)
    courier = Courier(
        Realm("telegram"),
        "telegram 0",
        platform,
        Pace(None, 0.0),
        store,
        comentor.writer,
        comentor.setup,
        clock,
        comentor.stirred.set,
    )
    carrying, glance = asyncio.create_task(courier.run()), Glance(url)
    while await asyncio.to_thread(glance.unsent):  # noqa: ASYNC110 - no courier says that it is done
        await asyncio.sleep(LOOK_AGAIN)
    carrying.cancel()
    store.close()


WAYS = {"comentor": as_comentor, "library": as_library, "sockets": by_sockets}


def main() -> None:
    """Do as the command line says."""
    way, base_url, token, *rest = sys.argv[1:]
    if way == "outbox":
        asyncio.run(empty_the_outbox(base_url, token, rest[0]))
        return
    people, count = map(int, rest)

    async def measure() -> float:
        async with WAYS[way](base_url, token) as send:
            return await sent(send, range(FIRST_PERSON, FIRST_PERSON + people), count)

    print(asyncio.run(measure()))


if __name__ == "__main__":
    main()
