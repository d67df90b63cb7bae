"""`replay`: a conversation of twenty steps told again from its journal, as before every answer."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator, Iterator
from datetime import UTC, datetime

from benchmarks.figures import Figure, Floor, Sample, rounds, timed
from conversations.meetings import FreeTimes, Propose, Times
from conversations.plain import JSON, to_plain
from conversations.replay import Entry, Telling, replay
from conversations.talk import ChooseSome, Do, Look, Pair, Who, choose_some, do, look, say

MILLISECONDS = 1
STEPS = 20
TIMES_OVER = 500
PAIR = Pair(1, Who(1, "Ana", "mentee"), Who(2, "Ben", "mentor"))
FOUND = Times(tuple(datetime(2027, 3, day, 9, tzinfo=UTC) for day in range(1, 7)), False)  # noqa: FBT003 - a stored value


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
        ours.append(_milliseconds(lambda: replay(five_rounds(PAIR), journal)))
        bare.append(_milliseconds(lambda: _sent(_bare())))
    floor = Floor(f"coroutine sent {STEPS} values", Sample(bare, "ms"))
    yield Figure(f"replay: {STEPS} steps", Sample(ours, "ms"), MILLISECONDS, floor)


def recorded() -> list[Entry]:
    """Live through the conversation once and give its journal."""
    journal: list[Entry] = []
    with Telling(five_rounds(PAIR)) as telling:
        while telling.step is not None:
            journal.append(telling.take(_outcome(telling.step)))
    assert len(journal) == STEPS
    return journal


def _outcome(step: object) -> JSON:
    match step:
        case Look():
            return to_plain(FOUND)
        case ChooseSome():
            return {"chosen": ["1", "2", "3"]}
        case Do():
            return 1
    return None


def _milliseconds(work: Callable[[], object]) -> float:
    """Give what one of many takes."""
    return timed(lambda: [work() for _ in range(TIMES_OVER)]) / TIMES_OVER * 1e3


class _Value:
    """Something to await that asks for one value."""

    def __await__(self) -> Generator[None, int, int]:
        return (yield None)


async def _bare() -> None:
    for _ in range(STEPS):
        await _Value()


def _sent(coroutine: Coroutine[None, int | None, None]) -> None:
    coroutine.send(None)
    for number in range(STEPS - 1):
        coroutine.send(number)
    coroutine.close()
