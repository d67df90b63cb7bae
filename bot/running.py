"""A running comentor: everything of a programme in one process, until it is stopped."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import timedelta
from typing import cast

import structlog
import uvicorn
from sqlalchemy import func, select
from starlette.applications import Starlette
from telegram import Bot

from bot.arrivals import person_at
from bot.clock import Clock, WallClock
from bot.compose import Comentor, compose, setup_from, take_turns
from bot.live import Courier
from bot.markup import plain
from bot.pace import Pace
from bot.platforms.telegram import account
from bot.platforms.telegram.account import Account, TelegramTrouble
from bot.platforms.telegram.arriving import Arriving
from bot.platforms.telegram.menu import show_menu, show_menu_to
from bot.platforms.telegram.polling import poll
from bot.platforms.telegram.receiving import NAME
from bot.platforms.telegram.sending import TelegramPlatform
from bot.platforms.telegram.webhook import be_called, route
from bot.saying import nobody
from bot.settings import Settings
from bot.store import tables
from bot.store.database import open_store
from bot.store.state import heard_at
from conversations.talk import Role

log = structlog.get_logger()
APART = 1.02
"""Seconds between two messages to one chat: about one a second (Bot API, FAQ), and a little."""
HOW_TO_BEGIN = (
    "There is no token. Talk to @BotFather on Telegram (/newbot), and put what it gives you in "
    "telegram.token, or in COMENTOR_TELEGRAM__TOKEN."
)


class RunTrouble(Exception):
    """Comentor cannot be there for anybody; the message says why and what to do."""


def be_there(settings: Settings, say: Callable[[str], object], clock: Clock | None = None) -> None:
    """Run until interrupted or told to end; say where the bot is.

    By the machine's own clock, unless another is handed in.

    Raises RunTrouble, DatabaseTrouble or BadWords; nothing was begun then.
    """
    _need_token(settings)
    setup = setup_from(settings)
    store = open_store(settings.database.url)
    try:
        comentor = compose(store, setup, clock or WallClock(), {})
        asyncio.run(_live(comentor, settings, say))
    finally:
        store.close()


def look_over(settings: Settings, say: Callable[[str], object]) -> list[str]:
    """Say what is in order, and give what is not.

    Raises RunTrouble, DatabaseTrouble or BadWords.
    """
    _need_token(settings)
    setup_from(settings)
    open_store(settings.database.url).close()
    say("The settings, the words and the database are in order.")

    async def ask() -> list[str]:
        bot = account.open_bot(settings.telegram)
        try:
            say(f"The bot is at {await account.address_of(bot)}")
            return await account.findings(bot, settings.telegram, WallClock().now())
        finally:
            await account.close_bot(bot)

    return _asking(ask())


def _asking(work: Awaitable[list[str]]) -> list[str]:
    async def ask() -> list[str]:
        return await work

    try:
        return asyncio.run(ask())
    except TelegramTrouble as trouble:
        raise RunTrouble(str(trouble)) from None


def _need_token(settings: Settings) -> None:
    if not settings.telegram.token:
        raise RunTrouble(HOW_TO_BEGIN)


async def _live(comentor: Comentor, settings: Settings, say: Callable[[str], object]) -> None:
    """Take turns, carry and receive side by side; what ends one of them ends all."""
    stopped = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, stopped.set)
    bot = account.open_bot(settings.telegram)
    courier = Courier(
        NAME,
        TelegramPlatform(bot, comentor.setup.words),
        Pace(float(settings.telegram.a_second), APART),
        comentor.writer,
        comentor.setup,
        comentor.clock,
        comentor.stirred.set,
    )
    arriving = Arriving(
        bot,
        comentor,
        comentor.clock.now,
        lambda address: _welcome_to(bot, comentor, address),
        await comentor.writer.run(lambda session: heard_at(session, NAME)),
    )
    await comentor.take_back()
    await _introduce(bot, comentor, say)
    work = [
        asyncio.create_task(take_turns(comentor, courier.stirred.set)),
        asyncio.create_task(courier.run()),
        asyncio.create_task(receive(bot, arriving, settings)),
        asyncio.create_task(stopped.wait()),
    ]
    try:
        done, _ = await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
        await account.close_bot(bot)
        comentor.writer.close()
        say("Stopped; nothing is lost.")


async def _introduce(bot: Bot, comentor: Comentor, say: Callable[[str], object]) -> None:
    """Say where the bot is; without a network say that, and go on trying."""
    try:
        say(f"The bot is at {await account.address_of(bot)}")
        say("Stop it with Ctrl-C.")
    except TelegramTrouble as trouble:
        if trouble.is_final:
            raise RunTrouble(str(trouble)) from None
        log.warning(str(trouble))
    await show_menu(bot, comentor.setup.words)


async def receive(bot: Account, arriving: Arriving, settings: Settings) -> None:
    """Take updates as the settings have it, by asking or by being called, until cancelled."""
    telegram, server = settings.telegram, settings.server
    if not telegram.webhook_url:
        await poll(bot, arriving)
        return
    site = Starlette(routes=[route(arriving, telegram.token)])

    @contextlib.asynccontextmanager
    async def called(_: Starlette) -> AsyncIterator[None]:
        calling = be_called(bot, arriving, telegram.webhook_url, telegram.token)
        task = asyncio.create_task(calling)
        yield
        task.cancel()

    site.router.lifespan_context = called
    config = uvicorn.Config(
        site, host=server.host, port=server.port, log_level="warning", access_log=False
    )
    await _Server(config).serve()


class _Server(uvicorn.Server):
    """One that leaves the signals to the whole."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave them alone."""
        yield


async def _welcome_to(bot: Bot, comentor: Comentor, address: str) -> None:
    """Once somebody's start has had its turn: their role's menu, or a stranger's kind line."""
    await comentor.take_turns()
    words = comentor.setup.words
    role, times = await asyncio.to_thread(_who_is_at, comentor, address)
    if role is not None:
        await show_menu_to(bot, words, address, role)
    elif times == 1:
        line = words.render("stranger", {}, nobody(words.language))
        await bot.send_message(int(address), plain(line.runs))


def _who_is_at(comentor: Comentor, address: str) -> tuple[Role | None, int]:
    """Give the role of whoever is at an address, and how often it has called within a day."""
    arrival = tables.Arrival
    with comentor.store.reading() as session:
        number = person_at(session, NAME, address)
        role = session.get_one(tables.Person, number).role if number else None
        times = session.scalar(
            select(func.count()).where(
                arrival.platform == NAME,
                arrival.address == address,
                arrival.received_at > comentor.clock.now() - timedelta(days=1),
            )
        )
    return cast(Role | None, role), times or 0
