"""A call for help: whom it reaches, what its words are told, and where they do not go."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.cohort import PairRow
from bot.cohort.enrol import plan_import
from bot.settings import Programme
from bot.store import tables
from bot.store.database import Store
from bot.telling import About, begin
from bot.turn import Setup
from tests.world import COHORT, PEOPLE, World, somebody


def ask_for_help(world: World, name: str, words: str) -> None:
    """Let somebody ask for a person."""
    world.type(name, "I need a person")
    world.type(name, words)
    world.press(name, "Send it now")


def calls_read_by(world: World, name: str) -> list[str]:
    """Give the words of the calls for help that reached somebody."""
    lines = {row.id: row.line for row in world.messages(name)}
    mine = (each for each in world.phone.received if each.name == name)
    calls = (each for each in mine if lines[each.parts[0].message] == "help_asked_words")
    return [each.text.splitlines()[-1] for each in calls]


def begin_another_pair(world: World) -> None:
    """Let Ben begin with Gus as well, whom Hal supervises."""
    gus = somebody("Gus Neu", "mentee", "telegram", "Europe/Madrid")
    hal = somebody("Hal Sup", "supervisor", "slack", "Europe/London")
    pair = PairRow("p3", "mentoring", "gus", "ben", "hal")
    file = replace(COHORT, people=(*PEOPLE, gus, hal), pairs=(*COHORT.pairs, pair))
    with world.store.transaction() as session:
        plan_import(session, file, "cohort.csv", 2).carry_out(session, world.now)
    for row in world.rows(tables.Person):
        world.ids[row.first_name], world.roles[row.first_name] = row.id, row.role
        world.platforms[row.first_name] = row.platform
    world.join("Hal", "Gus")


def test_words_of_help_do_not_go_to_the_supervisor_of_a_later_pair(world: World) -> None:
    """What Ben wrote of Ana in March is nothing for Hal in May, nor for Gus to know of."""
    world.join("Ana", "Ben", "Cleo")
    ask_for_help(world, "Ben", "Ana frightens me.")
    assert calls_read_by(world, "Cleo") == ["Ana frightens me."]
    world.let_pass(days=60)
    begin_another_pair(world)
    assert calls_read_by(world, "Hal") == []
    world.type("Gus", "who knows")
    assert world.replied("Gus")[0] == "never_sent"
    world.let_pass(days=31)
    assert "never_met_supervisor" in world.got("Hal")
    told = next(part for part in world.parts("Hal") if part.choices)
    assert "Nobody has asked for help." in "".join(run.text for run in told.runs)


def test_a_call_reaches_each_supervisor_of_the_pairs_under_way(world: World) -> None:
    """Ben is in two pairs; both supervisors read his words, once."""
    world.join("Ana", "Ben", "Cleo")
    begin_another_pair(world)
    ask_for_help(world, "Ben", "Please call me.")
    assert calls_read_by(world, "Cleo") == calls_read_by(world, "Hal") == ["Please call me."]


def test_a_supervisor_of_two_pairs_reads_a_call_once(store: Store, setup: Setup) -> None:
    """Cleo watches over both pairs that Ben is one of."""
    pairs = (
        PairRow("p1", "mentoring", "ana", "ben", "cleo"),
        PairRow("p2", "mentoring", "eve", "ben", "cleo"),
    )
    world = World(store, setup, replace(COHORT, pairs=pairs))
    world.join("Ana", "Ben", "Eve", "Cleo")
    ask_for_help(world, "Ben", "Please call me.")
    assert calls_read_by(world, "Cleo") == ["Please call me."]


def test_a_pair_that_has_ended_passes_nothing_on(world: World) -> None:
    """Cleo has nothing to do with them any more; Ana is told that nothing went out."""
    world.join("Ana", "Ben", "Cleo")
    with world.store.transaction() as session:
        session.get_one(tables.Pair, 1).ended_at = world.now
    ask_for_help(world, "Ana", "Please call me.")
    assert calls_read_by(world, "Cleo") == []
    assert world.replied("Ana")[0] == "no_supervisor"


def test_a_call_that_was_dealt_with_leaves_the_next_one_on_the_list(world: World) -> None:
    """Each is answered for itself."""
    world.join("Ana", "Ben", "Cleo")
    for words in ("Please call me.", "And again."):
        ask_for_help(world, "Ana", words)
        world.type("Cleo", "my pairs")
        assert "help was asked for" in world.read("Cleo")
        world.press("Cleo", "Resolved")
        world.type("Cleo", "my pairs")
        assert "help was asked for" not in world.read("Cleo")
    assert calls_read_by(world, "Cleo") == ["Please call me.", "And again."]


def test_help_waits_for_neither_a_pause_nor_a_ping_of_yesterday(world: World) -> None:
    """Who asks for a human being waits for no limit and no rest."""
    world.join("Ana", "Ben", "Cleo")
    world.type("Ben", "pause")
    world.press("Ben", "Two weeks")
    for words in ("Please call me.", "Did you read this?"):
        ask_for_help(world, "Ana", words)
    assert calls_read_by(world, "Cleo") == ["Please call me.", "Did you read this?"]


def test_who_asked_hears_of_each_answer_and_the_list_keeps_it_until_it_is_resolved(
    world: World,
) -> None:
    """`I'll get in touch` is a word to Ana, and not yet the end of it."""
    world.join("Ana", "Ben", "Cleo")
    ask_for_help(world, "Ana", "Please call me.")
    heard = len(world.got("Ben"))
    world.press("Cleo", "I'll get in touch")
    assert world.read("Ana") == "Cleo has read your words and will get in touch with you."
    world.let_pass(days=3)
    world.type("Cleo", "my pairs")
    assert "help was asked for" in world.read("Cleo")
    world.press("Cleo", "I have been in touch")
    assert "help_answer_have" in world.got("Ana")
    world.press("Cleo", "Resolved")
    assert "help_answer_resolved" in world.got("Ana")
    world.type("Cleo", "my pairs")
    assert "help was asked for" not in world.read("Cleo")
    assert not [line for line in world.got("Ben")[heard:] if line.startswith("help_answer")]


def test_a_supervisor_is_reminded_once_of_a_call_that_is_not_answered(world: World) -> None:
    """Asked on a Friday it comes again on Monday, and can still be answered weeks later."""
    world.join("Ana", "Ben", "Cleo")
    world.let_pass(days=4)
    assert world.now.weekday() == 4
    ask_for_help(world, "Ana", "Please call me.")
    world.let_pass(days=20)
    lines = {row.id: row.line for row in world.messages("Cleo")}
    came = [
        (each.at.weekday(), lines[part.message])
        for each in world.phone.received
        for part in each.parts
        if each.name == "Cleo" and lines[part.message].startswith("help_")
    ]
    assert came == [(4, "help_asked_words"), (0, "help_still_waits")]
    world.press("Cleo", "Resolved")
    assert "help_answer_resolved" in world.got("Ana")


# Said while something else was being asked


def ask_to_reflect(world: World, name: str) -> None:
    """Let a reflective question reach somebody as what the clock brings does."""
    with world.turn() as turn:
        begin(turn, "reflect", About(world.ids[name], 1, subject="due"))
    world.settle()
    assert world.got(name)[-1] == "reflection"


def test_a_cry_for_help_is_not_the_answer_to_what_was_asked_meanwhile(world: World) -> None:
    """Ben asked for a person; a question of the week was on its way. His words are for Cleo."""
    world.join("Ana", "Ben", "Cleo")
    world.type("Ben", "I need a person")
    world.now += timedelta(minutes=2)
    ask_to_reflect(world, "Ben")
    world.now += timedelta(minutes=1)
    world.type("Ben", "I cannot go on, call me.")
    assert world.replied("Ben")[0] == "send_these_words"
    world.press("Ben", "Send it now")
    assert calls_read_by(world, "Cleo") == ["I cannot go on, call me."]
    world.type("Ben", "To listen more.")
    assert world.replied("Ben")[0] == "keep_where"


def test_a_skip_is_for_what_their_own_word_led_to(world: World) -> None:
    """Ben would rather say nothing to Cleo; the other question stays open."""
    world.join("Ana", "Ben", "Cleo")
    world.type("Ben", "I need a person")
    ask_to_reflect(world, "Ben")
    world.type("Ben", "skip")
    world.type("Ben", "To listen more.")
    assert world.replied("Ben")[0] == "keep_where"


def test_what_was_asked_an_hour_ago_waits_no_longer_for_their_words(world: World) -> None:
    """Ben has gone on to something else; the newest question is what he has before him."""
    world.join("Ana", "Ben", "Cleo")
    world.type("Ben", "I need a person")
    world.now += timedelta(hours=1)
    ask_to_reflect(world, "Ben")
    world.type("Ben", "To listen more.")
    assert world.replied("Ben")[0] == "keep_where"


# Nobody there to be told


def test_somebody_in_need_reads_when_the_supervisor_has_not_joined(world: World) -> None:
    """Nothing was sent, so nothing is said to have been; nor is it sent when Cleo does join."""
    world.join("Ana", "Ben")
    ask_for_help(world, "Ana", "Please call me.")
    line, text = world.replied("Ana")
    assert line == "no_supervisor"
    assert "nothing was sent" in text
    world.join("Cleo")
    world.let_pass(days=3)
    assert calls_read_by(world, "Cleo") == []
    assert world.rows(tables.Ping) == []


def test_somebody_in_need_reads_when_the_supervisor_cannot_be_reached(world: World) -> None:
    """Cleo has blocked the bot; when she is back, the next call reaches her."""
    world.join("Ana", "Ben", "Cleo")
    world.arrive("Cleo", "closed")
    ask_for_help(world, "Ana", "Please call me.")
    assert world.replied("Ana")[0] == "no_supervisor"
    world.type("Cleo", "help")
    ask_for_help(world, "Ana", "Me again.")
    assert world.replied("Ana")[0] == "help_is_told"
    assert calls_read_by(world, "Cleo") == ["Me again."]


def test_the_numbers_stand_where_nobody_could_be_told(store: Store, setup: Setup) -> None:
    """Whoever is told that nothing was sent reads in the same message whom to ring."""
    programme = Programme(helplines=("Ring 0800 1111",))
    world = World(store, Setup(setup.words, programme))
    world.join("Ana", "Ben")
    ask_for_help(world, "Ana", "Please call me.")
    assert "\nRing 0800 1111\n" in world.replied("Ana")[1]
