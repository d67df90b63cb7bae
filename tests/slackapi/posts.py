"""Delivers over HTTP: signed requests to the addresses that an app has named."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import aiohttp

from tests.botapi.webhook import is_here
from tests.slackapi.deliveries import Delivery, Try
from tests.slackapi.payloads import VERIFICATION
from tests.slackapi.state import State

if TYPE_CHECKING:
    from tests.slackapi.workspaces import App

REASONS = {"timeout": "http_timeout", "error": "http_error", "connection": "connection_failed"}
"""X-Slack-Retry-Reason: docs.slack.dev/apis/events-api#retries."""


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Sign as docs.slack.dev/authentication/verifying-requests-from-slack says."""
    base = b":".join((b"v0", timestamp.encode(), body))
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class Posts:
    """One pool of connections to programs on this machine."""

    def __init__(self, state: State) -> None:
        self.sent = 0
        self.connections = 200
        """How many may be open at the same time."""
        self.signed_seconds_off = 0.0
        """How far the timestamps are from the clock; programs refuse what is five minutes old."""
        self._state = state
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def verify(self, app: App) -> bool:
        """Send url_verification, as when an address is typed into the app's settings."""
        body = {"token": VERIFICATION, "challenge": "3eZbrw1aB10", "type": "url_verification"}
        tried = await self.post(app, app.urls["events_api"], body, {}, 3.0)
        said = tried.body["challenge"] if isinstance(tried.body, dict) else tried.body
        return tried.taken and said == body["challenge"]

    async def offer(self, delivery: Delivery, number: int, reason: str, patience: float) -> Try:
        """Send it once."""
        retried = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}
        url = delivery.app.urls.get(delivery.sort, "")
        tried = await self.post(
            delivery.app, url, body_of(delivery), retried if number else {}, patience
        )
        return Try(number, *(getattr(tried, name) for name in Try.__slots__[1:]))

    async def post(
        self,
        app: App,
        url: str,
        body: dict[str, Any] | bytes,
        more: dict[str, str],
        patience: float,
    ) -> Try:
        """Send a body, signed: JSON, or a form that is written already."""
        if not is_here(url):
            return Try(0, False, 0.0, reason=REASONS["connection"])
        form = isinstance(body, bytes)
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        stamp = str(int(self._state.now + self.signed_seconds_off))
        headers = {
            "Content-Type": "application/x-www-form-urlencoded" if form else "application/json",
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature(app.signing_secret, stamp, raw),
        }
        self.sent += 1
        began = time.perf_counter()
        try:
            async with asyncio.timeout(patience):
                return await self._post(url, raw, headers | more, began)
        except TimeoutError:
            reason = REASONS["timeout"]
        except aiohttp.ClientError:
            reason = REASONS["connection"]
        return Try(0, False, time.perf_counter() - began, reason=reason)

    async def _post(self, url: str, raw: bytes, headers: dict[str, str], began: float) -> Try:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self.connections)
            self._session = aiohttp.ClientSession(connector=connector)
        posting: dict[str, Any] = {"headers": headers, "allow_redirects": False}
        async with self._session.post(url, data=raw, **posting) as answer:
            text = await answer.text()
        body: Any = text
        if answer.content_type == "application/json" and text:
            body = read(text)
        good = 200 <= answer.status < 300
        final = answer.headers.get("X-Slack-No-Retry") == "1"
        reason = "" if good else REASONS["error"]
        return Try(0, good, time.perf_counter() - began, answer.status, body, reason, final)


def read(text: str) -> Any:
    """Read an answer that says it is JSON, and give it as it is where it is none."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def body_of(delivery: Delivery) -> dict[str, Any] | bytes:
    """Give JSON for an event, and forms for the others."""
    if delivery.sort == "events_api":
        return delivery.payload
    if delivery.sort == "interactive":
        return urlencode({"payload": json.dumps(delivery.payload)}).encode()
    return urlencode(delivery.payload).encode()
