"""People's own pages on a platform, such as Slack's App Home: whose no longer shows how things are.

Only who has ever opened theirs has one. It is drawn from how things stand, so nothing queues up.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.platforms import Realm
from bot.store import tables
from bot.store.database import run

KEPT_ON = frozenset({"slack"})
"""The platforms that keep such a page."""
MENUS_ON = frozenset({"telegram"})
"""The platforms that keep a menu for each person: all that is theirs there, and it changes
seldom."""
_HOME = tables.rows_of(tables.Home)
_PERSON = tables.rows_of(tables.Person)
_STALE = (
    select(_HOME.c.person_id, _PERSON.c.address, _HOME.c.stale_at)
    .join(_PERSON, _PERSON.c.id == _HOME.c.person_id)
    .where(
        _HOME.c.stale_at <= bindparam("now"),
        _PERSON.c.platform == bindparam("platform"),
        _PERSON.c.address.startswith(bindparam("within")),
        _PERSON.c.closed_at.is_(None),
    )
    .order_by(_HOME.c.stale_at)
    .limit(bindparam("most"))
)
_CHANGED = (
    update(_HOME)
    .where(_HOME.c.person_id == bindparam("person"))
    .values(stale_at=bindparam("moment"))
)
_DRAWN = (
    update(_HOME)
    .where(_HOME.c.person_id == bindparam("person"), _HOME.c.stale_at <= bindparam("moment"))
    .values(stale_at=bindparam("again"))
)


@dataclass(frozen=True, slots=True)
class StaleHome:
    """Somebody's page, to be drawn as things stand now."""

    person: int
    address: str
    since: datetime


def note_looked(session: Session, person: int, now: datetime) -> None:
    """Note that somebody's page is wanted: from now on it is kept as things stand."""
    on = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    new = on.insert(_HOME).values(person_id=person, stale_at=now)
    run(session, new.on_conflict_do_update(index_elements=["person_id"], set_={"stale_at": now}))


def note_spoken_to(session: Session, person: int, platform: str, now: datetime) -> None:
    """Note that somebody is here, or reads another language: their menu is to be theirs."""
    if platform in MENUS_ON:
        note_looked(session, person, now)


def note_changed(session: Session, people: Collection[int], now: datetime) -> None:
    """Note that what these people's pages show has changed; who has none is passed over."""
    if people:
        run(session, _CHANGED, [{"person": each, "moment": now} for each in people])


def stale_homes(session: Session, realm: Realm, now: datetime, most: int) -> list[StaleHome]:
    """Give the pages of a realm that are to be drawn, longest waiting first."""
    where = {"platform": realm.platform, "within": realm.within, "now": now}
    return [StaleHome(*row) for row in run(session, _STALE, {**where, "most": most})]


def mark_drawn(session: Session, drawn: StaleHome, again: datetime | None = None) -> None:
    """Note that a page shows how things stood then; what changed since is drawn anew.

    Or, where it could not be drawn, when it is to be tried again.
    """
    run(session, _DRAWN, {"person": drawn.person, "moment": drawn.since, "again": again})
