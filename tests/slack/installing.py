"""Two organisations that may install the one app: a local Slack, the real process, a browser."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
from cryptography.fernet import Fernet

from tests.slack.browser import Browser
from tests.slackapi import App, Message, Person, SlackApi, Workspace
from tests.telegram.process import PATIENCE, Process

KEY = Fernet.generate_key().decode()
WELCOME, STRANGER = (
    "the quiet helper of Thinking together",
    "I only talk with people who were invited",
)
COHORT = """key,name,role,pair,supervisor,platform,zone,email
ana,Ana Ruiz,mentee,p1,cleo,slack,Europe/Madrid,ana@river.example
ben,Ben Walsh,mentor,p1,,slack,Europe/London,
cleo,Cleo Martin,supervisor,,,slack,Europe/London,
dana,Dana Okafor,manager,,,slack,Europe/London,
"""


@dataclass
class Town:
    """Two organisations that have not installed the app yet."""

    slack: SlackApi
    process: Process
    browser: Browser
    app: App

    def __post_init__(self) -> None:
        """Put everybody where they are, with their invitations."""
        self.river = self.slack.workspace("Riverside", app=self.app, installed=False)
        self.hill = self.slack.workspace("Hillside", app=self.app, installed=False)
        self.ben = self.river.person("Ben Walsh")
        self.dana = self.hill.person("Dana Okafor")
        self.tokens = self.process.enrol(COHORT)

    async def installs(self, *workspaces: Workspace) -> None:
        """Have administrators install it."""
        for each in workspaces:
            page = await self.browser.installs(each.id)
            assert page.status == 200, page
            assert f"now in {each.name}" in page.words

    async def comes_in(self, who: Person, key: str) -> Message:
        """Have somebody type their invitation, be welcomed and say yes."""
        who.types(self.tokens[key])
        await who.sees(WELCOME, within=PATIENCE)
        asked = await who.sees("Would you like to join", within=PATIENCE)
        seen = len(who.screen)
        await who.presses(asked, "Yes").answered()
        return await self.reads(who, "", seen)

    async def asks(self, who: Person, text: str, reads: str) -> None:
        """Have somebody type something and read the answer."""
        seen = len(who.screen)
        who.types(text)
        await self.reads(who, reads, seen)

    async def reads(self, who: Person, words: str, seen: int = 0) -> Message:
        """Wait until somebody reads something new."""
        return await who.sees(
            lambda each: words in each.words and each in who.screen[seen:], within=PATIENCE
        )

    def people_of(self, workspace: Workspace) -> list[tuple[str, bool]]:
        """Give who is known there, and whether they are closed."""
        rows = self.process.rows(
            "SELECT key, closed_at IS NOT NULL, address FROM person ORDER BY id"
        )
        within = f"{workspace.id}:"
        return [(key, bool(closed)) for key, closed, at in rows if str(at).startswith(within)]

    async def starts(self, later: timedelta = timedelta(0), **settings: str) -> None:
        """Stop the process if it runs, and start it; return once it can be called."""
        if self.process.said():
            await self.process.stop()
        self.process.settings |= settings
        await self.process.start(later)
        await self.process.until(self._is_called)

    def _is_called(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", urlsplit(self.browser.home).port)) == 0


def settings_for(slack: SlackApi, app: App, port: int) -> dict[str, str]:
    """Give what is set of the one app, and of nothing else."""
    return {
        "COMENTOR_SLACK__API_URL": slack.base_url,
        "COMENTOR_SLACK__CLIENT_ID": app.client_id,
        "COMENTOR_SLACK__CLIENT_SECRET": app.client_secret,
        "COMENTOR_SLACK__SIGNING_SECRET": app.signing_secret,
        "COMENTOR_SLACK__PUBLIC_URL": f"http://127.0.0.1:{port}",
        "COMENTOR_SLACK__KEYS": f'["{KEY}"]',
        "COMENTOR_SERVER__PORT": str(port),
    }


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


async def town_at(url: str, room: Path) -> AsyncIterator[Town]:
    """Give a town whose process runs on this database."""
    port = free_port()
    home = f"http://127.0.0.1:{port}"
    async with (
        SlackApi() as slack,
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
    ):
        app = slack.app()
        app.listens(f"{home}/slack/events")
        process = Process(None, room, url, **settings_for(slack, app, port))
        town = Town(slack, process, Browser(session, home), app)
        await town.starts()
        yield town
        assert process.rows("SELECT fault FROM arrival WHERE fault IS NOT NULL") == []
        await process.close()
