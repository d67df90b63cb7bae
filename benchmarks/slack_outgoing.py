"""Messages to people in Slack over TLS, with every limit lifted: ours, and as the SDK sends.

Whether a connection is kept decides most of it: the SDK by itself opens one to each call.
"""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.certificate import a_certificate
from benchmarks.databases import Room
from benchmarks.figures import Figure, Floor, Sample, rounds
from benchmarks.many import IN_FLIGHT
from benchmarks.processes import finished, python
from benchmarks.slack_api import Double, a_double

PEOPLE = 200
FAST, SLOW = 4000, 1000
"""Sends in a round: the SDK by itself takes its time."""
TIMES = 5
ASKED_BY_US = 1
"""Connections: how many there are is asked over one."""


def measure(room: Room) -> Iterator[Figure]:
    """Send as comentor does and, at the same server, as the SDK does by itself."""
    ours, library, sockets = [], [], []
    connections, theirs = [], []
    file = str(a_certificate(room.folder))
    with a_double("--people", str(PEOPLE), "--certificate", file) as double:
        double.wish("settings", echo=False)
        double.wish("unread")
        for _ in rounds():
            sockets.append(_sent("sockets", double, FAST, file)[0])
            rate, opened = _sent("SDK", double, SLOW, file)
            library.append(rate)
            theirs.append(opened)
            rate, opened = _sent("comentor", double, FAST, file)
            ours.append(rate)
            connections.append(opened)
    yield Figure("slack: the double can take, 64 in flight", Sample(sockets, "/s"))
    floor = Floor("SDK as it comes", Sample(library, "/s"))
    least = TIMES * floor.measured.middle
    yield Figure(
        "slack: sends over TLS, 64 in flight", Sample(ours, "/s"), floor=floor, least=least
    )
    floor = Floor(f"SDK as it comes, {SLOW:,} sends", Sample(theirs, ""))
    what = f"slack:   connections for {FAST:,} of them"
    yield Figure(what, Sample(connections, ""), IN_FLIGHT, floor)


def _sent(way: str, double: Double, count: int, file: str) -> tuple[float, float]:
    """Give how many a second, and over how many connections."""
    place = double.first
    double.wish("forget")
    command = ("-m", "benchmarks.slack_sender", way, double.tls_url, place.token, str(count))
    said = finished(python(*command, *place.people), SSL_CERT_FILE=file).said
    found = double.wish("stats")
    assert found["sends"] == count + 1, found
    return float(said.split()[-1]), found["connections"] - ASKED_BY_US
