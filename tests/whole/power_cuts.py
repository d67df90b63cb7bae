"""Kill -9 at moments drawn from a seed: after an answer, before one, and in mid-advance."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random
from threading import Thread
from typing import Literal

import httpx

from tests.whole.phone import Phone
from tests.whole.server import StillServer

Kind = Literal["deed", "stride"]
How = Literal["after the answer", "before the answer", "in mid-advance"]
Screens = dict[str, list[tuple[str, ...]]]

DEEDS, STRIDES = 105, 40
"""About as many deeds and strides as the story has."""
CUTS: tuple[How, ...] = ("after the answer", "after the answer", "before the answer")
MID_ADVANCE = 3
"""How many cuts come with deeds, and with strides."""


class PowerCuts(StillServer):
    """A server whose power fails now and then, and comes back; every cut checks every screen."""

    def __init__(self, room: Path, seed: int) -> None:
        """Draw the moments."""
        super().__init__(room)
        self._chance = Random(seed)
        deeds = self._chance.sample(range(2, DEEDS), len(CUTS))
        strides = self._chance.sample(range(2, STRIDES), MID_ADVANCE)
        self.to_come: dict[tuple[Kind, int], How] = {
            ("deed", number): how for number, how in zip(deeds, CUTS, strict=True)
        }
        self.to_come |= {("stride", number): "in mid-advance" for number in strides}
        self.done: Counter[How] = Counter()
        self.watched: Sequence[Phone] = ()
        self._counts: Counter[Kind] = Counter()
        self._seconds: dict[Kind, float] = {"deed": 0.0, "stride": 0.0}
        """How long the latest of each took to be answered: a cut falls within that."""

    def post(self, path: str, fields: dict[str, str]) -> httpx.Response:
        """Send it, and cut the power if this is one of the moments."""
        kind: Kind = "stride" if path == "/clock" else "deed"
        self._counts[kind] += 1
        how = self.to_come.pop((kind, self._counts[kind]), None)
        began = time.monotonic()
        if how is None:
            answer = super().post(path, fields)
            self._seconds[kind] = time.monotonic() - began
            return answer
        return self._cut(kind, path, fields, how)

    def _cut(self, kind: Kind, path: str, fields: dict[str, str], how: How) -> httpx.Response:
        before = screens(self.watched)
        answers: list[httpx.Response] = []
        sending = Thread(target=self._send, args=(path, fields, answers))
        sending.start()
        if how == "after the answer":
            sending.join()
        else:
            time.sleep(self._chance.uniform(0, 0.9) * self._seconds[kind])
        self.kill()
        sending.join()
        self.start()
        _nothing_is_lost(before, screens(self.watched))
        return self._afterwards(kind, path, fields, how, answers)

    def _afterwards(
        self,
        kind: Kind,
        path: str,
        fields: dict[str, str],
        how: How,
        answers: Sequence[httpx.Response],
    ) -> httpx.Response:
        """Go on as whoever sent it would."""
        if answers and how == "in mid-advance":
            # It was the quicker: the next stride is to be cut instead.
            self.to_come[(kind, self._counts[kind] + 1)] = how
            self._seconds[kind] /= 2
        else:
            self.done[how] += 1
        if answers:
            return answers[0]
        if kind == "stride":
            # Somebody before the page would look where the clock stands, and press again.
            return httpx.Response(200)
        # What a platform has no answer to it delivers again, under the same event's id.
        return super().post(path, fields)

    def _send(self, path: str, fields: dict[str, str], answers: list[httpx.Response]) -> None:
        try:
            answers.append(super().post(path, fields))
        except httpx.TransportError:
            return


def screens(phones: Sequence[Phone]) -> Screens:
    """Give every message on every screen, with its moment and whose it is."""
    return {
        phone.name: [
            (str(bubble.mine), bubble.at, *(part.text for part in bubble.parts))
            for bubble in phone.bubbles()
        ]
        for phone in phones
    }


def _nothing_is_lost(before: Screens, after: Screens) -> None:
    """What stood on a screen still stands there, in its place; more may have come."""
    for name, bubbles in before.items():
        assert after[name][: len(bubbles)] == bubbles, f"{name}'s screen changed in a power cut"
