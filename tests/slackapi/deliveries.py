"""What Slack has to tell the program, and how each try of telling it went."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from tests.slackapi.state import Json

if TYPE_CHECKING:
    from tests.slackapi.workspaces import App, Workspace

Sort = Literal["events_api", "interactive", "slash_commands"]
"""As the envelopes of Socket Mode name them."""


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt, over HTTP or a socket."""

    number: int
    taken: bool
    seconds: float
    status: int | None = None
    """HTTP's, where there was an answer; a socket's acknowledgement is 200."""
    body: Any = ""
    """Text over HTTP, JSON over a socket."""
    reason: str = ""
    """Why the next one is made: "http_error", "http_timeout", "connection_failed", "timeout"."""
    final: bool = False
    """The program asked for no other: X-Slack-No-Retry."""


@dataclass(slots=True, eq=False)
class Delivery:
    """An event, a press or a command on its way."""

    sort: Sort
    payload: Json
    app: App
    workspace: Workspace
    began: float = 0.0
    tries: list[Try] = field(default_factory=list)
    shows: Callable[[Any], None] | None = None
    """What a person sees of the answer."""
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def over(self) -> bool:
        """It was taken, or given up."""
        return self.ended.is_set()

    @property
    def taken(self) -> bool:
        """The program answered well, at last."""
        return any(each.taken for each in self.tries)

    @property
    def answer(self) -> Json:
        """What the program said along with its acknowledgement; empty when nothing."""
        bodies = [each.body for each in self.tries if each.taken]
        return bodies[-1] if bodies and isinstance(bodies[-1], dict) else {}

    async def answered(self, within: float = 5.0) -> Json:
        """Wait until the program has it, and give what it said.

        Raises:
            AssertionError: it was given up, or took longer than so many seconds.
        """
        try:
            await self.app.api.state.until(lambda: self.over or None, within)
        except TimeoutError:
            raise AssertionError(f"{self.sort} was not answered: {self.tries}") from None
        assert self.taken, f"{self.sort} was given up: {self.tries}"
        return self.answer
