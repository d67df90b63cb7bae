"""Who may talk to the playground, and how much at once.

It answers this machine's own browser, and no page of anybody else's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.bodies import TooLarge, counted

KIB = 1024
BODY_LIMIT = 64 * KIB
"""Bytes of a press or of something typed: sixteen for each character of the longest text."""
FILE_LIMIT = 5 * KIB * KIB
"""Bytes of a cohort's file: about 40,000 people."""
DRAIN_LIMIT = 1024 * KIB * KIB
"""Bytes of a refused body that are still read, so that a browser shows our answer, not a fault."""

OURS = re.compile(r"(127\.0\.0\.1|localhost)(:\d{1,5})?")
READING = frozenset({"GET", "HEAD"})

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


class Gate:
    """ASGI middleware: refuses foreign hosts, other sites' posts and long bodies; sets headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        guarded = _with_headers(send)
        refused = refusal(scope["method"], Headers(scope=scope))
        if refused:
            await PlainTextResponse(refused, 403)(scope, receive, guarded)
            return
        await self._pass(scope, receive, guarded)

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        limit = FILE_LIMIT if scope["path"].startswith("/import") else BODY_LIMIT
        try:
            await self._app(scope, counted(receive, limit), send)
        except TooLarge as too_large:
            if too_large.more:
                await _drain(receive)
            await PlainTextResponse(_too_large(limit), 413)(scope, receive, send)


def refusal(method: str, headers: Mapping[str, str]) -> str:
    """Why this request is not answered, in words; empty if it is.

    A page elsewhere can point its own name at 127.0.0.1 (DNS rebinding): the Host header then
    betrays it. A browser says in Sec-Fetch-Site and Origin where a post comes from; another port
    of this machine is `same-site`, and not us.
    """
    host = headers.get("host", "").lower()
    if not OURS.fullmatch(host):
        return (
            "This page answers only to 127.0.0.1 and localhost. Open it under one of these names."
        )
    if method in READING:
        return ""
    site = headers.get("sec-fetch-site", "same-origin")
    origin = headers.get("origin", f"http://{host}")
    if site not in {"same-origin", "none"} or urlsplit(origin).netloc.lower() != host:
        return "Another site sent this. Only the playground's own page may press and type here."
    return ""


def _too_large(limit: int) -> str:
    if limit == FILE_LIMIT:
        return (
            f"The file is larger than {FILE_LIMIT // KIB // KIB} MB, room for about 40,000 people. "
            "Nothing was read. Split it, or save only the cohort's own rows."
        )
    return f"That is more than {limit // KIB} kB at once. Nothing was kept. Send it in parts."


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("cache-control", "no-store")
        await send(message)

    return sending


async def _drain(receive: Receive) -> None:
    dropped = 0
    while dropped < DRAIN_LIMIT:
        message = await receive()
        dropped += len(message.get("body", b""))
        if not message.get("more_body", False):
            return
