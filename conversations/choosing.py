"""Choosing a reflective question, by phase, role, moment and history: same facts, same question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Literal

from conversations.bank import Bank, Question, Role
from conversations.story import Kind as PairKind

Moment = Literal["any", "before-meeting", "after-meeting"]
REST = timedelta(days=90)
"""How long a question rests before the same person can meet it again."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that a person was asked, and their tap afterwards."""

    question_id: str
    at: datetime
    landed: bool | None = None
    """True for `landed`, False for `not for me`, None where they tapped neither."""


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
