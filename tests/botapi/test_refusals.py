"""What the real Bot API refuses is refused here, in the same words."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, Forbidden

from tests.botapi import BotApi, Person

BOOK = InlineKeyboardMarkup([[InlineKeyboardButton("Book", callback_data="book")]])
HI = {"chat_id": 5, "text": "hi"}


async def asked(api: BotApi, method: str, **fields: Any) -> dict[str, Any]:
    """Give the answer to a bare request, which no library makes right."""
    async with httpx.AsyncClient() as client:
        answer = await client.post(f"{api.base_url}{api.token}/{method}", json=fields)
    body: dict[str, Any] = answer.json()
    assert answer.status_code == body.get("error_code", 200)
    return body


def pressed(**button: str) -> dict[str, Any]:
    """Give a message with one button."""
    return HI | {"reply_markup": {"inline_keyboard": [[{"text": "Book"} | button]]}}


def keyed(widths: list[int]) -> dict[str, Any]:
    """Give a message with rows of buttons, so many in each."""
    rows = [[{"text": "Book", "callback_data": "x"}] * width for width in widths]
    return HI | {"reply_markup": {"inline_keyboard": rows}}


def marked(text: str, offset: int, length: int, kind: str = "bold") -> dict[str, Any]:
    """Give a message with one entity."""
    entity = {"type": kind, "offset": offset, "length": length}
    return {"chat_id": 5, "text": text, "entities": [entity]}


def commanded(command: str, description: str = "d", times: int = 1) -> dict[str, Any]:
    """Give a menu of commands."""
    return {"commands": [{"command": command, "description": description}] * times}


WRONG: dict[str, tuple[str, dict[str, Any], str]] = {
    "no_chat": ("sendMessage", {"text": "hi"}, "chat_id is empty"),
    "no_text": ("sendMessage", {"chat_id": 5}, "message text is empty"),
    "only_spaces": ("sendMessage", {"chat_id": 5, "text": "  "}, "message text is empty"),
    "too_long": ("sendMessage", {"chat_id": 5, "text": "a" * 4097}, "message is too long"),
    "too_long_in_utf_16": (
        "sendMessage",
        {"chat_id": 5, "text": "😀" * 2049},
        "message is too long",
    ),
    "an_unknown_field": ("sendMessage", HI | {"silent": True}, 'no parameter "silent"'),
    "a_parse_mode": ("sendMessage", HI | {"parse_mode": "HTML"}, "unsupported parse_mode"),
    "broken_json": ("sendMessage", HI | {"entities": "[{"}, "entities must be array"),
    "a_reply_to_nothing": (
        "sendMessage",
        HI | {"reply_parameters": {"message_id": 99}},
        "replied not found",
    ),
    "a_button_without_action": ("sendMessage", pressed(), "Text buttons are unallowed"),
    "an_empty_button": ("sendMessage", pressed(callback_data=""), "Text buttons are unallowed"),
    "too_much_data": ("sendMessage", pressed(callback_data="é" * 33), "BUTTON_DATA_INVALID"),
    "two_actions": ("sendMessage", pressed(callback_data="x", url="https://a.org"), "2 actions"),
    "a_url_that_is_none": ("sendMessage", pressed(url="book"), "Wrong HTTP URL"),
    "a_foreign_protocol": (
        "sendMessage",
        pressed(url="ftp://example.com"),
        "Unsupported URL protocol",
    ),
    "a_button_misspelt": ("sendMessage", pressed(callbackData="x"), "cannot be validated"),
    "an_entity_too_long": ("sendMessage", marked("hello", 3, 3), "ends after the end of the text"),
    "an_entity_from_within": (
        "sendMessage",
        marked("😀", 1, 1),
        "begins in a middle of a UTF-16 symbol",
    ),
    "an_entity_to_within": (
        "sendMessage",
        marked("a😀", 0, 2),
        "ends in a middle of a UTF-16 symbol at byte offset 5",
    ),
    "an_unknown_entity": (
        "sendMessage",
        marked("hello", 0, 1, "shout"),
        "Unsupported type specified",
    ),
    "too_wide_a_keyboard": ("sendMessage", keyed([9]), "reply markup is too long"),
    "too_many_buttons": ("sendMessage", keyed([8] * 12 + [5]), "reply markup is too long"),
    "too_long_a_caption": (
        "sendDocument",
        {"chat_id": 5, "document": "attach://a", "caption": "a" * 1025},
        "message caption is too long",
    ),
    "a_document_that_is_not_there": (
        "sendDocument",
        {"chat_id": 5, "document": "attach://a"},
        "wrong file identifier",
    ),
    "no_document": ("sendDocument", {"chat_id": 5}, "there is no document in the request"),
    "an_edit_of_nothing": ("editMessageText", HI | {"message_id": 99}, "message to edit not found"),
    "an_edit_of_anothers": ("editMessageText", HI | {"message_id": 1}, "message can't be edited"),
    "a_press_never_made": ("answerCallbackQuery", {"callback_query_id": "9"}, "query is too old"),
    "too_long_an_answer": (
        "answerCallbackQuery",
        {"callback_query_id": "9", "text": "a" * 201},
        "TOO_LONG",
    ),
    "a_command_in_capitals": ("setMyCommands", commanded("Book"), "BOT_COMMAND_INVALID"),
    "a_command_too_long": ("setMyCommands", commanded("b" * 33), "BOT_COMMAND_INVALID"),
    "an_undescribed_command": (
        "setMyCommands",
        commanded("book", ""),
        "BOT_COMMAND_DESCRIPTION_INVALID",
    ),
    "too_many_commands": ("setMyCommands", commanded("book", times=101), "BOT_COMMANDS_TOO_MUCH"),
    "too_long_a_description": ("setMyDescription", {"description": "a" * 513}, "too long"),
    "a_secret_with_a_dot": (
        "setWebhook",
        {"url": "http://127.0.0.1:9/", "secret_token": "a.b"},
        "unallowed",
    ),
    "leaving_a_person": ("leaveChat", {"chat_id": 5}, "can't be changed in private chats"),
}


@pytest.mark.parametrize("name", WRONG)
async def test_it_refuses_what_the_real_one_refuses(api: BotApi, ana: Person, name: str) -> None:
    """Lengths, missing and unknown fields, wrong buttons: a bot must not learn it in earnest."""
    method, fields, words = WRONG[name]
    answer = await asked(api, method, **fields)
    assert (answer["ok"], answer["error_code"]) == (False, 400)
    assert answer["description"].startswith("Bad Request: ")
    assert words in answer["description"]
    assert ana.screen == []


async def test_the_same_again_is_no_edit(bot: Bot, ana: Person) -> None:
    """Telegram refuses an edit that changes nothing."""
    sent = await bot.send_message(5, "When?", reply_markup=BOOK)
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_text("When?", 5, sent.message_id, reply_markup=BOOK)
    assert ana.last.edits == 0


async def test_the_longest_text_is_counted_in_utf_16(bot: Bot, ana: Person) -> None:
    """4,096 units pass, and half as many smileys."""
    await bot.send_message(5, "😀" * 2048)
    await bot.send_message(5, "a" * 4096)
    assert len(ana.screen) == 2


async def test_a_wrong_token_is_told_from_no_token(api: BotApi) -> None:
    """401 for one that is not ours, 404 for what cannot be one."""
    async with httpx.AsyncClient() as client:
        other = await client.post(f"{api.base_url}654321:{'B' * 35}/getMe")
        none = await client.post(f"{api.base_url}nonsense/getMe")
    assert (other.status_code, other.json()["description"]) == (401, "Unauthorized")
    assert (none.status_code, none.json()["description"]) == (404, "Not Found")


async def test_who_never_came_or_left_is_not_reached(api: BotApi, bot: Bot, ana: Person) -> None:
    """Telegram's two final refusals."""
    api.person(6, "Ben")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(6, "hello")
    ana.blocks()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(5, "hello")
    ana.start()
    await bot.send_message(5, "hello")
