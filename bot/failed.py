"""What failed by a fault of ours: shown to whoever runs comentor, and taken once more when told to."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from bot.arrivals import run_again
from bot.settings import Settings
from bot.store import tables
from bot.store.database import open_store


def show_failed(settings: Settings, say: Callable[[str], object], *, again: bool) -> None:
    """Say what failed, with ids and tracebacks and no word that anyone wrote; put it back if told to."""
    store = open_store(settings.database.url)
    try:
        with store.transaction() as session:
            found = 0
            for kind in (tables.Arrival, tables.Conversation, tables.Pair):
                rows = session.execute(
                    select(kind.id, kind.fault).where(kind.fault.is_not(None))
                ).all()
                found += len(rows)
                for number, fault in rows:
                    say(f"{kind.__tablename__} {number}: {fault}")
            say(f"{found} failed." if found else "Nothing has failed.")
            if again and found:
                say(f"{run_again(session)} will be taken again when comentor next runs.")
    finally:
        store.close()
