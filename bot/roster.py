"""Who is who: people and pairs, as one transaction knows them.

Every turn reads some and changes a few. That is done in plain statements, built once, and each row
is read once: the ORM's unit of work took half of a turn for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, time
from typing import Any, TypeVar, cast

from sqlalchemy import Executable, Select, TableClause, bindparam, select, update
from sqlalchemy.orm import Session

from bot.store import tables
from bot.store.database import later, run_past
from bot.store.later import About


@dataclass(slots=True)
class Person:
    """Somebody in a cohort; `bot.store.tables.Person` says what each column means."""

    id: int
    cohort_id: int
    name: str
    first_name: str
    role: str
    platform: str
    address: str | None
    closed_at: datetime | None
    closed_why: str | None
    zone: str
    zone_is_own: bool
    country: str
    language: str
    language_is_own: bool
    quiet_from: time
    quiet_to: time
    weekly_budget: int
    lines: str
    welcomed_at: datetime | None
    declined_at: datetime | None
    paused_until: datetime | None
    spoke_at: datetime | None
    stopped_at: datetime | None
    ignored: int
    asked_less_at: datetime | None

    @property
    def can_be_reached(self) -> bool:
        """Whether anything that is pushed reaches them: they joined, stayed and let us in."""
        return self.welcomed_at is not None and self.stopped_at is None and self.closed_at is None


@dataclass(slots=True)
class Pair:
    """Two people who meet to think together; `bot.store.tables.Pair` explains its columns."""

    id: int
    cohort_id: int
    kind: str
    mentee_id: int
    mentor_id: int
    supervisor_id: int | None
    began_at: datetime | None
    rhythm_days: int
    terms: dict[str, Any] | None
    agreed_at: datetime | None
    wishes: dict[str, Any]
    ended_at: datetime | None
    due_at: datetime | None

    @property
    def both(self) -> tuple[int, int]:
        """Give who they are, the mentee first."""
        return self.mentee_id, self.mentor_id

    def other(self, person: int) -> int:
        """Give whom somebody of the two meets."""
        return self.mentor_id if person == self.mentee_id else self.mentee_id


PEOPLE = tables.rows_of(tables.Person)
PAIRS = tables.rows_of(tables.Pair)


def _columns(table: TableClause, kind: type[Person] | type[Pair]) -> Select[Any]:
    return select(*(table.c[each.name] for each in fields(kind)))


ANY_PERSON: Select[Any] = _columns(PEOPLE, Person)
"""What `Roster.people` reads; a caller says which."""
ANY_PAIR: Select[Any] = _columns(PAIRS, Pair).order_by(PAIRS.c.id)
"""What `Roster.pairs` reads; a caller says which."""
_PERSON = ANY_PERSON.where(PEOPLE.c.id == bindparam("number"))
_SEVERAL = ANY_PERSON.where(PEOPLE.c.id.in_(bindparam("numbers", expanding=True)))
_AT = ANY_PERSON.where(
    PEOPLE.c.platform == bindparam("platform"),
    PEOPLE.c.address.in_(bindparam("addresses", expanding=True)),
)
_PAIR = ANY_PAIR.where(PAIRS.c.id == bindparam("number"))
_PAIRS_OF = ANY_PAIR.where(
    (PAIRS.c.mentee_id == bindparam("person")) | (PAIRS.c.mentor_id == bindparam("person"))
)
_LOCKED_OF_SEVERAL = ANY_PAIR.where(
    PAIRS.c.mentee_id.in_(bindparam("numbers", expanding=True))
    | PAIRS.c.mentor_id.in_(bindparam("numbers", expanding=True))
).with_for_update()
_LOCKED_SEVERAL = ANY_PAIR.where(
    PAIRS.c.id.in_(bindparam("numbers", expanding=True))
).with_for_update()
_WATCHED_BY = ANY_PAIR.where(PAIRS.c.supervisor_id == bindparam("person"))
_LOCKED = _PAIR.with_for_update()
_LOCKED_OF = _PAIRS_OF.with_for_update()
_CHANGE_PERSON = update(PEOPLE).where(PEOPLE.c.id == bindparam("number"))
_CHANGE_PAIR = update(PAIRS).where(PAIRS.c.id == bindparam("number"))


Row = TypeVar("Row", Person, Pair)


def _about(row: Person | Pair) -> About:
    return ("person" if isinstance(row, Person) else "pair"), row.id


@dataclass(slots=True)
class Roster:
    """People and pairs, each read when it is first asked for."""

    session: Session
    _people: dict[int, Person] = field(default_factory=dict)
    _at: dict[tuple[str, str], Person | None] = field(default_factory=dict)
    _pairs: dict[int, Pair] = field(default_factory=dict)
    _pairs_of: dict[int, tuple[Pair, ...]] = field(default_factory=dict)
    _locked: set[int] = field(default_factory=set)
    """Pairs whose lock this transaction has, and both of whom were read since."""

    def read_ahead(self, places: Iterable[tuple[str, str]]) -> None:
        """Read whoever is at these platforms and addresses, and both of their pairs, under locks.

        As one, where each turn would read its own.
        """
        addresses: dict[str, list[str]] = defaultdict(list)
        for platform, address in places:
            if (platform, address) not in self._at:
                self._at[platform, address] = None
                addresses[platform].append(address)
        speakers = set[int]()
        for platform, here in addresses.items():
            for person in self.people(_AT, platform=platform, addresses=here):
                self._at[platform, cast(str, person.address)] = person
                speakers.add(person.id)
        if speakers:
            theirs = self._hold(_LOCKED_OF_SEVERAL, list(speakers))
            for number in speakers:
                self._pairs_of[number] = tuple(pair for pair in theirs if number in pair.both)

    def read_pairs_ahead(self, pairs: Sequence[int]) -> None:
        """Read these pairs and both of each, under locks."""
        if pairs:
            self._hold(_LOCKED_SEVERAL, pairs)

    def _hold(self, which: Executable, numbers: Sequence[int]) -> Sequence[Pair]:
        """Read pairs under their locks, and then both of each, as others left them."""
        held = self._read_pairs(which, numbers=numbers)
        both = {each for pair in held for each in pair.both}
        if unread := both - self._people.keys() if self._is_alone else both:
            self._read_people(_SEVERAL, numbers=sorted(unread))
        self._locked.update(pair.id for pair in held)
        return held

    def at(self, platform: str, address: str) -> Person | None:
        """Give who is at an address, or None for a stranger."""
        if (platform, address) not in self._at:
            found = self.people(_AT, platform=platform, addresses=[address])
            self._at[platform, address] = found[0] if found else None
        return self._at[platform, address]

    def person(self, number: int) -> Person:
        """Give a person."""
        return self._people.get(number) or self._read_people(_PERSON, number=number)[0]

    def pair(self, number: int) -> Pair:
        """Give a pair."""
        return self._pairs.get(number) or self._read_pairs(_PAIR, number=number)[0]

    def pairs_of(self, person: int) -> Sequence[Pair]:
        """Give the pairs that somebody is one of, oldest first."""
        if person not in self._pairs_of:
            self._pairs_of[person] = tuple(self._read_pairs(_PAIRS_OF, person=person))
        return self._pairs_of[person]

    def watched_by(self, person: int) -> Sequence[Pair]:
        """Give the pairs that somebody supervises, oldest first."""
        return self._read_pairs(_WATCHED_BY, person=person)

    def locked_pair(self, number: int) -> Pair:
        """Give a pair under its lock, as another process may have left it a moment ago."""
        if self._is_alone or number in self._locked:
            return self.pair(number)
        return self._read_pairs(_LOCKED, number=number)[0]

    def locked_pairs_of(self, person: int) -> Sequence[Pair]:
        """Give the pairs that somebody is one of under their locks, oldest first.

        All lock them in this order, so that no two wait for each other.
        """
        known = self._pairs_of.get(person)
        if self._is_alone or (known is not None and self._locked.issuperset(p.id for p in known)):
            return self.pairs_of(person)
        return self._read_pairs(_LOCKED_OF, person=person)

    def read_both_again(self, pair: Pair) -> None:
        """Read both of a pair, whose lock the caller has, as others left them before that."""
        if not (self._is_alone or pair.id in self._locked):
            self._read_people(_SEVERAL, numbers=pair.both)

    @property
    def _is_alone(self) -> bool:
        """Whether nothing changes but by this transaction: SQLite lets in one writer at a time."""
        return self.session.get_bind().dialect.name == "sqlite"

    def people(self, which: Executable, **values: object) -> list[Person]:
        """Give the people that a narrowed `ANY_PERSON` finds."""
        later(self.session).write()
        return self._read_people(which, **values)

    def pairs(self, which: Select[Any], **values: object) -> list[Pair]:
        """Give the pairs that a narrowed `ANY_PAIR` finds."""
        later(self.session).write()
        return self._read_pairs(which, **values)

    # What follows finds people and pairs by what never changes, and so minds nothing that waits.

    def _read_people(self, which: Executable, **values: object) -> list[Person]:
        rows = run_past(self.session, which, values)
        return [self._kept(self._people, Person(*row)) for row in rows]

    def _read_pairs(self, which: Executable, **values: object) -> list[Pair]:
        rows = run_past(self.session, which, values)
        return [self._kept(self._pairs, Pair(*row)) for row in rows]

    def _kept(self, known: dict[int, Row], read: Row) -> Row:
        """Give the one that everybody holds, as it was read just now, and was changed since."""
        held = known.setdefault(read.id, read)
        if held is not read:
            for name in read.__slots__:
                setattr(held, name, getattr(read, name))
        for name, value in later(self.session).waiting(_about(held)).items():
            setattr(held, name, value)
        return held

    def change(self, row: Person | Pair, **values: object) -> None:
        """Change columns of one of them, here and in the database."""
        for name, value in values.items():
            setattr(row, name, value)
        change = _CHANGE_PERSON if isinstance(row, Person) else _CHANGE_PAIR
        later(self.session).change(change, _about(row), values)
        if "address" in values:
            self._at.clear()

    def look_again(self, person: int, at: datetime) -> None:
        """Let the rules look then at every pair that somebody is one of."""
        for pair in self.pairs_of(person):
            self.change(pair, due_at=at)


def roster_of(session: Session) -> Roster:
    """Give the one roster of a session's transaction, which all of its turns share."""
    roster: Roster = session.info.setdefault("roster", Roster(session))
    return roster


def forget_roster(session: Session) -> None:
    """Let nobody know what is undone by now, or was changed past the roster."""
    session.info.pop("roster", None)
