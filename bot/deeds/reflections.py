"""Reflections: choosing a question that fits, and keeping what came of it for its owner alone.

They alone read it again, and can delete it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, cast

from sqlalchemy import bindparam, func, insert, select, update

from bot.deeds.dispatch import find, perform
from bot.sight import guard_sight
from bot.store import tables
from bot.store.database import run
from bot.turn import Turn
from bot.written import take_out
from conversations.choosing import Asked, choose_question, heat_allowed, phase_of
from conversations.reflect import KeepReflection, NextQuestion, Offered, SayLanded
from conversations.show_reflections import (
    DeleteReflection,
    Kept,
    KeptReflections,
    Reflection,
)
from conversations.stall import signals
from conversations.story import PairStory
from conversations.talk import Role

_REFLECTION = tables.rows_of(tables.Reflection)
_OFFERED = insert(_REFLECTION)


@perform.register
def _(command: NextQuestion, turn: Turn) -> Offered | None:
    pair = turn.roster.pair(command.pair)
    story = turn.story(pair)
    asked = _asked(turn, command.person)
    role = _role(turn.who(command.person).role)
    question = choose_question(
        turn.setup.words.of(turn.person(command.person).language).bank,
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
    offered = {
        "person_id": command.person,
        "pair_id": command.pair,
        "question": question.id,
        "version": question.version,
        "text": question.text,
        "at": turn.now,
    }
    written = run(turn.session, _OFFERED, offered)
    [number] = cast(Sequence[int], written.inserted_primary_key)
    return Offered(number, question.text)


def _role(role: Role) -> Literal["mentee", "mentor", "co-mentor"]:
    return role if role in ("mentee", "mentor") else "co-mentor"


_ASKED = (
    select(_REFLECTION.c.question, _REFLECTION.c.at, _REFLECTION.c.landed)
    .where(_REFLECTION.c.person_id == bindparam("person"))
    .order_by(_REFLECTION.c.at)
)


def _asked(turn: Turn, person: int) -> list[Asked]:
    rows = run(turn.session, _ASKED, {"person": person})
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


_ACCOUNT = tables.rows_of(tables.Account)
_LOW = select(func.max(_ACCOUNT.c.at)).where(
    _ACCOUNT.c.person_id == bindparam("person"), _ACCOUNT.c.rating <= 2
)


def _last_low(turn: Turn, person: int) -> datetime | None:
    return run(turn.session, _LOW, {"person": person}).scalar()


_KEEP = (
    update(_REFLECTION)
    .where(_REFLECTION.c.id == bindparam("offer"))
    .values(kept=bindparam("how"), words=bindparam("written"))
)
_LANDED = (
    update(_REFLECTION)
    .where(_REFLECTION.c.id == bindparam("offer"))
    .values(landed=bindparam("tapped"))
)


@perform.register
def _(command: KeepReflection, turn: Turn) -> None:
    kept = {"offer": command.offer, "how": command.kept, "written": command.words or None}
    run(turn.session, _KEEP, kept)


@perform.register
def _(command: SayLanded, turn: Turn) -> None:
    run(turn.session, _LANDED, {"offer": command.offer, "tapped": command.landed})


_KEPT = (
    select(
        _REFLECTION.c.id,
        _REFLECTION.c.at,
        _REFLECTION.c.text,
        _REFLECTION.c.words,
        _REFLECTION.c.kept,
    )
    .where(_REFLECTION.c.person_id == bindparam("person"))
    .where(
        (_REFLECTION.c.kept == "for_our_meeting")
        | ((_REFLECTION.c.kept == "to_myself") & _REFLECTION.c.words.is_not(None))
    )
    .order_by(_REFLECTION.c.id.desc())
    .limit(bindparam("most"))
)
_KEPT_BEFORE = _KEPT.where(_REFLECTION.c.id < bindparam("newer"))
_WORDS = select(_REFLECTION.c.words).where(
    _REFLECTION.c.id == bindparam("one"), _REFLECTION.c.person_id == bindparam("owner")
)
_DELETE = (
    update(_REFLECTION)
    .where(_REFLECTION.c.id == bindparam("one"), _REFLECTION.c.person_id == bindparam("owner"))
    .values(kept="deleted", words=None)
)


@find.register
def _(lookup: KeptReflections, turn: Turn) -> Kept:
    guard_sight(turn.roster, lookup.person, lookup.person, "reflections")
    values = {"person": lookup.person, "most": lookup.how_many + 1, "newer": lookup.older_than}
    rows = run(turn.session, _KEPT if lookup.older_than is None else _KEPT_BEFORE, values).all()
    found = tuple(Reflection(n, at, text, words or "", kept) for n, at, text, words, kept in rows)
    return Kept(found[: lookup.how_many], len(found) > lookup.how_many)


@perform.register
def _(command: DeleteReflection, turn: Turn) -> None:
    words = run(turn.session, _WORDS, {"one": command.reflection, "owner": command.person}).scalar()
    if words:
        take_out(turn.session, command.person, words, turn.now)
    run(turn.session, _DELETE, {"one": command.reflection, "owner": command.person})
