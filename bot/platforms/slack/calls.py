"""Calls to Slack's Web API: one shared session, no retries but ours, and troubles by their meaning.

The SDK would post again where an answer is lost, without telling anybody; so its retries are off.
What is posted as JSON, as all that is said is, goes straight to the session: the SDK's own way
there took as long as drawing a message twice.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any, TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.platforms import AnswerLost, NotNow, Refused, Unreached, Unsendable

T = TypeVar("T")
SECONDS = 15.0
"""Until an answer counts as lost."""
KEPT_OPEN = 30.0
"""Seconds that an idle connection is kept."""
NOBODY = frozenset(
    {
        "account_inactive",
        "cannot_dm_bot",
        "channel_not_found",
        "is_archived",
        "not_in_channel",
        "restricted_action",
        "team_access_not_granted",
        "team_not_found",
        "token_revoked",
        "user_disabled",
        "user_not_found",
        "user_not_visible",
    }
)
"""Nobody is there: they left, or the app was removed (docs.slack.dev, chat.postMessage, errors)."""
NOT_TAKEN = frozenset(
    {
        "access_denied",
        "enterprise_is_restricted",
        "invalid_auth",
        "missing_scope",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "team_added_to_org",
        "token_expired",
        "two_factor_setup_required",
    }
)
"""The account is not taken as it is; somebody can mend that."""
MAY_BE_THERE = frozenset(
    {"fatal_error", "internal_error", "request_timeout", "service_unavailable"}
)
"""Slack says of these that some of it may have been done before."""
AFTER_NOT_TAKEN = timedelta(minutes=1)


POST = "chat.postMessage"
"""What all that is sent goes through; any other method may rest alone."""
NEARLY = 0.1
"""Seconds that are waited for rather than refused: two clocks need not agree to the millisecond."""


class Resting(SlackClientError):
    """Slack asked that a method be left alone, and the time is not over."""

    def __init__(self, method: str, left: float) -> None:
        """Keep which one it is, and for how many seconds more."""
        super().__init__(f"{method} rests")
        self.method, self.left = method, left


class Client(AsyncWebClient):
    """Calls in one workspace; a method that Slack asked a pause for is not called before its end.

    The pause is meant for that method in that workspace (docs.slack.dev, rate limits).
    """

    def __init__(self, token: str, api_url: str, session: aiohttp.ClientSession) -> None:
        """Speak with a token, over the session that all share."""
        super().__init__(
            token, base_url=f"{api_url.rstrip('/')}/", session=session, retry_handlers=[]
        )
        self._shared = session
        self._with_json = {
            **self.headers,
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json;charset=utf-8",
        }
        self._opens: dict[str, float] = {}

    async def api_call(self, api_method: str, **how: Any) -> AsyncSlackResponse:
        """Call a method; every call goes through here. Raises Resting, SlackClientError."""
        now = asyncio.get_running_loop().time
        left = self._opens.get(api_method, 0.0) - now()
        if left > NEARLY:
            raise Resting(api_method, left)
        if left > 0:
            await asyncio.sleep(left)
        try:
            if how.keys() == {"json"}:
                return await self._post(api_method, how["json"])
            return await super().api_call(api_method, **how)
        except SlackApiError as error:
            if _asks_for_a_pause(error):
                self._opens[api_method] = now() + _retry_after(error).total_seconds()
            raise

    async def _post(self, method: str, fields: Mapping[str, Any]) -> AsyncSlackResponse:
        url, body = f"{self.base_url}{method}", json.dumps(fields).encode()
        posting = self._shared.post(url, data=body, headers=self._with_json, proxy=self.proxy)
        async with posting as answer:
            said = _read(await answer.read())
        found = AsyncSlackResponse(
            client=self,
            http_verb="POST",
            api_url=url,
            req_args={},
            data=said,
            headers=dict(answer.headers),
            status_code=answer.status,
        )
        found.validate()  # type: ignore[no-untyped-call]
        return found


def _read(answer: bytes) -> dict[str, Any]:
    """Give what an answer says; a page that something between us put in its place says nothing."""
    try:
        said = json.loads(answer)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


class NotTaken(NotNow):
    """Slack does not take the account as it is; waiting alone will not mend it."""


def open_session(connections: int) -> aiohttp.ClientSession:
    """Give the one session that all calls share, with at most so many connections."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=connections, keepalive_timeout=KEPT_OPEN),
        timeout=aiohttp.ClientTimeout(total=SECONDS, sock_connect=10),
        cookie_jar=aiohttp.DummyCookieJar(),
    )


async def call(client: AsyncWebClient, method: str, **fields: Any) -> Mapping[str, Any]:
    """Call a method with JSON and give the answer.

    Raises Refused, Unsendable, NotNow or AnswerLost.
    """
    answer = await heeding(lambda: client.api_call(method, json=fields))
    data: Mapping[str, Any] = answer.data  # type: ignore[assignment]
    return data


async def heeding(work: Callable[[], Awaitable[T]]) -> T:
    """Do something with Slack; what it answers is told in the house's own words."""
    try:
        return await work()
    except SlackApiError as error:
        raise _meant(error) from None
    except Resting as rest:
        raise _a_pause(rest.method, timedelta(seconds=rest.left)) from None
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
        raise Unreached(f"no connection: {type(error).__name__}") from None
    except (aiohttp.ClientError, TimeoutError, SlackClientError):
        raise AnswerLost from None


def _meant(error: SlackApiError) -> Exception:
    status, data, why = int(error.response.status_code), _data(error), _why(error)
    method = str(error.response.api_url).rpartition("/")[2]
    if _asks_for_a_pause(error):
        return _a_pause(method, _retry_after(error))
    if why in NOBODY:
        return Refused(why)
    if why in NOT_TAKEN:
        refusal = NotTaken(_not_taken(why, data), AFTER_NOT_TAKEN)
        refusal.is_for_all = method == POST or why != "missing_scope"
        return refusal
    if why in MAY_BE_THERE or status >= 500 or not why:
        return AnswerLost()
    return Unsendable(why)


def _data(error: SlackApiError) -> Mapping[str, Any]:
    return error.response.data if isinstance(error.response.data, dict) else {}


def _why(error: SlackApiError) -> str:
    return str(_data(error).get("error", ""))


def _asks_for_a_pause(error: SlackApiError) -> bool:
    return int(error.response.status_code) == 429 or _why(error) in ("ratelimited", "rate_limited")


def _a_pause(method: str, pause: timedelta) -> NotNow:
    trouble = NotNow("asked for a pause", pause)
    trouble.is_for_all = method == POST
    return trouble


def _not_taken(why: str, data: Mapping[str, Any]) -> str:
    needed = data.get("needed")
    return f"{why}: {needed}" if why == "missing_scope" and needed else why


def _retry_after(error: SlackApiError) -> timedelta:
    """Give the pause that Slack asks for (docs.slack.dev, rate limits)."""
    headers = {name.lower(): value for name, value in error.response.headers.items()}
    try:
        return timedelta(seconds=float(headers.get("retry-after", "1")))
    except ValueError:
        return timedelta(seconds=1)
