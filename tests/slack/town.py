"""One process for many tests: people who said yes long ago, in one Slack workspace or in two."""

from __future__ import annotations

import json
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from bot.clock import WallClock
from bot.store import tables
from tests.slackapi import Message, Person, SlackApi, Workspace
from tests.telegram.process import PATIENCE, Process
from tests.telegram.town import COHORT as ON_TELEGRAM
from tests.telegram.town import PAIRS

COHORT = ON_TELEGRAM.replace(",telegram,", ",slack,")
MENTORS = tuple(mentor for _, mentor in PAIRS)
CONNECTIONS = 2
"""Of one app, that a comentor opens."""
WAITING = "SELECT id FROM message WHERE state IN ('pending', 'sending')"


@dataclass(frozen=True, slots=True)
class Town:
    """A local Slack, a comentor and its people."""

    api: SlackApi
    process: Process
    river: Workspace
    harbour: Workspace
    people: dict[str, Person]

    def __getitem__(self, name: str) -> Person:
        """Give somebody by their key."""
        return self.people[name]

    async def start(self, *workspaces: Workspace, later: timedelta = timedelta(0)) -> None:
        """Start the comentor in these workspaces, and wait until it hears them."""
        workspaces = workspaces or (self.river,)
        self.process.settings |= in_slack(self.api, *workspaces)
        await self.process.start(later)
        await self.hears(*workspaces)

    async def hears(self, *workspaces: Workspace) -> None:
        """Wait until every one of these is listened to."""
        for each in workspaces or (self.river,):
            if each.app.socket_mode:
                await self.api.connected(each.app, CONNECTIONS, within=PATIENCE)

    async def types(self, name: str, *texts: str) -> None:
        """Have somebody type one thing after the other, as quickly as these are taken.

        Slack brings them over several connections, and promises no order between two of these.
        """
        for text in texts:
            self[name].types(text)
            await self.api.courier.history[-1].answered(PATIENCE)

    async def asks(self, name: str, text: str, reads: str) -> Message:
        """Have somebody type something, and read the answer."""
        who = self[name]
        before = len(who.screen)
        who.types(text)
        return await self.reads(name, reads, before)

    async def reads(self, name: str, words: str, before: int = 0) -> Message:
        """Wait until somebody has these words, behind so many messages."""
        who = self[name]
        return await who.sees(
            lambda each: words in each.words and each in who.screen[before:], within=PATIENCE
        )

    async def noted(self) -> None:
        """Wait until it is written down that all went out: a kill now repeats nothing."""
        await self.process.until(lambda: not self.process.rows(WAITING))

    async def quiet(self) -> None:
        """Wait until all that was told has had its turn, and its answer gone out."""
        await self.api.delivered(PATIENCE)
        undone = "SELECT id FROM arrival WHERE done_at IS NULL AND fault IS NULL"
        await self.process.until(lambda: not self.process.rows(undone))
        await self.noted()


def in_slack(api: SlackApi, *workspaces: Workspace) -> dict[str, str]:
    """Give what a comentor is to be set to; an app without Socket Mode has its address here."""
    return {
        "COMENTOR_SLACK__API_URL": api.base_url,
        "COMENTOR_SLACK__WORKSPACES": listed(workspaces),
    }


def listed(workspaces: tuple[Workspace, ...], **instead: str) -> str:
    """Give the workspaces as the settings have them, with some keys otherwise."""
    return json.dumps(
        [
            {
                "name": each.name,
                "bot_token": each.token,
                "app_token" if each.app.socket_mode else "signing_secret": (
                    each.app.app_token if each.app.socket_mode else each.app.signing_secret
                ),
                **instead,
            }
            for each in workspaces
        ]
    )


def over_http(process: Process, workspace: Workspace, number: int) -> str:
    """Have Slack call a comentor for its workspace of that number; give the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    process.settings["COMENTOR_SERVER__PORT"] = str(port)
    url = f"http://127.0.0.1:{port}/slack/{number}"
    workspace.app.listens(url)
    return url


def bring(process: Process, places: Mapping[str, Workspace], river: Workspace) -> dict[str, Person]:
    """Have a whole cohort in the chat who said yes long ago; nothing is due with anybody.

    They are all in one workspace, but for those who are named.
    """
    process.enrol(COHORT)
    here = {}
    with process.database() as session:
        for each in session.scalars(select(tables.Person).order_by(tables.Person.id)):
            place = places.get(each.key, river)
            person = place.person(f"{each.first_name} Roe", tz="Europe/London")
            each.address = f"{place.id}:{person.id}"
            each.welcomed_at = WallClock().now()
            here[each.key] = person
        for pair in session.scalars(select(tables.Pair)):
            pair.began_at, pair.due_at = WallClock().now(), None
    return here


@asynccontextmanager
async def town(room: Path, url: str, in_harbour: tuple[str, ...] = ()) -> AsyncIterator[Town]:
    """Give a town whose process is not started yet; some may be in a second workspace."""
    async with SlackApi() as api:
        process = Process(None, room, url)
        river, harbour = api.workspace("Riverside"), api.workspace("Harbour")
        people = bring(process, dict.fromkeys(in_harbour, harbour), river)
        yield Town(api, process, river, harbour, people)
        await process.close()
