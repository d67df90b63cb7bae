"""Who may see what: the table is what the code does, and what nobody may see reaches nobody."""

from __future__ import annotations

import importlib
import pkgutil
from datetime import timedelta
from typing import Any, get_args, get_type_hints

import pytest

import conversations
from bot.deeds import find, perform
from bot.deeds.dispatch import NotKnown
from bot.roster import Roster
from bot.sight import guard_sight, relation_to
from bot.store import tables
from bot.telling import About, begin
from conversations.agree import Introductions, Lines
from conversations.asking import WatchedPairs, WhoSees
from conversations.commands import FOR_ROLES
from conversations.confidence import SEES, Matter, NotTheirs, Relation, seen_by
from conversations.goals import OpenGoals
from conversations.round_a_meeting import KeptForMeeting
from conversations.talk import Command, Lookup, result_of
from tests.world import World

MATTERS: tuple[Matter, ...] = get_args(Matter)
VIEWERS: dict[str, Relation | None] = {
    "Ana": "self",
    "Ben": "partner",
    "Cleo": "supervisor",
    "Dana": "manager",
    "Eve": None,
    "Fay": None,
}
"""How each stands to Ana."""


# The table


def test_everybody_stands_to_ana_as_the_cohort_says(world: World) -> None:
    """By the pairs and the roles in the database."""
    with world.store.transaction() as session:
        ids = world.ids
        found = {name: relation_to(Roster(session), ids[name], ids["Ana"]) for name in VIEWERS}
    assert found == VIEWERS


def test_a_partner_who_also_supervises_stands_closest_as_a_partner(world: World) -> None:
    """Fay supervises Ana's pair and is Eve's mentor: each relation is to one person."""
    pair = world.pair().id
    with world.store.transaction() as session:
        session.get_one(tables.Pair, pair).supervisor_id = world.ids["Fay"]
        session.flush()
        assert relation_to(Roster(session), world.ids["Fay"], world.ids["Ana"]) == "supervisor"
        assert relation_to(Roster(session), world.ids["Fay"], world.ids["Eve"]) == "partner"
        assert relation_to(Roster(session), world.ids["Cleo"], world.ids["Ana"]) is None


def test_a_manager_of_another_cohort_is_a_stranger(world: World) -> None:
    """Managing one programme opens no door in another."""
    with world.store.transaction() as session:
        other = tables.Cohort(name="Autumn 2026")
        session.add(other)
        session.flush()
        session.get_one(tables.Person, world.ids["Dana"]).cohort_id = other.id
        session.flush()
        assert relation_to(Roster(session), world.ids["Dana"], world.ids["Ana"]) is None


@pytest.mark.parametrize("matter", MATTERS)
def test_the_guard_obeys_the_table(world: World, matter: Matter) -> None:
    """For every relation, strangers too."""
    may = {name for name, relation in VIEWERS.items() if relation in SEES[matter]}
    assert {name for name in VIEWERS if is_let_pass(world, name, matter)} == may


def is_let_pass(world: World, viewer: str, matter: Matter) -> bool:
    """Whether somebody may see this of Ana's."""
    with world.store.transaction() as session:
        try:
            guard_sight(Roster(session), world.ids[viewer], world.ids["Ana"], matter)
        except NotTheirs:
            return False
    return True


def test_what_can_they_see_is_answered_from_the_same_table(world: World) -> None:
    """By name, each with what the guard would let pass and nothing else."""
    world.join("Ana")
    with world.turn("Ana") as turn:
        sights = find(WhoSees(world.ids["Ana"]), turn)
    assert [(sight.name, sight.relation, sight.sees) for sight in sights] == [
        ("Ben Walsh", "partner", seen_by("partner")),
        ("Cleo Martin", "supervisor", seen_by("supervisor")),
        ("Dana Okafor", "manager", seen_by("manager")),
    ]
    world.type("Ana", "what can they see?")
    text = world.read("Ana")
    assert "Cleo Martin, your supervisor, can see" in text
    assert "Eve" not in text


# The functions that read


def test_a_pair_reads_each_others_lines_and_nobody_elses(world: World) -> None:
    """Only what each let the other read."""
    world.change("Ana", lines="I paint.")
    world.change("Eve", lines="I run.")
    pair = world.pair().id
    with world.turn() as turn:
        assert find(Introductions(pair), turn) == Lines("I paint.", "")


def test_a_supervisor_reads_of_their_own_pairs_only(world: World) -> None:
    """Names, where it stands, which rules: nothing that anyone wrote. Ben has no pairs to watch."""
    world.join("Ana", "Ben", "Cleo")
    world.let_pass(days=22)
    with world.turn() as turn:
        watched = find(WatchedPairs(world.ids["Cleo"]), turn)
        assert [(each.names, each.standing, each.rules) for each in watched] == [
            ("Ana Ruiz & Ben Walsh", "amber", ("never_met",)),
            ("Eve Nowak & Fay Silva", "waiting", ()),
        ]
        for name in ("Ana", "Ben", "Dana", "Eve"):
            assert find(WatchedPairs(world.ids[name]), turn) == ()


def test_a_quiet_spell_is_the_pairs_own(world: World) -> None:
    """What only the pair has heard of is not in the supervisor's list."""
    world.join("Ana", "Ben", "Cleo")
    world.let_pass(days=12)
    assert "never_met_pair" in world.got("Ana")
    world.type("Cleo", "my pairs")
    assert "Ana Ruiz & Ben Walsh – all is well" in world.read("Cleo")


def test_goals_and_kept_words_are_read_for_their_owner_alone(world: World) -> None:
    """Whoever asks gets their own."""
    pair = world.pair().id
    with world.store.transaction() as session:
        session.add(tables.Goal(person_id=world.ids["Ana"], words="to rest", set_at=world.now))
        session.add(
            tables.Reflection(
                person_id=world.ids["Ana"],
                pair_id=pair,
                question="q",
                version=1,
                text="What would be enough?",
                at=world.now,
                kept="for_our_meeting",
                words="less",
            )
        )
    with world.turn() as turn:
        for name in world.ids:
            mine = ["to rest"] if name == "Ana" else []
            assert [goal.words for goal in find(OpenGoals(world.ids[name]), turn)] == mine
            kept = ("less",) if name == "Ana" else ()
            assert find(KeptForMeeting(world.ids[name], pair), turn) == kept


# What nobody may see

SECRETS = {
    "lines": "I grew up by the sea.",
    "goal": "to ask for what I need",
    "reworded": "to ask for what I want",
    "note": "a good week, for once",
    "thought": "I often say yes too soon",
    "hope": "that Ben talks less",
    "help": "nobody must know of this",
}
"""What Ana wrote and kept to herself."""


def test_what_is_kept_to_oneself_reaches_nobody_else(world: World) -> None:
    """Whatever anybody asks for, over months, and however quiet the pair goes."""
    confide(world)
    world.let_pass(days=75)
    for name in ("Ben", "Cleo", "Dana"):
        for conversation, roles in FOR_ROLES.items():
            if world.person(name).role in roles:
                world.type(
                    name, world.setup.words.usual.forms[conversation][0].replace("…", "3 June")
                )
    assert len(world.got("Cleo")) > 8
    for name in ("Ben", "Cleo", "Dana"):
        read = "\n".join(text for row in world.messages(name) for text, *_ in row.runs)
        assert read
        assert [secret for secret in SECRETS.values() if secret in read] == []
        assert "2 of 5" not in read


def confide(world: World) -> None:
    """Let Ana write all of that down, and give a meeting a low number."""
    world.join("Ben", "Cleo", "Dana")
    world.come("Ana")
    press(world, "Yes, I'd like to", "Yes", "From 19:00 to 8:00")
    write(world, SECRETS["lines"])
    press(world, "No, leave it out")
    world.agree()
    world.book()
    write(world, "my goals", "Write one", SECRETS["goal"], "That's it")
    write(world, "check in", "It has changed", SECRETS["reworded"], SECRETS["note"])
    write(world, "reflect", SECRETS["thought"], "To myself", "It landed")
    write(world, "I need a person", SECRETS["help"], "Don't send")
    world.let_pass(days=2)
    assert "what_would_you_like" in world.got("Ana")
    write(world, SECRETS["hope"], "Keep it to myself")
    world.let_pass(days=3)
    press(world, "We met", "2", "No, keep it here")
    kept = [
        *(goal.words for goal in world.rows(tables.Goal)),
        *(note.words for note in world.rows(tables.CheckInNote)),
        *(reflection.words for reflection in world.rows(tables.Reflection)),
        *(hope.words for hope in world.rows(tables.Hope)),
    ]
    assert {SECRETS[each] for each in ("reworded", "note", "thought", "hope")} <= set(kept)
    assert [row.rating for row in world.rows(tables.Account)] == [2]


def press(world: World, *labels: str) -> None:
    """Let Ana press these buttons."""
    for label in labels:
        world.press("Ana", label)


def write(world: World, *texts: str) -> None:
    """Let Ana type these."""
    for text in texts:
        world.type("Ana", text)


def test_what_is_passed_on_reaches_whom_it_was_meant_for(world: World) -> None:
    """Her hope is for Ben, her yes to telling is for Cleo, and neither hears the other's."""
    world.booked()
    world.join("Cleo")
    (meeting, *_) = world.rows(tables.Meeting)
    pair = world.pair().id
    with world.turn() as turn:
        begin(turn, "prepare_meeting", About(world.ids["Ana"], pair, meeting.id))
    world.settle()
    write(world, "an hour without plans")
    press(world, "Yes, pass it on")
    assert world.read("Ben").endswith("\n\nan hour without plans")
    world.go_to(meeting.starts_at + timedelta(hours=3))
    press(world, "We met")
    write(world, "1", "Yes, let them know")
    world.type("Cleo", "my pairs")
    assert "a meeting that was not a good one" in world.replied("Cleo")[1]
    told = "\n".join(text for row in world.messages("Cleo") for text, *_ in row.runs)
    assert "plans" not in told
    read = "\n".join(text for row in world.messages("Ben") for text, *_ in row.runs)
    assert "not a good one" not in read


# Every lookup and command has its function


def asked_for(kind: type) -> set[type]:
    """Give every lookup, or every command, that conversations bring.

    By their modules: a dataclass with slots leaves the class it was made from among the subclasses.
    """
    names = [f"conversations.{each.name}" for each in pkgutil.iter_modules(conversations.__path__)]
    there = [each for name in names for each in vars(importlib.import_module(name)).values()]
    return {each for each in there if isinstance(each, type) and issubclass(each, kind)} - {kind}


@pytest.mark.parametrize(("kind", "functions"), [(Lookup, find), (Command, perform)])
def test_every_one_is_answered_by_a_function_and_no_function_by_nothing(
    kind: type, functions: Any
) -> None:
    """A conversation that asks for more than the machine knows would fail in somebody's chat."""
    answered = {each for each in functions.registry if each is not object}
    assert answered == asked_for(kind)
    assert answered


@pytest.mark.parametrize(("kind", "functions"), [(Lookup, find), (Command, perform)])
def test_every_function_gives_what_the_conversation_reads(kind: type, functions: Any) -> None:
    """The journal reads its outcome by the type that the class names."""
    for each in asked_for(kind):
        given = get_type_hints(functions.registry[each])["return"]
        assert given in (result_of(each), type(result_of(each))), each


def test_what_no_function_answers_is_named(world: World) -> None:
    """The fault says which."""

    class Unheard(Lookup[None]):
        """Nobody answers this."""

    with world.turn() as turn:
        with pytest.raises(NotKnown, match="Unheard"):
            find(Unheard(), turn)
        with pytest.raises(NotKnown, match="Unheard"):
            perform(Unheard(), turn)
