"""Where people come in: the bot's address in Telegram, and that of the app in each workspace."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import closing

from bot.cohort.cards import Door, Doors
from bot.platforms.slack.account import TROUBLES, Joined, who_is
from bot.platforms.slack.calls import Client, call, open_session
from bot.running.slack import CONNECTIONS, in_slack
from bot.running.slack_app import of_the_app
from bot.running.slack_places import find_all
from bot.running.telegram import address_of
from bot.settings import Settings
from bot.store.database import open_store
from bot.store.installations import Installed

APP = "https://slack.com/app_redirect?app={app}&team={team}"
"""Opens somebody's conversation with the app: docs.slack.dev, deep linking."""
_NOT_THERE = "{name}: Slack does not say where the app is there ({why}). No invitation leads there."


def doors_of(settings: Settings, bot: str | None, say: Callable[[str], object]) -> Doors:
    """Give the doors of each platform that is set; `bot` is the address in Telegram, if known.

    Says which workspaces have none, and why. Raises RunTrouble, DatabaseTrouble.
    """
    doors: dict[str, Sequence[Door]] = {}
    if bot is not None or settings.telegram.token or not in_slack(settings):
        doors["telegram"] = [Door("", bot or asyncio.run(address_of(settings)))]
    if in_slack(settings):
        with closing(open_store(settings.database.url)) as store, store.reading() as session:
            installed, unreadable = of_the_app(session, settings)
        for each in unreadable:
            say(each)
        doors["slack"] = asyncio.run(_in_slack(settings, installed, say))
    return doors


async def _in_slack(
    settings: Settings, installed: Sequence[Installed], say: Callable[[str], object]
) -> list[Door]:
    async with open_session(CONNECTIONS) as session:
        found, wrong = await find_all(settings, session)
        there = {joined.team for _, joined in found}
        asked = [_door(each.name, joined.client, joined) for each, joined in found]
        asked += [
            _door(each.name, Client(each.token, settings.slack.api_url, session))
            for each in installed
            if each.team_id not in there
        ]
        doors = [await each for each in asked]
    for said in [*wrong, *(each for each in doors if isinstance(each, str))]:
        say(said)
    return [each for each in doors if isinstance(each, Door)]


async def _door(name: str, client: Client, joined: Joined | None = None) -> Door | str:
    """Give a workspace's door, or why there is none."""
    try:
        joined = joined or await who_is(client)
        bot = await call(client, "bots.info", bot=joined.bot)
    except TROUBLES as trouble:
        return _NOT_THERE.format(name=name, why=str(trouble) or "its answer was lost")
    return Door(joined.name, APP.format(app=bot["bot"]["app_id"], team=joined.team))
