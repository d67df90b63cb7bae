"""Serving the playground: one process, one file, one page on this machine."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import datetime, time
from importlib.resources import files
from pathlib import Path

import uvicorn
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.applications import Starlette

from bot.clock import WallClock
from bot.cohort import read_cohort
from bot.cohort.enrol import plan_import
from bot.compose import Comentor, compose, run, setup_from
from bot.platforms.playground import PlaygroundPlatform
from bot.playground.stage import Stage, invite_everybody
from bot.playground.time import CohortClock, clock_from, first_clock
from bot.settings import Settings
from bot.store import tables
from bot.store.database import Store, open_store
from bot.web.playground import playground
from conversations.wall_time import at_wall_time

OPENS = time(9)
"""When a new cohort's first day begins, in its own zone."""


def database_file(settings: Settings) -> Path:
    """Give where the playground keeps its state."""
    return settings.playground.folder / "playground.sqlite3"


def begin_again(settings: Settings) -> None:
    """Forget a former playground altogether."""
    for ending in ("", "-wal", "-shm"):
        Path(f"{database_file(settings)}{ending}").unlink(missing_ok=True)


def open_playground(settings: Settings) -> tuple[Comentor, CohortClock]:
    """Open the state that was kept, or begin with the example cohort on its first morning."""
    settings.playground.folder.mkdir(parents=True, exist_ok=True)
    store = open_store(f"sqlite:///{database_file(settings)}")
    with store.transaction() as session:
        if session.scalars(select(tables.Cohort.id)).first() is None:
            _bring_example(session, settings)
        clock = clock_from(session) or first_clock(session, _first_morning(session))
        invite_everybody(session, clock.now())
    platform = PlaygroundPlatform()
    platforms = {"telegram": platform, "slack": platform, "playground": platform}
    return compose(store, setup_from(settings), clock, platforms), clock


def _bring_example(session: Session, settings: Settings) -> None:
    example = (files("bot") / "cohort" / "example.csv").read_bytes()
    file = read_cohort(example, name="example.csv")
    plan_import(session, file, "example.csv", settings.programme.weekly_budget).carry_out(session)


def _first_morning(session: Session) -> datetime:
    cohort = session.scalars(select(tables.Cohort).order_by(tables.Cohort.id)).first()
    if cohort is None or cohort.starts is None:
        return WallClock().now()
    return at_wall_time(cohort.starts, OPENS, cohort.zone)


def site(comentor: Comentor, clock: CohortClock) -> Starlette:
    """Give the page's site, with the bot at work for as long as it is served."""
    stage = Stage(comentor, clock)
    pages = playground(stage)

    @contextlib.asynccontextmanager
    async def at_work(_: Starlette) -> AsyncIterator[None]:
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


def serve(settings: Settings) -> None:
    """Serve the playground until interrupted."""
    comentor, clock = open_playground(settings)
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


def close(store: Store) -> None:
    """Let go of the database."""
    store.close()
