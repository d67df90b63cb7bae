"""The real process of `comentor run`, on a Bot API of this machine: started, killed, restarted."""

from __future__ import annotations

import asyncio
import csv
import os
import signal
import sys
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import WallClock
from bot.cohort import read_cohort
from bot.cohort.enrol import invite, plan_import
from bot.store import tables
from bot.store.database import open_store
from tests.botapi import BotApi

HERE = Path(__file__).parent.parent.parent
AT_NOON = ("-m", "tests.telegram.at_noon")
"""On a workday at noon, whenever the tests run: in quiet hours much would wait."""
PATIENCE = 20.0
"""Seconds: a turn takes milliseconds and a start one or two."""
COHORT = """key,name,role,pair,supervisor,platform,zone
ana,Ana Ruiz,mentee,p1,cleo,telegram,Europe/Madrid
ben,Ben Walsh,mentor,p1,,telegram,Europe/London
cleo,Cleo Martin,supervisor,,,telegram,Europe/London
dana,Dana Okafor,manager,,,telegram,Europe/London
"""


class Process:
    """`comentor run` in a process, and a room, of its own."""

    def __init__(self, api: BotApi, room: Path, url: str, **settings: str) -> None:
        """Keep what it is to be started with; nothing is started yet."""
        self.room, self.url = room, url
        self.log = room / "log.txt"
        self.settings = {
            "COMENTOR_DATABASE__URL": url,
            "COMENTOR_TELEGRAM__TOKEN": api.token,
            "COMENTOR_TELEGRAM__BASE_URL": api.base_url.removesuffix("/bot"),
            **settings,
        }
        self._process: asyncio.subprocess.Process | None = None

    def enrol(self, file: str = COHORT) -> dict[str, str]:
        """Bring a cohort in before the process starts, and give everybody's invitation."""
        store = open_store(self.url)
        now = WallClock().now()
        with store.transaction() as session:
            cohort = read_cohort(file.encode(), name="cohort.csv")
            plan_import(session, cohort, "cohort.csv", 2).carry_out(session)
            tokens = {each.key: invite(session, each.id, now) for each in _people(session)}
        store.close()
        return tokens

    async def hand_out(self, file: str = COHORT) -> dict[str, str]:
        """Do what a manager does: import the file, hand out the links. Gives each one's token."""
        (self.room / "cohort.csv").write_text(file, encoding="utf-8")
        for arguments in (
            ("cohort", "import", "cohort.csv", "--yes"),
            ("cohort", "invitations", "--csv", "links.csv", "--page", "cards.html"),
        ):
            code, said = await self.says(*arguments)
            assert code == 0, said
        rows = csv.DictReader((self.room / "links.csv").read_text("utf-8-sig").splitlines())
        return {row["key"]: row["link"].partition("?start=")[2] for row in rows}

    async def start(self) -> None:
        """Start it, and return once it says that it is there."""
        said = len(self.said())
        self._process = await self.run("run")
        async with asyncio.timeout(PATIENCE):
            while "Ctrl-C" not in self.said()[said:]:
                assert self._process.returncode is None, self.said()
                await asyncio.sleep(0.02)

    async def run(self, *arguments: str) -> asyncio.subprocess.Process:
        """Start a command of comentor's with these settings; what it says goes into the log."""
        clean = {
            name: value for name, value in os.environ.items() if not name.startswith("COMENTOR_")
        }
        with self.log.open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *(
                    sys.executable,
                    *(AT_NOON if arguments == ("run",) else ("-m", "bot")),
                    *arguments,
                ),
                cwd=self.room,
                env={**clean, **self.settings, "PYTHONPATH": str(HERE)},
                stdout=log,
                stderr=log,
            )

    async def says(self, *arguments: str) -> tuple[int, str]:
        """Run a command to its end, and give its exit code and what it said."""
        before = len(self.said())
        process = await self.run(*arguments)
        async with asyncio.timeout(PATIENCE):
            code = await process.wait()
        return code, self.said()[before:]

    async def kill(self) -> None:
        """Kill it as a power cut would: nothing of ours gets a last word."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """End it as Ctrl-C does, and give its exit code."""
        return await self._end(signal.SIGINT)

    async def _end(self, how: signal.Signals) -> int:
        assert self._process is not None
        self._process.send_signal(how)
        async with asyncio.timeout(PATIENCE):
            code = await self._process.wait()
        self._process = None
        return code

    async def close(self) -> None:
        """Leave nothing behind."""
        if self._process is not None and self._process.returncode is None:
            await self.kill()

    def said(self) -> str:
        """Give all that it has printed since it was first started."""
        return self.log.read_text("utf-8") if self.log.exists() else ""


def _people(session: Session) -> list[tables.Person]:
    return list(session.scalars(select(tables.Person).order_by(tables.Person.id)))
