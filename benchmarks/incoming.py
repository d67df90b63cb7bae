"""Updates through the webhook: how many are received and committed a second, how many turns taken.

The floor is python-telegram-bot's own Application behind the same server, which does nothing with
an update; it takes messages in between. Whole turns are those of `comentor run`, which answers each
press, redraws and sends meanwhile at Telegram's pace, as it always does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from time import perf_counter, sleep

from benchmarks.bot_api import FIRST_PERSON, Double, a_double
from benchmarks.databases import KINDS, Kind, Room
from benchmarks.doubles import Running, in_background, started
from benchmarks.figures import ROUNDS, Figure, Floor, Sample, rounds
from benchmarks.glance import Glance
from benchmarks.processes import free_port, python
from benchmarks.townsfolk import bring_in, invite_all
from bot.store.database import open_store

IN_FLIGHT = 32
UPDATES = 1500
"""In a round."""
PRESSES = 600
"""In a round, each of somebody else."""
STRANGERS = "64"
RECEIVED = {"SQLite, FULL": 0.80, "PostgreSQL": 0.75}
TURNS = 0.35
"""Shares of the floor."""
JOIN = "Yes, I'd like to"
LOOK_AGAIN = 0.002
"""Seconds."""


@dataclass(slots=True)
class Bare:
    """The floor, and how many it takes a second whenever it is asked."""

    double: Double
    rates: list[float] = field(default_factory=list)

    def push(self) -> None:
        """Take a round of updates."""
        self.rates.append(pushed(self.double))

    def floor(self) -> Floor:
        """Give what was measured since the last time."""
        rates, self.rates = self.rates, []
        return Floor("bare Application", Sample(rates, "/s"))


def measure(room: Room) -> Iterator[Figure]:
    """Push strangers' messages at both databases, then presses of people who are asked."""
    with ExitStack() as kept:
        nodding = kept.enter_context(a_double("--people", STRANGERS))
        _be_bare(kept, nodding, "nothing")
        most = Sample([pushed(nodding) for _ in rounds()], "/s")
        yield Figure("telegram: the double can push", most)
        bare = Bare(kept.enter_context(a_double("--people", STRANGERS)))
        _be_bare(kept, bare.double, bare.double.base_url)
        for kind in KINDS:
            yield _received(room, kind, bare)
        for kind in KINDS:
            yield _turns(room, kind, bare)


def _be_bare(kept: ExitStack, double: Double, base_url: str) -> None:
    port = str(free_port())
    command = python("-m", "benchmarks.bare_bot", base_url, double.token, port)
    kept.enter_context(in_background(command))
    if base_url == "nothing":
        double.set_webhook(f"http://127.0.0.1:{port}")
    double.wait_for_webhook()


def pushed(double: Double) -> float:
    """Give how many messages a second were taken."""
    found = double.wish("push", count=UPDATES, in_flight=IN_FLIGHT, text="good morning")
    assert found["confirmed"] == UPDATES
    return float(found["per_second"])


def _received(room: Room, kind: Kind, bare: Bare) -> Figure:
    with a_double("--people", STRANGERS) as double:
        ours = double.by_webhook()
        receiver = Running(room.url(kind), room.folder, ours, "benchmarks.receiver")
        with started(receiver):
            double.wait_for_webhook()
            rates = []
            for _ in rounds():
                bare.push()
                rates.append(pushed(double))
            glance = Glance(receiver.url)
            assert glance.undone() == UPDATES * ROUNDS
            glance.close()
    floor = bare.floor()
    least = RECEIVED[kind] * floor.measured.middle
    what = f"telegram: received, {kind}"
    return Figure(what, Sample(rates, "/s"), floor=floor, least=least)


def _turns(room: Room, kind: Kind, bare: Bare) -> Figure:
    url = room.url(kind)
    store = open_store(url)
    bring_in(store, PRESSES * ROUNDS)
    tokens = invite_all(store)
    store.close()
    ours = []
    with a_double() as double:
        comentor = Running(url, room.folder, double.by_webhook())
        _let_all_come(double, comentor, tokens)
        with started(comentor):
            double.wait_for_webhook()
            glance = Glance(url)
            for number in rounds():
                bare.push()
                ours.append(_pressed(double, glance, FIRST_PERSON + number * PRESSES))
            glance.close()
    floor = bare.floor()
    least = TURNS * floor.measured.middle
    what = f"telegram: whole turns, {kind}"
    return Figure(what, Sample(ours, "/s"), floor=floor, least=least)


def _let_all_come(double: Double, comentor: Running, tokens: list[str]) -> None:
    """Have everybody open their invitation, and read the question in it, with no limit of pace."""
    unlimited = {**double.by_webhook(), "COMENTOR_TELEGRAM__A_SECOND": "1000"}
    hasty = Running(comentor.url, comentor.room, unlimited)
    with started(hasty):
        double.wait_for_webhook()
        for place, token in enumerate(tokens):
            double.wish("starts", person=FIRST_PERSON + place, payload=token)
        glance = Glance(comentor.url)
        while glance.undone() or glance.unsent():
            sleep(LOOK_AGAIN)
        glance.count()
        glance.close()


def _pressed(double: Double, glance: Glance, first: int) -> float:
    """Give how many presses a second had their turn, from the first press to the last commit."""
    began = perf_counter()
    double.wish("push", count=PRESSES, in_flight=IN_FLIGHT, press=JOIN, first=first)
    while glance.undone():
        sleep(LOOK_AGAIN)
    return PRESSES / (perf_counter() - began)
