"""Serving the playground: one process, one file, one page on this machine."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from datetime import datetime, time
from importlib.resources import files
from pathlib import Path

import uvicorn
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.applications import Starlette

from bot.clock import Clock, WallClock
from bot.cohort import read_cohort
from bot.cohort.enrol import plan_import
from bot.compose import Comentor, compose, run
from bot.platforms.playground import PlaygroundPlatform
from bot.playground.stage import Stage, invite_everybody
from bot.playground.time import CohortClock, clock_from, first_clock
from bot.read_words import languages_in
from bot.settings import Settings
from bot.store import tables
from bot.store.database import Store, open_store, sole_use_of
from bot.turn import setup_from
from bot.web.playground import playground
from conversations.wall_time import at_wall_time

OPENS = time(9)
"""When a new cohort's first day begins, in its own zone."""


class PlaygroundTrouble(Exception):
    """The playground cannot be served as it was asked to; the message says why and what to do."""


def database_file(settings: Settings) -> Path:
    """Give where the playground keeps its state."""
    return settings.playground.folder / "playground.sqlite3"


def _make_folder(settings: Settings) -> None:
    folder = settings.playground.folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PlaygroundTrouble(
            f"The folder {folder} cannot be made: {error.strerror}. "
            "Start comentor where it may write, or change playground.folder."
        ) from error


def begin_again(settings: Settings) -> None:
    """Forget a former playground altogether.

    Raises DatabaseTrouble where somebody is playing there; nothing is forgotten then.
    """
    lock = sole_use_of(database_file(settings))
    try:
        for ending in ("", "-wal", "-shm"):
            Path(f"{database_file(settings)}{ending}").unlink(missing_ok=True)
    finally:
        lock.release()


def open_playground(settings: Settings, wall: Clock) -> tuple[Comentor, CohortClock]:
    """Open the state that was kept, or begin with the example cohort on its first morning."""
    store = open_store(f"sqlite:///{database_file(settings)}")
    with store.transaction() as session:
        if session.scalars(select(tables.Cohort.id)).first() is None:
            _bring_example(session, settings)
        clock = clock_from(session, wall) or first_clock(
            session, wall, _first_morning(session) or wall.now()
        )
        invite_everybody(session, clock.now())
    platform = PlaygroundPlatform()
    platforms = {"telegram": platform, "slack": platform, "playground": platform}
    return compose(store, setup_from(settings), clock, platforms), clock


def _bring_example(session: Session, settings: Settings) -> None:
    example = (files("bot") / "cohort" / "example.csv").read_bytes()
    programme = settings.programme
    spoken = languages_in(programme.prompts, programme.languages)
    file = read_cohort(example, name="example.csv", spoken=spoken)
    plan = plan_import(session, file, "example.csv", settings.programme.weekly_budget)
    plan.carry_out(session, WallClock().now())


def _first_morning(session: Session) -> datetime | None:
    cohort = session.scalars(select(tables.Cohort).order_by(tables.Cohort.id)).first()
    if cohort is None or cohort.starts is None:
        return None
    return at_wall_time(cohort.starts, OPENS, cohort.zone)


def site(comentor: Comentor, clock: CohortClock) -> Starlette:
    """Give the page's site, with the bot at work for as long as it is served."""
    stage = Stage(comentor, clock)
    pages = playground(stage)

    @contextlib.asynccontextmanager
    async def at_work(_: Starlette) -> AsyncIterator[None]:
        await stage.forget()
        working = asyncio.create_task(run(comentor, stage.tell))
        try:
            yield
        finally:
            working.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await working
            comentor.writer.close()

    pages.router.lifespan_context = at_work
    return pages


def serve(
    settings: Settings,
    say: Callable[[str], object],
    *,
    fresh: bool = False,
    wall: Clock | None = None,
) -> None:
    """Serve the playground until interrupted; say where it is.

    The time of day is the machine's own, unless another clock is handed in.

    Raises PlaygroundTrouble or DatabaseTrouble where it cannot; nothing is changed then.
    """
    _make_folder(settings)
    # Started twice, it is refused for the better of the two reasons.
    sole_use_of(database_file(settings)).release()
    _check_port(settings.playground.host, settings.playground.port)
    if fresh:
        begin_again(settings)
    comentor, clock = open_playground(settings, wall or WallClock())
    say(f"The playground is at http://{settings.playground.host}:{settings.playground.port}")
    say("Stop it with Ctrl-C; what was said is kept. `--fresh` begins again.")
    try:
        uvicorn.run(
            site(comentor, clock),
            host=settings.playground.host,
            port=settings.playground.port,
            log_level="warning",
            timeout_graceful_shutdown=2,
        )
    finally:
        close(comentor.store)


def _check_port(host: str, port: int) -> None:
    """Find out before anything is opened, so that no address is printed that is another's."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        raise PlaygroundTrouble(
            f"Port {port} of {host} cannot be used: {error.strerror}. "
            "Stop what uses it, or take another: comentor play --port 8400."
        ) from error


def close(store: Store) -> None:
    """Let go of the database."""
    store.close()
