"""What the methods for messages do, once a request is found to be in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.slackapi import elements, limits, tokens
from tests.slackapi.refusals import Refused
from tests.slackapi.state import Channel, Json, Message

if TYPE_CHECKING:
    from tests.slackapi.people import Person
    from tests.slackapi.server import SlackApi
    from tests.slackapi.workspaces import Workspace

PAGE = 100  # messages: conversations.history, limit
LARGEST_PAGE = 999


@dataclass(frozen=True, slots=True)
class Call:
    """One request of a workspace's bot, and its fields."""

    api: SlackApi
    workspace: Workspace
    method: str
    given: Json

    def channel(self, *, posting: bool = False) -> Channel:
        """Find the channel that a request is about.

        Raises:
            Refused: this workspace has none such, or the bot cannot do so there.
        """
        name = self.given["channel"]
        if posting and name in self.workspace.people:  # a user's id stands for the app's own DM
            return self.workspace.dm(self.person(name, "channel_not_found").id)
        channel = self.workspace.channels.get(name)
        if channel is None:
            raise Refused("channel_not_found")
        if posting and channel.archived:
            raise Refused("is_archived")
        if posting and self.workspace.bot_user not in channel.members:
            raise Refused("not_in_channel")
        return channel

    def person(self, name: str, error: str = "user_not_found") -> Person:
        """Find a member of this workspace.

        Raises:
            Refused: there is none.
        """
        person = self.workspace.people.get(name)
        if person is None:
            raise Refused(error)
        return person

    def message(self) -> Message:
        """Find the message that a request is about.

        Raises:
            Refused: it is not there, or not any more.
        """
        message = self.channel().messages.get(self.given["ts"])
        if message is None or message.deleted or message.only_for:
            raise Refused("message_not_found")
        return message


Deed = Callable[[Call], Json]


def by_bot(call: Call) -> Json:
    """Tell of the bot as a message's writer."""
    workspace = call.workspace
    profile: Json = {"id": workspace.bot_id, "app_id": workspace.app.id, "deleted": False}
    profile |= {"name": workspace.app.name, "team_id": workspace.id}
    ids = {"user": workspace.bot_user, "bot_id": workspace.bot_id, "app_id": workspace.app.id}
    return ids | {"bot_profile": profile}


def content_of(given: Json) -> Json:
    """Give what a message says, in the form in which Slack keeps it."""
    blocks = list(given.get("blocks") or ())
    if given.get("markdown_text"):
        blocks = [{"type": "markdown", "text": given["markdown_text"]}]
    content: Json = {"text": given.get("text", "")}
    if blocks:
        content["blocks"] = elements.stored(blocks)
    if given.get("metadata"):
        content["metadata"] = given["metadata"]
    return content


def post_message(call: Call) -> Json:
    """Put a message into a channel."""
    channel = call.channel(posting=True)
    content = content_of(call.given)
    parent = beginning(channel, call.given.get("thread_ts", ""))
    if parent is not None:  # a thread that is not there is silently no thread
        content["thread_ts"] = parent.ts
        content["parent_user_id"] = parent.raw.get("user")
    message = call.workspace.put(channel, content, by_bot(call), by_bot=True)
    message.values = elements.initial(message.blocks)
    message.posted = call.given
    return {"channel": channel.id, "ts": message.ts, "message": message.raw}


def beginning(channel: Channel, ts: str) -> Message | None:
    """Give what a thread begins with; once that is deleted the thread stays while it has more."""
    first = channel.messages.get(ts)
    if first is None or not first.deleted:
        return first
    left = [each for each in channel.messages.values() if each.thread_ts == ts]
    return first if any(not each.deleted for each in left if each is not first) else None


def post_ephemeral(call: Call) -> Json:
    """Show a message to one person, until they look elsewhere."""
    channel = call.channel(posting=True)
    person = call.person(call.given["user"], "user_not_in_channel")
    if person.id not in channel.members:
        raise Refused("user_not_in_channel")
    writer, content = by_bot(call), content_of(call.given)
    message = call.workspace.put(channel, content, writer, by_bot=True, only_for=person.id)
    return {"message_ts": message.ts}


def update(call: Call) -> Json:
    """Change a message of the bot's own; blocks that are not named stay, an empty list goes."""
    message = own(call, "cant_update_message")
    change(message, call.given, {"user": call.workspace.bot_user, "ts": call.api.state.ts()})
    shown = {name: each for name, each in message.raw.items() if name not in {"ts", "metadata"}}
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": shown}


def change(message: Message, given: Json, edited: Json) -> None:
    """Put other content in the place of the old; what is not named stays."""
    # The page of chat.update says so of blocks; github.com/slackapi/python-slack-sdk/issues/523.
    message.before.append(message.raw)
    gone = {"text", "blocks", "metadata"} & given.keys()
    kept = {name: each for name, each in message.raw.items() if name not in gone}
    content = content_of(given)
    if "text" not in given:
        del content["text"]
    message.raw = kept | content | {"edited": edited}
    message.values = elements.carried(message.values, elements.initial(message.blocks))


def delete(call: Call) -> Json:
    """Take a message of the bot's own away."""
    message = own(call, "cant_delete_message")
    message.deleted = True
    return {"channel": message.channel, "ts": message.ts}


def own(call: Call, error: str) -> Message:
    """Find a message of the bot's own.

    Raises:
        Refused: there is none, or somebody else wrote it.
    """
    message = call.message()
    if not message.by_bot:
        raise Refused(error)
    return message


def history(call: Call) -> Json:
    """Give the messages of a channel, the newest first, without replies in threads."""
    channel = readable(call)
    return paged(call, [each for each in seen(channel) if each.thread_ts in {None, each.ts}][::-1])


def replies(call: Call) -> Json:
    """Give a thread: what it began with, and what was replied, the oldest first."""
    channel = readable(call)
    first = beginning(channel, call.given["ts"])
    if first is None:
        raise Refused("thread_not_found")
    return paged(call, [each for each in seen(channel) if first.ts in {each.ts, each.thread_ts}])


def readable(call: Call) -> Channel:
    """Find a channel that may be read."""
    channel = call.channel()
    tokens.check_kind(call.method, channel, call.workspace.scopes)
    if call.workspace.bot_user not in channel.members:
        raise Refused("not_in_channel")
    return channel


def seen(channel: Channel) -> list[Message]:
    """Give what stands in a channel for all."""
    return [each for each in channel.messages.values() if not each.deleted and not each.only_for]


def paged(call: Call, messages: list[Message]) -> Json:
    """Give one page of messages, between `oldest` and `latest`."""
    given = call.given
    limit = min(max(int(given.get("limit", PAGE)), 1), LARGEST_PAGE)
    oldest, latest = float(given.get("oldest", 0)), float(given.get("latest") or "inf")
    same = given.get("inclusive", False)
    fit = [each for each in messages if oldest < float(each.ts) < latest]
    if same:
        fit = [each for each in messages if oldest <= float(each.ts) <= latest]
    cursor = given.get("cursor", "")
    if cursor and not cursor.startswith("next:"):
        raise Refused("invalid_cursor")
    start = int(cursor.removeprefix("next:") or 0)
    page, more = fit[start : start + limit], len(fit) > start + limit
    told = {"messages": [shown(call, each) for each in page], "has_more": more}
    following = {"next_cursor": f"next:{start + limit}"} if more else {}
    return told | ({"response_metadata": following} if more else {})


def shown(call: Call, message: Message) -> Json:
    """Give a message as it is read back: its metadata only to whoever asks for it."""
    raw = message.raw
    if call.given.get("include_all_metadata"):
        return raw
    return {name: each for name, each in raw.items() if name != "metadata"}


def add_reaction(call: Call) -> Json:
    """Put an emoji under a message."""
    message = call.api.find_message(call.workspace, call.given["channel"], call.given["timestamp"])
    found = message.raw.setdefault("reactions", [])
    name, bot = call.given["name"], call.workspace.bot_user
    if any(each["name"] == name and bot in each["users"] for each in found):
        raise Refused("already_reacted")
    found.append({"name": name, "users": [bot], "count": 1})
    return {}


DEEDS: Mapping[str, Deed] = {
    "chat.postMessage": post_message,
    "chat.postEphemeral": post_ephemeral,
    "chat.update": update,
    "chat.delete": delete,
    "conversations.history": history,
    "conversations.replies": replies,
    "reactions.add": add_reaction,
}
LIMITS: Mapping[str, Callable[[Json], None]] = {
    "chat.postMessage": limits.message,
    "chat.postEphemeral": limits.message,
    "chat.update": limits.update,
}
