"""Faults to be played: what goes wrong, with which method, how often."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["refuse", "page", "never", "hang", "slow", "lost", "mute", "half"]
"""How it goes wrong. Before anything is done: "refuse" answers with an error in JSON, "page" with
HTML, "never" closes the connection, "hang" never answers; "slow" does it all, but late. After it
was done: "lost" closes the connection, "mute" never answers, "half" stops amid the answer."""
AFTER: frozenset[Kind] = frozenset({"slow", "lost", "mute", "half"})
TITLES = {500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable"}
PAGE = "<html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"


@dataclass(slots=True)
class Fault:
    """One fault, played while `times` is above zero."""

    method: str
    kind: Kind = "refuse"
    error: str = "internal_error"
    """Slack's name of it: "fatal_error", "internal_error", "user_disabled"."""
    status: int = 200
    retry_after: int | None = None
    """Seconds; such a fault is a 429 with "ratelimited"."""
    seconds: float = 0.0
    """How late a slow answer comes."""
    workspace: str | None = None
    channel: str | None = None
    """Or whose App Home."""
    times: int = 1
    chance: float = 1.0
    """How likely each request meets it; it is counted when it does."""

    @property
    def page(self) -> str:
        """What a proxy shows instead of an answer."""
        return PAGE.format(f"{self.page_status} {TITLES.get(self.page_status, '')}")

    @property
    def page_status(self) -> int:
        """HTTP's status of that page."""
        return self.status if self.status != 200 else 500


@dataclass(slots=True)
class Faults:
    """All that are still to be played, in the order in which they were asked for."""

    waiting: list[Fault] = field(default_factory=list)
    played: int = 0
    dice: random.Random = field(default_factory=lambda: random.Random(1))

    def take(self, method: str, workspace: str, channel: object) -> Fault | None:
        """Give the fault that meets this request, and count it; None for a good day."""
        for fault in self.waiting:
            here = fault.workspace in {None, workspace} and fault.channel in {None, channel}
            if not here or fault.method not in {method, "*"}:
                continue
            if fault.chance < 1.0 and self.dice.random() >= fault.chance:
                continue
            fault.times -= 1
            if fault.times <= 0:
                self.waiting.remove(fault)
            self.played += 1
            return fault
        return None
