"""One rehearsal in a process of its own: `python -m benchmarks.lived PAIRS WEEKS`.

Prints its figures as JSON.
"""

from __future__ import annotations

import json
import sys
from time import perf_counter, process_time

from sqlalchemy import event

from bot.rehearsal.peopling import people_the_world
from bot.rehearsal.walking import walk
from bot.rehearsal.world import a_world
from bot.settings import Settings
from bot.store.database import open_store
from bot.turn import setup_from

SEED = 7


def live(pairs: int, weeks: int) -> dict[str, float]:
    """Live through that much as `comentor rehearse` does, and give what it took."""
    setup = setup_from(Settings())
    statements = 0
    store = open_store("sqlite://")
    world = a_world(store, setup, SEED, weeks)
    people_the_world(world, pairs)

    @event.listens_for(store.engine, "before_cursor_execute")
    def count(*_: object) -> None:
        nonlocal statements
        statements += 1

    wall, cpu = perf_counter(), process_time()
    walk(world, lambda _: None)
    found = {
        "wall": perf_counter() - wall,
        "cpu": process_time() - cpu,
        "turns": world.turns,
        "statements": statements,
    }
    store.close()
    return found


if __name__ == "__main__":
    print(json.dumps(live(int(sys.argv[1]), int(sys.argv[2]))))
