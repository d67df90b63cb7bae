"""What stands in the way of a start is said in words, with the way to mend it, or lived with.

And what an organisation takes away while a comentor runs: the app, its token, a setting.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.botapi import BotApi
from tests.slack.town import Town, in_slack, listed, over_http, town
from tests.slackapi import SlackApi, Workspace
from tests.telegram.process import PATIENCE, Process

pytestmark = pytest.mark.asyncio(loop_scope="module")
HELP = "I keep your meetings in the diary"
WORKSPACES = "COMENTOR_SLACK__WORKSPACES"
IN_HARBOUR = ("ben", "fay", "hal", "ron")
CLOSED = "SELECT key FROM person WHERE closed_at IS NOT NULL ORDER BY key"
HOME_OFF = "App Home is turned off"
TELEGRAMS = """key,name,role,pair,supervisor,platform,zone
ana,Ana Roe,mentee,p1,,telegram,Europe/London
ben,Ben Roe,mentor,p1,,slack,Europe/London
"""


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def here(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> AsyncIterator[Town]:
    """A comentor that met every trouble of a start that it can live with.

    Some mentors are in a second workspace, whose App Home is off.
    """
    room = tmp_path_factory.mktemp("troubles")
    shutil.copy(sqlite_template, room / "comentor.sqlite3")
    async with town(room, f"sqlite:///{room}/comentor.sqlite3", IN_HARBOUR) as here:
        over_http(here.process, here.harbour, 2)
        here.harbour.app.home_enabled = False
        here.api.fault("auth.test", retry_after=1)
        here.api.fault("auth.test", "page", status=503)
        here.api.fault("apps.connections.open", error="internal_error")
        await here.start(here.river, here.harbour)
        yield here


@pytest.fixture
def beside(here: Town, sqlite_url: str, tmp_path: Path) -> Process:
    """Another comentor at the same Slack, with a database of its own; in Riverside."""
    return Process(None, tmp_path, sqlite_url, **in_slack(here.api, here.river))


@pytest.fixture
def valley(here: Town) -> Workspace:
    """A third workspace, to be spoilt."""
    return here.api.workspace("Valley")


def to(beside: Process, workspace: Workspace, **instead: str) -> None:
    """Have it be in a workspace, with some keys otherwise."""
    beside.settings[WORKSPACES] = listed((workspace,), **instead)


async def refused(api: SlackApi, process: Process, command: str) -> str:
    """Run a command that must end with a line and exit code 2, and give what it said."""
    code, said = await process.says(command)
    assert code == 2, said
    assert "Traceback" not in said
    assert api.seed not in said
    return said


# What is checked


async def test_check_says_where_it_is(beside: Process) -> None:
    """With the address, so that nobody installs it in the wrong place."""
    code, said = await beside.says("check")
    assert code == 0, said
    assert "In Slack's workspace Riverside (https://riverside.slack.com/)" in said


@pytest.mark.parametrize("command", ["check", "run"])
async def test_a_token_that_is_not_taken_is_said_to_be_wrong(
    here: Town, beside: Process, valley: Workspace, command: str
) -> None:
    """It was revoked, or half of it was copied: waiting does not mend it."""
    to(beside, valley, bot_token="xoxb-1-2-3")
    said = await refused(here.api, beside, command)
    assert "Valley: Slack does not take bot_token (invalid_auth)" in said
    assert "OAuth & Permissions" in said


async def test_a_removed_app_is_said_to_be_removed(
    here: Town, beside: Process, valley: Workspace
) -> None:
    """Somebody uninstalled it while nobody was looking."""
    valley.refuses = "account_inactive"
    to(beside, valley)
    assert "account_inactive" in await refused(here.api, beside, "check")


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("bot_token", "xapp-1-A1-x", "the Bot User OAuth Token, which begins with xoxb-"),
        ("app_token", "xoxb-1-2-3", "the App-Level Token, which begins with xapp-"),
    ],
)
async def test_tokens_that_are_swapped_are_told_apart(
    here: Town, beside: Process, valley: Workspace, key: str, value: str, says: str
) -> None:
    """They look alike, and the pages to copy them from are two."""
    to(beside, valley, **{key: value})
    said = await refused(here.api, beside, "check")
    assert says in said
    assert key in said


async def test_an_app_token_of_another_app_is_told_of(
    here: Town, beside: Process, valley: Workspace
) -> None:
    """It would be listened to, and bring what another bot is told."""
    to(beside, valley, app_token=here.river.app.app_token)
    said = await refused(here.api, beside, "check")
    assert f"another app ({here.river.app.id}) than bot_token ({valley.app.id})" in said


async def test_an_app_token_that_is_not_taken_is_told_of(
    here: Town, beside: Process, valley: Workspace
) -> None:
    """It was revoked in the app's settings."""
    to(beside, valley, app_token=f"xapp-1-{valley.app.id}-old")
    said = await refused(here.api, beside, "check")
    assert "Slack does not take app_token (invalid_auth)" in said
    assert "connections:write" in said


async def test_missing_scopes_are_named(here: Town, beside: Process, valley: Workspace) -> None:
    """All of them at once, with how they are added."""
    valley.scopes -= {"files:write", "im:history"}
    to(beside, valley)
    said = await refused(here.api, beside, "check")
    assert "files:write, im:history missing" in said
    assert "install the app again" in said


async def test_socket_mode_that_is_off_is_told_of(
    here: Town, beside: Process, valley: Workspace
) -> None:
    """Everything else would be in order, and nobody would ever be heard."""
    to(beside, valley)
    valley.app.socket_mode = False
    said = await refused(here.api, beside, "check")
    assert "Slack does not take app_token (socket_mode_not_enabled)" in said
    assert "turn on Socket Mode" in said


async def test_a_workspace_that_is_there_twice_is_told_of(here: Town, beside: Process) -> None:
    """Two would answer everybody twice."""
    [once] = json.loads(listed((here.river,)))
    beside.settings[WORKSPACES] = json.dumps([once, once | {"name": "Second"}])
    said = await refused(here.api, beside, "check")
    assert "Second: It is the same workspace as Riverside. Keep one of the two." in said


async def test_nothing_to_hear_by_is_told_of(
    here: Town, beside: Process, valley: Workspace
) -> None:
    """Neither a socket nor a secret: it could talk and would be deaf."""
    beside.settings[WORKSPACES] = json.dumps([{"name": "Valley", "bot_token": valley.token}])
    said = await refused(here.api, beside, "check")
    assert "the Signing Secret of the app's Basic Information, or app_token instead" in said


async def test_all_that_is_wrong_is_said_at_once(
    here: Town, beside: Process, valley: Workspace
) -> None:
    """Nobody is to mend one thing and then meet the next."""
    valley.refuses = "invalid_auth"
    hill = here.api.workspace("Hill")
    hill.app.socket_mode, hill.scopes = False, hill.scopes - {"commands"}
    [spoilt] = json.loads(listed((hill,), app_token=hill.app.app_token))
    beside.settings[WORKSPACES] = json.dumps([*json.loads(listed((valley, here.river))), spoilt])
    said = await refused(here.api, beside, "check")
    assert "Valley: Slack does not take bot_token" in said
    assert "Hill: The app may not do all it has to: commands missing" in said
    assert "Hill: Slack does not take app_token (socket_mode_not_enabled)" in said
    assert "In Slack's workspace Riverside" in said


async def test_check_says_where_there_is_no_way_to(here: Town, beside: Process) -> None:
    """A proxy, a firewall, or an address with a letter missing."""
    beside.settings["COMENTOR_SLACK__API_URL"] = "http://127.0.0.1:9/api/"
    said = await refused(here.api, beside, "check")
    assert "Riverside: There is no way to Slack" in said
    assert "slack.api_url" in said


async def test_without_a_token_it_says_where_one_comes_from(here: Town, beside: Process) -> None:
    """The first thing that everybody meets."""
    beside.settings[WORKSPACES] = json.dumps([{"name": "Riverside"}])
    assert "comentor slack manifest" in " ".join((await refused(here.api, beside, "check")).split())


async def test_without_a_network_a_run_waits_for_it(beside: Process) -> None:
    """A machine that starts before its router does; nobody has to look after it."""
    async with SlackApi() as gone:
        port = gone.port
    api = SlackApi(port=port)
    river = api.workspace("Riverside")
    beside.settings |= in_slack(api, river)
    await beside.run("run")
    await beside.says_in_time("There is no way to Slack")
    async with api:
        await beside.says_in_time("In Slack's workspace Riverside")
        await api.connected(river.app, 2, within=PATIENCE)
        assert await beside.stop() == 0
    assert "Traceback" not in beside.said()


async def test_nobody_in_telegram_waits_for_slack(
    here: Town, sqlite_url: str, tmp_path: Path
) -> None:
    """A start while Slack stumbles is a start for everybody else; Slack joins in later."""
    async with BotApi() as telegram:
        process = Process(telegram, tmp_path, sqlite_url, **in_slack(here.api, here.river))
        tokens = process.enrol(TELEGRAMS)
        here.api.fault("auth.test", "page", status=503, times=4)
        await process.start()
        ana = telegram.person(1001, "Ana")
        ana.start(tokens["ana"])
        await ana.sees("Would you like to join?", within=PATIENCE)
        assert "In Slack's workspace" not in process.said()
        await process.says_in_time("In Slack's workspace Riverside")
        assert await process.stop() == 0
    assert "Traceback" not in process.said()


# A comentor that runs


async def test_a_start_that_meets_troubles_goes_on(here: Town) -> None:
    """It was asked for a pause, met a page, and no socket was given at first."""
    await here.asks("ana", "help", HELP)
    await here.asks("ben", "help", HELP)
    assert "no socket to Slack" in here.process.said()


async def test_app_home_that_is_off_is_said_once(here: Town) -> None:
    """People have the chat; whoever runs the programme has one line, whoever looks."""
    for name in ("ben", "fay", "hal"):
        await here[name].opens_home().answered()
    said = await here.process.says_in_time(HOME_OFF)
    await here.quiet()
    undrawn = "SELECT person_id FROM home WHERE stale_at IS NOT NULL"
    await here.process.until(lambda: not here.process.rows(undrawn))
    assert here.process.said().count(HOME_OFF) == 1
    assert "Harbour" in said


async def test_two_workspaces_are_never_mixed(here: Town) -> None:
    """Somebody with the same id in another workspace is somebody else."""
    double = here.harbour.person("Double")
    here.harbour.people[here["ana"].id] = double
    del here.harbour.people[double.id]
    double.id = here["ana"].id
    before = len(here["ana"].screen)
    double.types("help")
    await double.sees("I only talk with people who were invited", within=PATIENCE)
    await here.quiet()
    assert len(here["ana"].screen) == before
    address = f"{here.harbour.id}:{double.id}"
    assert address in {row[0] for row in here.process.rows("SELECT address FROM arrival")}


async def test_a_pair_in_two_workspaces_reads_of_each_other(here: Town) -> None:
    """What one does in one place is told in the other, by the other's own app."""
    asked = await here.asks("pia", "pause", "For how long")
    here["pia"].presses(asked, "One week")
    await here.reads("ron", "Pia has paused until")


async def test_an_app_that_is_removed_is_noticed(here: Town) -> None:
    """Its people count as out of reach, a manager hears of each, and nobody else is touched."""
    for each in here.harbour.uninstalls():
        await each.answered()
    for name in IN_HARBOUR:
        await here.reads("dana", f"I can't reach {name.title()} any more")
    assert [key for (key,) in here.process.rows(CLOSED)] == sorted(IN_HARBOUR)
    told = [each.words for each in here["dana"].screen if "I can't reach" in each.words]
    assert len(told) == len(IN_HARBOUR)
    await here.asks("eve", "help", HELP)


async def test_a_revoked_token_is_noticed_too(here: Town) -> None:
    """An administrator withdrew it: what waited goes nowhere, nor is it tried again."""
    await here.harbour.happens({"type": "tokens_revoked", "tokens": {"oauth": ["U1"]}}).answered()
    await here.river.revokes_tokens().answered()
    await here.process.until(lambda: ("dana",) in here.process.rows(CLOSED))
    everybody = here.process.rows("SELECT key FROM person ORDER BY key")
    assert here.process.rows(CLOSED) == everybody
    said = here.process.said()
    assert "Traceback" not in said
    assert "never retrieved" not in said
    assert here.api.seed not in said
