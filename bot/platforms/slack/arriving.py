"""What Slack sends on its way into the inbox: acknowledged once it is committed.

Where Slack calls us, its signature and the five minutes are checked before anything is read; on a
socket that we opened there is nothing to check. Bolt would make its own of each request, and then
ask who is authorised, look for listeners and acknowledge: nothing of which we want.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol
from urllib.parse import parse_qsl

import structlog
from slack_sdk.signature import SignatureVerifier
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.codes import is_a_code
from bot.platforms import Event, NotKept
from bot.platforms.slack.receiving import OUTSIDE, Read, Window, read, unread

log = structlog.get_logger()
BROUGHT_AGAIN = timedelta(minutes=6)
"""After this Slack no longer brings an event again (docs.slack.dev, Events API)."""

Says = Callable[[str], Awaitable[str]]
"""Gives what somebody is answered, by their address."""
Answer = dict[str, Any] | None
"""What an acknowledgement says, if anything."""
GREETED = ("typed", "looked", OUTSIDE)
"""What somebody does who may be a stranger."""
BEAT = 60.0
"""Seconds between two notes that this server can be called."""


class Ears(Protocol):
    """What hands events to the inbox, and knows when Slack was last heard."""

    @property
    def within(self) -> str:
        """What the addresses begin with of those whom it may speak for; empty for all."""
        ...

    async def take(self, events: list[Event], *, are_all: bool) -> None:
        """Commit these; `are_all` if none wait behind them. Raises NotKept."""
        ...


@dataclass(slots=True)
class Arriving:
    """One app's requests, over a socket or HTTP."""

    listening: Ears
    signing_secret: str
    said_elsewhere: Says
    """What a command typed anywhere is answered: that the answer is in our own conversation."""
    said_outside: Says
    """What a command is answered that was typed by somebody of another organisation."""
    opens: Callable[[Window], Awaitable[None]]
    """Opens a window for somebody."""
    meets: Callable[[Event], Awaitable[None] | None]
    """Told when somebody wrote or looked, who may be a stranger, once that is committed.

    Gives what is left to do for them, if anything."""
    looks_up: Callable[[Event], Awaitable[Event]]
    """Gives what somebody did with what their profile says, soon or not at all: they wait."""
    _paying: set[asyncio.Task[None]] = field(default_factory=set)

    async def keep(self, body: Mapping[str, Any]) -> Answer:
        """Commit what came, and give what it is answered; only now may that be sent.

        Raises NotKept.
        """
        found = read(body)
        if not self._is_ours(found):
            log.info("something of another workspace was brought; it is let go")
            return await self._answer(found, self.said_outside)
        if (event := found.event) is not None:
            if event.kind == "typed" and is_a_code(str(event.body["text"])):
                event = await self.looks_up(event)
            if event.kind != OUTSIDE:
                await self._take(event)
            if event.kind in GREETED and (greeting := self.meets(event)) is not None:
                self._pay(greeting)
        if found.window is not None:
            self._pay(self.opens(found.window))
        return await self._answer(found, self.said_elsewhere)

    async def keep_unread(self, body: Mapping[str, Any]) -> None:
        """Commit what nobody can read, as it came. Raises NotKept."""
        await self._take(unread(body, "its form"))

    async def _take(self, event: Event) -> None:
        try:
            await self.listening.take([event], are_all=True)
        except NotKept as trouble:
            log.warning("what arrived could not be kept", why=str(trouble))
            raise

    def _is_ours(self, found: Read) -> bool:
        """Whether it is of this app's own workspace.

        Whoever made an app knows its secret, and can sign what names another workspace's people.
        """
        named = [each.address for each in (found.event, found.window) if each and each.address]
        return all(each.startswith(self.listening.within) for each in named)

    async def _answer(self, found: Read, said: Says) -> Answer:
        if not found.is_command or found.event is None:
            return None
        return {"response_type": "ephemeral", "text": await said(found.event.address)}

    def _pay(self, work: Awaitable[None]) -> None:
        async def pay() -> None:
            try:
                await work
            except SQLAlchemyError as trouble:
                log.info("a courtesy failed", why=type(trouble).__name__)

        task = asyncio.create_task(pay())
        self._paying.add(task)
        task.add_done_callback(self._paying.discard)


def route(arriving: Arriving, path: str) -> Route:
    """Give the path that Slack calls for one app, whatever it is about.

    Raises ValueError where it has no signing secret: anybody could sign with none.
    """
    if not arriving.signing_secret:
        raise ValueError("an app that is called has a signing secret")
    verifier = SignatureVerifier(arriving.signing_secret)

    async def called(request: Request) -> Response:
        raw = await request.body()
        if not _is_signed(verifier, request, raw):
            return Response(status_code=200 if _is_about_our_certificate(raw) else 401)
        try:
            body = _body_of(raw)
        except (TypeError, ValueError):
            return Response(status_code=400)
        if body.get("type") == "url_verification":
            return JSONResponse({"challenge": body.get("challenge")})
        try:
            answer = await arriving.keep(body)
        except NotKept:
            return Response(status_code=503)  # it is brought again
        return JSONResponse(answer) if answer else Response()

    return Route(path, called, methods=["POST"])


def _is_signed(verifier: SignatureVerifier, request: Request, raw: bytes) -> bool:
    """Whether Slack made it within the last five minutes (docs.slack.dev, verifying requests)."""
    made = request.headers.get("x-slack-request-timestamp")
    signature = request.headers.get("x-slack-signature")
    try:
        return verifier.is_valid(raw, made, signature)
    except (TypeError, ValueError):  # no number, or letters that no signature has
        return False


def _is_about_our_certificate(raw: bytes) -> bool:
    """Whether it only tries how we are reached; that may come unsigned (docs, slash commands)."""
    return b"ssl_check=1" in raw.split(b"&")


def _body_of(raw: bytes) -> dict[str, Any]:
    """Give what a request says: an event is JSON, a command a form, a press JSON in a form."""
    if raw.startswith(b"{"):
        return dict(json.loads(raw))
    form = dict(parse_qsl(raw.decode(), keep_blank_values=True))
    return dict(json.loads(form["payload"])) if "payload" in form else form


async def be_called(arriving: Arriving) -> None:
    """Note every minute until cancelled that Slack can call: quiet hours are no outage."""
    while True:
        try:
            await arriving.listening.take([], are_all=True)
        except NotKept as trouble:
            log.warning("what arrived could not be kept", why=str(trouble))
        await asyncio.sleep(BEAT)
