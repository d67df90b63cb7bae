"""What somebody pressed, ticked, typed or wrote: to which question or conversation it goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot import talks
from bot.markup import Run
from bot.store import tables
from bot.store.database import run
from bot.stories import pairs_of
from bot.talks import QUESTION, AskedQuestion
from bot.telling import About, answer, ask_again, begin, put_off
from bot.turn import Turn, reader_of, say_to
from bot.written import HOW as WRITTEN
from conversations.commands import Asked, read_command
from conversations.plain import JSON
from conversations.replies import (
    OpenQuestion,
    PassWords,
    fold,
    recognise,
    understand,
    words_for,
)
from conversations.tact import HEARD_OUT

_MESSAGES = tables.rows_of(tables.Message)
_PEOPLE = tables.rows_of(tables.Person)


def storable(text: str) -> str:
    """Give the text without what a database refuses: NUL and halves of a surrogate pair."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")


def press(turn: Turn, person: int, body: Mapping[str, Any]) -> None:
    """Take a press: `data` is the button's, `on` the keys of all boxes that are ticked by then."""
    asked, key = _pressed(turn, person, str(body["data"]))
    if asked is None or asked.closed_at is not None:
        say_to(turn, person, "old_button")
    elif asked.manner == "choosesome" and "on" in body:
        answer(turn, asked, {"chosen": _among(asked, body["on"])})
    elif asked.manner == "choosesome" and key != "done":
        on = [each for each in asked.chosen if each != key]
        on = on if len(on) < len(asked.chosen) else [*asked.chosen, key]
        talks.write_chosen(turn.session, asked, on, turn.now)
    elif asked.manner == "choosesome":
        answer(turn, asked, {"chosen": list(asked.chosen)})
    else:
        answer(turn, asked, {"chosen": [key]})


def tick(turn: Turn, person: int, body: Mapping[str, Any]) -> None:
    """Take boxes as they are: `data` is their question, `on` the keys of all that are ticked."""
    asked, _ = _pressed(turn, person, f"{body['data']}.done")
    if asked is not None and asked.closed_at is None:
        on = _among(asked, body["on"])
        if bool(on) == bool(asked.chosen):
            talks.write_ticked(turn.session, asked, on)
        else:
            # Ticks show there by themselves, but what ends choosing reads otherwise with none on.
            talks.write_chosen(turn.session, asked, on, turn.now)


def _among(asked: AskedQuestion, keys: Sequence[object]) -> list[JSON]:
    """Give those that are choices of a question, in the order in which it offers them."""
    return [key for key, _ in asked.options if key in keys]


def write(turn: Turn, person: int, body: Mapping[str, Any]) -> None:
    """Take what was written for one question: it is an answer to that and to nothing else."""
    asked = _named(turn, person, str(body["asked"]))
    text = storable(str(body["text"]))
    if asked is None or asked.closed_at is not None:
        say_to(turn, person, "old_button")
        return
    outcome = words_for(_as_shown(turn, asked), text)
    if outcome is not None:
        answer(turn, asked, outcome, by=WRITTEN)
        _see_it_noted(turn, person)


def put_by(turn: Turn, person: int, body: Mapping[str, Any]) -> None:
    """Keep a message for the next meeting of each pair that somebody is one of: `text`."""
    words = storable(str(body["text"])).strip()
    if not words:
        say_to(turn, person, "nothing_to_put_by")
        return
    begun = [pair for pair in pairs_of(turn.session, person) if pair.began_at]
    for pair in begun:
        other = pair.mentor_id if pair.mentee_id == person else pair.mentee_id
        turn.session.add(tables.PutBy(person_id=person, pair_id=pair.id, words=words, at=turn.now))
        say_to(turn, person, "put_by", partner=turn.who(other))
    if not begun:
        say_to(turn, person, "not_in_a_pair")


_PRESSED = talks.QUESTIONS.where(
    QUESTION.c.conversation_id == bindparam("talk"), QUESTION.c.step == bindparam("asked")
).with_for_update()


def _pressed(turn: Turn, person: int, data: str) -> tuple[AskedQuestion | None, str]:
    """Give the question that a button belongs to, and the button's key.

    None for one that is not theirs or not ours.
    """
    conversation, _, rest = data.partition(".")
    step, _, key = rest.partition(".")
    asked = _named(turn, person, f"{conversation}.{step}")
    if asked is None:
        return None, key
    known = {option for option, _ in asked.options}
    # Only choosing among several ends with it; to any other question it would be no answer.
    known |= {"done"} if asked.manner == "choosesome" else set()
    return (asked if key in known else None), key


def _named(turn: Turn, person: int, question: str) -> AskedQuestion | None:
    """Give a question by its name, `conversation.step`; None for one that is not theirs."""
    conversation, _, step = question.partition(".")
    if not (_is_a_number(conversation) and _is_a_number(step)):
        return None
    found = talks.questions(turn.session, _PRESSED, talk=int(conversation), asked=int(step))
    return found[0] if found and found[0].person == person else None


def _is_a_number(text: str) -> bool:
    """Whether this can be a number of ours; the databases take no larger one."""
    return text.isdecimal() and len(text) < 10


def hear_words(turn: Turn, person: int, body: Mapping[str, Any]) -> None:
    """Take typed text, perhaps in reply to a message that is named: `text` and `to`.

    An open question's answer, else a command, else part of a label that is like no other, else
    words for the newest question, else a short menu. The question of the message that it replies to
    comes before all newer ones; behind one that takes any words, an older one hears nothing but a
    whole label. What was pushed at them while they were saying something takes no words before
    that.
    """
    text, to = storable(str(body["text"])), storable(str(body.get("to", "")))
    here = _is_here(turn, person)
    questions = _own_words_first(turn, person, _open_questions(turn, person))
    if to:
        found = run(turn.session, _ASKED_IN, {"person": person, "referred": to})
        meant = {(talk, step) for talk, step in found}
        questions = sorted(questions, key=lambda each: (each.talk, each.step) not in meant)
    if not here:
        questions = [each for each in questions if _is_welcome(turn, each)]
    if _answered(turn, questions, text, understand):
        return
    asked = _command(turn, person, text)
    if asked is not None:
        ask_for(turn, person, asked)
        return
    if _answered(turn, questions, text, recognise):
        return
    taking = next((question for question in questions if question.takes_words), None)
    if taking is not None and (outcome := words_for(_as_shown(turn, taking), text)) is not None:
        answer(turn, taking, outcome)
        _see_it_noted(turn, person)
        return
    if here:
        begin(turn, "greet", About(person, subject=turn.now.isoformat()))
    else:
        _keep_to_the_welcome(turn, person, questions)


Reading = Callable[[OpenQuestion, str, PassWords], JSON]
"""How typed text is read for a question: strictly before commands, generously after them."""


def _answered(turn: Turn, questions: Sequence[AskedQuestion], text: str, read: Reading) -> bool:
    """Answer the first question that the text is read as an answer to; False if there is none."""
    behind_words = False
    for question in questions:
        shown = replace(_as_shown(turn, question), behind_words=behind_words)
        outcome = read(shown, text, turn.setup.words.passing)
        if outcome is not None:
            _answer_typed(turn, question, outcome)
            return True
        behind_words = behind_words or question.takes_words
    return False


def _is_here(turn: Turn, number: int) -> bool:
    """Whether they have said yes and have not stopped."""
    person = turn.person(number)
    return person.welcomed_at is not None and person.stopped_at is None


def _is_welcome(turn: Turn, asked: AskedQuestion) -> bool:
    return talks.locked(turn.session, asked.talk).name == "welcome"


def _keep_to_the_welcome(turn: Turn, number: int, questions: Sequence[AskedQuestion]) -> None:
    """Answer somebody who is not here with what works for them: the welcome, and no menu."""
    person = turn.person(number)
    if questions:
        ask_again(turn, questions[0])
    elif person.declined_at is not None or person.stopped_at is not None:
        say_to(turn, number, "keeping_quiet")
    else:
        begin(turn, "welcome", About(number))


_OPEN = (
    talks.QUESTIONS.where(
        QUESTION.c.person_id == bindparam("person"),
        QUESTION.c.closed_at.is_(None),
        QUESTION.c.asked_at <= bindparam("now"),
    )
    .order_by(QUESTION.c.asked_at.desc(), QUESTION.c.conversation_id.desc())
    .with_for_update()
)


def _open_questions(turn: Turn, person: int) -> Sequence[AskedQuestion]:
    """A person's open questions that have gone out, newest first."""
    return talks.questions(turn.session, _OPEN, person=person, now=turn.now)


_LED_TO = select(_MESSAGES.c.conversation_id, _MESSAGES.c.step).where(
    _MESSAGES.c.person_id == bindparam("person"),
    _MESSAGES.c.nature == "reply",
    _MESSAGES.c.manner != "say",
    _MESSAGES.c.not_before > bindparam("lately"),
)


def _own_words_first(
    turn: Turn, person: int, questions: Sequence[AskedQuestion]
) -> Sequence[AskedQuestion]:
    """Put what takes words, and what their own word led to lately, before such as came since.

    Else a cry for help would become the answer to whatever fell due meanwhile.
    """
    taking = [each for each in questions if each.takes_words]
    if len(taking) < 2:
        return questions
    lately = turn.now - HEARD_OUT
    found = run(turn.session, _LED_TO, {"person": person, "lately": lately})
    led_to = {(talk, step) for talk, step in found}
    own = next((each for each in taking if (each.talk, each.step) in led_to), None)
    if own is None:
        return questions
    since = taking[: taking.index(own)]
    place = questions.index(own)
    before = [each for each in questions[:place] if each not in since]
    return [*before, own, *since, *questions[place + 1 :]]


def _as_shown(turn: Turn, asked: AskedQuestion) -> OpenQuestion:
    options = tuple((str(key), str(label)) for key, label in asked.options)
    shown = OpenQuestion(asked.manner, options, asked.takes_words)  # type: ignore[arg-type]
    if asked.manner != "choosesome":
        return shown
    ends = turn.setup.words.render("toggles", {}, reader_of(turn, asked.person), ("done", "none"))
    return replace(shown, chosen=tuple(asked.chosen), ends=ends.labels)


def _answer_typed(turn: Turn, asked: AskedQuestion, outcome: JSON) -> None:
    if outcome == {"later": True}:
        put_off(turn, asked)
    else:
        answer(turn, asked, outcome)
        _see_it_noted(turn, asked.person)


_ASKED_IN = select(_MESSAGES.c.conversation_id, _MESSAGES.c.step).where(
    _MESSAGES.c.person_id == bindparam("person"), _MESSAGES.c.reference == bindparam("referred")
)
_REPLY_WAITING = (
    select(_MESSAGES.c.id)
    .where(
        _MESSAGES.c.person_id == bindparam("person"),
        _MESSAGES.c.nature == "reply",
        _MESSAGES.c.put_at == bindparam("now"),
        _MESSAGES.c.state == tables.PENDING,
    )
    .limit(1)
)


def _see_it_noted(turn: Turn, person: int) -> None:
    """A button shows what was pressed.

    Typed words that nothing answers get a word back, so that they are not in doubt.
    """
    if not _is_replied_to(turn, person):
        say_to(turn, person, "noted")


def _is_replied_to(turn: Turn, person: int) -> bool:
    waiting = run(turn.session, _REPLY_WAITING, {"person": person, "now": turn.now})
    return waiting.first() is not None


def _command(turn: Turn, number: int, text: str) -> Asked | None:
    """What they ask for: before a welcome only that, afterwards whatever their role can ask."""
    forms = turn.setup.words.forms
    if not _is_here(turn, number):
        return Asked("welcome") if fold(text) in map(fold, forms["welcome"]) else None
    return read_command(text, forms, turn.who(number).role)


def ask_for(turn: Turn, person: int, asked: Asked) -> None:
    """Begin what somebody asked for; what needs a pair goes to each of theirs that has begun."""
    name = asked.conversation
    if name == "welcome" and _is_here(turn, person):
        name = "help_me"
    values = {"until": asked.rest} if name == "pause" and asked.rest else {}
    if name != "reflect":
        begin(turn, name, About(person, values=values))
        return
    begun = [pair for pair in pairs_of(turn.session, person) if pair.began_at]
    for pair in begun:
        begin(turn, name, About(person, pair.id, subject="asked"))
    if not begun:
        say_to(turn, person, "not_in_a_pair")
    elif not _is_replied_to(turn, person):
        say_to(turn, person, "no_question_fits")


_ASKING = (
    select(_MESSAGES.c.manner, _MESSAGES.c.runs)
    .join(_PEOPLE, _PEOPLE.c.id == _MESSAGES.c.person_id)
    .where(
        _MESSAGES.c.conversation_id == bindparam("talk"),
        _MESSAGES.c.step == bindparam("asked"),
        _PEOPLE.c.platform == bindparam("platform"),
        _PEOPLE.c.address == bindparam("address"),
    )
    .order_by(_MESSAGES.c.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Asking:
    """A question as it was put to somebody."""

    manner: str
    runs: tuple[Run, ...]


def asking(session: Session, platform: str, address: str, question: str) -> Asking | None:
    """Give a question, `conversation.step`, as somebody was asked; None if they were not."""
    talk, _, step = question.partition(".")
    if not (_is_a_number(talk) and _is_a_number(step)):
        return None
    it = {"talk": int(talk), "asked": int(step), "platform": platform, "address": address}
    found = run(session, _ASKING, it).first()
    return None if found is None else Asking(found.manner, tuple(Run(*each) for each in found.runs))


ANSWERS: Mapping[str, Callable[[Turn, int, Mapping[str, Any]], None]] = {
    "pressed": press,
    "ticked": tick,
    "typed": hear_words,
    "written": write,
    "kept": put_by,
}
"""What takes each kind of event with which somebody says something."""
