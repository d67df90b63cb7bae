"""One app that workspaces install by OAuth: the real process, a local Slack, and a browser."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.fernet import Fernet

from tests.slack.browser import Browser
from tests.slack.installing import KEY, STRANGER, WELCOME, Town, free_port, settings_for, town_at
from tests.telegram.process import PATIENCE, Process


@pytest.fixture
async def town(url: str, tmp_path: Path) -> AsyncIterator[Town]:
    """A town on each database in turn."""
    async for town in town_at(url, tmp_path):
        yield town


@pytest.fixture
async def on_sqlite(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    """A town on SQLite alone, for what has nothing to do with the database."""
    async for town in town_at(sqlite_url, tmp_path):
        yield town


async def test_a_workspace_is_served_from_its_installation_to_its_removal_and_again(
    town: Town,
) -> None:
    """Without a restart, and after one; a manager hears of those who cannot be reached."""
    await town.installs(town.river, town.hill)
    await town.comes_in(town.ben, "ben")
    await town.comes_in(town.dana, "dana")

    await town.starts()
    await town.asks(town.ben, "help", "pause")

    seen = len(town.dana.screen)
    town.river.uninstalls()
    await town.reads(town.dana, "can't reach Ben", seen)
    assert town.people_of(town.river) == [("ben", True)]
    removed = "SELECT team_id FROM slack_installation WHERE removed_at IS NOT NULL"
    assert town.process.rows(removed) == [(town.river.id,)]
    await town.asks(town.dana, "help", "announce")

    await town.installs(town.river)
    assert town.process.rows(removed) == []
    await town.asks(town.ben, "help", "pause")
    assert town.people_of(town.river) == [("ben", False)]
    assert town.slack.seed not in town.process.said()


async def test_workspaces_never_mix(on_sqlite: Town) -> None:
    """Each is spoken to with its own token; the same id elsewhere is somebody else."""
    here = on_sqlite
    await here.installs(here.river, here.hill)
    await here.comes_in(here.ben, "ben")
    namesake = here.hill.person("Another Ben")
    here.hill.people[here.ben.id] = namesake
    namesake.id = here.ben.id
    namesake.types("hello")
    await namesake.sees(STRANGER, within=PATIENCE)
    assert not any(STRANGER in each.words for each in here.ben.screen)
    assert here.people_of(here.river) == [("ben", False)]
    assert here.people_of(here.hill) == []
    assert here.slack.counts.refusals["invalid_auth"] == 0


async def test_a_removal_that_is_told_after_the_app_is_back_removes_nothing(
    on_sqlite: Town,
) -> None:
    """Slack tells again what was not taken, up to some minutes later."""
    here = on_sqlite
    await here.installs(here.river, here.hill)
    await here.comes_in(here.ben, "ben")
    here.river.happens({"type": "app_uninstalled"})
    await here.slack.delivered()
    await here.asks(here.ben, "help", "pause")
    assert here.people_of(here.river) == [("ben", False)]
    assert here.process.rows("SELECT removed_at FROM slack_installation") == [(None,)] * 2


async def test_a_removal_that_nobody_told_is_found_at_a_start(on_sqlite: Town) -> None:
    """Slack stops telling after some minutes, and an outage may last longer."""
    here = on_sqlite
    await here.installs(here.river, here.hill)
    await here.comes_in(here.ben, "ben")
    await here.comes_in(here.dana, "dana")
    seen = len(here.dana.screen)
    here.river.installed, here.river.refuses = False, "account_inactive"
    await here.starts()
    await here.reads(here.dana, "can't reach Ben", seen)
    assert here.people_of(here.river) == [("ben", True)]


async def test_an_installation_anew_takes_its_new_token(on_sqlite: Town) -> None:
    """Nobody removed the app first: it was to be granted more, or Slack gave another token."""
    here = on_sqlite
    await here.installs(here.river)
    await here.comes_in(here.ben, "ben")
    here.river.generation += 1
    await here.installs(here.river)
    await here.process.until(lambda: here.process.said().count("In Slack's workspace") == 2)
    await here.asks(here.ben, "help", "pause")


async def test_consent_that_was_refused_is_told_in_words(on_sqlite: Town) -> None:
    """And nothing is kept."""
    here = on_sqlite
    here.slack.denies = True
    page = await here.browser.installs(here.river.id)
    assert "you, or Slack for you, said no" in page.words
    assert "Begin again" in page.words
    assert here.process.rows("SELECT * FROM slack_installation") == []


async def test_what_was_forged_run_out_or_used_is_told_in_words(on_sqlite: Town) -> None:
    """A link that somebody else sent must not put their workspace in one's browser."""
    here = on_sqlite
    back = await here.browser.is_sent_back(here.river.id)
    stranger = Browser(here.browser.session, here.browser.home)
    forger = Browser(here.browser.session, here.browser.home, {"slack-app-oauth-state": "forged"})
    forged = back.partition("state=")[0] + "state=forged"
    for browser, address in ((stranger, back), (forger, forged), (stranger, back + "&state=")):
        page = await browser.opens(address)
        assert page.status in (400, 401)
        assert "only good once, for ten minutes" in page.words
    assert (await here.browser.opens(back)).status == 200
    here.browser.cookies["slack-app-oauth-state"] = parse_qs(urlsplit(back).query)["state"][0]
    assert "only good once" in (await here.browser.opens(back)).words

    back = await here.browser.is_sent_back(here.hill.id)
    await here.starts(timedelta(minutes=11))
    assert "only good once" in (await here.browser.opens(back)).words
    assert here.process.rows("SELECT team_id FROM slack_installation") == [(here.river.id,)]


async def test_a_code_that_slack_does_not_take_is_told_and_not_logged(on_sqlite: Town) -> None:
    """It may still be good for somebody who reads the log."""
    here = on_sqlite
    back = await here.browser.is_sent_back(here.river.id)
    here.slack.fault("oauth.v2.access", error="bad_client_secret")
    page = await here.browser.opens(back)
    assert page.status == 401
    assert "bad_client_secret" in here.process.said()
    assert here.slack.seed not in here.process.said()


async def test_the_page_tells_no_other_where_it_came_from(on_sqlite: Town) -> None:
    """Its address holds the code."""
    page = await on_sqlite.browser.installs(on_sqlite.river.id)
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    assert "xoxb" not in page.text


async def test_unsigned_requests_are_refused(on_sqlite: Town) -> None:
    """Whoever calls without the app's secret is not Slack."""
    here = on_sqlite
    await here.installs(here.river)
    assert await here.app.verifies()
    forged = {"type": "event_callback", "team_id": here.river.id, "event_id": "Ev1"}
    forged_event = {"type": "app_uninstalled"}
    url = f"{here.browser.home}/slack/events"
    async with here.browser.session.post(url, json=forged | {"event": forged_event}) as answer:
        assert answer.status == 401
    assert here.process.rows("SELECT * FROM arrival") == []


async def test_a_workspace_that_is_listed_as_well_is_used_once(on_sqlite: Town) -> None:
    """Two bots would say everything twice."""
    here = on_sqlite
    await here.installs(here.river)
    listed = json.dumps(
        [
            {
                "name": "Riverside",
                "bot_token": here.river.token,
                "signing_secret": here.app.signing_secret,
            }
        ]
    )
    await here.process.says_in_time("In Slack's workspace Riverside")
    before = len(here.process.said())
    await here.starts(COMENTOR_SLACK__WORKSPACES=listed)
    await here.process.says_in_time("The one in slack.workspaces is used")
    await here.comes_in(here.ben, "ben")
    assert [WELCOME in each.words for each in here.ben.screen].count(True) == 1
    assert here.process.said()[before:].count("In Slack's workspace Riverside") == 1


async def test_a_new_key_is_taken_and_a_lost_one_is_told(on_sqlite: Town) -> None:
    """Once comentor was started with the new key, the old one may go."""
    here = on_sqlite
    new = Fernet.generate_key().decode()
    await here.installs(here.river)
    for keys in (f'["{new}", "{KEY}"]', f'["{new}"]'):
        await here.starts(COMENTOR_SLACK__KEYS=keys)
    await here.comes_in(here.ben, "ben")
    await here.process.stop()
    here.process.settings["COMENTOR_SLACK__KEYS"] = f'["{KEY}"]'
    code, said = await here.process.says("run")
    assert code == 2
    assert "Riverside: its token was encrypted with a key that is not in slack.keys" in said
    code, said = await here.process.says("check")
    assert code == 2
    assert "Riverside: its token" in said


async def test_a_workspace_whose_key_is_lost_keeps_no_other_waiting(on_sqlite: Town) -> None:
    """It can be installed anew, for which comentor has to be there."""
    here, new = on_sqlite, Fernet.generate_key().decode()
    await here.installs(here.river)
    await here.starts(COMENTOR_SLACK__KEYS=f'["{new}"]', COMENTOR_SLACK__WORKSPACES=listed(here))
    await here.process.says_in_time("Riverside: its token was encrypted with a key that is not")
    await here.process.says_in_time("In Slack's workspace Elsewhere")
    await here.installs(here.river)
    await here.comes_in(here.ben, "ben")


def listed(here: Town) -> str:
    """Give the settings of a workspace with an app of its own."""
    other = here.slack.workspace("Elsewhere")
    own = {"bot_token": other.token, "app_token": other.app.app_token}
    return json.dumps([{"name": "Elsewhere", **own}])


async def test_a_check_tells_where_the_app_is_and_what_it_lacks(on_sqlite: Town) -> None:
    """Before anybody's people notice."""
    here = on_sqlite
    await here.installs(here.river, here.hill)
    await here.process.stop()
    assert (await here.process.says("check"))[0] == 0
    here.river.scopes -= {"files:write"}
    here.hill.refuses = "account_inactive"
    code, said = await here.process.says("check")
    assert code == 2
    assert f"installed at {here.browser.home}/slack/install" in said
    assert "In Slack's workspace Riverside" in said
    assert "Riverside: The app may not do all it has to: files:write missing" in said
    assert "Hillside: Slack does not let the app in (account_inactive)" in said


async def test_people_of_an_installed_workspace_are_invited_by_their_address(
    on_sqlite: Town,
) -> None:
    """As in one that is listed."""
    here = on_sqlite
    ana = here.river.person("Ana Ruiz", email="ana@river.example")
    await here.installs(here.river)
    await here.process.stop()
    code, said = await here.process.says("cohort", "invite")
    assert code == 0
    assert "Looking in Riverside" in said
    assert "1 person invited" in said
    await here.process.start()
    await ana.sees(WELCOME, within=PATIENCE)


async def test_the_one_app_can_listen_over_a_socket(on_sqlite: Town) -> None:
    """Then only browsers need to reach this server."""
    here = on_sqlite
    here.app.socket_mode = True
    del here.process.settings["COMENTOR_SLACK__SIGNING_SECRET"]
    await here.starts(COMENTOR_SLACK__APP_TOKEN=here.app.app_token)
    await here.slack.connected(here.app, within=PATIENCE)
    await here.installs(here.river)
    await here.comes_in(here.ben, "ben")


async def test_another_process_serves_what_one_installed(
    postgresql_url: str, tmp_path: Path
) -> None:
    """Of several on one database any can be asked to install, and any may end."""
    async for here in town_at(postgresql_url, tmp_path):
        room, port = tmp_path / "second", free_port()
        room.mkdir()
        second = Process(None, room, postgresql_url, **settings_for(here.slack, here.app, port))
        await second.start()
        await here.installs(here.river)
        await here.comes_in(here.ben, "ben")
        await here.process.kill()
        await second.says_in_time("In Slack's workspace Riverside")
        here.app.listens(f"http://127.0.0.1:{port}/slack/events")
        await here.asks(here.ben, "help", "pause")
        await second.close()
