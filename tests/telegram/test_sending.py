"""What Telegram and the network do to a message, and what becomes of it."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import select

from bot.store import tables
from tests.telegram.at_noon import AheadOfTime
from tests.telegram.process import PATIENCE
from tests.telegram.town import Town, town

pytestmark = pytest.mark.asyncio(loop_scope="module")
HELP = "I keep your meetings in the diary"
PRIVACY = "What I keep"
WAITING = """SELECT message.id FROM message JOIN person ON person.id = person_id
WHERE state IN ('pending', 'sending') AND key = 'ben'"""
BELIEVED = timedelta(minutes=61)
"""A refusal is tried once more after an hour."""


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def here(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> AsyncIterator[Town]:
    """One town for all these tests, which follow on each other."""
    room = tmp_path_factory.mktemp("sending")
    shutil.copy(sqlite_template, room / "comentor.sqlite3")
    async with town(room, f"sqlite:///{room}/comentor.sqlite3") as here:
        await here.process.start()
        yield here


def refuse(here: Town, name: str, **how: object) -> None:
    """Let the next message to somebody go wrong."""
    here.api.fault("sendMessage", chat=here[name].id, **how)  # type: ignore[arg-type]


async def test_what_fails_is_said_once_more_and_nobody_else_waits(here: Town) -> None:
    """Whoever's answer was lost may read it twice; all others read it once, and in order."""
    never_came: dict[str, dict[str, object]] = {
        "ana": {"status": 500},
        "ben": {"kind": "page", "status": 502},
    }
    lost: dict[str, dict[str, object]] = {
        "eve": {"kind": "drop"},
        "fay": {"kind": "lost"},
        "gil": {"kind": "half"},
    }
    never: dict[str, object] = {"kind": "mute"}
    for name, how in {**never_came, **lost, "val": never}.items():
        refuse(here, name, **how)
        here[name].types("/help")
        here[name].types("/privacy")
    await here.asks("hal", "/help", HELP)
    assert [here[name].screen for name in ("ana", "ben", "eve")] == [[], [], []]
    for name in (*never_came, *lost):
        await here.reads(name, PRIVACY)
        said = [PRIVACY if PRIVACY in each.text else HELP for each in here[name].screen]
        twice = name in {"fay", "gil"}
        assert said == ([HELP, HELP, PRIVACY] if twice else [HELP, PRIVACY])
    assert "<html>" not in here.process.said()


async def test_an_announcement_whose_answer_was_lost_is_held(here: Town) -> None:
    """To a whole cohort nothing is said twice; whoever runs the programme can look."""
    refuse(here, "ida", kind="lost")
    with here.process.aside() as session:
        person = session.scalars(select(tables.Person).where(tables.Person.key == "ida")).one()
        now = AheadOfTime().now()
        session.add(
            tables.Message(
                person_id=person.id,
                nature="announcement",
                rank=1,
                line="announcement",
                runs=[["We meet on Friday.", "", ""]],
                manner="say",
                options=[],
                files=[],
                put_at=now,
                not_before=now,
                state="pending",
                tries=0,
            )
        )
    await here.asks("jon", "/help", HELP)
    await here.reads("ida", "We meet on Friday.")
    await here.asks("ida", "/help", HELP)
    assert [each.text for each in here["ida"].screen].count("We meet on Friday.") == 1
    held = "SELECT state FROM message WHERE nature = 'announcement'"
    assert here.process.rows(held) == [("unknown",)]


async def test_what_cannot_be_redrawn_holds_up_nobody(here: Town) -> None:
    """It is a courtesy to one person, and tried again; what others pressed is redrawn meanwhile."""
    kim = here["kim"]
    asked = await here.asks("kim", "/settings", "You are in London time")
    leos = await here.asks("leo", "/settings", "You are in London time")
    here.api.fault("editMessageText", status=500, chat=kim.id, times=1000)
    before = here.api.counts.requests["editMessageText"]
    kim.presses(asked, "Leave it")
    await here.asks("leo", "/help", HELP)
    await here.process.until(lambda: here.api.counts.requests["editMessageText"] > before)
    await here.asks("leo", "/privacy", PRIVACY)
    here["leo"].presses(leos, "Leave it")
    await here.reads("leo", "✓ Leave it")
    assert asked.buttons != []
    here.api.faults.waiting.clear()
    await here.reads("kim", "✓ Leave it")


async def test_a_database_that_is_locked_for_a_while_loses_nothing(here: Town) -> None:
    """Longer than is waited for it; what was sent meanwhile is noted afterwards."""
    here.api.latency = 0.7  # less than until Mia may be written to again, which is written too
    sends = here.api.counts.requests["sendMessage"]
    here["mia"].types("/help")
    await here.api.until(lambda: here.api.counts.requests["sendMessage"] > sends or None, PATIENCE)
    await asyncio.sleep(0.3)  # it is on its way, and all else that is to be written is written
    before = len(here.process.said())
    with here.process.locked():
        await here.process.says_in_time("the database cannot be used ", before)
        here.api.latency = 0.0
        here["mia"].types("/privacy")
        here["ned"].types("/help")
    await here.reads("ned", HELP)
    await here.reads("mia", PRIVACY)
    assert len(here["mia"].screen) == 2


async def test_a_pause_that_telegram_asks_for_is_kept_over_a_kill(here: Town) -> None:
    """It is meant for the whole bot, and whoever goes on sending makes it longer."""
    refuse(here, "pia", status=429, retry_after=6)
    here["pia"].types("/help")
    await here.api.until(lambda: here.api.counts.refusals[429] or None, PATIENCE)
    asked = time.time()
    await until_quiet_is_kept(here)
    await here.process.kill()
    await here.process.start()
    here["ron"].types("/help")
    await here.reads("pia", HELP)
    await here.reads("ron", HELP)
    assert min(at for at in here.api.counts.sends if at > asked) - asked > 5.9


async def until_quiet_is_kept(here: Town) -> None:
    """Wait until the database knows of a pause."""
    kept = "SELECT 1 FROM platform_state WHERE quiet_until IS NOT NULL"
    await here.process.until(lambda: here.process.rows(kept))


async def test_a_refusal_is_believed_the_second_time(here: Town) -> None:
    """An hour later: by then Tia is back, and Sam and Uma are not."""
    gone = {"status": 403, "description": "Forbidden: bot was blocked by the user"}
    unknown = {"status": 400, "description": "Bad Request: chat not found"}
    for name, how, times in (("tia", gone, 1), ("sam", gone, 2), ("uma", unknown, 2)):
        refuse(here, name, **how, times=times)
        here[name].types("/help")
    await here.api.until(lambda: all_refused(here, 3) or None, PATIENCE)
    closed = "SELECT key FROM person WHERE closed_at IS NOT NULL ORDER BY key"
    await here.asks("val", "/settings", "You are in London time")
    assert here.process.rows(closed) == []
    await here.process.kill()
    await here.process.start(BELIEVED)
    await here.reads("tia", HELP)
    await here.reads("dana", "I can't reach Sam any more")
    await here.reads("dana", "I can't reach Uma any more")
    assert here.process.rows(closed) == [("sam",), ("uma",)]
    assert here["sam"].screen == here["uma"].screen == []
    here["sam"].blocks()  # which Telegram says by itself, too
    await here.asks("val", "/help", HELP)
    await here.noted()
    assert sum("I can't reach Sam" in each.text for each in here["dana"].screen) == 1


def all_refused(here: Town, enough: int) -> bool:
    """Whether so many refusals of a person were played."""
    return here.api.counts.refusals[403] + here.api.counts.refusals[400] >= enough


async def test_an_answer_that_never_came_is_no_answer_after_a_while(here: Town) -> None:
    """Val's, from the first of these tests: said again, and what stood behind it after it."""
    await here.reads("val", PRIVACY)
    assert [HELP in each.text for each in here["val"].screen[:2]] == [True, True]


async def test_a_stop_in_a_pause_leaves_a_clean_log(here: Town) -> None:
    """What was about to be sent waits for the next start; that is no trouble."""
    before = here.api.counts.refusals[429]
    refuse(here, "ana", status=429, retry_after=300)
    here["ana"].types("/privacy")
    await here.api.until(lambda: here.api.counts.refusals[429] > before or None, PATIENCE)
    here["ben"].types("/privacy")
    await here.process.until(lambda: here.process.rows(WAITING))
    assert await here.process.stop() == 0
    assert "never awaited" not in here.process.said()


async def test_nothing_of_all_this_was_a_fault_of_ours(here: Town) -> None:
    """Whatever the network does, the log says so in one line."""
    assert "Traceback" not in here.process.said()
