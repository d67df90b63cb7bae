"""Installing by OAuth: the page that sends straight back, and the code that becomes a token."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from tests.slackapi.refusals import Refused
from tests.slackapi.state import Json

if TYPE_CHECKING:
    from tests.slackapi.server import SlackApi
    from tests.slackapi.workspaces import App, Workspace

CODE_LIFE = 600.0  # seconds: docs.slack.dev/authentication/installing-with-oauth


@dataclass(slots=True, eq=False)
class Code:
    """What an administrator's consent is told by."""

    app: App
    workspace: Workspace
    scopes: frozenset[str]
    redirect: str
    expires: float
    used: bool = False


def authorize(api: SlackApi, request: web.BaseRequest) -> web.Response:
    """Consent as the administrator of `team`, or of the app's first workspace without the app.

    `api.denies` makes them refuse.
    """
    asked = request.query
    app = next(
        (each for each in api.apps.values() if each.client_id == asked.get("client_id")), None
    )
    if app is None:
        return web.Response(status=400, text="invalid client_id parameter")
    back, state = asked.get("redirect_uri", ""), {"state": asked.get("state", "")}
    if api.denies:
        return sent_back(back, {"error": "access_denied"} | state)
    every = [each for each in api.workspaces.values() if each.app is app]
    every.sort(key=lambda each: (each.id != asked.get("team"), each.installed))
    name = f"{api.state.name('code.')}.{api.seed}"
    scopes = frozenset(asked.get("scope", "").split(","))
    api.codes[name] = Code(app, every[0], scopes, back, api.state.now + CODE_LIFE)
    return sent_back(back, {"code": name} | state)


def sent_back(address: str, fields: dict[str, str]) -> web.Response:
    """Redirect a browser, keeping what the address carries already."""
    mark = "&" if urlsplit(address).query else "?"
    return web.Response(status=302, headers={"Location": address + mark + urlencode(fields)})


def credentials(request: web.BaseRequest, given: Json) -> Json:
    """Add what the Authorization header says of the app."""
    kind, _, rest = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return given
    name, _, secret = b64decode(rest).decode().partition(":")
    return given | {"client_id": name, "client_secret": secret}


def access(api: SlackApi, given: Json) -> Json:
    """Change a code for a bot's token, once.

    Raises:
        Refused: the app or the code is not who it says.
    """
    app = next((each for each in api.apps.values() if each.client_id == given["client_id"]), None)
    if app is None:
        raise Refused("invalid_client_id")
    if given["client_secret"] != app.client_secret:
        raise Refused("bad_client_secret")
    code = api.codes.get(given.get("code", ""))
    if code is None or code.app is not app or code.expires < api.state.now:
        raise Refused("invalid_code")
    if code.used:
        raise Refused("code_already_used")
    if code.redirect != given.get("redirect_uri", code.redirect):
        raise Refused("bad_redirect_uri")
    code.used = True
    workspace = code.workspace
    workspace.installs()
    workspace.scopes = code.scopes
    return {
        "access_token": workspace.token,
        "token_type": "bot",
        "app_id": app.id,
        "scope": ",".join(sorted(code.scopes)),
        "bot_user_id": workspace.bot_user,
        "team": {"id": workspace.id, "name": workspace.name},
        "enterprise": None,
        "authed_user": {"id": "U000ADMIN"},
        "is_enterprise_install": False,
    }
