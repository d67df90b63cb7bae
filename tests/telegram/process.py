"""The real process of `comentor run`, on a Bot API of this machine: started, killed, restarted."""

from __future__ import annotations

import asyncio
import csv
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session

from bot.clock import WallClock
from bot.cohort import read_cohort
from bot.cohort.enrol import invite, plan_import
from bot.read_words import languages_in
from bot.store import tables
from bot.store.database import open_store, session_on, write_all
from tests.botapi import BotApi, Person
from tests.telegram import at_noon
from tests.telegram.forking import Forked, Start, nursery, plain_environment

AT_NOON = (at_noon.__name__,)
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

    def __init__(self, api: BotApi | None, room: Path, url: str, **settings: str) -> None:
        """Keep what it is to be started with; nothing is started yet."""
        self.room, self.url = room, url
        self.log = room / "log.txt"
        self.settings = {"COMENTOR_DATABASE__URL": url, **settings}
        if api is not None:
            self.settings |= {
                "COMENTOR_TELEGRAM__TOKEN": api.token,
                "COMENTOR_TELEGRAM__BASE_URL": api.base_url.removesuffix("/bot"),
            }
        self._process: Forked | None = None

    def enrol(self, file: str = COHORT) -> dict[str, str]:
        """Bring a cohort in before the process starts, and give everybody's invitation."""
        store = open_store(self.url)
        now = WallClock().now()
        with store.transaction() as session:
            cohort = read_cohort(file.encode(), name="cohort.csv", spoken=languages_in())
            plan_import(session, cohort, "cohort.csv", 2).carry_out(session, now)
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

    def bring(self, api: BotApi, file: str) -> dict[str, Person]:
        """Have a whole cohort in the chat who said yes long ago; nothing is due with anybody."""
        self.enrol(file)
        with self.database() as session:
            for number, each in enumerate(_people(session), 2001):
                each.address = str(number)
                each.welcomed_at = WallClock().now()
            for pair in session.scalars(select(tables.Pair)):
                pair.began_at, pair.due_at = WallClock().now(), None
            here = {
                each.key: api.person(int(each.address or ""), each.first_name)
                for each in _people(session)
            }
        for person in here.values():
            person.chat.reachable = True
        return here

    @contextmanager
    def database(self) -> Iterator[Session]:
        """Give one transaction, while the process is not there to hold the file."""
        store = open_store(self.url)
        try:
            with store.transaction() as session:
                yield session
        finally:
            store.close()

    @contextmanager
    def aside(self) -> Iterator[Session]:
        """Give one transaction beside the process that runs, as another command would have."""
        engine = create_engine(self.address)
        with engine.begin() as connection, session_on(connection) as session:
            yield session
            write_all(session)
        engine.dispose()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold SQLite's one right to write, as a backup or a hand at the file may."""
        beside = sqlite3.connect(self.url.removeprefix("sqlite:///"), isolation_level=None)
        beside.execute("PRAGMA busy_timeout = 10000")
        beside.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            beside.execute("ROLLBACK")
            beside.close()

    @property
    def address(self) -> str:
        """The database's address, with its driver."""
        return self.url.replace("postgresql://", "postgresql+psycopg://")

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Give what a query finds while the process runs."""
        with self.aside() as session:
            return [tuple(row) for row in session.execute(text(statement))]

    async def start(self, later: timedelta = timedelta(0)) -> None:
        """Start it, its clock so much later, and return once it says that it is there."""
        self.settings["SECONDS_AHEAD"] = str(later.total_seconds())
        before = len(self.said())
        self._process = await self._begin(*AT_NOON)
        await self.says_in_time("Ctrl-C", before)

    async def run(self, *arguments: str) -> None:
        """Start a command by the machine's own clock, and return at once."""
        self._process = await self._begin("bot", *arguments)

    async def says_in_time(self, words: str, before: int = 0) -> str:
        """Wait for these words, behind so many characters, and give all that was said there."""
        async with asyncio.timeout(PATIENCE):
            while words not in (said := self.said()[before:]):
                assert self._process is None or self._process.returncode is None, self.said()
                await asyncio.sleep(0.02)
        return said

    async def until(self, found: Callable[[], object]) -> None:
        """Wait until something is so, such as what a query finds."""
        async with asyncio.timeout(PATIENCE):
            while True:
                if found():
                    return
                await asyncio.sleep(0.02)

    @property
    def most_memory(self) -> int:
        """The most memory that it ever had in use, in bytes."""
        assert self._process is not None
        status = Path(f"/proc/{self._process.number}/status").read_text("ascii")
        kilobytes = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        return int(kilobytes.split()[1]) * 1024

    async def _begin(self, *arguments: str) -> Forked:
        """Start a module with these settings; what is said goes into the log."""
        environment = plain_environment() | self.settings
        start = Start(arguments, str(self.room), environment, str(self.log))
        return await nursery().start(start)

    async def says(self, *arguments: str) -> tuple[int, str]:
        """Run a command to its end, and give its exit code and what it said."""
        before = len(self.said())
        process = await self._begin("bot", *arguments)
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
