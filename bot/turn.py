"""A turn's transaction, moment and cause, and what is said in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from sqlalchemy import bindparam, insert
from sqlalchemy.orm import Session

from bot.homes import KEPT_ON, note_changed
from bot.languages import Languages
from bot.markup import Run
from bot.outbox import opens_at
from bot.read_words import load_languages
from bot.roster import ANY_PERSON, PEOPLE, Person, Roster
from bot.roster import Pair as PairRow
from bot.saying import Reader
from bot.settings import Programme, Settings
from bot.store import tables
from bot.store.database import later
from bot.stories import hours_of, story_of
from bot.talks import Talk, about
from bot.words import Words
from conversations.meetings import Meeting
from conversations.story import PairStory
from conversations.talk import Pair, Role, Who

RANKS = {"announcement": 1}
"""What can wait goes behind; everything else keeps its order."""


MessagesOf = Callable[[Sequence[Run]], Sequence[str]]
"""Gives the plain text of each message that one of ours is in an app."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What every turn of this programme shares."""

    words: Languages
    programme: Programme
    messages_in: Mapping[str, MessagesOf] = field(default_factory=dict)
    """What each app makes of what is only said, where that is known."""


def setup_from(settings: Settings) -> Setup:
    """Give what all turns of a programme share. Raises BadWords with every fault in its words."""
    programme = settings.programme
    return Setup(
        load_languages(programme.language, programme.prompts, programme.languages), programme
    )


@dataclass(slots=True)
class Turn:
    """One turn's transaction, moment and cause."""

    roster: Roster
    setup: Setup
    now: datetime
    speaker: int | None = None
    """Whose event this is; None where the clock brought it."""
    thread: str = ""
    """Where they spoke, if in a thread: what they are answered is said there."""
    stories: dict[int, PairStory] = field(default_factory=dict)
    changed: set[int] = field(default_factory=set)
    """Whose own page, where a platform keeps one for them, may show something else by now."""

    @property
    def session(self) -> Session:
        """Give the transaction's session."""
        return self.roster.session

    def person(self, number: int) -> Person:
        """Give what is known of a person."""
        return self.roster.person(number)

    def who(self, number: int) -> Who:
        """Give a person as conversations know them."""
        person = self.person(number)
        return Who(person.id, person.first_name, cast(Role, person.role))

    def pair(self, number: int) -> Pair:
        """Give a pair as conversations know it."""
        pair = self.roster.pair(number)
        return Pair(pair.id, self.who(pair.mentee_id), self.who(pair.mentor_id))

    def story(self, pair: PairRow) -> PairStory:
        """Give a pair's story, read once a turn and anew once something has touched the pair."""
        if pair.id not in self.stories:
            self.stories[pair.id] = story_of(self.roster, pair, self.setup.programme, self.now)
        return self.stories[pair.id]

    def touch(self, pair: int) -> None:
        """Let the rules look at a pair again: something they decide on has changed."""
        self.look_again(pair, self.now)

    def look_again(self, pair: int, at: datetime | None) -> None:
        """Let the rules look at a pair again at that moment, or not before something touches it."""
        self.stories.pop(pair, None)
        row = self.roster.pair(pair)
        self.changed.update(row.both)
        self.roster.change(row, due_at=at)

    def touch_pairs_of(self, person: int) -> None:
        """Let the rules look again at every pair that somebody is one of."""
        self.stories.clear()
        self.changed.add(person)
        self.roster.look_again(person, self.now)


def close_turn(turn: Turn) -> None:
    """Write down whose own pages are to be drawn anew."""
    on_pages = [each for each in turn.changed if turn.person(each).platform in KEPT_ON]
    note_changed(turn.session, on_pages, turn.now)


def meeting_of(turn: Turn, number: int) -> Meeting:
    """Give a meeting as conversations know it."""
    row = turn.session.get_one(tables.Meeting, number)
    return Meeting(row.id, row.starts_at, row.minutes)


def reader_of(turn: Turn, number: int, now: datetime | None = None) -> Reader:
    """Give a person as the words need to know them; `now` where they may leave out the year."""
    person = turn.person(number)
    return Reader(
        person.id,
        person.first_name,
        cast(Role, person.role),
        person.zone,
        turn.setup.words.of(person.language).language,
        lambda other: turn.person(other).zone,
        now,
    )


def heard_from(turn: Turn, number: int) -> Sequence[Words]:
    """Give the words by which to understand somebody: in their own language, then in the others."""
    return turn.setup.words.heard_from(turn.person(number).language)


@dataclass(frozen=True, slots=True)
class Saying:
    """Something to put in the outbox."""

    person: int
    line: str
    runs: Sequence[Sequence[str]]
    manner: str = "say"
    options: Sequence[Sequence[str]] = ()
    files: Sequence[Sequence[str]] = ()
    until: datetime | None = None
    """When it becomes pointless, if before what it belongs to does."""


_PUT = insert(tables.rows_of(tables.Message))


def put(
    turn: Turn,
    saying: Saying,
    talk: Talk | None = None,
    step: int | None = None,
    *,
    announcement: int | None = None,
) -> datetime | None:
    """Put something in the outbox and give when it may go out.

    None, and nothing, if the person is not to be written to.
    """
    nature = _nature(turn, saying.person, talk, announcement)
    person = turn.person(saying.person)
    here = person.welcomed_at is not None and person.stopped_at is None
    # A welcome that they put off is asked again tomorrow, though they have not said yes.
    if nature not in ("reply", "invitation") and not here:
        return None
    hours = hours_of(person, turn.setup.programme)
    opens = opens_at(person, hours, nature, saying.manner, turn.now)
    message = {
        "person_id": saying.person,
        "conversation_id": talk.id if talk else None,
        "step": step,
        "announcement_id": announcement,
        "nature": nature,
        "rank": RANKS.get(nature, 0),
        "line": saying.line,
        "runs": saying.runs,
        "manner": saying.manner,
        "options": saying.options,
        "files": saying.files,
        "put_at": turn.now,
        "not_before": opens,
        "expires_at": soonest(
            talk.expires_at if talk and nature != "reply" else None, saying.until
        ),
        "state": "pending",
        "tries": 0,
        "thread": turn.thread if nature == "reply" and turn.thread else None,
    }
    later(turn.session).add(_PUT, about(talk.id if talk else 0), message)
    return opens


def soonest(*moments: datetime | None) -> datetime | None:
    """Give the earliest of those that there are, None where there is none."""
    return min(filter(None, moments), default=None)


def _nature(turn: Turn, person: int, talk: Talk | None, announcement: int | None) -> str:
    """What speaks first gets a reply.

    What one side's answer brings the other is a relay; the clock's has its own name.
    """
    if announcement is not None:
        return "announcement"
    if turn.speaker == person:
        return "reply"
    if turn.speaker is not None:
        return "relay"
    return talk.nature if talk and talk.nature != "wish" else "notice"


def say_to(turn: Turn, person: int, line: str, **values: object) -> None:
    """Say one line outside any conversation."""
    rendered = turn.setup.words.render(line, values, reader_of(turn, person))
    put(turn, Saying(person, line, [[r.text, r.style, r.href] for r in rendered.runs]))


_MANAGERS = ANY_PERSON.where(
    PEOPLE.c.cohort_id == bindparam("cohort"), PEOPLE.c.role == "manager"
).order_by(PEOPLE.c.id)


def managers_of(turn: Turn, person: int) -> Sequence[Person]:
    """Give the managers of somebody's cohort."""
    return turn.roster.people(_MANAGERS, cohort=turn.person(person).cohort_id)


def tell_programme(
    turn: Turn, about: int, line: str, others: Iterable[int | None] = (), **values: object
) -> None:
    """Say one line about somebody to the managers of their cohort and to others, each once."""
    managers = (each.id for each in managers_of(turn, about))
    told = {*managers, *(other for other in others if other is not None)} - {about}
    for each in sorted(told):
        say_to(turn, each, line, **values)
