"""A mentee from the link to three meetings, a reflection, a check-in and a pause, through kills.

The process is killed (-9) at a random moment of a step and started again. Nothing is lost;
nothing is said twice but, at most, the one message that was in flight at each kill.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from itertools import cycle
from random import Random

from tests.botapi import BotApi, Message, Person
from tests.telegram.process import PATIENCE, Process

LONGEST_BEFORE_A_KILL = 0.4
"""Seconds: from before the update is read to after all is sent."""


class Journey:
    """Ana and Ben with their phones, and a process that does not live long."""

    def __init__(self, api: BotApi, process: Process, seed: int) -> None:
        """Nobody has come yet."""
        self.process = process
        # Every step on SQLite; on PostgreSQL, where a start does the same, some: it takes seconds.
        self.kills_at = cycle((True, False, False) if "postgresql" in process.url else (True,))
        self.chance = Random(seed)
        self.kills = 0
        self.ana, self.ben = api.person(1001, "Ana"), api.person(1002, "Ben")

    async def step(self, who: Person, does: Callable[[], object], reads: str) -> Message:
        """Let somebody do something, perhaps with a kill and a start; they read the answer."""
        before = len(who.screen)
        does()
        if next(self.kills_at):
            await asyncio.sleep(self.chance.uniform(0, LONGEST_BEFORE_A_KILL))
            await self.process.kill()
            self.kills += 1
            await self.process.start()
        return await self.reads(who, reads, before)

    async def reads(self, who: Person, words: str, before: int = 0) -> Message:
        """Wait until somebody has something new with these words."""
        return await who.sees(
            lambda each: words in each.text and each in who.screen[before:], within=PATIENCE
        )

    def presses(self, who: Person, label: str) -> Callable[[], object]:
        """Press a button of the newest message that bears it."""
        return lambda: who.presses(asking(who, label), label)


def asking(who: Person, label: str) -> Message:
    """Give the newest message on a screen that bears a button."""
    return next(each for each in reversed(who.screen) if each.data(label) is not None)


async def test_a_mentee_goes_all_the_way_through_kills(api: BotApi, process: Process) -> None:
    """What a power cut or a new version does at any moment costs nobody anything."""
    tokens = await process.hand_out()
    await process.start()
    it = Journey(api, process, seed=11)
    ana, ben = it.ana, it.ben
    await it.step(ana, lambda: ana.start(tokens["ana"]), "Would you like to join?")
    await it.step(ana, it.presses(ana, "Yes, I'd like to"), "Is it right that you are in Madrid")
    await it.step(ana, it.presses(ana, "Yes"), "When should I leave you in peace?")
    ben.start(tokens["ben"])
    await it.reads(ben, "Would you like to join?")
    await it.step(ben, it.presses(ben, "Yes, I'd like to"), "Is it right that you are in London")
    await books_three(it)
    await it.step(ana, lambda: ana.types("/goals"), "You have not written down any goals.")
    await it.step(ana, it.presses(ana, "Write one"), "in your own words")
    await it.step(ana, lambda: ana.types("to ask for what I need"), "Is there a second one?")
    await it.step(ana, lambda: ana.types("/check_in"), "How is this going?")
    await it.step(ana, it.presses(ana, "It's moving"), "")
    await it.step(ana, lambda: ana.types("/reflect"), "?")
    await it.step(ana, it.presses(ana, "Keep for our meeting"), "")
    await it.step(ana, lambda: ana.types("/pause"), "For how long shall I leave you in peace?")
    await it.step(ana, it.presses(ana, "One week"), "Paused until")
    await it.reads(ben, "Ana has paused until")
    settled = asking_once(ana, "For how long shall I leave you in peace?")
    await ana.sees(lambda each: each is settled and "✓ One week" in each.text, within=PATIENCE)
    assert settled.buttons == []
    said = Counter((who.id, as_asked(each)) for who in (ana, ben) for each in who.screen)
    assert sum(said.values()) - len(said) <= it.kills
    assert process.said().count("Traceback") == 0


async def books_three(it: Journey) -> None:
    """She offers times, he takes three of them, and both have files for their calendars."""
    ana, ben = it.ana, it.ben
    await it.step(ana, lambda: ana.types("/book"), "Which of these would suit you?")
    await toggles(it, ana, "Which of these would suit you?")
    await it.step(ana, it.presses(ana, "Done"), "I'll ask Ben")
    await it.reads(ben, "Choose all that suit you")
    await toggles(it, ben, "Choose all that suit you")
    await it.step(ben, it.presses(ben, "Done"), "Booked with Ana")
    for who in (ana, ben):
        booked = await it.reads(who, "Booked with")
        assert booked.text.count(":00") + booked.text.count(":30") >= 3
        files = {each.document_name for each in who.screen if each.document_name}
        assert len(files) == 3
    assert ana.api.counts.requests["sendMediaGroup"] >= 2
    assert ana.api.counts.requests["sendDocument"] == 0


async def toggles(it: Journey, who: Person, words: str) -> None:
    """Switch on the first, the fourth and the seventh time, or all of fewer than that."""
    asked = await it.reads(who, words)
    times = [row[0] for row in asked.buttons[:-1]]
    for label in times[::3] if len(times) > 3 else times:
        who.presses(asked, label)
        await who.sees(lambda each, on=f"✓ {label}": each.data(on) is not None, within=PATIENCE)  # type: ignore[misc]


def asking_once(who: Person, words: str) -> Message:
    """Give the newest message on a screen with these words."""
    return next(each for each in reversed(who.screen) if words in each.text)


def as_asked(message: Message) -> str:
    """Give what a message said before anything was answered."""
    return str(message.before[0].get("text")) if message.before else message.text
