"""What no row can tell alone: whether people, pairs, supervisors and dates fit together.

Where a row could not be read in full, nothing is said that it might have answered: one slip is one
fault.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from bot.cohort.fault import Faults, Wrong, nearest, shown
from bot.cohort.rows import CohortRow, Kind, PairRow, PersonRow

PAIRED = frozenset({"mentee", "mentor", "co-mentor"})
MOST_COMPARED = 500
"""Supervisors among whom a misspelt one is looked for, so that no file keeps us busy for long."""
WHOLE = (["mentee", "mentor"], ["co-mentor", "co-mentor"])


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the file: the person, and what it says of others."""

    person: PersonRow
    """In the columns that are `unread`, a stand-in."""
    pairs: tuple[str, ...]
    supervisor: str
    """A key, or empty."""
    cohort: str
    starts: date | None
    ends: date | None
    unread: frozenset[str]
    """The columns whose cell on this line is missing or wrong."""


def check_people(rows: Sequence[Row], faults: Faults) -> None:
    """Nobody twice, and nobody in a pair who should not be or out of one who should."""
    keys: dict[str, int] = {}
    emails: dict[str, int] = {}
    for row in rows:
        if "key" not in row.unread:
            _check_once(row, "key", row.person.key, keys, faults)
        if row.person.email:
            _check_once(row, "email", row.person.email.casefold(), emails, faults)
        if not row.unread & {"role", "pair"}:
            _check_membership(row, faults)


def _check_once(row: Row, column: str, value: str, seen: dict[str, int], faults: Faults) -> None:
    first = seen.setdefault(value, row.person.line)
    if first != row.person.line:
        wrong = Wrong(
            f"{shown(value)} is on line {first} already.",
            "Keep one row for each person; a mentor's several pairs go in one cell, p1; p2.",
        )
        faults.add(row.person.line, column, wrong)


def _check_membership(row: Row, faults: Faults) -> None:
    role, pairs = row.person.role, row.pairs
    if role in PAIRED and not pairs:
        wrong = Wrong(f"This {role} is in no pair.", "Write the pair's key, the same on both rows.")
    elif role not in PAIRED and pairs:
        wrong = Wrong(
            f"A {role} is in no pair.",
            "Leave it empty; name supervisors on the pair's rows, in the column supervisor.",
        )
    elif role != "mentor" and len(pairs) > 1:
        wrong = Wrong(f"A {role} is in one pair only.", f"Keep one of {', '.join(pairs)}.")
    else:
        return
    faults.add(row.person.line, "pair", wrong)


def check_supervisors(rows: Sequence[Row], lost: frozenset[str], faults: Faults) -> None:
    """Every supervisor who is named is a supervisor or manager of this file."""
    by_key = {row.person.key: row for row in rows if "key" not in row.unread}
    for row in rows:
        wrong = _supervisor_wrong(row, by_key, lost) if row.supervisor else None
        if wrong:
            faults.add(row.person.line, "supervisor", wrong)


def _supervisor_wrong(row: Row, by_key: Mapping[str, Row], lost: frozenset[str]) -> Wrong | None:
    named = by_key.get(row.supervisor)
    if row.person.role not in PAIRED and "role" not in row.unread:
        return Wrong(f"A {row.person.role} has no supervisor here.", "Leave it empty.")
    if named is None:
        return None if "key" in lost else _nobody(row.supervisor, by_key.values())
    if named.person.role in PAIRED and "role" not in named.unread:
        return Wrong(
            f"{shown(row.supervisor)} (line {named.person.line}) is a {named.person.role}.",
            "Name somebody whose role is supervisor or manager.",
        )
    return None


def _nobody(key: str, rows: Iterable[Row]) -> Wrong:
    def remedy() -> str:
        known = (row.person.key for row in rows if row.person.role not in PAIRED)
        likely = nearest(key, islice(known, MOST_COMPARED))
        return f"Did you mean {likely}?" if likely else "Add the supervisor's row, or mend the key."

    return Wrong(f"Nobody in the file has the key {shown(key)}.", remedy)


def pairs_of(rows: Sequence[Row], lost: frozenset[str], faults: Faults) -> tuple[PairRow, ...]:
    """The pairs, of which those with a fault are left out."""
    members: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        # A supervisor named as one of a pair was told of already, and is not counted as one.
        if row.person.role in PAIRED or "role" in row.unread:
            for pair in row.pairs:
                members[pair].append(row)
    found = (_pair(key, two, lost, faults) for key, two in members.items())
    return tuple(pair for pair in found if pair)


def _pair(key: str, members: Sequence[Row], lost: frozenset[str], faults: Faults) -> PairRow | None:
    # Somebody who has two rows was told of already, and still counts as one.
    people = {(r.person.key or r.person.line, r.person.role): r.person for r in members}
    roles = sorted(person.role for person in people.values())
    supervisor = _supervisor_of(key, members, faults)
    if roles not in WHOLE:
        could_be_whole = len(people) < 2 and "pair" in lost
        if not could_be_whole and not any("role" in row.unread for row in members):
            faults.add(members[-1].person.line, "pair", _not_a_pair(key, people.values()))
        return None
    first, second = sorted(
        people.values(), key=lambda person: (person.role != "mentee", person.line)
    )
    kind: Kind = "mentoring" if first.role == "mentee" else "co-mentoring"
    return PairRow(key, kind, first.key, second.key, supervisor)


def _not_a_pair(key: str, people: Collection[PersonRow]) -> Wrong:
    some = [f"a {person.role} (line {person.line})" for person in islice(people, 5)]
    if len(people) > len(some):
        some.append(f"{len(people) - len(some)} more")
    only = "only " if len(people) == 1 else ""
    return Wrong(
        f"The pair {shown(key)} has {only}{' and '.join(some)}.",
        "Give it one mentee and one mentor, or two co-mentors.",
    )


def _supervisor_of(key: str, members: Sequence[Row], faults: Faults) -> str | None:
    """The one supervisor that the members name, or None if they name nobody."""
    named = [row for row in members if row.supervisor]
    for row in named:
        if row.supervisor != named[0].supervisor:
            wrong = Wrong(
                f"The pair {shown(key)} has another supervisor on line {named[0].person.line}.",
                "Name the same on both rows, or only on the mentee's.",
            )
            faults.add(row.person.line, "supervisor", wrong)
    return named[0].supervisor if named else None


def cohort_of(rows: Sequence[Row], faults: Faults) -> CohortRow:
    """The one cohort that the rows speak of."""
    names = [(row.person.line, row.cohort) for row in rows if row.cohort]
    starts = [(row.person.line, row.starts) for row in rows if row.starts]
    ends = [(row.person.line, row.ends) for row in rows if row.ends]
    for column, given in (("cohort", names), ("starts", starts), ("ends", ends)):
        _check_alike(column, given, faults)
    if starts and ends and ends[0][1] < starts[0][1]:
        wrong = Wrong(
            f"The cohort ends ({ends[0][1]}) before it starts ({starts[0][1]}).",
            "Write a last day after the first.",
        )
        faults.add(ends[0][0], "ends", wrong)
    return CohortRow(
        names[0][1] if names else "The cohort",
        starts[0][1] if starts else None,
        ends[0][1] if ends else None,
    )


def _check_alike(column: str, given: Sequence[tuple[int, object]], faults: Faults) -> None:
    for line, value in given:
        if value != given[0][1]:
            first = f"{shown(str(given[0][1]))} on line {given[0][0]}"
            wrong = Wrong(
                f"{shown(str(value))} differs from {first}.",
                "A file holds one cohort: write the same, or leave it empty.",
            )
            faults.add(line, column, wrong)
