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
from tests.whole.server import Server

How = Literal["after the answer", "before the answer"]
Screens = dict[str, list[tuple[str, ...]]]

DEEDS, STRIDES = 105, 42
"""About as many deeds and strides as the story has."""
AFTER, BEFORE, MID_ADVANCE = 3, 2, 3
"""How many cuts there are of each kind."""
DEED_SECONDS, STRIDE_SECONDS = 0.008, 0.12
"""About as long as either takes to be answered: a cut falls somewhere in it."""


class PowerCuts(Server):
    """A server whose power fails now and then, and comes back; every cut checks every screen."""

    def __init__(self, room: Path, seed: int) -> None:
        """Draw the moments."""
        super().__init__(room)
        self._chance = Random(seed)
        deeds = self._chance.sample(range(2, DEEDS), AFTER + BEFORE)
        strides = self._chance.sample(range(2, STRIDES), MID_ADVANCE)
        self.to_come: dict[tuple[str, int], How] = {
            ("stride", n): "before the answer" for n in strides
        }
        self.to_come |= {("deed", n): "after the answer" for n in deeds[:AFTER]}
        self.to_come |= {("deed", n): "before the answer" for n in deeds[AFTER:]}
        self.in_mid_advance = 0
        """How many strides were cut before they were answered."""
        self.watched: Sequence[Phone] = ()
        self._counts: Counter[str] = Counter()

    def post(self, path: str, fields: dict[str, str]) -> httpx.Response:
        """Send it, and cut the power if this is one of the moments."""
        kind = "stride" if path == "/clock" else "deed"
        self._counts[kind] += 1
        how = self.to_come.pop((kind, self._counts[kind]), None)
        if how is None:
            return super().post(path, fields)
        before = screens(self.watched)
        answer = self._post_and_cut(path, fields, how)
        self.start()
        _nothing_is_lost(before, screens(self.watched))
        if answer is None and kind == "deed":
            # What a platform has no answer to it delivers again, under the same event's id.
            return super().post(path, fields)
        self.in_mid_advance += answer is None
        return answer or httpx.Response(200)

    def _post_and_cut(self, path: str, fields: dict[str, str], how: How) -> httpx.Response | None:
        """Give the answer, or None if the power went before it came."""
        answers: list[httpx.Response] = []
        sending = Thread(target=self._send, args=(path, fields, answers))
        sending.start()
        if how == "after the answer":
            sending.join()
        else:
            most = STRIDE_SECONDS if path == "/clock" else DEED_SECONDS
            time.sleep(self._chance.uniform(0, most))
        self.kill()
        sending.join()
        return answers[0] if answers else None

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
