"""`play`: from calling `comentor play` to a page with four people on it, and what it then holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from uuid import uuid4

from benchmarks.figures import Figure, Floor, Sample, rounds
from benchmarks.processes import (
    Memory,
    answered,
    asked,
    free_port,
    memory_of,
    python,
    serving,
)

SECONDS, MEGABYTES = 3, 120
FOUR_PANES = 'class="pane .*' * 4
CAME = r'class="bubble '
ROOT = Path(__file__).parent.parent
AS_INSTALLED = str(Path(__file__).with_name("as_installed.py"))
"""Comentor as those have it who only run it."""


@dataclass(frozen=True, slots=True)
class Served:
    """What became of one start."""

    seconds: float
    """Until the page could be used."""
    memory: Memory | None


def measure() -> Iterator[Figure]:
    """Start the playground of the example cohort of 19 pairs, and beside it an empty page."""
    ours, bare = [], []
    for _ in rounds():
        ours.append(_playground())
        bare.append(_bare_page())
    yield Figure(
        "play: to a usable page",
        Sample([each.seconds for each in ours], "s"),
        SECONDS,
        Floor("empty page", Sample([each.seconds for each in bare], "s")),
    )
    yield from _memory([each.memory for each in ours], [each.memory for each in bare])


def _memory(ours: list[Memory | None], bare: list[Memory | None]) -> Iterator[Figure]:
    held = [each for each in ours if each is not None]
    least = [each for each in bare if each is not None]
    if not held or not least:
        return
    for name, what, target in (
        ("resident", "play: resident memory, a pair has come", MEGABYTES),
        ("proportional", "play:   its fair share of it", None),
        ("peak", "play:   at its peak", None),
    ):
        read = attrgetter(name)
        floor = Floor("empty page", Sample([read(each) for each in least], "MB"))
        yield Figure(what, Sample([read(each) for each in held], "MB"), target, floor)


def _playground() -> Served:
    port = free_port()
    with TemporaryDirectory() as folder:
        began = perf_counter()
        with serving(python(AS_INSTALLED, "play", "--port", str(port)), Path(folder)) as process:
            page = answered(port, expected=FOUR_PANES)
            seconds = perf_counter() - began
            _let_a_pair_come(port, page)
            return Served(seconds, memory_of(process))


def _let_a_pair_come(port: int, page: str) -> None:
    """Open the invitations of the two in the first panes, and look at the page once more."""
    for slot in "ab":
        person = re.findall(rf'data-slot="{slot}" data-person="(\d+)"', page)[0]
        pane = f"/panes/a?a={person}"
        token = re.findall(r'"token": "([\w-]+)"', answered(port, pane).replace("&#34;", '"'))[0]
        form = f"token={token}&event={uuid4()}"
        assert asked(port, f"/people/{person}/come", form)[0] == 204
        answered(port, pane, CAME)
    answered(port)


def _bare_page() -> Served:
    port = free_port()
    began = perf_counter()
    with serving(python("-m", "benchmarks.bare_page", str(port)), ROOT) as process:
        answered(port)
        return Served(perf_counter() - began, memory_of(process))
