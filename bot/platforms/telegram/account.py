"""The bot's account: who it is, what people can ask of it, and what stands in its way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, cast

import aiohttp
from telegram import Bot
from telegram.error import Conflict, InvalidToken, NetworkError, TelegramError

from bot.platforms.telegram.receiving import WANTED
from bot.platforms.telegram.request import AiohttpRequest
from bot.settings import Telegram

CONNECTIONS = 64
LONG_POLL = 50
"""Seconds; the most that getUpdates waits (Bot API)."""
OUT_OF_STEP = timedelta(minutes=5)
"""A clock that is further from Telegram's than this would send reminders at wrong hours."""


SOMEBODY_ELSE = (
    "Another program asks Telegram for this bot's updates. Stop it (is comentor running "
    "elsewhere with this token?), or make a new token with @BotFather."
)
LEFT_BEHIND = (
    "Nothing can be asked for while it stands: `comentor run` takes it away; or set "
    "telegram.webhook_url to use one."
)


class TelegramTrouble(Exception):
    """The account cannot be used; the message says why and what to do."""

    def __init__(self, said: str, *, is_final: bool) -> None:
        """Keep whether waiting will not mend it."""
        super().__init__(said)
        self.is_final = is_final


class Account(Bot):
    """The library's Bot, which can also ask for updates as they came, and put text by itself."""

    async def new_updates(
        self, offset: int | None, most: int, wait: int
    ) -> Sequence[Mapping[str, Any]]:
        """Give the JSON of the updates from that offset on, at most `most`, after `wait` seconds.

        Each is to be read for itself: one that the library cannot read must not hide the others.
        """
        asked = {"limit": most, "timeout": wait, "allowed_updates": list(WANTED)}
        if offset is not None:
            asked["offset"] = offset
        found = await self._post("getUpdates", asked, read_timeout=wait + 15)
        return cast(Sequence[Mapping[str, Any]], found)

    async def put(self, method: str, **fields: Any) -> int:
        """Call sendMessage or editMessageText with plain JSON, and give the message's id.

        The library would read the whole message that comes back, which costs as much as sending.
        """
        put: Mapping[str, Any] = await self._post(method, fields)
        return int(put["message_id"])


def open_bot(settings: Telegram) -> Account:
    """Give the account's Bot; it says nothing yet."""
    return Account(
        settings.token,
        base_url=f"{settings.base_url.rstrip('/')}/bot",
        base_file_url=f"{settings.base_url.rstrip('/')}/file/bot",
        request=AiohttpRequest(CONNECTIONS),
        get_updates_request=AiohttpRequest(2, LONG_POLL + 15),
    )


async def close_bot(bot: Bot) -> None:
    """Let go of its connections."""
    await bot.request.shutdown()
    await bot._request[0].shutdown()  # noqa: SLF001 - the one for getUpdates has no other name


async def address_of(bot: Bot) -> str:
    """Give the bot's public address, such as https://t.me/comentor_bot.

    Raises TelegramTrouble: the token is wrong, or there is no way to Telegram.
    """
    try:
        me = await bot.get_me()
    except InvalidToken:
        raise TelegramTrouble(
            "telegram.token is not taken by Telegram. Copy it again from @BotFather "
            "(/mybots, API Token); /revoke there makes the old one worthless.",
            is_final=True,
        ) from None
    except NetworkError as error:
        raise TelegramTrouble(
            # Without what follows, of which the token is a part.
            f"There is no way to {bot.base_url.rsplit('/bot', 1)[0]}: {error.message}. "
            "Look at the network, or at telegram.base_url.",
            is_final=False,
        ) from None
    except TelegramError as error:  # such as being asked for a pause, which any method may answer
        raise TelegramTrouble(f"Telegram answers: {error.message}.", is_final=False) from None
    return f"https://t.me/{me.username}"


async def findings(bot: Account, settings: Telegram, now: datetime) -> list[str]:
    """Give, in words, what stands between the account and its people; empty if nothing does.

    Raises TelegramTrouble where not even that can be asked.
    """
    try:
        return [
            *await _poller(bot, settings),
            *await _webhook(bot, settings),
            *await clock_findings(settings, now),
        ]
    except TelegramError as error:
        raise TelegramTrouble(f"Telegram answers: {error.message}.", is_final=False) from None


async def _poller(bot: Account, settings: Telegram) -> list[str]:
    """Whether somebody else reads the updates. Nothing is taken from them: no offset is given."""
    if settings.webhook_url:
        return []
    try:
        await bot.new_updates(None, most=1, wait=0)
    except Conflict as conflict:
        if "webhook" in str(conflict).lower():
            return []  # said by itself, below
        return [SOMEBODY_ELSE]
    return []


async def _webhook(bot: Bot, settings: Telegram) -> list[str]:
    info = await bot.get_webhook_info()
    if info.url and not settings.webhook_url:
        return [f"A webhook is left behind, {info.url}. {LEFT_BEHIND}"]
    if settings.webhook_url and info.last_error_date and info.last_error_message:
        return [f"Telegram could not call {info.url}: {info.last_error_message}."]
    return []


async def clock_findings(settings: Telegram, now: datetime) -> list[str]:
    """Give, in words, how far this machine's clock is off, by the Date of Telegram's answers.

    Empty where it agrees, or where nothing can be learned (RFC 9110, 6.6.1).
    """
    timeout = aiohttp.ClientTimeout(total=10)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(settings.base_url, allow_redirects=False) as answer,
        ):
            said = parsedate_to_datetime(answer.headers["Date"])
    except (aiohttp.ClientError, TimeoutError, KeyError, ValueError):
        return []
    off = abs(now - said)
    if off <= OUT_OF_STEP:
        return []
    minutes = round(off.total_seconds() / 60)
    return [f"This machine's clock is {minutes} minutes from Telegram's. Set it, or let NTP do so."]
