"""What an update from Telegram means to comentor, and what is owed to it at once.

It is read straight from its JSON, as little of it as is needed: the library would build an object
of everything in it, which takes longer than all else. An update that cannot be read is kept as it
came and stepped over; what is said in groups and channels is nobody's answer, and is not kept.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

from bot.platforms import Event
from bot.platforms.fields import Json, Unexpected, number_in, object_in, text_in

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
_PRIVATE = "private"
LONG = 64
"""Letters: no id of a press has as many."""
_GONE = "kicked"
_HERE = ("member", "administrator")
"""Bot API, ChatMember, status."""


@dataclass(frozen=True, slots=True)
class Owed:
    """What an update calls for beside its turn; if it comes too late nothing is lost."""

    pressed: str | None = None
    """The id of a press, whose button goes on turning until it is answered."""
    leave: int | None = None
    """A group or channel that somebody brought the bot to."""


def read(raw: Json) -> tuple[Event | None, Owed]:
    """Give what an update is to the inbox, or None where it is nothing to us, and what it is owed.

    `raw` is the update's JSON.
    """
    name = _name_of(raw)
    try:
        if "callback_query" in raw:
            return _pressed(name, object_in(raw, "callback_query"))
        if "my_chat_member" in raw:
            return _membership(name, object_in(raw, "my_chat_member"))
        return _said(name, raw)
    except Unexpected as error:
        body = {"why": f"{error} is not as expected", "update": dict(raw)}
        return Event(NAME, name, "", "unreadable", body), Owed()


def _name_of(raw: Json) -> str:
    """Give an id for the inbox: after a quiet week update ids begin anew (Bot API, Update)."""
    query = raw.get("callback_query")
    press = query.get("id") if isinstance(query, dict) else None
    # A press has an id of its own that no other ever has (Bot API, CallbackQuery).
    apart = press if isinstance(press, str) and len(press) < LONG else _digest(raw)
    return f"{raw.get('update_id', '')}-{apart}"


def _digest(raw: Json) -> str:
    return hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()[:16]


def _pressed(name: str, query: Json) -> tuple[Event | None, Owed]:
    owed = Owed(pressed=text_in(query, "id"))
    # A button of a message that is too old, or was sent inline, comes without its chat.
    address = _private(object_in(query, "message")) if "message" in query else None
    if address is None:
        return None, owed
    data = text_in(query, "data") if "data" in query else ""
    return Event(NAME, name, address, "pressed", {"data": data}), owed


def _membership(name: str, came: Json) -> tuple[Event | None, Owed]:
    status = text_in(object_in(came, "new_chat_member"), "status")
    address = _private(came)
    if address is None:
        return None, Owed(
            leave=number_in(object_in(came, "chat"), "id")
        ) if status in _HERE else Owed()
    return Event(NAME, name, address, "closed" if status == _GONE else "opened"), Owed()


def _said(name: str, raw: Json) -> tuple[Event | None, Owed]:
    for kind in ("message", "edited_message"):
        if kind not in raw:
            continue
        message = object_in(raw, kind)
        address = _private(message)
        if address is None:
            return None, Owed(leave=_group_to_leave(message))
        if kind == "edited_message":
            return Event(NAME, name, address, "edited"), Owed()
        return _message(name, address, message), Owed()
    return None, Owed()


def _group_to_leave(message: Json) -> int | None:
    """Give the group that something was said in: the bot was brought there unseen."""
    if "left_chat_member" in message:
        return None
    # A group that became a supergroup goes on under another id, with the bot in it.
    moved = "migrate_to_chat_id"
    return (
        number_in(message, moved)
        if moved in message
        else number_in(object_in(message, "chat"), "id")
    )


def _message(name: str, address: str, message: Json) -> Event | None:
    if "text" not in message and any(each in message for each in _NOTICES):
        return None
    if "text" not in message:
        return Event(NAME, name, address, "attached")
    if "forward_origin" in message:
        return Event(NAME, name, address, "forwarded")
    text = text_in(message, "text")
    if start := _START.fullmatch(text):
        return Event(NAME, name, address, "came", {"token": start[1] or "", **_language(message)})
    body: dict[str, Any] = {"text": _ADDRESSED.sub(r"\1", text)}
    if "reply_to_message" in message:
        body["to"] = str(number_in(object_in(message, "reply_to_message"), "message_id"))
    return Event(NAME, name, address, "typed", body)


def _language(message: Json) -> dict[str, str]:
    """Give the language that somebody's app is set to, where it says so (Bot API, User)."""
    tag = message["from"].get("language_code") if isinstance(message.get("from"), dict) else None
    return {"language": tag} if isinstance(tag, str) else {}


def _private(about: Json) -> str | None:
    """Give the address of whoever's own chat it is about; None where it is a group or channel."""
    chat = object_in(about, "chat")
    number = str(number_in(chat, "id"))
    return number if text_in(chat, "type") == _PRIVATE else None
