"""Delivers updates to the bot's own address, in order per lane, again and again until they expire.

The pace of repeats is WebhookActor.cpp's, of github.com/tdlib/telegram-bot-api.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import aiohttp

from tests.botapi.refusals import bad
from tests.botapi.state import Json, State
from tests.botapi.updates import Pending, Updates

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
LONGEST_WAIT = 60.0  # seconds between repeats: WEBHOOK_MAX_RESEND_TIMEOUT
LONGEST_RETRY_AFTER = 3600  # seconds that the bot's own Retry-After may ask for
ANSWER_WITHIN = 60.0  # seconds for the bot to answer


@dataclass(slots=True)
class Webhook:
    """The address that was set, and the deliveries under way."""

    state: State
    updates: Updates
    called_back: Callable[[Json], Awaitable[None]]
    """Told of the call that an answer brings along, if it does."""
    behind: str = ""
    """Where the public address really is, "http://127.0.0.1:8080": as a proxy before the bot."""
    haste: float = 1.0
    """Repeats come after their time divided by this."""
    url: str = ""
    settings: Json = field(default_factory=dict)
    last_error: str = ""
    last_error_at: float = 0.0
    posts: int = 0
    _lanes: dict[str, deque[Pending]] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _session: aiohttp.ClientSession | None = None
    _places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(40))

    async def set(self, given: Json) -> None:
        """Take a new address; what waits goes there, an empty one ends the deliveries."""
        url = given["url"]
        if url and not (url.startswith("https://") or is_here(url)):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        await self.close()
        if given.get("drop_pending_updates"):
            self.updates.clear()
        if not url:
            return
        self.url, self.settings = url, given
        connections = given.get("max_connections", 40)
        self._places = asyncio.Semaphore(connections)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=connections),
            timeout=aiohttp.ClientTimeout(total=ANSWER_WITHIN),
        )
        for pending in self.updates.waiting():
            self.take(pending)
        self.updates.taker = self.take

    async def close(self) -> None:
        """End all deliveries; what was not confirmed waits on."""
        self.url, self.settings = "", {}
        self.updates.taker = None
        self._lanes.clear()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def take(self, pending: Pending) -> None:
        """Deliver an update after those before it in its lane."""
        lane = self._lanes.get(pending.lane)
        if lane is not None:
            lane.append(pending)
            return
        self._lanes[pending.lane] = deque([pending])
        task = asyncio.create_task(self._run(pending.lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @property
    def shown(self) -> Json:
        """The webhook as getWebhookInfo shows it."""
        shown: Json = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self.updates),
        }
        if self.url:
            shown["max_connections"] = self.settings.get("max_connections", 40)
        if self.last_error:
            shown["last_error_date"] = int(self.last_error_at)
            shown["last_error_message"] = self.last_error
        if self.updates.allowed is not None:
            shown["allowed_updates"] = sorted(self.updates.allowed)
        return shown

    async def _run(self, name: str) -> None:
        lane = self._lanes[name]
        while lane:
            await self._deliver(lane[0])
            lane.popleft()
        del self._lanes[name]

    async def _deliver(self, pending: Pending) -> None:
        failures = 0
        while pending.expires > self.state.now:
            async with self._places:
                asked = await self._post(pending)
            if asked is None:
                self.updates.settle(pending)
                return
            wait = asked or (min(2.0**failures, LONGEST_WAIT) if failures else 0)
            if self.state.now + wait > pending.expires:
                break
            await asyncio.sleep(wait / self.haste)
            failures += 1
        self.updates.settle(pending, confirmed=False)

    async def _post(self, pending: Pending) -> int | None:
        """Send it once: None when the bot has it, else the seconds that it asks us to wait."""
        address = self._address()
        if address is None or self._session is None:
            return self._failed("Failed to resolve host: only this machine is reached")
        headers = {"Content-Type": "application/json"}
        if secret := self.settings.get("secret_token"):
            headers[SECRET_HEADER] = secret
        posting: dict[str, Any] = {"headers": headers, "allow_redirects": False}
        self.posts += 1
        try:
            async with self._session.post(address, data=pending.body, **posting) as answer:
                body = await answer.read()
        except TimeoutError:
            return self._failed("Read timeout expired")
        except aiohttp.ClientError:
            return self._failed("Connection failed")
        if answer.ok and answer.status < 300:
            if body and answer.content_type == "application/json":
                await self.called_back(json.loads(body))
            return None
        words = f"Wrong response from the webhook: {answer.status} {answer.reason}"
        return self._failed(words, answer.headers.get("Retry-After", ""))

    def _failed(self, words: str, retry_after: str = "") -> int:
        self.last_error, self.last_error_at = words, self.state.now
        return min(int(retry_after), LONGEST_RETRY_AFTER) if retry_after.isdecimal() else 0

    def _address(self) -> str | None:
        """Give where to send, which is never off this machine."""
        if not self.behind:
            return self.url if is_here(self.url) else None
        here, public = urlsplit(self.behind), urlsplit(self.url)
        return urlunsplit((here.scheme, here.netloc, public.path, public.query, ""))


def is_here(url: str) -> bool:
    """Tell whether an address is this machine's own."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
