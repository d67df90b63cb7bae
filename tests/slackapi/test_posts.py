"""Deliveries over HTTP: what is signed, what is tried again, and what is not."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl

from aiohttp import web
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from tests.slackapi import Person, SlackApi, Workspace
from tests.slackapi.conftest import Program
from tests.slackapi.test_slackapi import BOOK


async def test_what_comes_is_signed(
    api: SlackApi, river: Workspace, ben: Person, program: Program
) -> None:
    """Slack's own verifier believes it, unless it is old."""
    ben.types("hello")
    await api.delivered()
    [(headers, body)] = program.got
    verifier = SignatureVerifier(river.app.signing_secret)
    assert verifier.is_valid_request(body, headers)
    assert not verifier.is_valid_request(body + " ", headers)
    api.courier.posts.signed_seconds_off = -301
    ben.types("again")
    await api.delivered()
    headers, body = program.got[-1]
    assert not verifier.is_valid_request(body, headers)
    [first, _] = program.events()
    assert first["event"]["text"] == "hello"
    assert first["authorizations"][0]["user_id"] == river.bot_user


async def test_an_event_comes_again(api: SlackApi, ben: Person, program: Program) -> None:
    """At once, after a minute, after five, each saying which try it is and why."""
    api.courier.haste = 10_000
    program.answers = [web.Response(status=500), web.Response(status=302)]
    ben.types("hello")
    await api.delivered()
    retries = [headers.get("X-Slack-Retry-Num") for headers, _ in program.got]
    assert retries == [None, "1", "2"]
    assert program.got[1][0]["X-Slack-Retry-Reason"] == "http_error"
    assert len({each["event_id"] for each in program.events()}) == 1
    assert [each.status for each in api.courier.history[0].tries] == [500, 302, 200]


async def test_a_late_answer_is_none(api: SlackApi, ben: Person, program: Program) -> None:
    """After three seconds the event is sent anew, and given up in the end."""
    api.courier.haste, api.courier.patience = 10_000, 0.02
    program.slow = 0.2
    ben.types("hello")
    await api.delivered()
    [delivery] = api.courier.history
    reasons = [each.reason for each in delivery.tries]
    assert (delivery.taken, reasons) == (False, ["http_timeout"] * 4)


async def test_a_program_may_ask_for_no_other_try(
    api: SlackApi, ben: Person, program: Program
) -> None:
    """A header says so."""
    program.answers = [web.Response(status=500, headers={"X-Slack-No-Retry": "1"})]
    ben.types("hello")
    await api.delivered()
    assert len(program.got) == 1


async def test_presses_and_commands_come_once_in_forms(
    api: SlackApi, client: AsyncWebClient, ben: Person, program: Program
) -> None:
    """Whoever pressed sees that it failed; what a command answers is kept."""
    api.echo = False
    await client.chat_postMessage(channel=ben.dm.id, text="Which day?", blocks=[BOOK])
    program.answers = [web.Response(status=500), web.json_response({"text": "Two meetings"})]
    pressed = ben.presses(ben.last, "Thursday")
    await api.delivered()
    assert (pressed.taken, [each.status for each in pressed.tries]) == (False, [500])
    asked = ben.commands("/comentor", "meetings")
    assert await asked.answered() == {"text": "Two meetings"}
    press, command = (dict(parse_qsl(body)) for _, body in program.got)
    assert json.loads(press["payload"])["type"] == "block_actions"
    assert (command["command"], command["text"]) == ("/comentor", "meetings")


async def test_an_address_is_verified(river: Workspace, program: Program) -> None:
    """It must say what it was told."""
    assert not await river.app.verifies()
    program.answers = [web.Response(text="3eZbrw1aB10")]
    assert await river.app.verifies()


async def test_nothing_leaves_this_machine(api: SlackApi, river: Workspace, ben: Person) -> None:
    """An address elsewhere is never called."""
    river.app.listens("https://comentor.example/slack/events")
    api.courier.retries = ()
    ben.types("hello")
    await api.delivered()
    assert api.courier.history[0].tries[0].reason == "connection_failed"


async def test_an_answer_may_be_nonsense(api: SlackApi, ben: Person, program: Program) -> None:
    """What says that it is JSON, and is none, is an answer all the same."""
    program.answers = [web.Response(text="{", content_type="application/json")]
    ben.types("hello")
    await api.delivered()
    assert api.courier.history[0].taken
