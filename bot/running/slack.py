"""Slack's side of a running comentor: each workspace with its courier, its pages and its ears."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

from bot.compose import Comentor
from bot.platforms.slack.account import Joined, findings
from bot.platforms.slack.calls import open_session
from bot.running.sides import Side
from bot.running.slack_app import look_over_app, slack_app
from bot.running.slack_listed import Listed
from bot.running.slack_outpost import Part
from bot.running.slack_places import Places, faults_of, find_all, named_in
from bot.running.trouble import RunTrouble
from bot.settings import Settings

CONNECTIONS = 64
PATIENCE = 5.0
"""Seconds that a start waits for Slack before it goes on without."""


def in_slack(settings: Settings) -> bool:
    """Whether people are to be met in Slack."""
    listed = any(each.bot_token for each in settings.slack.workspaces)
    return listed or bool(settings.slack.client_id)


def is_called(settings: Settings) -> bool:
    """Whether anything is to call this server: Telegram, Slack, or who installs the app."""
    by_slack = any(each.bot_token and not each.app_token for each in settings.slack.workspaces)
    return bool(settings.telegram.webhook_url or settings.slack.client_id or by_slack)


async def slack_side(comentor: Comentor, settings: Settings, say: Callable[[str], object]) -> Side:
    """Give Slack's part; a workspace that something stands in the way of waits by itself.

    Raises RunTrouble: nobody at all could be served.
    """
    session = open_session(CONNECTIONS)
    places = Places(settings.slack.api_url, session)
    listed = [
        Listed(comentor, settings, places, each, number, say)
        for number, each in enumerate(named_in(settings), 1)
    ]
    looks = [asyncio.create_task(places.look(each.workspace)) for each in listed]
    try:
        if looks:
            await asyncio.wait(looks, timeout=PATIENCE)
        _refuse_if_alone(settings, looks)
        parts = [
            Part([partial(each.keep, look)], each.routes, each.stir)
            for each, look in zip(listed, looks, strict=True)
        ]
        if settings.slack.client_id:
            parts.append(await slack_app(comentor, settings, session, places.taken, say))
    except RunTrouble:
        for look in looks:
            look.cancel()
        await session.close()
        raise

    def stir() -> None:
        for each in parts:
            each.stir()

    work = [each for part in parts for each in part.work]
    routes = [each for part in parts for each in part.routes]
    return Side(work, routes, stir, session.close)


def _refuse_if_alone(settings: Settings, looks: Sequence[asyncio.Task[Joined]]) -> None:
    """Refuse to be there for nobody: what is wrong is better told at once than tried for ever."""
    wrong = faults_of(looks)
    if settings.telegram.token or settings.slack.client_id or len(wrong) < len(looks):
        return
    raise RunTrouble("\n".join(wrong))


async def look_over_slack(settings: Settings, say: Callable[[str], object]) -> list[str]:
    """Say in which workspaces the app is, and give what is not in order."""
    session = open_session(CONNECTIONS)
    try:
        places, wrong = await find_all(settings, session)
        for _, joined in places:
            say(f"In Slack's workspace {joined.name} ({joined.url})")
        found = await asyncio.gather(*(findings(*each) for each in places))
        wrong += [str(each) for some in found for each in some]
        if settings.slack.client_id:
            wrong += await look_over_app(settings, session, say)
        return wrong
    finally:
        await session.close()
