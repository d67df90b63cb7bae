"""Goals and check-ins: a person's own, read for nobody else."""

from __future__ import annotations

from sqlalchemy import select

from bot.deeds.dispatch import find, perform
from bot.sight import guard_sight
from bot.store import tables
from bot.turn import Turn
from conversations.goals import AddGoal, AddNote, CheckIn, CloseGoal, Goal, OpenGoals, RewordGoal


@find.register
def _(lookup: OpenGoals, turn: Turn) -> tuple[Goal, ...]:
    guard_sight(turn.roster, lookup.person, lookup.person, "goal_words")
    goal = tables.Goal
    rows = turn.session.scalars(
        select(goal)
        .where(goal.person_id == lookup.person, goal.closed_at.is_(None))
        .order_by(goal.id)
    ).all()
    return tuple(Goal(row.id, row.words, _last_tap(turn, row.id)) for row in rows)


def _last_tap(turn: Turn, goal: int) -> str:
    tap = tables.CheckIn
    return (
        turn.session.scalars(
            select(tap.tap).where(tap.goal_id == goal).order_by(tap.id.desc())
        ).first()
        or ""
    )


@perform.register
def _(command: AddGoal, turn: Turn) -> None:
    turn.session.add(tables.Goal(person_id=command.person, words=command.words, set_at=turn.now))
    turn.touch_pairs_of(command.person)


@perform.register
def _(command: RewordGoal, turn: Turn) -> None:
    turn.session.get_one(tables.Goal, command.goal).words = command.words


@perform.register
def _(command: CloseGoal, turn: Turn) -> None:
    goal = turn.session.get_one(tables.Goal, command.goal)
    goal.closed_at, goal.outcome = turn.now, command.outcome


@perform.register
def _(command: CheckIn, turn: Turn) -> None:
    turn.session.add(tables.CheckIn(goal_id=command.goal, tap=command.tap, at=turn.now))


@perform.register
def _(command: AddNote, turn: Turn) -> None:
    turn.session.add(tables.CheckInNote(person_id=command.person, words=command.words, at=turn.now))
