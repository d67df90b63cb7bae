"""Slack's App Home: drawn anew where it no longer shows how things stand, one after the other."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.compose import Comentor
from bot.home_page import HomePage, home_page
from bot.homes import StaleHome, mark_drawn, stale_homes
from bot.patience import Patience
from bot.platforms import AnswerLost, NotNow, Realm, Refused, Unsendable
from bot.platforms.slack.account import Joined
from bot.platforms.slack.calls import call
from bot.platforms.slack.home import home_view
from bot.store.alone import Alone

log = structlog.get_logger()
APART = 0.65
"""Seconds between two: views.publish is tier 4, 100 and more a minute (docs.slack.dev)."""
AT_ONCE = 20
LONGEST_SLEEP = 10.0
TURNED_OFF = "not_enabled"


@dataclass(slots=True)
class Homes:
    """The pages of one workspace's people."""

    comentor: Comentor
    realm: Realm
    joined: Joined
    stirred: asyncio.Event = field(default_factory=asyncio.Event)
    is_off: bool = False
    patience: Patience = field(default_factory=Patience)

    async def keep_drawn(self) -> None:
        """Draw until cancelled, whenever no other process does."""
        while True:
            async with Alone(self.comentor.store, f"homes {self.realm.name}") as held:
                while await held.is_held():
                    await self._draw_some()

    async def _draw_some(self) -> None:
        self.stirred.clear()
        try:
            found = await self.comentor.writer.run(
                lambda session: stale_homes(session, self.realm, self.comentor.clock.now(), AT_ONCE)
            )
            drawn = [each for each in found if await self._draw(each)]
        except (SQLAlchemyError, NotNow) as trouble:
            pause = trouble.after if isinstance(trouble, NotNow) else None
            log.info("a page could not be drawn", why=type(trouble).__name__)
            await asyncio.sleep(pause.total_seconds() if pause else LONGEST_SLEEP)
            return
        if not drawn:
            try:
                async with asyncio.timeout(LONGEST_SLEEP):
                    await self.stirred.wait()
            except TimeoutError:
                return

    async def _draw(self, stale: StaleHome) -> bool:
        """Whether it is done with; one that Slack stumbles over is drawn later."""
        page = await asyncio.to_thread(self._page, stale.person)
        user = stale.address.partition(":")[2]
        try:
            await self.publish(user, page)
        except AnswerLost:
            pause = self.patience.tried(stale.person)
            if pause is None:
                log.warning("a page is not drawn before it changes again", person=stale.person)
            else:
                again = self.comentor.clock.now() + pause
                await self.comentor.writer.run(lambda session: mark_drawn(session, stale, again))
                return False
        except (Refused, Unsendable) as refusal:
            self._say(str(refusal), stale.person)
        self.patience.is_done(stale.person)
        await self.comentor.writer.run(lambda session: mark_drawn(session, stale))
        await asyncio.sleep(APART)
        return True

    async def publish(self, user: str, page: HomePage) -> None:
        """Show somebody a page. Raises Refused, Unsendable, NotNow or AnswerLost."""
        view = home_view(page.pieces, page.choices)
        await call(self.joined.client, "views.publish", user_id=user, view=view)

    def _page(self, person: int) -> HomePage:
        with self.comentor.store.reading() as session:
            return home_page(session, self.comentor.setup, person, self.comentor.clock.now())

    def _say(self, why: str, person: int) -> None:
        if why != TURNED_OFF:
            log.info("a page was not taken", person=person, why=why)
        elif not self.is_off:
            self.is_off = True
            log.warning(
                "App Home is turned off; turn on its Home Tab at api.slack.com/apps, App Home",
                workspace=self.joined.name,
            )
