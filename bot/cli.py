"""The command line.

Each command imports what it needs when it runs, so that `--help` answers at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, TypeVar

import click

if TYPE_CHECKING:
    from bot.settings import Settings

T = TypeVar("T")

CONFIG = click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The configuration; config.toml in this folder if there is one.",
)


class Trouble(click.ClickException):
    """Something the person at the keyboard can mend; the message says how."""

    exit_code = 2


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="comentor", prog_name="comentor")
def main() -> None:
    """Comentor keeps pairs who meet to think together meeting."""


@main.command()
@CONFIG
@click.option("--fresh", is_flag=True, help="Forget what was played before and begin again.")
@click.option("--port", type=click.IntRange(1, 65535), help="Another port than the configured one.")
def play(config: Path | None, fresh: bool, port: int | None) -> None:  # noqa: FBT001 - Click calls it by name
    """Try everything on one page of this machine: four people, one clock, no account."""
    from bot.playground.serve import PlaygroundTrouble, serve

    settings = _settings(config)
    if port is not None:
        settings = settings.model_copy(
            update={"playground": settings.playground.model_copy(update={"port": port})}
        )
    _refusing_trouble(lambda: serve(settings, click.echo, fresh=fresh), PlaygroundTrouble)


@main.command()
@CONFIG
def run(config: Path | None) -> None:
    """Be there for the people of a programme, until stopped."""
    from bot.running import be_there
    from bot.running.trouble import RunTrouble

    settings = _settings(config)
    _refusing_trouble(lambda: be_there(settings, click.echo), RunTrouble)


@main.command()
@CONFIG
def check(config: Path | None) -> None:
    """Say in words whether everything is ready to run, and where the bot is."""
    from bot.running import look_over
    from bot.running.trouble import RunTrouble

    settings = _settings(config)
    found = _refusing_trouble(lambda: look_over(settings, click.echo), RunTrouble)
    if found:
        raise Trouble("\n".join(found))


def _settings(config: Path | None) -> Settings:
    from bot.logs import set_up_logs
    from bot.settings import BadSettings, load_settings

    try:
        settings = load_settings(config)
    except BadSettings as bad:
        raise Trouble(str(bad)) from None
    set_up_logs(settings.log)
    return settings


def _refusing_trouble(work: Callable[[], T], *more: type[Exception]) -> T:
    """Do the work; what the person can mend is told in words, without a traceback."""
    from bot.cohort import BadCohortFile
    from bot.read_words import BadWords
    from bot.store.database import DatabaseTrouble

    mendable: tuple[type[Exception], ...] = (BadCohortFile, BadWords, DatabaseTrouble, *more)
    try:
        return work()
    except mendable as trouble:
        raise Trouble(str(trouble)) from None


@main.group()
def cohort() -> None:
    """The people and pairs of a programme."""


@cohort.command("import")
@CONFIG
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Do it without asking.")
def cohort_import(config: Path | None, file: Path, yes: bool) -> None:  # noqa: FBT001 - Click calls it by name
    """Bring in a CSV file, after showing what that would do."""
    from bot.cohort.command import bring_in

    settings = _settings(config)
    _refusing_trouble(
        lambda: bring_in(settings, file, ask=None if yes else click.confirm, say=click.echo)
    )


@cohort.command("invitations")
@CONFIG
@click.option("--bot", "name", help="The bot's name in Telegram; else that of telegram.token.")
@click.option("--csv", type=click.Path(dir_okay=False, path_type=Path), help="A list to make.")
@click.option("--page", type=click.Path(dir_okay=False, path_type=Path), help="Cards to print.")
@click.option("--force", is_flag=True, help="Replace files that are there.")
def cohort_invitations(
    config: Path | None,
    name: str | None,
    csv: Path | None,
    page: Path | None,
    force: bool,  # noqa: FBT001 - Click calls it by name
) -> None:
    """Make a fresh invitation for everybody who has not come yet."""
    from bot.cohort.command import invite_all
    from bot.cohort.invitations import HandOut
    from bot.cohort.secret_files import NotWritten
    from bot.running.doors import doors_of
    from bot.running.trouble import RunTrouble
    from bot.turn import setup_from

    if csv is None and page is None:
        raise Trouble("Nothing would hold the links. Add --page FILE.html, --csv FILE.csv or both.")
    bot = None if name is None else _bot_address(name)
    settings = _settings(config)
    doors = _refusing_trouble(lambda: doors_of(settings, bot, click.echo), RunTrouble)
    setup = _refusing_trouble(lambda: setup_from(settings))
    wanted = HandOut(csv, page, force)
    _refusing_trouble(
        lambda: invite_all(settings, setup.words, doors, wanted, click.echo), NotWritten
    )


def _bot_address(name: str) -> str:
    """Give a bot's address; its name has 5 to 32 characters (core.telegram.org/bots/features)."""
    plain = name.removeprefix("@")
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{4,31}", plain):
        raise Trouble(f"{name!r} is no name of a bot. Write it as BotFather gave it: comentor_bot.")
    return f"https://t.me/{plain}"


@cohort.command("invite")
@CONFIG
def cohort_invite(config: Path | None) -> None:
    """Invite everybody in Slack by their e-mail address: one message each, then silence."""
    from bot.running.inviting import invite_by_address
    from bot.running.trouble import RunTrouble

    settings = _settings(config)
    _refusing_trouble(lambda: invite_by_address(settings, click.echo), RunTrouble)


@cohort.command("show")
@CONFIG
def cohort_show(config: Path | None) -> None:
    """Tell who of each pair has joined."""
    from bot.cohort.command import show

    settings = _settings(config)
    _refusing_trouble(lambda: show(settings, say=click.echo))


@main.group()
def slack() -> None:
    """What Slack needs to know."""


@slack.command("key")
def slack_key() -> None:
    """Print a new key for slack.keys, which the workspaces' tokens are encrypted with."""
    from cryptography.fernet import Fernet

    click.echo(Fernet.generate_key().decode())


@slack.command("manifest")
@CONFIG
@click.option("--url", default="", help="Where Slack is to call; without it, a socket is used.")
def slack_manifest(config: Path | None, url: str) -> None:
    """Print the manifest of the app, and the address at which one click makes it."""
    import json

    from bot.platforms.slack.manifest import link, manifest
    from bot.running.slack_oauth import BACK, at
    from bot.turn import setup_from

    settings = _settings(config)
    back = at(settings.slack, BACK) if settings.slack.public_url else ""
    made = manifest(_refusing_trouble(lambda: setup_from(settings)).words.usual, url, back)
    click.echo(json.dumps(made, indent=2, ensure_ascii=False))
    click.echo(f"\nMake the app with one click:\n{link(made)}", err=True)


@main.command()
@CONFIG
@click.option("--pairs", default=19, show_default=True, type=click.IntRange(1, 5000))
@click.option("--weeks", default=26, show_default=True, type=click.IntRange(1, 104))
@click.option("--seed", default=7, show_default=True, type=int)
@click.option(
    "--transcript",
    type=click.File("w", encoding="utf-8", lazy=False),  # else it fails after all is lived through
    help="Write every talk to this file.",
)
def rehearse(
    config: Path | None, pairs: int, weeks: int, seed: int, transcript: TextIO | None
) -> None:
    """Let invented people live through a programme, and see how it goes."""
    from bot.rehearsal.command import rehearse as run

    settings = _settings(config)
    _refusing_trouble(lambda: run(settings, pairs, weeks, seed, transcript))


@main.command()
@CONFIG
@click.option("--run-again", is_flag=True, help="Let everything that failed be taken once more.")
def failed(config: Path | None, run_again: bool) -> None:  # noqa: FBT001 - Click calls it by name
    """Show what failed by a fault of ours and was stepped over; nothing of it is lost."""
    from bot.failed import show_failed

    settings = _settings(config)
    _refusing_trouble(lambda: show_failed(settings, say=click.echo, again=run_again))


@main.command()
@CONFIG
def words(config: Path | None) -> None:
    """Check the words: every file, your own over ours, all faults at once."""
    from bot.turn import setup_from

    settings = _settings(config)
    setup = _refusing_trouble(lambda: setup_from(settings))
    for each in setup.words.spoken.values():
        lines, questions = len(each.lines), len(each.bank.questions)
        click.echo(f"{each.name} ({each.language}): {lines} lines, {questions} questions")
    click.echo("All sound.")
