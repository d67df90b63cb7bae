"""Telegram's side of a running comentor."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.routing import Route
from telegram import Bot

from bot.clock import WallClock
from bot.compose import Comentor
from bot.live import Courier
from bot.markup import plain
from bot.pace import Pace
from bot.platforms import Event, Realm
from bot.platforms.telegram import account
from bot.platforms.telegram.account import Account, TelegramTrouble
from bot.platforms.telegram.arriving import Arriving, listening_to
from bot.platforms.telegram.menu import show_menu
from bot.platforms.telegram.polling import FIRST_PAUSE, LONGEST_PAUSE, poll
from bot.platforms.telegram.receiving import NAME
from bot.platforms.telegram.sending import TelegramPlatform
from bot.platforms.telegram.webhook import be_called, route
from bot.running.sides import Side
from bot.running.strangers import Strangers
from bot.running.telegram_menus import Menus
from bot.running.trouble import RunTrouble
from bot.saying import nobody
from bot.settings import Settings
from bot.store.alone import Alone
from bot.store.database import Store
from bot.store.state import heard_at

log = structlog.get_logger()
APART = 1.02
"""Seconds between two messages to one chat: about one a second (Bot API, FAQ), and a little."""
FREE = 30
"""Messages a second that cost nothing (Bot API, FAQ)."""

NOBODY_THERE = (
    "There is no token. Talk to @BotFather on Telegram (/newbot), and put what it gives you in "
    "telegram.token, or in COMENTOR_TELEGRAM__TOKEN."
)


async def telegram_side(
    comentor: Comentor, settings: Settings, say: Callable[[str], object], is_there: asyncio.Event
) -> Side:
    """Give Telegram's part; `is_there` is set once anything can be called.

    Raises RunTrouble: the token is not taken.
    """
    bot = account.open_bot(settings.telegram)
    courier = Courier(
        Realm(NAME),
        _account(settings),
        TelegramPlatform(bot, comentor.setup.words, pays=settings.telegram.a_second > FREE),
        Pace(float(settings.telegram.a_second), APART),
        comentor.store,
        comentor.writer,
        comentor.setup,
        comentor.clock,
        comentor.stirred.set,
    )
    arriving = await arriving_at(bot, comentor)
    menus = Menus(comentor, bot, _account(settings))
    try:
        said = _where(await account.address_of(bot))
    except TelegramTrouble as trouble:
        if trouble.is_final:
            await account.close_bot(bot)
            raise RunTrouble(str(trouble)) from None
        log.warning(str(trouble))
        said = ""
    if said:
        say(said)

    def stir() -> None:
        courier.stirred.set()
        menus.stirred.set()

    return Side(
        [
            courier.run,
            lambda: receive(bot, arriving, settings, comentor.store, is_there),
            lambda: _introduce(bot, comentor, settings, None if said else say),
            menus.keep_shown,
        ],
        routes(arriving, settings),
        stir,
        lambda: account.close_bot(bot),
    )


async def look_over_telegram(settings: Settings, say: Callable[[str], object]) -> list[str]:
    """Say where the bot is, and give what is not in order. Raises RunTrouble."""
    bot = account.open_bot(settings.telegram)
    try:
        say(f"The bot is at {await account.address_of(bot)}")
        return await account.findings(bot, settings.telegram, WallClock().now())
    except TelegramTrouble as trouble:
        raise RunTrouble(str(trouble)) from None
    finally:
        await account.close_bot(bot)


async def address_of(settings: Settings) -> str:
    """Give the public address of the settings' bot. Raises RunTrouble."""
    if not settings.telegram.token:
        raise RunTrouble(NOBODY_THERE)
    bot = account.open_bot(settings.telegram)
    try:
        return await account.address_of(bot)
    except TelegramTrouble as trouble:
        raise RunTrouble(str(trouble)) from None
    finally:
        await account.close_bot(bot)


async def arriving_at(bot: Bot, comentor: Comentor) -> Arriving:
    """Give what takes updates."""
    heard = await comentor.writer.run(lambda session: heard_at(session, NAME))
    strangers = Strangers(comentor)
    return Arriving(
        bot,
        listening_to(comentor, comentor.clock.now, heard),
        lambda event: _welcome_to(bot, comentor, strangers, event),
    )


def routes(arriving: Arriving, settings: Settings) -> list[Route]:
    """Give what Telegram calls, if it is to call at all."""
    telegram = settings.telegram
    return [route(arriving, telegram.token)] if telegram.webhook_url else []


async def _introduce(
    bot: Bot, comentor: Comentor, settings: Settings, say: Callable[[str], object] | None
) -> None:
    """Pay courtesies that nobody waits for; where there was no network, say at last where it is."""
    if say is not None:
        say(_where(await _found_at_last(bot)))
    await show_menu(bot, comentor.setup.words)
    for finding in await account.clock_findings(settings.telegram, WallClock().now()):
        log.warning(finding)
    await asyncio.Event().wait()


def _where(address: str) -> str:
    return f"The bot is at {address}"


async def _found_at_last(bot: Bot) -> str:
    pause = FIRST_PAUSE
    while True:
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)
        # Whatever is wrong, whoever asks for what is new says so in the log.
        with contextlib.suppress(TelegramTrouble):
            return await account.address_of(bot)


def _account(settings: Settings) -> str:
    """The bot's number, which is no secret: what stands before the colon."""
    return f"{NAME} {settings.telegram.token.partition(':')[0]}"


async def receive(
    bot: Account, arriving: Arriving, settings: Settings, store: Store, is_there: asyncio.Event
) -> None:
    """Take updates as the settings have it, by asking or by being called, until cancelled.

    Only one process asks at a time; any number can be called.
    """
    telegram = settings.telegram
    if telegram.webhook_url:
        await is_there.wait()
        await be_called(bot, arriving, telegram.webhook_url, telegram.token)
    while True:
        async with Alone(store, f"reader {_account(settings)}") as held:
            # Another process may have heard from Telegram since this one last did.
            arriving.listening.heard = await _last_heard(store)
            await poll(bot, arriving, held.is_held)


async def _last_heard(store: Store) -> datetime | None:
    def read() -> datetime | None:
        with store.reading() as session:
            return heard_at(session, NAME)

    while True:
        try:
            return await asyncio.to_thread(read)
        except SQLAlchemyError as error:
            log.warning("the database cannot be used", why=type(error).__name__)
            await asyncio.sleep(FIRST_PAUSE)


async def _welcome_to(bot: Bot, comentor: Comentor, strangers: Strangers, came: Event) -> None:
    """Once somebody's start has had its turn: a stranger's kind line, and none for ours."""
    if strangers.is_first(came) and await strangers.is_stranger(came):
        words = comentor.setup.words.of(str(came.body.get("language", "")))
        line = words.render("stranger", {}, nobody(words.language))
        await bot.send_message(int(came.address), plain(line.runs))
