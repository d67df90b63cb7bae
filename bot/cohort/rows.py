"""A cohort as its file tells it: who takes part, who is paired with whom, from when to when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Role = Literal["mentee", "mentor", "co-mentor", "supervisor", "manager"]
Platform = Literal["telegram", "slack", "playground"]
Kind = Literal["mentoring", "co-mentoring"]


@dataclass(frozen=True, slots=True)
class CohortRow:
    """What the file says of the cohort as a whole."""

    name: str
    starts: date | None
    """The first day, or None where the file does not say."""
    ends: date | None
    """The last day, or None where the file does not say."""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person, as one line of the file has them."""

    key: str
    """How a later file finds the same person; always in lower case."""
    name: str
    first_name: str
    role: Role
    platform: Platform
    email: str | None
    zone: str
    """IANA name, such as Europe/Madrid."""
    country: str | None
    """Whose public holidays they keep: ISO 3166 alpha-2, perhaps with a subdivision (ES-MD)."""
    language: str
    """Such as `en` or `pt-BR`; empty where the file names none."""
    line: int = field(compare=False)
    """Where in the file they stand."""


@dataclass(frozen=True, slots=True)
class PairRow:
    """Two people who meet."""

    key: str
    """How a later file finds the same pair; always in lower case."""
    kind: Kind
    mentee: str
    """The key of the one who leads; in co-mentoring, of the one named first in the file."""
    mentor: str
    supervisor: str | None
    """The key of a person of this file, or None where nobody supervises the pair."""


@dataclass(frozen=True, slots=True)
class CohortFile:
    """A whole file that was found sound."""

    cohort: CohortRow
    people: tuple[PersonRow, ...]
    """In the file's order."""
    pairs: tuple[PairRow, ...]
    """By the line of whoever of the two is named first."""
