"""A workspace that something stands in the way of keeps nobody else waiting.

It is told with its remedy, asked about again, and served as soon as that is mended.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.botapi import BotApi
from tests.slack.town import Town, in_slack, listed, over_http, town
from tests.slackapi import SlackApi
from tests.telegram.process import PATIENCE, Process

HELP = "I keep your meetings in the diary"
WORKSPACES = "COMENTOR_SLACK__WORKSPACES"
AGAIN = "is tried again until that is mended"
UNDONE = "SELECT id FROM arrival WHERE done_at IS NULL"
CLOSED = "SELECT key FROM person WHERE closed_at IS NOT NULL"
TELEGRAMS = """key,name,role,pair,supervisor,platform,zone
ana,Ana Roe,mentee,p1,,telegram,Europe/London
ben,Ben Roe,mentor,p1,,slack,Europe/London
"""


@pytest.fixture
async def on_sqlite(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    """A town whose mentor Ben is in Harbour, and nothing started yet."""
    async with town(tmp_path, sqlite_url, ("ben",)) as here:
        yield here


@pytest.fixture
async def on_both(url: str, tmp_path: Path) -> AsyncIterator[Town]:
    """The same on each database in turn."""
    async with town(tmp_path, url, ("ben",)) as here:
        yield here


async def begins(here: Town, settings: str) -> None:
    """Start with these workspaces, of which Riverside is to be heard."""
    here.process.settings |= in_slack(here.api) | {WORKSPACES: settings}
    await here.process.start()
    await here.hears(here.river)


async def test_the_others_are_served_and_the_faulty_one_once_it_is_mended(on_both: Town) -> None:
    """All that is wrong is told at once; nobody has to start anything again."""
    here = on_both
    valley, hill = here.api.workspace("Valley"), here.api.workspace("Hill")
    here.harbour.refuses = "token_revoked"
    valley.scopes -= {"im:history"}
    hill.app.socket_mode = False
    four = (here.harbour, valley, here.river)
    [off] = json.loads(listed((hill,), app_token=hill.app.app_token))
    await begins(here, json.dumps([*json.loads(listed(four)), off]))

    await here.asks("ana", "help", HELP)
    for each in (
        "Harbour: Slack does not take bot_token (token_revoked). Copy the Bot User OAuth Token",
        "Valley: The app may not do all it has to: im:history missing. Add what is missing",
        "Hill: Slack does not take app_token (socket_mode_not_enabled). Make an App-Level Token",
    ):
        assert here.process.said().count(each) == 1, here.process.said()
    assert here.process.said().count(AGAIN) == 3

    here.harbour.refuses, hill.app.socket_mode = "", True
    valley.scopes |= {"im:history"}
    for place in (here.harbour, valley, hill):
        await here.process.says_in_time(f"In Slack's workspace {place.name}")
    await here.hears(here.harbour, valley, hill)
    await here.asks("ben", "help", HELP)
    said = here.process.said()
    assert said.count("token_revoked") == 1, said
    assert here.api.seed not in said
    assert "Traceback" not in said


async def test_telegram_does_not_wait_for_any_of_them(sqlite_url: str, tmp_path: Path) -> None:
    """All of Slack is out of order, and a mentee in Telegram does not notice."""
    async with BotApi() as telegram, SlackApi() as slack:
        river = slack.workspace("Riverside")
        river.refuses = "invalid_auth"
        process = Process(telegram, tmp_path, sqlite_url, **in_slack(slack, river))
        tokens = process.enrol(TELEGRAMS)
        await process.start()
        await process.says_in_time("Riverside: Slack does not take bot_token (invalid_auth)")
        ana = telegram.person(1001, "Ana")
        ana.start(tokens["ana"])
        await ana.sees("Would you like to join?", within=PATIENCE)
        river.refuses = ""
        await process.says_in_time("In Slack's workspace Riverside")
        assert await process.stop() == 0
        assert "Traceback" not in process.said()


async def test_with_nobody_to_be_there_for_it_refuses_at_once(
    sqlite_url: str, tmp_path: Path
) -> None:
    """Whoever starts it for the first time is better told than left to wait."""
    async with SlackApi() as slack:
        river, valley = slack.workspace("Riverside"), slack.workspace("Valley")
        river.refuses, valley.refuses = "invalid_auth", "account_inactive"
        process = Process(None, tmp_path, sqlite_url, **in_slack(slack, river, valley))
        code, said = await process.says("run")
    assert code == 2
    assert "Riverside: Slack does not take bot_token (invalid_auth)" in said
    assert "Valley: Slack does not take bot_token (account_inactive)" in said
    assert AGAIN not in said
    assert "Traceback" not in said


async def test_a_workspace_that_is_there_twice_is_served_once(on_sqlite: Town) -> None:
    """Two would answer everybody twice, and read of each other's people."""
    here = on_sqlite
    [once] = json.loads(listed((here.river,)))
    await begins(here, json.dumps([once, once | {"name": "Second"}]))
    said = await here.process.says_in_time("Second: It is the same workspace as Riverside")
    await here.asks("ana", "help", HELP)
    assert said.count("In Slack's workspace") == 1
    assert len(here.api.courier.sockets.of(here.river.app)) == 2


async def test_nobody_listens_to_what_another_app_is_told(on_sqlite: Town) -> None:
    """The app token is Riverside's, the bot token Harbour's: neither place reads of the other."""
    here = on_sqlite
    [mixed] = json.loads(listed((here.harbour,), app_token=here.river.app.app_token))
    await begins(here, json.dumps([mixed, *json.loads(listed((here.river,)))]))
    await here.process.says_in_time("Harbour: app_token is of another app")
    for _ in range(4):
        await here.asks("ana", "help", HELP)
    assert len(here.api.courier.sockets.of(here.river.app)) == 2
    assert here.api.counts.requests["chat.postMessage"] >= 4
    assert here["ben"].screen == []


async def test_what_is_told_before_its_workspace_is_served_is_told_again(on_sqlite: Town) -> None:
    """Whose word it is cannot be checked yet, so it is not taken, and Slack keeps it."""
    here = on_sqlite
    over_http(here.process, here.harbour, 1)
    here.harbour.refuses = "invalid_auth"
    here.api.courier.retries = (0.2,) * 200
    await begins(here, listed((here.harbour, here.river)))
    await here.process.says_in_time("Harbour: Slack does not take bot_token")
    here["ben"].types("help")
    told = here.api.courier.history[-1]
    await here.process.until(lambda: told.tries)
    assert told.tries[0].status == 503
    here.harbour.refuses = ""
    await here.reads("ben", HELP)
    assert told.taken


async def test_a_token_that_is_taken_again_is_used_again(on_both: Town) -> None:
    """What was to be said meanwhile is kept, and what is said in the meantime too."""
    here = on_both
    over_http(here.process, here.harbour, 2)
    await begins(here, listed((here.river, here.harbour)))
    await here.asks("ben", "help", HELP)
    here.harbour.refuses = "account_inactive"
    await here.harbour.happens({"type": "app_uninstalled"}).answered(PATIENCE)
    await here.process.says_in_time("Harbour: Slack does not take bot_token (account_inactive)")
    await here.asks("ana", "help", HELP)

    seen = len(here["ben"].screen)
    here["ben"].types("help")
    await here.api.courier.history[-1].answered(PATIENCE)
    await here.process.until(lambda: not here.process.rows(UNDONE))
    assert len(here["ben"].screen) == seen
    here.harbour.refuses = ""
    await here.reads("ben", HELP, seen)
    await here.noted()
    assert here.process.rows(CLOSED) == []
    assert here.process.said().count("In Slack's workspace Harbour") == 2
    assert here.process.said().count("account_inactive") == 1
