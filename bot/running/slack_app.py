"""The one app of Slack that many workspaces install: its way in, and what is wrong with it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Container
from contextlib import closing

import aiohttp
from sqlalchemy.orm import Session

from bot.compose import Comentor
from bot.platforms.slack.account import TROUBLES, findings, who_is
from bot.platforms.slack.arriving import Arriving
from bot.platforms.slack.calls import Client
from bot.running.slack_oauth import INSTALL, Installing, at
from bot.running.slack_outpost import Part, saying, way_in_for
from bot.running.slack_places import named_in
from bot.running.slack_workspaces import Workspaces
from bot.running.strangers import Strangers
from bot.running.trouble import RunTrouble
from bot.settings import Settings, Workspace
from bot.store.database import open_store
from bot.store.installations import Found, Installed, Seal, installed_in, seal_again

EVENTS = "/slack/events"
_OTHER_KEY = (
    "{name}: its token was encrypted with a key that is not in slack.keys. Put that key back "
    "behind the others, or install the app there again."
)
_NOT_THERE = "{name}: Slack does not let the app in ({why}). Install it there again, at {address}"


async def slack_app(
    comentor: Comentor,
    settings: Settings,
    session: aiohttp.ClientSession,
    listed: Container[str],
    say: Callable[[str], object],
) -> Part:
    """Give the app's part. `listed` are the workspaces that have an app of their own.

    Raises RunTrouble: no token can be read with the keys that there are, and nobody is elsewhere.
    """
    seal = Seal(settings.slack.keys)
    found = await comentor.writer.run(lambda session: seal_again(session, seal))
    _tell_unreadable(settings, found, say)
    workspaces = Workspaces(comentor, settings, session, seal, listed, say)
    strangers = Strangers(comentor)
    arriving = Arriving(
        workspaces,
        settings.slack.signing_secret,
        saying(comentor, "answered_in_our_chat"),
        saying(comentor, "outsider"),
        workspaces.open,
        lambda event: workspaces.meet(strangers, event),
        workspaces.look_up,
    )
    nobody = Client("", settings.slack.api_url, session)
    way_in = way_in_for(arriving, settings.slack.app_token, nobody, EVENTS)
    installing = Installing(comentor, settings.slack, nobody, seal, workspaces.stirred.set)
    say(f"Slack's app is installed at {at(settings.slack, INSTALL)}")
    return Part(
        (workspaces.keep, *way_in.work),
        (*installing.routes(), *way_in.routes),
        workspaces.stir,
    )


def _tell_unreadable(settings: Settings, found: Found, say: Callable[[str], object]) -> None:
    """Say whose token cannot be read. Raises RunTrouble: there is nobody else to be there for."""
    wrong = [_OTHER_KEY.format(name=name) for name in found.unreadable]
    others = found.installed or settings.telegram.token or named_in(settings)
    if wrong and not others:
        raise RunTrouble("\n".join(wrong))
    for each in wrong:
        say(each)


async def look_over_app(
    settings: Settings, session: aiohttp.ClientSession, say: Callable[[str], object]
) -> list[str]:
    """Say where the app is installed, and give what is not in order. Raises DatabaseTrouble."""
    say(f"Slack's app is installed at {at(settings.slack, INSTALL)}")
    found, unreadable = await asyncio.to_thread(_look_up, settings)
    wrong = await asyncio.gather(*(_look_over(settings, session, each, say) for each in found))
    return [*unreadable, *(each for some in wrong for each in some)]


def _look_up(settings: Settings) -> tuple[list[Installed], list[str]]:
    with closing(open_store(settings.database.url)) as store, store.reading() as session:
        return of_the_app(session, settings)


def of_the_app(session: Session, settings: Settings) -> tuple[list[Installed], list[str]]:
    """Give the workspaces that the app is in, and in words which of them cannot be read.

    None where there is no such app.
    """
    if not settings.slack.client_id:
        return [], []
    found = installed_in(session, Seal(settings.slack.keys))
    return found.installed, [_OTHER_KEY.format(name=name) for name in found.unreadable]


async def _look_over(
    settings: Settings,
    session: aiohttp.ClientSession,
    installed: Installed,
    say: Callable[[str], object],
) -> list[str]:
    slack = settings.slack
    try:
        joined = await who_is(Client(installed.token, slack.api_url, session))
    except TROUBLES as trouble:
        why = str(trouble) or "its answer was lost"
        return [_NOT_THERE.format(name=installed.name, why=why, address=at(slack, INSTALL))]
    say(f"In Slack's workspace {joined.name} ({joined.url})")
    workspace = Workspace(
        name=installed.name or installed.team_id,
        app_token=slack.app_token,
        signing_secret=slack.signing_secret,
    )
    return [str(each) for each in await findings(workspace, joined)]
