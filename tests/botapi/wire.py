"""The server's HTTP: bodies of every form the Bot API takes, answers, and broken connections."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http_parser import RawRequestMessage
from aiohttp.streams import StreamReader
from aiohttp.web_protocol import RequestHandler
from yarl import URL  # aiohttp's own; it reads forms thrice as fast as the standard library

from tests.botapi.methods import Upload, Uploads
from tests.botapi.refusals import bad
from tests.botapi.state import Json

LARGEST = 50 * 2**20  # bytes of one upload: core.telegram.org/bots/api#sending-files


@dataclass(slots=True)
class Counts:
    """What was asked of the server, for whoever measures."""

    connections: int = 0
    requests: Counter[str] = field(default_factory=Counter)
    refusals: Counter[int] = field(default_factory=Counter)
    sends: list[float] = field(default_factory=list)
    """When each send was accepted: Unix seconds of the real clock."""
    in_flight: int = 0
    most_in_flight: int = 0

    @contextmanager
    def one_in_flight(self) -> Iterator[None]:
        """Count one request while it is worked on; a reader of updates is none."""
        self.in_flight += 1
        self.most_in_flight = max(self.in_flight, self.most_in_flight)
        try:
            yield
        finally:
            self.in_flight -= 1


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
    """Make a request that may carry a document."""
    loop = asyncio.get_running_loop()
    return web.BaseRequest(
        message, payload, protocol, writer, task, loop, client_max_size=LARGEST + 2**20
    )


async def read(asked: web.BaseRequest) -> tuple[Json, Uploads]:
    """Give a request's fields, from its address and its body, and the files in it.

    Raises:
        Refused: the body is not what it says it is.
    """
    given: Json = dict(asked.query) if asked.query_string else {}
    if asked.content_type == "multipart/form-data":
        fields, uploads = await parts(asked)
        return given | fields, uploads
    body = await asked.read()
    if asked.content_type == "application/json":
        return given | parsed(body), {}
    try:
        form = URL.build(query_string=body.decode(), encoded=True)  # a form reads like a query
    except UnicodeDecodeError as wrong:
        raise bad("strings must be encoded in UTF-8") from wrong
    return given | dict(form.query), {}


def parsed(body: bytes) -> Json:
    """Read a JSON body."""
    try:
        fields = json.loads(body or b"{}")
    except ValueError as wrong:
        raise bad("can't parse request body as JSON object") from wrong
    if not isinstance(fields, dict):
        raise bad("can't parse request body as JSON object")
    return fields


async def parts(asked: web.BaseRequest) -> tuple[Json, Uploads]:
    """Read a multipart body: a file that stands where a field would is attached to it."""
    fields: Json = {}
    uploads: dict[str, Upload] = {}
    try:
        form = await asked.post()
    except ValueError as wrong:
        raise bad("can't parse multipart body") from wrong
    for name, value in form.items():
        if isinstance(value, web.FileField):
            uploads[name] = Upload(value.filename, value.content_type, value.file.read())
        else:
            fields[name] = value
    # Also inside a list of files, which comes as JSON.
    taken = " ".join(value for value in fields.values() if isinstance(value, str))
    for name in uploads:
        if f"attach://{name}" not in taken:
            fields[name] = f"attach://{name}"
    return fields, uploads


def answer(body: Json, status: int = 200) -> web.Response:
    """Give an answer in JSON, with HTTP's status equal to the error's code."""
    text = json.dumps(body).encode()
    return web.Response(body=text, status=status, content_type="application/json")


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
