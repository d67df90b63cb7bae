"""`slack`: what is received, acknowledged and sent a second, against a double of Slack.

Server, load and comentor are processes of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import slack_broadcast, slack_incoming, slack_outgoing
from benchmarks.databases import a_room
from benchmarks.figures import Figure


def measure(people: int = slack_broadcast.PEOPLE) -> Iterator[Figure]:
    """Measure everything; a broadcast goes to so many people in two workspaces."""
    with a_room() as room:
        yield from slack_incoming.measure(room)
        yield from slack_outgoing.measure(room)
        yield from slack_broadcast.measure(room, people)
