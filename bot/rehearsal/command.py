"""`comentor rehearse`: live through a programme and print how it went."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from typing import TextIO

import click

from bot.rehearsal.peopling import people_the_world
from bot.rehearsal.report import outcome_of, table, transcript
from bot.rehearsal.walking import walk
from bot.rehearsal.world import World, a_world
from bot.settings import Settings
from bot.store.database import open_store
from bot.turn import Setup, setup_from


def rehearse(settings: Settings, pairs: int, weeks: int, seed: int, talks: TextIO | None) -> None:
    """Print the figures of one rehearsal; write every talk to a file if one is named."""
    world = lived_through(setup_from(settings), pairs, weeks, seed, talks=talks is not None)
    click.echo(table(outcome_of(world)))
    if talks is not None:
        talks.write(transcript(world))
        click.echo(f"\nEvery talk is in {talks.name}.", err=True)
    world.store.close()


def lived_through(setup: Setup, pairs: int, weeks: int, seed: int, *, talks: bool = False) -> World:
    """Give a world after that many weeks; a bar shows how far it has got where somebody watches."""
    world = a_world(open_store("sqlite://"), setup, seed, weeks)
    world.keeps_talk = talks
    people_the_world(world, pairs)
    watched = sys.stderr
    hidden = not watched.isatty()
    with click.progressbar(length=weeks, label="Weeks go by", file=watched, hidden=hidden) as bar:
        gone = 0

        def tell(now: datetime) -> None:
            nonlocal gone
            week = max(0, (now - world.begins) // timedelta(weeks=1))
            bar.update(week - gone)
            gone = week

        walk(world, tell)
    return world
