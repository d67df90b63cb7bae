"""`comentor run` as it is, but for its clock: it is noon of the next Tuesday where this starts.

Where SECONDS_AHEAD says so, that many seconds after it.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, time, timedelta

import click

from bot.clock import WallClock
from bot.running import be_there
from bot.settings import load_settings

TUESDAY = 1


TO_NOON = "SECONDS_TO_NOON"


def _to_noon() -> float:
    now = WallClock().now()
    day = now.date() + timedelta(days=(TUESDAY - now.weekday()) % 7 + 7)
    hour = now.replace(minute=0, second=0, microsecond=0)
    return (datetime.combine(day, time(11), UTC) - hour).total_seconds()


# Worked out once: who is started again behind a full hour must not find itself an hour earlier.
os.environ.setdefault(TO_NOON, str(_to_noon()))


class AheadOfTime:
    """The machine's clock, days ahead; as far in each process that is started from one."""

    def __init__(self) -> None:
        """Read how far ahead."""
        later = float(os.environ.get("SECONDS_AHEAD", "0"))
        self.ahead = timedelta(seconds=float(os.environ[TO_NOON]) + later)

    def now(self) -> datetime:
        """Give the present instant there."""
        return WallClock().now() + self.ahead


if __name__ == "__main__":
    be_there(load_settings(None), click.echo, AheadOfTime())
