"""`comentor cohort`.

Bring a file in after showing what that does, invite the people, tell who has joined.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import WallClock
from bot.cohort.cards import PLACES, Doors
from bot.cohort.enrol import plan_import
from bot.cohort.invitations import HandOut, hand_out
from bot.cohort.read import read_cohort
from bot.languages import Languages
from bot.read_words import languages_in
from bot.settings import Settings
from bot.store import tables
from bot.store.database import open_store
from conversations.confidence import guard
from conversations.wall_time import local

Say = Callable[[str], object]
Ask = Callable[[str], bool]


def bring_in(settings: Settings, file: Path, ask: Ask | None, say: Say) -> None:
    """Say what importing the file would do, ask if there is somebody to ask, then do all of it.

    Raises:
        BadCohortFile: Something is wrong with it; nothing was changed.
    """
    with file.open("rb") as source:
        spoken = languages_in(settings.programme.prompts, settings.programme.languages)
        cohort = read_cohort(source, name=file.name, spoken=spoken)
    with closing(open_store(settings.database.url)) as store, store.transaction() as session:
        plan = plan_import(session, cohort, file.name, settings.programme.weekly_budget)
        for change in plan.changes:
            say(change.words)
        if not plan.changes:
            say("Nothing would change: everything in this file is so already.")
        elif ask is not None and not ask(f"Do these {len(plan.changes)} things?"):
            say("Nothing was changed.")
        else:
            plan.carry_out(session, WallClock().now())
            say(f"{len(plan.changes)} done.")


def invite_all(
    settings: Settings, words: Languages, doors: Doors, wanted: HandOut, say: Say
) -> None:
    """Write an invitation for everybody who has not come yet, and say how many; never a link.

    Raises NotWritten: a file is in the way; all invitations are as before.
    """
    with closing(open_store(settings.database.url)) as store:
        now = WallClock().now()
        made = hand_out(store, words, settings.programme.name, doors, wanted, now)
    if not made.cards:
        where = " or ".join(PLACES[each] for each in sorted(doors, reverse=True) if doors[each])
        say(f"No invitation was made: nobody on {where} waits for one.")
    else:
        say(f"{_counted(len(made.cards))}, to be used once, until {made.until.date()}.")
        say("What those people had been given before no longer works.")
        files = " and ".join(str(path) for path in (wanted.csv, wanted.page) if path is not None)
        say(f"{files}: whoever has a link is that person. Hand them out, then delete this.")
    for platform, count in sorted(made.left_out.items()):
        say(f"{count} left out: on {platform}, of which nothing is set that could let them in.")


def _counted(invitations: int) -> str:
    return "1 invitation" if invitations == 1 else f"{invitations} invitations"


def show(settings: Settings, say: Say) -> None:
    """Say of each pair where it stands: who of the two has joined, and since when they are a pair.

    No more is a manager's to see: when they meet and how it goes is their own, and at last their
    supervisor's.
    """
    guard("manager", "having_joined")
    with closing(open_store(settings.database.url)) as store, store.transaction() as session:
        cohorts = session.scalars(select(tables.Cohort).order_by(tables.Cohort.id)).all()
        if not cohorts:
            say("There is no cohort yet. Bring one in: comentor cohort import FILE.csv")
        for cohort in cohorts:
            say(f"{cohort.name}, {cohort.starts or 'no start'} to {cohort.ends or 'no end'}")
            for pair in _pairs(session, cohort):
                say(f"  {_line(session, pair, cohort)}")


def _pairs(session: Session, cohort: tables.Cohort) -> Sequence[tables.Pair]:
    pair = tables.Pair
    return session.scalars(select(pair).where(pair.cohort_id == cohort.id).order_by(pair.key)).all()


def _line(session: Session, pair: tables.Pair, cohort: tables.Cohort) -> str:
    both = (session.get_one(tables.Person, each) for each in (pair.mentee_id, pair.mentor_id))
    return f"{pair.key}: {' & '.join(map(_joined, both))}, {_begun(pair, cohort)}"


def _begun(pair: tables.Pair, cohort: tables.Cohort) -> str:
    if pair.began_at is None:
        return "not begun yet"
    return f"begun on {local(pair.began_at, cohort.zone):%Y-%m-%d}"


def _joined(person: tables.Person) -> str:
    """Name somebody with whether they are in it: whoever stopped is as if they had never joined."""
    joined = person.welcomed_at is not None and person.stopped_at is None
    return f"{person.name} ({'joined' if joined else 'not joined'})"
