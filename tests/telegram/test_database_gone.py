"""A PostgreSQL that goes away for a while: nothing is lost, and nobody has to start anything."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, make_url, text

from tests.botapi import BotApi
from tests.telegram.process import PATIENCE, Process
from tests.telegram.town import COHORT

HELP = "I keep your meetings in the diary"
PRIVACY = "What I keep"


@contextmanager
def gone(admin: Engine, url: str) -> Iterator[None]:
    """Let nobody into a database, and throw out who is in it."""
    name = make_url(url).database
    with admin.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"),
            {"name": name},
        )
    try:
        yield
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))


@pytest.mark.usefixtures("own_database")
async def test_a_database_that_was_gone_for_a_while_loses_nothing(
    api: BotApi, on_postgresql: Process, postgresql_admin: Engine
) -> None:
    """What arrives meanwhile stays with Telegram; what was being sent is noted afterwards."""
    people = on_postgresql.bring(api, COHORT)
    ana, ben, eve = (people[name] for name in ("ana", "ben", "eve"))
    await on_postgresql.start()
    api.latency = 1.0
    ana.types("/help")
    await api.until(lambda: api.counts.requests["sendMessage"] or None, PATIENCE)
    with gone(postgresql_admin, on_postgresql.url):
        await on_postgresql.says_in_time("the database cannot be used ")
        await ana.sees(HELP, within=PATIENCE)
        api.latency = 0.0
        ana.types("/privacy")
        ben.types("/help")
        await on_postgresql.says_in_time("what arrived could not be kept")
    await ben.sees(HELP, within=PATIENCE)
    await ana.sees(PRIVACY, within=PATIENCE)
    with gone(postgresql_admin, on_postgresql.url):
        pass  # and only the connections: nobody is to notice
    eve.types("/help")
    await eve.sees(HELP, within=PATIENCE)
    assert [len(each.screen) for each in (ana, ben, eve)] == [2, 1, 1]
    assert await on_postgresql.stop() == 0
    assert "Traceback" not in on_postgresql.said()
