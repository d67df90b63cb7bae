"""Updates through a webhook: the secret, the order, and one more try after another."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from tests.botapi import BotApi, Person


@dataclass(slots=True)
class Program:
    """A bot's own address: it answers what it is told to, then 200."""

    port: int = 0
    answers: list[web.Response] = field(default_factory=list)
    got: list[dict[str, Any]] = field(default_factory=list)
    secrets: set[str | None] = field(default_factory=set)
    paths: set[str] = field(default_factory=set)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: web.BaseRequest) -> web.Response:
        """Answer one delivery."""
        self.got.append(json.loads(await request.read()))
        self.secrets.add(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.paths.add(request.path)
        self.news.set()
        return self.answers.pop(0) if self.answers else web.Response()

    async def has(self, number: int) -> list[str]:
        """Wait for so many deliveries, and give their words."""
        async with asyncio.timeout(5):
            while len(self.got) < number:
                self.news.clear()
                await self.news.wait()
        return [str(update.get("message", {}).get("text")) for update in self.got]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture
async def program() -> AsyncIterator[Program]:
    """The bot's side of a webhook."""
    program = Program()
    runner = web.ServerRunner(web.Server(program.take))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    program.port = runner.addresses[0][1]
    yield program
    await runner.cleanup()


async def test_what_waited_and_what_comes_is_delivered(
    bot: Bot, ana: Person, program: Program
) -> None:
    """Each delivery carries the secret; the order is the person's own."""
    ana.types("one")
    await bot.set_webhook(f"{program.url}/hook", secret_token="s3cret")
    ana.types("two")
    ana.types("three")
    assert await program.has(3) == ["one", "two", "three"]
    assert (program.secrets, program.paths) == ({"s3cret"}, {"/hook"})


async def test_a_public_address_leads_to_this_machine(
    api: BotApi, bot: Bot, ana: Person, program: Program
) -> None:
    """As behind a proxy; without one, nothing ever leaves the machine."""
    await bot.set_webhook("https://comentor.example/hook")
    ana.types("one")
    await asyncio.sleep(0)
    assert "Failed to resolve host" in str((await bot.get_webhook_info()).last_error_message)
    await bot.delete_webhook()
    api.webhook.behind = program.url
    await bot.set_webhook("https://comentor.example/hook")
    assert await program.has(1) == ["one"]


async def test_an_update_comes_until_it_is_taken(
    api: BotApi, bot: Bot, ana: Person, program: Program
) -> None:
    """Any answer but 2xx brings the same again, and holds back what the person did next."""
    api.webhook.haste = 1000.0
    program.answers = [
        web.Response(status=500),
        web.Response(status=302, headers={"Location": "/elsewhere"}),
        web.Response(status=429, headers={"Retry-After": "7"}),
    ]
    await bot.set_webhook(program.url)
    ana.types("one")
    ana.types("two")
    assert await program.has(5) == ["one", "one", "one", "one", "two"]
    info = await bot.get_webhook_info()
    assert info.last_error_message == "Wrong response from the webhook: 429 Too Many Requests"


async def test_a_press_does_not_wait_behind_a_message(
    bot: Bot, ana: Person, program: Program
) -> None:
    """Presses have an order of their own: a press may come before the words typed earlier."""
    book = InlineKeyboardButton("Book", callback_data="book")
    await bot.send_message(5, "When?", reply_markup=InlineKeyboardMarkup.from_button(book))
    program.answers = [web.Response(status=500, headers={"Retry-After": "60"})]
    await bot.set_webhook(program.url)
    ana.types("one")
    await program.has(1)
    ana.presses(ana.last, "Book")
    await program.has(2)
    assert "callback_query" in program.got[1]


async def test_an_answer_may_bring_a_call_along(
    api: BotApi, bot: Bot, ana: Person, program: Program
) -> None:
    """A press is answered by it; one that is refused is counted, and the bot never hears of it."""
    book = InlineKeyboardButton("Book", callback_data="book")
    await bot.send_message(5, "When?", reply_markup=InlineKeyboardMarkup.from_button(book))
    await bot.set_webhook(program.url)
    ana.presses(ana.last, "Book")
    await program.has(1)
    query = program.got[0]["callback_query"]["id"]
    call = {"method": "answerCallbackQuery", "callback_query_id": query}
    program.answers = [web.json_response(call), web.json_response(call | {"lock": 1})]
    ana.types("one")
    ana.types("two")
    await api.taken()
    assert api.state.presses[query].answer is not None
    assert api.counts.requests["answerCallbackQuery"] == 2
    assert api.counts.refusals[400] == 1


async def test_an_update_is_given_up_when_it_expires(
    api: BotApi, bot: Bot, ana: Person, program: Program
) -> None:
    """After a day Telegram tries no more."""
    program.answers = [web.Response(status=500, headers={"Retry-After": "3600"})]
    await bot.set_webhook(program.url)
    ana.types("one")
    await program.has(1)
    await bot.delete_webhook()
    api.skip(timedelta(days=1))
    await bot.set_webhook(program.url)
    ana.types("two")
    assert await program.has(2) == ["one", "two"]
    assert api.updates.expired == 1
