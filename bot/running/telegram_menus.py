"""Each person's own menu in Telegram: that of their role, in their language."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import cast

import structlog
from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.compose import Comentor
from bot.homes import StaleHome, mark_drawn, stale_homes
from bot.patience import Patience
from bot.platforms import Realm
from bot.platforms.telegram.menu import show_menu_to
from bot.platforms.telegram.receiving import NAME
from bot.roster import Roster
from bot.store.alone import Alone
from conversations.talk import Role

log = structlog.get_logger()
AT_ONCE = 20
BETWEEN_LOOKS = 1.0
"""Seconds: nobody waits for a menu, and every turn stirs."""
LONGEST_SLEEP = 10.0


@dataclass(slots=True)
class Menus:
    """The menus of one bot's people: whose is another than it was is known by the database."""

    comentor: Comentor
    bot: Bot
    account: str
    stirred: asyncio.Event = field(default_factory=asyncio.Event)
    patience: Patience = field(default_factory=Patience)

    async def keep_shown(self) -> None:
        """Show each person theirs until cancelled, whenever no other process does.

        It is a courtesy: whatever stands in its way, people can type.
        """
        while True:
            async with Alone(self.comentor.store, f"menus {self.account}") as held:
                while await held.is_held():
                    await self._show_some()

    async def _show_some(self) -> None:
        self.stirred.clear()
        found: list[StaleHome] = []
        try:
            found = await asyncio.to_thread(self._stale)
            for each in found:
                await self._show(each)
        except SQLAlchemyError as trouble:
            log.info("a menu could not be shown", why=type(trouble).__name__)
        await asyncio.sleep(BETWEEN_LOOKS)
        if len(found) < AT_ONCE:
            try:
                async with asyncio.timeout(LONGEST_SLEEP):
                    await self.stirred.wait()
            except TimeoutError:
                return

    def _stale(self) -> list[StaleHome]:
        now = self.comentor.clock.now()
        with self.comentor.store.reading() as session:
            return stale_homes(session, Realm(NAME), now, AT_ONCE)

    async def _show(self, stale: StaleHome) -> None:
        role, language = await asyncio.to_thread(self._whose, stale.person)
        words, again = self.comentor.setup.words.of(language), None
        try:
            await show_menu_to(self.bot, words, stale.address, role)
        except (BadRequest, Forbidden) as refusal:
            log.info("a menu is not taken", person=stale.person, why=str(refusal))
        except TelegramError as trouble:
            log.info("a menu could not be shown", why=type(trouble).__name__)
            if (pause := self.patience.tried(stale.person)) is not None:
                again = self.comentor.clock.now() + pause
        if again is None:
            self.patience.is_done(stale.person)
        await self.comentor.writer.run(lambda session: mark_drawn(session, stale, again))

    def _whose(self, number: int) -> tuple[Role, str]:
        with self.comentor.store.reading() as session:
            person = Roster(session).person(number)
            return cast(Role, person.role), person.language
