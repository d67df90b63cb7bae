"""The machine that the figures were taken on, and how noisy it was meanwhile."""

from __future__ import annotations

import os
import platform
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks.figures import timed

LOOPS = 400_000
"""So many additions take some tens of milliseconds."""


def description() -> str:
    """Say in a line what this runs on."""
    return (
        f"{_processor()}, {os.cpu_count()} CPUs, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def _processor() -> str:
    known = Path("/proc/cpuinfo")
    if not known.is_file():
        return platform.processor() or platform.machine()
    lines = known.read_text("utf-8", "replace").splitlines()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


@dataclass(slots=True)
class Noise:
    """How long the same loop took at many moments of the run: on a calm machine always the same."""

    seconds: list[float] = field(default_factory=list)
    loads: list[float] = field(default_factory=list)

    def listen(self) -> None:
        """Take the loop's time now, five times over."""
        self.seconds += [timed(_loop) for _ in range(5)]
        if hasattr(os, "getloadavg"):
            self.loads.append(os.getloadavg()[0])

    def __str__(self) -> str:
        """Say it in a line or two."""
        best, usual, worst = min(self.seconds), median(self.seconds), max(self.seconds)
        said = (
            f"Noise: a loop that needs {best * 1e3:.1f} ms at best took {usual / best - 1:.0%} "
            f"longer in the median of {len(self.seconds)} and {worst / best - 1:.0%} at worst"
        )
        if self.loads:
            said += (
                f"; load {min(self.loads):.1f} to {max(self.loads):.1f}, this run's own included"
            )
        return f"{said}."


def _loop() -> None:
    total = 0
    for number in range(LOOPS):
        total += number
