"""Faults to be played: what goes wrong, with which method, how often."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from tests.botapi.refusals import TITLES

Kind = Literal["refuse", "page", "hang", "drop", "mute", "lost", "half"]
"""How it goes wrong. Before anything is done: "refuse" answers with an error, "page" with a
proxy's HTML, "hang" never, "drop" closes the connection. After it was done: "mute" never answers,
"lost" closes the connection, "half" closes it in the midst of the answer."""
AFTER: frozenset[Kind] = frozenset({"mute", "lost", "half"})
PAGE = "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center></body></html>"


@dataclass(slots=True)
class Fault:
    """One fault, played while `times` is above zero."""

    method: str
    kind: Kind = "refuse"
    status: int = 500
    retry_after: int | None = None
    description: str | None = None
    chat: int | None = None
    times: int = 1

    @property
    def page(self) -> str:
        """What a proxy shows instead of an answer."""
        return PAGE.format(f"{self.status} {TITLES.get(self.status, '')}")

    @property
    def answer(self) -> dict[str, object]:
        """The error in Telegram's form."""
        title = TITLES.get(self.status, "Error")
        wait = "" if self.retry_after is None else f": retry after {self.retry_after}"
        words = self.description or title + wait
        body: dict[str, object] = {"ok": False, "error_code": self.status, "description": words}
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


@dataclass(slots=True)
class Faults:
    """All that are still to be played, in the order in which they were asked for."""

    waiting: list[Fault] = field(default_factory=list)
    played: int = 0

    def take(self, method: str, chat: object) -> Fault | None:
        """Give the fault that meets this request, and count it; None for a good day."""
        for fault in self.waiting:
            if fault.method in {method, "*"} and fault.chat in {None, chat}:
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
                self.played += 1
                return fault
        return None
