"""A message that takes several calls: what was answered is not said again, whatever happens."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import select

from bot.store import tables
from tests.botapi.pacing import Pacing
from tests.telegram.at_noon import AheadOfTime
from tests.telegram.process import PATIENCE
from tests.telegram.town import Town, town

pytestmark = pytest.mark.asyncio(loop_scope="module")
SENTENCE = f"{'what we have learned from the pairs of last year and ' * 15}more. "
HELP = "I keep your meetings in the diary"
CALENDAR = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def here(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> AsyncIterator[Town]:
    """One town for all these tests, at a server that enforces Telegram's pace."""
    room = tmp_path_factory.mktemp("pieces")
    shutil.copy(sqlite_template, room / "comentor.sqlite3")
    async with town(room, f"sqlite:///{room}/comentor.sqlite3") as here:
        here.api.pacing = Pacing()
        await here.process.start()
        yield here


def in_pieces(count: int) -> str:
    """Give a text that takes so many messages, each of which begins with its number."""
    return "".join(f"Piece {number}: {SENTENCE * 5}" for number in range(1, count + 1))


def put(
    here: Town, text: str, *names: str, nature: str = "reply", files: Sequence[str] = ()
) -> None:
    """Put a message in these people's outbox, beside the process that runs."""
    with here.process.aside() as session:
        person, now = tables.Person, AheadOfTime().now()
        for number in session.scalars(select(person.id).where(person.key.in_(names))):
            session.add(
                tables.Message(
                    person_id=number,
                    nature=nature,
                    rank=int(nature == "announcement"),
                    line="a_long_one",
                    runs=[[text, "plain", ""]],
                    manner="say",
                    options=[],
                    files=[[each, "text/calendar", CALENDAR] for each in files],
                    put_at=now,
                    not_before=now,
                    state="pending",
                    tries=0,
                )
            )


def pieces(here: Town, name: str) -> list[str]:
    """Give how each message on somebody's screen begins."""
    return [each.text[:7] for each in here[name].screen]


async def until_there(here: Town, name: str, count: int) -> None:
    """Wait until somebody has so many messages."""
    await here.api.until(lambda: len(here[name].screen) >= count or None, PATIENCE)


async def test_after_a_trouble_the_rest_is_said_and_nothing_twice(here: Town) -> None:
    """Only a piece that had arrived before its answer was lost may be read twice."""
    troubles: dict[str, dict[str, object]] = {
        "ana": {"status": 500},
        "ben": {"kind": "page", "status": 502},
        "eve": {"kind": "drop"},
        "fay": {"kind": "lost"},
        "gil": {"kind": "half"},
    }
    put(here, in_pieces(3), *troubles)
    await here.asks("hal", "/help", HELP)
    for name, how in troubles.items():
        await until_there(here, name, 1)
        here.api.fault("sendMessage", chat=here[name].id, **how)  # type: ignore[arg-type]
    came = {"fay": ["Piece 2"], "gil": ["Piece 2"]}
    for name in troubles:
        await here.reads(name, "Piece 3")
        again = came.get(name, [])
        assert pieces(here, name) == ["Piece 1", "Piece 2", *again, "Piece 3"]


async def test_a_pause_asked_for_between_two_pieces_repeats_none(here: Town) -> None:
    """It is meant for the whole bot, and the piece was not taken."""
    put(here, in_pieces(3), "ida")
    await here.asks("hal", "/help", HELP)
    await until_there(here, "ida", 1)
    here.api.fault("sendMessage", chat=here["ida"].id, status=429, retry_after=2)
    await until_there(here, "ida", 3)
    await here.noted()
    assert pieces(here, "ida") == ["Piece 1", "Piece 2", "Piece 3"]


async def test_files_that_fail_do_not_repeat_their_text(here: Town) -> None:
    """Ten documents are the most that Telegram takes together; the others come after them."""
    names = [f"meeting-{number}.ics" for number in range(12)]
    here.api.fault("sendMediaGroup", chat=here["jon"].id, status=500, times=2)
    put(here, f"Three dates. {SENTENCE * 3}", "jon", files=names)
    await here.asks("hal", "/help", HELP)
    await until_there(here, "jon", 13)
    await here.noted()
    text, *documents = here["jon"].screen
    assert text.text.startswith("Three dates.")
    assert [each.document_name for each in documents] == names
    [row] = here.process.rows("SELECT reference, calls FROM message WHERE files LIKE '%ics%'")
    assert row == (str(text.id), 2)


async def test_nothing_comes_between_two_pieces(here: Town) -> None:
    """Whoever asks for something meanwhile reads the answer behind the last of them."""
    put(here, in_pieces(3), "kim", nature="announcement")
    await here.asks("hal", "/help", HELP)
    await until_there(here, "kim", 1)
    here["kim"].types("/help")
    await here.reads("kim", HELP)
    assert pieces(here, "kim")[:3] == ["Piece 1", "Piece 2", "Piece 3"]


async def test_a_kill_repeats_no_piece_but_the_one_on_its_way(here: Town) -> None:
    """Five are to come; it is killed as soon as the second is there, and again later."""
    put(here, in_pieces(5), "leo")
    await here.asks("hal", "/help", HELP)
    for seen in (2, 4):
        await until_there(here, "leo", seen)
        await here.process.kill()
        await here.process.start()
    await here.reads("leo", "Piece 5")
    await here.noted()
    read = pieces(here, "leo")
    assert read == sorted(read)
    assert set(read) == {f"Piece {number}" for number in range(1, 6)}
    assert len(read) <= 7
    assert read.count("Piece 1") == 1


async def test_each_piece_takes_its_own_slot(here: Town) -> None:
    """One a second to a chat, and thirty over all: the server refused nothing in all this."""
    assert here.api.pacing is not None
    assert here.api.pacing.refused == 0
    assert "Traceback" not in here.process.said()
