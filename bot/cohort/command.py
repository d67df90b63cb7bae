"""`comentor cohort`.

Bring a file in after showing what that does, invite the people, tell where each pair stands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import WallClock
from bot.cohort.enrol import plan_import
from bot.cohort.invitations import HandOut, hand_out
from bot.cohort.read import read_cohort
from bot.settings import Settings
from bot.store import tables
from bot.store.database import open_store
from bot.stories import story_of
from bot.words import Words
from conversations.stall import standing

Say = Callable[[str], object]
Ask = Callable[[str], bool]


def bring_in(settings: Settings, file: Path, ask: Ask | None, say: Say) -> None:
    """Say what importing the file would do, ask if there is somebody to ask, then do all of it.

    Raises:
        BadCohortFile: Something is wrong with it; nothing was changed.
    """
    with file.open("rb") as source:
        cohort = read_cohort(source, name=file.name)
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


def invite_all(settings: Settings, words: Words, address: str, wanted: HandOut, say: Say) -> None:
    """Write an invitation for everybody who has not come yet, and say how many; never a link.

    `address` is the bot's. Raises NotWritten: a file is in the way; all invitations are as before.
    """
    with closing(open_store(settings.database.url)) as store:
        now = WallClock().now()
        made = hand_out(store, words, settings.programme.name, address, wanted, now)
    if not made.cards:
        say("No invitation was made: nobody on Telegram waits for one.")
    else:
        say(f"{_counted(len(made.cards))}, to be used once, until {made.until.date()}.")
        say("What those people had been given before no longer works.")
        files = " and ".join(str(path) for path in (wanted.csv, wanted.page) if path is not None)
        say(f"{files}: whoever has a link is that person. Hand them out, then delete this.")
    for platform, count in sorted(made.left_out.items()):
        way = " `comentor cohort invite` writes to them there." if platform == "slack" else ""
        say(f"{count} left out: on {platform}, where a link to Telegram brings nobody in.{way}")


def _counted(invitations: int) -> str:
    return "1 invitation" if invitations == 1 else f"{invitations} invitations"


def show(settings: Settings, say: Say) -> None:
    """Say of each pair who they are, what lies ahead and how they stand; nothing anyone wrote."""
    with closing(open_store(settings.database.url)) as store, store.transaction() as session:
        cohorts = session.scalars(select(tables.Cohort).order_by(tables.Cohort.id)).all()
        if not cohorts:
            say("There is no cohort yet. Bring one in: comentor cohort import FILE.csv")
        for cohort in cohorts:
            say(f"{cohort.name}, {cohort.starts or 'no start'} to {cohort.ends or 'no end'}")
            for pair in _pairs(session, cohort):
                say(f"  {_line(session, settings, pair)}")


def _pairs(session: Session, cohort: tables.Cohort) -> Sequence[tables.Pair]:
    pair = tables.Pair
    return session.scalars(select(pair).where(pair.cohort_id == cohort.id).order_by(pair.key)).all()


def _line(session: Session, settings: Settings, pair: tables.Pair) -> str:
    now = WallClock().now()
    story = story_of(session, pair, settings.programme, now)
    mentee = session.get_one(tables.Person, pair.mentee_id)
    mentor = session.get_one(tables.Person, pair.mentor_id)
    held = sum(1 for meeting in story.meetings if meeting.dropped_at is None and meeting.held())
    facts = f"{held} held, {len(story.ahead(now))} ahead, {standing(story, now)}"
    return f"{pair.key}: {mentee.name} & {mentor.name}: {facts}"
