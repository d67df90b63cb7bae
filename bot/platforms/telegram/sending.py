"""Sending to Telegram, and redrawing what was sent: our meaning to its messages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypedDict, TypeVar

from telegram import InputMediaDocument, MessageEntity
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.languages import Languages
from bot.platforms import (
    AnswerLost,
    Begun,
    Delivery,
    File,
    NotNow,
    Redrawing,
    Refused,
    Unreached,
    Unsendable,
)
from bot.platforms.cutting import units
from bot.platforms.telegram.account import Account
from bot.platforms.telegram.drawing import draw
from bot.platforms.telegram.keyboards import Button
from bot.platforms.telegram.request import Lost, NeverSent
from bot.platforms.telegram.words import Text
from bot.words import Words

T = TypeVar("T")
CAPTION = 1024
"""UTF-16 units of a file's caption (Bot API, sendDocument)."""
MOST_TOGETHER = 10
"""Files in one message (Bot API, sendMediaGroup)."""
CAN_WAIT = ("nudge", "announcement")
"""These arrive without a sound."""
NOBODY = ("chat not found", "user is deactivated", "bot can't initiate conversation")
AS_IT_WAS = "message is not modified"
GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
_NO_PREVIEW = {"is_disabled": True}


class _How(TypedDict):
    """What every sending method is told beside what it sends."""

    disable_notification: bool
    allow_paid_broadcast: bool | None


@dataclass(frozen=True, slots=True)
class _Piece:
    """What one call sends: a text with what hangs on it, or files, perhaps under a text."""

    text: Text | None
    keyboard: Sequence[Sequence[Button]] = ()
    files: Sequence[File] = ()


class TelegramPlatform:
    """A bot's account on Telegram."""

    def __init__(self, bot: Account, words: Languages, *, pays: bool = False) -> None:
        """Speak as this bot, with these words beside its buttons.

        `pays` is for announcements that go out faster than is free (Bot API, allow_paid_broadcast).
        """
        self._bot = bot
        self._words = words
        self._pays = pays

    async def send(self, delivery: Delivery) -> str | Begun:
        """Make the next call of it, and give the id of the message that its buttons hang on.

        Or how much of it is there, where it takes more. Raises Refused, Unsendable, NotNow or
        AnswerLost.
        """
        pieces = _pieces(delivery, self._words.of(delivery.language))
        place = min(delivery.begun.calls, len(pieces) - 1)
        how = _How(
            disable_notification=delivery.nature in CAN_WAIT,
            allow_paid_broadcast=(self._pays and delivery.nature == "announcement") or None,
        )
        chat = int(delivery.address)
        sent = await _heeding(lambda: self._say(chat, pieces[place], how))
        # Buttons hang on a text: what else comes behind it is not what is redrawn.
        reference = sent if pieces[place].text else delivery.begun.reference
        return reference if place == len(pieces) - 1 else Begun(place + 1, reference)

    async def _say(self, chat: int, piece: _Piece, how: _How) -> str:
        if piece.files:
            return await self._send_files(chat, piece.files, piece.text, how)
        shown = _shown(piece.text or Text(""), piece.keyboard)
        told = {name: True for name, said in how.items() if said}
        return str(await self._bot.put("sendMessage", chat_id=chat, **shown, **told))

    async def _send_files(
        self, chat: int, files: Sequence[File], caption: Text | None, how: _How
    ) -> str:
        if len(files) == 1:
            sent = await self._bot.send_document(
                chat,
                files[0].text.encode(),
                filename=files[0].name,
                caption=caption.text if caption else None,
                caption_entities=_entities(caption) if caption else None,
                **how,
            )
            return str(sent.message_id)
        group = await self._bot.send_media_group(
            chat,
            [InputMediaDocument(file.text.encode(), filename=file.name) for file in files],
            caption=caption.text if caption else None,
            caption_entities=_entities(caption) if caption else None,
            **how,
        )
        return str(group[0].message_id)

    async def redraw(self, redrawing: Redrawing) -> None:
        """Edit a message to how it stands now; one that is no longer there is left alone.

        Raises Refused, Unsendable, NotNow or AnswerLost.
        """
        if not any(part.choices for part, _ in redrawing.parts):
            return  # nothing in it can look different
        drawn = draw(redrawing.parts, self._words.of(redrawing.language))
        it = {"chat_id": int(redrawing.address), "message_id": int(redrawing.reference)}

        async def edit() -> None:
            try:
                shown = _shown(drawn.texts[-1], drawn.keyboard)
                await self._bot.put("editMessageText", **it, **shown)
            except BadRequest as refusal:
                if not any(each in str(refusal).lower() for each in (AS_IT_WAS, *GONE)):
                    raise

        await _heeding(edit)

    def says_again(self, delivery: Delivery) -> bool:
        """Once: Telegram cannot be asked. No announcement: it is not said twice to a cohort."""
        return delivery.nature != "announcement" and not delivery.doubts

    async def close(self) -> None:
        """Let go of connections."""
        await self._bot.request.shutdown()


async def _heeding(work: Callable[[], Awaitable[T]]) -> T:
    """Do something with Telegram; what it answers is told in the house's own words."""
    try:
        return await work()
    except RetryAfter as pause:
        after = pause.retry_after
        seconds = after.total_seconds() if isinstance(after, timedelta) else float(after)
        raise NotNow("asked for a pause", timedelta(seconds=seconds)) from None
    except (Forbidden, ChatMigrated) as refusal:
        raise Refused(str(refusal)) from None
    except BadRequest as refusal:
        if any(each in str(refusal).lower() for each in NOBODY):
            raise Refused(str(refusal)) from None
        raise Unsendable(str(refusal)) from None
    except Lost:
        raise AnswerLost from None
    except InvalidToken:
        raise NotNow("the token is not taken", timedelta(minutes=1)) from None
    except TelegramError as trouble:
        kind = Unreached if isinstance(trouble, NeverSent) else NotNow
        raise kind(type(trouble).__name__) from None


def _pieces(delivery: Delivery, words: Words) -> list[_Piece]:
    """Give the calls that a message takes, in order; the same ones however often it is tried."""
    drawn = draw([(part, None) for part in delivery.parts], words)
    files = [file for part in delivery.parts for file in part.files]
    together = [
        files[first : first + MOST_TOGETHER] for first in range(0, len(files), MOST_TOGETHER)
    ]
    if together and not drawn.keyboard and _fits(drawn.texts):
        captioned, *more = together
        return [_Piece(drawn.texts[0], files=captioned), *(_Piece(None, files=it) for it in more)]
    *before, last = drawn.texts or [Text("")]
    said = [*map(_Piece, before), _Piece(last, drawn.keyboard)]
    return [*said, *(_Piece(None, files=each) for each in together)]


def _shown(text: Text, rows: Sequence[Sequence[Button]]) -> dict[str, Any]:
    """Give the fields of a text and its keyboard (Bot API, sendMessage)."""
    fields: dict[str, Any] = {"text": text.text, "link_preview_options": _NO_PREVIEW}
    if text.entities:
        fields["entities"] = [each.to_dict() for each in _entities(text)]
    if rows:
        keyboard = [[{"text": it.label, "callback_data": it.data} for it in row] for row in rows]
        fields["reply_markup"] = {"inline_keyboard": keyboard}
    return fields


def _entities(text: Text) -> list[MessageEntity]:
    return [
        MessageEntity(each.kind, each.offset, each.length, url=each.url or None)
        for each in text.entities
    ]


def _fits(texts: Sequence[Text]) -> bool:
    """Whether it can be a file's caption, so that all goes out in one call."""
    return len(texts) == 1 and units(texts[0].text) <= CAPTION
