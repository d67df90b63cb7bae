"""Questions that were pressed, read ahead for all turns of a pass, with what answering them needs.

A question comes with its conversation and that one's journal, all under the conversation's lock.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeAlias

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot.arrivals import Waiting
from bot.store.database import later, run
from bot.talks import ENTRY, QUESTION, QUESTIONS, TALK, TALKS, AskedQuestion, Held, Talk, about
from conversations.replay import Entry

Name: TypeAlias = tuple[int, int]
"""A question's conversation and step."""
_OF_A_QUESTION = list(QUESTIONS.selected_columns)
_WIDTH = len(_OF_A_QUESTION)
_NAMED = (
    select(*_OF_A_QUESTION, *TALKS.selected_columns)
    .join(TALK, TALK.c.id == QUESTION.c.conversation_id)
    .where(QUESTION.c.conversation_id.in_(bindparam("talks", expanding=True)))
    .where(QUESTION.c.step.in_(bindparam("steps", expanding=True)))
    .order_by(QUESTION.c.conversation_id)
    .with_for_update()
)
_JOURNALS = (
    select(ENTRY.c.conversation_id, ENTRY.c.key, ENTRY.c.outcome)
    .where(ENTRY.c.conversation_id.in_(bindparam("talks", expanding=True)))
    .order_by(ENTRY.c.conversation_id, ENTRY.c.step)
)
_TABLES = {"conversation", "question", "journal_entry"}


def name_of(text: str) -> Name | None:
    """Read a question's name, `conversation.step` and whatever follows; None if it is none."""
    talk, _, rest = text.partition(".")
    step = rest.partition(".")[0]
    return (int(talk), int(step)) if is_a_number(talk) and is_a_number(step) else None


def is_a_number(text: str) -> bool:
    """Whether this can be a number of ours; the databases take no larger one."""
    return text.isdecimal() and len(text) < 10


def read_ahead(session: Session, arrivals: Iterable[Waiting]) -> None:
    """Read whatever questions these events name."""
    texts = (str(each.body.get("data") or each.body.get("asked", "")) for each in arrivals)
    names = {name for name in map(name_of, texts) if name is not None}
    later(session).changed.clear()
    session.info["ahead"] = _read(session, names) if names else {}


def question(session: Session, name: Name) -> AskedQuestion | None:
    """Give a question, as it was read ahead if nothing of its conversation was written since."""
    known: dict[Name, AskedQuestion] = session.info.get("ahead", {})
    changed = later(session).changed
    if name in known and about(name[0]) not in changed and changed.isdisjoint(_TABLES):
        return known[name]
    return _read(session, [name]).get(name)


def _read(session: Session, names: Collection[Name]) -> Mapping[Name, AskedQuestion]:
    # That finds a few more than are named; but either database looks them up by its index.
    among = {"talks": sorted({talk for talk, _ in names}), "steps": sorted({s for _, s in names})}
    rows = run(session, _NAMED, among).all()
    journals: dict[int, list[Entry]] = defaultdict(list)
    numbers: list[Any] = [row.conversation_id for row in rows]
    for talk, key, outcome in run(session, _JOURNALS, {"talks": numbers}) if rows else ():
        journals[talk].append(Entry(key, outcome))
    found: dict[Name, AskedQuestion] = {}
    for row in rows:
        values = [*row[:_WIDTH], Held(Talk(*row[_WIDTH:]), journals[row[0]])]
        found[row[0], row[1]] = AskedQuestion(*values)
    return found
