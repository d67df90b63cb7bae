"""Workspaces that the one app of Slack was installed in, their tokens encrypted at rest."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.store import tables
from bot.store.database import run

_ROW = tables.rows_of(tables.SlackInstallation)
_STATE = tables.rows_of(tables.SlackOAuthState)
_NAMES = (
    *("team_id", "enterprise_id", "name", "bot_id", "bot_user_id", "scopes", "token"),
    "installed_at",
)


@dataclass(frozen=True, slots=True)
class Installed:
    """One workspace."""

    team_id: str
    enterprise_id: str | None
    name: str
    bot_id: str
    bot_user_id: str
    scopes: str
    """With commas between."""
    token: str = field(repr=False)
    """The bot's, as Slack gave it."""
    installed_at: datetime


class Seal:
    """Encrypts with the newest key, and reads what any of them encrypted."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Take the keys, the newest first; at least one."""
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def close(self, token: str) -> str:
        """Give a token as it is kept."""
        return self._fernet.encrypt(token.encode()).decode()

    def open(self, kept: str) -> str:
        """Give a token as it was. Raises InvalidToken."""
        return self._fernet.decrypt(kept).decode()


def write_installed(session: Session, seal: Seal, installed: Installed) -> None:
    """Keep a workspace; one that was there before, or was removed, is there anew."""
    sealed = replace(installed, token=seal.close(installed.token))
    values = {name: getattr(sealed, name) for name in _NAMES} | {"removed_at": None}
    on = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    new = on.insert(_ROW).values(**values)
    run(session, new.on_conflict_do_update(index_elements=["team_id"], set_=values))


@dataclass(frozen=True, slots=True)
class Found:
    """Every workspace that the app is in, in a steady order."""

    installed: list[Installed]
    unreadable: list[str]
    """The names of those whose token was encrypted with a key that is not among ours."""


def installed_in(session: Session, seal: Seal) -> Found:
    """Give every workspace that the app is in."""
    rows = run(
        session,
        select(*(_ROW.c[name] for name in _NAMES))
        .where(_ROW.c.removed_at.is_(None))
        .order_by(_ROW.c.team_id),
    )
    found = Found([], [])
    for sealed in (Installed(*row) for row in rows):
        try:
            found.installed.append(replace(sealed, token=seal.open(sealed.token)))
        except InvalidToken:
            found.unreadable.append(sealed.name)
    return found


def seal_again(session: Session, seal: Seal) -> Found:
    """Have the newest key for all that can be read, so that those before it may go."""
    found = installed_in(session, seal)
    for each in found.installed:
        sealed = seal.close(each.token)
        run(session, update(_ROW).where(_ROW.c.team_id == each.team_id).values(token=sealed))
    return found


def write_removed(session: Session, installed: Installed, now: datetime) -> bool:
    """Note that the app is no longer there. Gives False where it has come back or was noted."""
    row = run(
        session,
        update(_ROW)
        .where(
            _ROW.c.team_id == installed.team_id,
            _ROW.c.installed_at == installed.installed_at,
            _ROW.c.removed_at.is_(None),
        )
        .values(removed_at=now),
    )
    return row.rowcount == 1


# An installation on its way


def write_begun(session: Session, state: str, now: datetime, until: datetime) -> None:
    """Keep what somebody is to come back from Slack with; what ran out is forgotten."""
    run(session, delete(_STATE).where(_STATE.c.expires_at <= now))
    run(session, _STATE.insert().values(hash=_hash(state), expires_at=until))


def take_begun(session: Session, state: str, now: datetime) -> bool:
    """Whether somebody came back in time with what they were given; true once."""
    row = run(
        session, delete(_STATE).where(_STATE.c.hash == _hash(state), _STATE.c.expires_at > now)
    )
    return row.rowcount == 1


def _hash(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
