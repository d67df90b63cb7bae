"""The `response_url` that comes with a press or a command: five posts within half an hour."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.slackapi import limits, methods
from tests.slackapi.refusals import Refused
from tests.slackapi.state import Channel, Json, Message

if TYPE_CHECKING:
    from tests.slackapi.people import Person
    from tests.slackapi.server import SlackApi

MOST, LIFE = 5, 1800.0
"""Posts, and seconds: docs.slack.dev/interactivity/handling-user-interaction#message_responses."""
FIELDS = {
    *("text", "blocks", "response_type", "replace_original", "delete_original", "thread_ts"),
    *("attachments", "metadata", "mrkdwn", "unfurl_links", "unfurl_media"),
}


@dataclass(slots=True, eq=False)
class Response:
    """One such address."""

    person: Person
    channel: Channel
    message: Message | None
    expires: float
    used: int = 0


@dataclass(slots=True)
class Responses:
    """All that were given out."""

    api: SlackApi
    given: dict[str, Response] = field(default_factory=dict)

    def url(self, person: Person, channel: Channel, message: Message | None) -> str:
        """Make an address for one press or command."""
        name = self.api.state.name("R") + self.api.seed
        expires = self.api.state.now + LIFE
        self.given[name] = Response(person, channel, message, expires)
        return f"{self.api.address}/actions/{name}"

    def take(self, path: str, said: Json) -> None:
        """Do what a post to one of them says.

        Raises:
            Refused: it is used up, too old, or says what Slack does not take.
        """
        response = self.given.get(path.removeprefix("/actions/"))
        if response is None or response.expires < self.api.state.now:
            raise Refused("expired_url", status=404)
        if response.used >= MOST:
            raise Refused("used_url", status=404)
        response.used += 1
        self.put(response, said)

    def answered(self, url: str, body: object) -> None:
        """Show what a command was answered with at once, text or JSON; what is wrong counts."""
        said = {"text": body} if isinstance(body, str) else body
        if not isinstance(said, dict) or not (said.get("text") or said.get("blocks")):
            return
        try:
            self.put(self.given[url.rpartition("/")[2]], said)
        except Refused as refusal:  # the person sees nothing, or an error of Slack's own
            self.api.counts.refusals[refusal.error] += 1

    def put(self, response: Response, said: Json) -> None:
        """Replace, delete, or say something new, to one person unless to all."""
        if unknown := said.keys() - FIELDS:
            raise Refused("invalid_payload", status=400, unknown=sorted(unknown))
        message = response.message
        if said.get("delete_original"):
            if message is not None:
                message.deleted = True
            return
        limits.message(said)
        workspace = response.person.workspace
        bot = {"user": workspace.bot_user, "ts": self.api.state.ts()}
        if said.get("replace_original") and message is not None:
            methods.change(message, said, bot)
            return
        alone = said.get("response_type", "ephemeral") == "ephemeral"
        only_for = response.person.id if alone else None
        writer = {"user": workspace.bot_user, "bot_id": workspace.bot_id}
        content = methods.content_of(said)
        workspace.put(response.channel, content, writer, by_bot=True, only_for=only_for)
