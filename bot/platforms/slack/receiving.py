"""What Slack sends means to comentor, and what is owed to it at once.

Bodies are those of the Events API, of interactivity and of slash commands, as Bolt hands them over.
Only what is said in somebody's own conversation with the bot counts; what is said in a channel or
by a bot is nobody's answer, and is not kept. Of somebody of another organisation it is kept that
they wrote, and nothing of what.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.platforms import Event
from bot.platforms.fields import Json, Unexpected, object_in, text_in

NAME = "slack"
WRITE = "write:"
"""A button that opens a window to write in, and that window: what follows is its question."""
ASK = "ask:"
"""A button that asks for what would be typed."""
KEEP = "keep_for_our_meeting"
"""The shortcut in a message's menu (docs.slack.dev, message shortcuts, callback_id)."""
WRITTEN = (None, "thread_broadcast")
"""The subtypes of messages that somebody wrote."""
SLACKBOT = "USLACKBOT"
"""Slack's own bot, whose messages name no bot (docs.slack.dev, users.info)."""
OUTSIDE = "outside"
"""What somebody of another organisation does: of that nothing is kept."""
_GONE = {"app_uninstalled": "the app was removed", "tokens_revoked": "the app's token was revoked"}


@dataclass(frozen=True, slots=True)
class Window:
    """A window that somebody asked for; it opens within three seconds or never (trigger_id)."""

    address: str
    trigger: str
    question: str
    thread: str = ""
    """The one that it was asked for in, if any."""


@dataclass(frozen=True, slots=True)
class Read:
    """What came: an event for the inbox or None, and what is owed at once."""

    event: Event | None = None
    window: Window | None = None
    is_command: bool = False
    """A slash command, typed somewhere that our answer will not appear in."""


def read(body: Json) -> Read:
    """Give what Slack sent is to the inbox, and what it is owed."""
    kind = body.get("type", "")
    try:
        if kind == "event_callback":
            return _happened(body)
        if kind == "block_actions":
            return _acted(body)
        if kind == "view_submission":
            return _written(body)
        if kind == "message_action":
            return _kept(body)
        if "command" in body:
            return _commanded(body)
    except Unexpected as error:
        return Read(unread(body, str(error)))
    return Read()


def unread(body: Json, what: str) -> Event:
    """Give what is kept of a body that nobody can read."""
    why = {"why": f"{what} is not as expected", "body": dict(body)}
    return Event(NAME, _name_of(body), "", "unreadable", why)


def _name_of(body: Json) -> str:
    """Give an id for the inbox: Slack's own; a press has none but that of its trigger."""
    for name in ("event_id", "trigger_id"):
        if isinstance(body.get(name), str):
            return str(body[name])
    whole = json.dumps(body, sort_keys=True, default=str).encode()
    return f"{body.get('type')}-{hashlib.sha256(whole).hexdigest()[:32]}"


def _address(team: str, user: str) -> str:
    """People are known by workspace and user: user ids alone repeat."""
    return f"{team}:{user}"


# The Events API


def _happened(body: Json) -> Read:
    event = object_in(body, "event")
    team, kind = text_in(body, "team_id"), text_in(event, "type")
    name = text_in(body, "event_id")
    if kind == "message":
        return Read(_said(name, team, event, _is_from_outside(body, event)))
    if kind == "app_home_opened":
        if event.get("tab") != "home":
            return Read()
        return Read(Event(NAME, name, _address(team, text_in(event, "user")), "looked"))
    if kind in _GONE:
        if kind == "tokens_revoked" and not object_in(event, "tokens").get("bot"):
            return Read()
        return Read(Event(NAME, name, f"{team}:", "uninstalled", {"why": _GONE[kind]}))
    if kind == "user_change":
        return Read(_changed(name, team, object_in(event, "user")))
    return Read()


def _changed(name: str, team: str, user: Json) -> Event | None:
    if user.get("deleted") is not True:
        return None
    why = {"why": "their account was closed"}
    return Event(NAME, name, _address(team, text_in(user, "id")), "closed", why)


def _is_from_outside(body: Json, message: Json) -> bool:
    """Whether somebody of another organisation wrote, in a conversation that two share.

    Slack names theirs as `user_team`; in an organisation of several workspaces that may be the
    organisation itself (docs.slack.dev, Slack Connect).
    """
    names = ["user_team", "source_team"]
    names += ["team"] if body.get("is_ext_shared_channel") is True else []
    theirs = next((message[name] for name in names if isinstance(message.get(name), str)), None)
    if theirs is None:
        return False
    ours = {body.get("team_id"), body.get("enterprise_id")}
    for each in body.get("authorizations") or ():
        ours |= (
            {each.get("team_id"), each.get("enterprise_id")} if isinstance(each, dict) else set()
        )
    return theirs not in ours


def _said(name: str, team: str, message: Json, from_outside: bool) -> Event | None:  # noqa: FBT001
    if message.get("channel_type") != "im" or "bot_id" in message:
        return None
    subtype = message.get("subtype")
    if subtype == "message_changed":
        return None if from_outside else _edited(name, team, message)
    if subtype == "message_deleted" or message.get("user", SLACKBOT) == SLACKBOT:
        return None
    address = _address(team, text_in(message, "user"))
    if from_outside and (subtype in WRITTEN or message.get("files")):
        return Event(NAME, name, address, OUTSIDE, {"channel": text_in(message, "channel")})
    if message.get("files"):
        return Event(NAME, name, address, "attached", _thread(message, message))
    if subtype not in WRITTEN or from_outside:
        return None
    place = _thread(message, message)
    replied = {"to": place["thread"]} if place else {}
    return Event(
        NAME, name, address, "typed", {"text": plain(text_in(message, "text")), **replied, **place}
    )


def _thread(message: Json, place: Json) -> dict[str, str]:
    """Give the thread that a message stands in, by `channel/ts` of what began it, if in one.

    What began one names itself (docs.slack.dev, retrieving messages, threads).
    """
    began = message.get("thread_ts")
    if not isinstance(began, str) or began == message.get("ts"):
        return {}
    return {"thread": f"{text_in(place, 'channel')}/{began}"}


def _edited(name: str, team: str, change: Json) -> Event | None:
    after, before = object_in(change, "message"), change.get("previous_message") or {}
    # A link that unfolds, or a thread that begins under it, changes a message too.
    if "user" not in after or "bot_id" in after or after.get("text") == before.get("text"):
        return None
    return Event(NAME, name, _address(team, text_in(after, "user")), "edited")


_MADE = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")
"""A link or a mention that Slack made of what was typed (docs.slack.dev, formatting text)."""


def plain(text: str) -> str:
    """Give what somebody saw themselves type."""
    text = _MADE.sub(lambda made: made[2] or made[1].removeprefix("mailto:"), text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


# Interactivity


def _acted(body: Json) -> Read:
    actions = body.get("actions")
    if not isinstance(actions, list) or not actions or not isinstance(actions[0], dict):
        raise Unexpected("actions")
    action, address = actions[0], _whose(body)
    name, made = text_in(action, "action_id"), text_in(body, "trigger_id")
    if name.startswith(WRITE):
        thread = _thread_of_press(body).get("thread", "")
        return Read(window=Window(address, made, name.removeprefix(WRITE), thread))
    # One press can be brought twice; its own time and place tell that it is the same.
    once = f"{address}-{action.get('action_ts', made)}-{name}"
    kind = action.get("type")
    if name.startswith(ASK):
        return Read(Event(NAME, once, address, "typed", {"text": name.removeprefix(ASK)}))
    if kind == "checkboxes":
        data = _data_of(action)
        on = {"data": data, "on": sorted(_ticked(body, data))} if data else {}
        return Read(Event(NAME, once, address, "ticked", on) if on else None)
    chosen = action.get("selected_option") or action
    data = text_in(chosen, "value")
    pressed: dict[str, Any] = {"data": data, **_thread_of_press(body)}
    if data.endswith(".done"):
        # What stands in the boxes when it is pressed counts, whatever was lost on the way.
        pressed["on"] = sorted(_ticked(body, data.removesuffix(".done")))
    return Read(Event(NAME, once, address, "pressed", pressed))


def _thread_of_press(body: Json) -> dict[str, str]:
    message, container = body.get("message"), body.get("container")
    if not isinstance(message, dict) or not isinstance(container, dict):
        return {}  # on App Home
    return _thread(message, {"channel": container.get("channel_id")})


def _whose(body: Json) -> str:
    team = body.get("team")
    user = object_in(body, "user")
    # In an organisation of several workspaces `team` may be null (docs.slack.dev, block_actions).
    place = text_in(team, "id") if isinstance(team, dict) else text_in(user, "team_id")
    return _address(place, text_in(user, "id"))


def _data_of(action: Json) -> str:
    """Give `conversation.step` of a group of boxes, from any of its options or its own name."""
    return text_in(action, "action_id").partition(":")[2].rpartition(".")[0]


def _ticked(body: Json, question: str) -> Iterator[str]:
    """Give the keys of all boxes of a question that are on, in the whole message."""
    for state in _states(body) if "state" in body else ():
        for option in state.get("selected_options") or ():
            at, _, key = str(option.get("value", "")).rpartition(".")
            if at == question:
                yield key


def _states(holder: Json) -> Iterator[Json]:
    """Give how each element stands (docs.slack.dev, block_actions and view_submission, state)."""
    for block in object_in(object_in(holder, "state"), "values").values():
        if isinstance(block, dict):
            yield from (state for state in block.values() if isinstance(state, dict))


def _written(body: Json) -> Read:
    view = object_in(body, "view")
    question = text_in(view, "callback_id")
    if not question.startswith(WRITE):
        return Read()
    once = f"{text_in(view, 'id')}-{view.get('hash', '')}"
    written = {"asked": question.removeprefix(WRITE), "text": " ".join(_inputs(view))}
    if thread := view.get("private_metadata"):
        written["thread"] = str(thread)
    return Read(Event(NAME, once, _whose(body), "written", written))


def _inputs(view: Json) -> Iterator[str]:
    """Give what stands in each field of a window: words, a day, a time."""
    for state in _states(view):
        names = ("value", "selected_date", "selected_time")
        yield from (state[name] for name in names if isinstance(state.get(name), str))


def _kept(body: Json) -> Read:
    if body.get("callback_id") != KEEP:
        return Read()
    message = object_in(body, "message")
    kept = {"text": plain(text_in(message, "text"))}
    return Read(Event(NAME, text_in(body, "trigger_id"), _whose(body), "kept", kept))


def _commanded(body: Json) -> Read:
    address = _address(text_in(body, "team_id"), text_in(body, "user_id"))
    text = plain(text_in(body, "text")).strip()
    name = text_in(body, "trigger_id")
    event = Event(NAME, name, address, "typed", {"text": text or "/help"})
    return Read(event, is_command=True)
