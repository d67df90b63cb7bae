"""A turn happens once and whole, whatever comes between; a question closes as it should."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from psycopg.errors import DeadlockDetected
from sqlalchemy import Connection, update
from sqlalchemy.exc import OperationalError

from bot import engine
from bot.arrivals import run_again
from bot.platforms import Event
from bot.store import tables
from bot.store.database import session_on
from bot.telling import About, begin
from tests.crashes import (
    TABLES,
    Killed,
    OurFault,
    all_there_is,
    failing_at,
    number_on_from_here,
    undone,
)
from tests.world import MONDAY, World

Scene = Callable[[World], None]


# What is about to happen in each of the scenes


def ana_comes_back(world: World) -> None:
    """A conversation is to begin."""
    world.come("Ana")
    world.press("Ana", "No, thank you")
    world.receive(world.event("Ana", "typed", text="start"))


def ben_settles_three_meetings(world: World) -> None:
    """Three meetings, three files for each of two; what else asked for dates is needless."""
    world.join("Ana", "Ben")
    world.agree()
    world.type("Ana", "1, 4, 7")
    world.receive(world.event("Ben", "typed", text="1, 2, 3"))


def the_pair_has_just_begun(world: World) -> None:
    """Two hours on they read about each other, and one of them is asked to agree."""
    world.join("Ana", "Ben")
    world.now += timedelta(hours=2)


def both_are_shown_what_would_be_sent(world: World) -> None:
    """Four weeks without a first meeting: a ping, two conversations, two openings."""
    world.join("Ana", "Ben", "Cleo")
    world.go_to(MONDAY + timedelta(days=25) - timedelta(seconds=1))
    world.now += timedelta(seconds=1)


def ana_stops(world: World) -> None:
    """What waits for her is called back, and Ben is told."""
    world.join("Ana", "Ben")
    world.type("Ana", "stop")
    world.receive(world.event("Ana", "pressed", data=world.button("Ana", "Stop").data))


SCENES = (
    ana_comes_back,
    ben_settles_three_meetings,
    the_pair_has_just_begun,
    both_are_shown_what_would_be_sent,
    ana_stops,
)


def take_turns(world: World, connection: Connection) -> None:
    """Take whatever waits, as a worker does."""
    with session_on(connection) as session:
        engine.take_arrivals(session, world.setup, world.now)
        engine.run_due(session, world.setup, world.now)
        session.flush()


def undisturbed(world: World) -> tuple[dict[str, list[str]], int]:
    """Give what the turns come to, and in how many statements; nothing of it is kept."""
    with undone(world.store) as connection, failing_at(world.store, 0, Killed()) as reached:
        number_on_from_here(connection)
        reached.clear()
        take_turns(world, connection)
        return all_there_is(connection), len(reached) - len(TABLES)


def now_there(world: World) -> dict[str, list[str]]:
    """Give what is committed."""
    with world.store.engine.connect() as connection:
        return all_there_is(connection)


@pytest.mark.parametrize("scene", SCENES)
def test_a_process_killed_at_any_statement_loses_nothing_and_does_nothing_twice(
    world: World, scene: Scene
) -> None:
    """What it had done is undone as a whole; the next life does all of it, once."""
    scene(world)
    before = now_there(world)
    after, needed = undisturbed(world)
    assert after != before
    assert needed > 10
    for place in range(1, needed + 1):
        with (
            pytest.raises(Killed),
            world.store.engine.begin() as connection,
            failing_at(world.store, place, Killed()),
        ):
            take_turns(world, connection)
        # What comes of it now is the same only if nothing at all was left behind.
        again, _ = undisturbed(world)
        assert again == after, f"killed at statement {place}"
    assert now_there(world) == before


@pytest.mark.usefixtures("expect_faults")
@pytest.mark.parametrize("scene", SCENES[1:4])
def test_a_fault_at_any_statement_is_undone_and_can_be_run_again(
    world: World, scene: Scene
) -> None:
    """They read one line more, that their words are kept; all else is as if nothing had been."""
    scene(world)
    expected, needed = undisturbed(world)
    most = 0
    for place in range(1, needed + 1):
        with undone(world.store) as connection:
            number_on_from_here(connection)
            kept = _with_a_fault(world, connection, place)
            most = max(most, kept)
            number_on_from_here(connection)
            with session_on(connection) as session:
                assert run_again(session) == kept
            take_turns(world, connection)
            found = all_there_is(connection)
        assert _without_apology(found) == _without_apology(expected), (
            f"a fault at statement {place}"
        )
    assert most == 1


@pytest.mark.parametrize("scene", SCENES[1:4])
def test_what_passes_is_no_fault(world: World, scene: Scene) -> None:
    """A deadlock undoes the pass, which is taken again: nobody reads that something went wrong."""
    scene(world)
    after, needed = undisturbed(world)
    deadlock = OperationalError("UPDATE pair", {}, DeadlockDetected())
    for place in range(1, needed + 1):
        with (
            pytest.raises(OperationalError),
            world.store.engine.begin() as connection,
            failing_at(world.store, place, deadlock),
        ):
            take_turns(world, connection)
    again, _ = undisturbed(world)
    assert again == after


def _with_a_fault(world: World, connection: Connection, place: int) -> int:
    """Take the turns with a fault in them, and give how many were kept as failed."""
    with failing_at(world.store, place, OurFault("wrong")):
        try:
            with connection.begin_nested():
                take_turns(world, connection)
        except OurFault:
            # It was not in a turn but round it: the whole pass is undone, and taken again.
            return 0
    found = all_there_is(connection)
    return sum(
        "OurFault" in row for name in ("arrival", "conversation", "pair") for row in found[name]
    )


def _without_apology(found: dict[str, list[str]]) -> dict[str, list[str]]:
    messages = [
        re.sub(r"'id': \d+, ", "", row) for row in found["message"] if "words_kept" not in row
    ]
    return {**found, "message": messages}


def test_turns_taken_twice_do_nothing_the_second_time(world: World) -> None:
    """A worker that comes late finds nothing left."""
    ben_settles_three_meetings(world)
    with world.store.engine.begin() as connection:
        take_turns(world, connection)
    once = now_there(world)
    with world.store.engine.begin() as connection:
        take_turns(world, connection)
    assert now_there(world) == once
    assert len(world.rows(tables.Meeting)) == 3


# Code and journal disagree


def rewrite_journal(world: World, wrong: str, right: str) -> None:
    """Change a key in the journals, as if the code had changed instead."""
    entry = tables.JournalEntry
    with world.store.transaction() as session:
        session.execute(update(entry).where(entry.key == wrong).values(key=right))


@pytest.mark.usefixtures("expect_faults")
def test_a_journal_that_the_code_no_longer_writes_is_a_kept_fault(world: World) -> None:
    """Never a guess: their answer waits until somebody has looked."""
    world.come("Ana")
    key, changed = f"say what_is_kept {world.ids['Ana']}", "say something_else"
    rewrite_journal(world, key, changed)
    world.press("Ana", "Yes, I'd like to")
    (failed,) = world.rows(tables.Arrival, tables.Arrival.fault.is_not(None))
    assert failed.fault is not None
    assert "Diverged" in failed.fault
    assert world.person("Ana").welcomed_at is None
    assert world.got("Ana")[-1] == "words_kept"
    rewrite_journal(world, changed, key)
    with world.store.transaction() as session:
        run_again(session)
    world.settle()
    assert world.person("Ana").welcomed_at == MONDAY


@pytest.mark.usefixtures("expect_faults")
def test_a_due_conversation_that_diverged_is_stepped_over(world: World) -> None:
    """It is kept, the others go on, and the heartbeat does not come back to it."""
    world.come("Ana")
    world.join("Ben")
    world.type("Ben", "my goals")
    rewrite_journal(world, f"say why {world.ids['Ana']}", "say something_else")
    world.let_pass(days=30)
    (failed,) = world.rows(tables.Conversation, tables.Conversation.fault.is_not(None))
    assert failed.name == "welcome"
    assert failed.ended_at is None
    open_ones = tables.Conversation.ended_at.is_(None)
    assert [row.name for row in world.rows(tables.Conversation, open_ones)] == ["welcome"]


@pytest.mark.usefixtures("expect_faults")
def test_a_version_that_the_code_no_longer_has_is_a_kept_fault(world: World) -> None:
    """A release that drops one too early loses nothing."""
    world.come("Ana")
    with world.store.transaction() as session:
        session.execute(update(tables.Conversation).values(version=99))
    world.press("Ana", "Yes, I'd like to")
    (failed,) = world.rows(tables.Arrival, tables.Arrival.fault.is_not(None))
    assert "NoSuchConversation" in (failed.fault or "")


# Overtaken


def ask_goals(world: World, name: str = "Ana") -> int:
    """Begin a nudge with one question, open for five days; give the conversation's number."""
    with world.turn() as turn:
        return begin(turn, "set_goals", About(world.ids[name])).id


def question_of(world: World, conversation: int) -> tables.Question:
    """Give the only question of a conversation."""
    (row,) = world.rows(tables.Question, tables.Question.conversation_id == conversation)
    return row


def test_a_second_conversation_about_the_same_overtakes_the_first(world: World) -> None:
    """One open question about a thing; the old one closes and answers to nobody."""
    world.join("Ana")
    first = ask_goals(world)
    world.settle()
    second = ask_goals(world)
    world.settle()
    assert question_of(world, first).how == "overtaken"
    assert question_of(world, second).closed_at is None
    (ended,) = world.rows(tables.Conversation, tables.Conversation.id == first)
    assert (ended.ended_at, ended.wake_at) == (world.now, None)
    old = next(
        choice for part in world.parts("Ana")[1:] for choice in part.choices if "." in choice.data
    )
    world.press_data("Ana", old.data)
    assert world.got("Ana")[-1] == "old_button"


def test_a_conversation_about_something_else_overtakes_nothing(world: World) -> None:
    """Ana's goals are not Ben's, nor her check-in."""
    world.join("Ana", "Ben")
    first = ask_goals(world)
    ask_goals(world, "Ben")
    with world.turn() as turn:
        begin(turn, "check_in", About(world.ids["Ana"]))
    assert question_of(world, first).closed_at is None


def test_an_overtaken_question_that_nobody_has_read_is_called_back(world: World) -> None:
    """Of two that wait for Monday morning one arrives."""
    world.join("Ana")
    world.go_to(MONDAY + timedelta(days=4, hours=11))
    first = ask_goals(world)
    ask_goals(world)
    unread = world.messages("Ana", tables.Message.conversation_id == first)
    assert [(row.state, row.why) for row in unread] == [("dead", "overtaken")]
    world.let_pass(days=4)
    assert world.got("Ana").count("first_goal") == 1


# Lapsed


def test_what_was_read_and_not_answered_is_counted_once(world: World) -> None:
    """Five days later the question closes; what it was pushed for counts as ignored."""
    world.join("Ana")
    asked = ask_goals(world)
    world.let_pass(days=5, hours=-1)
    assert question_of(world, asked).closed_at is None
    world.let_pass(hours=1)
    assert question_of(world, asked).how == "lapsed"
    assert world.person("Ana").ignored == 1
    world.press("Ana", "Not now")
    assert world.got("Ana")[-1] == "old_button"
    assert world.person("Ana").ignored == 0


def test_what_they_asked_for_themselves_is_not_counted(world: World) -> None:
    """Somebody looked at their goals and put the phone away."""
    world.join("Ana")
    world.type("Ana", "my goals")
    world.let_pass(days=4)
    (question,) = world.rows(tables.Question, tables.Question.how == "lapsed")
    assert world.person("Ana").ignored == 0
    assert question.person_id == world.ids["Ana"]


def test_a_conversation_once_answered_is_not_counted(world: World) -> None:
    """They wrote one goal and left it at that."""
    world.join("Ana")
    ask_goals(world)
    world.settle()
    world.type("Ana", "to listen more")
    world.let_pass(days=6)
    assert world.person("Ana").ignored == 0


def test_what_could_not_reach_them_is_not_counted(world: World) -> None:
    """They blocked the bot: that is one answer, not several silences."""
    world.join("Ana")
    asked = ask_goals(world)
    world.arrive("Ana", "closed")
    world.let_pass(days=6)
    assert question_of(world, asked).how == "lapsed"
    assert world.person("Ana").ignored == 0


def test_an_answer_that_was_lost_counts_as_read(world: World) -> None:
    """It may have arrived; nobody is asked the same again."""
    world.join("Ana")
    world.phone.lose_answer("Ana")
    ask_goals(world)
    world.let_pass(days=6)
    assert world.person("Ana").ignored == 1


@pytest.mark.parametrize("days_of_outage", [1, 5.5])
def test_an_outage_answers_for_nobody(world: World, days_of_outage: float) -> None:
    """The question's time is counted from when it could be read, however long that took."""
    world.join("Ana")
    world.phone.down = True
    asked = ask_goals(world)
    world.let_pass(days=days_of_outage)
    assert question_of(world, asked).closed_at is None
    world.phone.down = False
    world.let_pass(days=3.1)  # the weekend
    (message,) = world.messages("Ana", tables.Message.conversation_id == asked)
    assert message.sent_at is not None
    world.go_to(message.sent_at + timedelta(days=5, hours=-1))
    assert question_of(world, asked).closed_at is None
    world.let_pass(hours=1)
    assert question_of(world, asked).how == "lapsed"
    assert world.person("Ana").ignored == 1


@pytest.mark.parametrize(("hours", "again"), [(4, 1), (24 * 30, 0)])
def test_after_an_outage_only_what_is_still_open_is_asked_again(
    world: World, hours: int, again: int
) -> None:
    """What ran out in it lapses, though the outage is told before anything else is done."""
    world.come("Ana")
    before = len(world.messages("Ana"))
    world.now += timedelta(hours=hours)
    world.receive(Event("telegram", "outage", "", "outage", {}))
    world.take()
    assert len(world.messages("Ana")) == before + again


def test_what_expires_in_an_outage_is_closed_and_not_counted(world: World) -> None:
    """What would you like from the meeting? cannot be asked after it."""
    world.join("Ana")
    world.phone.down = True
    with world.turn() as turn:
        asked = begin(
            turn, "set_goals", About(world.ids["Ana"], until=world.now + timedelta(days=2))
        ).id
    world.let_pass(days=2)
    assert question_of(world, asked).how == "lapsed"
    world.phone.down = False
    world.let_pass(days=2)
    assert "first_goal" not in world.got("Ana")
    assert world.person("Ana").ignored == 0


def test_what_was_read_late_still_ends_when_it_becomes_pointless(world: World) -> None:
    """Four days late, it has two left of its five."""
    world.join("Ana")
    world.phone.down = True
    with world.turn() as turn:
        until = world.now + timedelta(days=6)
        asked = begin(turn, "set_goals", About(world.ids["Ana"], until=until)).id
    world.let_pass(days=4, hours=-1)
    world.phone.down = False
    world.go_to(until - timedelta(hours=1))
    assert "first_goal" in world.got("Ana")
    assert question_of(world, asked).closed_at is None
    world.go_to(until)
    assert question_of(world, asked).how == "lapsed"


# Put off


def test_a_question_put_off_is_asked_again_tomorrow(world: World) -> None:
    """It reads the same, its buttons work, and its time is counted from then."""
    world.join("Ana")
    asked = ask_goals(world)
    world.settle()
    world.let_pass(days=1)
    world.type("Ana", "later")
    assert world.got("Ana")[-1] == "put_off"
    put_off = world.now
    world.let_pass(hours=23)
    assert world.got("Ana").count("first_goal") == 1
    world.let_pass(hours=1)
    assert world.got("Ana").count("first_goal") == 2
    world.go_to(put_off + timedelta(days=6, hours=-1))
    assert question_of(world, asked).closed_at is None
    world.press("Ana", "Not now")
    assert question_of(world, asked).how == "answered"


def test_a_question_put_off_and_then_left_lapses(world: World) -> None:
    """Its five days run from the second asking."""
    world.join("Ana")
    asked = ask_goals(world)
    world.settle()
    world.type("Ana", "later")
    world.let_pass(days=6, hours=-1)
    assert question_of(world, asked).closed_at is None
    world.let_pass(hours=1)
    assert question_of(world, asked).how == "lapsed"


def test_a_question_put_off_on_a_friday_waits_for_monday(world: World) -> None:
    """Tomorrow is a quiet day."""
    world.join("Ana")
    world.go_to(MONDAY + timedelta(days=4))
    ask_goals(world)
    world.settle()
    world.type("Ana", "later")
    friday = world.now
    world.let_pass(days=2)
    assert world.got("Ana", friday + timedelta(seconds=1)) == []
    world.let_pass(days=1)
    assert world.got("Ana", friday + timedelta(seconds=1)) == ["first_goal"]


def test_a_question_put_off_can_be_answered_before_it_comes_again(world: World) -> None:
    """Then it does not come again."""
    world.join("Ana")
    ask_goals(world)
    world.settle()
    world.type("Ana", "later")
    world.type("Ana", "to listen more")
    assert world.got("Ana")[-1] == "second_goal"
    world.let_pass(days=2)
    assert world.got("Ana").count("first_goal") == 1


def test_putting_off_twice_on_one_day_asks_once(world: World) -> None:
    """An impatient second word is no second wish."""
    world.join("Ana")
    ask_goals(world)
    world.settle()
    for _ in range(2):
        world.type("Ana", "later")
        world.let_pass(minutes=1)
    world.let_pass(days=1)
    assert world.got("Ana").count("first_goal") == 2


def test_a_question_can_be_put_off_again_and_again(world: World) -> None:
    """Each time until the next day, and each time its five days begin anew."""
    world.join("Ana")
    asked = ask_goals(world)
    world.settle()
    for _ in range(3):
        world.type("Ana", "later")
        world.let_pass(days=1)
    assert world.got("Ana").count("first_goal") == 4
    world.let_pass(days=5, hours=-1)
    assert question_of(world, asked).closed_at is None
    world.let_pass(hours=1)
    assert question_of(world, asked).how == "lapsed"
