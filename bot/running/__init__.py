"""A running comentor: everything of a programme in one process, until it is stopped."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette

from bot.clock import Clock, WallClock
from bot.compose import Comentor, compose, take_turns
from bot.deeds.announcements import show_progress
from bot.forgetting import forget
from bot.roster import Roster
from bot.running.sides import Side, Work, a_site, serve
from bot.running.slack import in_slack, is_called, look_over_slack, slack_side
from bot.running.telegram import look_over_telegram, telegram_side
from bot.running.trouble import RunTrouble
from bot.settings import Settings
from bot.store.database import open_store
from bot.turn import Turn, setup_from

A_DAY = 86_400.0
"""Seconds between two looks for what may be forgotten."""
BETWEEN_GLANCES = 3.0
"""Seconds between two looks of somebody who watches an announcement go out."""
HANDOVER = 0.001
"""Seconds that a thread keeps others waiting: a fifth of the usual (sys.setswitchinterval)."""
HOW_TO_BEGIN = (
    "There is no token. For Telegram talk to @BotFather there (/newbot), and put what it gives you "
    "in telegram.token, or in COMENTOR_TELEGRAM__TOKEN. For Slack make an app from what `comentor "
    "slack manifest` prints, and put its tokens in slack.workspaces."
)


def be_there(settings: Settings, say: Callable[[str], object], clock: Clock | None = None) -> None:
    """Run until interrupted or told to end; say where the bot is.

    By the machine's own clock, unless another is handed in.

    Raises RunTrouble, DatabaseTrouble or BadWords; nothing was begun then.
    """
    _need_a_platform(settings)
    setup = setup_from(settings)
    store = open_store(settings.database.url)
    try:
        comentor = compose(store, setup, clock or WallClock(), {})
        stay_light()
        asyncio.run(_live(comentor, settings, say))
    finally:
        store.close()


def stay_light() -> None:
    """Keep what interrupts short.

    The collector of garbage looks no more at what was made so far and stays to the end: a tenth of
    a second each time, it would stop everything (docs.python.org, gc.freeze). And whatever waits
    for a commit waits for the writer's thread, which is to be let in soon after each statement.
    """
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(HANDOVER)


def look_over(settings: Settings, say: Callable[[str], object]) -> list[str]:
    """Say what is in order, and give what is not.

    Raises RunTrouble, DatabaseTrouble or BadWords.
    """
    _need_a_platform(settings)
    words = setup_from(settings).words
    open_store(settings.database.url).close()
    say("The settings, the words and the database are in order.")
    spoken = ", ".join(f"{each.name} ({each.language})" for each in words.spoken.values())
    say(f"Spoken here: {spoken}; with whoever has named none, {words.usual.name}.")

    async def ask() -> list[str]:
        wrong = []
        if settings.telegram.token:
            wrong += await look_over_telegram(settings, say)
        if in_slack(settings):
            wrong += await look_over_slack(settings, say)
        return wrong

    return asyncio.run(ask())


def _need_a_platform(settings: Settings) -> None:
    if not (settings.telegram.token or in_slack(settings)):
        raise RunTrouble(HOW_TO_BEGIN)


async def _live(comentor: Comentor, settings: Settings, say: Callable[[str], object]) -> None:
    """Take turns, carry and receive side by side; what ends one of them ends all."""
    stopped, is_there = asyncio.Event(), asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, stopped.set)
    sides = _Sides(a_site(is_there))
    try:
        work: list[Work] = [
            lambda: take_turns(comentor, sides.stir),
            lambda: _keep_progress_shown(comentor, sides.stir),
            lambda: _forget_each_day(comentor),
        ]
        if settings.telegram.token:
            work += sides.join(await telegram_side(comentor, settings, say, is_there))
        if in_slack(settings):
            work += sides.join(await slack_side(comentor, settings, say))
        if is_called(settings):
            work.append(lambda: serve(sides.site, settings.server))
        say("Stop it with Ctrl-C.")
        await _until(stopped, work)
        say("Stopped; nothing is lost.")
    finally:
        await sides.close()
        comentor.writer.close()


@dataclass(slots=True)
class _Sides:
    """The platforms that are there, and what they can be called at."""

    site: Starlette
    there: list[Side] = field(default_factory=list)

    def join(self, side: Side) -> Sequence[Work]:
        """Have one more, and give its work."""
        self.there.append(side)
        self.site.router.routes.extend(side.routes)
        return side.work

    def stir(self) -> None:
        """Something may have been put in the outbox."""
        for side in self.there:
            side.stir()

    async def close(self) -> None:
        """Let go of connections."""
        for side in self.there:
            await side.close()


async def _until(stopped: asyncio.Event, work: list[Work]) -> None:
    """Do all of it until stopped; what ends one of them ends all."""
    tasks = [asyncio.create_task(each()) for each in work]
    waits = asyncio.create_task(stopped.wait())
    try:
        done, _ = await asyncio.wait([*tasks, waits], return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in (*tasks, waits):
            task.cancel()
        await asyncio.gather(*tasks, waits, return_exceptions=True)


async def _keep_progress_shown(comentor: Comentor, stir: Callable[[], None]) -> None:
    """Let those who watch an announcement go out see it move."""
    while True:
        await asyncio.sleep(BETWEEN_GLANCES)
        try:
            changed = await comentor.writer.run(
                lambda session: show_progress(
                    Turn(Roster(session), comentor.setup, comentor.clock.now())
                )
            )
        except SQLAlchemyError:
            continue  # who takes turns says so
        if changed:
            stir()


async def _forget_each_day(comentor: Comentor) -> None:
    """Let go of what nothing needs any more, a little at a time."""
    while True:
        with contextlib.suppress(SQLAlchemyError):  # who takes turns says so
            while await comentor.writer.run(lambda session: forget(session, comentor.clock.now())):
                pass
        await asyncio.sleep(A_DAY)
