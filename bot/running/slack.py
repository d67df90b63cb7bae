"""Slack's side of a running comentor: each workspace with its courier, its pages and its ears."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import aiohttp
import structlog

from bot.compose import Comentor
from bot.platforms import Realm
from bot.platforms.slack.account import (
    Joined,
    SlackTrouble,
    findings,
    join,
    same_twice,
)
from bot.platforms.slack.arriving import Arriving
from bot.platforms.slack.calls import open_session
from bot.platforms.slack.receiving import NAME
from bot.running.sides import Side
from bot.running.slack_app import look_over_app, slack_app
from bot.running.slack_outpost import Part, outpost_in, said_elsewhere, way_in_for
from bot.running.strangers import Strangers
from bot.running.trouble import RunTrouble
from bot.settings import Settings, Workspace

log = structlog.get_logger()
CONNECTIONS = 64
PATH = "/slack"
LONGEST_PAUSE = 60.0


def in_slack(settings: Settings) -> bool:
    """Whether people are to be met in Slack."""
    listed = any(each.bot_token for each in settings.slack.workspaces)
    return listed or bool(settings.slack.client_id)


def is_called(settings: Settings) -> bool:
    """Whether anything is to call this server: Telegram, Slack, or who installs the app."""
    by_slack = any(each.bot_token and not each.app_token for each in settings.slack.workspaces)
    return bool(settings.telegram.webhook_url or settings.slack.client_id or by_slack)


@dataclass(frozen=True, slots=True)
class Place:
    """One workspace of the settings, once Slack has said which it is."""

    workspace: Workspace
    joined: Joined

    @property
    def realm(self) -> Realm:
        """Whose addresses all begin with its id."""
        return Realm(NAME, f"{self.joined.team}:")


async def slack_side(comentor: Comentor, settings: Settings, say: Callable[[str], object]) -> Side:
    """Give Slack's part. Raises RunTrouble: a token is not taken, or a workspace is there twice."""
    session = open_session(CONNECTIONS)
    try:
        places = await join_all(settings, session, patient=True)
        parts = [
            await _part_of(comentor, settings, place, number, say)
            for number, place in enumerate(places, 1)
        ]
        if settings.slack.client_id:
            listed = frozenset(place.joined.team for place in places)
            parts.append(await slack_app(comentor, settings, session, listed, say))
    except RunTrouble:
        await session.close()
        raise

    def stir() -> None:
        for each in parts:
            each.stir()

    work = [each for part in parts for each in part.work]
    routes = [each for part in parts for each in part.routes]
    return Side(work, routes, stir, session.close)


async def _part_of(
    comentor: Comentor,
    settings: Settings,
    place: Place,
    number: int,
    say: Callable[[str], object],
) -> Part:
    say(f"In Slack's workspace {place.joined.name}")
    outpost = await outpost_in(comentor, settings, place.joined)
    strangers = Strangers(comentor)
    arriving = Arriving(
        outpost.listening,
        place.workspace.signing_secret,
        said_elsewhere(comentor.setup.words),
        outpost.open,
        lambda event: outpost.meet(strangers, event),
    )
    app_token, client = place.workspace.app_token, place.joined.client
    way_in = way_in_for(arriving, app_token, client, f"{PATH}/{number}")
    return Part((*outpost.work, *way_in.work), way_in.routes, outpost.stir)


async def join_all(
    settings: Settings, session: aiohttp.ClientSession, *, patient: bool
) -> list[Place]:
    """Ask for every workspace at once. Raises RunTrouble with all that is wrong."""
    wanted = [each for each in settings.slack.workspaces if each.bot_token]
    found = await asyncio.gather(
        *(_join(each, settings, session, patient=patient) for each in wanted),
        return_exceptions=True,
    )
    wrong = [each for each in found if isinstance(each, BaseException)]
    for each in wrong:
        if not isinstance(each, SlackTrouble):
            raise each
    joined = [
        (workspace, each)
        for workspace, each in zip(wanted, found, strict=True)
        if isinstance(each, Joined)
    ]
    said = [*map(str, wrong), *same_twice(joined)]
    if said:
        raise RunTrouble("\n".join(said))
    return [Place(*each) for each in joined]


async def _join(
    workspace: Workspace, settings: Settings, session: aiohttp.ClientSession, *, patient: bool
) -> Joined:
    """Ask until there is an answer, if that is wanted."""
    pause = 1.0
    while True:
        try:
            return await join(workspace, settings.slack.api_url, session)
        except SlackTrouble as trouble:
            if trouble.is_final or not patient:
                raise
            log.warning(str(trouble))
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


async def look_over_slack(settings: Settings, say: Callable[[str], object]) -> list[str]:
    """Say in which workspaces the app is, and give what is not in order. Raises RunTrouble."""
    session = open_session(CONNECTIONS)
    try:
        places = await join_all(settings, session, patient=False)
        for place in places:
            say(f"In Slack's workspace {place.joined.name} ({place.joined.url})")
        found = await asyncio.gather(*(findings(each.workspace, each.joined) for each in places))
        if settings.slack.client_id:
            found.append(await look_over_app(settings, session, say))
        return [each for wrong in found for each in wrong]
    finally:
        await session.close()
