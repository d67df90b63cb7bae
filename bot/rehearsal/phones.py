"""The invented phones: what reaches them, and whether and when somebody answers."""

from __future__ import annotations

import math
from datetime import timedelta
from functools import partial

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot import outbox
from bot.outbox import Leased
from bot.platforms import Part
from bot.rehearsal.replies import LEFT_ALONE, WRITTEN, Doing, asks_of_a_meeting, doings
from bot.rehearsal.world import Sent, Spoken, World, arrive, was_held
from bot.roster import roster_of
from bot.store import tables
from bot.store.database import run
from bot.stories import hours_of
from conversations.quiet import is_quiet, open_from

AT_THE_PHONE = 0.95
"""How likely somebody who has just answered taps again; and writes, where only writing will do."""
WRITING_AT_THE_PHONE = 0.6


_TALK = tables.rows_of(tables.Conversation)
_GIVEN = select(_TALK.c.arguments).where(_TALK.c.id == bindparam("number"))
_BETWEEN = select(tables.Meeting).where(
    tables.Meeting.pair_id == bindparam("pair"),
    tables.Meeting.dropped_at.is_(None),
    tables.Meeting.starts_at.between(bindparam("first"), bindparam("last")),
)


def deliver(world: World, session: Session, leased: Leased) -> None:
    """Let a message reach somebody's phone, and let them think about it."""
    delivery = leased.delivery
    lines = tuple(part.line for part in delivery.parts)
    outbox.mark_sent(session, leased, str(delivery.parts[0].message), world.now)
    quiet = delivery.nature != "reply" and is_quiet(
        world.now, hours_of(roster_of(session).person(delivery.person), world.setup.programme)
    )
    world.sent.append(Sent(world.now, delivery.person, delivery.nature, lines, quiet))
    for part in delivery.parts:
        _note(world, delivery.person, part)
        if part.manner != "say" and part.line not in LEFT_ALONE:
            _consider(world, session, delivery.person, delivery.nature, part.line, part)


def _note(world: World, person: int, part: Part) -> None:
    if world.keeps_talk:
        text = "".join(run.text for run in part.runs)
        buttons = " ".join(f"[{choice.label}]" for choice in part.choices)
        files = " ".join(f"({file.name})" for file in part.files)
        whole = "\n".join(piece for piece in (text, buttons, files) if piece)
        world.spoken.append(Spoken(world.now, person, "bot", whole))


def _consider(
    world: World, session: Session, person: int, nature: str, line: str, part: Part
) -> None:
    """Decide whether and when somebody answers, and what."""
    chance = world.random(f"answer {part.message}")
    if chance.random() > _readiness(world, person, nature, line):
        return
    met = _truth_for(world, session, person, part) if asks_of_a_meeting(line, part) else None
    todo = doings(chance, line, part, writes=world.tempers[person].writes, met=met)
    minutes = chance.uniform(0.2, 3)
    if nature != "reply":
        minutes = 60 * world.tempers[person].hours_to_answer * math.exp(chance.gauss(0, 1))
    at = open_from(world.now + timedelta(minutes=minutes), world.hours[person])
    if nature == "reply":
        at = world.now + timedelta(minutes=minutes)
    if world.tempers[person].is_away(at):
        return
    for doing in todo:
        world.plan(at, partial(_do, world, person, part, doing))


def _do(world: World, person: int, part: Part, doing: Doing, session: Session) -> None:
    if doing.kind == "typed":
        arrive(world, session, person, "typed", text=doing.text)
        return
    arrive(world, session, person, "pressed", data=doing.text)
    if world.keeps_talk:
        label = next((each.label for each in part.choices if each.data == doing.text), "Done")
        world.spoken.append(Spoken(world.now, person, "person", f"[{label}]"))


def _readiness(world: World, person: int, nature: str, line: str) -> float:
    """How likely somebody answers this at all."""
    its_temper = world.tempers[person]
    if person not in world.pair_of:
        return 0.9
    its_bond = world.bonds[world.pair_of[person]]
    since = world.now - world.begins
    if nature == "reply":
        return WRITING_AT_THE_PHONE if line in WRITTEN else AT_THE_PHONE
    if its_bond.is_slack(since.days):
        return 0.03
    ready = its_temper.writes if line in WRITTEN else its_temper.taps(since)
    return ready * (0.7 if its_bond.inclination == "busy" else 1.0)


def _truth_for(world: World, session: Session, person: int, part: Part) -> bool | None:
    """The truth about the meeting that a question asks of.

    For a quiet spell, whether they met without a word.
    """
    talk = part.choices[0].data.split(".")[0] if part.choices else ""
    given = run(session, _GIVEN, {"number": int(talk)}).scalar() if talk else None
    if given is None or person not in world.pair_of:
        return None
    meeting = given.get("meeting")
    if isinstance(meeting, dict):
        found = session.get_one(tables.Meeting, int(meeting["id"]))
        return was_held(world, found)
    pair = world.pair_of[person]
    lately = world.now - timedelta(days=35)
    known = session.scalars(_BETWEEN, {"pair": pair, "first": lately, "last": world.now}).all()
    return any(was_held(world, each) for each in known) or any(
        at > lately for at in world.met_anyway[pair]
    )
