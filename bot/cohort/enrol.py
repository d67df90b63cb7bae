"""Bringing a cohort's file into the database.

What it would change is shown first, then done, all of it or nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TypeVar

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot.arrivals import token_hash
from bot.cohort.fault import BadCohortFile, Fault
from bot.cohort.rows import CohortFile, PairRow, PersonRow
from bot.pairs import begins
from bot.roster import ANY_PAIR, PAIRS, forget_roster, roster_of
from bot.store import tables

INVITED_FOR = timedelta(days=60)
QUIET = (time(19), time(8))
RHYTHM_DAYS = 30
KEPT_BY_THEM = {"zone": "zone_is_own", "language": "language_is_own"}
"""What a file no longer changes once a person has set it themselves, with what tells that."""
LEFT_ALONE = {"language"}
"""What an empty cell does not take away: an app may have told it since."""


_OF_COHORT = ANY_PAIR.where(
    PAIRS.c.cohort_id.in_(select(tables.Cohort.id).where(tables.Cohort.name == bindparam("cohort")))
).with_for_update()


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that importing would do."""

    words: str
    """For whoever imports, such as `Ana Ruiz: zone Europe/Madrid becomes Europe/Lisbon`."""
    do: Callable[[Session], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """All that importing a file would do, in order; empty where the file is already true."""

    changes: tuple[Change, ...]
    cohort: str
    """The name of the cohort that is changed."""

    def carry_out(self, session: Session, now: datetime) -> None:
        """Do all of it in the caller's transaction.

        A pair of two who are here already begins, and the rules look at every one under way again:
        it may have other days left, or another supervisor.
        """
        for change in self.changes:
            change.do(session)
            session.flush()
        forget_roster(session)
        roster = roster_of(session)
        for pair in roster.pairs(_OF_COHORT, cohort=self.cohort) if self.changes else ():
            if begins(roster, pair, now):
                roster.change(pair, due_at=now)


def plan_import(session: Session, file: CohortFile, name: str, weekly_budget: int) -> Plan:
    """Give what would change. Raises BadCohortFile where the file contradicts what has begun."""
    cohort = session.scalars(
        select(tables.Cohort).where(tables.Cohort.name == file.cohort.name)
    ).first()
    people = _by_key(session, tables.Person, cohort)
    pairs = _by_key(session, tables.Pair, cohort)
    faults = [*_role_faults(file.people, people), *_pair_faults(file, people, pairs)]
    if faults:
        raise BadCohortFile(tuple(faults), name=name)
    changes = [*_cohort_changes(file, cohort)]
    for row in file.people:
        changes += _person_changes(file, row, people.get(row.key), weekly_budget)
    for pair in file.pairs:
        changes += _pair_changes(file, pair, pairs.get(pair.key), people)
    return Plan(tuple(changes), file.cohort.name)


Keyed = TypeVar("Keyed", tables.Person, tables.Pair)


def _by_key(session: Session, kind: type[Keyed], cohort: tables.Cohort | None) -> dict[str, Keyed]:
    if cohort is None:
        return {}
    return {
        row.key: row for row in session.scalars(select(kind).where(kind.cohort_id == cohort.id))
    }


def _role_faults(rows: Iterable[PersonRow], people: dict[str, tables.Person]) -> Iterable[Fault]:
    for row in rows:
        known = people.get(row.key)
        if known is not None and known.role != row.role and known.welcomed_at is not None:
            yield Fault(
                row.line,
                "role",
                f"{known.name} has joined as {known.role} and would become {row.role}.",
                "Give the new role a row with a key of its own.",
            )


def _pair_faults(
    file: CohortFile, people: dict[str, tables.Person], pairs: dict[str, tables.Pair]
) -> Iterable[Fault]:
    """A pair that has begun keeps its two people: what they said belongs to those two."""
    lines = {row.key: row.line for row in file.people}
    keys = {person.id: key for key, person in people.items()}
    for row in file.pairs:
        known = pairs.get(row.key)
        if known is None or known.began_at is None:
            continue
        if (keys.get(known.mentee_id), keys.get(known.mentor_id)) != (row.mentee, row.mentor):
            yield Fault(
                lines[row.mentee],
                "pair",
                f"Pair {row.key} has begun and would get other people.",
                "Give the new pair a key of its own.",
            )


def _cohort_changes(file: CohortFile, known: tables.Cohort | None) -> Iterable[Change]:
    row = file.cohort
    if known is None:

        def add(session: Session) -> None:
            session.add(
                tables.Cohort(
                    name=row.name, starts=row.starts, ends=row.ends, zone=_cohort_zone(file)
                )
            )

        yield Change(
            f"a new cohort, {row.name}: {len(file.people)} people in {len(file.pairs)} pairs", add
        )
        return
    for field in ("starts", "ends"):
        old, new = getattr(known, field), getattr(row, field)
        if new is not None and old != new:
            yield _set(known, field, new, f"cohort {row.name}: {field} {old} becomes {new}")


def _cohort_zone(file: CohortFile) -> str:
    """The zone of its manager, else of the first person: the programme's own clock."""
    managers = [person for person in file.people if person.role == "manager"]
    return [*managers, *file.people][0].zone


def _person_changes(
    file: CohortFile, row: PersonRow, known: tables.Person | None, weekly_budget: int
) -> Iterable[Change]:
    if known is None:

        def add(session: Session) -> None:
            cohort = session.scalars(
                select(tables.Cohort).where(tables.Cohort.name == file.cohort.name)
            ).one()
            session.add(_person(row, cohort.id, weekly_budget))

        yield Change(f"a new {row.role}, {row.name}, in {row.zone}", add)
        return
    for field in ("name", "first_name", "role", "email", "zone", "country", "language"):
        old, new = getattr(known, field), getattr(row, field) or ""
        own = field in KEPT_BY_THEM and getattr(known, KEPT_BY_THEM[field])
        if (old or "") != new and not own and (new or field not in LEFT_ALONE):
            yield _set(
                known,
                field,
                new,
                f"{known.name}: {field} {old or 'nothing'} becomes {new or 'nothing'}",
            )
    if known.platform != row.platform and known.address is None:
        yield _set(
            known,
            "platform",
            row.platform,
            f"{known.name}: platform {known.platform} becomes {row.platform}",
        )


def _person(row: PersonRow, cohort: int, weekly_budget: int) -> tables.Person:
    return tables.Person(
        cohort_id=cohort,
        key=row.key,
        name=row.name,
        first_name=row.first_name,
        role=row.role,
        platform=row.platform,
        email=row.email,
        zone=row.zone,
        country=row.country or "",
        language=row.language,
        quiet_from=QUIET[0],
        quiet_to=QUIET[1],
        weekly_budget=weekly_budget,
    )


def _set(known: object, field: str, value: object, words: str) -> Change:
    return Change(words, lambda session: setattr(session.merge(known, load=False), field, value))


def _pair_changes(
    file: CohortFile, row: PairRow, known: tables.Pair | None, people: dict[str, tables.Person]
) -> Iterable[Change]:
    names = {person.key: person.name for person in file.people}
    both = f"{names[row.mentee]} & {names[row.mentor]}"
    if known is None:
        yield Change(f"a new pair, {both}", lambda session: _add_pair(session, file, row))
        return
    if known.kind != row.kind and known.began_at is None:
        yield _set(known, "kind", row.kind, f"pair {both}: {known.kind} becomes {row.kind}")
    keys = {person.id: key for key, person in people.items()}
    for field, new in (
        ("mentee_id", row.mentee),
        ("mentor_id", row.mentor),
        ("supervisor_id", row.supervisor),
    ):
        old = getattr(known, field)
        if keys.get(old) != new:
            words = (
                f"pair {both}: {field.removesuffix('_id')} becomes {names.get(new or '', 'nobody')}"
            )
            yield Change(words, _setting_person(known.id, field, file, new))


def _setting_person(
    pair: int, field: str, file: CohortFile, key: str | None
) -> Callable[[Session], None]:
    def do(session: Session) -> None:
        setattr(session.get_one(tables.Pair, pair), field, key and _person_id(session, file, key))

    return do


def _person_id(session: Session, file: CohortFile, key: str) -> int:
    person, cohort = tables.Person, tables.Cohort
    return session.scalars(
        select(person.id)
        .join(cohort, person.cohort_id == cohort.id)
        .where(cohort.name == file.cohort.name, person.key == key)
    ).one()


def _add_pair(session: Session, file: CohortFile, row: PairRow) -> None:
    cohort = session.scalars(
        select(tables.Cohort).where(tables.Cohort.name == file.cohort.name)
    ).one()
    session.add(
        tables.Pair(
            cohort_id=cohort.id,
            key=row.key,
            kind=row.kind,
            mentee_id=_person_id(session, file, row.mentee),
            mentor_id=_person_id(session, file, row.mentor),
            supervisor_id=_person_id(session, file, row.supervisor) if row.supervisor else None,
            rhythm_days=RHYTHM_DAYS,
            wishes={},
        )
    )


def invite(session: Session, person: int, now: datetime, token: str | None = None) -> str:
    """Make an invitation for somebody and give its token, of which only a hash is kept.

    It has 43 characters of `A-Za-z0-9_-`: a Telegram link takes 64 (Bot API, deep linking).
    """
    token = token or secrets.token_urlsafe(32)
    session.add(
        tables.Invitation(
            token_hash=token_hash(token), person_id=person, expires_at=now + INVITED_FOR
        )
    )
    return token
