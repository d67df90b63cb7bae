"""Two processes take the turns of one pair at the same moment: the second sees what the first did.

SQLite has one process and one writer, so there the second simply comes after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event as Flag
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bot.deeds import perform
from bot.roster import ANY_PERSON, Roster
from bot.store import tables
from bot.turn import Turn
from conversations.meetings import BookMeetings
from conversations.round_a_meeting import GiveAccount
from conversations.stalling import GoOn
from conversations.talk import Command
from conversations.welcome import Enrol
from tests.world import World


def at_once(world: World, *commands: Command[Any]) -> Sequence[Any]:
    """Do two commands in transactions that overlap, and give what each came to.

    Both have read all there is of everybody before either does anything; the first is committed
    when the second waits for it, or has not waited.
    """
    if world.store.one_writer:
        return [_alone(world, each) for each in commands]
    first, second = commands
    begun = Flag()

    def later() -> Any:
        with world.store.transaction() as session:
            roster = _all_read(session)
            session.execute(text("SET LOCAL application_name = 'the second'"))
            begun.set()
            return perform(second, Turn(roster, world.setup, world.now))

    with ThreadPoolExecutor(1) as threads:
        with world.store.transaction() as session:
            done = perform(first, Turn(_all_read(session), world.setup, world.now))
            session.flush()
            waiting = threads.submit(later)
            assert begun.wait(10)
            _until_it_waits(world)
        return [done, waiting.result(10)]


def _alone(world: World, command: Command[Any]) -> Any:
    with world.turn() as turn:
        return perform(command, turn)


def _all_read(session: Session) -> Roster:
    """A session and a roster hold on to what they have read, as a pass of many turns does."""
    session.scalars(select(tables.Meeting)).all()
    roster = Roster(session)
    for person in roster.people(ANY_PERSON):
        roster.pairs_of(person.id)
    return roster


_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE application_name = 'the second' AND wait_event_type = 'Lock'"
)
_THERE = text("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'the second'")


def _until_it_waits(world: World) -> None:
    """Look until the second waits for a lock, or is done without one."""
    with world.store.engine.connect() as connection:
        while not connection.scalar(_WAITING) and connection.scalar(_THERE):
            connection.execute(text("SELECT pg_sleep(0.01)"))
            connection.rollback()


def test_two_who_say_yes_at_once_begin(world: World) -> None:
    """Each would see the other as not yet here, and nobody would ever look again."""
    at_once(world, Enrol(world.ids["Ana"]), Enrol(world.ids["Ben"]))
    assert world.pair().began_at == world.now


def test_two_who_would_end_at_once_are_both_heard(world: World) -> None:
    """Neither wish is written over the other."""
    world.join("Ana", "Ben")
    ana, ben, pair = world.ids["Ana"], world.ids["Ben"], world.pair().id
    at_once(world, GoOn(ana, pair, "end_well"), GoOn(ben, pair, "end_well"))
    assert world.pair().wishes == {str(ana): "end_well", str(ben): "end_well"}
    assert world.pair().ended_at == world.now


def test_two_accounts_at_once_are_held_against_each_other(world: World) -> None:
    """Whoever is second is offered `moved?`."""
    world.booked()
    meeting = world.rows(tables.Meeting)[0]
    world.now = meeting.starts_at + timedelta(hours=1)
    given = at_once(
        world,
        GiveAccount(meeting.id, world.ids["Ana"], "held"),
        GiveAccount(meeting.id, world.ids["Ben"], "missed"),
    )
    assert given == [False, True]


def test_two_bookings_at_once_make_no_more_than_three(world: World) -> None:
    """The second keeps to what the first has left to book."""
    world.join("Ana", "Ben")
    pair = world.pair().id
    weeks = [world.now + timedelta(weeks=3 * number) for number in range(1, 5)]
    at_once(world, BookMeetings(pair, tuple(weeks[:2])), BookMeetings(pair, tuple(weeks)))
    booked = [row.starts_at for row in world.rows(tables.Meeting)]
    assert booked == weeks[:3]
