"""Peopling a world: everybody is invented, brought in as a manager would, and lives their weeks."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cohort.enrol import invite, plan_import
from bot.rehearsal.cast import cast_for
from bot.rehearsal.temper import bond, temper
from bot.rehearsal.world import FIRST_DAY, World, arrive
from bot.roster import roster_of
from bot.store import tables
from bot.stories import hours_of
from conversations.quiet import open_from

MEET_ANYWAY = 0.15
"""How likely, in a week without a date, a pair that is not slack meets without telling the bot."""
_UNDER_WAY = select(tables.Pair).where(
    tables.Pair.began_at.is_not(None), tables.Pair.ended_at.is_(None)
)


def people_the_world(world: World, pairs: int) -> None:
    """Invent everybody, bring them in as a manager would, and let each come in the first days."""
    with world.store.transaction() as session:
        file = cast_for(pairs, world.weeks, FIRST_DAY)
        plan = plan_import(session, file, "the rehearsal", world.setup.programme.weekly_budget)
        plan.carry_out(session, world.begins)
        for person in session.scalars(select(tables.Person).order_by(tables.Person.id)).all():
            _bring_in(world, session, person)
        for pair in session.scalars(select(tables.Pair).order_by(tables.Pair.id)).all():
            world.pair_of[pair.mentee_id] = world.pair_of[pair.mentor_id] = pair.id
            world.bonds[pair.id] = bond(world.random(f"bond {pair.id}"), world.weeks)
            _plan_leaving(world, pair)
    for week in range(world.weeks):
        world.plan(world.begins + timedelta(weeks=week, days=2), partial(_live_a_week, world))


def _bring_in(world: World, session: Session, person: tables.Person) -> None:
    chance = world.random(f"person {person.id}")
    world.tempers[person.id] = temper(chance, world.begins, world.weeks)
    world.hours[person.id] = hours_of(roster_of(session).person(person.id), world.setup.programme)
    world.addresses[person.id] = (person.platform, f"phone {person.id}")
    token = invite(session, person.id, world.now, f"token-{world.seed}-{person.id}")
    comes = world.begins + timedelta(hours=chance.uniform(0, 130))
    comes = open_from(comes, world.hours[person.id])
    number = person.id
    world.plan(comes, partial(_come, world, number, token))
    for away in world.tempers[person.id].away:
        if away.says_so and person.role in ("mentee", "mentor"):
            until = f"pause until {away.end.date().isoformat()}"
            world.plan(away.start - timedelta(hours=4), partial(type_text, world, number, until))
    if person.role == "manager":
        for week in (4, 12, 20):
            at = open_from(world.begins + timedelta(weeks=week, days=1), world.hours[number])
            world.plan(at, partial(type_text, world, number, "announce"))


def _plan_leaving(world: World, pair: tables.Pair) -> None:
    """Somebody who leaves says so half of the time; else the pair just falls silent."""
    chance = world.random(f"leaving {pair.id}")
    its_bond = world.bonds[pair.id]
    if its_bond.inclination == "leaves" and chance.random() < 0.5:
        who = chance.choice((pair.mentee_id, pair.mentor_id))
        at = open_from(world.begins + timedelta(days=its_bond.from_day), world.hours[who])
        world.plan(at, partial(type_text, world, who, "stop"))


def type_text(world: World, person: int, text: str, session: Session) -> None:
    """Let somebody type something of their own accord."""
    arrive(world, session, person, "typed", text=text)


def _come(world: World, person: int, token: str, session: Session) -> None:
    arrive(world, session, person, "came", token=token)


def _live_a_week(world: World, session: Session) -> None:
    """A week without the bot: dates are counted, some must move one, some meet without a word."""
    meeting = tables.Meeting
    for pair in session.scalars(_UNDER_WAY).all():
        ahead = session.scalars(
            select(meeting.id).where(
                meeting.pair_id == pair.id,
                meeting.dropped_at.is_(None),
                meeting.starts_at > world.now,
            )
        ).all()
        world.ahead.append(len(ahead))
        _live_with(world, pair, len(ahead))


def _live_with(world: World, pair: tables.Pair, ahead: int) -> None:
    chance = world.random(f"week {pair.id} {world.now.isoformat()}")
    if world.bonds[pair.id].is_slack((world.now - world.begins).days):
        return
    if not ahead and chance.random() < MEET_ANYWAY:
        world.met_anyway[pair.id].append(world.now)
    elif ahead and chance.random() < 0.07:
        who = chance.choice((pair.mentee_id, pair.mentor_id))
        at = open_from(world.now + timedelta(hours=chance.uniform(1, 60)), world.hours[who])
        world.plan(at, partial(type_text, world, who, "my meetings"))
