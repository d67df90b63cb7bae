"""Forgetting what came by and went out, once nothing needs it any more.

What people keep (goals, reflections, hopes, notes) stands in columns of its own, and stays until
they delete it. The inbox, the journals of what was talked about and the words of messages only
carry it: a while after a conversation has ended nobody will look at them again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, Executable, Text, bindparam, cast, delete, select, update
from sqlalchemy.orm import Session

from bot.store import tables
from bot.store.database import run
from bot.talks import QUESTION, TALK

KEPT = timedelta(days=30)
"""Longer than a platform brings anything again, and long enough to look into a fault."""
AT_A_TIME = 200
"""Conversations in one transaction: nobody's turn is to wait for this."""

_ARRIVAL = tables.rows_of(tables.Arrival)
_ENTRY = tables.rows_of(tables.JournalEntry)
_MESSAGE = tables.rows_of(tables.Message)

_ON_ITS_WAY = _MESSAGE.c.state.in_(("pending", "sending"))
_BLANK_MESSAGE: dict[str, Any] = {"runs": [], "options": [], "files": [], "stale_at": None}
_COME_BY = select(_ARRIVAL.c.id).where(_ARRIVAL.c.done_at < bindparam("before")).limit(AT_A_TIME)
_OF_THEM: BindParameter[Any] = bindparam("them", expanding=True)
_DROP = delete(_ARRIVAL).where(_ARRIVAL.c.id.in_(_OF_THEM))
_TALKED_OVER = (
    select(TALK.c.id)
    .where(TALK.c.ended_at < bindparam("before"))
    .where(select(_ENTRY.c.step).where(_ENTRY.c.conversation_id == TALK.c.id).exists())
    .where(
        ~select(_MESSAGE.c.id).where(_MESSAGE.c.conversation_id == TALK.c.id, _ON_ITS_WAY).exists()
    )
    .limit(AT_A_TIME)
)
_BLANK_SHOWN = (
    update(_MESSAGE).where(_MESSAGE.c.conversation_id.in_(_OF_THEM)).values(_BLANK_MESSAGE),
    update(QUESTION).where(QUESTION.c.conversation_id.in_(_OF_THEM)).values(options=[], chosen=[]),
)
_BLANK_BEHIND = (
    update(TALK).where(TALK.c.id.in_(_OF_THEM)).values(arguments={}),
    # Last: a conversation without a journal is one that was forgotten.
    delete(_ENTRY).where(_ENTRY.c.conversation_id.in_(_OF_THEM)),
)
_SAID = (
    select(_MESSAGE.c.id)
    .where(_MESSAGE.c.conversation_id.is_(None), _MESSAGE.c.put_at < bindparam("before"))
    .where(~_ON_ITS_WAY, cast(_MESSAGE.c.runs, Text) != "[]")
    .limit(AT_A_TIME)
)
_BLANK_SAID = update(_MESSAGE).where(_MESSAGE.c.id.in_(_OF_THEM)).values(_BLANK_MESSAGE)
Steps = Sequence[tuple[Executable, Sequence[Executable]]]
ALL_OF_IT: Steps = (
    (_COME_BY, (_DROP,)),
    (_TALKED_OVER, (*_BLANK_SHOWN, *_BLANK_BEHIND)),
    (_SAID, (_BLANK_SAID,)),
)
BEHIND_THE_PAGE: Steps = ((_TALKED_OVER, _BLANK_BEHIND),)
"""What nobody is shown: the playground's page is people's phones, and keeps what these would."""


def forget(session: Session, now: datetime, steps: Steps = ALL_OF_IT) -> bool:
    """Forget some of what is older than thirty days. Gives whether more of it may be left.

    That an event arrived, a conversation was had or a message was sent stays known, without its
    words; what failed stays whole until it was run again.
    """
    left = False
    for which, blanks in steps:
        them = list(run(session, which, {"before": now - KEPT}).scalars())
        left = left or len(them) == AT_A_TIME
        for blank in blanks if them else ():
            run(session, blank, {"them": them})
    return left
