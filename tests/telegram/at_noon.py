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


class AheadOfTime:
    """The machine's clock, days ahead; the same days after a restart in the same hour."""

    def __init__(self) -> None:
        """Work out how far ahead."""
        now = WallClock().now()
        day = now.date() + timedelta(days=(TUESDAY - now.weekday()) % 7 + 7)
        hour = now.replace(minute=0, second=0, microsecond=0)
        later = timedelta(seconds=float(os.environ.get("SECONDS_AHEAD", "0")))
        self.ahead = datetime.combine(day, time(11), UTC) - hour + later

    def now(self) -> datetime:
        """Give the present instant there."""
        return WallClock().now() + self.ahead


if __name__ == "__main__":
    be_there(load_settings(None), click.echo, AheadOfTime())
