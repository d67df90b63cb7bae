"""What stands in the way of a start is said in words, with the way to mend it, or lived with.

Throughout, one comentor runs that found all of this at its start.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from tests.botapi import TOKEN, BotApi
from tests.telegram.process import PATIENCE, Process
from tests.telegram.town import Town, town

pytestmark = pytest.mark.asyncio(loop_scope="module")
WRONG = "123456:" + "B" * 35
HELP = "I keep your meetings in the diary"
LEFT_BEHIND = "https://comentor.example.org/telegram"
ONE = "key,name,role,pair,supervisor,platform,zone\nana,Ana Ruiz,manager,,,telegram,UTC\n"
ANOTHER = "another program asks for this bot's updates; stop it"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def here(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> AsyncIterator[Town]:
    """A comentor that met every trouble of a start that it can live with."""
    room = tmp_path_factory.mktemp("troubles")
    shutil.copy(sqlite_template, room / "comentor.sqlite3")
    async with town(room, f"sqlite:///{room}/comentor.sqlite3") as here:
        here.api.fault("getMe", status=429, retry_after=1)
        here.api.fault("getWebhookInfo", status=500)
        here.api.fault("setMyCommands", "drop")
        here.api.date_off = timedelta(hours=1)
        await here.api.webhook.set({"url": LEFT_BEHIND})
        here.process.settings["COMENTOR_TELEGRAM__BASE_URL"] += "/"
        await here.process.start()
        yield here


@pytest.fixture
def beside(here: Town, sqlite_url: str, tmp_path: Path) -> Process:
    """Another comentor at the same Bot API, with a database of its own."""
    return Process(here.api, tmp_path, sqlite_url)


async def refused(process: Process, command: str) -> str:
    """Run a command that must end with a line and exit code 2, and give what it said."""
    code, said = await process.says(command)
    assert code == 2, said
    assert "Traceback" not in said
    for token in (TOKEN, WRONG):
        assert token not in said
    return said


# A comentor that runs


async def test_a_start_that_is_asked_for_a_pause_goes_on(here: Town) -> None:
    """Every method may answer 429, and what is only said for courtesy stops nothing."""
    said = await here.process.says_in_time("The bot is at https://t.me/comentor_test_bot")
    assert "Telegram answers" in said


async def test_a_webhook_left_behind_is_taken_away(here: Town) -> None:
    """Even where Telegram could not say at first that there is one."""
    await here.asks("ana", "/help", HELP)
    assert here.api.webhook.url == ""
    assert ANOTHER not in here.process.said()


async def test_a_clock_that_is_wrong_is_told_of_at_a_start(here: Town) -> None:
    """Reminders would come at a wrong hour; nobody looks at a clock that was always right."""
    await here.process.says_in_time("This machine's clock is 60 minutes from Telegram's.")


async def test_a_second_program_with_the_token_is_told_of(here: Town, beside: Process) -> None:
    """Each takes the other's updates; nothing else would say why people are not answered."""
    await beside.start()
    await here.process.says_in_time(ANOTHER)
    assert await beside.stop() == 0


async def test_a_second_process_on_one_file_is_refused(here: Town) -> None:
    """Two would corrupt it."""
    said = await refused(here.process, "run")
    assert "Another comentor is using" in said


# What is checked


async def test_without_a_token_it_says_where_one_comes_from(beside: Process) -> None:
    """The first thing that everybody meets."""
    del beside.settings["COMENTOR_TELEGRAM__TOKEN"]
    assert "@BotFather" in await refused(beside, "check")


async def test_a_token_that_is_none_is_said_to_be_none(beside: Process) -> None:
    """Half of it was copied."""
    beside.settings["COMENTOR_TELEGRAM__TOKEN"] = "123456:AAA"
    assert "telegram.token" in await refused(beside, "run")


@pytest.mark.parametrize("command", ["check", "run"])
async def test_a_token_that_was_revoked_is_said_to_be_wrong(beside: Process, command: str) -> None:
    """Waiting does not mend it."""
    beside.settings["COMENTOR_TELEGRAM__TOKEN"] = WRONG
    assert "telegram.token is not taken by Telegram" in await refused(beside, command)


async def test_check_says_where_there_is_no_way_to(beside: Process) -> None:
    """The address as it was set, without what follows of it."""
    beside.settings["COMENTOR_TELEGRAM__BASE_URL"] = "http://127.0.0.1:9/bots/"
    said = await refused(beside, "check")
    assert "There is no way to http://127.0.0.1:9/bots:" in said


async def test_check_tells_a_page_from_a_wrong_token(here: Town, beside: Process) -> None:
    """Some other server answers at telegram.base_url; the token is as good as it was."""
    here.api.fault("getMe", "page", status=404)
    said = await refused(beside, "check")
    assert "no answer of a Bot API" in said
    assert "telegram.base_url" in said
    assert "html" not in said


async def test_check_says_all_that_it_finds(beside: Process) -> None:
    """A webhook that stands in the way, and a clock that is off."""
    async with BotApi() as other:
        other.date_off = -timedelta(hours=1)
        await other.webhook.set({"url": LEFT_BEHIND})
        beside.settings["COMENTOR_TELEGRAM__BASE_URL"] = other.base_url.removesuffix("bot")
        said = await refused(beside, "check")
        assert other.webhook.url == LEFT_BEHIND
    assert f"A webhook is left behind, {LEFT_BEHIND}." in said
    assert "This machine's clock is 60 minutes from Telegram's." in said


async def test_without_a_network_a_run_waits_for_it(beside: Process) -> None:
    """A machine that starts before its router does; nobody has to look after it."""
    async with BotApi() as gone:
        port = gone.port
    api = BotApi(port=port)
    beside.settings["COMENTOR_TELEGRAM__BASE_URL"] = f"http://127.0.0.1:{port}"
    people = beside.bring(api, ONE)
    await beside.start()
    assert f"There is no way to http://127.0.0.1:{port}" in beside.said()
    async with api:
        await beside.says_in_time("The bot is at https://t.me/comentor_test_bot")
        people["ana"].types("/help")
        await people["ana"].sees("You can write", within=PATIENCE)
        await api.until(lambda: api.state.commands or None, PATIENCE)
        assert await beside.stop() == 0
    assert "Traceback" not in beside.said()


# And all the while


async def test_who_was_disturbed_by_a_second_program_goes_on(here: Town) -> None:
    """A while after the other is gone; what came meanwhile is there."""
    await here.asks("ben", "/help", HELP)
    assert await here.process.stop() == 0
    assert "Traceback" not in here.process.said()
    assert "never" not in here.process.said()
