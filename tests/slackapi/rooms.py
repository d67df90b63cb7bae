"""Channels that the bot is in, other than its direct messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.slackapi.deliveries import Delivery
from tests.slackapi.state import Channel

if TYPE_CHECKING:
    from tests.slackapi.people import Person
    from tests.slackapi.workspaces import Workspace


@dataclass(slots=True, eq=False)
class Room:
    """A channel that the bot is in."""

    workspace: Workspace
    channel: Channel

    def hears(self, somebody: Person, text: str) -> Delivery:
        """Have a member, or a stranger in a shared channel, write."""
        by = {"user": somebody.id}
        if somebody.is_stranger:
            by |= {"user_team": somebody.home_team, "source_team": somebody.home_team}
        message = self.workspace.put(self.channel, {"text": text}, by, by_bot=False)
        place = {"channel": self.channel.id, "channel_type": "channel"}
        return self.workspace.happens(
            message.raw | place, is_ext_shared_channel=self.channel.shared
        )
