"""Slack's events: how many are received and committed a second, and how soon each is acknowledged.

The floor is a Bolt app behind the same server, or at the same socket, whose listener does nothing.
It takes events in between. How soon is measured at the whole of `comentor run`, which answers each
of them meanwhile at Slack's pace, as it always does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from time import sleep
from typing import Literal

from benchmarks.databases import KINDS, Kind, Room
from benchmarks.doubles import Running, in_background, started, wait_for
from benchmarks.figures import ROUNDS, Figure, Floor, Sample, rounds
from benchmarks.glance import Glance
from benchmarks.processes import free_port, python
from benchmarks.slack_api import Double, a_double
from benchmarks.townsfolk import bring_in, settle_in
from bot.store.database import open_store

Way = Literal["HTTP", "socket"]
WAYS: tuple[Way, ...] = ("HTTP", "socket")
IN_FLIGHT = 32
EVENTS, BEFORE = 4000, 1000
"""In a round, and before the first: a start takes its time."""
STRANGERS = "64"
RECEIVED = {"SQLite, FULL": 0.80, "PostgreSQL": 0.75}
"""Shares of the floor."""
A_SECOND = 200
SECONDS = 5
"""Of a round: nobody writes twice in it."""
P99_MS = 60
LOOK_AGAIN = 0.05
"""Seconds."""


@dataclass(slots=True)
class Bare:
    """The floor, and how many it takes a second whenever it is asked."""

    double: Double
    rates: list[float] = field(default_factory=list)

    def push(self) -> None:
        """Take a round of events."""
        self.rates.append(pushed(self.double))

    def floor(self) -> Floor:
        """Give what was measured since the last time."""
        rates, self.rates = self.rates, []
        return Floor("bare Bolt", Sample(rates, "/s"))


def measure(room: Room) -> Iterator[Figure]:
    """Push strangers' messages at both databases, both ways; then words of people who belong."""
    with a_double("--people", STRANGERS) as nodding, ExitStack() as kept:
        port = free_port()
        kept.enter_context(
            in_background(python("-m", "benchmarks.bare_bot", "nothing", "", f"{port}"))
        )
        nodding.by_http(port)
        wait_for(port)
        most = Sample([pushed(nodding) for _ in rounds()], "/s")
        yield Figure("slack: the double can push", most)
    for way in WAYS:
        with a_double("--people", STRANGERS) as double, ExitStack() as kept:
            _be_bare(kept, double, way)
            bare = Bare(double)
            pushed(double, BEFORE)
            for kind in KINDS:
                yield _received(room, way, kind, bare)
    for way in WAYS:
        yield from _acknowledged(room, way)


def _be_bare(kept: ExitStack, double: Double, way: Way) -> None:
    place, port = double.first, free_port()
    over = ["http", place.signing_secret, str(port)]
    if way == "socket":
        over = ["socket", place.app_token]
    command = python("-m", "benchmarks.bare_bolt", double.base_url, place.token, *over)
    kept.enter_context(in_background(command))
    if way == "HTTP":
        double.by_http(port)
        wait_for(port)
    else:
        double.wish("connected")


def pushed(double: Double, count: int = EVENTS) -> float:
    """Give how many messages a second were taken."""
    found = double.wish("push", count=count, in_flight=IN_FLIGHT, text="good morning")
    assert found["taken"] == count
    return float(found["per_second"])


def _turned_to(double: Double, way: Way) -> dict[str, str]:
    return double.by_http(free_port()) if way == "HTTP" else double.by_socket(double.first)


def _wait_until_heard(double: Double, settings: dict[str, str]) -> None:
    if "COMENTOR_SERVER__PORT" in settings:
        wait_for(int(settings["COMENTOR_SERVER__PORT"]))
    else:
        double.wish("connected", connections=2)


def _received(room: Room, way: Way, kind: Kind, bare: Bare) -> Figure:
    with a_double("--people", STRANGERS) as double:
        settings = _turned_to(double, way)
        receiver = Running(room.url(kind), room.folder, settings, "benchmarks.slack_receiver")
        with started(receiver):
            _wait_until_heard(double, settings)
            rates, every = [], EVENTS * ROUNDS + BEFORE
            pushed(double, BEFORE)
            for _ in rounds():
                bare.push()
                rates.append(pushed(double))
            glance = Glance(receiver.url)
            assert glance.undone() == every
            glance.close()
        assert double.wish("stats")["tries"] == every
    floor = bare.floor()
    least = RECEIVED[kind] * floor.measured.middle
    what = f"slack: received by {way}, {kind}"
    return Figure(what, Sample(rates, "/s"), floor=floor, least=least)


def _acknowledged(room: Room, way: Way) -> Iterator[Figure]:
    people, halves, ends = A_SECOND * SECONDS, list[float](), list[float]()
    with a_double("--people", str(people)) as double:
        settings, url = _turned_to(double, way), room.url("SQLite, FULL")
        store = open_store(url)
        bring_in(store, people, "slack")
        settle_in(store, double.first.addresses)
        store.close()
        with started(Running(url, room.folder, settings)):
            _wait_until_heard(double, settings)
            for _ in rounds():
                waits = _waits(double, people)
                halves.append(waits["p50"])
                ends.append(waits["p99"])
                _wait_until_done(url)
    what = f"slack: acknowledged by {way}, {A_SECOND} a second"
    yield Figure(f"{what}, p50", Sample(halves, "ms"))
    yield Figure(f"{what}, p99", Sample(ends, "ms"), P99_MS)


def _waits(double: Double, people: int) -> dict[str, float]:
    """Give how long their words took to be acknowledged, from when they were to be sent."""
    fields = {"count": people, "in_flight": people, "a_second": A_SECOND, "text": "/help"}
    found = double.wish("push", **fields)
    assert found["taken"] == people
    waits: dict[str, float] = found["end_ms"]
    return waits


def _wait_until_done(url: str) -> None:
    glance = Glance(url)
    while glance.undone():
        sleep(LOOK_AGAIN)
    glance.close()
