"""What failed by a fault of ours.

Shown to whoever runs comentor, and taken once more when told to.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.arrivals import run_again
from bot.settings import Settings
from bot.store import tables
from bot.store.database import open_store

Kind = type[tables.Arrival] | type[tables.Conversation] | type[tables.Pair]
KINDS: tuple[Kind, ...] = (tables.Arrival, tables.Conversation, tables.Pair)


def show_failed(settings: Settings, say: Callable[[str], object], *, again: bool) -> None:
    """Say what failed, with ids and tracebacks and no word that anyone wrote.

    Put it back if told to.
    """
    with closing(open_store(settings.database.url)) as store, store.transaction() as session:
        found = [line for kind in KINDS for line in _faults(session, kind)]
        for line in found:
            say(line)
        say(f"{len(found)} failed." if found else "Nothing has failed.")
        if again and found:
            say(f"{run_again(session)} will be taken again when comentor next runs.")


def _faults(session: Session, kind: Kind) -> list[str]:
    rows = session.execute(select(kind.id, kind.fault).where(kind.fault.is_not(None))).all()
    return [f"{kind.__tablename__} {number}: {fault}" for number, fault in rows]
