"""Updates on their way into the inbox, and what is paid to their senders at once.

What is paid here (a press is answered, a stranger greeted, a group left) is courtesy: it is tried
once, after the commit, and where it fails nothing is lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot
from telegram.error import TelegramError

from bot.lately import Lately
from bot.platforms import Event, Inbox
from bot.platforms.listening import Listening
from bot.platforms.telegram.receiving import NAME, Owed, read

log = structlog.get_logger()
MOST_REMEMBERED = 1000
"""Updates whose courtesies are paid; a repetition follows close behind."""
PRESSES_KEPT = timedelta(seconds=150)
"""How long Telegram keeps a press that nobody has taken."""


def listening_to(inbox: Inbox, now: Callable[[], datetime], heard: datetime | None) -> Listening:
    """Give what hands Telegram's events to the inbox, last heard at that instant."""
    return Listening(NAME, NAME, PRESSES_KEPT, inbox, now, heard)


@dataclass(slots=True)
class Arriving:
    """What takes updates, from a poll or a webhook, and remembers when it last did."""

    bot: Bot
    listening: Listening
    came: Callable[[Event], Awaitable[None]]
    """Told when somebody has pressed start, once that is committed."""
    _paid: Lately = field(default_factory=lambda: Lately(MOST_REMEMBERED))
    _paying: set[asyncio.Task[None]] = field(default_factory=set)

    async def take(self, updates: Sequence[Mapping[str, Any]], *, are_all: bool) -> list[str]:
        """Commit these; `are_all` if none wait behind them. Then they may be acknowledged.

        Gives the ids of the presses among them, which the caller is to have answered.
        """
        found = [read(update) for update in updates]
        events = [event for event, _ in found if event is not None]
        await self.listening.take(events, are_all=are_all)
        new = [(event, owed) for event, owed in found if self._is_new(event)]
        for event, owed in new:
            self._pay(event, owed)
        return [owed.pressed for _, owed in new if owed.pressed is not None]

    def answer(self, presses: Iterable[str]) -> None:
        """Answer presses, whose buttons go on turning until that is done."""
        for each in presses:
            self._try(self.bot.answer_callback_query(each))

    def _is_new(self, event: Event | None) -> bool:
        """Tell whether this is no repetition: Telegram's, since our confirmation was lost."""
        if event is None:
            return True
        if event.id in self._paid:
            return False
        self._paid.add(event.id)
        return True

    def _pay(self, event: Event | None, owed: Owed) -> None:
        if owed.leave is not None:
            self._try(self.bot.leave_chat(owed.leave))
        if event is not None and event.kind == "came":
            self._try(self.came(event))

    def _try(self, work: Awaitable[object]) -> None:
        async def pay() -> None:
            try:
                await work
            except (TelegramError, SQLAlchemyError) as trouble:
                log.info("a courtesy failed", why=type(trouble).__name__)

        task = asyncio.create_task(pay())
        self._paying.add(task)
        task.add_done_callback(self._paying.discard)
