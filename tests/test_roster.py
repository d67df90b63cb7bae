"""People and pairs as one transaction knows them: read once, changed at once, never out of date."""

from __future__ import annotations

import pytest
from sqlalchemy import event, update

from bot.engine import take_arrivals
from bot.roster import PAIRS, PEOPLE, Roster
from bot.store import tables
from bot.store.database import run
from tests.world import World


def test_a_row_is_read_once_a_transaction(world: World) -> None:
    """However many turns share a commit: reading is what a turn does most."""
    statements: list[str] = []
    with world.store.transaction() as session:
        roster, ana = Roster(session), world.ids["Ana"]
        event.listen(
            session.get_bind(), "before_cursor_execute", lambda *given: statements.append(given[2])
        )
        assert roster.person(ana) is roster.person(ana)
        assert roster.pairs_of(ana)[0] is roster.pair(roster.pairs_of(ana)[0].id)
    assert len(statements) == 2


def test_a_change_stands_in_the_database_at_once(world: World) -> None:
    """The statements behind it in the same turn are to see it."""
    with world.turn() as turn:
        ana = turn.person(world.ids["Ana"])
        turn.roster.change(ana, zone="Europe/Lisbon", zone_is_own=True)
        assert (ana.zone, ana.zone_is_own) == ("Europe/Lisbon", True)
        assert Roster(turn.session).person(ana.id) == ana
    assert world.person("Ana").zone == "Europe/Lisbon"


def test_only_what_is_known_of_somebody_can_be_changed(world: World) -> None:
    """A slip in a name must not be kept where nobody reads it."""
    with world.turn() as turn, pytest.raises(AttributeError):
        turn.roster.change(turn.person(world.ids["Ana"]), zones="Europe/Lisbon")


def test_what_a_lock_finds_is_what_everybody_holds(world: World) -> None:
    """Another process may have changed a pair before the lock was had."""
    with world.turn() as turn:
        [pair] = turn.roster.pairs_of(world.ids["Ana"])
        run(turn.session, update(PAIRS).values(rhythm_days=11))
        assert turn.roster.locked_pair(pair.id) is pair
        assert pair.rhythm_days == 11
        run(turn.session, update(PAIRS).values(rhythm_days=12))
        assert turn.roster.locked_pairs_of(world.ids["Ana"]) == [pair]
        assert pair.rhythm_days == 12


def test_whoever_is_read_again_is_as_others_left_them(world: World) -> None:
    """Of two who say yes at once the second is to see the first."""
    with world.turn() as turn:
        ana, ben = (turn.person(world.ids[name]) for name in ("Ana", "Ben"))
        run(turn.session, update(PEOPLE).values(ignored=3))
        turn.roster.read_again(ana.id)
        assert (ana.ignored, ben.ignored) == (3, 0)


def test_looking_again_at_somebodys_pairs_leaves_the_others(world: World) -> None:
    """And whoever holds one of them knows when it is due."""
    with world.turn() as turn:
        [hers] = turn.roster.pairs_of(world.ids["Ana"])
        [another] = turn.roster.pairs_of(world.ids["Eve"])
        before = another.due_at
        turn.roster.look_again(world.ids["Ana"], turn.now)
        assert (hers.due_at, another.due_at) == (turn.now, before)
    assert (world.pair("Ana").due_at, world.pair("Eve").due_at) == (world.now, before)


@pytest.mark.usefixtures("expect_faults")
def test_what_is_undone_is_known_to_nobody(world: World) -> None:
    """A pass that fails is taken again turn by turn, from what the database holds."""
    world.come("Ana")
    world.press("Ana", "Yes, I'd like to")
    world.change("Ana", ignored=2)
    world.receive(world.event("Ana", "typed", text="help"), world.event("Ana", "unreadable"))
    with world.store.transaction() as session:
        assert take_arrivals(session, world.setup, world.now) == 2
    faults = [row.fault is not None for row in world.rows(tables.Arrival)]
    assert faults[-2:] == [False, True]
    # Her word was undone with the pass and taken once more: what she ignored was forgiven then.
    assert world.person("Ana").ignored == 0
