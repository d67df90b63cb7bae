"""A turn: one event, or one due moment, taken in one transaction.

Replay, act, journal, put in the outbox, done.

No platform is called in here. A crash at any instruction undoes the turn as a whole, so nothing is
lost or done twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import bindparam, insert, select, update

from bot.calendars import calendar_file
from bot.deeds import find, perform
from bot.store import tables
from bot.turn import Saying, Turn, end_early, meeting_of, put, reader_of, say_to
from conversations.catalogue import Conversation, conversation
from conversations.meetings import Meeting
from conversations.plain import JSON, from_plain, to_plain
from conversations.replay import Entry, Telling
from conversations.talk import Do, Look, Pair, Question, Say, Step, Wait, Who, option_key


@dataclass(frozen=True, slots=True)
class About:
    """What a conversation is about: whom it is with, and what makes a second one needless."""

    person: int | None = None
    pair: int | None = None
    meeting: int | None = None
    subject: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    """Arguments beyond these, by the conversation's own names for them."""
    until: datetime | None = None
    """When it becomes pointless."""


def begin(turn: Turn, name: str, about: About) -> tables.Conversation:
    """Begin a conversation and run it as far as it goes.

    An open one about the same is overtaken.
    """
    kind = conversation(name)
    key = f"{name}:{about.pair or ''}:{about.person or ''}:{about.subject}"
    overtake(turn, key)
    row = tables.Conversation(
        name=kind.name,
        version=kind.version,
        arguments=_arguments(turn, kind, about),
        about=key,
        pair_id=about.pair,
        nature=kind.nature,
        expires_at=about.until,
        began_at=turn.now,
    )
    turn.session.add(row)
    turn.session.flush()
    go_on(turn, row)
    return row


def _arguments(turn: Turn, kind: Conversation, about: About) -> dict[str, JSON]:
    """Fill a conversation's parameters.

    The first person and the pair by their type, all else by name.
    """
    given: dict[str, JSON] = {}
    for name, hint in kind.parameters().items():
        if name in about.values:
            given[name] = to_plain(about.values[name])
        elif hint is Who and about.person is not None:
            given[name] = to_plain(turn.who(about.person))
        elif hint is Pair and about.pair is not None:
            given[name] = to_plain(turn.pair(about.pair))
        elif hint is Meeting and about.meeting is not None:
            given[name] = to_plain(meeting_of(turn, about.meeting))
    return given


_OPEN = select(tables.Conversation).where(
    tables.Conversation.about == bindparam("about"), tables.Conversation.ended_at.is_(None)
)


def overtake(turn: Turn, about: str) -> None:
    """End every open conversation about this; its questions close without an answer."""
    for row in turn.session.scalars(_OPEN, {"about": about}).all():
        end_early(turn, row)


def go_on(
    turn: Turn, row: tables.Conversation, outcome: JSON = None, *, answered: str = ""
) -> None:
    """Run a conversation from where its journal ends, with `outcome` for the step it stands at.

    Raises Diverged where the journal and the code disagree.
    """
    kind = conversation(row.name, row.version)
    journal = _journal(turn, row)
    with Telling(kind.tell(**_read_arguments(kind, row.arguments)), journal) as telling:
        step_number = len(journal)
        if answered:
            _take_down(turn, row, step_number, telling, outcome)
            step_number += 1
        while telling.step is not None and _can_go_on(turn, row, step_number, telling.step):
            _take_down(turn, row, step_number, telling, _act(turn, row, step_number, telling.step))
            step_number += 1
        if telling.step is None:
            row.ended_at, row.wake_at = turn.now, None


def _read_arguments(kind: Conversation, given: Mapping[str, JSON]) -> dict[str, object]:
    hints = kind.parameters()
    return {name: from_plain(value, hints[name]) for name, value in given.items()}


_JOURNAL = (
    select(tables.JournalEntry.key, tables.JournalEntry.outcome)
    .where(tables.JournalEntry.conversation_id == bindparam("talk"))
    .order_by(tables.JournalEntry.step)
)


_TAKE_DOWN = insert(tables.rows_of(tables.JournalEntry))


def _journal(turn: Turn, row: tables.Conversation) -> list[Entry]:
    rows = turn.session.connection().execute(_JOURNAL, {"talk": row.id})
    return [Entry(key, outcome) for key, outcome in rows]


def _take_down(
    turn: Turn, row: tables.Conversation, number: int, telling: Telling, outcome: JSON
) -> None:
    """Journal one step and hand its outcome on; the conversation reads it as every replay will."""
    entry = Entry(cast(Step[Any], telling.step).key, outcome)
    written = {"conversation_id": row.id, "step": number, "key": entry.key, "at": turn.now}
    turn.session.execute(_TAKE_DOWN, {**written, "outcome": outcome})
    telling.give(entry)


def _can_go_on(turn: Turn, row: tables.Conversation, number: int, step: Step[Any]) -> bool:
    """Whether a step can be taken now.

    A question is put and then waits, as does a moment to come.
    """
    if isinstance(step, Question):
        _put_question(turn, row, number, step)
        return False
    if isinstance(step, Wait) and step.until > turn.now:
        row.wake_at = step.until
        return False
    return True


def _act(turn: Turn, row: tables.Conversation, number: int, step: Step[Any]) -> JSON:
    """Take one step that needs nobody's answer, and give its outcome for the journal."""
    match step:
        case Say():
            for who in step.to:
                _put_line(turn, row, number, step, who)
            return None
        case Look():
            return to_plain(find(step.lookup, turn))
        case Do():
            turn.session.flush()
            return to_plain(perform(step.command, turn))
    return None


def _put_line(turn: Turn, row: tables.Conversation, number: int, step: Say, who: Who) -> None:
    rendered = turn.setup.words.render(step.line, step.values, reader_of(turn, who.id))
    files = [calendar_file(turn, meeting, who.id) for meeting in step.calendar]
    said = Saying(
        who.id, step.line, [[r.text, r.style, r.href] for r in rendered.runs], files=files
    )
    put(turn, said, row, number)


def _put_question(turn: Turn, row: tables.Conversation, number: int, step: Question[Any]) -> None:
    rendered = turn.setup.words.render(
        step.line, step.values, reader_of(turn, step.who.id), step.options
    )
    keys = [option_key(option, place) for place, option in enumerate(step.options, 1)]
    options = [list(pair) for pair in zip(keys, rendered.labels, strict=True)]
    manner = type(step).__name__.lower()
    runs = [[r.text, r.style, r.href] for r in rendered.runs]
    message = put(turn, Saying(step.who.id, step.line, runs, manner, options), row, number)
    asked_at = message.not_before if message else turn.now
    closes_at = min([asked_at + step.within, *([row.expires_at] if row.expires_at else [])])
    turn.session.add(
        tables.Question(
            conversation_id=row.id,
            step=number,
            person_id=step.who.id,
            manner=manner,
            options=options,
            takes_words=step.takes_words,
            asked_at=asked_at,
            closes_at=closes_at,
            chosen=[],
        )
    )
    row.wake_at = closes_at


def answer(turn: Turn, question: tables.Question, outcome: JSON) -> None:
    """Close a question with its outcome and go on with the conversation that asked it."""
    row = turn.session.get_one(tables.Conversation, question.conversation_id, with_for_update=True)
    question.closed_at, question.how = turn.now, _how(outcome)
    if isinstance(outcome, dict) and "chosen" in outcome:
        question.chosen = list(cast(Sequence[str], outcome["chosen"]))
    if question.how != "lapsed":
        row.answered_at = row.answered_at or turn.now
        _call_back(turn, question)
    go_on(turn, row, outcome, answered=question.manner)


def _how(outcome: JSON) -> str:
    return next(
        (how for how in ("lapsed", "skipped") if isinstance(outcome, dict) and how in outcome),
        "answered",
    )


_UNANSWERED = select(tables.Question).where(
    tables.Question.conversation_id == bindparam("talk"), tables.Question.closed_at.is_(None)
)


def wake(turn: Turn, row: tables.Conversation) -> None:
    """Go on with a conversation whose moment has come.

    A wait is over, or a question ran out unanswered.
    """
    question = turn.session.scalars(_UNANSWERED, {"talk": row.id}).first()
    if question is None:
        row.wake_at = None
        go_on(turn, row)
        return
    message = _last_asking(turn, question)
    state = message.state if message else None
    if state in ("pending", "sending") and (row.expires_at is None or row.expires_at > turn.now):
        # It never went out, so its time has not begun: an outage must not answer for anybody.
        row.wake_at = turn.now + timedelta(days=1)
        return
    if (closes_at := _closes_at(row, question, message)) > turn.now:
        row.wake_at = closes_at
        return
    if state in ("sent", "unknown"):
        count_ignored(turn, question, row)
    answer(turn, question, {"lapsed": True})


_ASKING = (
    select(tables.Message)
    .where(
        tables.Message.conversation_id == bindparam("talk"),
        tables.Message.step == bindparam("step"),
    )
    .order_by(tables.Message.id.desc())
    # Couriers mark what they carry past the session.
    .execution_options(populate_existing=True)
)


def _last_asking(turn: Turn, question: tables.Question) -> tables.Message | None:
    """Give the message that asks it, the latest where it was put off.

    None if nobody could be asked.
    """
    asked = {"talk": question.conversation_id, "step": question.step}
    return turn.session.scalars(_ASKING, asked).first()


def _asked_from(question: tables.Question, message: tables.Message) -> datetime:
    """Since when its time was to be counted, had the message gone out at once."""
    return max(question.asked_at, message.put_at)


def _closes_at(
    row: tables.Conversation, question: tables.Question, message: tables.Message | None
) -> datetime:
    """When its time is over, counted from when it went out, however late that was."""
    late = timedelta(0)
    if message is not None and message.sent_at is not None:
        late = max(late, message.sent_at - _asked_from(question, message))
    return min([question.closes_at + late, *([row.expires_at] if row.expires_at else [])])


_MESSAGES = tables.rows_of(tables.Message)
_CALL_BACK = (
    update(_MESSAGES)
    .where(
        _MESSAGES.c.conversation_id == bindparam("talk"),
        _MESSAGES.c.step == bindparam("asked"),
        _MESSAGES.c.state == tables.PENDING,
    )
    .values(state="dead", why="overtaken")
)


def _call_back(turn: Turn, question: tables.Question) -> None:
    """Let nothing ask it any more that has not gone out: it is answered, or put off once more."""
    asked = {"talk": question.conversation_id, "asked": question.step}
    turn.session.execute(_CALL_BACK, asked)


def count_ignored(turn: Turn, question: tables.Question, row: tables.Conversation) -> None:
    """Note that something pushed to a person went by unanswered; one conversation counts once."""
    if row.nature not in ("nudge", "notice") or row.answered_at is not None:
        return
    person = turn.person(question.person_id)
    person.ignored += 1
    turn.touch_pairs_of(person.id)


def put_off(turn: Turn, question: tables.Question) -> None:
    """Ask the same again tomorrow; its time is counted anew from then."""
    message = _last_asking(turn, question)
    if message is None:
        return
    row = turn.session.get_one(tables.Conversation, question.conversation_id)
    within = question.closes_at - _asked_from(question, message)
    _call_back(turn, question)
    tomorrow = replace(turn, now=turn.now + timedelta(days=1), speaker=None)
    again = Saying(
        question.person_id,
        message.line,
        message.runs,
        message.manner,
        message.options,
        message.files,
    )
    put(tomorrow, again, row, question.step)
    question.closes_at = row.wake_at = tomorrow.now + within
    say_to(turn, question.person_id, "put_off")
