"""Being called by Telegram: nobody else is heard, and 200 means that it is stored."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
from collections.abc import AsyncIterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from bot.platforms.telegram.webhook import PATH, SECRET, secret_of
from bot.running.sides import LARGEST
from tests.botapi import TOKEN
from tests.telegram.process import PATIENCE
from tests.telegram.town import Town, town

pytestmark = pytest.mark.asyncio(loop_scope="module")
HELP = "I keep your meetings in the diary"
GOOD = {SECRET: secret_of(TOKEN)}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def here(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> AsyncIterator[Town]:
    """One town for all these tests, whose process stands behind a public address."""
    room = tmp_path_factory.mktemp("webhook")
    shutil.copy(sqlite_template, room / "comentor.sqlite3")
    async with town(room, f"sqlite:///{room}/comentor.sqlite3") as here:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        here.api.webhook.behind = f"http://127.0.0.1:{port}"
        here.api.webhook.haste = 20
        here.process.settings |= {
            "COMENTOR_TELEGRAM__WEBHOOK_URL": "https://mentoring.example.org",
            "COMENTOR_SERVER__PORT": str(port),
        }
        await here.process.start()
        await here.api.until(lambda: here.api.webhook.url or None, PATIENCE)
        yield here


async def call(here: Town, body: Any, headers: dict[str, str]) -> int:
    """Call the process as Telegram would, and give the status that it answers."""
    status, _ = await answered(here, body, headers)
    return status


async def body_of(here: Town, update: dict[str, Any]) -> bytes:
    """Bring an update, and give what stands in the 200."""
    status, body = await answered(here, update, GOOD)
    assert status == 200
    return body


async def answered(here: Town, body: Any, headers: dict[str, str]) -> tuple[int, bytes]:
    """Call the process, and give all that it answers."""
    what = {"json": body} if isinstance(body, dict) else {"data": body}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{here.api.webhook.behind}{PATH}", headers=headers, **what) as answer,
    ):
        return answer.status, await answer.read()


def last_update(here: Town) -> dict[str, Any]:
    """Give what Telegram last had to say."""
    return here.api.updates.recent[-1].update


async def test_what_telegram_brings_is_answered(here: Town) -> None:
    """At the address that was set, and with nothing left to be asked for."""
    assert here.api.webhook.url == f"https://mentoring.example.org{PATH}"
    await here.asks("ana", "/help", HELP)
    await here.api.taken(PATIENCE)


async def test_nobody_else_is_heard(here: Town) -> None:
    """The address is public; whoever calls without the secret is not Telegram."""
    forged = last_update(here) | {"update_id": 1}
    for headers in ({}, {SECRET: "guessed"}, {SECRET: "é"}):
        assert await call(here, forged, headers) == 401
    assert here.process.rows("SELECT count(*) FROM arrival WHERE event LIKE '1-%'") == [(0,)]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"words"', b"\xff\xfe"])
async def test_a_body_that_is_no_update_is_refused(here: Town, body: bytes) -> None:
    """It is not kept: there is nothing in it that a later comentor could read."""
    assert await call(here, body, GOOD) == 400


async def test_a_body_without_end_is_not_read_to_its_end(here: Town) -> None:
    """Anybody can call a public address."""
    assert await call(here, BytesIO(b"x" * (LARGEST + 1)), GOOD) == 413
    assert await call(here, BytesIO(b"x" * LARGEST), GOOD) == 400


async def test_an_update_that_cannot_be_read_is_taken_once(here: Town) -> None:
    """Were it refused, Telegram would bring it for a day."""
    assert await call(here, {"update_id": 2, "message": {"chat": 5}}, GOOD) == 200
    await here.asks("ben", "/help", HELP)


async def test_a_press_is_answered_along_with_the_200(here: Town) -> None:
    """Nothing else has to be called for it; brought again, it is not answered again."""
    ida = here["ida"]
    asked = await here.asks("ida", "/settings", "You are in London time")
    press = ida.presses(asked, "Leave it")
    await here.reads("ida", "✓ Leave it")
    assert ida.answer_to(press) == {"callback_query_id": press}
    again = last_update(here)
    new = again | {"update_id": again["update_id"] + 1}
    wanted = {"method": "answerCallbackQuery", "callback_query_id": press}
    assert json.loads(await body_of(here, new)) == wanted
    assert await body_of(here, new) == b""


async def test_what_telegram_brings_again_changes_nothing(here: Town) -> None:
    """Our 200 was lost on its way."""
    await here.asks("eve", "/help", HELP)
    again = last_update(here)
    for _ in range(3):
        assert await call(here, again, GOOD) == 200
    await here.asks("eve", "/privacy", "What I keep")
    assert len(here["eve"].screen) == 2


async def test_it_is_taken_only_once_it_is_stored(here: Town) -> None:
    """While the database is busy nothing is confirmed; at a kill Telegram brings it again."""
    await here.asks("fay", "/settings", "You are in London time")
    await here.noted()
    with here.process.locked():
        posts = here.api.webhook.posts
        here["gil"].types("/help")
        await here.process.until(lambda: here.api.webhook.posts > posts)
        await asyncio.sleep(0.3)  # nothing can be waited for where nothing is to happen
        assert len(here.api.updates) == 1
        await here.process.kill()
    await here.process.start()
    await here.reads("gil", HELP)
    await here.api.taken(PATIENCE)


async def test_after_an_outage_each_open_question_is_offered_once_more(here: Town) -> None:
    """Telegram gives a press up after 150 seconds, here as there."""
    await here.process.kill()
    await here.process.start(timedelta(seconds=200))
    await here.asks("hal", "/help", HELP)
    first = here["fay"].screen[0]
    await here["fay"].sees(
        lambda each: "You are in London time" in each.text and each is not first, within=PATIENCE
    )
    await here.asks("fay", "/privacy", "What I keep")
    assert len(here["fay"].screen) == 3
    assert here.process.said().count("Traceback") == 0


async def test_its_last_words_are_its_own(here: Town) -> None:
    """Whoever stops it reads no traceback of the server's."""
    assert await here.process.stop() == 0
    assert here.process.said().endswith("Stopped; nothing is lost.\n")
