"""Sending many things at once, and the least that it can cost."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from time import perf_counter
from typing import TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")
IN_FLIGHT = 64
Post = Callable[[Mapping[str, object]], Awaitable[None]]


async def sent(send: Callable[[T], Awaitable[object]], people: Sequence[T], count: int) -> float:
    """Give how many a second, over all these people."""
    await send(people[0])
    numbers = iter(range(count))

    async def work() -> None:
        for number in numbers:
            await send(people[number % len(people)])

    began = perf_counter()
    await asyncio.gather(*(work() for _ in range(IN_FLIGHT)))
    return count / (perf_counter() - began)


@asynccontextmanager
async def posting(url: str, **headers: str) -> AsyncIterator[Post]:
    """Post JSON by sockets alone, which tells how much a server takes."""
    at = urlsplit(url)
    tls = ssl.create_default_context() if at.scheme == "https" else None
    more = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = f"POST {at.path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{more}"
    idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def post(fields: Mapping[str, object]) -> None:
        reader, writer = (
            idle.pop() if idle else await asyncio.open_connection(at.hostname, at.port, ssl=tls)
        )
        body = json.dumps(fields)
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
        answer = await reader.readuntil(b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 200"), answer
        await reader.readexactly(int(answer.lower().partition(b"content-length:")[2].split()[0]))
        idle.append((reader, writer))

    yield post
    for _, writer in idle:
        writer.close()
