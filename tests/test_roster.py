"""People and pairs as one transaction knows them: read once, changed at once, never out of date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Update, event, text, update
from sqlalchemy.exc import OperationalError

from bot.cohort.enrol import invite
from bot.engine import take_arrivals
from bot.roster import PAIRS, PEOPLE, Roster, roster_of
from bot.store import tables
from bot.store.database import open_store, run
from bot.turn import Setup
from tests.world import World


def test_a_row_is_read_once_a_transaction(world: World) -> None:
    """However many turns share a commit: reading is what a turn does most."""
    ana = world.ids["Ana"]
    with _counted(world) as (roster, statements):
        assert roster.person(ana) is roster.person(ana)
        assert roster.pairs_of(ana)[0] is roster.pair(roster.pairs_of(ana)[0].id)
        assert len(statements) == 2


@contextmanager
def _counted(world: World) -> Iterator[tuple[Roster, list[str]]]:
    """Give a roster, and the statements that are run for it."""
    statements: list[str] = []
    with world.store.transaction() as session:
        event.listen(
            session.get_bind(), "before_cursor_execute", lambda *given: statements.append(given[2])
        )
        yield Roster(session), statements


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


@pytest.fixture
def shared(postgresql_url: str, setup: Setup) -> Iterator[World]:
    """Give a world whose database others write to meanwhile; SQLite lets in nobody."""
    store = open_store(postgresql_url)
    yield World(store, setup)
    store.close()


def test_what_a_lock_finds_is_what_everybody_holds(shared: World) -> None:
    """Another process may have changed a pair before the lock was had."""
    ana = shared.ids["Ana"]
    with shared.turn() as turn:
        [pair] = turn.roster.pairs_of(ana)
        _by_another(shared, update(PAIRS).values(rhythm_days=11))
        assert turn.roster.locked_pair(pair.id) is pair
        assert pair.rhythm_days == 11
    with shared.turn() as turn:
        [pair] = turn.roster.pairs_of(ana)
        _by_another(shared, update(PAIRS).values(rhythm_days=12))
        assert turn.roster.locked_pairs_of(ana) == [pair]
        assert pair.rhythm_days == 12


def test_whoever_is_read_again_is_as_others_left_them(shared: World) -> None:
    """Of two who say yes at once the second is to see the first."""
    with shared.turn() as turn:
        ana, ben, eve = (turn.person(shared.ids[name]) for name in ("Ana", "Ben", "Eve"))
        [pair] = turn.roster.pairs_of(ana.id)
        _by_another(shared, update(PEOPLE).values(ignored=3))
        turn.roster.read_both_again(pair)
        assert (ana.ignored, ben.ignored, eve.ignored) == (3, 3, 0)


def test_what_is_read_ahead_is_held_until_the_commit(shared: World) -> None:
    """Whoever reads a pair ahead has its lock, and nobody changes either of the two meanwhile."""
    ana = shared.ids["Ana"]
    shared.change("Ana", address="@Ana")
    with shared.turn() as turn:
        turn.roster.read_ahead([("telegram", "@Ana")])
        [pair] = turn.roster.pairs_of(ana)
        with pytest.raises(OperationalError, match="lock timeout"):
            _by_another(shared, update(PAIRS).values(rhythm_days=11), patience="200ms")
        turn.roster.change(pair, rhythm_days=12)
        assert turn.roster.locked_pairs_of(ana) == (pair,)
        assert turn.roster.locked_pair(pair.id) is pair
        assert pair.rhythm_days == 12
    assert shared.pair("Ana").rhythm_days == 12


def _by_another(world: World, change: Update, patience: str = "0") -> None:
    with world.store.transaction() as session:
        run(session, text(f"SET LOCAL lock_timeout = '{patience}'"))
        run(session, change)


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


def test_a_pass_reads_all_its_speakers_at_once(world: World) -> None:
    """With their pairs and whom they meet: each turn would read its own."""
    everybody = [("telegram", "@Ana"), ("slack", "@Ben"), ("telegram", "@nobody")]
    world.come("Ana")
    world.come("Ben")
    with _counted(world) as (roster, statements):
        roster.read_ahead(everybody)
        read = len(statements)
        at = [roster.at(*place) for place in everybody]
        assert [each and each.first_name for each in at] == ["Ana", "Ben", None]
        [pair] = roster.pairs_of(world.ids["Ana"])
        assert {roster.person(each).first_name for each in pair.both} == {"Ana", "Ben"}
        assert len(statements) == read


def test_whoever_comes_is_known_to_the_next_turn_of_the_same_pass(world: World) -> None:
    """Read ahead they were still strangers there."""
    with world.store.transaction() as session:
        token = invite(session, world.ids["Ana"], world.now)
    world.receive(world.event("Ana", "came", token=token), world.event("Ana", "typed", text="yes"))
    with world.store.transaction() as session:
        assert take_arrivals(session, world.setup, world.now) == 2
    assert world.person("Ana").welcomed_at == world.now


def test_all_passes_of_a_transaction_share_what_is_known(world: World) -> None:
    """A rehearsal is one transaction, and takes ten thousand turns."""
    world.come("Ana")
    for _ in range(2):
        world.receive(world.event("Ana", "typed", text="help"))
    with world.store.transaction() as session:
        take_arrivals(session, world.setup, world.now)
        known = roster_of(session).person(world.ids["Ana"])
        take_arrivals(session, world.setup, world.now)
        assert roster_of(session).person(world.ids["Ana"]) is known
    with world.store.transaction() as session:
        assert roster_of(session).person(world.ids["Ana"]) is not known
