"""The workspaces of the one app: each is served as soon as it is installed, until it is removed.

Whether the app is still there, Slack itself is asked: at a start, whenever it tells of a removal
(which may reach us after the app is back) and now and then.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Container
from dataclasses import dataclass, field
from typing import TypeVar

import aiohttp
import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.arrivals import receive
from bot.compose import Comentor
from bot.platforms import Event, Refused
from bot.platforms.slack.account import TROUBLES, Joined, who_is
from bot.platforms.slack.calls import Client, NotTaken
from bot.platforms.slack.receiving import NAME, Window
from bot.running.slack_outpost import Outpost, outpost_in
from bot.running.strangers import Strangers
from bot.settings import Settings
from bot.store.installations import Installed, Seal, installed_in, write_removed

log = structlog.get_logger()
T = TypeVar("T")
BETWEEN_LOOKS = 10.0
"""Seconds until what another process installed is served here too."""
BETWEEN_QUESTIONS = 900.0
"""Seconds after which Slack is asked again whether the app is there."""
AFTER_TROUBLE = 5.0
LONGEST_PAUSE = 60.0
GONE_WHY = "the app was removed"
GONE = "invalid_auth"
"""What Slack may say of the token of an app that was removed; else it is ours to mend."""


@dataclass(slots=True)
class _Here:
    """One workspace that is served."""

    installed: Installed
    client: Client
    doubted: asyncio.Event = field(default_factory=asyncio.Event)
    """Slack told of its removal."""
    outpost: Outpost | None = None
    """None until Slack has said who we are there."""
    task: asyncio.Task[None] | None = None


@dataclass(slots=True)
class Workspaces:
    """All of them, and what Slack brings for them."""

    comentor: Comentor
    settings: Settings
    session: aiohttp.ClientSession
    seal: Seal
    listed: Container[str]
    """Those that have an app of their own, which alone is used there."""
    say: Callable[[str], object]
    stirred: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when one may have come or gone."""
    here: dict[str, _Here] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    """Who was said to be there twice."""

    @property
    def within(self) -> str:
        """Nothing: whoever signs for the one app may speak for every workspace that has it."""
        return ""

    def stir(self) -> None:
        """Something may have been put in the outbox."""
        for each in self.here.values():
            if each.outpost is not None:
                each.outpost.stir()

    async def keep(self) -> None:
        """Serve whoever has installed the app until cancelled."""
        async with asyncio.TaskGroup() as group:
            while True:
                self.stirred.clear()
                await self._heed(await lasting(self._installed), group)
                await set_within(self.stirred, BETWEEN_LOOKS)

    async def _installed(self) -> list[Installed]:
        def read() -> list[Installed]:
            with self.comentor.store.reading() as session:
                return installed_in(session, self.seal).installed

        return await asyncio.to_thread(read)

    async def _heed(self, found: list[Installed], group: asyncio.TaskGroup) -> None:
        """Let go of who has gone or come back with another token, and begin with who is new."""
        wanted = {each.team_id: each for each in found if not self._is_listed(each)}
        for team, here in list(self.here.items()):
            if wanted.get(team) != here.installed:
                del self.here[team]
                await _end(here)
        for team, each in wanted.items():
            if team not in self.here:
                client = Client(each.token, self.settings.slack.api_url, self.session)
                here = self.here[team] = _Here(each, client)
                here.task = group.create_task(self._serve(here))

    def _is_listed(self, installed: Installed) -> bool:
        team = installed.team_id
        if team in self.listed and team not in self.told:
            self.told.add(team)
            self.say(
                f"Slack's workspace {installed.name} stands in slack.workspaces, and has installed "
                "the app as well. The one in slack.workspaces is used; remove one of the two."
            )
        return team in self.listed

    async def _serve(self, here: _Here) -> None:
        joined = await self._asked(here)
        if joined is not None:
            here.outpost = await lasting(lambda: outpost_in(self.comentor, self.settings, joined))
            self.say(f"In Slack's workspace {joined.name}")
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(each()) for each in here.outpost.work]
                while await self._asked(here) is not None:
                    await set_within(here.doubted, BETWEEN_QUESTIONS)
                for each in tasks:
                    each.cancel()
        await lasting(lambda: self._note_removed(here.installed))
        self.stirred.set()

    async def _asked(self, here: _Here) -> Joined | None:
        """Ask, until there is an answer, who we are there; None where we no longer are."""
        pause = 1.0
        while True:
            was_told = here.doubted.is_set()
            here.doubted.clear()
            try:
                return await who_is(here.client)
            except Refused:
                return None
            except TROUBLES as trouble:
                if was_told and isinstance(trouble, NotTaken) and str(trouble) == GONE:
                    return None
                why = str(trouble) or "the answer was lost"
                log.warning("Slack was asked in vain", workspace=here.installed.team_id, why=why)
            if was_told:
                here.doubted.set()
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _note_removed(self, installed: Installed) -> None:
        """Mark it, and have its people closed, both or neither."""
        now = self.comentor.clock.now()
        name = f"uninstalled-{installed.team_id}-{installed.installed_at.isoformat()}"
        event = Event(NAME, name, f"{installed.team_id}:", "uninstalled", {"why": GONE_WHY})

        def work(session: Session) -> None:
            if write_removed(session, installed, now):
                receive(session, [event], now)

        await self.comentor.writer.run(work)
        log.info("the app was removed", workspace=installed.team_id)
        self.comentor.stirred.set()

    # What Slack brings

    async def take(self, events: list[Event], *, are_all: bool) -> None:
        """Commit these in their workspaces' name; none: note that all can be heard.

        Raises NotKept.
        """
        if not events:
            for here in list(self.here.values()):
                if here.outpost is not None:
                    await here.outpost.listening.take([], are_all=are_all)
        for event in events:
            await self._take(event, are_all=are_all)

    async def _take(self, event: Event, *, are_all: bool) -> None:
        here = self.here.get(_team(event.address))
        if event.kind == "uninstalled":
            # Kept once Slack confirms it; if we end before, it is asked at the next start.
            if here is not None:
                here.doubted.set()
        elif here is not None and here.outpost is not None:
            await here.outpost.listening.take([event], are_all=are_all)
        else:
            await self.comentor.receive(event)

    async def open(self, window: Window) -> None:
        """Open the window that somebody asked for."""
        here = self.here.get(_team(window.address))
        if here is not None and here.outpost is not None:
            await here.outpost.open(window)

    def meet(self, strangers: Strangers, event: Event) -> Awaitable[None] | None:
        """Say a stranger's kind line; None where there is nothing to do."""
        here = self.here.get(_team(event.address))
        return here.outpost.meet(strangers, event) if here and here.outpost else None

    async def look_up(self, event: Event) -> Event:
        """Give it with what the profile says of whoever did it."""
        here = self.here.get(_team(event.address))
        return await here.outpost.look_up(event) if here and here.outpost else event


def _team(address: str) -> str:
    return address.partition(":")[0]


async def set_within(event: asyncio.Event, seconds: float) -> None:
    """Wait until it is set, but no longer."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return


async def _end(here: _Here) -> None:
    """End what is done for a workspace; what is in flight is finished."""
    if here.task is not None:
        here.task.cancel()
        await asyncio.wait([here.task])


async def lasting(work: Callable[[], Awaitable[T]]) -> T:
    """Do something with the database, again and again until it can be done."""
    while True:
        try:
            return await work()
        except SQLAlchemyError as trouble:
            log.warning("the database cannot be used", why=type(trouble).__name__)
            await asyncio.sleep(AFTER_TROUBLE)
