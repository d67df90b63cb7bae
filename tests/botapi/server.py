"""A local Bot API: takes requests over HTTP, refuses what Telegram refuses, plays its faults."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from email.utils import formatdate
from typing import Any, TypeVar

from aiohttp import web

from tests.botapi import limits, model, wire
from tests.botapi.faults import AFTER, Fault, Faults, Kind
from tests.botapi.methods import DEEDS, Call, Uploads
from tests.botapi.pacing import Pacing
from tests.botapi.people import Group, Person
from tests.botapi.refusals import WEBHOOK_IS_SET, Refused
from tests.botapi.state import Chat, Json, State
from tests.botapi.updates import MOST_AT_ONCE, Updates
from tests.botapi.webhook import Webhook

TOKEN = "123456:" + "A" * 35
A_TOKEN = re.compile(r"\d+:[\w-]{35}", re.ASCII)
HASTY = "allow_paid_broadcast"  # up to 1,000 sends a second: sendMessage

T = TypeVar("T")
Control = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class BotApi:
    """The server; `async with BotApi() as api` opens it on a free port of this machine."""

    def __init__(
        self,
        *,
        token: str = TOKEN,
        port: int = 0,
        clock: Callable[[], float] = time.time,
        pacing: Pacing | None = None,
    ) -> None:
        self.token = token
        self.port = port
        self.state = State(clock)
        self.updates = Updates(self.state)
        self.webhook = Webhook(self.state, self.updates, self._called_back)
        self.faults = Faults()
        self.pacing = pacing
        self.counts = wire.Counts()
        self.latency = 0.0
        """Seconds that an answer takes, as over a real network."""
        self.date_off = timedelta(0)
        """How far the Date of all answers is from this machine's clock."""
        self.control: Control | None = None
        """Answers `/control/…` where the server runs by itself."""
        self._closing = asyncio.Event()
        self._runner: web.ServerRunner | None = None

    async def __aenter__(self) -> BotApi:
        self._runner = web.ServerRunner(
            wire.CountingServer(self.counts, self._answer), shutdown_timeout=1.0
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, backlog=1024)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing.set()
        self.updates.close()
        await self.webhook.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def base_url(self) -> str:
        """What stands in place of "https://api.telegram.org/bot"."""
        return f"http://127.0.0.1:{self.port}/bot"

    def person(
        self, number: int, first_name: str, *, username: str = "", language_code: str = ""
    ) -> Person:
        """Give somebody who has not pressed start yet."""
        names = {"id": number, "first_name": first_name}
        names |= {"username": username} if username else {}
        language = {"language_code": language_code} if language_code else {}
        user = {"is_bot": False} | names | language
        chat = self.state.chats[number] = Chat(names | {"type": "private"}, person=user)
        return Person(self, user, chat)

    def group(self, number: int, title: str, kind: str = "group") -> Group:
        """Give a "group", "supergroup" or "channel"; its id is negative."""
        chat = self.state.chats[number] = Chat({"id": number, "type": kind, "title": title})
        return Group(self, chat)

    def fault(
        self,
        method: str,
        kind: Kind = "refuse",
        *,
        status: int = 500,
        retry_after: int | None = None,
        description: str | None = None,
        chat: int | None = None,
        times: int = 1,
    ) -> None:
        """Have the next requests of a method ("*" for any) go wrong; see `faults.Kind`."""
        self.faults.waiting.append(
            Fault(method, kind, status, retry_after, description, chat, times)
        )

    def skip(self, time_ahead: timedelta) -> None:
        """Move Telegram's clock: old updates expire, old presses can no longer be answered."""
        self.state.skipped += time_ahead.total_seconds()

    async def until(self, found: Callable[[], T | None], within: float = 5.0) -> T:
        """Wait until something is there, and give it.

        Raises:
            TimeoutError: it was not there within so many seconds.
        """
        async with asyncio.timeout(within):
            while (it := found()) is None:
                waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                self.state.waiting.add(waiter)
                await waiter
        return it

    async def taken(self, within: float = 5.0) -> None:
        """Wait until the bot has confirmed every update, or Telegram has given it up."""
        await self.until(lambda: not len(self.updates) or None, within)

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        if self.control is not None and request.path.startswith("/control/"):
            return await self.control(request)
        try:
            response = await self._serve(request, self._method(request.path))
        except Refused as refusal:
            self.counts.refusals[refusal.code] += 1
            response = wire.answer(refusal.answer, refusal.code)
        if self.date_off:
            date = time.time() + self.date_off.total_seconds()
            response.headers["Date"] = formatdate(date, usegmt=True)
        return response

    def _method(self, path: str) -> model.Method:
        found = re.fullmatch(r"/bot([^/]+)/(\w+)", path)
        if found is None or not A_TOKEN.fullmatch(found[1]):
            raise Refused(404)
        if found[1] != self.token:
            raise Refused(401)
        return model.method(found[2])

    async def _serve(self, request: web.BaseRequest, method: model.Method) -> web.StreamResponse:
        given, uploads = await wire.read(request)
        self.counts.requests[method.name] += 1
        self.state.changed()
        values = method.read(given)
        fault = self.faults.take(method.name, values.get("chat_id"))
        if fault is not None and fault.kind not in AFTER:
            return await self._play(request, fault, b"")
        limits.check(method.name, values)
        if method.name == "getUpdates":
            result: Any = await self._get_updates(values)
        else:
            with self.counts.one_in_flight():
                result = await self._do(method.name, values, uploads)
        self.state.changed()
        body = json.dumps({"ok": True, "result": result}).encode()
        if fault is not None:
            return await self._play(request, fault, body)
        return web.Response(body=body, content_type="application/json")

    async def _do(self, name: str, values: Json, uploads: Uploads) -> Any:
        if self.latency:
            await asyncio.sleep(self.latency)
        if name not in DEEDS:
            return await self._webhook(name, values)
        sends = name.startswith("send")
        if sends and self.pacing is not None and not values.get(HASTY):
            self.pacing.admit(values["chat_id"])
        result = DEEDS[name](Call(self.state, values, uploads))
        if sends:
            self.counts.sends.append(time.time())
        return result

    async def _called_back(self, given: Json) -> None:
        """Do what a webhook's answer calls for; how that ends nobody hears."""
        try:
            method = model.method(given.pop("method", ""))
            self.counts.requests[method.name] += 1
            values = method.read(given)
            limits.check(method.name, values)
            await self._do(method.name, values, {})
        except Refused as refusal:
            self.counts.refusals[refusal.code] += 1
        self.state.changed()

    async def _webhook(self, name: str, values: Json) -> Any:
        if name == "getWebhookInfo":
            return self.webhook.shown
        if name == "deleteWebhook":
            values = values | {"url": ""}
        if values["url"]:
            self.updates.oust("terminated by setWebhook request")
        self._allow(values)
        await self.webhook.set(values)
        return True

    async def _get_updates(self, values: Json) -> list[Json]:
        if self.webhook.url:
            raise Refused(409, WEBHOOK_IS_SET)
        self._allow(values)
        limit = min(max(values.get("limit", MOST_AT_ONCE), 1), MOST_AT_ONCE)
        return await self.updates.poll(values.get("offset", 0), limit, values.get("timeout", 0))

    def _allow(self, values: Json) -> None:
        """Keep which kinds of updates the bot wants, where it says so; an empty list is all."""
        if "allowed_updates" in values:
            self.updates.allowed = frozenset(values["allowed_updates"]) or None

    async def _play(
        self, request: web.BaseRequest, fault: Fault, body: bytes
    ) -> web.StreamResponse:
        if fault.kind == "refuse":
            self.counts.refusals[fault.status] += 1
            return wire.answer(fault.answer, fault.status)
        if fault.kind == "page":
            return web.Response(text=fault.page, status=fault.status, content_type="text/html")
        if fault.kind in {"hang", "mute"}:
            await self._closing.wait()
        return await wire.cut(request, body if fault.kind == "half" else b"")
