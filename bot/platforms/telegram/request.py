"""HTTP for python-telegram-bot on aiohttp, which keeps its speed with many requests at once.

What went wrong is told apart by what it means for a message: it was never sent, or its answer was
lost and nobody knows.
"""

from __future__ import annotations

import json
from typing import Any

import aiohttp
from telegram._utils.defaultvalue import DEFAULT_NONE, DefaultValue
from telegram._utils.types import ODVInput
from telegram.error import NetworkError
from telegram.request import BaseRequest, RequestData

KEPT_OPEN = 30.0
"""Seconds that an idle connection is kept; the other side closes it later than that."""


class NeverSent(NetworkError):
    """No connection could be made, so nothing was said."""


class Lost(NetworkError):
    """It was sent and no whole answer came: it may have been taken or not."""


class AiohttpRequest(BaseRequest):
    """One shared session with at most `connections` connections."""

    def __init__(self, connections: int, seconds: float = 15.0) -> None:
        """Keep how many connections, and how long an answer may take."""
        self._connections = connections
        self._seconds = seconds
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds until an answer counts as lost."""
        return self._seconds

    async def initialize(self) -> None:
        """Open the session, in the event loop that will use it."""
        if self._session is None or self._session.closed:
            connector = aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=KEPT_OPEN)
            # What is on disk or in cookies has no place in a conversation with a platform.
            self._session = aiohttp.ClientSession(
                connector=connector, cookie_jar=aiohttp.DummyCookieJar()
            )

    async def shutdown(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = DEFAULT_NONE,
        write_timeout: ODVInput[float] = DEFAULT_NONE,
        connect_timeout: ODVInput[float] = DEFAULT_NONE,
        pool_timeout: ODVInput[float] = DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Give the status and the body.

        Raises NeverSent, Lost, or NetworkError for a page that some other server shows; none of
        them holds the address, of which the token is a part.
        """
        await self.initialize()
        seconds = self._seconds if isinstance(read_timeout, DefaultValue) else read_timeout
        timeout = aiohttp.ClientTimeout(total=seconds, sock_connect=10)
        try:
            async with self._opened().request(
                method, url, timeout=timeout, **_body(request_data)
            ) as answer:
                body = await answer.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NeverSent(f"no connection: {type(error).__name__}") from None
        except TimeoutError:
            raise Lost(f"no answer within {seconds:g} s") from None
        except aiohttp.ClientError as error:
            raise Lost(f"the answer broke off: {type(error).__name__}") from None
        if answer.content_type != "application/json":
            # The library would log all of it, and take a page not found for a wrong token.
            raise NetworkError(f"{answer.status} {answer.reason}, and no answer of a Bot API")
        return answer.status, body

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("initialize() comes first")
        return self._session


def _body(data: RequestData | None) -> dict[str, Any]:
    """Give what is posted: JSON, which is parsed faster than a form, or a form where files go."""
    if data is None:
        return {}
    if not data.contains_files:
        return {
            "data": json.dumps(data.parameters).encode(),
            "headers": {"Content-Type": "application/json"},
        }
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (file_name, content, media_type) in data.multipart_data.items():
        form.add_field(name, content, filename=file_name, content_type=media_type)
    return {"data": form}
