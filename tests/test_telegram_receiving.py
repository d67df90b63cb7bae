"""What each kind of update means, read from its JSON as the Bot API sends it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from telegram import Update

from bot.platforms.telegram.receiving import Owed, read

ANA = {"id": 5, "type": "private", "first_name": "Ana"}
GROUP = {"id": -70, "type": "group", "title": "Mentors"}
BOT = {"id": 1, "is_bot": True, "first_name": "comentor"}
WHO = {"id": 5, "is_bot": False, "first_name": "Ana"}
NOTHING = Owed()


def message(chat: Mapping[str, Any] = ANA, **content: Any) -> dict[str, Any]:
    """Give a message of Ana's."""
    return {"message_id": 9, "date": 1_800_000_000, "chat": chat, "from": WHO, **content}


def press(**content: Any) -> dict[str, Any]:
    """Give a press of Ana's."""
    return {"id": "77", "from": WHO, "chat_instance": "1", **content}


def membership(chat: Mapping[str, Any], status: str) -> dict[str, Any]:
    """Give a change of what the bot is in a chat."""
    old: dict[str, Any] = {"status": "left", "user": BOT}
    new = old | {"status": status} | ({"until_date": 0} if status == "kicked" else {})
    change = {"old_chat_member": old, "new_chat_member": new}
    return {"chat": chat, "from": WHO, "date": 1_800_000_000, **change}


ORIGIN = {"type": "user", "date": 1_800_000_000, "sender_user": WHO}
MEANT = [
    ({"message": message(text="hello")}, ("typed", {"text": "hello"}), NOTHING),
    ({"message": message(text="/goals@it now")}, ("typed", {"text": "/goals now"}), NOTHING),
    (
        {"message": message(text="yes", reply_to_message=message(text="Well?"))},
        ("typed", {"text": "yes", "to": "9"}),
        NOTHING,
    ),
    ({"message": message(text="/start")}, ("came", {"token": ""}), NOTHING),
    ({"message": message(text="/start a-To_ken")}, ("came", {"token": "a-To_ken"}), NOTHING),
    ({"message": message(text="/start a b")}, ("typed", {"text": "/start a b"}), NOTHING),
    ({"message": message(text="hers", forward_origin=ORIGIN)}, ("forwarded", {}), NOTHING),
    ({"message": message(hologram={"depth": 3})}, ("attached", {}), NOTHING),
    ({"edited_message": message(text="hello!")}, ("edited", {}), NOTHING),
    (
        {"callback_query": press(data="3.1.yes", message=message(text="Well?"))},
        ("pressed", {"data": "3.1.yes"}),
        Owed(pressed="77"),
    ),
    (
        {"callback_query": press(data="3.1.yes", message={**message(), "date": 0})},
        ("pressed", {"data": "3.1.yes"}),
        Owed(pressed="77"),
    ),
    (
        {"callback_query": press(game_short_name="x", message=message())},
        ("pressed", {"data": ""}),
        Owed(pressed="77"),
    ),
    ({"my_chat_member": membership(ANA, "kicked")}, ("closed", {}), NOTHING),
    ({"my_chat_member": membership(ANA, "member")}, ("opened", {}), NOTHING),
]
NOT_OURS = [
    ({"message": message(GROUP, text="hello")}, Owed(leave=-70)),
    ({"edited_message": message(GROUP, text="hello")}, Owed(leave=-70)),
    ({"message": message(GROUP, migrate_to_chat_id=-71)}, Owed(leave=-71)),
    ({"message": message(GROUP, left_chat_member=ANA)}, NOTHING),
    ({"callback_query": press(data="1", message=message(GROUP, text="?"))}, Owed(pressed="77")),
    ({"callback_query": press(data="1", inline_message_id="x")}, Owed(pressed="77")),
    ({"my_chat_member": membership(GROUP, "member")}, Owed(leave=-70)),
    ({"my_chat_member": membership(GROUP, "left")}, NOTHING),
    ({"poll_answer": {"poll_id": "1", "option_ids": [0]}}, NOTHING),
    ({}, NOTHING),
]


@pytest.mark.parametrize(("content", "meant", "owed"), MEANT)
def test_what_comes_from_a_person_is_an_event(
    content: dict[str, Any], meant: tuple[str, dict[str, Any]], owed: Owed
) -> None:
    """Each comes from the person's own chat, and its meaning is decided here alone."""
    raw = {"update_id": 3, **content}
    Update.de_json(raw)  # the library knows it as well, so it is what the Bot API sends
    event, found = read(raw)
    assert event is not None
    assert (event.address, event.kind, event.body, found) == ("5", *meant, owed)


@pytest.mark.parametrize(("content", "owed"), NOT_OURS)
def test_what_is_said_elsewhere_is_not_kept(content: dict[str, Any], owed: Owed) -> None:
    """A group is nobody's answer: the bot leaves, and a button there still has to stop turning."""
    assert read({"update_id": 3, **content}) == (None, owed)


@pytest.mark.parametrize(
    "content",
    [
        {"message": "hello"},
        {"message": message(text=["hello"])},
        {"message": message({"type": "private"}, text="hello")},
        {"message": message({"id": "5", "type": "private"}, text="hello")},
        {"message": message(text="yes", reply_to_message={"message_id": True})},
        {"callback_query": press(data=3, message=message())},
        {"callback_query": {"data": "3.1.yes", "message": message()}},
        {"my_chat_member": {"chat": ANA}},
    ],
)
def test_what_cannot_be_read_is_kept_as_it_came(content: dict[str, Any]) -> None:
    """A later comentor may understand it; until then it holds nothing else up."""
    raw = {"update_id": 3, **content}
    event, owed = read(raw)
    assert event is not None
    assert (event.kind, event.address, event.body["update"], owed) == (
        *("unreadable", ""),
        raw,
        NOTHING,
    )


def test_an_id_that_comes_anew_is_another_event() -> None:
    """Update ids begin anew after a quiet week, and nothing new may be taken for old."""
    events = [read({"update_id": 3, "message": message(text=it)})[0] for it in ("a", "b", "a")]
    first, second, again = (event.id for event in events if event is not None)
    assert first == again != second
