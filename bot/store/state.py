"""What is known of a platform over a restart: when it was last heard, until when it wants quiet."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.store import tables
from bot.store.database import run

_STATE = tables.rows_of(tables.PlatformState)
_READ = select(_STATE.c.heard_at, _STATE.c.quiet_until).where(
    _STATE.c.platform == bindparam("name")
)


def heard_at(session: Session, platform: str) -> datetime | None:
    """Give when a platform last told us anything; None if it never did."""
    row = run(session, _READ, {"name": platform}).first()
    return row.heard_at if row else None


def quiet_until(session: Session, platform: str) -> datetime | None:
    """Give until when a platform asked to be sent nothing; None if it never did."""
    row = run(session, _READ, {"name": platform}).first()
    return row.quiet_until if row else None


def write_heard(session: Session, platform: str, at: datetime) -> None:
    """Keep when a platform last told us anything."""
    _write(session, platform, heard_at=at)


def write_quiet(session: Session, platform: str, until: datetime) -> None:
    """Keep until when a platform asked to be sent nothing."""
    _write(session, platform, quiet_until=until)


def _write(session: Session, platform: str, **values: datetime) -> None:
    on = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    new = on.insert(_STATE).values(platform=platform, **values)
    run(session, new.on_conflict_do_update(index_elements=["platform"], set_=values))
