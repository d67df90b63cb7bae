"""What somebody wrote in a window: the chat shows it under its question until they delete it.

Typed words stand in the chat by themselves. Those of a window are nowhere else, and so the message
that asked for them holds them; nobody but the bot could take them out of it again.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select, tuple_, update
from sqlalchemy.orm import Session

from bot.store import tables
from bot.store.database import run

HOW = "written"
"""How a question was closed that was answered in a window (`question.how`)."""
_QUESTION = tables.rows_of(tables.Question)
_ENTRY = tables.rows_of(tables.JournalEntry)
_MESSAGE = tables.rows_of(tables.Message)
IS_ITS_ENTRY = (
    (_ENTRY.c.conversation_id == _QUESTION.c.conversation_id)
    & (_ENTRY.c.step == _QUESTION.c.step)
    & (_QUESTION.c.how == HOW)
)
"""What joins a question that was answered in a window with its answer in the journal."""
_WRITTEN = (
    select(_QUESTION.c.conversation_id, _QUESTION.c.step, _ENTRY.c.outcome)
    .join(_ENTRY, IS_ITS_ENTRY)
    .where(_QUESTION.c.person_id == bindparam("person"))
)


def words_of(outcome: object) -> str:
    """Give the words that an outcome in the journal is; empty where it is anything else."""
    words = outcome.get("words") if isinstance(outcome, dict) else None
    return words if isinstance(words, str) else ""


def take_out(session: Session, person: int, words: str, now: datetime) -> None:
    """Let no message show these words any more that somebody wrote in a window."""
    rows = run(session, _WRITTEN, {"person": person})
    holding = [(talk, step) for talk, step, outcome in rows if words_of(outcome) == words]
    if not holding:
        return
    for table, values in (
        (_QUESTION, {"how": "answered"}),
        (_MESSAGE, {"stale_at": now}),
    ):
        asked = tuple_(table.c.conversation_id, table.c.step).in_(holding)
        run(session, update(table).where(asked).values(**values))
