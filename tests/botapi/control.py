"""The server's strings for a benchmark in another process: `/control/…`, JSON in and out."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from tests.botapi import wire
from tests.botapi.pacing import Pacing
from tests.botapi.people import Person
from tests.botapi.refusals import Refused
from tests.botapi.server import BotApi
from tests.botapi.state import Json

PATIENCE = 600.0
"""Seconds without a confirmed update after which a push is given up."""

Wish = Callable[[Json], Awaitable[Any]]


class Control:
    """Answers `/control/<wish>`: each public coroutine below is one, its fields the body's."""

    def __init__(self, api: BotApi) -> None:
        self.api = api
        self._people: dict[int, Person] = {}

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Grant one wish; what is wrong with it is said in words, with a 400."""
        name = request.path.removeprefix("/control/")
        wish: Wish | None = None if name in NO_WISHES else getattr(self, name, None)
        if wish is None or name.startswith("_"):
            return wire.answer({"wrong": f"there is no wish {name!r}"}, 404)
        try:
            given, _ = await wire.read(request)
            return wire.answer({"done": await wish(given)})
        except (AssertionError, KeyError, TypeError, TimeoutError, ValueError, Refused) as wrong:
            return wire.answer({"wrong": f"{type(wrong).__name__}: {wrong}"}, 400)

    async def people(self, given: Json) -> list[int]:
        """Have `count` people come who have pressed start, ids from `first` on; no update tells."""
        first = given.get("first", 1000)
        numbers = range(first, first + given["count"])
        for number in numbers:
            person = self._people[number] = self.api.person(number, f"Person {number}")
            person.chat.reachable = True
        return [numbers.start, numbers.stop]

    async def push(self, given: Json) -> Json:
        """Have all in turn type `text`, or press `press`, `count` times in all.

        The people begin with the id `first`, if there is one. At most `in_flight` updates are
        unconfirmed at any time; it ends when none is. One person's go one after the other through
        a webhook: more in flight than people gains nothing.
        """
        people = [each for each in self._people.values() if each.id >= given.get("first", 0)]
        updates = self.api.updates
        most = given.get("in_flight", 40)
        before, began = len(updates.waits), time.perf_counter()
        for number in range(given["count"]):
            await self.api.until(lambda: len(updates) < most or None, PATIENCE)
            act(people[number % len(people)], given)
        await self.api.taken(PATIENCE)
        seconds = time.perf_counter() - began
        waits = updates.waits[before:]
        rate = {"seconds": seconds, "per_second": len(waits) / seconds}
        return {"confirmed": len(waits), **rate, "wait_ms": spread(waits)}

    async def starts(self, given: Json) -> int:
        """Have one `person` press start, with a `payload`; a new one comes first."""
        number = given["person"]
        if number not in self._people:
            name = given.get("first_name", "Ana")
            self._people[number] = self.api.person(number, name, language_code="en")
        return self._people[number].start(given.get("payload", "")).id

    async def says(self, given: Json) -> None:
        """Have one `person` type `text`, or press `press`."""
        act(self._people[given["person"]], given)

    async def asks(self, given: Json) -> Json:
        """Have one `person` type `text` and wait for what the bot says next, `within` seconds.

        How long that took, and `behind` how many sends to others it came.
        """
        person, sends = self._people[given["person"]], self.api.counts.sends
        seen, sent, began = len(person.screen), len(sends), time.perf_counter()
        act(person, given)
        await self.api.until(lambda: len(person.screen) > seen or None, given.get("within", 60.0))
        return {"ms": (time.perf_counter() - began) * 1e3, "behind": len(sends) - sent - 1}

    async def blocks(self, given: Json) -> None:
        """Have one `person` stop the bot."""
        self._people[given["person"]].blocks()

    async def screen(self, given: Json) -> list[Json]:
        """Give what one `person` sees."""
        shown = self._people[int(given["person"])].screen
        return [
            {"text": each.text, "buttons": each.buttons, "document": each.document_name}
            for each in shown
        ]

    async def pacing(self, given: Json) -> None:
        """Enforce a pace: fields of `pacing.Pacing`; with none, no pace."""
        self.api.pacing = Pacing(**given) if given else None

    async def fault(self, given: Json) -> None:
        """Play a fault: the arguments of `BotApi.fault`."""
        self.api.fault(**given)

    async def settings(self, given: Json) -> None:
        """Set the server's `latency` (seconds), the webhook's `haste`, where it is `behind`."""
        self.api.latency = given.get("latency", self.api.latency)
        self.api.webhook.haste = given.get("haste", self.api.webhook.haste)
        self.api.webhook.behind = given.get("behind", self.api.webhook.behind)

    async def skip(self, given: Json) -> None:
        """Move Telegram's clock ahead by so many `seconds`."""
        self.api.state.skipped += given["seconds"]

    async def until(self, given: Json) -> int:
        """Wait until so many `sends` were accepted, `within` seconds; how many there are."""
        sends = self.api.counts.sends
        enough = given["sends"]
        return await self.api.until(
            lambda: len(sends) if len(sends) >= enough else None, given.get("within", 60.0)
        )

    async def stats(self, given: Json) -> Json:
        """Tell what was counted; with `times`, when each send was accepted too."""
        counts, updates = self.api.counts, self.api.updates
        told = {
            "sends": len(counts.sends),
            "requests": counts.requests,
            "refusals": counts.refusals,
            "most_in_flight": counts.most_in_flight,
            "connections": counts.connections,
            "faults_played": self.api.faults.played,
            "updates_waiting": len(updates),
            "updates_confirmed": len(updates.waits),
            "updates_expired": updates.expired,
            "webhook_posts": self.api.webhook.posts,
            "wait_ms": spread(updates.waits),
        }
        return told | ({"times": counts.sends} if given.get("times") else {})

    async def forget(self, given: Json) -> None:
        """Begin the counts anew."""
        counts = self.api.counts
        counts.requests.clear()
        counts.refusals.clear()
        counts.sends.clear()
        counts.most_in_flight = counts.connections = 0
        self.api.updates.waits.clear()
        self.api.updates.expired = self.api.webhook.posts = self.api.faults.played = 0


NO_WISHES = {"answer", "api"}


def act(person: Person, given: Json) -> None:
    """Have one person do what a wish says."""
    if "press" not in given:
        person.types(given["text"])
        return
    label = given["press"]
    bearing = [each for each in person.screen if each.data(label) is not None]
    assert bearing, f"person {person.id} sees no button {label!r}"
    person.presses(bearing[-1], label)


def spread(waits: list[float]) -> Json:
    """Tell how seconds are spread, in milliseconds."""
    if not waits:
        return {}
    ordered = sorted(waits)
    last = len(ordered) - 1
    marks = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "most": 1.0}
    return {name: round(ordered[round(last * at)] * 1000, 3) for name, at in marks.items()}
