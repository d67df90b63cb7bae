"""Two processes on one PostgreSQL: one speaks and asks, and the other follows when it dies."""

from __future__ import annotations

import pytest

from tests.botapi import BotApi
from tests.telegram.process import PATIENCE, Process
from tests.telegram.town import COHORT

HELP = "I keep your meetings in the diary"
PRIVACY = "What I keep"
NOTED = "SELECT id FROM message WHERE state = 'sent'"


async def test_another_takes_over_from_one_that_dies(
    api: BotApi, on_postgresql: Process, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Only one asks Telegram at a time, and nothing is lost or said twice."""
    people = on_postgresql.bring(api, COHORT)
    ana, ben = people["ana"], people["ben"]
    room = tmp_path_factory.mktemp("second")
    second = Process(api, room, on_postgresql.url)
    await on_postgresql.start()
    await second.start()
    try:
        await second.says_in_time("another process is at it")
        ana.types("/help")
        await ana.sees(HELP, within=PATIENCE)
        await on_postgresql.until(lambda: on_postgresql.rows(NOTED))
        await on_postgresql.kill()
        ben.types("/help")
        await ben.sees(HELP, within=PATIENCE)
        ana.types("/privacy")
        await ana.sees(PRIVACY, within=PATIENCE)
        assert [len(each.screen) for each in (ana, ben)] == [2, 1]
        assert api.counts.refusals[409] == 0
        assert "Traceback" not in second.said()
    finally:
        await second.close()
