"""What people do in Slack, and what each of it is answered with; all at one running comentor."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.store import tables
from tests.slack.town import Town, town
from tests.slackapi import Message, Person, payloads
from tests.telegram.at_noon import AheadOfTime
from tests.telegram.process import PATIENCE

pytestmark = pytest.mark.asyncio(loop_scope="module")
HELP = "I keep your meetings in the diary"
SETTINGS = "You are in London time"
PAUSE = "For how long shall I leave you in peace?"
OUTSIDER = "I only talk with people in the Slack of their own organisation"
STRANGER = "I only talk with people who were invited"
CLOSED = "That question is closed, so nothing has changed."
NO_GOALS = "You have not written down any."
ELSEWHERE = "I've answered in our own conversation."
FIRST_GOAL = "What would you like to be different"
SHOWS = "<!channel> & <@U000000001> *all* <https://a.example|here> :wave: _x_ `y` ~z~"
"""What somebody typed on a phone, where none of it means anything."""
KEPT = "SELECT address, kind, body FROM arrival ORDER BY id"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def here(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> AsyncIterator[Town]:
    """One process for all these tests: Uma and Val met an hour ago, Sam and Tia will in five days.

    Pia has a goal in words that Slack would act on.
    """
    room = tmp_path_factory.mktemp("answers")
    shutil.copy(sqlite_template, room / "comentor.sqlite3")
    async with town(room, f"sqlite:///{room}/comentor.sqlite3") as here:
        now = AheadOfTime().now()
        with here.process.database() as session:
            meet(session, "uma", now - timedelta(hours=2))
            meet(session, "sam", now + timedelta(days=5))
            pia = session.scalars(select(tables.Person).where(tables.Person.key == "pia")).one()
            session.add(tables.Goal(person_id=pia.id, words=SHOWS, set_at=now))
        await here.start()
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


def kept_of(here: Town, person: Person) -> list[tuple[str, str]]:
    """Give the kinds and bodies of all that the inbox has from somebody."""
    address = f"{person.workspace.id}:{person.id}"
    return [(str(kind), str(body)) for at, kind, body in here.process.rows(KEPT) if at == address]


async def closed(who: Person, asked: Message) -> None:
    """Wait until a question shows how it was answered, and nothing to press."""
    await who.sees(lambda each: each is asked and each.buttons == [], within=PATIENCE)
    assert asked.edited


def boxes(message: Message) -> list[tuple[str, list[str]]]:
    """Give each group of boxes by its name, with its labels."""
    groups = [each for block in message.blocks for each in block.get("elements", ())]
    return [
        (each["action_id"], [option["text"]["text"] for option in each["options"]])
        for each in groups
        if each["type"] == "checkboxes"
    ]


def ticked(message: Message) -> int:
    """Give how many boxes are drawn as ticked."""
    groups = [each for block in message.blocks for each in block.get("elements", ())]
    return sum(len(each.get("initial_options", ())) for each in groups)


# Words


async def test_words_are_answered_by_their_question_and_else_by_a_menu(here: Town) -> None:
    """A number or a label is as good as its button, and what means nothing is told so."""
    asked = await here.asks("ana", "settings", SETTINGS)
    here["ana"].types("3")
    await closed(here["ana"], asked)
    await here.asks("ana", "purple elephants", "I did not catch that")


async def test_a_reply_in_a_thread_answers_what_the_thread_hangs_on(here: Town) -> None:
    """Two questions are open, and the number that they type belongs to the one they point at."""
    older = await here.asks("ben", "settings", SETTINGS)
    newer = await here.asks("ben", "pause", PAUSE)
    here["ben"].types("3", thread=older)
    await closed(here["ben"], older)
    assert newer.buttons != []


async def test_what_began_in_a_thread_stays_there(here: Town) -> None:
    """What is typed, pressed or written there is answered there, and nothing else is."""
    ida = here["ida"]
    asked = await here.asks("ida", "goals", "You have not written down any goals")
    ida.types("Write one", thread=asked)
    first = await here.reads("ida", FIRST_GOAL)
    assert first.thread_ts == asked.ts
    await ida.presses(first, "Write in a window").answered()
    view = await ida.sees_view(FIRST_GOAL, within=PATIENCE)
    await ida.submits(view, {"Your words": "To ask for what I need"})
    second = await here.reads("ida", "Is there a second one?")
    assert second.thread_ts == asked.ts
    ida.presses(second, "That's it")
    done = await here.reads("ida", "Kept, for you alone")
    assert done.thread_ts == asked.ts
    assert (await here.asks("ida", "help", HELP)).thread_ts is None


async def test_a_number_typed_in_a_thread_answers_what_was_asked_there_last(here: Town) -> None:
    """What began the thread is closed by then, and something newer stands outside it."""
    leo = here["leo"]
    began = await here.asks("leo", "settings", SETTINGS)
    leo.types("2", thread=began)
    inside = await here.reads("leo", "When should I leave you in peace")
    outside = await here.asks("leo", "pause", PAUSE)
    leo.types("1", thread=began)
    await closed(leo, inside)
    assert outside.buttons != []


async def test_an_edited_message_is_not_read_again(here: Town) -> None:
    """What was answered stays answered; whoever thinks that an edit changes it is told."""
    said = here["fay"].types("help")
    await here.reads("fay", HELP)
    here["fay"].edits(said, "stop")
    await here.reads("fay", "I only read a message as it was first sent")
    assert here.process.rows("SELECT stopped_at FROM person WHERE key = 'fay'") == [(None,)]


async def test_a_link_that_unfolds_is_no_edit(here: Town) -> None:
    """Slack tells of it as a change, but the words are the same."""
    said = here["fay"].types("help")
    await here.quiet()
    before = len(here["fay"].screen)
    here["fay"].edits(said, said.text)
    await here.quiet()
    assert len(here["fay"].screen) == before


async def test_what_needs_no_answer_gets_none_and_is_not_kept(here: Town) -> None:
    """Taking a message back, or a thumb under one of ours: nobody is to be talked at for it."""
    hal = here["hal"]
    said = hal.types("help")
    await here.reads("hal", HELP)
    before = kept_of(here, hal)
    await hal.deletes(said).answered()
    await hal.reacts(hal.last).answered()
    await here.quiet()
    assert kept_of(here, hal) == before
    assert len(hal.screen) == 1


async def test_a_file_is_not_kept_and_says_so(here: Town) -> None:
    """Nobody is to think that their document is looked after."""
    here["eve"].uploads("private.pdf", "something private")
    await here.reads("eve", "I can't read files, pictures or voice messages")
    assert kept_of(here, here["eve"]) == [("attached", "{}")]


# Buttons


async def test_a_press_is_shown_where_it_was_asked(here: Town) -> None:
    """The choice stands under what was asked, and there is nothing left to press."""
    asked = await here.asks("mia", "settings", SETTINGS)
    await here["mia"].presses(asked, "Leave it").answered()
    await here.reads("mia", "✓ Leave it")
    assert asked.buttons == []
    assert asked.words.startswith(SETTINGS)
    assert asked.text.startswith(SETTINGS)
    assert len(here["mia"].screen) == 1


async def test_an_old_button_is_answered_too(here: Town) -> None:
    """Another phone may still show it; it changes nothing and says so."""
    mia = here["mia"]
    asked = next(each for each in mia.screen if "✓ Leave it" in each.words)
    await mia.presses_as_it_was(asked, "I'm elsewhere").answered()
    await here.reads("mia", CLOSED)


async def test_nobody_presses_for_somebody_else(here: Town) -> None:
    """A value is only ids: whoever makes one up reaches no question but their own."""
    asked = await here.asks("kim", "settings", SETTINGS)
    [block] = [each for each in asked.blocks if each["type"] == "actions"]
    element = block["elements"][-1]
    await here["leo"].acts(asked, block, element, {"value": element["value"]}).answered()
    await here.reads("leo", CLOSED)
    assert asked.buttons != []


async def test_a_scale_stands_in_one_row(here: Town) -> None:
    """One to five are read as one thing; heard by themselves they say what they are of."""
    met = await here.reads("uma", "Did you and Val meet")
    here["uma"].presses(met, "We met")
    asked = await here.reads("uma", "how was it with")
    assert asked.buttons[0] == ["1", "2", "3", "4", "5"]
    [scale, *_] = [each for each in asked.blocks if each["type"] == "actions"]
    assert all(each["accessibility_label"] for each in scale["elements"])
    here["uma"].presses(asked, "4")
    await here.reads("uma", "✓ 4")


# Boxes


async def test_boxes_ticked_faster_than_they_are_redrawn_all_count(here: Town) -> None:
    """Twenty people stand in three groups; a redrawing takes no tick away, nor does Done miss one.

    What was unticked again is not meant.
    """
    dana = here["dana"]
    await here.asks("dana", "announce", "What would you like to tell them?")
    await dana_says(here, "We meet on Friday.")
    asked = await here.reads("dana", "Ana Roe")
    groups = boxes(asked)
    assert [len(labels) for _, labels in groups] == [10, 10]
    assert asked.buttons[-1] == ["None of these"]
    (first, one), (second, two) = groups
    dana.ticks(asked, one[:1], first)
    dana.ticks(asked, one[:3], first)
    dana.ticks(asked, two[-1:], second)
    dana.ticks(asked, one[1:3], first)
    await dana.sees(lambda each: each is asked and each.buttons[-1] == ["Done"], within=PATIENCE)
    await dana.presses(asked, "Done").answered()
    sure = await here.reads("dana", "It reaches 3 people")
    await closed(dana, asked)
    dana.presses(sure, "Don't send")
    await here.reads("dana", "Nothing was sent.")


async def dana_says(here: Town, words: str) -> None:
    """Have her write an announcement, to people she chooses."""
    here["dana"].types(words)
    here["dana"].presses(await here.reads("dana", "To whom?"), "People I choose")


async def test_boxes_that_are_all_unticked_end_as_none(here: Town) -> None:
    """The last button says what it would confirm, and follows the boxes."""
    ida = here["ida"]
    asked = await here.asks("ida", "book", "Which of these would suit you?")
    [(name, labels)] = boxes(asked)
    ida.ticks(asked, labels[:1], name)
    await ida.sees(lambda each: each is asked and each.buttons[-1] == ["Done"], within=PATIENCE)
    assert ticked(asked) == 1
    ida.ticks(asked, [], name)
    await ida.sees(
        lambda each: each is asked and each.buttons[-1] == ["None of these"], within=PATIENCE
    )
    assert ticked(asked) == 0


async def test_a_manager_reads_before_it_goes_out_that_it_comes_in_several(here: Town) -> None:
    """What a manager may write in Slack is more than Slack shows in one message."""
    dana = here["dana"]
    await here.asks("dana", "announce", "What would you like to tell them?")
    to_whom = await here.asks("dana", "We meet on Friday. " * 650, "To whom?")
    dana.presses(to_whom, "People I choose")
    asked = await dana.sees(lambda each: "Ana Roe" in each.words and boxes(each), within=PATIENCE)
    dana.ticks(asked, boxes(asked)[0][1][:1], boxes(asked)[0][0])
    await dana.sees(lambda each: each is asked and each.buttons[-1] == ["Done"], within=PATIENCE)
    await dana.presses(asked, "Done").answered()
    sure = await here.reads("dana", "It reaches 1 person, outside their quiet hours: 1 in Slack.")
    said = "In Slack it is too long for one message and comes in 5. The next begins: “We meet"
    assert said in sure.words
    dana.presses(sure, "Don't send")
    await here.reads("dana", "Nothing was sent.")


# The window


async def test_a_long_answer_is_written_in_a_window(here: Town) -> None:
    """It shows what is asked, and is sent as it was written; the chat shows that it was."""
    gil = here["gil"]
    asked = await here.asks("gil", "goals", "You have not written down any goals")
    gil.presses(asked, "Write one")
    asked = await here.reads("gil", FIRST_GOAL)
    await gil.presses(asked, "Write in a window").answered()
    view = await gil.sees_view(FIRST_GOAL, within=PATIENCE)
    await gil.submits(view, {"Your words": "To ask\n\nfor what I need"})
    assert gil.views == []
    await here.reads("gil", "Is there a second one?")
    goals = "SELECT words FROM goal JOIN person ON person.id = person_id WHERE key = 'gil'"
    assert here.process.rows(goals) == [("To ask\n\nfor what I need",)]
    await closed(gil, asked)
    assert asked.words.endswith("✓ To ask\n\nfor what I need")


async def test_a_window_answers_only_what_it_was_opened_for(here: Town) -> None:
    """It stood open while the question was answered in the chat: nothing changes."""
    gil = here["gil"]
    asked = await here.reads("gil", "Is there a second one?")
    gil.presses(asked, "Write in a window")
    view = await gil.sees_view("Is there a second one?", within=PATIENCE)
    gil.presses(asked, "That's it")
    await here.reads("gil", "Kept, for you alone.")
    await gil.submits(view, {"Your words": "too late"})
    await here.reads("gil", CLOSED)
    assert here.process.rows("SELECT id FROM goal WHERE words = 'too late'") == []


async def test_a_window_that_opens_too_late_leaves_the_chat(here: Town) -> None:
    """Slack gives three seconds; behind that the words are typed where they were asked for."""
    ned = here["ned"]
    asked = await here.asks("ned", "goals", "You have not written down any goals")
    ned.presses(asked, "Write one")
    asked = await here.reads("ned", "Is there something you would like to get better at")
    here.api.trigger_life = -1.0
    before = len(here.process.said())
    try:
        await ned.presses(asked, "Write in a window").answered()
        said = await here.process.says_in_time("a window could not be opened", before)
    finally:
        here.api.trigger_life = 3.0
    assert "expired_trigger_id" in said
    assert ned.views == []
    ned.types("listening")
    await here.reads("ned", "Is there a second one?")


# The command


@pytest.mark.parametrize("where", ["a channel", "the chat"])
async def test_a_command_is_answered_in_our_own_conversation(here: Town, where: str) -> None:
    """A line for their eyes only says so: what it shows is nobody else's."""
    room = here.river.channel("general", here["kim"]) if where == "a channel" else None
    before = len(here["kim"].screen)
    told = await here["kim"].commands("/comentor", "what can they see", room).answered()
    assert told == {"response_type": "ephemeral", "text": ELSEWHERE}
    await here.reads("kim", "Only you: your goals", before)
    if room is not None:
        said = [each for each in room.channel.messages.values() if each.by_bot]
        assert {each.only_for for each in said} <= {here["kim"].id}


async def test_a_command_without_words_is_a_cry_for_help(here: Town) -> None:
    """Who does not know what to ask is shown what there is."""
    told = await here["leo"].commands("/comentor").answered()
    assert told["text"] == ELSEWHERE
    await here.reads("leo", HELP)


# App Home


async def test_a_page_is_drawn_once_it_is_looked_at(here: Town) -> None:
    """Theirs alone, with what they can ask for; nobody has one who never looked."""
    assert here["jon"].home is None
    here["jon"].opens_home()
    page = await here["jon"].sees_home("You and Ida", within=PATIENCE)
    assert "No meeting in the diary yet." in page.words
    here["cleo"].opens_home()
    assert "Your pairs" in (await here["cleo"].sees_home("Your pairs", within=PATIENCE)).words
    assert here["ben"].home is None


async def test_a_button_of_the_page_is_answered_in_the_chat(here: Town) -> None:
    """The page is quiet; what was asked for comes where it can be answered."""
    page = await here["jon"].sees_home("You and Ida")
    before = len(here["jon"].screen)
    await here["jon"].presses(page, "Time zone, quiet hours and language").answered()
    await here.reads("jon", SETTINGS, before)


async def test_the_other_tab_draws_nothing(here: Town) -> None:
    """Who opens the conversation did not ask for the page."""
    await here["val"].opens_home("messages").answered()
    await here.quiet()
    assert here["val"].home is None


async def test_a_page_follows_a_goal(here: Town) -> None:
    """Also one that was typed while the page stood open."""
    tia = here["tia"]
    tia.opens_home()
    await tia.sees_home(NO_GOALS, within=PATIENCE)
    here["tia"].presses(await here.asks("tia", "goals", "You have not written"), "Write one")
    await here.reads("tia", "get better at yourself")
    tia.types("fewer words")
    await tia.sees_home("fewer words", within=PATIENCE)


async def test_a_page_follows_a_goal_that_is_said_differently_or_done(here: Town) -> None:
    """What is not theirs to read any more is not left standing there."""
    tia = here["tia"]
    for label, words in (("Say it differently", "even fewer words"), ("It's done", NO_GOALS)):
        before = len(tia.screen)
        await here.asks("tia", "goals", "Your goals, which only you can see")
        chosen = await here.reads("tia", "Would you like to change one?", before)
        tia.presses(chosen, "fewer words")
        tia.presses(await tia.sees(offers(label), within=PATIENCE), label)
        if label == "Say it differently":
            await here.reads("tia", "How would you put it now?")
            tia.types(words)
        await tia.sees_home(words, within=PATIENCE)


async def test_a_page_follows_a_pause_of_either(here: Town) -> None:
    """The partner's page says until when, and nothing of why."""
    pia, ron = here["pia"], here["ron"]
    pia.opens_home()
    ron.opens_home()
    await pia.sees_home("You and Ron", within=PATIENCE)
    await ron.sees_home("You and Pia", within=PATIENCE)
    pia.presses(await here.asks("pia", "pause", PAUSE), "One week")
    await pia.sees_home("You are on a break until", within=PATIENCE)
    await ron.sees_home("Pia is on a break until", within=PATIENCE)
    await here.asks("pia", "I'm back", "")
    await pia.sees_home("You and Ron", within=PATIENCE)
    await here.api.state.until(
        lambda: "on a break" not in ron.home.words + pia.home.words or None,  # type: ignore[union-attr]
        PATIENCE,
    )


async def test_a_page_follows_the_diary(here: Town) -> None:
    """Both partners' do, when a meeting is called off and when one is booked."""
    sam, tia = here["sam"], here["tia"]
    sam.opens_home()
    page = await sam.sees_home("You and Tia", within=PATIENCE)
    assert "No meeting" not in page.words
    asked = await here.asks("sam", "meetings", "Your next meeting with Tia")
    sam.presses(asked, asked.buttons[0][0])
    sam.presses(await sam.sees(offers("Call it off"), within=PATIENCE), "Call it off")
    sam.presses(await here.reads("sam", "It could also be moved."), "Call it off")
    await sam.sees_home("No meeting in the diary yet.", within=PATIENCE)
    await tia.sees_home("No meeting in the diary yet.", within=PATIENCE)
    for who, words in ((sam, "is called off"), (tia, "had to call off")):
        await who.sees(words, within=PATIENCE)
        await who.sees(lambda each: bool(each.file_names), within=PATIENCE)
    files = [each["content"] for each in here.river.files.values()]
    assert len(files) == 2
    assert all(b"METHOD:CANCEL" in each for each in files)


async def test_a_page_follows_a_booking(here: Town) -> None:
    """She offers times, he takes one: both pages have it."""
    ida, jon = here["ida"], here["jon"]
    ida.opens_home()
    await ida.sees_home("No meeting in the diary yet.", within=PATIENCE)
    asked = await here.reads("ida", "Which of these would suit you?")
    [(name, labels)] = boxes(asked)
    ida.ticks(asked, labels[:1], name)
    ida.presses(asked, asked.buttons[-1][0])
    asked = await here.reads("jon", labels[0])
    for name, offered in boxes(asked):
        jon.ticks(asked, offered, name)
    jon.presses(asked, asked.buttons[-1 if boxes(asked) else 0][0])
    day = labels[0].partition(",")[0]
    await ida.sees_home(day, within=PATIENCE)
    await jon.sees_home(day, within=PATIENCE)


def offers(label: str) -> Any:
    """Give what holds of a message with such a button."""
    return lambda each: any(label in row for row in each.buttons)


async def test_a_page_shows_words_as_they_were_typed(here: Town) -> None:
    """They come from another app, where none of these signs means anything."""
    page = await here["pia"].sees_home("You and Ron", within=PATIENCE)
    assert SHOWS in page.words
    assert kinds_of(page.blocks) <= {
        *("rich_text", "rich_text_section", "text", "divider", "actions", "button", "plain_text")
    }


def kinds_of(shown: Any) -> set[str]:
    """Give the type of every block and element inside."""
    if isinstance(shown, list):
        return {kind for each in shown for kind in kinds_of(each)}
    if not isinstance(shown, dict):
        return set()
    mine = {str(shown["type"])} if "type" in shown else set()
    return mine | kinds_of(list(shown.values()))


# Those who are not in the programme, and what nobody said to us


async def test_a_stranger_is_greeted_once_a_day(here: Town) -> None:
    """One kind line, however often they write; whether a guest or not."""
    for name, is_guest in (("Zoe", False), ("Yan", True)):
        stranger = here.river.person(name, is_restricted=is_guest)
        stranger.types("hello?")
        await stranger.sees(STRANGER, within=PATIENCE)
        stranger.types("help")
        stranger.uploads()
        await stranger.commands("/comentor", "help").answered()
        await here.quiet()
        said = [each.words for each in stranger.screen if each.only_for is None]
        assert len(said) == 1


async def test_a_strangers_page_says_so_too(here: Town) -> None:
    """Once a day; there is nothing on it to press."""
    stranger = here.river.person("Xia")
    stranger.opens_home()
    page = await stranger.sees_home(STRANGER, within=PATIENCE)
    assert page.buttons == []
    drawn = here.api.counts.requests["views.publish"]
    await stranger.opens_home().answered()
    await here.asks("kim", "help", HELP)
    assert here.api.counts.requests["views.publish"] == drawn
    assert stranger.screen == []


async def test_a_stranger_who_presses_gets_nothing(here: Town) -> None:
    """They can only have made it up."""
    asked = await here.asks("kim", "settings", SETTINGS)
    stranger = here.river.person("Wim")
    await stranger.presses(asked, "Leave it").answered()
    await here.quiet()
    assert asked.buttons != []
    assert stranger.screen == []


async def test_a_guest_of_ours_is_one_of_ours(here: Town) -> None:
    """Slack marks people of another organisation so; whoever was invited was invited."""
    here["val"].is_restricted = True
    await here.asks("val", "help", HELP)


async def test_nothing_said_in_a_channel_is_kept(here: Town) -> None:
    """Nor what is said in one that two organisations share: it was not said to us."""
    stranger = here.river.person("Pim", is_stranger=True, home_team="T0ELSEWHERE")
    room = here.river.channel("shared", here["leo"], stranger, shared=True)
    before = kept_of(here, here["leo"])
    await room.hears(here["leo"], "something private").answered()
    await room.hears(stranger, "something private").answered()
    await here.quiet()
    assert kept_of(here, here["leo"]) == before
    assert kept_of(here, stranger) == []
    assert [each for each in room.channel.messages.values() if each.by_bot] == []


async def test_somebody_of_another_organisation_is_told_so_and_not_listened_to(here: Town) -> None:
    """In a conversation that two organisations share: one line a day, and no word of theirs."""
    stranger = here.river.person("Tom", is_stranger=True, home_team="T0ELSEWHERE")
    for _ in range(2):
        stranger.sends({"text": "something private", "user_team": "T0ELSEWHERE"})
    await stranger.sees(OUTSIDER, within=PATIENCE)
    await here.quiet()
    assert kept_of(here, stranger) == []
    assert len(stranger.screen) == 1


async def test_a_command_from_another_organisation_is_answered_there_alone(here: Town) -> None:
    """Its people are not ours, whatever their ids are."""
    double = here.harbour.person("Double")
    payload = payloads.command(double, double.dm, {"command": "/comentor", "text": "private"})
    told = here.river.tells("slash_commands", payload)
    answer = await told.answered()
    assert OUTSIDER in answer["text"]
    await here.quiet()
    assert kept_of(here, double) == []


async def test_bots_are_not_talked_with(here: Town) -> None:
    """Nor do we hear ourselves: two that answer each other never end."""
    eve = here["eve"]
    before = kept_of(here, eve)
    place = {"type": "message", "channel": eve.dm.id, "channel_type": "im", "text": "private"}
    ours = {"user": here.river.bot_user, "bot_id": here.river.bot_id, "app_id": here.river.app.id}
    other = {"user": eve.id, "bot_id": "B000OTHER", "subtype": "bot_message"}
    for by in (ours, other):
        await here.river.happens(place | by | {"ts": here.api.state.ts()}).answered()
    room = here.river.channel("bots", eve)
    await here.river.a_bot_posts(room, "private").answered()
    await here.quiet()
    assert kept_of(here, eve) == before
    assert len(eve.screen) == 1


async def test_what_nobody_asked_for_is_let_go(here: Town) -> None:
    """Somebody ticked more events than the manifest has."""
    before = here.process.rows("SELECT count(*) FROM arrival")
    user = {"id": "U1", "name": "private"}
    await here.river.happens({"type": "team_join", "user": user}).answered()
    await here["eve"].changes(real_name="Eve the Great").answered()
    assert here.process.rows("SELECT count(*) FROM arrival") == before


async def test_what_cannot_be_read_is_kept_and_stepped_over(here: Town) -> None:
    """Slack may change what we know of it; a later comentor may read it."""
    strange = {"type": "message", "channel_type": "im", "user": "U1", "text": ["private"]}
    await here.river.happens(strange).answered()
    await here.asks("kim", "help", HELP)
    await here.quiet()
    [(kind, fault)] = here.process.rows("SELECT kind, fault FROM arrival WHERE fault IS NOT NULL")
    assert kind == "unreadable"
    assert "Unreadable: text is not as expected" in fault


async def test_nothing_else_of_all_this_went_wrong(here: Town) -> None:
    """No other turn failed, and nothing that anybody wrote stands in the log."""
    failed = "SELECT kind FROM arrival WHERE fault IS NOT NULL"
    assert here.process.rows(failed) == [("unreadable",)]
    said = here.process.said()
    assert "Traceback" not in said
    assert "private" not in said
    assert here.api.seed not in said
