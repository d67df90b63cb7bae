"""Asking Telegram for what is new: its offset moves only once the inbox has committed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.platforms import NotKept
from bot.platforms.telegram.account import LONG_POLL, Account
from bot.platforms.telegram.arriving import Arriving

log = structlog.get_logger()
AT_ONCE = 100
"""The most that one answer holds (Bot API, getUpdates)."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0


async def poll(bot: Account, arriving: Arriving, still: Callable[[], Awaitable[bool]]) -> None:
    """Ask until cancelled; whatever goes wrong is said in a line and asked again later."""
    await _without_webhook(bot)
    offset, pause, wait = 0, FIRST_PAUSE, 0
    while await still():
        try:
            updates = await bot.new_updates(offset, AT_ONCE, wait)
            are_all = len(updates) < AT_ONCE
            arriving.answer(await arriving.take(updates, are_all=are_all))
        except (TelegramError, NotKept) as trouble:
            pause = _pause_after(trouble, pause)
            await asyncio.sleep(pause)
            if isinstance(trouble, Conflict):
                await _without_webhook(bot)
            continue
        pause, wait = FIRST_PAUSE, LONG_POLL if are_all else 0
        # Only now: what an offset confirms is deleted there. Where nothing came nothing is left to
        # confirm, and after a quiet week ids may begin anew below what they were (Bot API, Update).
        offset = int(updates[-1]["update_id"]) + 1 if updates else 0


async def _without_webhook(bot: Bot) -> None:
    """Take away a webhook that was left behind: while there is one, nothing can be asked for."""
    try:
        if (await bot.get_webhook_info()).url:
            await bot.delete_webhook()
            log.warning("a webhook that was left behind is taken away")
    except TelegramError as trouble:
        log.warning("nothing is known of a webhook", why=type(trouble).__name__)


def _pause_after(trouble: Exception, last: float) -> float:
    """Say what is wrong, and give the seconds until it is worth asking again."""
    match trouble:
        case Conflict() if "webhook" in str(trouble).lower():
            log.warning("a webhook stands in the way; it will be taken away")
            return FIRST_PAUSE
        case Conflict():
            log.warning("another program asks for this bot's updates; stop it")
            return LONGEST_PAUSE / 4
        case InvalidToken():
            log.warning("telegram.token is not taken by Telegram; has it been revoked?")
            return LONGEST_PAUSE
        case RetryAfter():
            return float(trouble._retry_after.total_seconds())  # noqa: SLF001 - the name without is deprecated
        case NotKept():
            log.warning("what arrived could not be kept", why=str(trouble))
        case _:
            log.warning("there is no way to Telegram", why=str(trouble))
    return min(last * 2, LONGEST_PAUSE)
