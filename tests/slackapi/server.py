"""A local Slack: takes calls over HTTP, refuses what Slack refuses, tells programs what happens."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from aiohttp import web

from tests.slackapi import files, lookups, methods, model, oauth, surfaces, tokens, wire
from tests.slackapi.couriers import Courier
from tests.slackapi.faults import AFTER, Fault, Faults, Kind
from tests.slackapi.methods import Call, Deed
from tests.slackapi.pacing import Pacing
from tests.slackapi.refusals import Refused, too_many
from tests.slackapi.responses import Responses
from tests.slackapi.state import TRIGGER_LIFE, Json, Message, State
from tests.slackapi.workspaces import SCOPES, App, Workspace

DEEDS: dict[str, Deed] = {**methods.DEEDS, **lookups.DEEDS, **surfaces.DEEDS, **files.DEEDS}
LIMITS: dict[str, Callable[[Json], None]] = {**methods.LIMITS, **surfaces.LIMITS}

Control = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class SlackApi:
    """The server; `async with SlackApi() as api` opens it on a free port of this machine."""

    def __init__(
        self,
        *,
        port: int = 0,
        seed: str = "s3cret",
        clock: Callable[[], float] = time.time,
        pacing: Pacing | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.port = port
        self.tls, self.tls_port = tls, 0
        """With a context for TLS, the same is answered over it at a port of its own."""
        self.seed = seed
        """Is in every token and secret, so that logs can be searched for it."""
        self.state = State(clock)
        self.apps: dict[str, App] = {}
        self.workspaces: dict[str, Workspace] = {}
        self.courier = Courier(self.state)
        self.responses = Responses(self)
        self.codes: dict[str, oauth.Code] = {}
        self.denies = False
        """Whether administrators refuse to install the app."""
        self.faults = Faults()
        self.pacing = pacing
        self.counts = wire.Counts()
        self.latency = 0.0
        """Seconds that an answer takes, as over a real network."""
        self.echo = True
        """The program is told of its bot's own messages: github.com/slackapi/bolt-js/issues/580."""
        self.trigger_life = TRIGGER_LIFE
        self.control: Control | None = None
        """Answers `/control/…` where the server runs by itself."""
        self._closing = asyncio.Event()
        self._runner: web.ServerRunner | None = None

    async def __aenter__(self) -> SlackApi:
        self._runner = web.ServerRunner(
            wire.CountingServer(self.counts, self._answer), shutdown_timeout=1.0
        )
        await self._runner.setup()
        for port, tls in [(self.port, None)] + [(0, self.tls)] * (self.tls is not None):
            site = web.TCPSite(self._runner, "127.0.0.1", port, backlog=1024, ssl_context=tls)
            await site.start()
        self.port, *beside = [each[1] for each in self._runner.addresses]
        self.tls_port = next(iter(beside), 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing.set()
        await self.courier.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def address(self) -> str:
        """What stands in place of "https://slack.com"."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def base_url(self) -> str:
        """What stands in place of "https://slack.com/api/"."""
        return f"{self.address}/api/"

    def app(self, *, scopes: frozenset[str] = SCOPES, **fields: Any) -> App:
        """Give a new app."""
        made = App(self, self.state.name("A"), scopes, **fields)
        self.apps[made.id] = made
        return made

    def workspace(
        self, name: str = "Riverside", *, app: App | None = None, installed: bool = True
    ) -> Workspace:
        """Give a new workspace, with an app of its own unless one is named."""
        app = app or self.app()
        ids = [self.state.name(kind) for kind in ("T", "B", "U")]
        made = Workspace(self, ids[0], name, app, ids[1], ids[2], installed, app.scopes)
        self.workspaces[made.id] = made
        return made

    def fault(self, method: str, kind: Kind = "refuse", **fields: Any) -> None:
        """Have the next requests of a method ("*" for any) go wrong; see `faults.Fault`."""
        self.faults.waiting.append(Fault(method, kind, **fields))

    def skip(self, time_ahead: timedelta) -> None:
        """Move Slack's clock: triggers, response_urls and codes expire."""
        self.state.skipped += time_ahead.total_seconds()

    async def delivered(self, within: float = 5.0) -> None:
        """Wait until everything that happened was acknowledged, or given up."""
        await self.state.until(lambda: self.courier.waiting == 0 or None, within)

    async def connected(self, app: App, number: int = 1, within: float = 5.0) -> None:
        """Wait until an app has so many connections of Socket Mode."""
        sockets = self.courier.sockets
        await self.state.until(lambda: len(sockets.of(app)) >= number or None, within)

    def find_message(self, workspace: Workspace, channel: str, ts: str) -> Message:
        """Find a message of a workspace.

        Raises:
            Refused: there is none.
        """
        found = Call(self, workspace, "", {"channel": channel, "ts": ts})
        return found.message()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.path
        if self.control is not None and path.startswith("/control/"):
            return await self.control(request)
        if path == "/link/":
            return await self.courier.sockets.connect(request)
        if path == "/oauth/v2/authorize":
            return oauth.authorize(self, request)
        if path.startswith("/upload/"):
            return await self._upload(request)
        try:
            if path.startswith("/actions/"):
                self.responses.take(path, await wire.read(request))
                self.state.changed()
                return web.Response(text="ok")
            return await self._serve(request, path.removeprefix("/api/"))
        except Refused as refusal:
            self.counts.refusals[refusal.error] += 1
            return wire.answer(refusal.answer, refusal.status, refusal.headers)

    async def _serve(self, request: web.BaseRequest, name: str) -> web.StreamResponse:
        self.counts.requests[name] += 1
        given = await wire.read(request)
        method = model.method(name)
        if name in tokens.FOR_ALL:
            values = method.read(oauth.credentials(request, given))
            fault = self.faults.take(name, "", None)
            return await self._finish(request, fault, lambda: oauth.access(self, values), {})
        header = request.headers.get("Authorization", "")
        if name in tokens.FOR_APPS:
            app = tokens.app_of(self, header)
            fault = self.faults.take(name, app.id, None)
            return await self._finish(request, fault, lambda: self._connect(app), {})
        workspace = tokens.workspace_of(self, header)
        scopes = {"x-oauth-scopes": ",".join(sorted(workspace.scopes))}
        scopes["x-accepted-oauth-scopes"] = ",".join(tokens.SCOPES.get(name, ()))
        try:
            tokens.check(name, workspace.scopes)
            values = method.read(given)
            place = values.get("channel", values.get("user_id"))
            fault = self.faults.take(name, workspace.id, place)
            call = Call(self, workspace, name, values)
            return await self._finish(request, fault, lambda: self._do(call), scopes)
        except Refused as refusal:
            refusal.headers |= scopes
            raise

    async def _finish(
        self,
        request: web.BaseRequest,
        fault: Fault | None,
        deed: Callable[[], Json],
        headers: dict[str, str],
    ) -> web.StreamResponse:
        if fault is not None and fault.kind not in AFTER:
            return await self._play(request, fault, b"")
        self.counts.in_flight += 1
        self.counts.most_in_flight = max(self.counts.most_in_flight, self.counts.in_flight)
        try:
            if self.latency:
                await asyncio.sleep(self.latency)
            answer = wire.answer({"ok": True, **deed()}, headers=headers)
        finally:
            self.counts.in_flight -= 1
        self.state.changed()
        return await self._late(request, fault, answer)

    async def _late(
        self, request: web.BaseRequest, fault: Fault | None, answer: web.Response
    ) -> web.StreamResponse:
        """Give the answer, unless a fault comes between."""
        if fault is None:
            return answer
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
            return answer
        assert isinstance(answer.body, bytes)
        return await self._play(request, fault, answer.body)

    def _do(self, call: Call) -> Json:
        if call.method in LIMITS:
            LIMITS[call.method](call.given)
        if self.pacing is not None:
            channel = str(call.given.get("channel", ""))
            self.pacing.admit(call.method, call.workspace.id, channel)
        result = DEEDS[call.method](call)
        if call.method == "chat.postMessage":
            self.counts.sends.append(time.time())
        return result

    def _connect(self, app: App) -> Json:
        ticket = self.courier.sockets.ticket(app)
        return {"url": f"ws://127.0.0.1:{self.port}/link/?ticket={ticket}&app_id={app.id}"}

    async def _upload(self, request: web.BaseRequest) -> web.StreamResponse:
        self.counts.requests["upload"] += 1
        fault = self.faults.take("upload", "", None)
        if fault is not None and fault.kind not in AFTER:
            return await self._play(request, fault, b"")
        return await self._late(request, fault, await files.take(self, request))

    async def _play(
        self, request: web.BaseRequest, fault: Fault, body: bytes
    ) -> web.StreamResponse:
        if fault.kind == "refuse" and fault.retry_after is not None:
            raise too_many(fault.retry_after)
        if fault.kind == "refuse":
            raise Refused(fault.error, status=fault.status)
        if fault.kind == "page":
            return web.Response(text=fault.page, status=fault.page_status, content_type="text/html")
        if fault.kind in {"hang", "mute"}:
            await self._closing.wait()
        return await wire.cut(request, body if fault.kind == "half" else b"")
