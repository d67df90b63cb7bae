"""Slack's side of a running comentor: each workspace with its courier, its pages and its ears."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import aiohttp
import structlog

from bot.answering import asking_runs
from bot.compose import Comentor
from bot.home_page import HomePage
from bot.live import Courier
from bot.markup import Run
from bot.pace import Pace
from bot.platforms import Event, Realm
from bot.platforms.listening import Listening
from bot.platforms.slack.account import (
    TROUBLES,
    Joined,
    SlackTrouble,
    findings,
    join,
    same_twice,
)
from bot.platforms.slack.arriving import BROUGHT_AGAIN, Arriving, route
from bot.platforms.slack.calls import call, open_session
from bot.platforms.slack.modals import modal_for
from bot.platforms.slack.receiving import NAME, Window
from bot.platforms.slack.sending import SlackPlatform
from bot.platforms.slack.sockets import Sockets
from bot.platforms.slack.words import to_text
from bot.running.sides import Side, Work
from bot.running.slack_homes import Homes
from bot.running.strangers import Strangers
from bot.running.trouble import RunTrouble
from bot.saying import nobody
from bot.settings import Settings, Workspace
from bot.store.state import heard_at

log = structlog.get_logger()
CONNECTIONS = 64
APART = 1.02
"""Seconds between two messages to one conversation: about one a second (docs.slack.dev)."""
REDRAWN_A_SECOND = 0.8
"""chat.update: tier 3, 50 and more a minute."""
PATH = "/slack"
LONGEST_PAUSE = 60.0


def in_slack(settings: Settings) -> bool:
    """Whether people are to be met in Slack."""
    return any(each.bot_token for each in settings.slack.workspaces)


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
    except RunTrouble:
        await session.close()
        raise
    work: list[Work] = []
    routes, stirred = [], []
    for number, place in enumerate(places, 1):
        say(f"In Slack's workspace {place.joined.name}")
        courier = _courier(comentor, settings, place)
        homes = Homes(comentor, place.realm, place.joined)
        arriving = await _arriving(comentor, place, homes)
        work += [courier.run, homes.keep_drawn]
        stirred += [courier.stirred, homes.stirred]
        if place.workspace.app_token:
            work.append(Sockets(place.workspace.app_token, place.joined.client, arriving).listen)
        else:
            routes.append(route(arriving, f"{PATH}/{number}"))

    def stir() -> None:
        for each in stirred:
            each.set()

    return Side(work, routes, stir, session.close)


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
        return [each for wrong in found for each in wrong]
    finally:
        await session.close()


def _courier(comentor: Comentor, settings: Settings, place: Place) -> Courier:
    return Courier(
        place.realm,
        place.realm.name,
        SlackPlatform(place.joined.client, comentor.setup.words),
        Pace(settings.slack.a_minute / 60, APART),
        comentor.store,
        comentor.writer,
        comentor.setup,
        comentor.clock,
        comentor.stirred.set,
        redraws=Pace(REDRAWN_A_SECOND, 0.0),
    )


async def _arriving(comentor: Comentor, place: Place, homes: Homes) -> Arriving:
    realm, words = place.realm, comentor.setup.words
    strangers = Strangers(comentor)
    heard = await comentor.writer.run(lambda session: heard_at(session, realm.name))
    now = comentor.clock.now
    elsewhere = words.render("answered_in_our_chat", {}, nobody(words.language))
    return Arriving(
        Listening(realm.name, NAME, BROUGHT_AGAIN, comentor, now, heard, realm.within),
        place.workspace.signing_secret,
        "".join(run.text for run in elsewhere.runs),
        lambda window: _open(comentor, place, window),
        lambda event: _meet(strangers, place, homes, event),
    )


async def _meet(strangers: Strangers, place: Place, homes: Homes, event: Event) -> None:
    """Say a stranger's kind line, where they write or on their page; ours need none."""
    if not await strangers.is_new(event):
        return
    words = strangers.comentor.setup.words
    runs = words.render("stranger", {}, nobody(words.language)).runs
    user = event.address.partition(":")[2]
    try:
        if event.kind == "looked":
            await homes.publish(user, HomePage((runs,), ()))
        else:
            await call(place.joined.client, "chat.postMessage", channel=user, text=to_text(runs))
    except TROUBLES as trouble:
        log.info("a stranger was not greeted", why=str(trouble))


async def _open(comentor: Comentor, place: Place, window: Window) -> None:
    """Open the window that somebody asked for; where that fails they can write in the chat."""
    runs = await asyncio.to_thread(_asked, comentor, window)
    if runs is None:
        return
    view = modal_for(window.question, runs, comentor.setup.words)
    try:
        await call(place.joined.client, "views.open", trigger_id=window.trigger, view=view)
    except TROUBLES as trouble:
        log.info("a window could not be opened", why=str(trouble))


def _asked(comentor: Comentor, window: Window) -> Sequence[Run] | None:
    with comentor.store.reading() as session:
        return asking_runs(session, NAME, window.address, window.question)
