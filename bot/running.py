"""A running comentor: everything of a programme in one process, until it is stopped."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

import structlog
import uvicorn
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from telegram import Bot

from bot.arrivals import person_at
from bot.clock import Clock, WallClock
from bot.compose import Comentor, compose, take_turns
from bot.deeds.announcements import show_progress
from bot.live import Courier
from bot.markup import plain
from bot.pace import Pace
from bot.platforms import Event, Realm
from bot.platforms.telegram import account
from bot.platforms.telegram.account import Account, TelegramTrouble
from bot.platforms.telegram.arriving import Arriving
from bot.platforms.telegram.menu import show_menu, show_menu_to
from bot.platforms.telegram.polling import FIRST_PAUSE, LONGEST_PAUSE, poll
from bot.platforms.telegram.receiving import NAME
from bot.platforms.telegram.sending import TelegramPlatform
from bot.platforms.telegram.webhook import be_called, route
from bot.saying import nobody
from bot.settings import Settings
from bot.store import tables
from bot.store.alone import Alone
from bot.store.database import Store, open_store
from bot.store.state import heard_at
from bot.turn import Turn, setup_from
from conversations.talk import Role

T = TypeVar("T")
log = structlog.get_logger()
APART = 1.02
"""Seconds between two messages to one chat: about one a second (Bot API, FAQ), and a little."""
FREE = 30
"""Messages a second that cost nothing (Bot API, FAQ)."""
BETWEEN_GLANCES = 3.0
"""Seconds between two looks of somebody who watches an announcement go out."""
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
        stay_light()
        asyncio.run(_live(comentor, settings, say))
    finally:
        store.close()


def stay_light() -> None:
    """Let the collector of garbage look no more at what was made so far and stays to the end.

    A tenth of a second each time, it would stop everything (docs.python.org, gc.freeze).
    """
    gc.collect()
    gc.freeze()


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


def address_of(settings: Settings) -> str:
    """Give the public address of the settings' bot. Raises RunTrouble."""
    _need_token(settings)

    async def ask() -> str:
        bot = account.open_bot(settings.telegram)
        try:
            return await account.address_of(bot)
        finally:
            await account.close_bot(bot)

    return _asking(ask())


def _asking(work: Coroutine[Any, Any, T]) -> T:
    try:
        return asyncio.run(work)
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
    arriving = Arriving(
        bot,
        comentor,
        comentor.clock.now,
        lambda event: _welcome_to(bot, comentor, event),
        await comentor.writer.run(lambda session: heard_at(session, NAME)),
    )
    introducing = await _introduce(bot, comentor, settings, say)
    work = [
        asyncio.create_task(take_turns(comentor, courier.stirred.set)),
        asyncio.create_task(courier.run()),
        asyncio.create_task(_keep_progress_shown(comentor, courier)),
        asyncio.create_task(receive(bot, arriving, settings, comentor.store)),
        asyncio.create_task(stopped.wait()),
    ]
    try:
        done, _ = await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in (*work, introducing):
            task.cancel()
        await asyncio.gather(*work, introducing, return_exceptions=True)
        await account.close_bot(bot)
        comentor.writer.close()
        say("Stopped; nothing is lost.")


async def _keep_progress_shown(comentor: Comentor, courier: Courier) -> None:
    """Let those who watch an announcement go out see it move."""
    while True:
        await asyncio.sleep(BETWEEN_GLANCES)
        try:
            changed = await comentor.writer.run(
                lambda session: show_progress(Turn(session, comentor.setup, comentor.clock.now()))
            )
        except SQLAlchemyError:
            continue  # who takes turns says so
        if changed:
            courier.stirred.set()


async def _introduce(
    bot: Bot, comentor: Comentor, settings: Settings, say: Callable[[str], object]
) -> asyncio.Task[None]:
    """Say where the bot is, and give what goes on with it: courtesies that nobody waits for.

    Without a network that is to say it later. Raises RunTrouble: the token is not taken.
    """
    try:
        said = _where(await account.address_of(bot))
    except TelegramTrouble as trouble:
        if trouble.is_final:
            raise RunTrouble(str(trouble)) from None
        log.warning(str(trouble))
        said = ""
    say(said or "Stop it with Ctrl-C.")

    async def go_on() -> None:
        if not said:
            say(_where(await _found_at_last(bot)))
        await show_menu(bot, comentor.setup.words)
        for finding in await account.clock_findings(settings.telegram, WallClock().now()):
            log.warning(finding)

    return asyncio.create_task(go_on())


def _where(address: str) -> str:
    return f"The bot is at {address}\nStop it with Ctrl-C."


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


async def receive(bot: Account, arriving: Arriving, settings: Settings, store: Store) -> None:
    """Take updates as the settings have it, by asking or by being called, until cancelled.

    Only one process asks at a time; any number can be called.
    """
    if settings.telegram.webhook_url:
        await _be_called(bot, arriving, settings)
        return
    while True:
        async with Alone(store, f"reader {_account(settings)}") as held:
            # Another process may have heard from Telegram since this one last did.
            arriving.heard = await _last_heard(store)
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


async def _be_called(bot: Account, arriving: Arriving, settings: Settings) -> None:
    telegram, server = settings.telegram, settings.server
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


async def _welcome_to(bot: Bot, comentor: Comentor, came: Event) -> None:
    """Once somebody's start has had its turn: their role's menu, or a stranger's kind line."""
    await comentor.take_turns()
    words = comentor.setup.words
    role, is_first = await asyncio.to_thread(_who_is, comentor, came)
    if role is not None:
        await show_menu_to(bot, words, came.address, role)
    elif is_first:
        line = words.render("stranger", {}, nobody(words.language))
        await bot.send_message(int(came.address), plain(line.runs))


def _who_is(comentor: Comentor, came: Event) -> tuple[Role | None, bool]:
    """Give the role of whoever came, and whether it is the first time within a day."""
    arrival = tables.Arrival
    with comentor.store.reading() as session:
        number = person_at(session, NAME, came.address)
        role = session.get_one(tables.Person, number).role if number else None
        first = session.scalar(
            select(arrival.event)
            .where(
                arrival.platform == NAME,
                arrival.address == came.address,
                arrival.kind == "came",
                arrival.received_at > comentor.clock.now() - timedelta(days=1),
            )
            .order_by(arrival.id)
            .limit(1)
        )
    return cast(Role | None, role), first == came.id
