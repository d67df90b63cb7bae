"""What somebody's own page shows: pairs and next meetings, what is open, goals, what to ask for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.markup import Run
from bot.platforms import Choice
from bot.roster import Pair, Person, Roster
from bot.saying import Reader
from bot.sight import guard_sight
from bot.store import tables
from bot.turn import Setup, Turn, reader_of
from conversations.commands import read_command
from conversations.meetings import Meeting
from conversations.talk import Role

MOST_MEETINGS = 3
ASKED_FOR = (
    "book_more",
    "show_meetings",
    "show_agreement",
    "show_goals",
    "check_in",
    "reflect",
    "show_reflections",
    "show_pairs",
    "announce",
    "pause",
    "come_back",
    "show_settings",
    "show_sight",
    "help_me",
)
"""What can be asked for from there, of all that the menu in their language has."""


@dataclass(frozen=True, slots=True)
class HomePage:
    """A page from the top: its pieces, and what can be asked for."""

    pieces: tuple[tuple[Run, ...], ...]
    choices: tuple[Choice, ...]
    """The data of each is what would be typed."""


def home_page(session: Session, setup: Setup, number: int, now: datetime) -> HomePage:
    """Give somebody's page as things stand now; nobody else ever sees it."""
    turn = Turn(Roster(session), setup, now)
    person, reader = turn.person(number), reader_of(turn, number, now)
    if person.welcomed_at is None or person.stopped_at is not None:
        return HomePage((_piece(turn, reader, "home_before"),), ())
    pieces = [*_of_role(turn, person, reader), *_own(turn, person, reader)]
    return HomePage(tuple(pieces), tuple(_choices(setup, person, now)))


def _piece(turn: Turn, reader: Reader, line: str, **values: object) -> tuple[Run, ...]:
    return turn.setup.words.render(line, values, reader).runs


def _of_role(turn: Turn, person: Person, reader: Reader) -> Iterator[tuple[Run, ...]]:
    if person.role == "supervisor":
        yield _piece(turn, reader, "home_pairs")
    if person.role == "manager":
        yield _piece(turn, reader, "home_manager", programme=turn.setup.programme.name)
    for pair in turn.roster.pairs_of(person.id):
        if pair.began_at is not None and pair.ended_at is None:
            yield _pair(turn, person, reader, pair)


def _pair(turn: Turn, person: Person, reader: Reader, pair: Pair) -> tuple[Run, ...]:
    other = turn.person(pair.other(person.id))
    away = other.paused_until if other.paused_until and other.paused_until > turn.now else None
    return _piece(
        turn,
        reader,
        "home_pair",
        partner=turn.who(other.id),
        partner_until=away,
        meetings=_ahead(turn, pair),
    )


def _ahead(turn: Turn, pair: Pair) -> list[Meeting]:
    meeting = tables.Meeting
    rows = turn.session.execute(
        select(meeting.id, meeting.starts_at, meeting.minutes)
        .where(
            meeting.pair_id == pair.id,
            meeting.dropped_at.is_(None),
            meeting.starts_at > turn.now,
        )
        .order_by(meeting.starts_at)
        .limit(MOST_MEETINGS)
    )
    return [Meeting(*row) for row in rows]


def _own(turn: Turn, person: Person, reader: Reader) -> Iterator[tuple[Run, ...]]:
    if person.paused_until is not None and person.paused_until > turn.now:
        yield _piece(turn, reader, "home_break", until=person.paused_until)
    question = tables.Question
    waiting = turn.session.scalar(
        select(func.count())
        .select_from(question)
        .where(
            question.person_id == person.id,
            question.closed_at.is_(None),
            question.asked_at <= turn.now,
        )
    )
    if waiting:
        yield _piece(turn, reader, "home_waiting", count=waiting)
    if person.role in ("mentee", "mentor", "co-mentor"):
        guard_sight(turn.roster, person.id, person.id, "goal_words")
        goal = tables.Goal
        words = select(goal.words).where(goal.person_id == person.id, goal.closed_at.is_(None))
        goals = list(turn.session.scalars(words.order_by(goal.id)))
        yield _piece(turn, reader, "home_goals", goals=goals)


def _choices(setup: Setup, person: Person, now: datetime) -> Iterator[Choice]:
    on_a_break = person.paused_until is not None and person.paused_until > now
    left_out = "pause" if on_a_break else "come_back"
    words, offered = setup.words.of(person.language), dict[str, Choice]()
    for name, said in words.menu.items():
        asked = read_command(f"/{name}", words.forms, cast(Role, person.role))
        if asked is not None:
            offered.setdefault(asked.conversation, Choice(f"/{name}", said))
    for conversation in ASKED_FOR:
        if conversation in offered and conversation != left_out:
            yield offered[conversation]
