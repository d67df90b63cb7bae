"""Installing the one app by OAuth: Bolt's flow, stores of ours, and a page in words at its end."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urljoin

import aiohttp
import structlog
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from slack_bolt import BoltResponse
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.error import BoltError
from slack_bolt.oauth.async_callback_options import (
    AsyncCallbackOptions,
    AsyncFailureArgs,
    AsyncSuccessArgs,
)
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.errors import SlackClientError
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.compose import Comentor
from bot.markup import plain
from bot.platforms.slack.account import SCOPES
from bot.saying import nobody
from bot.settings import Slack
from bot.store.installations import Installed, Seal, take_begun, write_begun, write_installed

log = structlog.get_logger()
INSTALL, BACK = "/slack/install", "/slack/oauth_redirect"
TEN_MINUTES = timedelta(minutes=10)
"""As long as Slack's own code is good for (docs.slack.dev, Installing with OAuth)."""
STALE = ("invalid_state", "invalid_browser", "missing_code", "invalid_code")
"""Bolt's reasons (AsyncOAuthFlow) that beginning anew mends."""
HEADERS = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",  # the address holds the code and the state
    "x-content-type-options": "nosniff",
}
_PAGE = Environment(
    loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
).get_template("slack_page.html")


def at(slack: Slack, path: str) -> str:
    """Give the public address of a path of ours."""
    return f"{slack.public_url.rstrip('/')}{path}"


class Unfit(BoltError):
    """An installation that cannot be served; the message is the line that says why."""


@dataclass(frozen=True, slots=True)
class Installing:
    """What an administrator's browser asks for on the way."""

    comentor: Comentor
    slack: Slack
    client: AsyncWebClient
    seal: Seal
    installed: Callable[[], object]
    """Told when a workspace was kept."""
    flow: AsyncOAuthFlow = field(init=False)

    def __post_init__(self) -> None:
        """Have Bolt lead through it."""
        settings = AsyncOAuthSettings(
            client_id=self.slack.client_id,
            client_secret=self.slack.client_secret,
            scopes=SCOPES,
            user_scopes=(),
            redirect_uri=at(self.slack, BACK),
            install_path=INSTALL,
            install_page_rendering_enabled=False,
            redirect_uri_path=BACK,
            callback_options=AsyncCallbackOptions(self._succeeded, self._failed),
            authorization_url=urljoin(
                f"{self.slack.api_url.rstrip('/')}/", "../oauth/v2/authorize"
            ),
            installation_store=_Installations(self.comentor, self.seal),
            state_store=_States(self.comentor),
            state_expiration_seconds=int(TEN_MINUTES.total_seconds()),
        )
        flow = AsyncOAuthFlow(client=self.client, logger=_quiet_logger(), settings=settings)
        object.__setattr__(self, "flow", flow)

    def routes(self) -> list[Route]:
        """Give the page that sends to Slack, and the one that Slack sends back to."""
        return [
            Route(INSTALL, self._led(self.flow.handle_installation), methods=["GET"]),
            Route(BACK, self._led(self.flow.handle_callback), methods=["GET"]),
        ]

    def _led(
        self, step: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def asked(request: Request) -> Response:
            try:
                return to_starlette_response(await step(to_async_bolt_request(request, b"")))
            except (SQLAlchemyError, aiohttp.ClientError, SlackClientError, TimeoutError) as error:
                log.warning("an installation failed", why=type(error).__name__)
                return to_starlette_response(self._page("slack_install_failed", 503))

        return asked

    async def _succeeded(self, args: AsyncSuccessArgs) -> BoltResponse:
        log.info("the app was installed", workspace=args.installation.team_id)
        self.installed()
        name = args.installation.team_name or ""
        page = self._page("slack_installed", 200, name)
        page.headers["set-cookie"] = [args.settings.state_utils.build_set_cookie_for_deletion()]
        return page

    async def _failed(self, args: AsyncFailureArgs) -> BoltResponse:
        line, status = "slack_install_failed", args.suggested_status_code
        if isinstance(args.error, Unfit):
            line, status = str(args.error), 400
        elif args.reason == "access_denied":
            line = "slack_install_denied"
        elif args.reason in STALE:
            line = "slack_install_stale"
        log.info("nothing was installed", why=line)
        return self._page(line, status)

    def _page(self, line: str, status: int, workspace: str = "") -> BoltResponse:
        words, programme = self.comentor.setup.words.usual, self.comentor.setup.programme.name
        values = {"workspace": workspace, "programme": programme}
        options = () if line == "slack_installed" else ("again",)
        said = words.render(line, values, nobody(words.language), options)
        body = _PAGE.render(
            language=words.language,
            title=programme,
            paragraphs=plain(said.runs).split("\n\n"),
            again="".join(said.labels),
            install=at(self.slack, INSTALL),
        )
        return BoltResponse(status=status, body=body, headers=dict(HEADERS))


class _Installations(AsyncInstallationStore):
    """Ours; of what Bolt's flow asks for, it only ever saves."""

    def __init__(self, comentor: Comentor, seal: Seal) -> None:
        self._comentor, self._seal = comentor, seal

    async def async_save(self, installation: Installation) -> None:
        """Keep a workspace. Raises Unfit."""
        if installation.is_enterprise_install or not installation.team_id:
            raise Unfit("slack_install_one_workspace")
        if not (installation.bot_token and installation.bot_id):
            raise Unfit("slack_install_failed")
        if installation.bot_token_expires_at is not None:
            log.warning("the app's tokens run out: make one without token rotation")
            raise Unfit("slack_install_failed")
        kept = Installed(
            installation.team_id,
            installation.enterprise_id,
            installation.team_name or installation.team_id,
            installation.bot_id,
            installation.bot_user_id or "",
            ",".join(installation.bot_scopes or ()),
            installation.bot_token,
            self._comentor.clock.now(),
        )
        await self._comentor.writer.run(lambda session: write_installed(session, self._seal, kept))


class _States(AsyncOAuthStateStore):
    """Ours: each works once, for ten minutes."""

    def __init__(self, comentor: Comentor) -> None:
        self._comentor = comentor

    async def async_issue(self, *_: object, **__: object) -> str:
        """Give a new one."""
        state, now = secrets.token_urlsafe(32), self._comentor.clock.now()
        await self._comentor.writer.run(
            lambda session: write_begun(session, state, now, now + TEN_MINUTES)
        )
        return state

    async def async_consume(self, state: str) -> bool:
        """Whether it is one of ours, in time and for the first time."""
        now = self._comentor.clock.now()
        return await self._comentor.writer.run(lambda session: take_begun(session, state, now))


class _WithoutCode(logging.Filter):
    """Bolt logs the code that Slack would not take, which may still be good."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = re.sub(r"code: \S+", "code: …", str(record.msg))
        return True


def _quiet_logger() -> logging.Logger:
    logger = logging.getLogger("comentor.slack.oauth")
    if not logger.filters:
        logger.addFilter(_WithoutCode())
    return logger
