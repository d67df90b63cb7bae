"""A pair's story read from the database.

The facts that the rules decide on, and no word that anyone wrote.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, cast

import holidays
from sqlalchemy import (
    BindParameter,
    Executable,
    Integer,
    Row,
    Select,
    Text,
    and_,
    bindparam,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy import cast as cast_to
from sqlalchemy.orm import Session

from bot.roster import Pair, Person, Roster
from bot.settings import Closure, Programme
from bot.store.database import run
from bot.store.tables import (
    Account,
    BreakTaken,
    Cohort,
    Goal,
    HelpCall,
    Meeting,
    Message,
    Opening,
    Ping,
    Proposal,
    Reflection,
)
from conversations import story as told
from conversations.rhythm import FORGOTTEN, PASSING
from conversations.tact import TO_A_MESSAGE, WEEK
from conversations.wall_time import at_wall_time

BUDGETED = ("nudge", "announcement")


def hours_of(person: Person, programme: Programme) -> told.Hours:
    """Give when a person may be written to and can meet."""
    return _hours(
        person.zone,
        person.quiet_from,
        person.quiet_to,
        person.country,
        _closed_days(programme.closures),
    )


@lru_cache(maxsize=4096)
def _hours(
    zone: str, quiet_from: time, quiet_to: time, country: str, closed: frozenset[date]
) -> told.Hours:
    return told.Hours(zone, quiet_from, quiet_to, days_off=holidays_of(country) | closed)


@lru_cache(maxsize=512)
def holidays_of(country: str) -> frozenset[date]:
    """Give the public holidays of a country (ISO 3166, such as ES or ES-MD), 2020 to 2040."""
    if not country:
        return frozenset()
    name, _, subdivision = country.partition("-")
    return frozenset(
        holidays.country_holidays(name, subdiv=subdivision or None, years=range(2020, 2041))
    )


@lru_cache(maxsize=16)
def _closed_days(closures: tuple[Closure, ...]) -> frozenset[date]:
    return frozenset(
        closure.first + timedelta(days=n)
        for closure in closures
        for n in range((closure.last - closure.first).days + 1)
    )


@dataclass(frozen=True, slots=True)
class _Facts:
    """The rows of one pair, read with statements that are built once."""

    session: Session
    pair: int
    people: tuple[int, int]

    def rows(self, statement: Executable, **more: object) -> Sequence[Row[*tuple[Any, ...]]]:
        """Give what a statement finds for this pair or its people."""
        first, second = self.people
        given = {"pair": self.pair, "first": first, "second": second, **more}
        # Columns alone, past the ORM: it would take twice as long to hand over the same.
        return run(self.session, statement, given).all()


_PAIR: BindParameter[int] = bindparam("pair")
_BOTH: tuple[BindParameter[int], ...] = (bindparam("first"), bindparam("second"))
_MEETINGS = (
    select(
        Meeting.id,
        Meeting.starts_at,
        Meeting.minutes,
        Meeting.booked_at,
        Meeting.dropped_at,
        Account.person_id,
        Account.said,
        Account.at,
        Account.may_tell_at,
    )
    .join(Account, Account.meeting_id == Meeting.id, isouter=True)
    .where(Meeting.pair_id == _PAIR)
    .order_by(Meeting.starts_at, Meeting.id, Account.at)
)
_OPENED = (
    select(Opening.what, Opening.person_id, Opening.subject, Opening.at)
    .where(Opening.pair_id == _PAIR)
    # A story must not grow with every week: most of what was begun is of no account any more.
    .where(or_(Opening.at > bindparam("lately"), and_(*(Opening.what != w for w in PASSING))))
    .order_by(Opening.at, Opening.id)
)


def _fact(
    kind: str, number: Any = None, other: Any = None, words: Any = None, *at: Any
) -> Select[*tuple[Any, ...]]:
    """Give a small table's rows in the one shape that lets all of them come in one statement."""
    moments = [*at, None, None, None, None][:4]
    instants = [null() if moment is None else moment for moment in moments]
    numbers = [cast_to(null() if each is None else each, Integer) for each in (number, other)]
    text = cast_to(null() if words is None else words, Text)
    return select(literal(kind).label("kind"), *numbers, text, *instants)


_SMALL = union_all(
    # First, since it has all four instants: PostgreSQL takes a column's type from the first.
    _fact(
        "ping",
        Ping.id,
        None,
        Ping.rule,
        Ping.shown_at,
        Ping.sent_at,
        Ping.withdrawn_at,
        Ping.silent_until,
    ).where(Ping.pair_id == _PAIR),
    _fact(
        "pushed",
        Message.person_id,
        Message.conversation_id,
        Message.reference,
        Message.not_before,
        Message.sent_at,
    )
    # Written out: a list sent as parameters is put into the statement anew each time.
    .where(Message.person_id.in_(_BOTH), or_(*(Message.nature == each for each in BUDGETED)))
    .where(Message.state != "dead", Message.not_before > bindparam("since")),
    _fact("cohort", None, None, cast_to(Cohort.ends, Text)).where(Cohort.id == bindparam("cohort")),
    _fact("goal", Goal.person_id).where(Goal.person_id.in_(_BOTH), Goal.closed_at.is_(None)),
    _fact("reflected", Reflection.person_id, None, None, func.max(Reflection.at))
    .where(Reflection.person_id.in_(_BOTH))
    .group_by(Reflection.person_id),
    _fact(
        "proposal", Proposal.by_id, Proposal.to_id, None, Proposal.at, Proposal.answered_at
    ).where(Proposal.pair_id == _PAIR),
    _fact("pause", BreakTaken.id, None, None, BreakTaken.starts_at, BreakTaken.ends_at).where(
        BreakTaken.person_id.in_(_BOTH), BreakTaken.starts_at < BreakTaken.ends_at
    ),
    _fact("help", HelpCall.person_id, None, None, HelpCall.at).where(HelpCall.person_id.in_(_BOTH)),
).order_by(literal_column("5"), literal_column("2"))
"""Kind, two numbers, a text and four instants; by the first instant."""


def story_of(roster: Roster, pair: Pair, programme: Programme, now: datetime) -> told.PairStory:
    """Read one pair's story as it stands in this transaction."""
    roster.session.flush()
    mentee, mentor = roster.person(pair.mentee_id), roster.person(pair.mentor_id)
    facts = _Facts(roster.session, pair.id, pair.both)
    small: dict[str, list[Any]] = defaultdict(list)
    for kind, *rest in facts.rows(_SMALL, cohort=pair.cohort_id, since=now - 2 * WEEK):
        small[kind].append(rest)
    first, second = _people(facts, small, (mentee, mentor), programme)
    meetings = facts.rows(_MEETINGS)
    [(_, _, ends, *_)] = small["cohort"]
    supervisor = pair.supervisor_id and roster.person(pair.supervisor_id)
    return told.PairStory(
        pair.id,
        cast(told.Kind, pair.kind),
        first,
        second,
        began_at=pair.began_at,
        ends_on=date.fromisoformat(ends) if ends else None,
        rhythm=timedelta(days=pair.rhythm_days),
        agreed_at=pair.agreed_at,
        meetings=_meetings(meetings),
        proposals=tuple(told.Proposal(by, to, *at[:2]) for by, to, _, *at in small["proposal"]),
        opened=tuple(told.Opened(*row) for row in facts.rows(_OPENED, lately=now - FORGOTTEN)),
        pauses=tuple(told.Span(*at[:2]) for _, _, _, *at in small["pause"]),
        closures=_closures(programme, mentee.zone),
        help_asked=_help_asked(pair, small["help"]),
        low_ratings=_low_ratings(meetings),
        pings=tuple(told.Ping(rule, *at) for _, _, rule, *at in small["ping"]),
        ended_at=pair.ended_at,
        supervised=bool(supervisor and supervisor.can_be_reached),
    )


def _people(
    facts: _Facts,
    small: Mapping[str, list[Any]],
    people: tuple[Person, Person],
    programme: Programme,
) -> tuple[told.PersonFact, told.PersonFact]:
    pushed = _pushed(small["pushed"], facts.people)
    goals = Counter(each[0] for each in small["goal"])
    reflected = {each[0]: each[3] for each in small["reflected"]}
    first, second = (
        told.PersonFact(
            person.id,
            hours_of(person, programme),
            welcomed_at=person.welcomed_at,
            paused_until=person.paused_until,
            stopped_at=person.stopped_at,
            blocked_at=person.closed_at,
            ignored=person.ignored,
            asked_less_at=person.asked_less_at,
            pushed=tuple(pushed[person.id]),
            weekly_budget=person.weekly_budget,
            spoke_at=person.spoke_at,
            goals=goals[person.id],
            reflected_at=reflected.get(person.id),
        )
        for person in people
    )
    return first, second


def _pushed(rows: Iterable[Any], people: Iterable[int]) -> dict[int, list[datetime]]:
    """When budgeted messages went out or will, oldest first.

    Parts that share a message count once. An announcement belongs to no talk and goes out alone.
    """
    sent: dict[int, dict[str, datetime]] = defaultdict(dict)
    nudges: dict[int, dict[int, datetime]] = defaultdict(dict)
    alone: dict[int, list[datetime]] = defaultdict(list)
    for person, talk, reference, not_before, sent_at, *_ in rows:
        if sent_at is not None:
            sent[person].setdefault(reference, sent_at)
        elif talk is None:
            alone[person].append(not_before)
        else:
            nudges[person].setdefault(talk, not_before)
    # What waits will share messages as the courier joins them.
    joined = {person: list(nudges[person].values())[::TO_A_MESSAGE] for person in people}
    return {
        person: sorted([*sent[person].values(), *alone[person], *joined[person]])
        for person in people
    }


def _meetings(rows: Sequence[Row[*tuple[Any, ...]]]) -> tuple[told.MeetingFact, ...]:
    """One fact a meeting, with what each side has said of it."""
    found: dict[int, told.MeetingFact] = {}
    for number, starts_at, minutes, booked_at, dropped_at, person, said, at, _ in rows:
        fact = found.get(number) or told.MeetingFact(
            number, starts_at, timedelta(minutes=minutes), booked_at, dropped_at
        )
        if person is not None:
            fact = replace(fact, accounts=(*fact.accounts, told.AccountGiven(person, said, at)))
        found[number] = fact
    return tuple(found.values())


def _help_asked(pair: Pair, rows: Iterable[Any]) -> tuple[told.HelpAsked, ...]:
    """None from before this pair began, or after it ended: its supervisor has no part in those."""
    return tuple(
        told.HelpAsked(who, at)
        for who, _, _, at, *_ in rows
        if pair.began_at is not None and pair.began_at <= at
        if pair.ended_at is None or at < pair.ended_at
    )


def _low_ratings(rows: Sequence[Row[*tuple[Any, ...]]]) -> tuple[told.LowRating, ...]:
    """Only those whose giver said yes to their supervisor hearing of it."""
    given = [told.LowRating(row.person_id, row.may_tell_at) for row in rows if row.may_tell_at]
    return tuple(sorted(given, key=lambda each: each.at))


def _closures(programme: Programme, zone: str) -> tuple[told.Span, ...]:
    midnight = time(0)
    return tuple(
        told.Span(
            at_wall_time(closure.first, midnight, zone),
            at_wall_time(closure.last + timedelta(days=1), midnight, zone),
        )
        for closure in programme.closures
    )
