"""A broadcast at a server that enforces Telegram's pace, through a kill, and replies meanwhile.

The program is killed once half of it is out and started again at once. Rates are those of its two
lives, each from its first message to its last: to start takes as long as it takes.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from benchmarks.bot_api import FIRST_PERSON, Double, a_double
from benchmarks.databases import Room
from benchmarks.doubles import Running, started
from benchmarks.figures import Figure, Sample, share
from benchmarks.glance import Glance
from benchmarks.townsfolk import announce, bring_in, settle_in
from bot.store.database import open_store

PEOPLE = 3000
A_SECOND = 30
SHARE = 0.99
"""Of what is allowed."""
SLOTS = 3
P99_MS = 300
ASKERS = 50
"""They are not written to, and ask now and then."""
NOW_AND_THEN = 1.0
"""Seconds at most between two who ask."""
SEED = 7


@dataclass(slots=True)
class Measured:
    """What became of one broadcast."""

    rates: list[float] = field(default_factory=list)
    """Messages a second, of each life."""
    refusals: int = 0
    twice_or_never: int = 0
    waits: list[float] = field(default_factory=list)
    """Milliseconds until who asked was answered."""
    behind: list[float] = field(default_factory=list)
    """How many messages went out to others meanwhile."""


def measure(room: Room, people: int) -> Iterator[Figure]:
    """Write to everybody at once, on SQLite."""
    url = room.url("SQLite, FULL")
    store = open_store(url)
    bring_in(store, people + ASKERS)
    settle_in(store)
    announce(store, people)
    store.close()
    with a_double("--pace", str(A_SECOND), "--people", str(people + ASKERS)) as double:
        found = _carried(double, Running(url, room.folder, double.settings()), people)
    what = f"telegram: broadcast to {people:,}"
    yield Figure(f"{what}, two lives", Sample(found.rates, "/s"), least=SHARE * A_SECOND)
    yield Figure("telegram:   refusals", Sample([found.refusals], ""), 0)
    yield Figure("telegram:   said twice or never", Sample([found.twice_or_never], ""))
    for name, below in (("median", 0.5), ("p99", 0.99)):
        target = P99_MS if name == "p99" else None
        said = f"telegram:   a reply meanwhile, {name} of {len(found.waits)}"
        yield Figure(said, Sample([share(found.waits, below)], "ms"), target)
    said = "telegram:   sent before it, p99"
    yield Figure(said, Sample([share(found.behind, 0.99)], ""), SLOTS)


def _carried(double: Double, comentor: Running, people: int) -> Measured:
    found, chance = Measured(), Random(SEED)
    glance = Glance(comentor.url)
    with started(comentor):
        double.wish("until", sends=1)
        while double.wish("stats")["sends"] < people / 2:
            _ask(double, people, found, chance)
        comentor.kill()
        killed = time.time()
        comentor.start()
        # A second of silence, because nobody knows what a former life has just sent, is no reply.
        double.wish("until", sends=double.wish("stats")["sends"] + 1)
        while glance.unsent():
            _ask(double, people, found, chance)
    stats = double.wish("stats", times=True)
    for life in (
        [each for each in stats["times"] if each < killed],
        [each for each in stats["times"] if each >= killed],
    ):
        found.rates.append((len(life) - 1) / (life[-1] - life[0]))
    found.refusals = stats["refusals"].get("429", 0)
    found.twice_or_never = abs(stats["sends"] - people - len(found.waits))
    glance.close()
    return found


def _ask(double: Double, people: int, found: Measured, chance: Random) -> None:
    """Have somebody ask, who has not been written to for long."""
    asker = FIRST_PERSON + people + len(found.waits) % ASKERS
    answered = double.wish("asks", person=asker, text="/help")
    found.waits.append(answered["ms"])
    found.behind.append(answered["behind"])
    time.sleep(chance.uniform(0, NOW_AND_THEN))
