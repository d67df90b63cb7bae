"""The server's HTTP: bodies of every form the Web API takes, answers, and broken connections."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http_parser import RawRequestMessage
from aiohttp.streams import StreamReader
from aiohttp.web_protocol import RequestHandler
from yarl import URL  # aiohttp's own; it reads forms thrice as fast as the standard library

from tests.slackapi.refusals import Refused
from tests.slackapi.state import Json

LARGEST = 50 * 2**20  # bytes of one upload that this server takes; Slack's own limit is 1 GB


@dataclass(slots=True)
class Counts:
    """What was asked of the server, for whoever measures."""

    connections: int = 0
    requests: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    sends: list[float] = field(default_factory=list)
    """When each chat.postMessage was accepted: Unix seconds of the real clock."""
    in_flight: int = 0
    most_in_flight: int = 0


class CountingServer(web.Server):
    """An HTTP server that counts the connections made to it."""

    def __init__(self, counts: Counts, answer: Any) -> None:
        super().__init__(answer, request_factory=request, access_log=None)
        self._counts = counts

    def __call__(self) -> RequestHandler:
        self._counts.connections += 1
        return super().__call__()


def request(
    message: RawRequestMessage,
    payload: StreamReader,
    protocol: RequestHandler,
    writer: AbstractStreamWriter,
    task: asyncio.Task[None],
) -> web.BaseRequest:
    """Make a request that may carry a file."""
    loop = asyncio.get_running_loop()
    return web.BaseRequest(
        message, payload, protocol, writer, task, loop, client_max_size=LARGEST + 2**20
    )


async def read(asked: web.BaseRequest) -> Json:
    """Give a request's fields, from its address and its body.

    Raises:
        Refused: the body is not what it says it is.
    """
    given: Json = dict(asked.query) if asked.query_string else {}
    body = await asked.read()
    if not body:
        return given
    if asked.content_type == "application/json":
        return given | parsed(body)
    if asked.content_type != "application/x-www-form-urlencoded":
        raise Refused("invalid_post_type")
    try:
        form = URL.build(query_string=body.decode(), encoded=True)  # a form reads like a query
    except UnicodeDecodeError as wrong:
        raise Refused("invalid_form_data") from wrong
    return given | dict(form.query)


def parsed(body: bytes) -> Json:
    """Read a JSON body."""
    try:
        fields = json.loads(body)
    except ValueError as wrong:
        raise Refused("invalid_json") from wrong
    if not isinstance(fields, dict):
        raise Refused("json_not_object")
    return fields


def answer(body: Json, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Give an answer in JSON."""
    text = json.dumps(body).encode()
    return web.Response(body=text, status=status, content_type="application/json", headers=headers)


async def cut(asked: web.BaseRequest, body: bytes) -> web.StreamResponse:
    """Close the connection, after one half of the body where there is one."""
    response = web.StreamResponse()
    if body:
        response.content_type = "application/json"
        response.content_length = len(body)
        await response.prepare(asked)
        await response.write(body[: len(body) // 2])
    asked.protocol.force_close()
    return response
