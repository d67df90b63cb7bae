"""A pair across two apps and three organisations, through kills, from the invitation to a stall.

Ana is in Telegram, Ben in one Slack workspace, Cleo, who supervises them, in another, and Dana, who
manages the programme, in Telegram. The process is killed (-9) at random moments and started again:
nothing is lost, and in Slack nothing is said twice.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests import botapi
from tests.botapi import BotApi
from tests.slackapi import Message, Person, SlackApi
from tests.telegram.process import Process

PATIENCE = 45.0
"""Seconds: a poll that meets its dead forerunner's, still open there, rests for fifteen."""
LONGEST_BEFORE_A_KILL = 0.4
"""Seconds: from before an event is read to after all is sent."""
COHORT = """key,name,role,pair,supervisor,platform,zone,email
ana,Ana Ruiz,mentee,p1,cleo,telegram,Europe/Madrid,
ben,Ben Walsh,mentor,p1,,slack,Europe/London,ben@river.example
cleo,Cleo Martin,supervisor,,,slack,Europe/London,cleo@hill.example
dana,Dana Okafor,manager,,,telegram,Europe/London,
"""
Anybody = botapi.Person | Person
Shown = botapi.Message | Message


@dataclass
class Town:
    """Both apps, a process that does not live long, and four people."""

    telegram: BotApi
    slack: SlackApi
    process: Process
    chance: Random = field(default_factory=lambda: Random(5))
    kills: int = 0
    later: timedelta = timedelta(0)

    def __post_init__(self) -> None:
        """Put everybody where they are; nobody has come yet."""
        river, hill = self.slack.workspaces.values()
        self.ana = self.telegram.person(1001, "Ana")
        self.dana = self.telegram.person(1004, "Dana")
        self.ben = river.person("Ben Walsh", email="ben@river.example", tz="Europe/London")
        self.cleo = hill.person("Cleo Martin", email="cleo@hill.example", tz="Europe/London")
        # Every step on SQLite; on PostgreSQL, where a start does the same, some: it takes seconds.
        on_postgresql = "postgresql" in self.process.url
        self.kills_at = cycle((True, *[False] * 5) if on_postgresql else (True, False, False))

    async def start(self) -> None:
        """Start it, and wait until Slack has somebody to tell."""
        await self.process.start(self.later)
        for workspace in self.slack.workspaces.values():
            await self.slack.connected(workspace.app, 2, within=PATIENCE)

    async def pass_time(self, **length: float) -> None:
        """Stop it, and start it with its clock so much later."""
        await self.process.stop()
        self.later += timedelta(**length)
        await self.start()

    async def step(self, who: Anybody, does: Callable[[], object], reads: str) -> Shown:
        """Let somebody do something, perhaps with a kill; they read the answer."""
        before = list(who.screen)
        done = does()
        if next(self.kills_at):
            await asyncio.sleep(self.chance.uniform(0, LONGEST_BEFORE_A_KILL))
            await self.process.kill()
            self.kills += 1
            was_taken = getattr(done, "taken", True)
            await self.start()
            if not was_taken:
                does()  # Slack shows that a press was lost, and brings none again
        return await self.reads(who, reads, before)

    async def reads(self, who: Anybody, words: str, before: Any = ()) -> Shown:
        """Wait until somebody has something new with these words."""

        def is_it(each: Any) -> bool:
            return words in text_of(each) and each not in before

        return await who.sees(is_it, within=PATIENCE)

    def presses(self, who: Anybody, label: str) -> Callable[[], object]:
        """Press a button of the newest message that bears it."""
        return lambda: who.presses(bearing(who, label), label)  # type: ignore[arg-type]

    async def ticks(self, who: Person, words: str) -> None:
        """Tick every other box of a question."""
        asked = await self.reads(who, words)
        assert isinstance(asked, Message)
        labels = boxes(asked)
        who.ticks(asked, labels[::2])
        await who.sees(lambda each: "Done" in str(each.buttons), within=PATIENCE)

    async def toggles(self, who: botapi.Person, words: str) -> None:
        """Switch on all times but the last."""
        asked = await self.reads(who, words)
        assert isinstance(asked, botapi.Message)
        for label in [row[0] for row in asked.buttons[:-1]][:-1]:
            who.presses(asked, label)
            await who.sees(lambda each, on=f"✓ {label}": each.data(on) is not None, within=PATIENCE)  # type: ignore[misc]


def text_of(message: Shown) -> str:
    """Give all that is there to read."""
    return message.words if isinstance(message, Message) else message.text


def bearing(who: Anybody, label: str) -> Shown:
    """Give the newest message on a screen that bears a button."""
    shown: list[Shown] = [*who.screen]
    for each in reversed(shown):
        if isinstance(each, botapi.Message):
            if each.data(label) is not None:
                return each
        elif any(label in said for row in each.buttons for said in row):
            return each
    raise AssertionError(f"nothing bears {label!r}: {[text_of(each) for each in shown]}")


def boxes(message: Message) -> list[str]:
    """Give the labels of all boxes of a message."""
    return [
        option["text"]["text"]
        for block in message.blocks
        for element in block.get("elements", ())
        if element["type"] == "checkboxes"
        for option in element["options"]
    ]


@pytest.fixture
async def here(url: str, tmp_path: Path) -> AsyncIterator[Town]:
    """Both apps and the process, not started yet."""
    async with BotApi() as telegram, SlackApi() as slack:
        workspaces = [slack.workspace("Riverside"), slack.workspace("Hillside")]
        listed = [
            {"name": each.name, "bot_token": each.token, "app_token": each.app.app_token}
            for each in workspaces
        ]
        process = Process(
            telegram,
            tmp_path,
            url,
            COMENTOR_SLACK__API_URL=slack.base_url,
            COMENTOR_SLACK__WORKSPACES=json.dumps(listed),
        )
        yield Town(telegram, slack, process)
        print(process.said()[-4000:])  # shown where the test fails
        await process.close()


async def test_a_pair_across_two_apps_through_kills(here: Town) -> None:
    """What the one does reaches the other as one conversation, whatever happens in between."""
    tokens = await here.process.hand_out(COHORT)
    code, said = await here.process.says("cohort", "invite")
    assert (code, "2 people invited" in said) == (0, True), said
    await here.start()
    await everybody_comes(here, tokens)
    await they_agree_and_book(here)
    await one_is_moved(here)
    await they_fall_quiet(here)
    await dana_announces(here)
    for who in (here.ben, here.cleo):
        assert repeated(who) == []
    said_in_telegram = Counter(
        (who.id, str(each.before[0].get("text")) if each.before else each.text)
        for who in (here.ana, here.dana)
        for each in who.screen
    )
    assert sum(said_in_telegram.values()) - len(said_in_telegram) <= here.kills + 2
    assert here.process.said().count("Traceback") == 0


def repeated(who: Person) -> list[object]:
    """Give the outbox's numbers that stand more than once on a screen in Slack."""
    carried = Counter(
        (number, payload["piece"])
        for each in who.screen
        if (payload := each.metadata.get("event_payload"))
        for number in payload["messages"]
    )
    return [number for number, count in carried.items() if count > 1]


async def everybody_comes(here: Town, tokens: dict[str, str]) -> None:
    """By link in Telegram, by e-mail address in Slack; nobody was written to before."""
    ana, ben, cleo, dana = here.ana, here.ben, here.cleo, here.dana
    for late, who in (("dana", dana), ("cleo", cleo)):
        if isinstance(who, botapi.Person):
            who.start(tokens[late])
        await here.reads(who, "Would you like to join?")
        await here.step(who, here.presses(who, "Yes, I'd like to"), "Is it right that you are in")
    await here.step(ana, lambda: ana.start(tokens["ana"]), "Would you like to join?")
    await here.step(ana, here.presses(ana, "Yes, I'd like to"), "Is it right that you are in")
    await here.reads(ben, "Would you like to join?")
    await here.step(ben, here.presses(ben, "Yes, I'd like to"), "Is it right that you are in")
    await here.step(ben, here.presses(ben, "Yes"), "When should I leave you in peace?")


async def they_agree_and_book(
    here: Town, look: Callable[[Message], Awaitable[object]] | None = None
) -> None:
    """She answers five questions, he reads them; she offers times, he takes some.

    `look` is shown what he is asked, once he has ticked.
    """
    ana, ben = here.ana, here.ben
    await here.pass_time(hours=3)
    await here.reads(ana, "How often")
    for label, reads in (
        ("Every two weeks", ""),
        ("By video", ""),
        ("Everything", ""),
        ("Busy, nothing more", ""),
        ("With a last meeting", ""),
    ):
        await ana.sees(lambda each, label=label: each.data(label) is not None, within=PATIENCE)  # type: ignore[misc]
        await here.step(ana, here.presses(ana, label), reads)
    await ben.sees(lambda each: "That suits me" in str(each.buttons), within=PATIENCE)
    await here.step(ben, here.presses(ben, "That suits me"), "")
    await here.toggles(ana, "Which of these would suit you?")
    await here.step(ana, here.presses(ana, "Done"), "I'll ask Ben")
    await here.ticks(ben, "Choose all that suit you")
    if look is not None:
        await look(await ben.sees("Choose all that suit you"))
    await here.step(ben, here.presses(ben, "Done"), "Booked with Ana")
    await here.reads(ana, "Booked with Ben")
    await ben.sees(lambda each: bool(each.file_names), within=PATIENCE)


async def one_is_moved(here: Town) -> None:
    """She asks in Telegram, he settles it in Slack."""
    ana, ben = here.ana, here.ben
    asked = await here.step(ana, lambda: ana.types("/meetings"), "Choose one to move it")
    assert isinstance(asked, botapi.Message)
    first = asked.buttons[0][0]
    await here.step(ana, here.presses(ana, first), "")
    await ana.sees(lambda each: each.data("Move it") is not None, within=PATIENCE)
    await here.step(ana, here.presses(ana, "Move it"), "")
    await here.toggles(ana, "Where would you like to move")
    await here.step(ana, here.presses(ana, "Done"), "")
    asked_ben = await here.reads(ben, "would like to move")
    assert isinstance(asked_ben, Message)
    await here.step(ben, here.presses(ben, asked_ben.buttons[0][0]), "Moved, with Ana")
    await here.reads(ana, "Moved, with Ben")


async def they_fall_quiet(here: Town) -> None:
    """Months go by: both read the words, then Cleo has them and answers."""
    ana, ben, cleo = here.ana, here.ben, here.cleo
    # Weeks later both read the words that would be sent; a week after that they are.
    for days in (56, 7):
        await here.pass_time(days=days)
        for who in (ana, ben):
            await here.reads(who, "I would write this to your supervisor")
    await cleo.sees(lambda each: "I'll get in touch" in str(each.buttons), within=PATIENCE)
    await here.step(cleo, here.presses(cleo, "I'll get in touch"), "")


async def dana_announces(here: Town) -> None:
    """She writes in Telegram; it is read in both apps."""
    dana = here.dana
    await here.step(dana, lambda: dana.types("announce"), "What would you like to tell them?")
    await here.step(dana, lambda: dana.types("We meet in the *library* <!channel>"), "To whom?")
    await here.step(dana, here.presses(dana, "Everyone"), "2 in Slack and 1 in Telegram")
    await here.step(dana, here.presses(dana, "Send it"), "On its way")
    for who in (here.ana, here.ben, here.cleo):
        await here.reads(who, "We meet in the *library* <!channel>")
