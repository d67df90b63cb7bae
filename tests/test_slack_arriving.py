"""Being called by Slack: who is listened to, and what is noted while nothing comes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from time import time

import httpx
import pytest
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette

from bot.platforms import Event, NotKept
from bot.platforms.slack.arriving import Arriving, be_called, route

SECRET = "the secret of our app"
WORDS = b"command=/comentor&team_id=T1&user_id=U1&text=&trigger_id=1.2"


class Ears:
    """Counts how often something was noted, and can keep nothing."""

    def __init__(self) -> None:
        """Nothing was noted yet."""
        self.within = ""
        self.noted: list[list[Event]] = []
        self.is_noted = asyncio.Event()

    async def take(self, events: list[Event], *, are_all: bool) -> None:
        """Note it. Raises NotKept."""
        assert are_all
        self.noted.append(events)
        self.is_noted.set()
        raise NotKept("the database cannot be used")


async def nothing(_: object) -> None:
    """Nobody asks for that here."""


async def as_it_came(event: Event) -> Event:
    """Look nothing up."""
    return event


async def said(_: str) -> str:
    """Nobody reads it."""
    return ""


def arriving(ears: Ears, secret: str) -> Arriving:
    """Give the requests of an app with a secret."""
    return Arriving(ears, secret, said, said, nothing, nothing, as_it_came)


async def answered(ears: Ears, body: bytes, headers: Mapping[str, str]) -> httpx.Response:
    """Call the app's address, and give what it answers."""
    site = httpx.ASGITransport(Starlette(routes=[route(arriving(ears, SECRET), "/slack/1")]))
    async with httpx.AsyncClient(transport=site, base_url="http://here") as client:
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        return await client.post("/slack/1", content=body, headers=raw)


def signed(body: bytes, made: str) -> dict[str, str]:
    """Give the headers that Slack would send with a body that it made at a time."""
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=made, body=body)
    return {"X-Slack-Request-Timestamp": made, "X-Slack-Signature": signature or ""}


def test_nothing_is_called_that_anybody_could_sign_for() -> None:
    """An app without a signing secret has no address."""
    with pytest.raises(ValueError, match="signing secret"):
        route(arriving(Ears(), ""), "/slack/1")


async def test_what_slack_signed_is_kept_before_it_is_answered() -> None:
    """Here nothing can be kept, so it is to be brought again."""
    ears = Ears()
    answer = await answered(ears, WORDS, signed(WORDS, str(int(time()))))
    assert answer.status_code == 503
    assert [event.body for [event] in ears.noted] == [{"text": "/help"}]


@pytest.mark.parametrize(
    "wrong",
    [
        {"X-Slack-Request-Timestamp": ""},
        {"X-Slack-Request-Timestamp": "soon"},
        {"X-Slack-Signature": ""},
        {"X-Slack-Signature": "v0=é"},
        {"X-Slack-Signature": f"v0={'0' * 64}"},
    ],
)
async def test_what_slack_did_not_sign_is_refused(wrong: dict[str, str]) -> None:
    """Whoever calls without the secret reads 401, and nothing is kept."""
    ears = Ears()
    answer = await answered(ears, WORDS, signed(WORDS, str(int(time()))) | wrong)
    assert (answer.status_code, ears.noted) == (401, [])


@pytest.mark.parametrize("seconds", [-310, 310])
async def test_what_slack_signed_at_another_time_is_refused(seconds: int) -> None:
    """It may have been caught on its way, and more than five minutes are too many."""
    ears = Ears()
    answer = await answered(ears, WORDS, signed(WORDS, str(int(time()) + seconds)))
    assert (answer.status_code, ears.noted) == (401, [])


async def test_a_signature_is_for_one_body_alone() -> None:
    """Who caught it cannot put other words under it."""
    ears = Ears()
    answer = await answered(ears, WORDS, signed(WORDS + b"&", str(int(time()))))
    assert (answer.status_code, ears.noted) == (401, [])


@pytest.mark.parametrize("body", [b"{", b"payload=[1]", b"payload={"])
async def test_what_is_signed_and_cannot_be_read_is_refused_as_such(body: bytes) -> None:
    """It is none of Slack's forms, however it was signed."""
    ears = Ears()
    answer = await answered(ears, body, signed(body, str(int(time()))))
    assert (answer.status_code, ears.noted) == (400, [])


async def test_slack_may_look_at_our_certificate_unsigned() -> None:
    """It is answered well, and of what else stands beside it nothing is kept."""
    ears = Ears()
    answer = await answered(ears, b"ssl_check=1&" + WORDS, {})
    assert (answer.status_code, ears.noted) == (200, [])


async def test_a_server_that_slack_can_call_says_so_while_nobody_writes() -> None:
    """Else the first word after six quiet minutes would count as the end of an outage."""
    ears = Ears()
    task = asyncio.create_task(be_called(arriving(ears, SECRET)))
    async with asyncio.timeout(5):
        await ears.is_noted.wait()
    await asyncio.sleep(0)
    assert not task.done()
    assert ears.noted == [[]]
    task.cancel()
