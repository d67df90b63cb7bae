"""The least that could be called by Telegram from this stack: an Application that does nothing.

As python-telegram-bot shows it (examples/customwebhookbot.py). `python -m benchmarks.bare_bot
BASE_URL TOKEN PORT` runs it; with `nothing` for a URL and a token it only answers 200, by sockets
alone, which tells how much whoever calls can call.
"""

from __future__ import annotations

import asyncio
import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Update
from telegram.ext import Application, ContextTypes, TypeHandler


async def nothing(_: Update, __: ContextTypes.DEFAULT_TYPE) -> None:
    """Do nothing with an update."""


async def be_called(base_url: str, token: str, port: int) -> None:
    """Set the webhook and take updates until ended."""
    application = (
        Application.builder().token(token).base_url(base_url).updater(None).concurrent_updates(32)
    ).build()
    application.add_handler(TypeHandler(Update, nothing))

    async def called(request: Request) -> Response:
        update = Update.de_json(data=await request.json(), bot=application.bot)
        await application.update_queue.put(update)
        return Response()

    site = Starlette(routes=[Route("/telegram", called, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(site, port=port, log_level="warning", access_log=False))
    await application.bot.set_webhook(
        f"http://127.0.0.1:{port}/telegram", allowed_updates=Update.ALL_TYPES
    )
    async with application:
        await application.start()
        await server.serve()
        await application.stop()


class Nodding(asyncio.Protocol):
    """Answers 200 to whatever comes."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep where to answer."""
        self._transport = transport
        self._left = b""

    def data_received(self, data: bytes) -> None:
        """Answer once for every head that is through with its body."""
        self._left += data
        head, end, body = self._left.partition(b"\r\n\r\n")
        if not end:
            return
        [length] = [int(line[15:]) for line in head.split(b"\r\n") if line[:15].lower() == LENGTH]
        if len(body) >= length:
            self._left = body[length:]
            assert isinstance(self._transport, asyncio.Transport)
            self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


LENGTH = b"content-length:"


async def nod(port: int) -> None:
    """Answer until ended."""
    server = await asyncio.get_running_loop().create_server(Nodding, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    base_url, token, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
    asyncio.run(nod(port) if base_url == "nothing" else be_called(base_url, token, port))
