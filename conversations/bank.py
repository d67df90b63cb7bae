"""The bank of reflective questions: what makes one fit to be asked.

The questions are data, in `prompts/<language>/questions.toml`, for a coach to edit; whoever reads
that file hands its parsed tables to `read_bank`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal

from conversations.wording import faults_in

Role = Literal["mentee", "mentor", "co-mentor"]

PHASES = (
    "before-first-meeting", "trust", "focus", "deepening", "between", "half-time",
    "obstacles", "ending", "impact", "mentors-practice", "turning-the-table",
)  # fmt: skip
CHOICES: Mapping[str, tuple[object, ...]] = {
    "phase": PHASES,
    "role": ("mentee", "mentor", "either", "both"),
    "kind": ("notice", "feel", "make-sense", "connect", "act"),
    "heat": (1, 2, 3),
    "when": ("any", "before-meeting", "after-meeting"),
}
SERVES: Mapping[str, tuple[Role, ...]] = {
    "mentors-practice": ("mentor",),
    "turning-the-table": ("co-mentor",),
}
"""Whom a phase serves, where that is not mentee and mentor alike."""
FEWEST, FEWEST_EACH = 6, 3
"""Questions in a phase, and among them for each role that it serves."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question as somebody wrote it; `faults` says whether it may be asked."""

    id: str
    version: int
    phase: str
    role: str
    """`either` and `both` fit anyone; `both` is also worth asking both at once (sealed answers)."""
    kind: str
    heat: int
    """1 light to 3 deep."""
    principle: str
    source: str
    text: str
    when: str = "any"
    language: str = "en"

    def suits(self, role: Role) -> bool:
        """Whether it is for this role; a co-mentor gets only what is for either or both."""
        return self.role in ("either", "both", role)


@dataclass(frozen=True, slots=True)
class Bank:
    """Questions without a fault, with the purpose of each phase and what each principle says."""

    questions: tuple[Question, ...]
    purposes: Mapping[str, str]
    principles: Mapping[str, str]


class BadBank(ValueError):
    """The bank of questions breaks its rules; every fault is named, with its place and remedy."""

    def __init__(self, found: Sequence[str]) -> None:
        super().__init__("\n- ".join(("The bank of questions has faults:", *found)))
        self.faults = tuple(found)


def faults(question: Question) -> tuple[str, ...]:
    """What keeps this question from being asked, each with its remedy; empty when nothing does."""
    worded = faults_in(question.text, question.language)
    return (*_misfits(question), *_seniority(question), *worded)


def _misfits(question: Question) -> Iterator[str]:
    for key, allowed in CHOICES.items():
        if (value := getattr(question, key)) not in allowed:
            yield f"its {key} is {value!r}; write one of {', '.join(map(str, allowed))}"
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", question.id):
        yield "its id is not kebab-case; write small letters, digits and single hyphens"
    if question.version < 1:
        yield f"its version is {question.version}; versions count from 1"


_SENIORITY = re.compile(
    r"(?i)\b(?:mentees?|mentor(?:s|es|as?|an?d[oa]s?|iz\w+)?|quien te (?:va a )?acompañar?)\b"
)


def _seniority(question: Question) -> Iterator[str]:
    # A co-mentor is asked these too, and must not read that one of the two is the senior.
    if question.suits("co-mentor") and _SENIORITY.search(question.text):
        yield "is for anyone but names a mentor or mentee; say 'the other person', or set its role"


@dataclass(frozen=True, slots=True)
class _Draft:
    place: str
    question: Question
    found: tuple[str, ...]


_KEYS = {f.name: int if f.name in ("version", "heat") else str for f in fields(Question)}
del _KEYS["language"]  # said once, at the head of the file


def read_bank(tables: Mapping[str, object]) -> Bank:
    """The bank in the parsed tables of a `questions.toml`: language, principle, phase, question.

    Raises BadBank naming every fault of every question, and of the bank as a whole, at once.
    """
    language, rows = tables.get("language", "en"), tables.get("question")
    if not isinstance(rows, list) or not rows:
        raise BadBank(["there are no questions; head each with [[question]], in two brackets"])
    drafts = [_draft(number, row, str(language)) for number, row in enumerate(rows, 1)]
    principles = {name: str(said) for name, said in _table(tables.get("principle")).items()}
    phases = {phase: _table(said) for phase, said in _table(tables.get("phase")).items()}
    purposes = {phase: str(said.get("purpose", "")) for phase, said in phases.items()}
    found = [f"{draft.place} {fault}" for draft in drafts for fault in draft.found]
    found += [*_strangers(tables), *_clashes(drafts), *_adrift(drafts, principles)]
    found += [*_misnamed(purposes), *_gaps([draft.question for draft in drafts])]
    if found:
        raise BadBank(found)
    return Bank(tuple(draft.question for draft in drafts), purposes, principles)


def _table(given: object) -> Mapping[str, Any]:
    return given if isinstance(given, Mapping) else {}


def _draft(number: int, row: object, language: str) -> _Draft:
    table = _table(row)
    sound = {key: said for key, said in table.items() if type(said) is _KEYS.get(key)}
    # What is missing is filled with something faultless, so that the rest is judged all the same.
    spare: dict[str, Any] = {"id": f"question-{number}", "text": f"What is number {number}?"}
    spare |= {"version": 1, "phase": "between", "role": "either", "kind": "notice", "heat": 1}
    spare |= {"principle": "", "source": "", "language": language}
    question = Question(**(spare | sound))
    place = f"question {number} ({table.get('id', 'without an id')})"
    return _Draft(place, question, (*_misshapen(table), *faults(question)))


def _misshapen(table: Mapping[str, object]) -> Iterator[str]:
    for key, kind in _KEYS.items():
        remedy = f"write {key} = " + ("1, a whole number" if kind is int else "words in quotes")
        if key not in table and key != "when":
            yield f"has no {key}; {remedy}"
        elif key in table and type(table[key]) is not kind:
            yield f"its {key} is {table[key]!r}; {remedy}"
    for key in sorted(table.keys() - _KEYS.keys()):
        yield f"has {key!r}, which no question has; take it out, or mend its spelling"


def _strangers(tables: Mapping[str, object]) -> Iterator[str]:
    for key in sorted(tables.keys() - {"language", "principle", "phase", "question"}):
        yield f"{key!r} is no part of a bank; take it out, or mend its spelling"


def _adrift(drafts: Sequence[_Draft], principles: Mapping[str, str]) -> Iterator[str]:
    for draft in drafts:
        if (named := draft.question.principle) and named not in principles:
            yield f"{draft.place} serves {named!r}; define that under [principle], or mend it"


def _clashes(drafts: Sequence[_Draft]) -> Iterator[str]:
    ids: dict[str, str] = {}
    texts: dict[str, str] = {}
    for draft in drafts:
        words = " ".join(re.findall(r"\w+", draft.question.text.casefold()))
        if (first := ids.setdefault(draft.question.id, draft.place)) != draft.place:
            yield f"{draft.place} has the id of {first}; give it one of its own"
        if (first := texts.setdefault(words, draft.place)) != draft.place:
            yield f"{draft.place} asks the same as {first}; keep one of the two"


def _misnamed(purposes: Mapping[str, str]) -> Iterator[str]:
    for phase in sorted(purposes.keys() - set(PHASES)):
        yield f"phase {phase} is unknown; write one of {', '.join(PHASES)}"
    for phase in PHASES:
        if not purposes.get(phase):
            yield f"phase {phase} has no purpose; add one under [phase.{phase}]"


def _gaps(questions: Sequence[Question]) -> Iterator[str]:
    for phase in PHASES:
        here = [question for question in questions if question.phase == phase]
        if len(here) < FEWEST:
            yield f"phase {phase} has {len(here)} questions; write at least {FEWEST}"
        for role in SERVES.get(phase, ("mentee", "mentor")):
            if (count := sum(question.suits(role) for question in here)) < FEWEST_EACH:
                yield f"phase {phase} has {count} for a {role}; write at least {FEWEST_EACH}"
