"""`python -m benchmarks` measures everything, `python -m benchmarks turn help` only these."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from time import perf_counter

import click

from benchmarks import help as asked_for_help
from benchmarks import play, rehearsal, replaying, turn
from benchmarks.figures import Figure, heading
from benchmarks.machine import Noise, description

MEASURED: dict[str, Callable[[], Iterator[Figure]]] = {
    "help": asked_for_help.measure,
    "replay": replaying.measure,
    "play": play.measure,
    "turn": turn.measure,
    "rehearsal": rehearsal.measure,
}


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(MEASURED)))
def main(names: tuple[str, ...]) -> None:
    """Measure what comentor is held to; NAMES are all of it, or some."""
    noise, began = Noise(), perf_counter()
    click.echo(f"{description()}\n\n{heading()}")
    for name in names or MEASURED:
        noise.listen()
        for figure in MEASURED[name]():
            click.echo(str(figure))
            noise.listen()
        sys.stdout.flush()
    click.echo(f"\n{noise}\nTaken in {perf_counter() - began:.0f} s.")


if __name__ == "__main__":
    main(prog_name="python -m benchmarks")
