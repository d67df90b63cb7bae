"""Having been there: when a platform was last heard, and what is lost where it was not for long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.platforms import Event, Inbox

A_MOMENT = timedelta(seconds=1)
"""What comes within it is noted once: no outage is told by less."""


@dataclass(slots=True)
class Listening:
    """What hands events to the inbox, and adds one where an outage swallowed some."""

    name: str
    """Whose state it is: a platform, or one account of it."""
    platform: str
    keeps: timedelta
    """How long the platform brings again what nobody has taken."""
    inbox: Inbox
    now: Callable[[], datetime]
    heard: datetime | None = None
    """When it was last heard, also by a former life."""
    within: str = ""
    """What the addresses begin with of those that it was not heard from."""
    _since: datetime | None = field(default=None, init=False)
    _noted: datetime | None = field(default=None, init=False)

    async def take(self, events: list[Event], *, are_all: bool) -> None:
        """Commit these; `are_all` if none wait behind them. Then they may be acknowledged.

        Raises NotKept.
        """
        now = self.now()
        if self.heard is not None and now - self.heard > self.keeps:
            self._since = self.heard
        if self._since is not None and are_all:
            # Behind all that did arrive: what was answered by it is not asked once more.
            since = f"outage-{self.within}{self._since.isoformat()}"
            events = [*events, Event(self.platform, since, self.within, "outage")]
        # Not before all is in: who is killed on the way must find that there was an outage.
        is_over = self._since is None or are_all
        is_new = self._noted is None or abs(now - self._noted) >= A_MOMENT
        noted = is_over and (is_new or self._since is not None)
        await self.inbox.receive(*events, heard=self.name if noted else "")
        self.heard = now
        if noted:
            self._noted = now
        if are_all:
            self._since = None
