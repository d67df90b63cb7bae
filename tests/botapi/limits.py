"""The limits that the Bot API states in words, where a schema cannot say them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from tests.botapi.refusals import bad

TEXT = 4096  # UTF-16 units, after entities: sendMessage, text
CAPTION = 1024  # UTF-16 units, after entities: sendDocument, caption
GROUP = range(2, 11)  # sendMediaGroup, media
CALLBACK_ANSWER = 200  # characters: answerCallbackQuery, text
CALLBACK_DATA = range(1, 65)  # bytes: InlineKeyboardButton, callback_data
ROW, BUTTONS = 8, 100  # not in the reference; what the servers were seen to take
COMMANDS = 100  # setMyCommands, commands
COMMAND = re.compile(r"[a-z0-9_]{1,32}")  # BotCommand, command
COMMAND_DESCRIPTION = range(1, 257)  # BotCommand, description
DESCRIPTION, SHORT_DESCRIPTION = 512, 120  # setMyDescription, setMyShortDescription
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")  # setWebhook, secret_token
NOT_ACTIONS = {"text", "icon_custom_emoji_id", "style"}  # InlineKeyboardButton
ENTITIES = {
    *("mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"),
    *("bold", "italic", "underline", "strikethrough", "spoiler", "code", "pre"),
    *("blockquote", "expandable_blockquote", "text_link", "text_mention"),
    *("custom_emoji", "date_time"),
}  # MessageEntity, type

Given = Mapping[str, Any]


def check(name: str, given: Given) -> None:
    """Hold one method's fields against its limits.

    Raises:
        Refused: one of them is passed, in Telegram's words where they are known.
    """
    if "parse_mode" in given:
        raise bad("unsupported parse_mode")  # entities say the same without a second grammar
    for limit in LIMITS.get(name, ()):
        limit(given)


def units(text: str) -> int:
    """Count UTF-16 units, which is how Telegram measures text."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def text(given: Given) -> None:
    """Hold a message's text and its entities."""
    words = given.get("text", "")
    if not words.strip():
        raise bad("message text is empty")
    if units(words) > TEXT:
        raise bad("message is too long")
    entities(words, given.get("entities", ()))


def caption(given: Given) -> None:
    """Hold a document's caption and its entities."""
    words = given.get("caption", "")
    if units(words) > CAPTION:
        raise bad("message caption is too long")
    entities(words, given.get("caption_entities", ()))


def group(given: Given) -> None:
    """Hold a group of files: 2 to 10 of them, each with a caption or none."""
    if len(given["media"]) not in GROUP:
        raise bad("wrong number of media in the group")
    for each in given["media"]:
        caption(each)


def entities(words: str, given: Sequence[Given]) -> None:
    """Hold entities against their text: inside of it, and no character cut in two."""
    if not given:
        return
    bytes_at = boundaries(words)
    end = units(words)
    for each in given:
        entity(each)
        first, last = each["offset"], each["offset"] + each["length"]
        named = f"entity beginning at UTF-16 offset {first}"
        if last > end:
            raise bad(f"{named} ends after the end of the text at UTF-16 offset {last}")
        if first not in bytes_at:
            at = bytes_at[first + 1]
            raise bad(f"entity begins in a middle of a UTF-16 symbol at byte offset {at}")
        if last not in bytes_at:
            at = bytes_at[last + 1]
            raise bad(f"{named} ends in a middle of a UTF-16 symbol at byte offset {at}")


def entity(each: Given) -> None:
    """Hold one entity by itself."""
    if each["type"] not in ENTITIES:
        raise bad("can't parse MessageEntity: Unsupported type specified")
    if each["type"] == "text_link":
        web_address(each.get("url", ""), "entity URL")
    for field in ("offset", "length"):
        if each[field] < 0:
            raise bad(f"receive an entity with incorrect {field} {each[field]}")


def boundaries(words: str) -> dict[int, int] | range:
    """Give where each character begins, and the end: UTF-16 offset to byte offset."""
    if words.isascii():
        return range(len(words) + 1)
    at, byte = 0, 0
    offsets = {0: 0}
    for character in words:
        at += units(character)
        byte += len(character.encode("utf-8", "surrogatepass"))
        offsets[at] = byte
    return offsets


def keyboard(given: Given) -> None:
    """Hold an inline keyboard: its size, and every button."""
    rows = given.get("reply_markup", {}).get("inline_keyboard", ())
    if any(len(row) > ROW for row in rows) or sum(map(len, rows)) > BUTTONS:
        raise bad("reply markup is too long")
    for row in rows:
        for each in row:
            button(each)


def button(each: Given) -> None:
    """Hold one button: a label, and exactly one thing that it does."""
    actions = each.keys() - NOT_ACTIONS
    if not each["text"]:
        raise bad("inline keyboard button text must be non-empty")
    if not actions or each.get("callback_data") == "":
        raise bad(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if len(actions) > 1:  # the real one takes the first it knows and is silent
        raise bad(f"inline keyboard button has {len(actions)} actions, not one")
    if "callback_data" in each and len(each["callback_data"].encode()) not in CALLBACK_DATA:
        raise bad("BUTTON_DATA_INVALID")
    if "url" in each:
        web_address(each["url"], "inline keyboard button URL")


def web_address(url: str, what: str) -> None:
    """Hold a link: a web address, or one of Telegram's own."""
    try:
        parts = urlsplit(url)
    except ValueError as wrong:
        raise bad(f"{what} '{url}' is invalid: Wrong HTTP URL") from wrong
    if parts.scheme and parts.scheme not in {"http", "https", "tg", "ton"}:
        raise bad(f"{what} '{url}' is invalid: Unsupported URL protocol")
    host = parts.netloc or parts.path.split("/")[0]
    if parts.scheme not in {"tg", "ton"} and "." not in host:
        raise bad(f"{what} '{url}' is invalid: Wrong HTTP URL")


def callback_answer(given: Given) -> None:
    """Hold what a person reads at the top of the screen after a press."""
    if len(given.get("text", "")) > CALLBACK_ANSWER:
        raise bad("MESSAGE_TOO_LONG")


def commands(given: Given) -> None:
    """Hold the menu of commands."""
    if len(given["commands"]) > COMMANDS:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for each in given["commands"]:
        if not COMMAND.fullmatch(each["command"]):
            raise bad("BOT_COMMAND_INVALID")
        if len(each["description"]) not in COMMAND_DESCRIPTION:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")


def profile(given: Given) -> None:
    """Hold the two texts of the bot's profile."""
    if len(given.get("description", "")) > DESCRIPTION:
        raise bad("bot description is too long")
    if len(given.get("short_description", "")) > SHORT_DESCRIPTION:
        raise bad("bot short description is too long")


def secret(given: Given) -> None:
    """Hold the secret that a webhook's requests carry."""
    token = given.get("secret_token")
    if token is not None and not SECRET.fullmatch(token):
        raise bad("secret token contains unallowed characters")
    if not 1 <= given.get("max_connections", 40) <= 100:  # setWebhook, max_connections
        raise bad("max_connections must be from 1 to 100")


LIMITS: Mapping[str, Sequence[Callable[[Given], None]]] = {
    "sendMessage": (text, keyboard),
    "editMessageText": (text, keyboard),
    "editMessageReplyMarkup": (keyboard,),
    "sendDocument": (caption, keyboard),
    "sendMediaGroup": (group,),
    "answerCallbackQuery": (callback_answer,),
    "setMyCommands": (commands,),
    "setMyDescription": (profile,),
    "setMyShortDescription": (profile,),
    "setWebhook": (secret,),
}
