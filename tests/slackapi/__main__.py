"""Runs Slack by itself: `python -m tests.slackapi --port 8082 --people 3`."""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import signal
import ssl

from tests.slackapi.control import Control, place
from tests.slackapi.pacing import Pacing
from tests.slackapi.server import SlackApi


def main() -> None:
    """Serve until interrupted; the first line printed is JSON, and says where."""
    parser = argparse.ArgumentParser(prog="python -m tests.slackapi", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0, as left out, takes a free one")
    parser.add_argument("--control", action="store_true", help="answer /control/… too")
    parser.add_argument("--people", type=int, default=0, help="so many in the first workspace")
    parser.add_argument("--events", default="", help="deliver to this address, not to sockets")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds that an answer takes")
    parser.add_argument("--pace", type=int, help="enforce so many sends a minute, 1/s to a channel")
    parser.add_argument("--certificate", help="a PEM file, key and all: answer over TLS as well")
    asyncio.run(serve(parser.parse_args()))


async def serve(asked: argparse.Namespace) -> None:
    """Serve as asked."""
    pacing = None if asked.pace is None else Pacing(per_workspace=asked.pace)
    tls = None
    if asked.certificate:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(asked.certificate)
    api = SlackApi(port=asked.port, pacing=pacing, tls=tls)
    api.latency = asked.latency
    control = Control(api)
    workspace = api.workspace("Riverside")
    await control.people({"count": asked.people})
    if asked.events:
        workspace.app.listens(asked.events)
    if asked.control:
        api.control = control.answer
    over = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, over.set)
    gc.disable()  # what was said is kept to the end: each look for garbage would be longer
    async with api:
        where = {"address": api.address, "base_url": api.base_url, "port": api.port}
        where |= {"tls_port": api.tls_port} if tls else {}
        print(json.dumps(where | place(workspace)), flush=True)
        await over.wait()


if __name__ == "__main__":
    main()
