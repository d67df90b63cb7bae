"""The end of the programme: what was still to be asked is asked no more."""

from __future__ import annotations

from sqlalchemy import bindparam, exists

from bot import talks
from bot.deeds.dispatch import perform
from bot.store import tables
from bot.turn import Turn
from conversations.endings import CallBackNudges

_MESSAGE = tables.rows_of(tables.Message)
_WAITS_TO_BE_ASKED = exists().where(
    _MESSAGE.c.conversation_id == talks.TALK.c.id,
    _MESSAGE.c.person_id == bindparam("person"),
    _MESSAGE.c.state == tables.PENDING,
    _MESSAGE.c.manner != "say",
    # What the partner waits for, or a meeting needs, is no idea of the bot's.
    _MESSAGE.c.nature.in_(("nudge", "notice")),
)
_UNASKED = talks.TALKS.where(
    talks.TALK.c.pair_id == bindparam("pair"), talks.TALK.c.ended_at.is_(None), _WAITS_TO_BE_ASKED
)


@perform.register
def _(command: CallBackNudges, turn: Turn) -> None:
    for talk in talks.talks(turn.session, _UNASKED, pair=command.pair, person=command.person):
        talks.end_early(turn.session, talk, turn.now)
