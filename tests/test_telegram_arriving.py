"""Updates on their way into the inbox: when Telegram was last heard, and what an outage is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from telegram import Bot

from bot.platforms import Event
from bot.platforms.telegram.arriving import PRESSES_KEPT, Arriving, listening_to
from tests.botapi import TOKEN

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
LONGER = PRESSES_KEPT + timedelta(seconds=1)


@dataclass
class Kept:
    """An inbox that shows what is in it, and whether Telegram counts as heard."""

    events: list[Event] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)

    async def receive(self, *events: Event, heard: str = "") -> None:
        """Keep it all."""
        self.events += events
        self.heard.append(heard)

    @property
    def outages(self) -> list[str]:
        """The outages that it was told of."""
        return [each.id for each in self.events if each.kind == "outage"]


async def nobody_came(_: Event) -> None:
    """Nobody presses start here."""


def life(kept: Kept, heard: datetime) -> Arriving:
    """Give what takes updates after an outage, as a start makes it."""
    came: Any = nobody_came
    return Arriving(Bot(TOKEN), listening_to(kept, lambda: heard + LONGER, heard), came)


def typed(number: int) -> dict[str, Any]:
    """Give somebody's words as Telegram brings them."""
    who = {"id": 5, "first_name": "Ana", "is_bot": False}
    message = {"message_id": number, "date": 1, "chat": {"id": 5, "type": "private"}, "from": who}
    return {"update_id": number, "message": message | {"text": "hello"}}


async def test_an_outage_is_told_of_behind_all_that_did_arrive() -> None:
    """What was answered by it is not asked once more."""
    kept = Kept()
    arriving = life(kept, MONDAY)
    await arriving.take([typed(1)], are_all=False)
    assert kept.outages == []
    await arriving.take([typed(2)], are_all=True)
    assert [each.kind for each in kept.events] == ["typed", "typed", "outage"]
    await arriving.take([], are_all=True)
    assert len(kept.outages) == 1


async def test_who_is_killed_while_catching_up_finds_the_outage_again() -> None:
    """Else the presses that were lost in it would never be asked for again."""
    kept = Kept()
    await life(kept, MONDAY).take([typed(1)], are_all=False)
    assert kept.heard == [""]
    again = life(kept, MONDAY)  # the database knows of nothing later
    await again.take([typed(2)], are_all=True)
    assert kept.heard == ["", "telegram"]
    assert len(kept.outages) == 1


async def test_what_comes_within_a_second_is_noted_once() -> None:
    """Telegram was heard, and no outage is as short as that."""
    kept, clock = Kept(), [MONDAY]
    listening = listening_to(kept, lambda: clock[0], MONDAY)
    for after in (0.0, 0.5, 1.0, 1.9, 2.0):
        clock[0] = MONDAY + timedelta(seconds=after)
        await listening.take([], are_all=True)
    assert kept.heard == ["telegram", "", "telegram", "", "telegram"]
