"""A turn's transaction, moment and cause, and what is said in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from bot.outbox import opens_at
from bot.saying import Reader
from bot.settings import Programme
from bot.store import tables
from bot.stories import hours_of
from bot.words import Words
from conversations.meetings import Meeting
from conversations.talk import Pair, Role, Who

RANKS = {"announcement": 1}
"""What can wait goes behind; everything else keeps its order."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What every turn of this programme shares."""

    words: Words
    programme: Programme


_PAIRS = tables.rows_of(tables.Pair)
_TOUCH = update(_PAIRS).where(_PAIRS.c.id == bindparam("number")).values(due_at=bindparam("moment"))
_TOUCH_PAIRS_OF = (
    update(_PAIRS)
    .where(
        (_PAIRS.c.mentee_id == bindparam("number")) | (_PAIRS.c.mentor_id == bindparam("number"))
    )
    .values(due_at=bindparam("moment"))
)


@dataclass(slots=True)
class Turn:
    """One turn's transaction, moment and cause."""

    session: Session
    setup: Setup
    now: datetime
    speaker: int | None = None
    """Whose event this is; None where the clock brought it."""
    people: dict[int, tables.Person] = field(default_factory=dict)

    def person(self, number: int) -> tables.Person:
        """Give a person's row, read once a turn."""
        if number not in self.people:
            self.people[number] = self.session.get_one(tables.Person, number)
        return self.people[number]

    def who(self, number: int) -> Who:
        """Give a person as conversations know them."""
        person = self.person(number)
        return Who(person.id, person.first_name, cast(Role, person.role))

    def pair(self, number: int) -> Pair:
        """Give a pair as conversations know it."""
        pair = self.session.get_one(tables.Pair, number)
        return Pair(pair.id, self.who(pair.mentee_id), self.who(pair.mentor_id))

    def touch(self, pair: int) -> None:
        """Let the rules look at a pair again: something they decide on has changed."""
        self.session.execute(_TOUCH, {"number": pair, "moment": self.now})

    def touch_pairs_of(self, person: int) -> None:
        """Let the rules look again at every pair that somebody is one of."""
        self.session.execute(_TOUCH_PAIRS_OF, {"number": person, "moment": self.now})


def meeting_of(turn: Turn, number: int) -> Meeting:
    """Give a meeting as conversations know it."""
    row = turn.session.get_one(tables.Meeting, number)
    return Meeting(row.id, row.starts_at, row.minutes)


_QUESTIONS = tables.rows_of(tables.Question)
_MESSAGES = tables.rows_of(tables.Message)
_CLOSE_QUESTIONS = (
    update(_QUESTIONS)
    .where(_QUESTIONS.c.conversation_id == bindparam("talk"), _QUESTIONS.c.closed_at.is_(None))
    .values(closed_at=bindparam("moment"), how="overtaken")
)
_CALL_BACK = (
    update(_MESSAGES)
    .where(
        _MESSAGES.c.conversation_id == bindparam("talk"),
        _MESSAGES.c.state == tables.PENDING,
        _MESSAGES.c.manner != "say",
    )
    .values(state="dead", why="overtaken")
)


def end_early(turn: Turn, row: tables.Conversation) -> None:
    """End a conversation where it stands.

    What it had still to say that nobody has read is called back.
    """
    turn.session.flush()
    row.ended_at, row.wake_at = turn.now, None
    turn.session.execute(_CLOSE_QUESTIONS, {"talk": row.id, "moment": turn.now})
    turn.session.execute(_CALL_BACK, {"talk": row.id})


def reader_of(turn: Turn, number: int) -> Reader:
    """Give a person as the words need to know them."""
    person = turn.person(number)
    return Reader(
        person.id,
        person.first_name,
        cast(Role, person.role),
        person.zone,
        turn.setup.words.language,
        lambda other: turn.person(other).zone,
    )


@dataclass(frozen=True, slots=True)
class Saying:
    """Something to put in the outbox."""

    person: int
    line: str
    runs: Sequence[Sequence[str]]
    manner: str = "say"
    options: Sequence[Sequence[str]] = ()
    files: Sequence[Sequence[str]] = ()


def put(
    turn: Turn,
    saying: Saying,
    row: tables.Conversation | None = None,
    step: int | None = None,
    *,
    announcement: int | None = None,
) -> tables.Message | None:
    """Put something in the outbox. None, and nothing, if the person is not to be written to."""
    nature = _nature(turn, saying.person, row, announcement)
    person = turn.person(saying.person)
    here = person.welcomed_at is not None and person.stopped_at is None
    # A welcome that they put off is asked again tomorrow, though they have not said yes.
    if nature not in ("reply", "invitation") and not here:
        return None
    message = tables.Message(
        person_id=saying.person,
        conversation_id=row.id if row else None,
        step=step,
        announcement_id=announcement,
        nature=nature,
        rank=RANKS.get(nature, 0),
        line=saying.line,
        runs=list(saying.runs),
        manner=saying.manner,
        options=list(saying.options),
        files=list(saying.files),
        put_at=turn.now,
        not_before=opens_at(person, hours_of(person, turn.setup.programme), nature, turn.now),
        expires_at=row.expires_at if row and nature != "reply" else None,
        state="pending",
        tries=0,
    )
    turn.session.add(message)
    return message


def _nature(
    turn: Turn, person: int, row: tables.Conversation | None, announcement: int | None
) -> str:
    """What speaks first gets a reply.

    What one side's answer brings the other is a relay; the clock's has its own name.
    """
    if announcement is not None:
        return "announcement"
    if turn.speaker == person:
        return "reply"
    if turn.speaker is not None:
        return "relay"
    return row.nature if row and row.nature != "wish" else "notice"


def say_to(turn: Turn, person: int, line: str, **values: object) -> None:
    """Say one line outside any conversation."""
    rendered = turn.setup.words.render(line, values, reader_of(turn, person))
    put(turn, Saying(person, line, [[r.text, r.style, r.href] for r in rendered.runs]))
