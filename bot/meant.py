"""Which open question typed text is meant for, and what tells the person that it was taken so.

What they replied to, and what their own last word led to, is plain. Else, where the same button
stands under two questions, or two of them take any words, nobody but the person can say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import bindparam, func, select

from bot import talks
from bot.deeds import perform
from bot.markup import Run, plain
from bot.questions import answer_typed, as_shown, named
from bot.store import tables
from bot.store.database import run
from bot.talks import TALK, AskedQuestion
from bot.telling import About, begin, last_asking
from bot.turn import Turn, heard_from, say_to
from conversations.ask_which import AnswerWith, Open
from conversations.plain import JSON
from conversations.replies import recognise, understand, words_for
from conversations.tact import HEARD_OUT

Place = tuple[int, int]
"""A question's conversation and its step in it."""
_MESSAGES = tables.rows_of(tables.Message)


def place(asked: AskedQuestion) -> Place:
    """Give what a question is known by."""
    return asked.talk, asked.step


@dataclass(frozen=True, slots=True)
class Screen:
    """What somebody has before their eyes as they type."""

    replied_to: frozenset[Place]
    """What is asked in the message that they replied to, or in the thread, if they named one."""
    led_to: frozenset[Place]
    """What their own word led to within the hour."""
    lately: frozenset[Place]
    """What they were asked within the hour, whoever's idea it was."""


NOTHING = Screen(frozenset(), frozenset(), frozenset())
_REPLIED_TO = select(_MESSAGES.c.conversation_id, _MESSAGES.c.step).where(
    _MESSAGES.c.person_id == bindparam("person"),
    (_MESSAGES.c.reference == bindparam("referred"))
    | (_MESSAGES.c.thread == bindparam("referred")),
)
_reached_them = func.coalesce(_MESSAGES.c.sent_at, _MESSAGES.c.not_before)
_LATELY = select(_MESSAGES.c.conversation_id, _MESSAGES.c.step, _MESSAGES.c.nature).where(
    _MESSAGES.c.person_id == bindparam("person"),
    _MESSAGES.c.manner != "say",
    _reached_them > bindparam("since"),
    # What is put off until tomorrow is before nobody's eyes.
    _reached_them <= bindparam("now"),
)


def screen_of(turn: Turn, person: int, to: str) -> Screen:
    """Give what somebody has before their eyes; `to` names the message that they replied to."""
    replied = run(turn.session, _REPLIED_TO, {"person": person, "referred": to}) if to else ()
    since = turn.now - HEARD_OUT
    shown = run(turn.session, _LATELY, {"person": person, "since": since, "now": turn.now})
    lately = {(talk, step): nature for talk, step, nature in shown}
    return Screen(
        frozenset((talk, step) for talk, step in replied),
        frozenset(each for each, nature in lately.items() if nature == "reply"),
        frozenset(lately),
    )


@dataclass(frozen=True, slots=True)
class Fit:
    """A question, and what the text would be as its answer."""

    asked: AskedQuestion
    outcome: JSON


def take(turn: Turn, text: str, fits: Sequence[Fit], screen: Screen, *, how_many: int) -> None:
    """Answer the question that was meant, the likeliest first; ask which where that is not plain.

    `how_many` are open. What was typed long after it was asked for is said to have been taken so.
    """
    could_be = _could_be_meant(turn, fits, screen)
    if len(could_be) > 1 and _ask_which(turn, text, could_be):
        return
    asked, outcome = fits[0].asked, fits[0].outcome
    is_plain = place(asked) in screen.replied_to | screen.lately
    if not is_plain and (_is_words(outcome) or how_many > 1):
        say_to(turn, asked.person, "taken_as_answer", question=_text_of(turn, asked))
    answer_typed(turn, asked, outcome)


def _is_words(outcome: JSON) -> bool:
    return isinstance(outcome, dict) and "words" in outcome


def _could_be_meant(turn: Turn, fits: Sequence[Fit], screen: Screen) -> list[Fit]:
    """Those of the fitting that nothing tells apart from the first, and that one."""
    first, *others = fits
    if place(first.asked) in screen.replied_to:
        others = [each for each in others if place(each.asked) in screen.replied_to]
    elif place(first.asked) in screen.led_to:
        # One command may lead to two questions at once, such as one for each of two pairs.
        others = [
            each
            for each in others
            if place(each.asked) in screen.led_to and each.asked.asked_at == first.asked.asked_at
        ]
    return [first, *(each for each in others if _are_alike(turn, first, each, screen))]


def _are_alike(turn: Turn, first: Fit, other: Fit, screen: Screen) -> bool:
    """Whether the same text may as well be for the one as for the other."""
    if first.asked.takes_words and other.asked.takes_words:
        asked_lately = [place(each.asked) in screen.lately for each in (first, other)]
        return asked_lately != [True, False]
    return bool(_buttons(first) & _buttons(other)) or (
        _line(turn, first.asked) == _line(turn, other.asked)
    )


def _buttons(fit: Fit) -> set[tuple[str, str]]:
    """The buttons that the text stands for; a skip or a putting off, for all of them."""
    keys = fit.outcome.get("chosen") if isinstance(fit.outcome, dict) else None
    chosen = keys if isinstance(keys, list) else [key for key, _ in fit.asked.options]
    return {(key, label) for key, label in fit.asked.options if key in chosen}


def _line(turn: Turn, asked: AskedQuestion) -> str | None:
    message = last_asking(turn, asked)
    return cast(str, message.line) if message else None


def _text_of(turn: Turn, asked: AskedQuestion) -> str:
    message = last_asking(turn, asked)
    runs = message.runs if message else ()
    return " ".join(plain([Run(*each) for each in runs]).split())


_OPEN_ABOUT = talks.TALKS.where(TALK.c.about == bindparam("subject"), TALK.c.ended_at.is_(None))


def _ask_which(turn: Turn, text: str, fits: Sequence[Fit]) -> bool:
    """Ask which was meant; words that come in several messages are asked about together.

    False where nobody could tell: what reads the same, such as dates that are asked for twice.
    """
    person = fits[0].asked.person
    among = tuple(_as_told_apart(turn, each.asked) for each in fits)
    if len({(each.about, each.text) for each in among}) == 1:
        return False
    subject = " ".join(f"{each.talk}.{each.step}" for each in among)
    if all(_is_words(each.outcome) for each in fits):
        about = f"ask_which::{person}:{subject}"
        before = talks.talks(turn.session, _OPEN_ABOUT, subject=about)
        text = "\n".join([*(str(talk.arguments["typed"]) for talk in before), text])
    asking = {"typed": text, "among": among}
    begin(turn, "ask_which", About(person, subject=subject, values=asking))
    return True


def _as_told_apart(turn: Turn, asked: AskedQuestion) -> Open:
    return Open(asked.talk, asked.step, _about_whom(turn, asked), _text_of(turn, asked))


def _about_whom(turn: Turn, asked: AskedQuestion) -> str:
    """Name the partner, or for whoever is not of the pair both of it."""
    number = talks.locked(turn.session, asked.talk).pair_id
    if number is None:
        return ""
    pair = turn.roster.pair(number)
    both = (pair.mentee_id, pair.mentor_id)
    if asked.person not in both:
        return " & ".join(turn.person(each).name for each in both)
    return turn.person(next(each for each in both if each != asked.person)).first_name


# Here and not among the other deeds: to answer a question is to go on with its conversation.
@perform.register
def _(command: AnswerWith, turn: Turn) -> bool:
    asked = named(turn, command.person, f"{command.talk}.{command.step}")
    if asked is None or asked.closed_at is not None:
        return False
    shown, heard = as_shown(turn, asked), heard_from(turn, command.person)
    outcomes = (
        *(understand(shown, command.typed, each.passing) for each in heard),
        *(recognise(shown, command.typed, each.passing) for each in heard),
        words_for(shown, command.typed),
    )
    outcome = next((each for each in outcomes if each is not None), None)
    if outcome is None:
        return False
    answer_typed(turn, asked, outcome)
    return True
