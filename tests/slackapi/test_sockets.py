"""Socket Mode: Slack's own client holds the connection, and the connection misbehaves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from tests.slackapi import Person, SlackApi, Workspace
from tests.slackapi.conftest import client_of
from tests.slackapi.test_slackapi import BOOK

Listener = Callable[[AsyncBaseSocketModeClient, SocketModeRequest], Coroutine[Any, Any, None]]


class Program:
    """What a program does with a connection: it keeps what came, and acknowledges it."""

    def __init__(self, client: SocketModeClient) -> None:
        self.client = client
        self.got: list[SocketModeRequest] = []
        self.deaf = False
        self.says: dict[str, Any] | None = None
        client.socket_mode_request_listeners.append(self.take)

    async def take(self, client: AsyncBaseSocketModeClient, asked: SocketModeRequest) -> None:
        """Take one envelope."""
        self.got.append(asked)
        if not self.deaf:
            response = SocketModeResponse(asked.envelope_id, self.says)
            await client.send_socket_mode_response(response)

    @property
    def texts(self) -> list[str]:
        """The words that came, in order."""
        return [each.payload["event"]["text"] for each in self.got]


@asynccontextmanager
async def running(api: SlackApi, river: Workspace) -> AsyncIterator[Program]:
    """A program with one connection; its library's own session is closed with it."""
    async with aiohttp.ClientSession() as session:
        web = client_of(api, session, river.token)
        client = SocketModeClient(river.app.app_token, web_client=web, ping_interval=0.2)
        program = Program(client)
        number = len(api.courier.sockets.of(river.app))
        await client.connect()  # type: ignore[no-untyped-call]
        try:
            await api.connected(river.app, number + 1)
            yield program
        finally:
            await client.close()  # type: ignore[no-untyped-call]


@pytest.fixture
async def program(api: SlackApi, river: Workspace) -> AsyncIterator[Program]:
    """The program, connected."""
    async with running(api, river) as program:
        yield program


async def test_words_and_presses_come_by_the_socket(
    api: SlackApi, program: Program, client: AsyncWebClient, ben: Person
) -> None:
    """Each deed has its envelope; a press brings what it was pressed on."""
    await client.chat_postMessage(channel=ben.dm.id, text="Which day?", blocks=[BOOK])
    ben.types("hello")
    await ben.presses(ben.last, "Thurs").answered()
    await ben.commands("/comentor", "meetings").answered()
    await ben.opens_home().answered()
    await api.delivered()
    kinds = {each.type for each in program.got}
    assert kinds == {"events_api", "interactive", "slash_commands"}
    [press] = [each.payload for each in program.got if each.type == "interactive"]
    assert press["actions"][0]["value"] == "thu"
    assert press["message"]["ts"] == ben.last.ts
    assert press["trigger_id"]


async def test_an_acknowledgement_may_carry_an_answer(
    program: Program, client: AsyncWebClient, ben: Person
) -> None:
    """A modal stays open with an error, or is exchanged for another."""
    plain = {"type": "plain_text", "text": "Goal"}
    goal = {"type": "plain_text_input", "action_id": "goal"}
    field = {"type": "input", "block_id": "goal", "label": plain, "element": goal}
    view = {"type": "modal", "title": plain, "submit": plain, "blocks": [field]}
    await client.views_open(trigger_id=ben.workspace.trigger(ben.id), view=view)
    program.says = {"response_action": "errors", "errors": {"goal": "Say more"}}
    assert await ben.submits(ben.views[-1], {"Goal": "Speak up"}) == program.says
    said = program.got[-1].payload["view"]["state"]["values"]["goal"]["goal"]["value"]
    assert (said, len(ben.views)) == ("Speak up", 1)
    program.says = {"response_action": "update", "view": view | {"blocks": []}}
    await ben.submits(ben.views[-1])
    assert ben.views[-1].blocks == []
    program.says = None
    await ben.submits(ben.views[-1])
    assert ben.views == []


async def test_what_is_not_acknowledged_comes_again(
    api: SlackApi, program: Program, client: AsyncWebClient, ben: Person
) -> None:
    """An event with the same id in another envelope; a press never."""
    api.courier.patience = 0.05
    api.courier.retries = (0.0, 0.01)
    api.echo = False
    program.deaf = True
    await client.chat_postMessage(channel=ben.dm.id, text="Which day?", blocks=[BOOK])
    ben.types("hello")
    await api.delivered()
    assert [each.retry_attempt for each in program.got] == [0, 1, 2]
    assert len({each.payload["event_id"] for each in program.got}) == 1
    assert len({each.envelope_id for each in program.got}) == 3
    pressed = ben.presses(ben.last, "Thursday")
    await api.delivered()
    assert (len(program.got), pressed.taken) == (4, False)


async def test_each_envelope_goes_to_one_connection(
    api: SlackApi, river: Workspace, program: Program, ben: Person
) -> None:
    """Two connections share what comes."""
    async with running(api, river) as other:
        for word in ("one", "two", "three", "four"):
            ben.types(word)
        await api.delivered()
        assert sorted(program.texts + other.texts) == ["four", "one", "three", "two"]
        assert len(program.got) == len(other.got) == 2


async def test_a_silent_connection_keeps_what_it_is_given(
    api: SlackApi, river: Workspace, program: Program, ben: Person
) -> None:
    """It answers pings and delivers nothing; an event comes later through another."""
    api.courier.patience = 0.05
    api.courier.retries = (0.0, 0.01, 0.01)
    async with running(api, river) as other:
        [first, _] = api.courier.sockets.of(river.app)
        first.silent = "deaf"
        ben.types("one")
        ben.types("two")
        await api.delivered()
        assert program.got == []
        assert sorted(other.texts) == ["one", "two"]


async def test_a_new_connection_may_say_nothing_more(
    api: SlackApi, river: Workspace, ben: Person
) -> None:
    """It says hello, answers pings, and delivers nothing."""
    api.courier.patience, api.courier.retries = 0.02, ()
    api.courier.sockets.newcomers = "deaf"
    async with running(api, river) as program:
        ben.types("hello")
        await api.delivered()
        [connection] = api.courier.sockets.of(river.app)
        assert (program.got, connection.pings > 0) == ([], True)


async def test_a_dead_connection_is_noticed(api: SlackApi, river: Workspace, ben: Person) -> None:
    """Without answers to its pings the client connects anew."""
    async with running(api, river) as program:
        [first] = api.courier.sockets.of(river.app)
        first.silent = "dead"
        await api.state.until(lambda: api.courier.sockets.opened > 1 or None)
        await api.state.until(lambda: first not in api.courier.sockets.open or None)
        ben.types("hello")
        await api.delivered()
        assert program.texts == ["hello"]


@pytest.mark.parametrize("reason", ["refresh_requested", "warning", ""])
async def test_a_connection_ends_and_another_begins(
    api: SlackApi, river: Workspace, program: Program, ben: Person, reason: str
) -> None:
    """With a word of farewell, or without."""
    [first] = api.courier.sockets.of(river.app)
    if reason:
        await first.disconnects(reason)
    else:
        first.breaks()
    await api.state.until(lambda: api.courier.sockets.opened > 1 or None)
    await api.connected(river.app)
    ben.types("hello")
    await api.delivered()
    assert program.texts == ["hello"]


async def test_every_envelope_may_come_twice(api: SlackApi, program: Program, ben: Person) -> None:
    """The same envelope again, or the same event in two."""
    api.courier.sockets.duplicate = True
    ben.types("one")
    await api.delivered()
    await asyncio.sleep(0.05)
    assert program.texts == ["one", "one"]
    api.courier.sockets.duplicate = False
    api.courier.repeated = 1
    ben.types("two")
    await api.delivered()
    await asyncio.sleep(0.05)
    assert program.texts[2:] == ["two", "two"]
