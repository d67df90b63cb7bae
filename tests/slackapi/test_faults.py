"""What goes wrong on a network, played when asked for: faults, disorder, and the pace."""

from __future__ import annotations

import asyncio
import json

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient

from tests.slackapi import Delivery, Kind, Pacing, Person, SlackApi, Try, Workspace
from tests.slackapi.refusals import Refused

FAILURES = (
    SlackApiError,
    SlackRequestError,
    aiohttp.ClientError,
    TimeoutError,
    json.JSONDecodeError,
)


@pytest.mark.parametrize(
    ("kind", "arrived"),
    [
        ("refuse", 0),
        ("page", 0),
        ("never", 0),
        ("hang", 0),
        ("slow", 1),
        ("lost", 1),
        ("mute", 1),
        ("half", 1),
    ],
)
async def test_a_fault_is_played_once(
    api: SlackApi, client: AsyncWebClient, ben: Person, kind: Kind, arrived: int
) -> None:
    """Whether the message arrived is another thing than whether the bot learns of it."""
    api.fault("chat.postMessage", kind, status=503, seconds=0.5)
    with pytest.raises(FAILURES):
        async with asyncio.timeout(0.2):  # the client's own counts for nothing with our session
            await client.chat_postMessage(channel=ben.dm.id, text="first")
    await client.chat_postMessage(channel=ben.dm.id, text="second")
    assert [each.text for each in ben.screen] == ["first", "second"][1 - arrived :]
    assert api.faults.played == 1


async def test_faults_have_a_name_and_an_aim(
    api: SlackApi, client: AsyncWebClient, ben: Person, river: Workspace
) -> None:
    """One channel's sends may fail while another's pass; some fail by chance."""
    ana = river.person("Ana Ruiz")
    api.fault("chat.postMessage", retry_after=7, channel=ben.dm.id)
    api.fault("*", error="fatal_error", channel=ben.dm.id)
    await client.chat_postMessage(channel=ana.dm.id, text="hello")
    with pytest.raises(SlackApiError, match="ratelimited") as refused:
        await client.chat_postMessage(channel=ben.dm.id, text="hello")
    told = refused.value.response
    assert (told.status_code, told.headers["Retry-After"]) == (429, "7")
    with pytest.raises(SlackApiError, match="fatal_error"):
        await client.chat_postMessage(channel=ben.dm.id, text="hello")
    api.fault("auth.test", chance=0.5, times=1000)
    failed = 0
    for _ in range(50):
        try:
            await client.auth_test()
        except SlackApiError:
            failed += 1
    assert 10 < failed < 40


async def test_an_upload_fails_amid_its_steps(
    api: SlackApi, client: AsyncWebClient, ben: Person
) -> None:
    """The bytes may be lost on their way, and nothing is seen of them."""
    kinds: tuple[Kind, ...] = ("page", "lost")
    for kind in kinds:
        api.fault("upload", kind)
        with pytest.raises(FAILURES):
            await client.files_upload_v2(channel=ben.dm.id, content="a", filename="m.ics")
    assert ben.messages == []
    await client.files_upload_v2(channel=ben.dm.id, content="a", filename="m.ics")
    assert ben.last.file_names == ["m.ics"]


async def test_the_pace_is_held(
    api: SlackApi, client: AsyncWebClient, ben: Person, river: Workspace
) -> None:
    """A message a second per channel, so many a minute per workspace, a tier per method."""
    now = 100.0
    api.pacing = Pacing(per_workspace=2, tiers={4: 1}, clock=lambda: now)
    ana = river.person("Ana Ruiz")
    await client.chat_postMessage(channel=ben.dm.id, text="one")
    with pytest.raises(SlackApiError, match="ratelimited"):
        await client.chat_postMessage(channel=ben.dm.id, text="two")
    await client.chat_postMessage(channel=ana.dm.id, text="one")
    now = 101.5
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel=ben.dm.id, text="two")
    assert refused.value.response.headers["Retry-After"] == "59"
    await client.users_info(user=ben.id)
    with pytest.raises(SlackApiError, match="ratelimited"):
        await client.users_info(user=ben.id)
    assert (api.pacing.refused, api.counts.refusals["ratelimited"]) == (3, 3)
    assert len(api.counts.sends) == 2


def test_each_workspace_has_its_own_pace() -> None:
    """One that is busy does not slow another."""
    pacing = Pacing(per_workspace=1, clock=lambda: 100.0)
    pacing.admit("chat.postMessage", "T1", "D1")
    pacing.admit("chat.postMessage", "T2", "D1")
    with pytest.raises(Refused, match="ratelimited"):
        pacing.admit("chat.postMessage", "T1", "D2")


async def test_events_come_in_another_order(
    api: SlackApi, ben: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is held back goes out the other way round."""
    api.courier.retries = ()
    program: list[Delivery] = []

    async def offer(delivery: Delivery, *_: object) -> Try:
        program.append(delivery)
        return Try(0, True, 0.0)

    monkeypatch.setattr(api.courier, "_try", offer)
    with api.courier.reordered():
        ben.types("one")
        ben.types("two")
    await api.delivered()
    texts = [each.payload["event"]["text"] for each in program]
    assert texts == ["two", "one"]
