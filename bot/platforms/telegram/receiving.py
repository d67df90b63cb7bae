"""What an update from Telegram means to comentor, and what is owed to it at once.

An update that cannot be read is kept as it came and stepped over; what is said in groups and
channels is nobody's answer, and is not kept at all.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from telegram import CallbackQuery, ChatMember, ChatMemberUpdated, Message, Update
from telegram.constants import ChatType

from bot.platforms import Event

NAME = "telegram"
WANTED = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of update that are asked for (Bot API, getUpdates, allowed_updates)."""
_NOTICES = (
    "pinned_message",
    "message_auto_delete_timer_changed",
    "chat_background_set",
    "write_access_allowed",
)
"""What Telegram itself writes into a private chat when somebody changes something of it."""
_START = re.compile(r"/start(?:@\w+)?(?: ([A-Za-z0-9_-]{1,64}))?\s*")
_ADDRESSED = re.compile(r"^(/\w+)@\w+")
_HERE = (ChatMember.MEMBER, ChatMember.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class Owed:
    """What an update calls for beside its turn; if it comes too late nothing is lost."""

    pressed: str | None = None
    """The id of a press, whose button goes on turning until it is answered."""
    leave: int | None = None
    """A group or channel that somebody brought the bot to."""


def read(raw: Mapping[str, Any]) -> tuple[Event | None, Owed]:
    """Give what an update is to the inbox, or None where it is nothing to us, and what it is owed.

    `raw` is the update's JSON.
    """
    name = _name_of(raw)
    try:
        update = Update.de_json(dict(raw))
        return _event(name, update), _owed(update)
    # Whatever is new in the Bot API may break the library: the update is kept for when it can.
    except Exception as error:  # noqa: BLE001
        why = f"{type(error).__name__} while reading it"
        return Event(NAME, name, "", "unreadable", {"why": why, "update": dict(raw)}), Owed()


def _name_of(raw: Mapping[str, Any]) -> str:
    """Give an id for the inbox: after a quiet week update ids begin anew (Bot API, Update)."""
    whole = json.dumps(raw, sort_keys=True).encode()
    return f"{raw.get('update_id', '')}-{hashlib.sha256(whole).hexdigest()[:16]}"


def _event(name: str, update: Update) -> Event | None:
    if update.effective_chat is None or update.effective_chat.type != ChatType.PRIVATE:
        return None
    address = str(update.effective_chat.id)
    if update.callback_query is not None:
        return _press(name, address, update.callback_query)
    if update.my_chat_member is not None:
        gone = update.my_chat_member.new_chat_member.status == ChatMember.BANNED
        return Event(NAME, name, address, "closed" if gone else "opened")
    if update.edited_message is not None:
        return Event(NAME, name, address, "edited")
    return _message(name, address, update.message) if update.message else None


def _press(name: str, address: str, query: CallbackQuery) -> Event:
    return Event(NAME, name, address, "pressed", {"data": query.data or ""})


def _message(name: str, address: str, message: Message) -> Event | None:
    text = message.text
    if text is None and any(getattr(message, each) is not None for each in _NOTICES):
        return None
    if text is None:
        return Event(NAME, name, address, "attached")
    if message.forward_origin is not None:
        return Event(NAME, name, address, "forwarded")
    if start := _START.fullmatch(text):
        return Event(NAME, name, address, "came", {"token": start[1] or ""})
    body: dict[str, Any] = {"text": _ADDRESSED.sub(r"\1", text)}
    if message.reply_to_message is not None:
        body["to"] = str(message.reply_to_message.message_id)
    return Event(NAME, name, address, "typed", body)


def _owed(update: Update) -> Owed:
    if update.callback_query is not None:
        return Owed(pressed=update.callback_query.id)
    if update.effective_chat is None or update.effective_chat.type == ChatType.PRIVATE:
        return Owed()
    return Owed(leave=_group_to_leave(update.my_chat_member, update.message))


def _group_to_leave(came: ChatMemberUpdated | None, message: Message | None) -> int | None:
    """Give the group that the bot is in, as it is told on coming there or by what it hears."""
    if came is not None:
        return came.chat.id if came.new_chat_member.status in _HERE else None
    if message is None or message.left_chat_member is not None:
        return None
    # A group that became a supergroup goes on under another id, with the bot in it.
    return message.migrate_to_chat_id or message.chat.id
