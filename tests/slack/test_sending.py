"""What Slack and the network do to a message, and what becomes of it."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import select

from bot.store import tables
from tests.slack.town import Town, town
from tests.slackapi import Pacing, Person
from tests.telegram.at_noon import AheadOfTime
from tests.telegram.process import PATIENCE

pytestmark = pytest.mark.asyncio(loop_scope="module")
HELP = "I keep your meetings in the diary"
PRIVACY = "What I keep"
SETTINGS = "You are in London time"
BELIEVED = timedelta(minutes=61)
"""A refusal is tried once more after an hour."""
NOT_TAKEN = BELIEVED + timedelta(minutes=2)
"""An account that is not taken is tried again every minute."""
LONG = (
    "\n\n".join(f"{number}. {'Thinking takes time. ' * 120}" for number in range(1, 4))
    + "\n\nThe end."
)
"""Three messages of Slack's."""
ACTS = "<!channel> <@U000000001> <https://a.example|here> &lt; *all* _x_ ~y~ `z` :wave:"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def here(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> AsyncIterator[Town]:
    """One town for all these tests, which follow on each other."""
    room = tmp_path_factory.mktemp("sending")
    shutil.copy(sqlite_template, room / "comentor.sqlite3")
    async with town(room, f"sqlite:///{room}/comentor.sqlite3") as here:
        await here.start()
        yield here


def refuse(here: Town, name: str, **how: Any) -> None:
    """Let the next message to somebody go wrong."""
    here.api.fault("chat.postMessage", channel=here[name].id, **how)


def tell(
    here: Town,
    name: str,
    words: str,
    files: list[tuple[str, str, str]] | None = None,
    thread: str | None = None,
) -> None:
    """Put something to be said to somebody in the outbox, with files, perhaps in a thread."""
    with here.process.aside() as session:
        person = session.scalars(select(tables.Person).where(tables.Person.key == name)).one()
        now = AheadOfTime().now()
        session.add(
            tables.Message(
                person_id=person.id,
                nature="reply",
                rank=1,
                line="announcement",
                runs=[[words, "", ""]],
                manner="say",
                options=[],
                files=[list(each) for each in files or ()],
                thread=thread,
                put_at=now,
                not_before=now,
                state="pending",
                tries=0,
            )
        )
    here["cleo"].types("help")  # so that somebody looks


async def test_what_fails_is_said_once_and_nobody_else_waits(here: Town) -> None:
    """Slack can be asked what is there: whatever went wrong, all read it once, and in order."""
    troubles: dict[str, dict[str, Any]] = {
        "ana": {"kind": "page", "status": 500},
        "ben": {"error": "internal_error"},
        "eve": {"kind": "never"},
        "fay": {"kind": "lost"},
        "gil": {"kind": "half"},
        "ida": {"error": "fatal_error", "status": 503},
    }
    for name, how in {**troubles, "val": {"kind": "mute"}}.items():
        refuse(here, name, **how)
        await here.types(name, "help", "privacy")
    await here.asks("hal", "help", HELP)
    assert [here[name].screen for name in ("ana", "ben", "eve")] == [[], [], []]
    for name in troubles:
        await here.reads(name, PRIVACY)
        assert said_to(here[name]) == [HELP, PRIVACY]
    assert "<html>" not in here.process.said()


def said_to(person: Person) -> list[str]:
    """Give which of the two answers stand on a screen."""
    return [PRIVACY if PRIVACY in each.words else HELP for each in person.screen]


async def test_somebody_is_written_to_once_a_second_and_nobody_else_waits(here: Town) -> None:
    """Slack takes no more, and a pause that it asks for would be everybody's."""
    with paced(here) as pacing:
        for _ in range(3):
            here["jon"].types("help")
        began = time.monotonic()
        await here.asks("kim", "help", HELP)
        assert time.monotonic() - began < 1.5
        await here.process.until(lambda: len(here["jon"].screen) == 3)
        assert time.monotonic() - began > 1.9
        assert pacing.refused == 0


@contextmanager
def paced(here: Town) -> Iterator[Pacing]:
    """Have Slack hold to its pace meanwhile."""
    here.api.pacing = pacing = Pacing()
    yield pacing
    here.api.pacing = None


async def test_a_long_text_keeps_to_the_pace_too(here: Town) -> None:
    """Its pieces are messages of Slack's, each of which is counted."""
    with paced(here) as pacing:
        tell(here, "leo", LONG)
        await here.reads("leo", "The end.")
        assert pacing.refused == 0
    assert whole(here["leo"])


def whole(person: Person) -> bool:
    """Whether somebody has the long text, each piece of it once and in order."""
    said = "\n\n".join(each.words.strip() for each in person.screen)
    return len(person.screen) > 1 and said.split() == LONG.split()


async def test_a_pause_amid_a_long_text_repeats_nothing_of_it(here: Town) -> None:
    """What was taken before Slack asked for it is there already."""
    refuse(here, "mia", kind="slow")
    refuse(here, "mia", retry_after=1)
    tell(here, "mia", LONG)
    await here.reads("mia", "The end.")
    await here.noted()
    assert whole(here["mia"])


# Killed on the way


async def test_what_was_being_said_at_a_kill_is_not_repeated(here: Town) -> None:
    """One message, a long text of which the second piece went out, and the files behind a text."""
    files = [(f"{number}.ics", "text/calendar", "BEGIN:VCALENDAR") for number in (1, 2)]
    here.api.fault("files.completeUploadExternal", "mute")
    tell(here, "sam", "Two dates.", files)
    refuse(here, "ned", kind="mute")
    tell(here, "ned", "Once.")
    refuse(here, "tia", kind="slow")
    refuse(here, "tia", kind="mute")
    tell(here, "tia", LONG)
    for name, count in (("ned", 1), ("tia", 2), ("sam", 2)):
        await here.process.until(lambda name=name, count=count: len(here[name].screen) == count)  # type: ignore[misc]
    await here.process.kill()
    await here.start()
    await here.reads("tia", "The end.")
    await here.noted()
    assert [each.words for each in here["ned"].screen] == ["Once."]
    assert whole(here["tia"])
    assert [each.file_names for each in here["sam"].screen] == [[], ["1.ics", "2.ics"]]


async def test_a_pause_that_slack_asks_for_is_kept_over_a_kill(here: Town) -> None:
    """It is meant for a method in the whole workspace, and asking again makes it longer."""
    before = here.api.counts.refusals["ratelimited"]
    refuse(here, "pia", retry_after=6)
    here["pia"].types("help")
    await here.process.until(lambda: here.api.counts.refusals["ratelimited"] > before)
    asked = time.time()
    kept = "SELECT 1 FROM platform_state WHERE quiet_until IS NOT NULL"
    await here.process.until(lambda: here.process.rows(kept))
    await here.process.kill()
    await here.start()
    here["ron"].types("help")
    await here.reads("pia", HELP)
    await here.reads("ron", HELP)
    assert min(at for at in here.api.counts.sends if at > asked) - asked > 5.8


async def test_a_pause_for_files_is_not_for_words(here: Town) -> None:
    """Whoever waits for a calendar file waits alone, and gets it once, when the time is over."""
    place = "files.getUploadURLExternal"
    before, seen = here.api.counts.requests[place], len(here["eve"].screen)
    here.api.fault(place, retry_after=4)
    asked = time.time()
    tell(here, "eve", "A date.", [("1.ics", "text/calendar", "BEGIN:VCALENDAR")])
    await here.process.until(lambda: here.api.counts.requests[place] > before)
    await here.asks("leo", "help", HELP)
    await here.asks("kim", "help", HELP)
    assert time.time() - asked < 4
    await here.process.until(lambda: len(here["eve"].screen) == seen + 2)
    assert time.time() - asked > 4
    await here.noted()
    assert [each.file_names for each in here["eve"].screen[seen:]] == [[], ["1.ics"]]
    assert here.api.counts.requests[place] == before + 2


async def test_a_pause_for_pages_is_not_for_words(here: Town) -> None:
    """App Home can wait; all of them do, since Slack means the method and not the person."""
    before = here.api.counts.requests["views.publish"]
    here.api.fault("views.publish", retry_after=3)
    asked = time.time()
    for name in ("eve", "leo"):
        await here[name].opens_home().answered()
    await here.process.until(lambda: here.api.counts.requests["views.publish"] > before)
    await here.asks("kim", "privacy", PRIVACY)
    assert time.time() - asked < 3
    for name in ("eve", "leo"):
        await here[name].sees_home("", within=PATIENCE)
    assert time.time() - asked > 3
    assert here.api.counts.requests["views.publish"] == before + 3


# What cannot be drawn, or not at all


async def test_what_cannot_be_redrawn_holds_up_nobody(here: Town) -> None:
    """It is a courtesy to one person, and tried again."""
    kim = here["kim"]
    asked = await here.asks("kim", "settings", SETTINGS)
    here.api.fault("chat.update", "page", status=500, channel=kim.dm.id, times=1000)
    before = here.api.counts.requests["chat.update"]
    kim.presses(asked, "Leave it")
    await here.asks("leo", "help", HELP)
    await here.process.until(lambda: here.api.counts.requests["chat.update"] > before)
    await here.asks("leo", "privacy", PRIVACY)
    assert asked.buttons != []
    here.api.faults.waiting.clear()
    await here.reads("kim", "✓ Leave it")


async def test_a_page_that_cannot_be_drawn_holds_up_no_other(here: Town) -> None:
    """One that Slack stumbles over every time, and one behind it."""
    here.api.fault("views.publish", error="internal_error", channel=here["kim"].id, times=1000)
    here["kim"].opens_home()
    await here.process.until(lambda: here.api.counts.refusals["internal_error"] > 1)
    here["leo"].opens_home()
    await here["leo"].sees_home("You and Kim", within=PATIENCE)
    here.api.faults.waiting.clear()
    await here["kim"].sees_home("You and Leo", within=PATIENCE)


async def test_what_slack_will_never_take_is_put_aside(here: Town) -> None:
    """A fault of ours: it is in the log without its words, and what is behind it goes out."""
    refuse(here, "ron", error="invalid_blocks")
    tell(here, "ron", "private")
    said = await here.process.says_in_time("a message cannot be sent")
    await here.asks("ron", "privacy", PRIVACY)
    assert "invalid_blocks" in said
    assert "private" not in said
    state = "SELECT state, why FROM message WHERE state = 'dead'"
    assert here.process.rows(state) == [("dead", "unsendable: invalid_blocks")]


async def test_words_of_people_never_act(here: Town) -> None:
    """Nothing mentions, links, shouts or is styled, in the blocks or in the text beside them."""
    tell(here, "uma", ACTS)
    shown = await here.reads("uma", ACTS)
    assert "<" not in shown.text
    assert shown.text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == ACTS
    [block] = shown.blocks
    [section] = block["elements"]
    assert section["elements"] == [{"type": "text", "text": ACTS}]
    never = ("unfurl_links", "unfurl_media", "mrkdwn", "link_names")
    assert [shown.posted[each] for each in never] == [False] * 4
    assert shown.posted["parse"] == "none"


# The database


async def test_a_database_that_is_locked_for_a_while_loses_nothing(here: Town) -> None:
    """Longer than is waited for it; what was sent meanwhile is noted afterwards."""
    here.api.latency = 0.7  # less than until Jon may be written to again, which is written too
    sends = here.api.counts.requests["chat.postMessage"]
    before = len(here["jon"].screen)
    here["jon"].types("help")
    await here.process.until(lambda: here.api.counts.requests["chat.postMessage"] > sends)
    await asyncio.sleep(0.3)  # it is on its way, and all else that is to be written is written
    said = len(here.process.said())
    with here.process.locked():
        await here.process.says_in_time("the database cannot be used ", said)
        here.api.latency = 0.0
    here["jon"].types("privacy")
    await here.reads("jon", PRIVACY)
    await here.noted()
    assert len(here["jon"].screen) == before + 2


# Nobody there


async def test_a_refusal_is_believed_the_second_time(here: Town) -> None:
    """An hour later: by then Tia is back, and the others are not; the manager hears of those."""
    gone = {
        "ana": "account_inactive",
        "ben": "user_not_found",
        "eve": "channel_not_found",
        "fay": "is_archived",
        "gil": "user_disabled",
        "hal": "restricted_action",
    }
    refused = here.api.counts.refusals
    for name, error in {**gone, "tia": "user_not_found"}.items():
        refuse(here, name, error=error, times=1 if name == "tia" else 2)
        here[name].types("help")
    await here.process.until(lambda: refused["restricted_action"] and refused["user_disabled"])
    await here.process.until(lambda: refused["user_not_found"] == 2 and refused["is_archived"])
    await here.process.until(lambda: refused["channel_not_found"] and refused["account_inactive"])
    closed = "SELECT key, closed_why FROM person WHERE closed_at IS NOT NULL ORDER BY key"
    before = len(here["tia"].screen)
    await here.asks("val", "settings", SETTINGS)
    assert here.process.rows(closed) == []
    await here.process.kill()
    await here.start(later=BELIEVED)
    await here.reads("tia", HELP, before)
    for name in gone:
        await here.reads("dana", f"I can't reach {name.title()} any more")
    assert here.process.rows(closed) == sorted(gone.items())


async def test_whoever_writes_again_is_there_again(here: Town) -> None:
    """A closed account was opened anew."""
    before = len(here["ana"].screen)
    await here.asks("ana", "help", HELP)
    assert here.process.rows("SELECT closed_at FROM person WHERE key = 'ana'") == [(None,)]
    assert len(here["ana"].screen) == before + 1


async def test_an_app_that_is_not_taken_any_more_loses_nothing(here: Town) -> None:
    """Somebody can mend that, and has to hear of it: it is in the log, and tried again."""
    before, said = len(here["ned"].screen), len(here.process.said())
    refuse(here, "ned", error="invalid_auth")
    here["ned"].types("help")
    told = await here.process.says_in_time("invalid_auth", said)
    assert "Slack does not take the app as it is" in told
    assert here.river.id in told
    assert len(here["ned"].screen) == before
    await here.process.kill()
    await here.start(later=NOT_TAKEN)
    await here.reads("ned", HELP, before)


async def test_what_is_lost_in_a_thread_is_looked_for_there(here: Town) -> None:
    """Slack's history leaves out what is said in threads."""
    uma = here["uma"]
    began = await here.asks("uma", "help", HELP)
    here.api.fault("chat.postMessage", channel=uma.dm.id, kind="lost")
    uma.types("privacy", thread=began)
    said = await here.reads("uma", PRIVACY)
    await here.noted()
    assert [each for each in uma.screen if PRIVACY in each.words] == [said]
    assert said.thread_ts == began.ts


async def test_files_go_into_the_thread_of_their_message(here: Town) -> None:
    """A calendar file would else stand far from what it belongs to."""
    val = here["val"]
    began = await here.asks("val", "help", HELP)
    thread = f"{val.dm.id}/{began.ts}"
    tell(here, "val", "The dates.", [("one.ics", "text/calendar", "BEGIN")], thread)
    await here.noted()
    said = await here.reads("val", "The dates.")
    [file] = [each for each in val.screen if each.raw.get("files")]
    assert (said.thread_ts, file.thread_ts) == (began.ts, began.ts)


async def test_what_belongs_in_a_thread_that_is_gone_stands_below_the_rest(here: Town) -> None:
    """Somebody has deleted what it began with, and their own words."""
    tia = here["tia"]
    began = await here.asks("tia", "help", HELP)
    here.api.fault("chat.postMessage", channel=tia.dm.id, kind="never")
    typed = tia.types("settings", thread=began)
    began.deleted = typed.deleted = True
    said = await here.reads("tia", SETTINGS)
    assert said.thread_ts is None


async def test_an_answer_that_never_came_is_no_answer_after_a_while(here: Town) -> None:
    """Val's, from the first of these tests: it was there all the time, and what stood behind it."""
    await here.reads("val", PRIVACY)
    assert said_to(here["val"])[:2] == [HELP, PRIVACY]


async def test_a_stop_in_a_pause_leaves_a_clean_log(here: Town) -> None:
    """What was about to be sent waits for the next start; that is no trouble."""
    before = here.api.counts.refusals["ratelimited"]
    refuse(here, "sam", retry_after=300)
    here["sam"].types("privacy")
    await here.process.until(lambda: here.api.counts.refusals["ratelimited"] > before)
    here["tia"].types("privacy")
    await here.api.delivered(PATIENCE)
    assert await here.process.stop() == 0
    assert "never awaited" not in here.process.said()


async def test_nothing_of_all_this_was_a_fault_of_ours(here: Town) -> None:
    """Whatever the network does, the log says so in one line."""
    said = here.process.said()
    assert "Traceback" not in said
    assert "never retrieved" not in said
    assert here.api.seed not in said
