"""What arrives is stored before it is acknowledged, whatever it is and whenever the power goes."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from tests.telegram.process import PATIENCE
from tests.telegram.town import Town, town

pytestmark = pytest.mark.asyncio(loop_scope="module")
MANY = 10_000
MEMORY = 400 * 2**20
"""Bytes; about 150 of them are Python and its libraries."""
AN_OUTAGE = timedelta(seconds=200)
"""Longer than the 150 seconds for which Telegram keeps a press."""


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def here(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> AsyncIterator[Town]:
    """One town for all these tests, which follow on each other; nothing is started yet."""
    room = tmp_path_factory.mktemp("receiving")
    shutil.copy(sqlite_template, room / "comentor.sqlite3")
    async with town(room, f"sqlite:///{room}/comentor.sqlite3") as here:
        yield here


async def test_ten_thousand_updates_that_wait_at_a_start_are_all_taken(here: Town) -> None:
    """After a day's outage, in turn, none lost, and in no more memory than a quiet day takes."""
    crowd = [here.api.person(number, "Somebody") for number in range(5001, 5051)]
    for each in crowd:
        each.chat.reachable = True
    for number in range(MANY - 1):
        crowd[number % len(crowd)].types(f"{number}")
    here["ana"].types("/help")
    await here.process.start()
    await here["ana"].sees("I keep your meetings in the diary", within=60)
    taken = "SELECT count(*), count(done_at), count(DISTINCT body) FROM arrival"
    assert here.process.rows(taken) == [(MANY, MANY, MANY)]
    assert here.process.most_memory < MEMORY


async def test_an_update_that_comes_twice_is_answered_once(here: Town) -> None:
    """Telegram repeats what it believes unconfirmed; a press as well as words."""
    here.api.updates.repeat_next()
    asked = await here.asks("ben", "/settings", "You are in London time")
    here.api.updates.repeat_next()
    here["ben"].presses(asked, "Leave it")
    await here.reads("ben", "✓ Leave it")
    here.api.updates.replay(
        next(each.update for each in here.api.updates.recent if "callback_query" in each.update)
    )
    await here.asks("ben", "/privacy", "What I keep")
    assert len(here["ben"].screen) == 2


async def test_updates_in_a_wrong_order_are_all_taken(here: Town) -> None:
    """The last has the smaller number then, and what it confirms is not all."""
    with here.api.updates.reordered():
        here["eve"].types("/help")
        here["fay"].types("/privacy")
    await here.reads("eve", "I keep your meetings in the diary")
    await here.reads("fay", "What I keep")
    await here.api.taken(PATIENCE)


async def test_numbers_of_updates_may_jump_and_begin_anew(here: Town) -> None:
    """After a week without any they do (Bot API, Update); none is confirmed unread."""
    here.api.updates.next_id += 1_000_000
    await here.asks("gil", "/help", "I keep your meetings in the diary")
    await reader_waits(here)
    here.api.fault("getUpdates", status=500)
    here.api.updates._wake()  # as after fifty seconds, with nothing
    await here.api.until(lambda: not here.api.faults.waiting or None, PATIENCE)
    here.api.updates.next_id = 7
    await here.asks("gil", "/privacy", "What I keep")
    await here.api.taken(PATIENCE)


async def test_an_update_of_a_megabyte_is_taken(here: Town) -> None:
    """Telegram makes none so large, but a Bot API server of one's own has no limit."""
    here["hal"].sends_a_megabyte()
    await here.reads("hal", "I did not catch that")


async def test_an_update_that_cannot_be_read_is_kept_and_stepped_over(here: Town) -> None:
    """A newer Bot API may send what our library does not know; later comentors may read it."""
    here.api.updates.push("message", {"chat": 5, "text": "hidden"}, "chat 5", checked=False)
    await here.asks("ida", "/help", "I keep your meetings in the diary")
    await here.api.taken(PATIENCE)
    [(fault,)] = here.process.rows("SELECT fault FROM arrival WHERE kind = 'unreadable'")
    assert "Unreadable" in fault


async def test_what_was_fetched_is_not_confirmed_before_it_is_stored(here: Town) -> None:
    """The database is busy, the process has the words in its hand, and the power goes."""
    await here.asks("jon", "/settings", "You are in London time")
    await here.noted()
    await reader_waits(here)
    with here.process.locked():
        here["kim"].types("/help")
        await reader_waits(here, no_more=True)
        await here.process.kill()
    code, said = await here.process.says("failed")
    assert code == 0
    assert "Unreadable" in said
    assert "1 failed." in said
    assert "hidden" not in said
    await here.process.start()
    await here.reads("kim", "I keep your meetings in the diary")


async def test_a_short_restart_offers_nothing_again(here: Town) -> None:
    """A new version is put in place, and nobody notices."""
    await here.asks("jon", "/privacy", "What I keep")
    assert [each.text[:20] for each in here["jon"].screen].count("You are in London ti") == 1


async def test_after_an_outage_each_open_question_is_offered_once_more(here: Town) -> None:
    """What was pressed meanwhile is lost; what is switched on already is to be seen again."""
    ida = here["ida"]
    asked = await here.asks("ida", "/book", "Which of these would suit you?")
    first = asked.buttons[0][0]
    ida.presses(asked, first)
    await ida.sees(lambda each: each.data(f"✓ {first}") is not None, within=PATIENCE)
    await here.noted()
    await here.process.kill()
    here.api.skip(AN_OUTAGE)
    here["leo"].types("/help")
    for later in (AN_OUTAGE, AN_OUTAGE + timedelta(seconds=20)):
        await here.process.start(later)
        await here.reads("leo", "I keep your meetings in the diary")
        again = await ida.sees(lambda each: "Which of these" in each.text and each is not asked)
        await ida.sees(lambda each, again=again: each is again and each.data(f"✓ {first}"))  # type: ignore[misc]
        await here.asks("jon", "/help", "I keep your meetings in the diary")
        await here.noted()
        for name, words in (("jon", "You are in London time"), ("ida", "Which of these would")):
            assert len([each for each in here[name].screen if words in each.text]) == 2
        await here.process.kill()
    assert "Traceback" not in here.process.said().replace(
        "Traceback (most recent call last):", "", 1
    )


async def reader_waits(here: Town, *, no_more: bool = False) -> None:
    """Wait until the process has asked for what is new, or until it was given something."""
    await here.process.until(lambda: (here.api.updates._reader is None) is no_more)
