"""A pause that Slack asks for is for one method in one workspace, and that alone keeps it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from bot.platforms import NotNow
from bot.platforms.slack.calls import Client, NotTaken, call, heeding, open_session
from tests.slackapi import Person, SlackApi, Workspace

HOME = {"type": "home", "blocks": []}


@dataclass(frozen=True)
class Places:
    """A local Slack, and who speaks in two workspaces of it."""

    api: SlackApi
    river: Workspace
    hill: Workspace
    here: Client
    there: Client

    def asked(self, method: str) -> int:
        """Give how often Slack was asked for a method so far."""
        return self.api.counts.requests[method]


@pytest.fixture
async def places() -> AsyncIterator[Places]:
    """Two workspaces, and a client in each."""
    async with SlackApi() as api, open_session(4) as session:
        river, hill = api.workspace("Riverside"), api.workspace("Hillside")
        here, there = (Client(each.token, api.base_url, session) for each in (river, hill))
        yield Places(api, river, hill, here, there)


async def told_to_wait(work: Callable[[], Awaitable[Any]]) -> NotNow:
    """Have something refused for now, and give with what."""
    with pytest.raises(NotNow) as told:
        await heeding(work)
    return told.value


async def test_a_method_that_is_to_wait_is_not_asked_for_before_its_time(places: Places) -> None:
    """Every request in between would count, and be in vain."""
    places.api.fault("auth.test", retry_after=1)
    first = await told_to_wait(places.here.auth_test)
    again = await told_to_wait(places.here.auth_test)
    assert first.after == timedelta(seconds=1)
    assert again.after is not None
    assert timedelta(0) < again.after <= timedelta(seconds=1)
    assert places.asked("auth.test") == 1


async def test_it_is_asked_for_as_soon_as_the_time_is_over(places: Places) -> None:
    """Who waits as long as was said is not refused for a few milliseconds between two clocks."""
    places.api.fault("auth.test", retry_after=0)
    await told_to_wait(places.here.auth_test)
    assert (await places.here.auth_test())["ok"]


def asks(client: Client, method: str, person: Person) -> Callable[[], Awaitable[Any]]:
    """Give a call of a method that goes well; some of the SDK's, some by name."""
    return {
        "views.publish": lambda: client.views_publish(user_id=person.id, view=HOME),
        "conversations.open": lambda: client.conversations_open(users=person.id),
        "users.info": lambda: client.users_info(user=person.id),
        "users.lookupByEmail": lambda: client.users_lookupByEmail(email=person.email),
        "bots.info": lambda: client.api_call("bots.info", json={}),
        "files.getUploadURLExternal": lambda: client.files_getUploadURLExternal(
            filename="a.ics", length=3
        ),
    }[method]


@pytest.mark.parametrize(
    "method",
    [
        *("views.publish", "conversations.open", "users.info", "users.lookupByEmail"),
        *("bots.info", "files.getUploadURLExternal"),
    ],
)
async def test_other_methods_and_workspaces_go_on(places: Places, method: str) -> None:
    """It is nobody else's pause, and sending goes on too."""
    ana, eve = (each.person("Ana", email="ana@a.example") for each in (places.river, places.hill))
    places.api.fault(method, retry_after=60)
    for _ in range(2):
        told = await told_to_wait(asks(places.here, method, ana))
        assert not told.is_for_all
    assert places.asked(method) == 1
    await call(places.here, "chat.postMessage", channel=ana.id, text="hello")
    await places.here.auth_test()
    await asks(places.there, method, eve)()
    assert places.asked(method) == 2


async def test_a_pause_in_sending_is_for_all_that_is_sent(places: Places) -> None:
    """It is what the courier keeps to, over a restart as well."""
    ana, ben = places.river.person("Ana"), places.river.person("Ben")
    places.api.fault("chat.postMessage", retry_after=60)
    told = await told_to_wait(
        lambda: call(places.here, "chat.postMessage", channel=ana.id, text="hello")
    )
    assert told.is_for_all
    told = await told_to_wait(
        lambda: call(places.here, "chat.postMessage", channel=ben.id, text="hello")
    )
    assert told.is_for_all
    assert ben.screen == []


async def test_a_scope_that_is_missing_for_one_method_is_not_for_all(places: Places) -> None:
    """Whoever waits for no file is not to wait for the right to send one."""
    places.river.scopes -= {"files:write"}
    told = await told_to_wait(
        lambda: places.here.files_getUploadURLExternal(filename="a.ics", length=3)
    )
    assert isinstance(told, NotTaken)
    assert not told.is_for_all
