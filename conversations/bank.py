"""The bank of reflective questions: what makes one fit to be asked, and which one comes next.

The questions are data, in `prompts/<language>/questions.toml`, for a coach to edit; whoever reads
that file hands its parsed tables to `read_bank`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any, Literal

from conversations.story import Kind as PairKind

Role = Literal["mentee", "mentor", "co-mentor"]
Moment = Literal["any", "before-meeting", "after-meeting"]

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
REST = timedelta(days=90)
"""How long a question rests before the same person can meet it again."""


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


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that a person was asked, and their tap afterwards."""

    question_id: str
    at: datetime
    landed: bool | None = None
    """True for `landed`, False for `not for me`, None where they tapped neither."""


class BadBank(ValueError):
    """The bank of questions breaks its rules; every fault is named, with its place and remedy."""

    def __init__(self, found: Sequence[str]) -> None:
        super().__init__("\n- ".join(("The bank of questions has faults:", *found)))
        self.faults = tuple(found)


_AUX = (
    r"(?:am|are|can|could|did|do|does|had|has|have|is|may|might|must|ought|shall|should|was|were"
    r"|will|would|(?:are|ca|could|did|do|does|had|has|have|is|should|was|were|wo|would)n't)\b"
)
_OPEN = r"\b(?:what|which|who|whom|whose|where|when|how|why)\b"
_ADVICE = (
    r"\b(?:you should|you ought|you'd better|you had better|you might want|try to|try and|why not"
    r"|why don't you|how about|what about|remember to|make sure|be sure to|don't forget|great"
    r"|have you (?:considered|thought|tried)|i (?:suggest|recommend)|well done|good (?:job|for you)"
    r"|congratulations|amazing|awesome|brilliant|excellent|fantastic|wonderful|impressive)\b"
)
_LEAD = r"(?:(?!what|which|who|where|how|why)[^?,]*,\s+)?"  # "When you left, did you …"
_CLOSED = rf"(?:\A|[.:?!]\s+){_LEAD}{_AUX}"
_CHECKING = rf", (?:right|ok|okay|yes|no|correct|agreed|eh|{_AUX}(?: \w+)?)\?\s*\Z|\bor not\?\s*\Z"
_FORM = (
    (r"(?s)\A.{181}", "its text has {length} characters; shorten it to 180 at most"),
    (r"!", "has an exclamation mark; end it calmly"),
    (r";", "has a semicolon; keep one idea"),
    (r"(?s)\?.*\?", "asks more than once; keep one question mark and give the rest its own id"),
    (r"(?:\A|[^?\s])\s*\Z", "does not end in a question mark; end with the question itself"),
)
_ENGLISH = (
    (_CLOSED, "can be answered yes or no ('{found}'); begin with what, which, who, where or how"),
    (_CHECKING, "checks rather than asks ('{found}'); leave that ending out"),
    (rf"(?s)\A(?!.*{_OPEN})", "asks nothing open; ask what, which, who, where, when or how"),
    (rf"\b(?:and|or) {_OPEN}", "holds two ideas ('{found}'); keep one, give the other an id"),
    (_ADVICE, "hides advice or praise ('{found}'); ask what the person thinks instead"),
)


def faults(question: Question) -> tuple[str, ...]:
    """What keeps this question from being asked, each with its remedy; empty when nothing does.

    The rules about wording know English; in any other language only the rules of form hold.
    """
    text = question.text.replace("\u2019", "'")
    rules = _FORM + (_ENGLISH if question.language == "en" else ())
    matches = ((re.search(pattern, text, re.IGNORECASE), fault) for pattern, fault in rules)
    worded = (f.format(found=m[0].strip(), length=len(text)) for m, f in matches if m)
    return (*_misfits(question), *_seniority(question), *worded)


def _misfits(question: Question) -> Iterator[str]:
    for key, allowed in CHOICES.items():
        if (value := getattr(question, key)) not in allowed:
            yield f"its {key} is {value!r}; write one of {', '.join(map(str, allowed))}"
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", question.id):
        yield "its id is not kebab-case; write small letters, digits and single hyphens"
    if question.version < 1:
        yield f"its version is {question.version}; versions count from 1"


def _seniority(question: Question) -> Iterator[str]:
    # A co-mentor is asked these too, and must not read that one of the two is the senior.
    if question.suits("co-mentor") and re.search(r"(?i)\bment(or|ee)s?\b", question.text):
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


def choose_question(  # noqa: PLR0913  (whom, where they stand, when: all of it decides)
    bank: Bank,
    asked: Sequence[Asked],
    *,
    role: Role,
    phase: str,
    moment: Moment,
    heat_allowed: int,
    now: datetime,
    seed: int,
) -> Question | None:
    """The question to ask this person next, or None when nothing fits.

    What was never asked comes first, from the phase and then from `between`; after that, what has
    rested for 90 days. Among these a kind they said is not for them comes last, one made for this
    moment before one for any, and a kind that landed draws three lots where others draw one.
    """
    last = _last_asked(asked)
    fitting = [q for q in bank.questions if q.suits(role) and q.heat <= heat_allowed]
    fitting = [q for q in fitting if q.when in ("any", moment)]
    fresh = [q for q in fitting if q.id not in last]
    rested = [q for q in fitting if q.id in last and now - last[q.id] >= REST]
    liking = _liking(bank, asked)
    for pool in (fresh, rested):
        for place in (phase, "between"):
            if here := [q for q in pool if q.phase == place]:
                return min(here, key=lambda q: _rank(q, moment, liking[q.kind], seed))
    return None


def _last_asked(asked: Sequence[Asked]) -> Mapping[str, datetime]:
    return {one.question_id: one.at for one in sorted(asked, key=lambda one: one.at)}


def _liking(bank: Bank, asked: Sequence[Asked]) -> Counter[str]:
    kinds = {question.id: question.kind for question in bank.questions}
    told = [one for one in asked if one.landed is not None and one.question_id in kinds]
    liked = Counter(kinds[one.question_id] for one in told if one.landed)
    liked.subtract(kinds[one.question_id] for one in told if not one.landed)
    return liked


def _rank(question: Question, moment: Moment, liking: int, seed: int) -> tuple[bool, bool, bytes]:
    # Lots hang on the id, so that a question added to the bank does not reshuffle the others.
    lots = (f"{seed}/{question.id}/{lot}" for lot in range(3 if liking > 0 else 1))
    lowest = min(blake2b(lot.encode(), digest_size=8).digest() for lot in lots)
    return (liking < 0, question.when != moment, lowest)


def heat_allowed(
    *, began_at: datetime | None, last_low_rating_at: datetime | None, now: datetime
) -> int:
    """The deepest heat that may be asked now, 1 to 3.

    No 3 in the first four weeks, nor within a day of a low rating, before or after. That 2 waits
    for the second week is our own choice: the practice leaves it open. Not begun counts as new.
    """
    age = timedelta(0) if began_at is None else now - began_at
    if age < timedelta(weeks=1):
        return 1
    tender = last_low_rating_at is not None and abs(now - last_low_rating_at) <= timedelta(days=1)
    return 2 if tender or age < timedelta(weeks=4) else 3


def phase_of(  # noqa: PLR0913  (each is a line of the table)
    *,
    met: int,
    share: float,
    agreed: bool,
    goals_set: bool,
    stalled: bool,
    kind: PairKind,
    role: Role,
    turn: int,
) -> str:
    """The phase from which to ask this person next; the first line that holds decides.

    | when                                                    | phase                    |
    | no meeting held yet                                     | before-first-meeting     |
    | the programme is over (share 1 or more)                 | impact                   |
    | its last tenth (share from 0.9)                         | ending                   |
    | the pair is stalled                                     | obstacles                |
    | its middle (share 0.45 to 0.6)                          | half-time                |
    | every third turn, in co-mentoring                       | turning-the-table        |
    | every third turn, of a mentor                           | mentors-practice         |
    | even turns: after one meeting or unagreed; later        | trust; between           |
    | odd turns: after one meeting or without goals; later    | focus; deepening         |

    `met` counts meetings held, `turn` the questions asked of this person so far; `share` is 0 to 1.
    """
    if met == 0:
        return "before-first-meeting"
    if share >= 0.9:
        return "impact" if share >= 1 else "ending"
    if stalled:
        return "obstacles"
    if 0.45 <= share <= 0.6:
        return "half-time"
    if turn % 3 == 2 and (aside := _aside(kind, role)):
        return aside
    if turn % 2:
        return "deepening" if goals_set and met > 1 else "focus"
    return "between" if agreed and met > 1 else "trust"


def _aside(kind: PairKind, role: Role) -> str:
    if kind == "co-mentoring":
        return "turning-the-table"
    return "mentors-practice" if role == "mentor" else ""
