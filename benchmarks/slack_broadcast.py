"""A broadcast to two workspaces at a Slack that enforces its pace, and one where answers get lost.

The pace is ten times what comentor takes by default, so that a run takes no minutes; the double
counts in each second what Slack counts in a minute, which leaves no room for bursts.
"""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter, sleep

from benchmarks.databases import Room
from benchmarks.doubles import Running, started
from benchmarks.figures import Figure, Sample, rounds
from benchmarks.glance import Glance
from benchmarks.slack_api import Double, Place, a_double
from benchmarks.townsfolk import announce, bring_in, settle_in
from bot.store.database import open_store

PEOPLE = 2000
A_SECOND = 50
"""In each workspace: 3,000 a minute."""
PLACES = 2
SHARE = 0.99
"""Of what is allowed."""
LOST, AMONG = 50, 300
CHANCE = 0.2
"""More than fifty in three hundred: all fifty come to pass."""
UNLIMITED = "6000"
LONGEST = 60
"""Seconds after which no further round begins."""
LOOK_AGAIN = 0.1
"""Seconds."""


def measure(room: Room, people: int) -> Iterator[Figure]:
    """Write to everybody at once, on SQLite; then to some whose messages' answers get lost."""
    rates, refusals, wrong = [], [], []
    for _ in rounds(LONGEST):
        with a_double("--people", str(people // PLACES)) as double:
            places = [double.first, double.one_more(people // PLACES)]
            double.wish("pacing", per_workspace=A_SECOND, window=1.0)
            _carried(room, double, places, {"COMENTOR_SLACK__A_MINUTE": str(A_SECOND * 60)})
            stats = double.wish("stats", times=True)
            times = stats["times"]
            rates.append((len(times) - 1) / (times[-1] - times[0]))
            refusals.append(float(sum(stats["refusals"].values())))
            wrong.append(float(_wrong(double, places)))
    what = f"slack: broadcast to {people:,} in two places"
    yield Figure(what, Sample(rates, "/s"), least=SHARE * A_SECOND * PLACES)
    yield Figure("slack:   refusals", Sample(refusals, ""), 0)
    yield Figure("slack:   said twice or never", Sample(wrong, ""), 0)
    yield from _lost(room)


def _lost(room: Room) -> Iterator[Figure]:
    seconds, wrong, sent_again = [], [], []
    for _ in rounds(LONGEST):
        with a_double("--people", str(AMONG)) as double:
            fault = {"method": "chat.postMessage", "kind": "lost"}
            double.wish("fault", times=LOST, chance=CHANCE, **fault)
            unlimited = {"COMENTOR_SLACK__A_MINUTE": UNLIMITED}
            seconds.append(_carried(room, double, [double.first], unlimited))
            stats = double.wish("stats")
            assert stats["faults_played"] == LOST
            assert stats["requests"]["conversations.history"] == LOST
            sent_again.append(float(stats["requests"]["chat.postMessage"] - AMONG))
            wrong.append(float(_wrong(double, [double.first])))
    what = f"slack: {AMONG} sends, {LOST} answers lost"
    yield Figure(what, Sample(seconds, "s"))
    yield Figure("slack:   said again", Sample(sent_again, ""), 0)
    yield Figure("slack:   there twice or never", Sample(wrong, ""), 0)


def _carried(room: Room, double: Double, places: list[Place], settings: dict[str, str]) -> float:
    """Give how many seconds there were from the start until nothing was left to send."""
    url = room.url("SQLite, FULL")
    addresses = [address for place in places for address in place.addresses]
    store = open_store(url)
    bring_in(store, len(addresses), "slack")
    settle_in(store, addresses)
    announce(store, len(addresses))
    store.close()
    glance = Glance(url)
    with started(Running(url, room.folder, {**double.by_socket(*places), **settings})):
        began = perf_counter()
        while glance.unsent():
            sleep(LOOK_AGAIN)
    glance.close()
    return perf_counter() - began


def _wrong(double: Double, places: list[Place]) -> int:
    """Count the people who were not told exactly once."""
    wrong = 0
    for place in places:
        heard = double.wish("heard", workspace=place.workspace)
        wrong += sum(heard.get(person, 0) != 1 for person in place.people)
    return wrong
