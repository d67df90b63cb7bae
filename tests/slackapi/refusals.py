"""What Slack says when it refuses: an error's own name, mostly with HTTP's 200."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


class Refused(Exception):
    """A request that is answered with an error."""

    def __init__(self, error: str, *, status: int = 200, **more: Any) -> None:
        self.error = error
        self.status = status
        self.headers: dict[str, str] = {}
        self.answer: dict[str, Any] = {"ok": False, "error": error, **more}
        super().__init__(error)


def wrong(error: str, messages: Iterable[str]) -> Refused:
    """Give a refusal that says in which places something is wrong."""
    told = [f"[ERROR] {message}" for message in messages]
    return Refused(error, response_metadata={"messages": told})


def too_many(retry_after: int) -> Refused:
    """Give a refusal of the pace: seconds to wait with this method in this workspace."""
    refusal = Refused("ratelimited", status=429)
    refusal.headers["Retry-After"] = str(retry_after)
    return refusal


def missing(needed: Iterable[str], provided: Iterable[str]) -> Refused:
    """Give a refusal of what the app was never granted."""
    return Refused("missing_scope", needed=",".join(needed), provided=",".join(sorted(provided)))
