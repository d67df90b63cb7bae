"""Calls to Slack's Web API: one shared session, no retries but ours, and troubles by their meaning.

The SDK would post again where an answer is lost, without telling anybody; so its retries are off.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any, TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

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


class NotTaken(NotNow):
    """Slack does not take the account as it is; waiting alone will not mend it."""


def open_session(connections: int) -> aiohttp.ClientSession:
    """Give the one session that all calls share, with at most so many connections."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=connections, keepalive_timeout=KEPT_OPEN),
        timeout=aiohttp.ClientTimeout(total=SECONDS, sock_connect=10),
        cookie_jar=aiohttp.DummyCookieJar(),
    )


def a_client(token: str, api_url: str, session: aiohttp.ClientSession) -> AsyncWebClient:
    """Give what makes calls with a token."""
    return AsyncWebClient(
        token, base_url=f"{api_url.rstrip('/')}/", session=session, retry_handlers=[]
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
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
        raise Unreached(f"no connection: {type(error).__name__}") from None
    except (aiohttp.ClientError, TimeoutError, SlackClientError):
        raise AnswerLost from None


def _meant(error: SlackApiError) -> Exception:
    status = int(error.response.status_code)
    data = error.response.data if isinstance(error.response.data, dict) else {}
    why = str(data.get("error", ""))
    if status == 429 or why in ("ratelimited", "rate_limited"):
        return NotNow("asked for a pause", _retry_after(error))
    if why in NOBODY:
        return Refused(why)
    if why in NOT_TAKEN:
        return NotTaken(_not_taken(why, data), AFTER_NOT_TAKEN)
    if why in MAY_BE_THERE or status >= 500 or not why:
        return AnswerLost()
    return Unsendable(why)


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
