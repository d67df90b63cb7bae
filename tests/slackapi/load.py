"""The load generator: many people do things, so many at a time, and each answer is timed."""

from __future__ import annotations

import asyncio
import time
from itertools import count, cycle, islice
from typing import TYPE_CHECKING

from tests.botapi.control import spread
from tests.slackapi import elements
from tests.slackapi.deliveries import Delivery
from tests.slackapi.state import Json, Message

if TYPE_CHECKING:
    from tests.slackapi.people import Person
    from tests.slackapi.server import SlackApi

PATIENCE = 600.0
"""Seconds without an answer after which a push is given up."""


async def push(api: SlackApi, given: Json) -> Json:
    """Have all people in turn do one thing, `count` times, at most `in_flight` unanswered.

    Or `a_second`, evenly, if that is named and those in flight allow it. The thing is `text` to
    type, `press` (a label), `command` or `home`; the people are all, or those of one `workspace`.
    What comes back: how many were taken and given up, how long an acknowledgement took, and from
    when it was to be done to its end with all tries.
    """
    people = [
        person
        for workspace in api.workspaces.values()
        if given.get("workspace", workspace.id) == workspace.id
        for person in workspace.people.values()
    ]
    assert people, "there are no people: wish for some"
    turns = zip(count(), islice(cycle(people), given["count"]), strict=False)
    apart = 1 / given["a_second"] if "a_second" in given else 0.0
    done: list[Delivery] = []
    ends: list[float] = []
    began = time.perf_counter()

    async def one_after_the_other() -> None:
        for number, person in turns:
            # Nothing is spared what was late before it: its wait begins when its time was.
            due = began + number * apart
            if (wait := due - time.perf_counter()) > 0:
                await asyncio.sleep(wait)
            delivery = act(person, given)
            async with asyncio.timeout(PATIENCE):
                await delivery.ended.wait()
            done.append(delivery)
            ends.append(time.perf_counter() - (due if apart else delivery.began))

    most = given.get("in_flight", 40)
    await asyncio.gather(*(one_after_the_other() for _ in range(most)))
    seconds = time.perf_counter() - began
    taken = [each.tries[-1].seconds for each in done if each.taken]
    return {
        "taken": len(taken),
        "given_up": len(done) - len(taken),
        "seconds": seconds,
        "per_second": len(taken) / seconds,
        "ack_ms": spread(taken),
        "end_ms": spread(ends),
    }


async def ask(api: SlackApi, person: Person, given: Json) -> Json:
    """Have a person do one thing and wait for the next message, `within` seconds.

    How long that took, and `behind` how many sends to others it came.
    """
    dm, sends = person.dm, api.counts.sends
    seen, sent, began = bot_messages(dm.messages), len(sends), time.perf_counter()
    act(person, given)
    await api.state.until(
        lambda: bot_messages(dm.messages) > seen or None, given.get("within", 60.0)
    )
    return {"ms": (time.perf_counter() - began) * 1e3, "behind": len(sends) - sent - 1}


def bot_messages(messages: dict[str, Message]) -> int:
    """Count what the bot said."""
    return sum(each.by_bot for each in messages.values())


def act(person: Person, given: Json) -> Delivery:
    """Have one person do what a wish says."""
    if "press" in given:
        return person.presses(bearing(person, given["press"]), given["press"])
    if "command" in given:
        return person.commands(given["command"], given.get("text", ""))
    if given.get("home"):
        return person.opens_home()
    person.types(given["text"])
    return person.api.courier.history[-1]


def bearing(person: Person, label: str) -> Message:
    """Find the newest message with such a button.

    Raises:
        AssertionError: there is none.
    """
    for message in reversed(person.dm.messages.values()):
        if not message.deleted and elements.find(message.blocks, label):
            return message
    raise AssertionError(f"{person.id} sees no button {label!r}")
