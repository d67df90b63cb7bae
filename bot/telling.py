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

from sqlalchemy import Row, bindparam, select

from bot import talks
from bot.calendars import calendar_file
from bot.deeds import find, perform
from bot.store import tables
from bot.store.database import run
from bot.talks import QUESTION, TALK, AskedQuestion, Held, Talk
from bot.turn import Saying, Turn, meeting_of, put, reader_of, say_to, soonest
from conversations.catalogue import Conversation, conversation
from conversations.meetings import Meeting
from conversations.plain import JSON, from_plain, to_plain
from conversations.replay import Entry, Telling
from conversations.tact import left_alone
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


def begin(turn: Turn, name: str, about: About) -> Talk:
    """Begin a conversation and run it as far as it goes.

    An open one about the same is overtaken.
    """
    kind = conversation(name)
    key = f"{name}:{about.pair or ''}:{about.person or ''}:{about.subject}"
    overtake(turn, key)
    talk = talks.write_begun(
        turn.session,
        turn.now,
        name=kind.name,
        version=kind.version,
        arguments=_arguments(turn, kind, about),
        about=key,
        pair_id=about.pair,
        nature=kind.nature,
        expires_at=about.until,
    )
    _move_on(turn, Held(talk, ()))
    return talk


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


_OPEN = talks.TALKS.where(TALK.c.about == bindparam("subject"), TALK.c.ended_at.is_(None))


def overtake(turn: Turn, about: str) -> None:
    """End every open conversation about this; its questions close without an answer."""
    for talk in talks.talks(turn.session, _OPEN, subject=about):
        talks.end_early(turn.session, talk, turn.now)


def go_on(turn: Turn, talk: Talk) -> None:
    """Run a conversation, which the caller has locked, from where its journal ends.

    Raises Diverged where the journal and the code disagree.
    """
    _move_on(turn, talks.held(turn.session, talk))


def _move_on(turn: Turn, held: Held, *outcomes: JSON) -> None:
    """Run a conversation on from its journal, first with the outcomes that are known already."""
    talk, journal, known = held.talk, list(held.journal), list(outcomes)
    kind = conversation(talk.name, talk.version)
    so_far = len(journal)
    with Telling(kind.tell(**_read_arguments(kind, talk.arguments)), journal) as telling:
        until = _take_steps(turn, talk, telling, journal, known)
    talks.write_taken(turn.session, talk, journal, so_far, turn.now)
    if until is None:
        talks.write_ended(turn.session, talk, turn.now)
    else:
        talks.write_waits(turn.session, talk, until)


def _take_steps(
    turn: Turn, talk: Talk, telling: Telling, journal: list[Entry], outcomes: list[JSON]
) -> datetime | None:
    """Take steps, adding each to the journal, and give until when it stops; None at its end."""
    while (step := telling.step) is not None:
        if outcomes:
            outcome = outcomes.pop()
        elif (until := _stops_until(turn, talk, len(journal), step)) is not None:
            return until
        else:
            outcome = _act(turn, talk, len(journal), step)
        journal.append(telling.take(outcome))
    return None


def _read_arguments(kind: Conversation, given: Mapping[str, JSON]) -> dict[str, object]:
    hints = kind.parameters()
    return {name: from_plain(value, hints[name]) for name, value in given.items()}


def _stops_until(turn: Turn, talk: Talk, number: int, step: Step[Any]) -> datetime | None:
    """Give until when a conversation stops at a step, or None if the step can be taken now.

    A question is put and then waits, as does a moment to come.
    """
    if isinstance(step, Question):
        return _put_question(turn, talk, number, step)
    if isinstance(step, Wait) and step.until > turn.now:
        return step.until
    return None


def _act(turn: Turn, talk: Talk, number: int, step: Step[Any]) -> JSON:
    """Take one step that needs nobody's answer, and give its outcome for the journal."""
    match step:
        case Say():
            for who in step.to:
                _put_line(turn, talk, number, step, who)
            return None
        case Look():
            return to_plain(find(step.lookup, turn))
        case Do():
            turn.session.flush()
            return to_plain(perform(step.command, turn))
    return None


def _put_line(turn: Turn, talk: Talk, number: int, step: Say, who: Who) -> None:
    rendered = turn.setup.words.render(step.line, step.values, reader_of(turn, who.id, turn.now))
    files = [calendar_file(turn, meeting, who.id) for meeting in step.calendar]
    said = Saying(
        who.id, step.line, [[r.text, r.style, r.href] for r in rendered.runs], files=files
    )
    put(turn, said, talk, number)


def _put_question(turn: Turn, talk: Talk, number: int, step: Question[Any]) -> datetime:
    """Put a question, and give when its time is over."""
    rendered = turn.setup.words.render(
        step.line, step.values, reader_of(turn, step.who.id, turn.now), step.options
    )
    keys = [option_key(option, place) for place, option in enumerate(step.options, 1)]
    options = [list(pair) for pair in zip(keys, rendered.labels, strict=True)]
    manner = step.manner
    runs = [[r.text, r.style, r.href] for r in rendered.runs]
    asking = Saying(step.who.id, step.line, runs, manner, options, until=step.until)
    asked_at = put(turn, asking, talk, number) or turn.now
    closes_at = _no_later(asked_at + step.within, soonest(talk.expires_at, step.until))
    asked = AskedQuestion(
        talk.id,
        number,
        step.who.id,
        manner,
        options,
        step.takes_words,
        asked_at,
        closes_at,
        (),
        None,
    )
    talks.write_asked(turn.session, asked)
    turn.changed.add(step.who.id)
    return closes_at


def _no_later(at: datetime, pointless: datetime | None) -> datetime:
    """A question does not outlive what it is about."""
    return at if pointless is None else min(at, pointless)


def answer(turn: Turn, asked: AskedQuestion, outcome: JSON, by: str = "answered") -> None:
    """Close a question with its outcome and go on with the conversation that asked it.

    `by` is how it was closed, unless the outcome is that nobody answered.
    """
    turn.changed.add(asked.person)
    how, chosen = _how(outcome, by), asked.chosen
    held = asked.held or talks.held(turn.session, talks.locked(turn.session, asked.talk))
    if how != "lapsed":
        talks.write_answered(turn.session, held.talk, turn.now)
    if isinstance(outcome, dict) and "chosen" in outcome:
        chosen = cast(Sequence[str], outcome["chosen"])
    talks.write_closed(turn.session, asked, how, chosen, turn.now)
    talks.settle(turn.session, asked, turn.now)
    _move_on(turn, held, outcome)


def _how(outcome: JSON, by: str) -> str:
    return next(
        (how for how in ("lapsed", "skipped") if isinstance(outcome, dict) and how in outcome), by
    )


_UNANSWERED = talks.QUESTIONS.where(
    QUESTION.c.conversation_id == bindparam("talk"), QUESTION.c.closed_at.is_(None)
)


def wake(turn: Turn, talk: Talk) -> None:
    """Go on with a conversation whose moment has come.

    A wait is over, or a question ran out unanswered.
    """
    unanswered = talks.questions(turn.session, _UNANSWERED, talk=talk.id)
    if not unanswered:
        go_on(turn, talk)
        return
    [asked] = unanswered
    message = last_asking(turn, asked)
    state = message.state if message else None
    pointless = soonest(talk.expires_at, message.expires_at if message else None)
    if state in ("pending", "sending") and (pointless is None or pointless > turn.now):
        # It never went out, so its time has not begun: an outage must not answer for anybody.
        talks.write_waits(turn.session, talk, turn.now + timedelta(days=1))
    elif (closes_at := _no_later(_closes_at(turn, asked, message), pointless)) > turn.now:
        talks.write_waits(turn.session, talk, closes_at)
    else:
        if state in ("sent", "unknown"):
            count_ignored(turn, asked, talk)
        answer(turn, asked, {"lapsed": True})


_MESSAGES = tables.rows_of(tables.Message)
_ASKING = (
    select(
        _MESSAGES.c.line,
        _MESSAGES.c.runs,
        _MESSAGES.c.manner,
        _MESSAGES.c.options,
        _MESSAGES.c.files,
        _MESSAGES.c.nature,
        _MESSAGES.c.state,
        _MESSAGES.c.expires_at,
        _MESSAGES.c.put_at,
        _MESSAGES.c.sent_at,
    )
    .where(_MESSAGES.c.conversation_id == bindparam("talk"), _MESSAGES.c.step == bindparam("asked"))
    .order_by(_MESSAGES.c.id.desc())
    .limit(1)
)


def last_asking(turn: Turn, asked: AskedQuestion) -> Row[*tuple[Any, ...]] | None:
    """Give the message that asks it, the latest where it was put off.

    None if nobody could be asked.
    """
    return run(turn.session, _ASKING, {"talk": asked.talk, "asked": asked.step}).first()


def _asked_from(asked: AskedQuestion, message: Row[*tuple[Any, ...]]) -> datetime:
    """Since when its time was to be counted, had the message gone out at once."""
    return max(asked.asked_at, cast(datetime, message.put_at))


def _closes_at(turn: Turn, asked: AskedQuestion, message: Row[*tuple[Any, ...]] | None) -> datetime:
    """When its time is over, counted from when it went out, however late that was.

    While the partner waits for their answer, a pause takes none of it away.
    """
    if message is None or message.sent_at is None:
        return asked.closes_at
    late = max(timedelta(0), message.sent_at - _asked_from(asked, message))
    if message.nature == "relay":
        late += _paused_since(turn, asked.person, message.sent_at)
    closes_at: datetime = asked.closes_at + late
    return closes_at


_BREAKS = tables.rows_of(tables.BreakTaken)
_PAUSES_SINCE = select(_BREAKS.c.starts_at, _BREAKS.c.ends_at).where(
    _BREAKS.c.person_id == bindparam("person"), _BREAKS.c.ends_at > bindparam("since")
)


def _paused_since(turn: Turn, person: int, since: datetime) -> timedelta:
    """How long somebody has been in a pause since then, to the end of one that runs now."""
    pauses = run(turn.session, _PAUSES_SINCE, {"person": person, "since": since})
    return sum((ends - max(starts, since) for starts, ends in pauses), timedelta(0))


def count_ignored(turn: Turn, asked: AskedQuestion, talk: Talk) -> None:
    """Note that something pushed to a person went by unanswered; one conversation counts once."""
    if talk.nature not in ("nudge", "notice") or talk.answered_at is not None:
        return
    person = turn.person(asked.person)
    turn.roster.change(person, ignored=person.ignored + 1)
    if left_alone(person.ignored):
        turn.touch_pairs_of(person.id)


_PEOPLE = tables.rows_of(tables.Person)
_OPEN_ON = talks.QUESTIONS.where(
    QUESTION.c.closed_at.is_(None),
    QUESTION.c.asked_at <= bindparam("now"),
    # What ran out meanwhile lapses, whether its own turn comes before this or behind.
    QUESTION.c.closes_at > bindparam("now"),
    QUESTION.c.person_id.in_(
        select(_PEOPLE.c.id).where(
            _PEOPLE.c.platform == bindparam("name"),
            _PEOPLE.c.address.startswith(bindparam("within")),
            _PEOPLE.c.closed_at.is_(None),
        )
    ),
).order_by(QUESTION.c.asked_at, QUESTION.c.conversation_id)


def offer_again(turn: Turn, platform: str, within: str) -> None:
    """Ask every open question there once more: what was pressed meanwhile may be lost.

    `within` is what the addresses begin with; empty for a whole platform.
    """
    there = {"name": platform, "within": within}
    for asked in talks.questions(turn.session, _OPEN_ON, now=turn.now, **there):
        message = last_asking(turn, asked)
        if message is not None and message.state in ("sent", "unknown"):
            ask_again(turn, asked)


def put_off(turn: Turn, asked: AskedQuestion) -> None:
    """Ask the same again tomorrow; its time is counted anew from then."""
    message = last_asking(turn, asked)
    if message is None:
        return
    within = asked.closes_at - _asked_from(asked, message)
    tomorrow = turn.now + timedelta(days=1)
    ask_again(turn, asked, tomorrow)
    talk = talks.locked(turn.session, asked.talk)
    closes_at = _no_later(tomorrow + within, message.expires_at)
    talks.write_longer(turn.session, asked, closes_at)
    talks.write_waits(turn.session, talk, closes_at)
    say_to(turn, asked.person, "put_off")


def _nature_again(talk: Talk, nature: str) -> str:
    """As what a question is asked once more, when nobody has just spoken.

    What somebody waits for, the partner or they themselves, keeps its time over a pause, waits for
    the pause's end, and is no idea of the bot's that counts in a budget: that is what a relay does.
    """
    waited_for = nature in ("relay", "reply") or talk.nature == "wish"
    return "relay" if waited_for and talk.nature != "invitation" else talk.nature


def ask_again(turn: Turn, asked: AskedQuestion, at: datetime | None = None) -> None:
    """Put a question once more as it was, now or then; it stays open as long as it was."""
    message = last_asking(turn, asked)
    if message is None:
        return
    talks.settle(turn.session, asked, turn.now)
    again = Saying(
        asked.person,
        message.line,
        message.runs,
        message.manner,
        message.options,
        message.files,
        message.expires_at,
    )
    talk = talks.locked(turn.session, asked.talk)
    if at is None and turn.speaker == asked.person:
        put(turn, again, talk, asked.step)
    else:
        then = replace(turn, now=at or turn.now, speaker=None)
        put(then, again, replace(talk, nature=_nature_again(talk, message.nature)), asked.step)
    if asked.chosen:
        # It goes out as it was first asked; what is on by now must be seen before it is confirmed.
        talks.write_chosen(turn.session, asked, asked.chosen, turn.now)
