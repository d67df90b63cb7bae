"""The cast of a rehearsal: a cohort of any size, invented from a seed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count

from bot.cohort.rows import CohortFile, CohortRow, PairRow, PersonRow, Role
from bot.rehearsal.temper import FIRST_NAMES, PLACES

PAIRS_TO_A_SUPERVISOR = 10
SURNAMES = ("Adeyemi", "Brandt", "Costa", "Dunne", "Eriksen", "Fischer", "Grau", "Hughes", "Ivanov")


def cast_for(pairs: int, weeks: int, begins: date) -> CohortFile:
    """Give a cohort of that many pairs, one supervisor to ten of them, and a manager."""
    names = _names()
    people = [_person(key, next(names), "mentee", number) for number, key in _keys("mentee", pairs)]
    people += [
        _person(key, next(names), "mentor", number * 3 + 1)
        for number, key in _keys("mentor", pairs)
    ]
    supervisors = -(-pairs // PAIRS_TO_A_SUPERVISOR)
    people += [
        _person(key, next(names), "supervisor", 2) for _, key in _keys("supervisor", supervisors)
    ]
    people.append(_person("manager1", next(names), "manager", 2))
    cohort = CohortRow("The rehearsal", begins, begins + timedelta(weeks=weeks))
    return CohortFile(cohort, tuple(people), tuple(_pair(number) for number in range(1, pairs + 1)))


def _keys(role: str, many: int) -> Iterator[tuple[int, str]]:
    return ((number, f"{role}{number}") for number in range(1, many + 1))


def _names() -> Iterator[str]:
    for number in count():
        first = FIRST_NAMES[number % len(FIRST_NAMES)]
        yield f"{first} {SURNAMES[(number // len(FIRST_NAMES)) % len(SURNAMES)]}"


def _person(key: str, name: str, role: Role, place: int) -> PersonRow:
    zone, country = PLACES[place % len(PLACES)]
    return PersonRow(
        key=key,
        name=name,
        first_name=name.split(maxsplit=1)[0],
        role=role,
        platform="telegram" if role == "mentee" else "slack",
        email=None,
        zone=zone,
        country=country,
        language="en",
        line=0,
    )


def _pair(number: int) -> PairRow:
    supervisor = f"supervisor{(number - 1) // PAIRS_TO_A_SUPERVISOR + 1}"
    return PairRow(f"pair{number}", "mentoring", f"mentee{number}", f"mentor{number}", supervisor)
