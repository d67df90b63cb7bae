"""Invitations for everybody who has not come yet, made afresh and written to files.

A link, or a code, is a secret: whoever brings it is that person. So only the files hold them, of
the tokens only hashes are kept, and making new ones makes a person's old ones void.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from bot.codes import a_code
from bot.cohort.cards import Card, Door, Doors, page, sheet
from bot.cohort.enrol import INVITED_FOR, invite
from bot.cohort.secret_files import secret_files
from bot.languages import Languages
from bot.saying import Reader
from bot.store import tables
from bot.store.database import Store
from conversations.talk import Role

TAKES_TOKENS = "telegram"
"""Where the link brings the token along; elsewhere it is typed, as a code."""


@dataclass(frozen=True, slots=True)
class HandOut:
    """Which files are wanted."""

    csv: Path | None
    page: Path | None
    force: bool = False
    """Whether files that are there may be replaced."""


@dataclass(frozen=True, slots=True)
class Invited:
    """What was made."""

    cards: tuple[Card, ...]
    """One for each person, in the order in which they were brought in."""
    left_out: Mapping[str, int]
    """How many wait on each other platform."""
    until: datetime


def hand_out(
    store: Store, words: Languages, programme: str, doors: Doors, wanted: HandOut, now: datetime
) -> Invited:
    """Make the invitations and write them to the files that are wanted.

    A door in Telegram is the bot's address, as `https://t.me/comentor_bot`; in Slack there is one
    for each workspace. Where nobody waits, nothing is written. Raises NotWritten; then all
    invitations are as they were.
    """
    paths = [path for path in (wanted.csv, wanted.page) if path is not None]
    with (
        secret_files(paths, force=wanted.force) as write,
        store.transaction() as session,
    ):
        invited = renew(session, doors, words, now)
        contents: dict[Path, bytes] = {}
        if wanted.csv is not None:
            contents[wanted.csv] = sheet(invited.cards)
        if wanted.page is not None:
            contents[wanted.page] = page(invited.cards, words, programme, invited.until)
        if invited.cards:
            # Before the commit: links that nobody has must not replace those that somebody has.
            write(contents)
    return invited


def renew(session: Session, doors: Doors, words: Languages, now: datetime) -> Invited:
    """Make an invitation for everybody who has opened none and is not welcomed.

    Only where there is a door. Their earlier ones are void. Nothing changes for anybody else.
    """
    waiting = _waiting(session)
    people = [person for person in waiting if doors.get(person.platform)]
    for person in people:
        void(session, person.id)
    cards = tuple(_card(session, each, doors[each.platform], words, now) for each in people)
    others = Counter(person.platform for person in waiting if not doors.get(person.platform))
    return Invited(cards, others, now + INVITED_FOR)


def _waiting(session: Session) -> Sequence[tables.Person]:
    """Give who has not come, none of whom can come before this transaction is over."""
    person, invitation = tables.Person, tables.Invitation
    session.execute(
        select(invitation.token_hash)
        .where(invitation.used_at.is_(None))
        .order_by(invitation.token_hash)
        .with_for_update()
    )
    has_come = exists().where(invitation.person_id == person.id, invitation.used_at.is_not(None))
    on_the_way = _on_the_way(session)
    found = session.scalars(
        select(person)
        .where(person.welcomed_at.is_(None), ~has_come)
        .order_by(person.cohort_id, person.id)
    ).all()
    return [each for each in found if each.id not in on_the_way]


def _on_the_way(session: Session) -> set[int]:
    """Give who was invited by their e-mail address, and reads so as soon as comentor runs."""
    arrival, invitation = tables.Arrival, tables.Invitation
    waiting = session.scalars(
        select(arrival.event).where(
            arrival.kind == "came", arrival.done_at.is_(None), arrival.fault.is_(None)
        )
    ).all()
    unused = session.execute(
        select(invitation.token_hash, invitation.person_id).where(invitation.used_at.is_(None))
    ).all()
    return {person for token, person in unused if name_of(token) in waiting}


def name_of(token_hash: str) -> str:
    """Give the id in the inbox of an invitation that is opened in somebody's name."""
    return f"invited-{token_hash[:32]}"


def void(session: Session, person: int) -> None:
    """Let nobody use a person's earlier invitations any more."""
    invitation = tables.Invitation
    session.execute(
        delete(invitation).where(invitation.person_id == person, invitation.used_at.is_(None))
    )


def _card(
    session: Session, person: tables.Person, doors: Sequence[Door], words: Languages, now: datetime
) -> Card:
    zone, language = person.zone, words.of(person.language).language
    reader = Reader(
        person.id, person.first_name, cast(Role, person.role), zone, language, lambda _: zone
    )
    who = (person.key, person.name, person.role, person.platform)
    if person.platform == TAKES_TOKENS:
        # `start` takes 64 of A-Z a-z 0-9 _ -: core.telegram.org/bots/features, deep linking.
        link = f"{doors[0].address}?start={invite(session, person.id, now)}"
        return Card(*who, link, reader)
    code = invite(session, person.id, now, a_code())
    several = "; ".join(f"{each.name}: {each.address}" for each in doors)
    link = several if len(doors) > 1 else doors[0].address
    return Card(*who, link, reader, code, tuple(doors))
