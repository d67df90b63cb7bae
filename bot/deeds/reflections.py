"""Reflections: choosing a question that fits, and keeping what came of it for its owner alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select

from bot.deeds.dispatch import perform
from bot.store import tables
from bot.stories import story_of
from bot.turn import Turn
from conversations.choosing import Asked, choose_question, heat_allowed, phase_of
from conversations.reflect import KeepReflection, NextQuestion, Offered, SayLanded
from conversations.stall import signals
from conversations.story import PairStory
from conversations.talk import Role


@perform.register
def _(command: NextQuestion, turn: Turn) -> Offered | None:
    pair = turn.session.get_one(tables.Pair, command.pair)
    story = story_of(turn.session, pair, turn.setup.programme, turn.now)
    asked = _asked(turn, command.person)
    role = _role(turn.who(command.person).role)
    question = choose_question(
        turn.setup.words.bank,
        asked,
        role=role,
        phase=_phase(turn, story, role, len(asked)),
        moment=_moment(story, turn.now),
        heat_allowed=heat_allowed(
            began_at=story.began_at,
            last_low_rating_at=_last_low(turn, command.person),
            now=turn.now,
        ),
        now=turn.now,
        seed=command.person,
    )
    if question is None:
        return None
    row = tables.Reflection(
        person_id=command.person,
        pair_id=command.pair,
        question=question.id,
        version=question.version,
        text=question.text,
        at=turn.now,
    )
    turn.session.add(row)
    turn.session.flush()
    turn.touch_pairs_of(command.person)
    return Offered(row.id, question.text)


def _role(role: Role) -> Literal["mentee", "mentor", "co-mentor"]:
    return role if role in ("mentee", "mentor") else "co-mentor"


def _asked(turn: Turn, person: int) -> list[Asked]:
    row = tables.Reflection
    rows = turn.session.execute(
        select(row.question, row.at, row.landed).where(row.person_id == person).order_by(row.at)
    )
    return [Asked(question, at, landed) for question, at, landed in rows]


def _phase(turn: Turn, story: PairStory, role: Role, so_far: int) -> str:
    met = [m for m in story.meetings if m.dropped_at is None and m.held()]
    person = story.mentee if role == "mentee" else story.mentor
    return phase_of(
        met=len(met),
        share=_share(turn, story),
        agreed=story.agreed_at is not None,
        goals_set=person.goals > 0,
        stalled=bool(signals(story, turn.now)),
        kind=story.kind,
        role=_role(role),
        turn=so_far,
    )


def _share(turn: Turn, story: PairStory) -> float:
    """How much of the programme is gone, 0 to 1 and beyond; six months where no end is set."""
    began = story.began_at or turn.now
    length = timedelta(days=182)
    if story.ends_on is not None:
        length = max(
            timedelta(days=1),
            datetime.combine(story.ends_on, datetime.min.time(), began.tzinfo) - began,
        )
    return (turn.now - began) / length


def _moment(story: PairStory, now: datetime) -> Literal["any", "before-meeting", "after-meeting"]:
    """One or two days after a meeting asks what stayed.

    Two or three days before asks what to bring.
    """
    standing = [m for m in story.meetings if m.dropped_at is None]
    if any(timedelta(0) < now - m.ends_at <= timedelta(days=4) for m in standing):
        return "after-meeting"
    if any(timedelta(0) < m.starts_at - now <= timedelta(days=3) for m in standing):
        return "before-meeting"
    return "any"


def _last_low(turn: Turn, person: int) -> datetime | None:
    account = tables.Account
    return turn.session.scalars(
        select(account.at)
        .where(account.person_id == person, account.rating <= 2)
        .order_by(account.at.desc())
    ).first()


@perform.register
def _(command: KeepReflection, turn: Turn) -> None:
    row = turn.session.get_one(tables.Reflection, command.offer)
    row.kept, row.words = command.kept, command.words or None


@perform.register
def _(command: SayLanded, turn: Turn) -> None:
    turn.session.get_one(tables.Reflection, command.offer).landed = command.landed
