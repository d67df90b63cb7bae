"""Being called by Telegram: 200 only once the inbox has committed."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Sequence

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from telegram import Bot
from telegram.error import RetryAfter, TelegramError

from bot.platforms import NotKept
from bot.platforms.telegram.arriving import Arriving
from bot.platforms.telegram.receiving import WANTED

log = structlog.get_logger()
PATH = "/telegram"
SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
CONNECTIONS = 40
"""How many calls Telegram makes at once (Bot API, setWebhook, its own default)."""
BEAT = 60.0
"""Seconds between two notes that this server can be called."""
LONGEST_PAUSE = 60.0


def secret_of(token: str) -> str:
    """Give what a call has to bring along: known to Telegram and whoever has the token, and stable.

    1 to 256 of A-Z a-z 0-9 _ - (Bot API, setWebhook).
    """
    return hmac.new(token.encode(), b"comentor webhook", hashlib.sha256).hexdigest()


def route(arriving: Arriving, token: str) -> Route:
    """Give the path that Telegram calls."""
    secret = secret_of(token).encode()

    async def called(request: Request) -> Response:
        given = request.headers.get(SECRET, "").encode()
        if not hmac.compare_digest(given, secret):
            return Response(status_code=401)
        try:
            update = json.loads(await request.body())
        except ValueError:
            update = None
        if not isinstance(update, dict):
            return Response(status_code=400)
        try:
            presses = await arriving.take([update], are_all=True)
        except NotKept as trouble:
            log.warning("what arrived could not be kept", why=str(trouble))
            # Telegram brings it again.
            return Response(status_code=503, headers={"Retry-After": "5"})
        return _taken(presses)

    return Route(PATH, called, methods=["POST"])


def _taken(presses: Sequence[str]) -> Response:
    """Give the 200, with the one call that it may bring along: a press is answered by it.

    How that call ends nobody hears (Bot API, "Making requests when getting updates").
    """
    if not presses:
        return Response(status_code=200)
    [press] = presses
    return JSONResponse({"method": "answerCallbackQuery", "callback_query_id": press})


async def be_called(bot: Bot, arriving: Arriving, url: str, token: str) -> None:
    """Have Telegram call that address until cancelled, and note every minute that it can."""
    pause = 1.0
    while True:
        try:
            await bot.set_webhook(
                f"{url.rstrip('/')}{PATH}",
                secret_token=secret_of(token),
                allowed_updates=list(WANTED),
                max_connections=CONNECTIONS,
            )
            break
        except RetryAfter as asked:
            await asyncio.sleep(float(asked._retry_after.total_seconds()))  # noqa: SLF001 - the name without is deprecated
        except TelegramError as trouble:
            log.warning("Telegram does not take the webhook", why=str(trouble))
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
    while True:
        try:
            await arriving.take([], are_all=True)
        except NotKept as trouble:
            log.warning("what arrived could not be kept", why=str(trouble))
        await asyncio.sleep(BEAT)
