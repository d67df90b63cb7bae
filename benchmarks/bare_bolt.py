"""The least that could be told by Slack from this stack: a Bolt app that does nothing.

As Bolt shows it (docs.slack.dev/tools/bolt-python, "Adapters" and "Using Socket Mode").
`python -m benchmarks.bare_bolt BASE_URL TOKEN (http SIGNING_SECRET PORT|socket APP_TOKEN)`.
"""

from __future__ import annotations

import asyncio
import sys

import uvicorn
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


def an_app(base_url: str, token: str, signing_secret: str) -> AsyncApp:
    """Give one that does nothing with a message."""
    app = AsyncApp(client=AsyncWebClient(token, base_url), signing_secret=signing_secret)

    @app.event("message")
    async def nothing() -> None:
        pass

    return app


async def be_called(app: AsyncApp, port: int) -> None:
    """Take events over HTTP until ended."""
    handler = AsyncSlackRequestHandler(app)

    async def called(request: Request) -> Response:
        return await handler.handle(request)

    site = Starlette(routes=[Route("/slack/1", called, methods=["POST"])])
    config = uvicorn.Config(site, port=port, log_level="warning", access_log=False)
    await uvicorn.Server(config).serve()


async def listen(app: AsyncApp, app_token: str) -> None:
    """Take events over a socket until ended."""
    await AsyncSocketModeHandler(app, app_token).start_async()  # type: ignore[no-untyped-call]


async def main(base_url: str, token: str, way: str, key: str, port: str = "") -> None:
    """Do as the command line says."""
    if way == "http":
        await be_called(an_app(base_url, token, key), int(port))
    else:
        await listen(an_app(base_url, token, "a socket needs none"), key)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
