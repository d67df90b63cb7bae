"""What a rehearsal came to, beside the figures of a real cohort.

Those come from the Museums Association's evaluation of the pilot Mentoring for All (2018).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.rehearsal.world import World, was_held
from bot.store import tables

WIDTHS = (46, 22, 24)
NOBODYS = 10**9
"""Stands for a pair's number where somebody is in none, so that they come last."""


@dataclass(frozen=True, slots=True)
class Ping:
    """What a supervisor heard, and whether it was right."""

    rule: str
    right: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """The figures of one rehearsal."""

    pairs: int
    began: int
    finished: int
    meetings: int
    by_bot: int
    """Of those, the ones that the bot had in its diary."""
    hours: float
    two_ahead: float
    """Share of pair-weeks with two or more meetings ahead, 0 to 1."""
    one_ahead: float
    check_ins: int
    check_ins_answered: int
    pushed_median: float
    pushed_worst: int
    all_median: float
    nudges_worst: int
    in_quiet_hours: int
    pings: tuple[Ping, ...]
    faults: int
    turns: int


def outcome_of(world: World) -> Outcome:
    """Read what became of everybody."""
    with world.store.transaction() as session:
        pairs = session.scalars(select(tables.Pair).order_by(tables.Pair.id)).all()
        held = {pair.id: _held(world, session, pair) for pair in pairs}
        booked = sum(len(_from_diary(world, session, pair)) for pair in pairs)
        asked, answered = _check_ins(session)
        pings = tuple(_pings(session, held))
        faults = _faults(session)
        began = [pair for pair in pairs if pair.began_at]
        finished = [pair for pair in began if _finished(world, session, pair, held[pair.id])]
    pushed = _by_week(world, lambda nature: nature != "reply")
    everything = _by_week(world, bool)
    nudges = _by_week(world, lambda nature: nature == "nudge")
    weeks = max(1, len(world.ahead))
    return Outcome(
        pairs=len(pairs),
        began=len(began),
        finished=len(finished),
        meetings=sum(len(moments) for moments in held.values()),
        by_bot=booked,
        hours=float(sum(len(moments) for moments in held.values())),
        two_ahead=sum(ahead >= 2 for ahead in world.ahead) / weeks,
        one_ahead=sum(ahead >= 1 for ahead in world.ahead) / weeks,
        check_ins=asked,
        check_ins_answered=answered,
        pushed_median=median(pushed) if pushed else 0,
        pushed_worst=max(pushed, default=0),
        all_median=median(everything) if everything else 0,
        nudges_worst=max(nudges, default=0),
        in_quiet_hours=sum(each.in_quiet_hours for each in world.sent),
        pings=pings,
        faults=faults,
        turns=world.turns,
    )


def _from_diary(world: World, session: Session, pair: tables.Pair) -> list[datetime]:
    rows = session.scalars(
        select(tables.Meeting).where(
            tables.Meeting.pair_id == pair.id,
            tables.Meeting.dropped_at.is_(None),
            tables.Meeting.starts_at <= world.now,
        )
    ).all()
    return [row.starts_at for row in rows if was_held(world, row)]


def _held(world: World, session: Session, pair: tables.Pair) -> list[datetime]:
    """When the two really met, in the bot's diary or not."""
    return sorted([*_from_diary(world, session, pair), *world.met_anyway[pair.id]])


def _finished(world: World, session: Session, pair: tables.Pair, held: list[datetime]) -> bool:
    """Nobody stopped, and they met in their last ten weeks."""
    people = (
        session.get_one(tables.Person, pair.mentee_id),
        session.get_one(tables.Person, pair.mentor_id),
    )
    if any(person.stopped_at for person in people):
        return False
    return bool(held) and world.now - held[-1] < timedelta(weeks=10)


def _check_ins(session: Session) -> tuple[int, int]:
    talk = tables.Conversation
    rows = session.execute(
        select(talk.answered_at, tables.Question.step)
        .join(tables.Question, tables.Question.conversation_id == talk.id)
        .where(talk.name == "check_in", tables.Question.step == 1)
    ).all()
    return len(rows), sum(answered is not None for answered, _ in rows)


def _pings(session: Session, held: dict[int, list[datetime]]) -> Iterable[Ping]:
    """A ping about meetings was right if the two had not met since the day it names."""
    rows = session.scalars(
        select(tables.Ping)
        .where(tables.Ping.sent_at.is_not(None))
        .order_by(tables.Ping.sent_at, tables.Ping.id)
    ).all()
    for row in rows:
        met = any(row.since < at <= (row.sent_at or at) for at in held[row.pair_id])
        yield Ping(row.rule, row.rule not in ("never_met", "not_held") or not met)


def _faults(session: Session) -> int:
    kinds = (tables.Arrival, tables.Conversation, tables.Pair)
    return sum(
        len(session.scalars(select(kind.id).where(kind.fault.is_not(None))).all()) for kind in kinds
    )


def _by_week(world: World, counts: Callable[[str], bool]) -> list[int]:
    """Messages in each week of each person of a pair, the weeks without any among them."""
    found: Counter[tuple[int, int]] = Counter()
    for each in world.sent:
        if each.person in world.pair_of and counts(each.nature):
            found[(each.person, (each.at - world.begins).days // 7)] += 1
    return [found[(person, week)] for person in world.pair_of for week in range(world.weeks)]


def table(outcome: Outcome) -> str:
    """Give the figures as a table in plain text."""
    each = max(1, outcome.began)
    rows = [
        ("", "this rehearsal", "Mentoring for All, 2018"),
        ("pairs that began, of which finished", f"{outcome.began}, {outcome.finished}", "19, 18"),
        ("meetings", f"{outcome.meetings}", "about 86"),
        ("  of which from the bot's diary", f"{outcome.by_bot}", "–"),
        ("meetings a pair", f"{outcome.meetings / each:.1f}", "4.5"),
        ("contact hours a pair", f"{outcome.hours / each:.1f}", "9 to 12 expected"),
        ("weeks with a meeting ahead", f"{outcome.one_ahead:.0%}", "–"),
        ("weeks with two or more ahead", f"{outcome.two_ahead:.0%}", "–"),
        ("check-ins answered", f"{outcome.check_ins_answered} of {outcome.check_ins}", "–"),
        (
            "pushed to a person a week, median and worst",
            f"{outcome.pushed_median:g}, {outcome.pushed_worst}",
            "–",
        ),
        ("  nudges to a person a week, worst", f"{outcome.nudges_worst}", "–"),
        ("all messages to a person a week, median", f"{outcome.all_median:g}", "–"),
        ("pushed in quiet hours", f"{outcome.in_quiet_hours}", "–"),
        ("pings to supervisors, of which right", _ping_counts(outcome.pings), "–"),
        *((f"  {rule}", counts, "") for rule, counts in _by_rule(outcome.pings)),
        ("turns that failed", f"{outcome.faults}", "–"),
    ]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, WIDTHS, strict=True)).rstrip()
        for row in rows
    )


def _ping_counts(pings: Iterable[Ping]) -> str:
    known = list(pings)
    return f"{len(known)}, {sum(ping.right for ping in known)}"


def _by_rule(pings: Iterable[Ping]) -> list[tuple[str, str]]:
    by_rule: dict[str, list[Ping]] = defaultdict(list)
    for ping in pings:
        by_rule[ping.rule].append(ping)
    return [
        (rule.replace("_", " "), _ping_counts(known)) for rule, known in sorted(by_rule.items())
    ]


def transcript(world: World) -> str:
    """Give every talk, pair by pair, each line with its moment in UTC."""
    with world.store.transaction() as session:
        names = {
            row.id: f"{row.name}, {row.role}"
            for row in session.scalars(select(tables.Person)).all()
        }
    order = sorted(world.spoken, key=lambda s: (world.pair_of.get(s.person, NOBODYS), s.at))
    pieces, pair = [], 0
    for spoken in order:
        its_pair = world.pair_of.get(spoken.person, NOBODYS)
        if its_pair != pair:
            title = f"Pair {its_pair}" if its_pair < NOBODYS else "Supervisors and managers"
            pieces.append(f"\n# {title}\n")
            pair = its_pair
        to = "→ " if spoken.by == "bot" else "← "
        text = spoken.text.replace("\n", "\n    ")
        pieces.append(f"{spoken.at:%a %d %b %H:%M} {to}{names[spoken.person]}\n    {text}\n")
    return "\n".join(pieces)
