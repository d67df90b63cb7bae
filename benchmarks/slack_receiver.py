"""What `comentor run` receives Slack's events with, by itself: no turns are taken, nothing is sent.

`python -m benchmarks.slack_receiver` reads the settings of its environment.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

from bot.clock import WallClock
from bot.compose import Comentor, compose
from bot.platforms import Event, Realm
from bot.platforms.listening import Listening
from bot.platforms.slack.account import Joined, join
from bot.platforms.slack.arriving import BROUGHT_AGAIN, Arriving, route
from bot.platforms.slack.calls import open_session
from bot.platforms.slack.receiving import NAME
from bot.platforms.slack.sockets import Sockets
from bot.running import stay_light
from bot.running.sides import a_site, serve
from bot.running.strangers import Strangers
from bot.settings import Settings, load_settings
from bot.store.database import open_store
from bot.turn import setup_from


async def receive_alone(settings: Settings) -> None:
    """Receive and commit until ended."""
    store = open_store(settings.database.url)
    comentor = compose(store, setup_from(settings), WallClock(), {})
    session = open_session(2)
    [workspace] = settings.slack.workspaces
    joined = await join(workspace, settings.slack.api_url, session)
    arriving = _arriving(comentor, joined, workspace.signing_secret)
    stay_light()
    print("Ctrl-C ends it.", flush=True)
    if workspace.app_token:
        await Sockets(workspace.app_token, joined.client, arriving).listen()
    else:
        site = a_site(asyncio.Event())
        site.router.routes.append(route(arriving, "/slack/1"))
        await serve(site, settings.server)


def _arriving(comentor: Comentor, joined: Joined, signing_secret: str) -> Arriving:
    realm, now, strangers = Realm(NAME, f"{joined.team}:"), comentor.clock.now, Strangers(comentor)
    listening = Listening(realm.name, NAME, BROUGHT_AGAIN, comentor, now, None, realm.within)

    def meet(event: Event) -> Awaitable[None] | None:
        return _nothing(event) if strangers.is_first(event) else None

    return Arriving(listening, signing_secret, _said, _said, _nothing, meet, _as_it_came)


async def _said(_: str) -> str:
    """Nobody types a command here."""
    return ""


async def _as_it_came(event: Event) -> Event:
    """Nobody types a code here."""
    return event


async def _nothing(_: object) -> None:
    """Open no window, and greet no stranger."""


if __name__ == "__main__":
    asyncio.run(receive_alone(load_settings(None)))
