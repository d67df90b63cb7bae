"""`comentor rehearse`: live through a programme and print how it went."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click

from bot.compose import setup_from
from bot.rehearsal.report import outcome_of, table, transcript
from bot.rehearsal.world import World, a_world, people_the_world, walk
from bot.settings import Settings
from bot.store.database import open_store
from bot.turn import Setup


def rehearse(settings: Settings, pairs: int, weeks: int, seed: int, talks: Path | None) -> None:
    """Print the figures of one rehearsal; write every talk to a file if one is named."""
    world = lived_through(setup_from(settings), pairs, weeks, seed, talks=talks is not None)
    click.echo(table(outcome_of(world)))
    if talks is not None:
        talks.write_text(transcript(world), encoding="utf-8")
        click.echo(f"\nEvery talk is in {talks}.", err=True)
    world.store.close()


def lived_through(setup: Setup, pairs: int, weeks: int, seed: int, *, talks: bool = False) -> World:
    """Give a world after that many weeks; a bar shows how far it has got where somebody watches."""
    world = a_world(open_store("sqlite://"), setup, seed, weeks)
    world.keeps_talk = talks
    people_the_world(world, pairs)
    length = int((world.ends - world.now).total_seconds())
    with click.progressbar(
        length=length, label="Weeks go by", file=click.get_text_stream("stderr")
    ) as bar:
        last = world.now

        def told(now: object) -> None:
            nonlocal last
            bar.update(int((world.now - last).total_seconds()))
            last = world.now

        walk(world, told)
    return world
