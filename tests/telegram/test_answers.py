"""What people do in Telegram, and what each of it is answered with; all at one running comentor."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.clock import WallClock
from bot.cohort.enrol import invite
from bot.store import tables
from tests.botapi import Message, Person
from tests.telegram.at_noon import AheadOfTime
from tests.telegram.process import PATIENCE
from tests.telegram.town import Town, town

pytestmark = pytest.mark.asyncio(loop_scope="module")
STRANGER = "I only talk with people who were invited"
SPENT = "That invitation has been used or has run out."


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def here(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> AsyncIterator[Town]:
    """One process for all these tests: Uma and Val met an hour ago, Sam and Tia will in five days.

    Wes has not come yet.
    """
    room = tmp_path_factory.mktemp("answers")
    shutil.copy(sqlite_template, room / "comentor.sqlite3")
    async with town(room, f"sqlite:///{room}/comentor.sqlite3") as here:
        now = AheadOfTime().now()
        with here.process.database() as session:
            meet(session, "uma", now - timedelta(hours=2))
            meet(session, "sam", now + timedelta(days=5))
            session.execute(
                update(tables.Person)
                .where(tables.Person.key == "wes")
                .values(address=None, welcomed_at=None)
            )
        here["wes"].chat.reachable = False
        await here.process.start()
        yield here


def meet(session: Session, mentee: str, at: datetime) -> None:
    """Have a pair's meeting booked; where it is over, the rules look at it at once."""
    pair = session.scalars(
        select(tables.Pair)
        .join(tables.Person, tables.Person.id == tables.Pair.mentee_id)
        .where(tables.Person.key == mentee)
    ).one()
    now = AheadOfTime().now()
    pair.agreed_at = pair.began_at = now - timedelta(days=20)
    pair.due_at = now if at < now else None
    booked = {"zone": "Europe/London", "uid": mentee, "sequence": 0, "minutes": 60}
    session.add(
        tables.Meeting(pair_id=pair.id, starts_at=at, booked_at=now - timedelta(days=9), **booked)
    )


def token_for(here: Town, key: str, *, until: timedelta = timedelta(days=1)) -> str:
    """Give a fresh invitation, while the process runs."""
    with here.process.aside() as session:
        person = session.scalars(select(tables.Person).where(tables.Person.key == key)).one()
        token = invite(session, person.id, WallClock().now())
        session.execute(
            update(tables.Invitation)
            .where(tables.Invitation.person_id == person.id)
            .values(expires_at=AheadOfTime().now() + until)
        )
    return token


async def quiet(here: Town) -> None:
    """Wait until everything that was sent to the bot has had its turn, and its answer gone out."""
    await here.api.taken(PATIENCE)
    await here.asks("pia", "/privacy", "I keep")


# Words that are no answer


async def test_an_edited_message_is_not_read_again(here: Town) -> None:
    """What was answered stays answered; whoever thinks that an edit changes it is told."""
    said = here["ana"].types("/help")
    await here.reads("ana", "I keep your meetings in the diary")
    here["ana"].edits(said, "/stop")
    await here.reads("ana", "I only read a message as it was first sent")


async def test_a_reply_to_an_older_message_answers_that_ones_question(here: Town) -> None:
    """Two questions are open, and the number that they type belongs to the one they point at."""
    older = await here.asks("ben", "/settings", "You are in London time")
    newer = await here.asks("ben", "/pause", "For how long shall I leave you in peace?")
    here["ben"].types("4", reply_to=older)
    await here.reads("ben", "✓ Leave it")
    assert older.buttons == []
    assert newer.buttons != []


@pytest.mark.parametrize(
    ("name", "sends"),
    [
        ("eve", Person.sends_voice),
        ("fay", Person.sends_photo),
        ("gil", Person.sends_sticker),
        ("hal", Person.sends_document),
        ("ida", Person.sends_what_nobody_knows),
    ],
)
async def test_what_cannot_be_read_is_not_kept_and_says_so(
    here: Town, name: str, sends: Callable[[Person], Message]
) -> None:
    """Nobody is to think that their voice message is looked after."""
    sends(here[name])
    await here.reads(name, "I can't read files, pictures or voice messages")


async def test_a_pinned_message_is_nothing_to_answer(here: Town) -> None:
    """Telegram tells of it in a message of its own; whoever pins a date has sent no file."""
    before = len(here["pia"].screen)
    here["pia"].sends({"pinned_message": (await here.asks("pia", "/help", "")).raw})
    await quiet(here)
    assert len(here["pia"].screen) == before + 2


async def test_forwarded_words_are_nobodys_answer(here: Town) -> None:
    """Whoever wrote them never talked to the bot, and does not know of it."""
    here["jon"].forwards("something private", written_by=here["kim"])
    await here.reads("jon", "I don't keep what others wrote")
    kept = here.process.rows("SELECT body FROM arrival WHERE kind = 'forwarded'")
    assert "private" not in str(kept)


async def test_a_changed_name_changes_nothing(here: Town) -> None:
    """Their partner knows them by the name that the programme has."""
    here["ron"].renames("Ronald the Great", last_name="x")
    await here.asks("ron", "/pause", "For how long")
    here["ron"].presses(here["ron"].last, "One week")
    await here.reads("pia", "Ron has paused until")


# Groups and channels


async def test_the_bot_leaves_a_group_and_keeps_nothing_of_it(here: Town) -> None:
    """It talks with one person at a time; what others say among themselves is not its own."""
    group = here.api.group(-77, "The whole cohort")
    group.adds_the_bot(here["kim"])
    group.hears(here["kim"], "/help")
    await here.api.until(lambda: not group.chat.reachable or None, PATIENCE)
    assert [each for each in group.chat.messages.values() if each.by_bot] == []
    assert here.process.rows("SELECT * FROM arrival WHERE address LIKE '-%'") == []


async def test_the_bot_leaves_a_group_that_it_was_brought_to_unseen(here: Town) -> None:
    """The update that would have told of it is gone after a day."""
    group = here.api.group(-78, "Since the holidays")
    group.chat.reachable = True
    group.hears(here["kim"], "hello")
    await here.api.until(lambda: not group.chat.reachable or None, PATIENCE)


async def test_the_bot_leaves_a_group_that_became_a_supergroup(here: Town) -> None:
    """Telegram takes it along, to another id."""
    group = here.api.group(-79, "Grown")
    group.chat.reachable = True
    group.migrates(-100_79, by=here["kim"])
    larger = here.api.state.chats[-100_79]
    await here.api.until(lambda: not larger.reachable or None, PATIENCE)


async def test_what_a_channel_publishes_never_arrives(here: Town) -> None:
    """It is not even asked for."""
    channel = here.api.group(-80, "News", "channel")
    channel.adds_the_bot(here["kim"])
    channel.posts("hello")
    await here.api.until(lambda: not channel.chat.reachable or None, PATIENCE)
    assert here.process.rows("SELECT * FROM arrival WHERE address LIKE '-%'") == []


# Strangers and invitations


async def test_a_stranger_is_greeted_once_a_day(here: Town) -> None:
    """One kind line, however often they press, or however often Telegram brings the same press."""
    stranger = here.api.person(31, "Zoe")
    stranger.chat.reachable = True
    stranger.types("hello?")
    here.api.updates.repeat_next()
    stranger.start()
    stranger.start()
    await stranger.sees(STRANGER, within=PATIENCE)
    stranger.types("/help")
    stranger.sends_photo()
    stranger.start()
    await quiet(here)
    assert [each.text for each in stranger.screen if STRANGER in each.text] == [
        each.text for each in stranger.screen
    ]
    assert len(stranger.screen) == 1


async def test_whoever_has_no_good_invitation_is_a_stranger(here: Town) -> None:
    """One that has run out, and one that never was: neither tells whether it ever was one."""
    for number, token in ((32, token_for(here, "wes", until=-timedelta(hours=1))), (33, "a" * 43)):
        stranger = here.api.person(number, "Yan")
        stranger.start(token)
        await stranger.sees(STRANGER, within=PATIENCE)


async def test_an_invitation_is_for_one_person_once(here: Town) -> None:
    """Kim, who is somebody else, is told so and uses nothing up; a second use says so too."""
    token = token_for(here, "wes")
    here["kim"].start(token)
    await here.reads("kim", SPENT)
    wes = here["wes"]
    wes.start(token)
    await here.reads("wes", "Would you like to join?")
    wes.start(token)
    await here.reads("wes", SPENT)
    thief = here.api.person(34, "Xia")
    thief.start(token)
    await thief.sees(STRANGER, within=PATIENCE)
    assert here.process.rows("SELECT address FROM person WHERE key = 'wes'") == [(str(wes.id),)]


# A closed door


async def test_whoever_blocks_and_unblocks_is_told_of_once_and_heard_again(here: Town) -> None:
    """The manager hears that somebody is out of reach; nobody else does."""
    leo = here["leo"]
    leo.blocks()
    await here.reads("dana", "I can't reach Leo any more")
    leo.types("hello?")  # nobody can, but it must not matter
    leo.start()
    await here.reads("leo", "I keep your meetings in the diary")
    assert here.process.rows("SELECT closed_at FROM person WHERE key = 'leo'") == [(None,)]
    assert len([each for each in here["dana"].screen if "Leo" in each.text]) == 1
    assert [each for each in here["kim"].screen if "reach" in each.text] == []


async def test_a_fresh_invitation_opens_a_closed_door(here: Town) -> None:
    """Somebody lost their phone and was believed gone: on the new one they are there again."""
    here["ned"].blocks()
    await here.reads("dana", "I can't reach Ned any more")
    again = here.api.person(35, "Ned")
    again.start(token_for(here, "ned"))
    await again.sees("Would you like to join?", within=PATIENCE)


# Buttons


async def test_a_press_is_answered_and_shown_where_it_was_asked(here: Town) -> None:
    """The button stops turning at once; the choice stands, and its keyboard is gone."""
    asked = await here.asks("mia", "/settings", "You are in London time")
    press = here["mia"].presses(asked, "Leave it")
    await here.reads("mia", "✓ Leave it")
    assert asked.buttons == []
    assert asked.text.startswith("You are in London time")
    assert here["mia"].answer_to(press) is not None


async def test_an_old_button_is_answered_too(here: Town) -> None:
    """The screen of another phone may still show it; it changes nothing and says so."""
    mia = here["mia"]
    asked = next(each for each in mia.screen if "✓ Leave it" in each.text)
    press = mia.presses_as_it_was(asked, "I'm elsewhere")
    await here.reads("mia", "That question is closed, so nothing has changed.")
    assert mia.answer_to(press) is not None


async def test_what_is_switched_on_is_marked_until_it_is_off(here: Town) -> None:
    """Each press redraws the keyboard; the last button says what it would confirm."""
    ida = here["ida"]
    asked = await here.asks("ida", "/book", "Which of these would suit you?")
    [first, *_], *_, [end] = asked.buttons
    ida.presses(asked, first)
    await ida.sees(lambda each: each.data(f"✓ {first}") is not None, within=PATIENCE)
    assert asked.buttons[-1] == ["Done"]
    ida.presses(asked, f"✓ {first}")
    await ida.sees(lambda each: each.data(first) is not None, within=PATIENCE)
    assert asked.buttons[-1] == [end]


async def test_a_scale_stands_in_one_row(here: Town) -> None:
    """One to five are read as one thing, and pressed with one thumb."""
    met = await here.reads("uma", "Did you and Val meet")
    here["uma"].presses(met, "We met")
    asked = await here.reads("uma", "how was it with")
    assert asked.buttons[0] == ["1", "2", "3", "4", "5"]


async def test_a_calendar_file_comes_with_its_words(here: Town) -> None:
    """One message and not two: the words are the file's caption."""
    sam, tia = here["sam"], here["tia"]
    asked = await here.asks("sam", "/meetings", "Your next meeting with Tia")
    sam.presses(asked, asked.buttons[0][0])
    asked = await sam.sees(lambda each: each.data("Call it off") is not None, within=PATIENCE)
    sam.presses(asked, "Call it off")
    sam.presses(await here.reads("sam", "It could also be moved."), "Call it off")
    for who, words in ((sam, "is called off"), (tia, "had to call off")):
        told = await who.sees(words, within=PATIENCE)
        assert told.document_name is not None
        assert told.document is not None
        assert b"METHOD:CANCEL" in told.document


# What can be asked for


@pytest.mark.parametrize(
    ("name", "command", "reads"),
    [
        ("ana", "/start", "I keep your meetings in the diary"),
        ("eve", "/help", "I keep your meetings in the diary"),
        ("fay", "/privacy", "What I keep, and who sees it"),
        ("gil", "/settings", "You are in London time"),
        ("hal", "/meetings", "No meeting with Gil is in the diary"),
        ("eve", "/goals", "You have not written down any goals"),
        ("jon", "/reflect", ""),
        ("fay", "/pause@comentor_test_bot", "For how long shall I leave you in peace?"),
        ("gil", "/stop", ""),
        ("cleo", "/pairs", "Your pairs"),
        ("dana", "/announce", ""),
    ],
)
async def test_each_command_does_what_it_says(
    here: Town, name: str, command: str, reads: str
) -> None:
    """Those that every bot is expected to know, and ours."""
    answer = await here.asks(name, command, reads)
    assert "I did not catch that" not in answer.text


async def test_everybody_sees_the_commands_of_their_role(here: Town) -> None:
    """The usual menu is the mentee's; a supervisor and a manager have one of their own."""
    shown = here.api.state.commands
    for name, has, has_not in (("cleo", "pairs", "goals"), ("dana", "announce", "reflect")):
        here[name].start()
        place = (f"chat {here[name].id}", "")
        await here.api.until(lambda place=place: shown.get(place), PATIENCE)  # type: ignore[misc]
        names = [each["command"] for each in shown[place]]
        assert has in names
        assert has_not not in names
    usual = [each["command"] for each in shown["all_private_chats", ""]]
    assert {"help", "privacy", "settings", "meetings", "goals", "reflect", "pause", "stop"} <= {
        *usual
    }


async def test_nothing_of_all_this_went_wrong(here: Town) -> None:
    """No turn failed, and nothing that anybody wrote stands in the log."""
    failed = here.process.rows("SELECT id, kind, fault FROM arrival WHERE fault IS NOT NULL")
    assert failed == []
    assert "Traceback" not in here.process.said()
    assert "private" not in here.process.said()
