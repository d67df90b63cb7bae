"""`replay`: a conversation of twenty steps told again from its journal, as before every answer."""

from __future__ import annotations

from collections.abc import Awaitable, Coroutine, Generator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.figures import Figure, Floor, Sample, rounds, timed
from conversations.meetings import FreeTimes, Propose, Times
from conversations.plain import JSON, to_plain
from conversations.replay import Entry, Telling, replay
from conversations.talk import Choose, ChooseSome, Look, Pair, Step, Who
from conversations.talk import choose_some, do, look, say

MILLISECONDS = 1
STEPS = 20
TIMES_OVER = 500
PAIR = Pair(1, Who(1, "Ana", "mentee"), Who(2, "Ben", "mentor"))
SIX_TIMES = tuple(datetime(2027, 3, day, 9, tzinfo=UTC) + timedelta(hours=1) for day in range(1, 7))


async def five_rounds(pair: Pair) -> None:
    """Look up, ask, say and do: what a booking is made of, five times."""
    for _ in range(STEPS // 4):
        found = await look(FreeTimes(pair.id, pair.leads.id))
        picked = await choose_some(pair.leads, "which_times", found.times)
        await say(pair.leads, "will_ask", partner=pair.follows, times=picked)
        await do(Propose(pair.id, pair.leads.id, pair.follows.id))


def measure() -> Iterator[Figure]:
    """Replay it some hundred times a round, and beside it a coroutine that is only sent values."""
    journal = recorded()
    ours, bare = [], []
    for _ in rounds():
        ours.append(timed(lambda: _over_and_over(lambda: replay(five_rounds(PAIR), journal))))
        bare.append(timed(lambda: _over_and_over(_send_bare)))
    yield Figure(
        f"replay: a journal of {STEPS} steps",
        Sample([each / TIMES_OVER * 1e3 for each in ours], "ms"),
        MILLISECONDS,
        Floor("bare coroutine", Sample([each / TIMES_OVER * 1e3 for each in bare], "ms")),
    )


def recorded() -> list[Entry]:
    """Live through the conversation once and give its journal."""
    journal: list[Entry] = []
    with Telling(five_rounds(PAIR)) as telling:
        while telling.step is not None:
            journal.append(Entry(telling.step.key, _outcome(telling.step)))
            telling.give(journal[-1])
    assert len(journal) == STEPS
    return journal
