"""What stands on Telegram's side: the bot, its chats with their messages, and presses."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.botapi.refusals import QUERY_TOO_OLD, Refused, bad

QUERY_LIFE = 150.0
"""Seconds in which a press can be answered: as long as its update is kept."""
BOT = {
    "id": 123456,
    "is_bot": True,
    "first_name": "comentor",
    "username": "comentor_test_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
}

Json = dict[str, Any]


@dataclass(slots=True, eq=False)
class Message:
    """One message as it now stands on the screen; `raw` is what the Bot API says of it."""

    raw: Json
    by_bot: bool
    document: bytes | None = None
    silent: bool = False
    before: list[Json] = field(default_factory=list)
    """What it was before each edit, oldest first."""

    @property
    def id(self) -> int:
        return int(self.raw["message_id"])

    @property
    def text(self) -> str:
        """The text, or a document's caption."""
        return str(self.raw.get("text", self.raw.get("caption", "")))

    @property
    def entities(self) -> list[Json]:
        return list(self.raw.get("entities") or self.raw.get("caption_entities") or ())

    @property
    def buttons(self) -> list[list[str]]:
        """The labels, row by row."""
        return [[str(button["text"]) for button in row] for row in keyboard(self.raw)]

    @property
    def document_name(self) -> str | None:
        name = self.raw.get("document", {}).get("file_name")
        return None if name is None else str(name)

    @property
    def edits(self) -> int:
        return len(self.before)

    def data(self, label: str) -> str | None:
        """Give what the button says to the bot; None where no button now bears the label."""
        return data_in(self.raw, label)


@dataclass(slots=True, eq=False)
class Chat:
    """A private chat, a group or a channel, and where the bot stands with it."""

    about: Json
    person: Json | None = None
    reachable: bool = False
    """Has pressed start; in a group, the bot is a member."""
    blocked: bool = False
    moved_to: int | None = None
    messages: dict[int, Message] = field(default_factory=dict)
    menu_button: Json = field(default_factory=lambda: {"type": "default"})
    markup: Json | None = None
    """The keyboard below the field for typing, or an order to remove it."""

    @property
    def id(self) -> int:
        return int(self.about["id"])


@dataclass(slots=True, eq=False)
class Press:
    """A callback query, and how the bot answered it."""

    pressed_at: float
    answer: Json | None = None


@dataclass(slots=True)
class State:
    """Everything, in memory; `clock` gives Unix seconds and may be moved ahead."""

    clock: Callable[[], float]
    bot: Json = field(default_factory=lambda: dict(BOT))
    chats: dict[int, Chat] = field(default_factory=dict)
    presses: dict[str, Press] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    """By scope ("default", "chat 5") and language ("" for any)."""
    profile: dict[tuple[str, str], str] = field(default_factory=dict)
    """By "description" or "short_description" and language."""
    skipped: float = 0.0
    numbers: count[int] = field(default_factory=lambda: count(1))
    waiting: set[asyncio.Future[None]] = field(default_factory=set)

    @property
    def now(self) -> float:
        return self.clock() + self.skipped

    def open_chat(self, given: Json) -> Chat:
        """Find the chat that a request is about.

        Raises:
            Refused: there is none, its person blocked the bot, or the bot is not in it.
        """
        chat = self.chats.get(given["chat_id"])
        if chat is None or (chat.person and not chat.reachable):
            raise bad("chat not found")
        if chat.moved_to is not None:
            moved = "group chat was upgraded to a supergroup chat"
            raise Refused(400, moved, migrate_to_chat_id=chat.moved_to)
        if chat.blocked:
            raise Refused(403, "bot was blocked by the user")
        if not chat.reachable:
            kind = {"group": "group chat"}.get(chat.about["type"], f"{chat.about['type']} chat")
            raise Refused(403, f"bot is not a member of the {kind}")
        return chat

    def put(self, chat: Chat, content: Json, *, sender: Json | None = None) -> Message:
        """Put a message into a chat, from the bot unless somebody else is named."""
        raw = {
            "message_id": next(self.numbers),
            "date": int(self.now),
            "chat": chat.about,
            "from": sender or self.bot,
            **content,
        }
        if chat.about["type"] == "channel":
            del raw["from"]
        message = Message(raw, by_bot=sender is None)
        chat.messages[message.id] = message
        return message

    def press(self, query_id: str) -> Press:
        """Find a press that can still be answered.

        Raises:
            Refused: it is too old, or was never made.
        """
        press = self.presses.get(query_id)
        if press is None or self.now - press.pressed_at > QUERY_LIFE:
            raise bad(QUERY_TOO_OLD)
        return press

    def changed(self) -> None:
        """Wake all who wait for something to be seen."""
        for waiter in self.waiting:
            if not waiter.done():
                waiter.set_result(None)
        self.waiting.clear()


def keyboard(raw: Json) -> list[list[Json]]:
    """Give the rows of buttons below a message."""
    return list(raw.get("reply_markup", {}).get("inline_keyboard", ()))


def data_in(raw: Json, label: str) -> str | None:
    """Give the callback data under a label; None where no button bears it or it does not call."""
    for row in keyboard(raw):
        for button in row:
            if button["text"] == label:
                return button.get("callback_data")
    return None
