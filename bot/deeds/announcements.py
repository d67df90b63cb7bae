"""Announcements.

Whom one would reach, putting it in every outbox, how far it has got, calling it back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import bindparam, func, select, update

from bot.deeds.dispatch import find, perform
from bot.markup import Run, plain
from bot.platforms.cutting import between_letters
from bot.roster import ANY_PERSON, PEOPLE, Person
from bot.store import tables
from bot.store.database import run
from bot.turn import Saying, Turn, put, reader_of
from conversations.announce import (
    Announce,
    Apps,
    Audience,
    CohortPeople,
    HowFar,
    InApp,
    Progress,
    Reached,
    StopAnnouncement,
)
from conversations.talk import Who

BEGINNING = 60
"""Characters of a message that show which one it is."""
ROLES = {
    "everyone": ("mentee", "mentor", "co-mentor", "supervisor", "manager"),
    "mentees": ("mentee", "co-mentor"),
    "mentors": ("mentor", "co-mentor"),
    "supervisors": ("supervisor",),
}


@find.register
def _(lookup: Audience, turn: Turn) -> Reached:
    chosen = lookup.among == "chosen"
    asked = [
        each
        for each in _others(turn, lookup.author)
        if (each.id in lookup.chosen if chosen else each.role in ROLES[lookup.among])
    ]
    reached = tuple(each.id for each in asked if each.can_be_reached)
    return Reached(reached, len(asked) - len(reached))


@find.register
def _(lookup: CohortPeople, turn: Turn) -> tuple[Who, ...]:
    others = sorted(_others(turn, lookup.author), key=lambda each: each.name)
    return tuple(
        Who(each.id, each.name, turn.who(each.id).role) for each in others if each.can_be_reached
    )


_OF_A_COHORT = ANY_PERSON.where(PEOPLE.c.cohort_id == bindparam("cohort")).order_by(PEOPLE.c.id)


def _others(turn: Turn, author: int) -> list[Person]:
    """Everybody else in somebody's cohort."""
    everybody = turn.roster.people(_OF_A_COHORT, cohort=turn.person(author).cohort_id)
    return [each for each in everybody if each.id != author]


@find.register
def _(lookup: Apps, turn: Turn) -> tuple[InApp, ...]:
    readers = defaultdict(list)
    for number in lookup.people:
        readers[turn.person(number).platform].append(number)
    found = []
    for app, people in readers.items():
        runs = _as_read(turn, lookup.author, lookup.words, people[0])
        messages_of = turn.setup.messages_in.get(app, _in_one_message)
        begins = tuple(_beginning(text) for text in messages_of(runs))
        found.append(InApp(app, len(people), begins))
    return tuple(sorted(found, key=lambda each: (-each.people, each.app)))


def _beginning(text: str) -> str:
    """Give the first words on one line, or what there is room for of a very long one."""
    line = " ".join(text.split())
    if len(line) <= BEGINNING:
        return line
    begins = line[: between_letters(line, BEGINNING)]
    return f"{begins.rpartition(' ')[0] or begins}…"


def _in_one_message(runs: Sequence[Run]) -> Sequence[str]:
    return [plain(runs)]


def _as_read(turn: Turn, author: int, words: str, reader: int) -> Sequence[Run]:
    values = {"author": turn.who(author), "words": words}
    return turn.setup.words.render("announcement", values, reader_of(turn, reader)).runs


@perform.register
def _(command: Announce, turn: Turn) -> int:
    row = tables.Announcement(author_id=command.author, words=command.words, at=turn.now)
    turn.session.add(row)
    turn.session.flush()
    for person in command.people:
        read = _as_read(turn, command.author, command.words, person)
        runs = [[r.text, r.style, r.href] for r in read]
        put(turn, Saying(person, "announcement", runs), announcement=row.id)
    return row.id


@find.register
def _(lookup: HowFar, turn: Turn) -> Progress:
    message = tables.Message
    counts = dict(
        turn.session.execute(
            select(message.state, func.count())
            .where(
                message.announcement_id == lookup.announcement,
                message.why.is_distinct_from("called back"),
            )
            .group_by(message.state)
        ).all()
    )
    called_back = turn.session.scalar(
        select(func.count()).where(
            message.announcement_id == lookup.announcement, message.why == "called back"
        )
    )
    return Progress(
        delivered=counts.get("sent", 0),
        waiting=counts.get("pending", 0) + counts.get("sending", 0),
        failed=counts.get("dead", 0) + counts.get("unknown", 0),
        called_back=called_back or 0,
    )


@perform.register
def _(command: StopAnnouncement, turn: Turn) -> int:
    message = tables.Message
    turn.session.get_one(tables.Announcement, command.announcement).stopped_at = turn.now
    rows = turn.session.execute(
        update(message)
        .where(message.announcement_id == command.announcement, message.state == "pending")
        # What has begun to arrive is finished: nobody is to read half of it.
        .where(message.calls == 0)
        .values(state="dead", why="called back")
        .returning(message.id)
    )
    return len(rows.all())


_MESSAGE = tables.rows_of(tables.Message)
_WATCHED = (
    select(_MESSAGE.c.id, _MESSAGE.c.person_id, _MESSAGE.c.runs, func.max(tables.Announcement.id))
    .join(tables.Announcement, tables.Announcement.author_id == _MESSAGE.c.person_id)
    .join(
        tables.Question,
        (tables.Question.conversation_id == _MESSAGE.c.conversation_id)
        & (tables.Question.step == _MESSAGE.c.step),
    )
    .join(tables.Person, tables.Person.id == tables.Question.person_id)
    .where(
        tables.Person.role == "manager",
        tables.Question.closed_at.is_(None),
        _MESSAGE.c.line == "going_out",
        _MESSAGE.c.state == tables.SENT,
    )
    .group_by(_MESSAGE.c.id)
)
_SAY_ANEW = (
    update(_MESSAGE)
    .where(_MESSAGE.c.id == bindparam("number"))
    .values(runs=bindparam("says"), stale_at=bindparam("moment"))
)


def show_progress(turn: Turn) -> int:
    """Let every manager who watches an announcement see how far it is by now. Gives how many do.

    Whoever writes another watches that: an author's last is the one meant.
    """
    changed = 0
    for number, person, runs, announcement in turn.session.execute(_WATCHED).all():
        progress = find(HowFar(announcement), turn)
        said = turn.setup.words.render("going_out", {"progress": progress}, reader_of(turn, person))
        says = [[r.text, r.style, r.href] for r in said.runs]
        if says != runs:
            run(turn.session, _SAY_ANEW, {"number": number, "says": says, "moment": turn.now})
            changed += 1
    return changed
