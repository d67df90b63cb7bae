"""`help`: what somebody waits for who asks `comentor --help`."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.figures import Figure, Floor, Sample, rounds
from benchmarks.processes import comentor, finished, python

SECONDS = 0.3


def measure() -> Iterator[Figure]:
    """Run it as a whole process, and beside it a Python that imports Click and does nothing."""
    ours, bare = [], []
    for _ in rounds():
        ours.append(finished(comentor("--help")).wall)
        bare.append(finished(python("-c", "import click")).wall)
    floor = Floor("import click", Sample(bare, "s"))
    yield Figure("help: comentor --help", Sample(ours, "s"), SECONDS, floor)
