"""What Slack brings is stored before it is acknowledged, by a socket as well as by HTTP.

All mentees are in Riverside, which is listened to; all mentors in Harbour, which calls.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from sqlalchemy import text

from tests.slack.town import MENTORS, Town, over_http, town
from tests.slackapi import Delivery
from tests.telegram.process import PATIENCE

HELP = "I keep your meetings in the diary"
PRIVACY = "What I keep"
SETTINGS = "You are in London time"
AN_OUTAGE = timedelta(minutes=10)
"""Longer than the six minutes in which Slack brings an event again."""
BOTH = ("ana", "ben")
"""One by a socket, one by HTTP."""
KEPT = "SELECT count(*) FROM arrival"
WORDS = 4
ENOUGH = 50
"""Events, every other of which goes to a connection that brings nothing."""


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def here(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> AsyncIterator[Town]:
    """One town for most of these tests, which follow on each other."""
    room = tmp_path_factory.mktemp("receiving")
    shutil.copy(sqlite_template, room / "comentor.sqlite3")
    async with town(room, f"sqlite:///{room}/comentor.sqlite3", MENTORS) as here:
        over_http(here.process, here.harbour, 2)
        await here.start(here.river, here.harbour)
        yield here


def last(here: Town) -> Delivery:
    """Give what was told last."""
    return here.api.courier.history[-1]


@contextmanager
def impatient(here: Town, *retries: float) -> Iterator[None]:
    """Have Slack wait less for an answer, and bring things again after so many seconds."""
    courier = here.api.courier
    before = courier.patience, courier.retries
    courier.patience, courier.retries = 0.5, retries
    yield
    courier.patience, courier.retries = before


@contextmanager
def busy(here: Town) -> Iterator[None]:
    """Let nothing be put in the inbox."""
    if here.process.url.startswith("sqlite"):
        with here.process.locked():
            yield
        return
    with here.process.aside() as session:
        session.execute(text("LOCK TABLE arrival IN EXCLUSIVE MODE"))
        yield


# On both databases


async def test_what_comes_twice_is_taken_once(of_its_own: Town) -> None:
    """An envelope or an event brought twice, or an event once more after it was taken."""
    here = of_its_own
    await here.start(here.river, here.harbour)
    here.api.courier.sockets.duplicate = True
    for name in BOTH:
        here.api.courier.repeated = 1
        asked = await here.asks(name, "settings", SETTINGS)
        here.api.courier.push(last(here))  # as if an acknowledgement had been lost
        here[name].presses(asked, "Leave it")
        await here.reads(name, "✓ Leave it")
        here.api.courier.push(last(here))
    await here.quiet()
    kinds = "SELECT kind, count(*) FROM arrival GROUP BY kind ORDER BY kind"
    assert here.process.rows(kinds) == [("pressed", 2), ("typed", 2)]
    assert [len(here[name].screen) for name in BOTH] == [1, 1]


async def test_what_was_not_stored_at_a_kill_is_brought_again(of_its_own: Town) -> None:
    """The process has the words in its hand, the database is busy, and the power goes."""
    here = of_its_own
    await here.start(here.river, here.harbour)
    with impatient(here, *(1.0,) * 20):
        with busy(here):
            told = []
            for name in BOTH:
                here[name].types("help")
                told.append(last(here))
            await here.process.until(lambda: handed_over(here))
            await here.process.kill()
        assert [each.taken for each in told] == [False, False]
        assert here.process.rows(KEPT) == [(0,)]
        await here.start(here.river, here.harbour)
        for each in told:
            await each.answered(PATIENCE)
    for name in BOTH:
        await here.reads(name, HELP)
    await here.quiet()
    assert [len(here[name].screen) for name in BOTH] == [1, 1]


def handed_over(here: Town) -> bool:
    """Whether what was typed has gone out to the process, both ways."""
    sockets = here.api.courier.sockets.of(here.river.app)
    return bool(sum(each.envelopes for each in sockets) and here.api.courier.posts.sent)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("where", ["river", "harbour"])
async def test_a_stranger_who_is_brought_twice_is_greeted_once(here: Town, where: str) -> None:
    """Slack believed that we had not taken what they wrote."""
    stranger = getattr(here, where).person("Zoe")
    here.api.courier.repeated = 1
    stranger.types("hello?")
    await stranger.sees("I only talk with people who were invited", within=PATIENCE)
    here.api.courier.push(last(here))
    await here.asks("pia" if where == "river" else "ron", "help", HELP)
    await here.quiet()
    assert len(stranger.screen) == 1


# Who may bring anything


@pytest.mark.asyncio(loop_scope="module")
async def test_slack_is_told_that_the_address_is_ours(here: Town) -> None:
    """It asks when the address is typed into the app's settings."""
    assert await here.harbour.app.verifies()


@pytest.mark.asyncio(loop_scope="module")
async def test_what_is_forged_or_old_is_not_taken(here: Town) -> None:
    """Signed by somebody else, by nobody, or caught five minutes ago: 401, and nothing kept."""
    before = here.process.rows(KEPT)
    posts, url = here.api.courier.posts, here.harbour.app.urls["events_api"]
    body = here.harbour.happens({"type": "team_join"}).payload
    await last(here).answered()
    body["event"] = {"type": "message", "channel_type": "im", "user": "U1", "text": "private"}
    body["event_id"] = "EvForged"
    forged = await posts.post(here.river.app, url, body, {}, 3.0)
    posts.signed_seconds_off = -301.0
    old = await posts.post(here.harbour.app, url, body, {}, 3.0)
    posts.signed_seconds_off = 0.0
    assert [forged.status, old.status] == [401, 401]
    async with aiohttp.ClientSession() as session, session.post(url, json=body) as answer:
        assert answer.status == 401
    assert here.process.rows(KEPT) == before
    taken = await posts.post(here.harbour.app, url, body, {}, 3.0)
    assert taken.status == 200


@pytest.mark.asyncio(loop_scope="module")
async def test_one_workspace_does_not_speak_for_another(here: Town) -> None:
    """Whoever made Harbour's app knows its secret, and can sign whatever they like."""
    before, screen = here.process.rows(KEPT), len(here["ana"].screen)
    event = {"type": "message", "channel_type": "im", "user": here["ana"].id, "text": "stop"}
    await here.harbour.happens(event, team_id=here.river.id).answered()
    gone = {"type": "app_uninstalled"}
    await here.harbour.happens(gone, team_id=here.river.id).answered()
    ana = {"id": here["ana"].id, "team_id": here.river.id}
    press: dict[str, Any] = {"type": "block_actions", "user": ana, "team": {"id": here.river.id}}
    press["actions"] = [{"action_id": "ask:/stop", "type": "button", "value": "/stop"}]
    press["trigger_id"] = "1.2.3"
    await here.harbour.tells("interactive", press).answered()
    await here.quiet()
    assert here.process.rows(KEPT) == before
    assert len(here["ana"].screen) == screen


# Connections


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("reason", ["refresh_requested", "warning", ""])
async def test_a_connection_that_ends_loses_nothing(here: Town, reason: str) -> None:
    """With a word of farewell or without; every few hours one does."""
    opened = here.api.courier.sockets.opened
    [first, _] = here.api.courier.sockets.of(here.river.app)
    with impatient(here, *(0.2,) * 50):
        if reason:
            await first.disconnects(reason)
        else:
            first.breaks()
        await here.asks("eve", "help", HELP)
        await here.asks("eve", "privacy", PRIVACY)
        await here.api.delivered(PATIENCE)
    await here.process.until(lambda: here.api.courier.sockets.opened > opened)
    await here.hears()


@pytest.mark.asyncio(loop_scope="module")
async def test_both_connections_may_end_together(here: Town) -> None:
    """What is typed meanwhile is brought again."""
    with impatient(here, *(0.2,) * 100):
        for each in here.api.courier.sockets.of(here.river.app):
            each.breaks()
        await here.asks("gil", "help", HELP)
        await here.api.delivered(PATIENCE)
    await here.hears()


@pytest.mark.asyncio(loop_scope="module")
async def test_a_connection_that_brings_nothing_is_replaced(here: Town) -> None:
    """It is open and answers; only that the other is brought everything tells that it is deaf."""
    [deaf, _] = here.api.courier.sockets.of(here.river.app)
    deaf.silent = "deaf"
    said = len(here.process.said())
    with impatient(here, *(0.0,) * 20):
        here["ida"].types("help")
        for _ in range(ENOUGH):
            here.river.happens({"type": "team_join"})
        await here.process.says_in_time("a socket brings nothing; it is replaced", said)
        await here.process.until(lambda: deaf not in here.api.courier.sockets.open)
        await here.api.delivered(PATIENCE)
    await here.reads("ida", HELP)
    await here.hears()
    assert all(each.taken for each in here.api.courier.history)
    assert here.process.said()[said:].count("it is replaced") == 1


# Order, and a database that is not there


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", ["kim", "leo"])
async def test_words_of_one_person_keep_their_order(here: Town, name: str) -> None:
    """Over two connections, or by HTTP: what was typed later is taken later."""
    await here.types(name, *(f"{name} {number}" for number in range(WORDS)))
    bodies = [str(body) for (body,) in here.process.rows("SELECT body FROM arrival ORDER BY id")]
    places = [
        next(place for place, body in enumerate(bodies) if f'"{name} {number}"' in body)
        for number in range(WORDS)
    ]
    assert places == sorted(places)


@pytest.mark.asyncio(loop_scope="module")
async def test_a_database_that_is_locked_for_a_while_loses_nothing(here: Town) -> None:
    """What could not be stored is not acknowledged, so Slack brings it again."""
    said = len(here.process.said())
    with impatient(here, *(1.0,) * 40):
        told = []
        with here.process.locked():
            for name in ("mia", "ned"):
                here[name].types("help")
                told.append(last(here))
            await here.process.says_in_time("what arrived could not be kept", said)
            assert [each.taken for each in told] == [False, False]
        for name in ("mia", "ned"):
            await here.reads(name, HELP)
    assert [len(here[name].screen) for name in ("mia", "ned")] == [1, 1]


@pytest.mark.asyncio(loop_scope="module")
async def test_after_an_outage_each_open_question_is_offered_once_more(here: Town) -> None:
    """What was pressed meanwhile is lost: Slack brings no press again."""
    asked = await here.asks("jon", "settings", SETTINGS)
    await here.noted()
    await here.process.kill()
    for later in (AN_OUTAGE, AN_OUTAGE + timedelta(minutes=1)):
        await here.start(here.river, here.harbour, later=later)
        await here.asks("jon", "help", HELP)
        again = await here["jon"].sees(lambda each: SETTINGS in each.words and each is not asked)
        assert again.buttons != []
        await here.noted()
        await here.process.kill()
    assert len([each for each in here["jon"].screen if SETTINGS in each.words]) == 2


@pytest.mark.asyncio(loop_scope="module")
async def test_nothing_of_all_this_was_a_fault_of_ours(here: Town) -> None:
    """Nothing failed, nobody's words are in the log, and no secret is."""
    assert here.process.rows("SELECT id FROM arrival WHERE fault IS NOT NULL") == []
    said = here.process.said()
    assert "Traceback" not in said
    assert "never retrieved" not in said
    assert "private" not in said
    assert here.api.seed not in said
