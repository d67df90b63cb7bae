"""Runs the Bot API by itself: `python -m tests.botapi --port 8081 --control`."""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import signal

from tests.botapi.control import Control
from tests.botapi.pacing import Pacing
from tests.botapi.server import TOKEN, BotApi


def main() -> None:
    """Serve until interrupted; the first line printed is JSON, and says where."""
    parser = argparse.ArgumentParser(prog="python -m tests.botapi", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0, as left out, takes a free one")
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--control", action="store_true", help="answer /control/… too")
    parser.add_argument("--people", type=int, default=0, help="so many have pressed start")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds that an answer takes")
    parser.add_argument("--pace", type=int, help="enforce so many sends a second, 1 to one chat")
    asyncio.run(serve(parser.parse_args()))


async def serve(asked: argparse.Namespace) -> None:
    """Serve as asked."""
    # It ends soon; and whoever is measured by it must not be measured stopping for its garbage.
    gc.disable()
    pacing = None if asked.pace is None else Pacing(over_all=asked.pace)
    api = BotApi(token=asked.token, port=asked.port, pacing=pacing)
    api.latency = asked.latency
    control = Control(api)
    await control.people({"count": asked.people})
    if asked.control:
        api.control = control.answer
    over = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, over.set)
    async with api:
        place = {"base_url": api.base_url, "token": api.token, "port": api.port}
        print(json.dumps(place), flush=True)
        await over.wait()


if __name__ == "__main__":
    main()
