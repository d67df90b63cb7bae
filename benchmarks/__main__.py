"""`python -m benchmarks` measures everything, `python -m benchmarks turn help` only these."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from importlib import import_module
from time import perf_counter

import click

from benchmarks.figures import Figure, heading
from benchmarks.machine import Noise, description

MEASURED = ("help", "replay", "play", "turn", "rehearsal", "telegram", "slack")
"""A module of this package each, quick ones first."""
BROADCASTING = ("telegram", "slack")


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(MEASURED))
@click.option(
    "--people", type=int, help="Whom a broadcast goes to, if not 3000 or, in Slack, 2000."
)
def main(names: tuple[str, ...], people: int | None) -> None:
    """Measure what comentor is held to; NAMES are all of it, or some."""
    # PostgreSQL out of a wheel asks for a runtime folder; outside a login there is none.
    warnings.filterwarnings("ignore", "XDG_RUNTIME_DIR is not set")
    noise, began = Noise(), perf_counter()
    click.echo(f"{description()}\n\n{heading()}")
    for name in names or MEASURED:
        measure: Callable[..., Iterator[Figure]] = import_module(f"benchmarks.{name}").measure
        noise.listen()
        for figure in measure(people) if people and name in BROADCASTING else measure():
            click.echo(str(figure))
            noise.listen()
    click.echo(f"\n{noise}\nTaken in {perf_counter() - began:.0f} s.")


if __name__ == "__main__":
    main(prog_name="python -m benchmarks")
