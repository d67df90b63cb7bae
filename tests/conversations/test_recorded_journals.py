"""Journals recorded once are replayed for ever: rows in somebody's database look like them.

A file here is never changed. Where a conversation changes, it gets a new version in the catalogue,
the old one stays, and the new one is recorded beside it, from any transcript that ends:

    from tests.conversations.stage import record
    from tests.conversations.test_breaks import test_a_typed_day_is_read_back

    record(test_a_typed_day_is_read_back, "pause-2-typed-day")
"""

from __future__ import annotations

from pathlib import Path

import pytest

from conversations.catalogue import CATALOGUE
from conversations.plain import from_plain, to_plain
from conversations.replay import Diverged, replay
from tests.conversations.recorded import JOURNALS, Recorded

FILES = sorted(JOURNALS.glob("*.json"))
every_journal = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def read(file: Path) -> Recorded:
    """Give what was recorded."""
    return Recorded.from_json(file.read_text("utf-8"))


@every_journal
def test_a_recorded_journal_replays_to_its_end(file: Path) -> None:
    """Whoever had this talk is not asked, told or promised anything again."""
    assert read(file).tell().step is None


@every_journal
def test_a_recorded_journal_replays_from_every_step(file: Path) -> None:
    """Somebody's talk stands at each of them."""
    recorded = read(file)
    for length, entry in enumerate(recorded.journal):
        step = replay(recorded.begin(), recorded.journal[:length])
        assert step is not None
        assert step.key == entry.key


@every_journal
def test_a_recorded_journal_is_written_as_it_was_read(file: Path) -> None:
    """Arguments and outcomes mean today what they meant then; nobody has edited them."""
    recorded = read(file)
    hints = CATALOGUE[recorded.name, recorded.version].parameters()
    for name, argument in recorded.arguments.items():
        assert to_plain(from_plain(argument, hints[name])) == argument
    assert recorded.as_json() == file.read_text("utf-8")


@every_journal
def test_a_file_is_named_for_what_it_records(file: Path) -> None:
    """Conversation, version, and what came of it."""
    recorded = read(file)
    assert file.stem.startswith(f"{recorded.name}-{recorded.version}-")


@pytest.mark.parametrize(
    ("name", "version"), CATALOGUE, ids=[f"{name}-{version}" for name, version in CATALOGUE]
)
def test_every_version_of_every_conversation_is_recorded(name: str, version: int) -> None:
    """Before it is let out, not after somebody's talk has broken."""
    assert any((read(file).name, read(file).version) == (name, version) for file in FILES)


def test_a_recorded_journal_of_another_talk_is_diverged() -> None:
    """A look at the net itself: these files could fail."""
    pause = next(read(file) for file in FILES if file.stem.startswith("pause-"))
    stop = next(read(file) for file in FILES if file.stem.startswith("stop-"))
    with pytest.raises(Diverged):
        replay(stop.begin(), pause.journal)
