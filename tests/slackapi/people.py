"""The other side of the chat: what a person types, presses, fills in, and sees."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from tests.slackapi import elements, modals, payloads
from tests.slackapi.deliveries import Delivery
from tests.slackapi.state import Channel, Json, Message, View

if TYPE_CHECKING:
    from tests.slackapi.rooms import Room
    from tests.slackapi.server import SlackApi
    from tests.slackapi.workspaces import Workspace

Seen = Callable[[Message], object]
Place = Message | View


@dataclass(slots=True, eq=False)
class Person:
    """Somebody with Slack open at their chat with the bot."""

    workspace: Workspace
    id: str
    real_name: str
    display_name: str = ""
    email: str = ""
    tz: str = "Europe/Berlin"
    locale: str = "en-GB"
    deleted: bool = False
    is_bot: bool = False
    is_restricted: bool = False
    """A guest."""
    is_stranger: bool = False
    """From another organisation, and in no channel with the bot but a shared one."""
    home_team: str = ""
    """The other organisation's id."""
    views: list[View] = field(default_factory=list)
    """The modals that are open, the one in front last."""

    @property
    def api(self) -> SlackApi:
        return self.workspace.api

    @property
    def dm(self) -> Channel:
        return self.workspace.dm(self.id)

    @property
    def messages(self) -> list[Message]:
        """All in the direct message with the bot that is not deleted, in order."""
        shown = [each for each in self.dm.messages.values() if not each.deleted]
        return [each for each in shown if each.only_for in {None, self.id}]

    @property
    def screen(self) -> list[Message]:
        """What the bot sent, as it now stands, the oldest first."""
        return [each for each in self.messages if each.by_bot]

    @property
    def last(self) -> Message:
        """The newest message of the bot."""
        return self.screen[-1]

    @property
    def home(self) -> View | None:
        """What App Home shows; None until it was published."""
        return self.workspace.homes.get(self.id)

    def types(self, text: str, thread: Message | None = None) -> Message:
        """Send text into the direct message; the delivery is `api.courier.history`'s last."""
        content = {"text": elements.escaped(text), "client_msg_id": str(uuid4())}
        return self.sends(content | ({"thread_ts": thread.ts} if thread else {}))

    def uploads(self, name: str = "notes.pdf", text: str = "") -> Message:
        """Send a file."""
        file = {"id": self.api.state.name("F"), "name": name, "mimetype": "application/pdf"}
        return self.sends({"subtype": "file_share", "text": text, "files": [file]})

    def sends(self, content: Json) -> Message:
        """Send any content."""
        message = self.workspace.put(self.dm, content, {"user": self.id}, by_bot=False)
        self._message(message.raw)
        return message

    def edits(self, message: Message, text: str) -> Delivery:
        """Change words of their own that were sent before."""
        before = message.raw
        message.before.append(before)
        edited = {"user": self.id, "ts": self.api.state.ts()}
        message.raw = before | {"text": elements.escaped(text), "edited": edited}
        told = {"message": message.raw, "previous_message": before, "ts": edited["ts"]}
        return self._message(
            {"type": "message", "subtype": "message_changed", "hidden": True} | told
        )

    def deletes(self, message: Message) -> Delivery:
        message.deleted = True
        ts = {"deleted_ts": message.ts, "ts": self.api.state.ts()}
        told = {"previous_message": message.raw, "hidden": True} | ts
        return self._message({"type": "message", "subtype": "message_deleted"} | told)

    def reacts(self, message: Message, name: str = "thumbsup") -> Delivery:
        item = {"type": "message", "channel": message.channel, "ts": message.ts}
        who = {"user": self.id, "item_user": message.raw.get("user", self.workspace.bot_user)}
        return self.workspace.happens(
            {"type": "reaction_added", "reaction": name, "item": item} | who
        )

    def opens_home(self, tab: str = "home") -> Delivery:
        """Open the app's tab "home" or "messages"."""
        event = {"type": "app_home_opened", "user": self.id, "channel": self.dm.id, "tab": tab}
        shown = {"view": self.home.raw} if self.home and tab == "home" else {}
        return self.workspace.happens(event | shown)

    def leaves(self) -> Delivery:
        """Have the account deactivated."""
        self.deleted = True
        return self.changes()

    def changes(self, **fields: Any) -> Delivery:
        """Change the profile: `real_name`, `tz`, `locale` …; Slack tells of it."""
        for name, value in fields.items():
            setattr(self, name, value)
        return self.workspace.happens({"type": "user_change", "user": payloads.profile(self)})

    def presses(self, where: Place, label: str) -> Delivery:
        """Press a button, or choose an option, that bears this label, or a part of it."""
        found = elements.find(where.blocks, label)
        assert found, f"no button {label!r} in {where.buttons} below {where.words!r}"
        block, element, option = found
        if option is None:
            content = {"text": element["text"]}
            content |= {"value": element["value"]} if "value" in element else {}
            return self.acts(where, block, element, content)
        label = option["text"]["text"]
        if element["type"] not in elements.SEVERAL:
            return self._sets(where, block, element, elements.filled(element, label))
        ticked = elements.ticked(where.values, block, element)
        labels = [each for each in ticked if each != label] + [label] * (label not in ticked)
        return self._sets(where, block, element, elements.filled(element, labels))

    def presses_as_it_was(self, message: Message, label: str) -> Delivery:
        """Press a button that the screen still shows though an update took it away."""
        for raw in reversed(message.before):
            found = elements.find(raw.get("blocks", ()), label)
            if found:
                block, element, _ = found
                said = {"text": element["text"], "value": element.get("value", "")}
                return self.acts(message, block, element, said)
        raise AssertionError(f"{message.words!r} never had a button {label!r}")

    def ticks(self, where: Place, labels: Sequence[str], action: str = "") -> Delivery:
        """Leave exactly these ticked in the checkboxes."""
        return self._picks(where, "checkboxes", labels, action)

    def picks_date(self, where: Place, date: str, action: str = "") -> Delivery:
        """Pick a date, "2026-03-28"."""
        return self._picks(where, "datepicker", date, action)

    def picks_time(self, where: Place, time: str, action: str = "") -> Delivery:
        """Pick a time, "14:30"."""
        return self._picks(where, "timepicker", time, action)

    def commands(self, name: str, text: str = "", room: Room | None = None) -> Delivery:
        """Type a slash command, in the direct message unless a channel is named."""
        channel = room.channel if room else self.dm
        payload = payloads.command(self, channel, {"command": name, "text": text})
        delivery = self.workspace.tells("slash_commands", payload)
        delivery.shows = partial(self.api.responses.answered, payload["response_url"])
        return delivery

    def shortcut(self, message: Message, callback_id: str) -> Delivery:
        """Choose one of the app's shortcuts on a message."""
        about = {"type": "message_action", "callback_id": callback_id, "message": message.raw}
        place = payloads.place(self, message) | {"message_ts": message.ts}
        return self._interacts(about | place)

    async def submits(self, view: View, values: Mapping[str, Any] | None = None) -> Json:
        """Fill in by label, action or block, and submit; what the program answered comes back."""
        modals.fill(view, values or {})
        about = {"type": "view_submission", "view": modals.shown(view), "response_urls": []}
        answer = await self._interacts(about).answered()
        modals.respond(self, view, answer)
        return answer

    def closes(self, view: View, *, clearing: bool = False) -> Delivery | None:
        """Close a modal; None where the app did not ask to be told."""
        at = 0 if clearing or view.raw["clear_on_close"] else self.views.index(view)
        del self.views[at:]
        if not view.raw["notify_on_close"]:
            return None
        cleared = {"is_cleared": clearing, "view": modals.shown(view)}
        return self._interacts({"type": "view_closed"} | cleared)

    def acts(self, where: Place, block: Json, element: Json, content: Json) -> Delivery:
        """Send any action."""
        ids = {"action_id": element["action_id"], "block_id": block["block_id"]}
        action = ids | {"type": element["type"], "action_ts": self.api.state.ts()} | content
        return self._interacts(
            {"type": "block_actions", "actions": [action]} | payloads.at(self, where)
        )

    async def sees(self, what: str | Seen, within: float = 5.0) -> Message:
        """Wait for a message of the bot with these words in it, or that something holds of.

        The newest that fits comes back; an AssertionError tells what was there instead.
        """
        fits = (lambda each: what in each.words) if isinstance(what, str) else what
        wanted = repr(what) if isinstance(what, str) else "what is waited for"
        try:
            return await self.api.state.until(
                lambda: next((each for each in reversed(self.screen) if fits(each)), None), within
            )
        except TimeoutError:
            shown = "\n".join(f"  {each.words!r} {each.buttons}" for each in self.screen)
            raise AssertionError(f"{self.real_name} does not see {wanted}, but:\n{shown}") from None

    async def sees_view(self, words: str = "", within: float = 5.0) -> View:
        """Wait for a modal in front with these words."""
        return await self.api.state.until(
            lambda: next((each for each in self.views[-1:] if words in each.words), None), within
        )

    async def sees_home(self, words: str = "", within: float = 5.0) -> View:
        """Wait for an App Home with these words."""
        return await self.api.state.until(
            lambda: self.home if self.home and words in self.home.words else None, within
        )

    def _sets(self, where: Place, block: Json, element: Json, state: Json) -> Delivery:
        where.values.setdefault(block["block_id"], {})[element["action_id"]] = state
        return self.acts(where, block, element, state)

    def _picks(self, where: Place, kind: str, value: object, action: str) -> Delivery:
        for block, element in elements.active(where.blocks):
            if element["type"] == kind and action in {"", element["action_id"]}:
                return self._sets(where, block, element, elements.filled(element, value))
        raise AssertionError(f"no {kind} {action!r} in {where.words!r}")

    def _interacts(self, about: Json) -> Delivery:
        return self.workspace.tells("interactive", payloads.interaction(self, about))

    def _message(self, event: Json) -> Delivery:
        return self.workspace.happens(event | {"channel": self.dm.id, "channel_type": "im"})
