"""Messages to people, with every limit lifted: the platform by itself, and the whole outbox."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.bot_api import Double, a_double
from benchmarks.databases import KINDS, Kind, Room
from benchmarks.figures import Figure, Floor, Sample, rounds
from benchmarks.processes import finished, python
from benchmarks.townsfolk import announce, bring_in, settle_in
from bot.store.database import open_store

PEOPLE = 1000
FAST, SLOW = 3000, 600
"""Sends in a round: the library by itself takes its time."""
TIMES = 10
WAITING = 500


def measure(room: Room) -> Iterator[Figure]:
    """Send as comentor does and, at the same server, as the library does by itself."""
    ours, library, sockets = [], [], []
    with a_double("--people", str(PEOPLE)) as double:
        for _ in rounds():
            sockets.append(_sent("sockets", double, FAST))
            library.append(_sent("library", double, SLOW))
            ours.append(_sent("comentor", double, FAST))
    yield Figure("telegram: the double can take, 64 in flight", Sample(sockets, "/s"))
    floor = Floor("library's own client", Sample(library, "/s"))
    least = TIMES * floor.measured.middle
    yield Figure("telegram: sends, 64 in flight", Sample(ours, "/s"), floor=floor, least=least)
    for kind in KINDS:
        yield _outbox(room, kind)


def _sent(way: str, double: Double, count: int) -> float:
    base_url, token = double.base_url, double.token
    command = ("-m", "benchmarks.sender", way, base_url, token, str(PEOPLE), str(count))
    return float(finished(python(*command)).said.split()[-1])


def _outbox(room: Room, kind: Kind) -> Figure:
    url = room.url(kind)
    store = open_store(url)
    bring_in(store, WAITING)
    settle_in(store)
    store.close()
    rates = [_emptied(url) for _ in rounds()]
    return Figure(f"telegram: whole outbox, {kind}", Sample(rates, "/s"))


def _emptied(url: str) -> float:
    """Give how many a second went out, from the first to the last."""
    store = open_store(url)
    announce(store, WAITING)
    store.close()
    with a_double("--people", str(WAITING)) as double:
        finished(python("-m", "benchmarks.sender", "outbox", double.base_url, double.token, url))
        times = double.wish("stats", times=True)["times"]
    assert len(times) == WAITING
    return float((WAITING - 1) / (times[-1] - times[0]))
