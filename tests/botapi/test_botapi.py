"""The double itself: a real library gets on with it, and people are there."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from io import BytesIO
from typing import Any

import httpx
import pytest
from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
)

from tests.botapi import BotApi, Person
from tests.botapi.methods import DEEDS
from tests.botapi.model import model, shape

BOOK = InlineKeyboardMarkup([[InlineKeyboardButton("Book", callback_data="book")]])


def test_the_model_and_the_deeds_are_the_same() -> None:
    """What the model knows is done, and nothing is done that it does not know."""
    others = {"getUpdates", "setWebhook", "deleteWebhook", "getWebhookInfo"}
    assert set(DEEDS) | others == set(model()["methods"])


async def test_a_message_is_sent_edited_and_seen(bot: Bot, ana: Person) -> None:
    """The screen shows what stands now, and an edit without a keyboard takes the old one away."""
    bold = [MessageEntity("bold", 0, 4)]
    sent = await bot.send_message(5, "When is it?", entities=bold, reply_markup=BOOK)
    seen = await ana.sees("When")
    assert (seen.id, seen.buttons) == (sent.message_id, [["Book"]])
    assert seen.entities == [{"type": "bold", "offset": 0, "length": 4}]
    await bot.edit_message_text("Thursday", 5, sent.message_id)
    assert [(each.text, each.buttons, each.edits) for each in ana.screen] == [("Thursday", [], 1)]
    shape("Message")(ana.last.raw)


async def test_a_document_comes_whole(bot: Bot, ana: Person) -> None:
    """A calendar file travels in a multipart body, with its name and its bytes."""
    await bot.send_document(5, BytesIO(b"BEGIN:VCALENDAR"), filename="m.ics", caption="Yours")
    assert (ana.last.document_name, ana.last.document) == ("m.ics", b"BEGIN:VCALENDAR")
    assert ana.last.text == "Yours"
    shape("Message")(ana.last.raw)


async def test_a_press_is_answered_until_it_is_too_old(api: BotApi, bot: Bot, ana: Person) -> None:
    """After 150 seconds Telegram takes no answer, and tells of no press either."""
    await bot.send_message(5, "When?", reply_markup=BOOK)
    query = ana.presses(ana.last, "Book")
    (update,) = await bot.get_updates()
    assert update.callback_query is not None
    assert update.callback_query.data == "book"
    await update.callback_query.answer("Booked")
    assert ana.answer_to(query) == {"callback_query_id": query, "text": "Booked"}
    api.skip(timedelta(seconds=151))
    assert await bot.get_updates() == ()
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query(query)


async def test_only_a_button_that_stands_is_pressed(bot: Bot, ana: Person) -> None:
    """A test may not press what nobody sees, but a slow phone may still show an old keyboard."""
    sent = await bot.send_message(5, "When?", reply_markup=BOOK)
    await bot.edit_message_reply_markup(5, sent.message_id)
    with pytest.raises(AssertionError, match="no button 'Book'"):
        ana.presses(ana.last, "Book")
    ana.presses_as_it_was(ana.last, "Book")
    (update,) = await bot.get_updates()
    assert update.callback_query is not None


async def test_an_offset_confirms(bot: Bot, ana: Person) -> None:
    """What is below the offset never comes again; what is not confirmed comes at every poll."""
    for word in ("one", "two", "three"):
        ana.types(word)
    first, second, _ = await bot.get_updates()
    assert len(await bot.get_updates(limit=2)) == 2
    rest = await bot.get_updates(offset=second.update_id)
    assert [each.message.text for each in rest if each.message] == ["two", "three"]
    assert first.update_id < min(each.update_id for each in await bot.get_updates(offset=-1))
    assert len(await bot.get_updates()) == 1


async def test_a_poll_waits_for_the_next_word(api: BotApi, bot: Bot, ana: Person) -> None:
    """A long poll answers as soon as there is something."""
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await api.until(lambda: api.counts.requests["getUpdates"] or None)
    ana.types("hello")
    assert len(await poll) == 1


async def test_a_second_reader_ends_the_first(api: BotApi, bot: Bot) -> None:
    """Two copies of a bot cannot both read: the one that waits is told of a conflict."""
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await api.until(lambda: api.counts.requests["getUpdates"] or None)
    async with Bot(api.token, base_url=api.base_url) as copy:
        assert await copy.get_updates(timeout=1) == ()
    with pytest.raises(Conflict, match="other getUpdates request"):
        await first


async def test_nobody_reads_while_a_webhook_is_set(bot: Bot) -> None:
    """The two ways of getting updates exclude each other."""
    await bot.set_webhook("http://127.0.0.1:9/hook", secret_token="s3cret")
    assert (await bot.get_webhook_info()).url == "http://127.0.0.1:9/hook"
    with pytest.raises(Conflict, match="webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == ()
    with pytest.raises(BadRequest, match="Bad webhook: an https url must"):
        await bot.set_webhook("http://example.org/hook")


async def test_setting_a_webhook_ends_a_poll(api: BotApi, bot: Bot) -> None:
    """Who was reading is told that the updates go another way now."""
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await api.until(lambda: api.counts.requests["getUpdates"] or None)
    await bot.set_webhook("http://127.0.0.1:9/hook")
    with pytest.raises(Conflict, match="terminated by setWebhook"):
        await poll


async def test_a_message_waits_a_day(api: BotApi, bot: Bot, ana: Person) -> None:
    """A bot that slept longer has lost it."""
    ana.types("anybody there?")
    api.skip(timedelta(hours=23))
    assert len(await bot.get_updates()) == 1
    api.skip(timedelta(hours=1))
    assert await bot.get_updates() == ()


async def test_only_wanted_updates_come(bot: Bot, ana: Person) -> None:
    """A kind that the bot did not ask for is not even kept."""
    await bot.get_updates(allowed_updates=["callback_query"])
    ana.types("hello")
    assert await bot.get_updates(allowed_updates=[]) == ()
    ana.types("hello")
    assert len(await bot.get_updates()) == 1


async def test_everything_that_a_person_does_is_known_to_the_model(
    api: BotApi, bot: Bot, ana: Person
) -> None:
    """Each kind of update passes the published model and is read by a real library."""
    ben = api.person(6, "Ben", username="ben")
    asked = await bot.send_message(5, "How was it?")
    ana.types("good", reply_to=ana.last)
    ana.edits(ana.sends_voice(), "better")
    ana.sends_photo("look")
    ana.sends_sticker()
    ana.sends_document()
    ana.forwards("a secret", written_by=ben)
    ana.blocks()
    ana.unblocks()
    ana.renames("Anna", last_name="Ruiz")
    updates = await bot.get_updates()
    assert len(updates) == 9
    assert updates[0].message is not None
    assert updates[0].message.reply_to_message == asked


async def test_groups_and_channels_are_there_too(api: BotApi, bot: Bot, ana: Person) -> None:
    """A group that became a supergroup says where it went."""
    group = api.group(-7, "Mentors")
    group.adds_the_bot(by=ana)
    group.hears(ana, "hello all")
    api.group(-8, "News", "channel").posts("Spring")
    group.migrates(to=-1007, by=ana)
    assert len(await bot.get_updates()) == 4
    with pytest.raises(ChatMigrated) as migrated:
        await bot.send_message(-7, "hello")
    assert migrated.value.new_chat_id == -1007
    await bot.leave_chat(-1007)
    with pytest.raises(Forbidden, match="not a member of the supergroup chat"):
        await bot.send_message(-1007, "hello")


async def test_the_profile_is_kept(api: BotApi, bot: Bot) -> None:
    """Commands by scope and language, and the two texts."""
    await bot.set_my_commands([BotCommand("help", "Help")], language_code="de")
    await bot.set_my_description("Meetings")
    await bot.set_my_short_description("")
    assert api.state.commands == {("default", "de"): [{"command": "help", "description": "Help"}]}
    assert api.state.profile["description", ""] == "Meetings"
    await bot.delete_my_commands(language_code="de")
    assert api.state.commands == {}


async def test_a_chat_tells_of_itself(api: BotApi, bot: Bot) -> None:
    """What getMe and getChat say passes the library's own reading."""
    api.person(5, "Ana").start()
    assert (await bot.get_me()).is_bot
    assert (await bot.get_chat(5)).first_name == "Ana"
    assert await bot.set_chat_menu_button(5)


@pytest.mark.parametrize("way", ["json", "form", "query", "multipart"])
async def test_fields_come_in_four_ways(api: BotApi, ana: Person, way: str) -> None:
    """JSON, a form, a multipart body, or the address itself."""
    fields = {"chat_id": "5", "text": "12", "entities": '[{"type":"bold","offset":0,"length":1}]'}
    forms: dict[str, dict[str, Any]] = {
        "json": {"json": fields | {"chat_id": 5}},
        "form": {"data": fields},
        "query": {"params": fields},
        "multipart": {"data": fields, "files": {"unused": b"-"}},
    }
    async with httpx.AsyncClient() as client:
        url = f"{api.base_url}{api.token}/SENDMESSAGE"
        answer = await client.post(url, **forms[way])
    if way == "multipart":
        assert 'no parameter "unused"' in answer.json()["description"]
    else:
        assert answer.json()["ok"], answer.text
        assert ana.last.text == "12"
