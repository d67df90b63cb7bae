"""`comentor play` as it is, but for the machine's clock: it moves on when somebody does something.

So nothing in the story depends on how quick the machine is that tells it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from bot.playground.serve import serve
from bot.settings import load_settings

BEGAN = datetime(2027, 1, 4, tzinfo=UTC)


class StillClock:
    """A clock on the wall that tells how many seconds a file holds."""

    def __init__(self, room: Path) -> None:
        """Find the file there; without one it has not moved yet."""
        self.file = room / "seconds"

    def now(self) -> datetime:
        """Give the instant at which it stands."""
        return BEGAN + timedelta(seconds=self._seconds())

    def move_on(self) -> None:
        """Let it be a second later."""
        new = self.file.with_suffix(".new")
        new.write_text(str(self._seconds() + 1), "ascii")
        new.replace(self.file)

    def _seconds(self) -> int:
        return int(self.file.read_text("ascii")) if self.file.exists() else 0


@click.command()
@click.option("--port", type=int)
def play(port: int) -> None:
    """Serve the playground at a port, with nothing else set."""
    settings = load_settings(None)
    there = settings.playground.model_copy(update={"port": port})
    serve(settings.model_copy(update={"playground": there}), click.echo, wall=StillClock(Path()))


if __name__ == "__main__":
    play()
