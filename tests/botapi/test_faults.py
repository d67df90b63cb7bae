"""What goes wrong on a network, played when asked for: faults, strange updates, and the pace."""

from __future__ import annotations

import pytest
from telegram import Bot
from telegram.error import (
    Conflict,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from tests.botapi import BotApi, Kind, Pacing, Person
from tests.botapi.refusals import Refused


@pytest.mark.parametrize(
    ("kind", "error", "arrived"),
    [
        ("refuse", NetworkError, 0),
        ("page", NetworkError, 0),
        ("hang", TimedOut, 0),
        ("drop", NetworkError, 0),
        ("mute", TimedOut, 1),
        ("lost", NetworkError, 1),
        ("half", NetworkError, 1),
    ],
)
async def test_a_fault_is_played_once(
    api: BotApi, bot: Bot, ana: Person, kind: Kind, error: type[TelegramError], arrived: int
) -> None:
    """Whether the message arrived is another thing than whether the bot learns of it."""
    api.fault("sendMessage", kind, status=502)
    with pytest.raises(error):
        await bot.send_message(5, "first", read_timeout=0.3)
    await bot.send_message(5, "second")
    assert [each.text for each in ana.screen] == ["first", "second"][1 - arrived :]


async def test_faults_have_a_code_and_an_aim(api: BotApi, bot: Bot) -> None:
    """One person's sends may fail while another's pass."""
    for number in (5, 6):
        api.person(number, "Ben").start()
    api.fault("sendMessage", status=429, retry_after=3, chat=5)
    api.fault("*", status=403, description="Forbidden: bot was blocked by the user", chat=5)
    api.fault("getUpdates", status=409)
    await bot.send_message(6, "hello")
    with pytest.raises(RetryAfter):
        await bot.send_message(5, "hello")
    with pytest.raises(Forbidden):
        await bot.send_message(5, "hello")
    with pytest.raises(Conflict):
        await bot.get_updates()
    assert api.faults.waiting == []


async def test_updates_come_wrongly(api: BotApi, bot: Bot, ana: Person) -> None:
    """Twice, in another order, long after, with a jump of ids, enormous, or not to be read."""
    api.updates.repeat_next()
    first = ana.types("one")
    with api.updates.reordered():
        ana.types("two")
        ana.types("three")
    api.updates.next_id = 50_000
    ana.sends_what_nobody_knows()
    ana.sends_a_megabyte()
    texts = [each.message.text for each in await bot.get_updates() if each.message]
    assert [text and text[:5] for text in texts] == ["one", "one", "three", "two", None, "aaaaa"]
    assert await bot.get_updates(offset=50_002) == ()
    api.updates.replay({"update_id": 1001})
    (again,) = await bot.get_updates(offset=50_002)
    assert again.message is not None
    assert again.message.message_id == first.id
    assert await bot.get_updates(offset=50_002) == ()


async def test_the_pace_is_held(api: BotApi, bot: Bot, ana: Person) -> None:
    """One a second to one chat, so many over all; a refused send is not seen."""
    now = 100.0
    api.pacing = Pacing(over_all=2, clock=lambda: now)
    for number in (6, 7):
        api.person(number, "Ben").start()
    await bot.send_message(5, "one")
    with pytest.raises(RetryAfter):
        await bot.send_message(5, "two")
    await bot.send_message(6, "one")
    with pytest.raises(RetryAfter):
        await bot.send_message(7, "one")
    now = 101.0
    await bot.send_message(7, "one")
    await bot.send_message(5, "two")
    assert [each.text for each in ana.screen] == ["one", "two"]
    assert (api.pacing.refused, api.counts.refusals, len(api.counts.sends)) == (2, {429: 2}, 4)


def test_a_refusal_may_last() -> None:
    """Who keeps sending while told to wait waits longer; a short burst may be let through."""
    now = 100.0
    pacing = Pacing(burst=2, lasting=True, clock=lambda: now)
    pacing.admit(5)
    pacing.admit(5)
    with pytest.raises(Refused) as refused:
        pacing.admit(5)
    assert refused.value.parameters == {"retry_after": 2}
    now = 101.5
    with pytest.raises(Refused):
        pacing.admit(6)
    now = 102.4
    with pytest.raises(Refused):
        pacing.admit(6)
    now = 103.4
    pacing.admit(6)
    pacing.admit(5)


def test_a_group_has_its_minute() -> None:
    """Twenty messages a minute go to one group, however fast."""
    now = 100.0
    pacing = Pacing(clock=lambda: now)
    for _ in range(20):
        pacing.admit(-7)
    now = 159.0
    with pytest.raises(Refused):
        pacing.admit(-7)
    now = 160.0
    pacing.admit(-7)
