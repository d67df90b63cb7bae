"""`python -m bot.store.migrations` fails where tables and history are not in step."""

from __future__ import annotations

import sys

from bot.store.database import open_store
from bot.store.migrations import missing_steps


def main() -> int:
    """Say what the history lacks; 1 if it lacks anything."""
    store = open_store("sqlite://")
    with store.engine.connect() as connection:
        missing = missing_steps(connection)
    for step in missing:
        sys.stderr.write(f"The history of the tables lacks a step: {step}\n")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
