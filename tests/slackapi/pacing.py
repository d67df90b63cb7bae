"""Slack's pace, enforced: a message a second per channel, and a tier for each other method."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.botapi.pacing import wait_in
from tests.slackapi.refusals import too_many

TIERS = {1: 1, 2: 20, 3: 50, 4: 100}
"""Requests a minute: docs.slack.dev/apis/web-api/rate-limits."""
TIER_OF: Mapping[str, int] = {
    **dict.fromkeys(("chat.postEphemeral", "users.info", "files.getUploadURLExternal"), 4),
    **dict.fromkeys(("files.completeUploadExternal", "views.publish", "views.update"), 4),
    **dict.fromkeys(("views.open", "views.push", "oauth.v2.access"), 4),
    **dict.fromkeys(("chat.update", "chat.delete", "conversations.open"), 3),
    **dict.fromkeys(("conversations.info", "conversations.history"), 3),
    **dict.fromkeys(("conversations.replies", "users.lookupByEmail", "team.info"), 3),
    **dict.fromkeys(("reactions.add", "bots.info"), 3),
}
"""Each method's page at docs.slack.dev/reference/methods; auth.test allows hundreds."""


@dataclass(slots=True)
class Pacing:
    """The limits, all of one workspace; each window is a sliding one."""

    per_channel: float = 1.0
    """Messages a second into one channel: docs.slack.dev/apis/web-api/rate-limits."""
    burst: int = 1
    """So many may go to one channel together; 1 lets none pass. The page allows short bursts."""
    per_workspace: int = 300
    """Messages a minute over all: the page says "several hundred"."""
    window: float = 60.0
    """The seconds in which `per_workspace` counts; fewer of both leave no room for bursts."""
    tiers: Mapping[int, int] = field(default_factory=lambda: dict(TIERS))
    """Requests a minute by tier; a tier that is left out has no limit."""
    clock: Callable[[], float] = time.monotonic
    refused: int = 0
    _times: dict[tuple[str, str], deque[float]] = field(default_factory=dict)

    def admit(self, method: str, workspace: str, channel: str) -> None:
        """Count a request.

        Raises:
            Refused: it comes too soon; it is not counted.
        """
        now = self.clock()
        windows = list(self._windows(method, workspace, channel))
        wait = max((wait_in(times, now, span, most) for times, span, most in windows), default=0)
        if wait > 0:
            self.refused += 1
            raise too_many(max(1, math.ceil(wait)))
        for times, _, _ in windows:
            times.append(now)

    def _windows(
        self, method: str, workspace: str, channel: str
    ) -> list[tuple[deque[float], float, int]]:
        """Give each window that a request falls into: its times, its seconds, how many it holds."""
        if method == "chat.postMessage":
            one = self._times.setdefault((workspace, channel), deque())
            every = self._times.setdefault((workspace, method), deque())
            span = self.burst / self.per_channel
            return [(one, span, self.burst), (every, self.window, self.per_workspace)]
        most = self.tiers.get(TIER_OF.get(method, 0))
        if most is None:
            return []
        return [(self._times.setdefault((workspace, method), deque()), 60.0, most)]
