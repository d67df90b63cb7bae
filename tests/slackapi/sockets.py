"""Socket Mode: tickets, connections, envelopes, acknowledgements, and connections gone silent."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any, Literal
from uuid import uuid4

from aiohttp import WSMsgType, web

from tests.slackapi.deliveries import Delivery, Try
from tests.slackapi.refusals import Refused
from tests.slackapi.state import Json, State

if TYPE_CHECKING:
    from tests.slackapi.workspaces import App

MOST = 10
"""Connections of one app: docs.slack.dev/apis/events-api/using-socket-mode."""
Silence = Literal["", "deaf", "dead"]
"""Delivers nothing: "deaf" still answers pings, "dead" does not."""
REASON = "timeout"


@dataclass(slots=True, eq=False)
class Connection:
    """One open connection of an app."""

    app: App
    ws: web.WebSocketResponse
    number: int
    silent: Silence = ""
    pings: int = 0
    envelopes: int = 0

    async def tell(self, message: Json) -> None:
        """Send JSON, unless the connection has gone silent."""
        if not self.silent and not self.ws.closed:
            self.envelopes += "envelope_id" in message
            await self.ws.send_str(json.dumps(message))

    async def disconnects(self, reason: str, *, closing: bool = True) -> None:
        """Say that it ends: "warning" (soon), "refresh_requested", "link_disabled"."""
        await self.tell({"type": "disconnect", "reason": reason, "debug_info": {"host": "here"}})
        if closing:
            await self.ws.close()

    def breaks(self) -> None:
        """End without a word, as a network does."""
        transport = self.ws._req.transport if self.ws._req is not None else None
        if transport is not None:
            transport.abort()


@dataclass(slots=True)
class Sockets:
    """Every connection of every app."""

    state: State
    open: list[Connection] = field(default_factory=list)
    opened: int = 0
    duplicate: bool = False
    """Every envelope comes twice."""
    newcomers: Silence = ""
    """How connections are from now on, once they have said hello."""
    approximate_seconds: int = 18_060
    """How long a connection is said to last."""
    _tickets: dict[str, App] = field(default_factory=dict)
    _acks: dict[str, asyncio.Future[Any]] = field(default_factory=dict)
    _turns: count[int] = field(default_factory=count)

    def of(self, app: App) -> list[Connection]:
        """Give the connections of an app, the oldest first."""
        return [each for each in self.open if each.app is app]

    def ticket(self, app: App) -> str:
        """Give what opens one connection, once.

        Raises:
            Refused: Socket Mode is off.
        """
        if not app.socket_mode:
            raise Refused("socket_mode_not_enabled")
        ticket = uuid4().hex
        self._tickets[ticket] = app
        return ticket

    async def connect(self, request: web.BaseRequest) -> web.StreamResponse:
        """Hold one connection from its hello to its end."""
        app = self._tickets.pop(request.query.get("ticket", ""), None)
        if app is None:
            return web.Response(status=404, text="no such ticket")
        ws = web.WebSocketResponse(autoping=False, timeout=1.0)
        await ws.prepare(request)
        connection = Connection(app, ws, self.opened)
        self.opened += 1
        if len(self.of(app)) >= MOST:
            await connection.disconnects("too_many_websockets")
            return ws
        self.open.append(connection)
        try:
            await connection.tell(self._hello(app))
            connection.silent = self.newcomers
            self.state.changed()
            await self._listen(connection)
        finally:
            self.open.remove(connection)
            self.state.changed()
        return ws

    async def offer(self, delivery: Delivery, number: int, reason: str, patience: float) -> Try:
        """Send one envelope to one connection, any of them, and wait for its acknowledgement."""
        began = time.perf_counter()
        connections = self.of(delivery.app)
        if not connections:
            return Try(number, False, 0.0, reason=REASON)
        connection = connections[next(self._turns) % len(connections)]
        envelope = envelope_of(delivery, number, reason)
        acked = self._acks[envelope["envelope_id"]] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(patience):
                for _ in range(1 + self.duplicate):
                    await connection.tell(envelope)
                body = await acked
        except (TimeoutError, ConnectionError):
            return Try(number, False, time.perf_counter() - began, reason=REASON)
        finally:
            del self._acks[envelope["envelope_id"]]
        return Try(number, True, time.perf_counter() - began, 200, body)

    async def switch_off(self, app: App) -> None:
        """Turn Socket Mode off in the app's settings."""
        for connection in self.of(app):
            await connection.disconnects("link_disabled")

    async def close(self) -> None:
        for connection in list(self.open):
            await connection.ws.close()

    async def _listen(self, connection: Connection) -> None:
        async for message in connection.ws:
            if message.type is WSMsgType.PING:
                connection.pings += 1
                if connection.silent != "dead":
                    await connection.ws.pong(message.data)
            elif message.type is WSMsgType.TEXT and not connection.silent:
                said = json.loads(message.data)
                acked = self._acks.get(said.get("envelope_id", ""))
                if acked is not None and not acked.done():
                    acked.set_result(said.get("payload", {}))

    def _hello(self, app: App) -> Json:
        debug: Json = {"host": "here", "build_number": 1}
        debug["approximate_connection_time"] = self.approximate_seconds
        about = {"connection_info": {"app_id": app.id}, "debug_info": debug}
        return {"type": "hello", "num_connections": len(self.of(app))} | about


def envelope_of(delivery: Delivery, number: int, reason: str) -> Json:
    """Wrap a delivery; each try has an id of its own."""
    envelope: Json = {
        "envelope_id": str(uuid4()),
        "type": delivery.sort,
        "payload": delivery.payload,
        "accepts_response_payload": delivery.sort != "events_api",
    }
    if delivery.sort == "events_api":
        envelope |= {"retry_attempt": number, "retry_reason": reason}
    return envelope
