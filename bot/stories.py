"""A pair's story read from the database: the facts that the rules decide on, and no word that anyone wrote."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import cast

import holidays
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.settings import Programme
from bot.store.tables import (
    Account,
    BreakTaken,
    Cohort,
    Conversation,
    Goal,
    HelpCall,
    Meeting,
    Message,
    Opening,
    Pair,
    Person,
    Ping,
    Proposal,
    Reflection,
)
from conversations import story as told
from conversations.tact import WEEK
from conversations.wall_time import at_wall_time

BUDGETED = ("nudge", "announcement")


def hours_of(person: Person, programme: Programme) -> told.Hours:
    """Give when a person may be written to and can meet."""
    return _hours(
        person.zone, person.quiet_from, person.quiet_to, person.country, _closed_days(programme)
    )


@lru_cache(maxsize=4096)
def _hours(
    zone: str, quiet_from: time, quiet_to: time, country: str, closed: frozenset[date]
) -> told.Hours:
    return told.Hours(zone, quiet_from, quiet_to, days_off=holidays_of(country) | closed)


@lru_cache(maxsize=512)
def holidays_of(country: str) -> frozenset[date]:
    """Give the public holidays of a country (ISO 3166, perhaps with a subdivision, ES-MD), 2020 to 2040."""
    if not country:
        return frozenset()
    name, _, subdivision = country.partition("-")
    return frozenset(
        holidays.country_holidays(name, subdiv=subdivision or None, years=range(2020, 2041))
    )


def _closed_days(programme: Programme) -> frozenset[date]:
    return frozenset(
        closure.first + timedelta(days=n)
        for closure in programme.closures
        for n in range((closure.last - closure.first).days + 1)
    )


def story_of(session: Session, pair: Pair, programme: Programme, now: datetime) -> told.PairStory:
    """Read one pair's story as it stands in this transaction."""
    people = {
        p.id: p
        for p in session.scalars(
            select(Person).where(Person.id.in_((pair.mentee_id, pair.mentor_id)))
        )
    }
    cohort = session.get_one(Cohort, pair.cohort_id)
    facts = _person_facts(session, list(people.values()), programme, now)
    return told.PairStory(
        pair.id,
        cast(told.Kind, pair.kind),
        facts[pair.mentee_id],
        facts[pair.mentor_id],
        began_at=pair.began_at,
        ends_on=cohort.ends,
        rhythm=timedelta(days=pair.rhythm_days),
        agreed_at=pair.agreed_at,
        meetings=_meetings(session, pair),
        proposals=_proposals(session, pair),
        opened=_openings(session, pair),
        pauses=_pauses(session, list(people)),
        closures=_closures(programme, people[pair.mentee_id].zone),
        help_asked=_help_asked(session, list(people)),
        low_ratings=_low_ratings(session, pair),
        pings=_pings(session, pair),
        ended_at=pair.ended_at,
    )


def _person_facts(
    session: Session, people: Sequence[Person], programme: Programme, now: datetime
) -> dict[int, told.PersonFact]:
    ids = [person.id for person in people]
    pushed = _pushed(session, ids, now)
    goals = set(
        session.scalars(
            select(Goal.person_id).where(Goal.person_id.in_(ids), Goal.closed_at.is_(None))
        )
    )
    reflected = dict(
        session.execute(
            select(Reflection.person_id, Reflection.at)
            .where(Reflection.person_id.in_(ids))
            .order_by(Reflection.at)
        ).all()
    )
    return {
        person.id: told.PersonFact(
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
            goals=int(person.id in goals),
            reflected_at=reflected.get(person.id),
        )
        for person in people
    }


def _pushed(session: Session, people: Sequence[int], now: datetime) -> dict[int, list[datetime]]:
    """When budgeted messages went out or will: parts that share a message count once."""
    rows = session.execute(
        select(Message.person_id, Message.not_before, Message.sent_at, Message.reference)
        .where(
            Message.person_id.in_(people),
            Message.nature.in_(BUDGETED),
            Message.state != "dead",
            Message.not_before > now - WEEK,
        )
        .order_by(Message.not_before)
    )
    seen: dict[int, dict[str, datetime]] = defaultdict(dict)
    for person, not_before, sent_at, reference in rows:
        at = sent_at or not_before
        seen[person].setdefault(reference or at.isoformat(), at)
    return defaultdict(list, {person: sorted(moments.values()) for person, moments in seen.items()})


def _meetings(session: Session, pair: Pair) -> tuple[told.MeetingFact, ...]:
    rows = session.scalars(
        select(Meeting).where(Meeting.pair_id == pair.id).order_by(Meeting.starts_at)
    ).all()
    accounts = defaultdict(list)
    for account in session.scalars(
        select(Account).join(Meeting).where(Meeting.pair_id == pair.id).order_by(Account.at)
    ):
        said = cast(told.Account, account.said)
        accounts[account.meeting_id].append(told.AccountGiven(account.person_id, said, account.at))
    return tuple(
        told.MeetingFact(
            row.id,
            row.starts_at,
            timedelta(minutes=row.minutes),
            row.booked_at,
            row.dropped_at,
            tuple(accounts[row.id]),
        )
        for row in rows
    )


def _proposals(session: Session, pair: Pair) -> tuple[told.Proposal, ...]:
    rows = session.scalars(
        select(Proposal).where(Proposal.pair_id == pair.id).order_by(Proposal.at)
    )
    return tuple(told.Proposal(row.by_id, row.to_id, row.at, row.answered_at) for row in rows)


def _openings(session: Session, pair: Pair) -> tuple[told.Opened, ...]:
    rows = session.execute(
        select(
            Opening.what, Opening.person_id, Opening.subject, Opening.at, Conversation.answered_at
        )
        .join(Conversation, Opening.conversation_id == Conversation.id, isouter=True)
        .where(Opening.pair_id == pair.id)
        .order_by(Opening.at)
    )
    return tuple(
        told.Opened(what, person, subject, at, answered is not None)
        for what, person, subject, at, answered in rows
    )


def _pauses(session: Session, people: Sequence[int]) -> tuple[told.Span, ...]:
    rows = session.scalars(
        select(BreakTaken).where(BreakTaken.person_id.in_(people)).order_by(BreakTaken.starts_at)
    )
    return tuple(
        told.Span(row.starts_at, row.ends_at) for row in rows if row.starts_at < row.ends_at
    )


def _closures(programme: Programme, zone: str) -> tuple[told.Span, ...]:
    midnight = datetime.min.time()
    return tuple(
        told.Span(
            at_wall_time(closure.first, midnight, zone),
            at_wall_time(closure.last + timedelta(days=1), midnight, zone),
        )
        for closure in programme.closures
    )


def _help_asked(session: Session, people: Sequence[int]) -> tuple[told.HelpAsked, ...]:
    rows = session.scalars(
        select(HelpCall).where(HelpCall.person_id.in_(people)).order_by(HelpCall.at)
    )
    return tuple(told.HelpAsked(row.id, row.person_id, row.at) for row in rows)


def _low_ratings(session: Session, pair: Pair) -> tuple[told.LowRating, ...]:
    """Only those whose giver said yes to their supervisor hearing of it."""
    rows = session.execute(
        select(Account.person_id, Account.may_tell_at)
        .join(Meeting)
        .where(Meeting.pair_id == pair.id, Account.may_tell_at.is_not(None))
        .order_by(Account.may_tell_at)
    )
    return tuple(told.LowRating(person, at) for person, at in rows if at is not None)


def _pings(session: Session, pair: Pair) -> tuple[told.Ping, ...]:
    rows = session.scalars(select(Ping).where(Ping.pair_id == pair.id).order_by(Ping.shown_at))
    return tuple(_ping(row) for row in rows)


def _ping(row: Ping) -> told.Ping:
    return told.Ping(row.rule, row.shown_at, row.sent_at, row.withdrawn_at, row.silent_until)


def pairs_of(session: Session, person: int) -> Iterable[Pair]:
    """Give the pairs that somebody is one of, oldest first."""
    return session.scalars(
        select(Pair)
        .where((Pair.mentee_id == person) | (Pair.mentor_id == person))
        .order_by(Pair.id)
    ).all()
