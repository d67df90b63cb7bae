"""What somebody typed: an answer, a command, or words for whatever takes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam

from bot import talks
from bot.meant import NOTHING, Fit, Screen, place, screen_of, take
from bot.questions import as_shown, is_replied_to
from bot.talks import QUESTION, AskedQuestion
from bot.telling import About, ask_again, begin, last_asking
from bot.turn import Turn, heard_from, say_to
from bot.words import Words
from conversations.commands import Asked, read_command
from conversations.plain import JSON
from conversations.replies import (
    OpenQuestion,
    PassWords,
    fold,
    recognise,
    understand,
    without_courtesies,
    words_for,
)


def storable(text: str) -> str:
    """Give the text without what a database refuses: NUL and halves of a surrogate pair."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")


def hear_words(turn: Turn, person: int, body: Mapping[str, Any]) -> None:
    """Take typed text, perhaps in reply to a message that is named: `text` and `to`.

    An open question's answer, else a command, else part of a label that is like no other, else
    words for what takes them; else the newest question once more, or a short menu. The question of
    the message that it replies to comes before all newer ones; behind one that takes any words, an
    older one hears nothing but a whole label. What was pushed at them while they were saying
    something takes no words before that.
    """
    text, to = storable(str(body["text"])), storable(str(body.get("to", "")))
    questions = _open_questions(turn, person)
    # One question without free words leaves no doubt that would have to be looked into.
    in_doubt = len(questions) > 1 or any(each.takes_words for each in questions)
    screen = screen_of(turn, person, to) if in_doubt else NOTHING
    questions = sorted(
        _own_words_first(questions, screen), key=lambda each: place(each) not in screen.replied_to
    )
    here = _is_here(turn, person)
    if not here:
        questions = [each for each in questions if _is_welcome(turn, each)]
    fits, asked = _understood(turn, person, questions, text)
    if asked is not None:
        ask_for(turn, person, asked)
    elif fits := fits or _recognised(turn, person, questions, text):
        take(turn, text, fits, screen, how_many=len(questions))
    elif here:
        _say_it_was_no_answer(turn, person, questions)
    else:
        _keep_to_the_welcome(turn, person, questions)


def _understood(
    turn: Turn, person: int, questions: Sequence[AskedQuestion], text: str
) -> tuple[Sequence[Fit], Asked | None]:
    """Give the questions that it answers, or else what it asks for.

    In their own language first: only where it says nothing in that it is heard in the others.
    """
    for words in heard_from(turn, person):
        if fits := _fits(turn, questions, text, understand, words.passing):
            return fits, None
        if (asked := _command(turn, person, text, words)) is not None:
            return (), asked
    return (), None


def _recognised(
    turn: Turn, person: int, questions: Sequence[AskedQuestion], text: str
) -> Sequence[Fit]:
    """Give the questions of which it is part of a label, or which would take any words."""
    for words in heard_from(turn, person):
        if fits := _fits(turn, questions, text, recognise, words.passing):
            return fits
    return _words(turn, questions, text)


Reading = Callable[[OpenQuestion, str, PassWords], JSON]
"""How typed text is read for a question: strictly before commands, generously after them."""


def _fits(
    turn: Turn, questions: Sequence[AskedQuestion], text: str, read: Reading, passing: PassWords
) -> Sequence[Fit]:
    """Give the questions that the text is read as an answer to, in their order."""
    fits, behind_words = [], False
    for question in questions:
        shown = replace(as_shown(turn, question), behind_words=behind_words)
        outcome = read(shown, text, passing)
        if outcome is not None:
            fits.append(Fit(question, outcome))
        behind_words = behind_words or question.takes_words
    return fits


def _words(turn: Turn, questions: Sequence[AskedQuestion], text: str) -> Sequence[Fit]:
    """Give the questions that would take any words, in their order."""
    found = [(each, words_for(as_shown(turn, each), text)) for each in questions]
    return [Fit(each, outcome) for each, outcome in found if outcome is not None]


def _say_it_was_no_answer(turn: Turn, person: int, questions: Sequence[AskedQuestion]) -> None:
    """Say so, with the newest question once more; with a short menu where none is open.

    What they put off until tomorrow is not asked today.
    """
    asked = next((each for each in questions if _was_read(turn, each)), None)
    if asked is None:
        begin(turn, "greet", About(person, subject=turn.now.isoformat()))
    else:
        say_to(turn, person, "no_answer_to_this")
        ask_again(turn, asked)


def _was_read(turn: Turn, asked: AskedQuestion) -> bool:
    message = last_asking(turn, asked)
    return message is not None and message.state in ("sent", "unknown")


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


def _own_words_first(questions: Sequence[AskedQuestion], screen: Screen) -> Sequence[AskedQuestion]:
    """Put what takes words, and what their own word led to lately, before such as came since.

    Else a cry for help would become the answer to whatever fell due meanwhile.
    """
    taking = [each for each in questions if each.takes_words]
    own = next((each for each in taking if place(each) in screen.led_to), None)
    if own is None:
        return questions
    since = taking[: taking.index(own)]
    at = questions.index(own)
    before = [each for each in questions[:at] if each not in since]
    return [*before, own, *since, *questions[at + 1 :]]


def _command(turn: Turn, number: int, text: str, words: Words) -> Asked | None:
    """What they ask for: before a welcome only that, afterwards whatever their role can ask."""
    # Without courtesies first: `until 3 June, please` is until a day.
    ways = (without_courtesies(text, words.passing), fold(text))
    if not _is_here(turn, number):
        begin_again = set(map(fold, words.forms["welcome"]))
        return Asked("welcome") if begin_again.intersection(ways) else None
    role = turn.who(number).role
    asked = (read_command(each, words.forms, role) for each in ways)
    return next((each for each in asked if each is not None), None)


def ask_for(turn: Turn, person: int, asked: Asked) -> None:
    """Begin what somebody asked for; what needs a pair goes to each of theirs that has begun."""
    name = asked.conversation
    if name == "welcome" and _is_here(turn, person):
        name = "help_me"
    values = {"until": asked.rest} if name == "pause" and asked.rest else {}
    if name != "reflect":
        begin(turn, name, About(person, values=values))
        return
    begun = [pair for pair in turn.roster.pairs_of(person) if pair.began_at]
    for pair in begun:
        begin(turn, name, About(person, pair.id, subject="asked"))
    if not begun:
        say_to(turn, person, "not_in_a_pair")
    elif not is_replied_to(turn, person):
        say_to(turn, person, "no_question_fits")
