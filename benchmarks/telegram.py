"""`telegram`: what is received, taken and sent a second, against a double of the Bot API.

Server, load and comentor are processes of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import broadcast, incoming, outgoing
from benchmarks.databases import a_room
from benchmarks.figures import Figure


def measure(people: int = broadcast.PEOPLE) -> Iterator[Figure]:
    """Measure everything; a broadcast goes to so many people, thirty a second."""
    with a_room() as room:
        yield from incoming.measure(room)
        yield from outgoing.measure(room)
        yield from broadcast.measure(room, people)
