"""What comentor has in one workspace of Slack: a courier, people's pages, and an ear."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import structlog
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import SQLAlchemyError
from starlette.routing import Route

from bot.answering import Asking, asking
from bot.compose import Comentor
from bot.home_page import HomePage
from bot.live import Courier
from bot.markup import plain
from bot.pace import Pace
from bot.platforms import Event, Realm
from bot.platforms.listening import Listening
from bot.platforms.slack.account import TROUBLES, Joined
from bot.platforms.slack.arriving import BROUGHT_AGAIN, Arriving, Says, be_called, route
from bot.platforms.slack.calls import call, heeding
from bot.platforms.slack.modals import modal_for
from bot.platforms.slack.receiving import NAME, OUTSIDE, Window
from bot.platforms.slack.sending import SlackPlatform
from bot.platforms.slack.sockets import Sockets
from bot.platforms.slack.words import to_text
from bot.roster import Roster
from bot.running.sides import Work
from bot.running.slack_homes import Homes
from bot.running.strangers import Strangers
from bot.saying import nobody
from bot.settings import Settings
from bot.store.state import heard_at

log = structlog.get_logger()
APART = 1.02
"""Seconds between two messages to one conversation: about one a second (docs.slack.dev)."""
REDRAWN_A_SECOND = 0.8
"""chat.update: tier 3, 50 and more a minute."""
IN_TIME = 1.0
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of Slack's side."""

    work: Sequence[Work]
    """What goes on until it is cancelled."""
    routes: Sequence[Route]
    """What Slack, or somebody's browser, calls."""
    stir: Callable[[], None] = lambda: None
    """Told when something may have been put in the outbox."""


def way_in_for(arriving: Arriving, app_token: str, client: AsyncWebClient, path: str) -> Part:
    """Give how an app's requests come in: over a socket, where it has a token for one."""
    if app_token:
        return Part([Sockets(app_token, client, arriving).listen], [])
    return Part([lambda: be_called(arriving)], [route(arriving, path)])


@dataclass(frozen=True, slots=True)
class Outpost:
    """One workspace, ready for work."""

    comentor: Comentor
    joined: Joined
    courier: Courier
    homes: Homes
    listening: Listening

    @property
    def work(self) -> tuple[Work, ...]:
        """Give what goes on until it is cancelled."""
        return self.courier.run, self.homes.keep_drawn

    def stir(self) -> None:
        """Something may have been put in the outbox."""
        self.courier.stirred.set()
        self.homes.stirred.set()

    def meet(self, strangers: Strangers, event: Event) -> Awaitable[None] | None:
        """Say a stranger's kind line, where they write or on their page; ours need none.

        None where that was seen to today.
        """
        return self._greet(strangers, event) if strangers.is_first(event) else None

    async def _greet(self, strangers: Strangers, event: Event) -> None:
        if not await strangers.is_stranger(event):
            return
        words = self.comentor.setup.words.usual
        line = "outsider" if event.kind == OUTSIDE else "stranger"
        runs = words.render(line, {}, nobody(words.language)).runs
        user = event.address.partition(":")[2]
        client = self.joined.client
        try:
            if event.kind == "looked":
                await self.homes.publish(user, HomePage((runs,), ()))
            else:
                channel = event.body.get("channel", user)
                await call(client, "chat.postMessage", channel=channel, text=to_text(runs))
        except TROUBLES as trouble:
            log.info("a stranger was not greeted", why=str(trouble))

    async def look_up(self, event: Event) -> Event:
        """Give what somebody did with the zone and the language of their profile.

        As it was, where Slack does not say them within a second: it is to be acknowledged in three.
        """
        user = event.address.partition(":")[2]
        try:
            async with asyncio.timeout(IN_TIME):
                found = await heeding(
                    lambda: self.joined.client.users_info(user=user, include_locale=True)
                )
        except (*TROUBLES, TimeoutError) as trouble:
            log.info("a profile could not be read", why=type(trouble).__name__)
            return event
        profile = {"zone": found["user"].get("tz"), "language": found["user"].get("locale")}
        told = {name: value for name, value in profile.items() if isinstance(value, str)}
        return replace(event, body={**event.body, **told})

    async def open(self, window: Window) -> None:
        """Open the window that somebody asked for; where that fails they can write in the chat."""
        asked = await asyncio.to_thread(self._asked, window)
        if asked is None:
            return
        words = self.comentor.setup.words.of(asked.language)
        view = modal_for(window.question, asked.manner, asked.runs, words, window.thread)
        try:
            await call(self.joined.client, "views.open", trigger_id=window.trigger, view=view)
        except TROUBLES as trouble:
            log.info("a window could not be opened", why=str(trouble))

    def _asked(self, window: Window) -> Asking | None:
        with self.comentor.store.reading() as session:
            return asking(session, NAME, window.address, window.question)


async def outpost_in(comentor: Comentor, settings: Settings, joined: Joined) -> Outpost:
    """Give what works in a workspace; it does not begin by itself."""
    realm, now = Realm(NAME, f"{joined.team}:"), comentor.clock.now
    heard = await comentor.writer.run(lambda session: heard_at(session, realm.name))
    return Outpost(
        comentor,
        joined,
        _courier(comentor, settings, realm, joined),
        Homes(comentor, realm, joined),
        Listening(realm.name, NAME, BROUGHT_AGAIN, comentor, now, heard, realm.within),
    )


def _courier(comentor: Comentor, settings: Settings, realm: Realm, joined: Joined) -> Courier:
    return Courier(
        realm,
        realm.name,
        SlackPlatform(joined.client, comentor.setup.words),
        Pace(settings.slack.a_minute / 60, APART),
        comentor.store,
        comentor.writer,
        comentor.setup,
        comentor.clock,
        comentor.stirred.set,
        redraws=Pace(REDRAWN_A_SECOND, 0.0),
    )


def saying(comentor: Comentor, line: str) -> Says:
    """Give what says to whoever typed a command anywhere what it is answered, in their language."""

    def said(address: str) -> str:
        words = comentor.setup.words.usual
        # It is committed by now: whatever is the matter, it is to be acknowledged.
        with suppress(SQLAlchemyError), comentor.store.reading() as session:
            person = Roster(session).at(NAME, address)
            words = comentor.setup.words.of(person.language if person else "")
        return plain(words.render(line, {}, nobody(words.language)).runs)

    return lambda address: asyncio.to_thread(said, address)
