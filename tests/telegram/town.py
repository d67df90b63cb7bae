"""One process for many tests: people who said yes long ago, so that each test has its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.botapi import BotApi, Message, Person
from tests.telegram.process import PATIENCE, Process

PAIRS = (
    ("ana", "ben"),
    ("eve", "fay"),
    ("gil", "hal"),
    ("ida", "jon"),
    ("kim", "leo"),
    ("mia", "ned"),
    ("pia", "ron"),
    ("sam", "tia"),
    ("uma", "val"),
)
COHORT = "\n".join(
    (
        "key,name,role,pair,supervisor,platform,zone",
        *(
            f"{key},{key.title()} Roe,{role},p{number},{'cleo' if role == 'mentee' else ''},"
            "telegram,Europe/London"
            for number, pair in enumerate(PAIRS, 1)
            for key, role in zip(pair, ("mentee", "mentor"), strict=True)
        ),
        "cleo,Cleo Martin,supervisor,,,telegram,Europe/London",
        "dana,Dana Okafor,manager,,,telegram,Europe/London",
        "wes,Wes Late,manager,,,telegram,Europe/London",
        "",
    )
)


@dataclass(frozen=True, slots=True)
class Town:
    """A Bot API, a comentor and its people."""

    api: BotApi
    process: Process
    people: dict[str, Person]

    def __getitem__(self, name: str) -> Person:
        """Give somebody by their key."""
        return self.people[name]

    async def asks(self, name: str, text: str, reads: str) -> Message:
        """Have somebody type something, and read the answer."""
        who = self[name]
        before = len(who.screen)
        who.types(text)
        return await self.reads(name, reads, before)

    async def noted(self) -> None:
        """Wait until it is written down that all went out: a kill now repeats nothing."""
        waits = "SELECT id FROM message WHERE state IN ('pending', 'sending')"
        await self.process.until(lambda: not self.process.rows(waits))

    async def reads(self, name: str, words: str, before: int = 0) -> Message:
        """Wait until somebody has these words, behind so many messages."""
        who = self[name]
        return await who.sees(
            lambda each: words in each.text and each in who.screen[before:], within=PATIENCE
        )


@asynccontextmanager
async def town(room: Path, url: str) -> AsyncIterator[Town]:
    """Give a town whose process is not started yet."""
    async with BotApi() as api:
        process = Process(api, room, url)
        yield Town(api, process, process.bring(api, COHORT))
        await process.close()
