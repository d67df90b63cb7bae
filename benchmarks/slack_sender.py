"""Sends many messages as comentor would, or as Slack's SDK does by itself, 64 at a time.

`python -m benchmarks.slack_sender (comentor|SDK|sockets) BASE_URL TOKEN COUNT PERSON…` prints how
many a second.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from benchmarks.many import IN_FLIGHT, posting, sent
from benchmarks.townsfolk import WORDS
from bot.markup import Run
from bot.platforms import Delivery, Part
from bot.platforms.slack.calls import Client, open_session
from bot.platforms.slack.drawing import draw
from bot.platforms.slack.sending import SAID, SlackPlatform
from bot.read_words import load_languages

Send = Callable[[str], Awaitable[object]]


PART = Part(1, "announcement", (Run(WORDS),), "say", (), ())


def fields() -> dict[str, Any]:
    """Give the message that comentor makes of it, for the others to send the same."""
    [drawn] = draw([(PART, None)], load_languages().usual)
    metadata = {"event_type": SAID, "event_payload": {"messages": [1], "piece": 1}}
    return {"text": drawn.text, "blocks": drawn.blocks, "metadata": metadata}


@asynccontextmanager
async def as_comentor(base_url: str, token: str) -> AsyncIterator[Send]:
    """Send as comentor does."""
    platform = SlackPlatform(Client(token, base_url, open_session(IN_FLIGHT)), load_languages())
    yield lambda user: platform.send(Delivery(1, f"T:{user}", "reply", (PART,)))
    await platform.close()


@asynccontextmanager
async def as_sdk(base_url: str, token: str) -> AsyncIterator[Send]:
    """Send as the SDK does by itself."""
    client, same = AsyncWebClient(token, base_url), fields()
    yield lambda user: client.chat_postMessage(channel=user, **same)


@asynccontextmanager
async def by_sockets(base_url: str, token: str) -> AsyncIterator[Send]:
    """Send by sockets alone, which tells how much the server takes."""
    url, same = f"{base_url}chat.postMessage", fields()
    async with posting(url, Authorization=f"Bearer {token}") as post:
        yield lambda user: post({"channel": user, **same})


WAYS = {"comentor": as_comentor, "SDK": as_sdk, "sockets": by_sockets}


async def main(way: str, base_url: str, token: str, count: str, *people: str) -> None:
    """Do as the command line says."""
    async with WAYS[way](base_url, token) as send:
        print(await sent(send, people, int(count)))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
