"""What each method does, once its request is found to be in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.botapi.refusals import NOT_MODIFIED, bad
from tests.botapi.state import Chat, Json, Message, State

ATTACHED = "attach://"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in a multipart body."""

    name: str
    content_type: str
    content: bytes


Uploads = Mapping[str, Upload]


@dataclass(frozen=True, slots=True)
class Call:
    """One request: where it works, its fields, and the files that came along."""

    state: State
    given: Json
    uploads: Uploads


Deed = Callable[[Call], Any]


def get_me(call: Call) -> Json:
    """Tell the bot who it is."""
    return call.state.bot


def send_message(call: Call) -> Json:
    """Put text into a chat."""
    content = {"text": call.given["text"]} | kept(call.given, "entities", "link_preview_options")
    return sent(call.state, call.given, content).raw


def send_document(call: Call) -> Json:
    """Put an uploaded file into a chat."""
    return put_document(call, call.given["document"], call.given)


def send_media_group(call: Call) -> list[Json]:
    """Put several uploaded files into a chat, each a message of its own."""
    if {each["type"] for each in call.given["media"]} != {"document"}:
        raise bad("this server takes groups of documents alone")
    return [put_document(call, each["media"], each) for each in call.given["media"]]


def put_document(call: Call, named: str, about: Json) -> Json:
    """Put one of the uploaded files into a chat, with its caption."""
    upload = call.uploads.get(named.removeprefix(ATTACHED))
    if upload is None:  # a file_id or a URL: this server keeps no files to find them by
        raise bad("wrong file identifier/HTTP URL specified")
    if not upload.content:
        raise bad("file must be non-empty")
    number = f"document{next(call.state.numbers)}"
    document = {
        "file_id": number,
        "file_unique_id": number,
        "file_name": upload.name,
        "mime_type": upload.content_type,
        "file_size": len(upload.content),
    }
    content = {"document": document} | kept(about, "caption", "caption_entities")
    message = sent(call.state, call.given, content)
    message.document = upload.content
    return message.raw


def sent(state: State, given: Json, content: Json) -> Message:
    """Put what the bot sends into its chat."""
    chat = state.open_chat(given)
    content |= reply(chat, given) | inline(given)
    message = state.put(chat, content)
    message.silent = given.get("disable_notification", False)
    if "reply_markup" in given and "inline_keyboard" not in given["reply_markup"]:
        chat.markup = given["reply_markup"]
    return message


def reply(chat: Chat, given: Json) -> Json:
    """Give the message that is replied to, as the Bot API shows it: without its own reply."""
    asked = given.get("reply_parameters")
    if asked is None:
        return {}
    target = chat.messages.get(asked["message_id"])
    if target is not None:
        shown = {name: v for name, v in target.raw.items() if name != "reply_to_message"}
        return {"reply_to_message": shown}
    if asked.get("allow_sending_without_reply"):
        return {}
    raise bad("message to be replied not found")


def inline(given: Json) -> Json:
    """Give an inline keyboard, which alone is part of a message."""
    markup = given.get("reply_markup", {})
    return {"reply_markup": markup} if markup.get("inline_keyboard") else {}


def edit_message_text(call: Call) -> Json:
    """Change a message's text; a keyboard that is not named goes."""
    message = own_message(call.state, call.given)
    if "text" not in message.raw:
        raise bad("there is no text in the message to edit")
    content = {"text": call.given["text"]} | kept(call.given, "entities", "link_preview_options")
    return edited(call.state, message, content | inline(call.given))


def edit_message_reply_markup(call: Call) -> Json:
    """Change, or take away, a message's keyboard."""
    message = own_message(call.state, call.given)
    fields = ("text", "entities", "link_preview_options", "caption", "caption_entities")
    return edited(call.state, message, kept(message.raw, *fields) | inline(call.given))


def own_message(state: State, given: Json) -> Message:
    """Find the message of the bot that is to be edited."""
    if "chat_id" not in given:
        raise bad("chat_id is empty")
    chat = state.open_chat(given)
    message = chat.messages.get(given.get("message_id", 0))
    if message is None:
        raise bad("message to edit not found")
    if not message.by_bot:
        raise bad("message can't be edited")
    return message


def edited(state: State, message: Message, content: Json) -> Json:
    """Put new content in the place of the old; what is left out, the keyboard too, goes."""
    fixed = ("message_id", "date", "chat", "from", "reply_to_message", "document")
    raw = kept(message.raw, *fixed) | content
    if raw == {name: v for name, v in message.raw.items() if name != "edit_date"}:
        raise bad(NOT_MODIFIED)
    message.before.append(message.raw)
    message.raw = raw | {"edit_date": int(state.now)}
    return message.raw


def answer_callback_query(call: Call) -> bool:
    """End the waiting of whoever pressed a button."""
    call.state.press(call.given["callback_query_id"]).answer = call.given
    return True


def set_my_commands(call: Call) -> bool:
    """Keep the menu of commands for a scope and a language."""
    call.state.commands[place(call.given)] = call.given["commands"]
    return True


def delete_my_commands(call: Call) -> bool:
    """Forget the menu of commands of a scope and a language."""
    call.state.commands.pop(place(call.given), None)
    return True


def place(given: Json) -> tuple[str, str]:
    """Name a scope and a language: ("default", ""), ("chat 5", "de")."""
    scope = given.get("scope", {})
    parts = [scope.get("type", "default"), scope.get("chat_id"), scope.get("user_id")]
    return " ".join(str(part) for part in parts if part), given.get("language_code", "")


def set_my_description(call: Call) -> bool:
    """Keep what is read before Start is pressed."""
    language = call.given.get("language_code", "")
    call.state.profile["description", language] = call.given.get("description", "")
    return True


def set_my_short_description(call: Call) -> bool:
    """Keep what is read on the bot's profile."""
    language = call.given.get("language_code", "")
    call.state.profile["short_description", language] = call.given.get("short_description", "")
    return True


def set_chat_menu_button(call: Call) -> bool:
    """Keep the button beside the field for typing, for a chat or for all."""
    button = call.given.get("menu_button", {"type": "default"})
    if "chat_id" in call.given:
        call.state.open_chat(call.given).menu_button = button
    else:
        call.state.profile["menu_button", ""] = button["type"]
    return True


def leave_chat(call: Call) -> bool:
    """Leave a group or a channel."""
    chat = call.state.open_chat(call.given)
    if chat.person is not None:
        raise bad("chat member status can't be changed in private chats")
    chat.reachable = False
    return True


def get_chat(call: Call) -> Json:
    """Tell about a chat."""
    chat = call.state.open_chat(call.given)
    gifts = dict.fromkeys(GIFTS, False)
    full = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}
    return chat.about | full


def kept(values: Json, *names: str) -> Json:
    """Give those fields that are there and hold something."""
    return {name: values[name] for name in names if values.get(name)}


GIFTS = (
    "unlimited_gifts",
    "limited_gifts",
    "unique_gifts",
    "premium_subscription",
    "gifts_from_channels",
)  # AcceptedGiftTypes
DEEDS: Mapping[str, Deed] = {
    "getMe": get_me,
    "sendMessage": send_message,
    "sendDocument": send_document,
    "sendMediaGroup": send_media_group,
    "editMessageText": edit_message_text,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "answerCallbackQuery": answer_callback_query,
    "setMyCommands": set_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyDescription": set_my_description,
    "setMyShortDescription": set_my_short_description,
    "setChatMenuButton": set_chat_menu_button,
    "leaveChat": leave_chat,
    "getChat": get_chat,
}
"""The others, about updates, are answered by the server itself."""
