"""How a database is opened, what it keeps of an instant, what is said when it cannot be used."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.exc import IntegrityError, StatementError

from bot.store import tables
from bot.store.database import DatabaseTrouble, Store, open_store
from bot.store.tables import Arrival

NOON = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)


def arrival(at: datetime) -> Arrival:
    """Give a row with an instant in it."""
    return Arrival(
        id=1, platform="slack", event="1", address="@Ben", kind="typed", body={}, received_at=at
    )


def kept(store: Store, at: datetime) -> datetime:
    """Store an instant and give it as another transaction finds it."""
    with store.transaction() as session:
        session.merge(arrival(at))
    with store.reading() as session:
        return session.get_one(Arrival, 1).received_at


def test_a_naive_datetime_is_refused(store: Store) -> None:
    """SQLite would give it back without a zone, and nobody could say which moment it was."""
    with pytest.raises(StatementError, match="has no zone"):
        kept(store, NOON.replace(tzinfo=None))


@pytest.mark.parametrize(
    "at",
    [
        NOON,
        NOON.replace(microsecond=123456),
        datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Madrid"), fold=0),
        datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Madrid"), fold=1),
        datetime(2026, 1, 1, 0, 0, tzinfo=timezone(timedelta(hours=14))),
        datetime(9000, 1, 1, tzinfo=UTC),
    ],
)
def test_an_instant_comes_back_aware_and_in_utc(store: Store, at: datetime) -> None:
    """Whatever zone it was given in, and both times an hour comes twice."""
    back = kept(store, at)
    assert back.tzinfo is UTC
    assert back == at.astimezone(UTC)


def add_and_fail(store: Store) -> None:
    """Write something, and then go wrong."""
    with store.transaction() as session:
        session.add(arrival(NOON))
        session.flush()
        raise ZeroDivisionError


def test_a_transaction_is_kept_whole_or_not_at_all(store: Store) -> None:
    """What was written before the fault goes with it."""
    with pytest.raises(ZeroDivisionError):
        add_and_fail(store)
    with store.reading() as session:
        assert session.get(Arrival, 1) is None


def test_a_row_that_points_nowhere_is_refused(store: Store) -> None:
    """SQLite checks foreign keys only where it is told to."""
    with pytest.raises(IntegrityError), store.transaction() as session:
        session.add(tables.Goal(person_id=999, words="to listen more", set_at=NOON))


def test_drawing_a_page_does_not_wait_for_a_writer(store: Store) -> None:
    """Readers see what was committed last, while a turn is being taken."""
    kept(store, NOON)
    with store.transaction() as session:
        session.get_one(Arrival, 1).received_at = NOON + timedelta(days=1)
        session.flush()
        with store.reading() as reader:
            assert reader.get_one(Arrival, 1).received_at == NOON


def test_a_turn_on_sqlite_holds_the_pen_from_its_beginning(sqlite_url: str) -> None:
    """One that reads first and writes later would otherwise find that another wrote meanwhile."""
    store = open_store(sqlite_url)
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), timeout=0)
    with store.transaction() as session:
        assert session.get(Arrival, 1) is None
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.close()
    store.close()


def test_a_database_in_memory_is_ready_at_once() -> None:
    """A rehearsal needs no file."""
    store = open_store("sqlite://")
    assert kept(store, NOON) == NOON
    store.close()


OPEN = """
import sys
from bot.store.database import open_store
store = open_store(sys.argv[1])
print("open", flush=True)
input()
"""


def test_a_second_process_on_one_file_is_refused_in_words(sqlite_url: str) -> None:
    """Two writers starve each other, and an older SQLite can corrupt the file."""
    store = open_store(sqlite_url)
    second = subprocess.run(
        [sys.executable, "-c", OPEN, sqlite_url],
        capture_output=True,
        text=True,
        check=False,
        input="\n",
    )
    assert second.returncode != 0
    assert "Another comentor is using" in second.stderr
    assert "PostgreSQL" in second.stderr
    store.close()
    open_store(sqlite_url).close()


def test_the_lock_falls_with_the_process_that_held_it(sqlite_url: str) -> None:
    """After a kill nobody has to delete a file by hand."""
    with subprocess.Popen(
        [sys.executable, "-c", OPEN, sqlite_url],
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
    ) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "open\n"
        first.kill()
        first.wait()
    open_store(sqlite_url).close()


def test_several_processes_may_share_a_postgresql(postgresql_url: str) -> None:
    """There the database itself keeps them apart."""
    first, second = open_store(postgresql_url), open_store(postgresql_url)
    assert kept(first, NOON) == kept(second, NOON)
    first.close()
    second.close()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "database.url"),
        ("comentor.sqlite3", "database.url"),
        ("mysql://root@localhost/comentor", "knows sqlite and postgresql"),
        ("sqlite+unheard_of:///comentor.sqlite3", "knows sqlite and postgresql"),
        ("postgresql://ana:secret@localhost:port/comentor", "database.url"),
        ("postgresql://ana:secret@127.0.0.1:1/comentor", "cannot be used"),
        ("sqlite:////no/such/folder/comentor.sqlite3", "no folder /no/such/folder"),
        ("sqlite:///{tmp_path}", "{tmp_path}"),
        ("sqlite:///{tmp_path}/letter.txt", "{tmp_path}/letter.txt"),
    ],
)
def test_an_address_that_cannot_be_used_is_told_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, said: str
) -> None:
    """Whoever set it reads what is wrong, not a traceback, and never a password."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "letter.txt").write_text("Dear all, this is a letter and no database. " * 100)
    with pytest.raises(DatabaseTrouble) as trouble:
        open_store(url.replace("{tmp_path}", str(tmp_path)))
    assert said.replace("{tmp_path}", str(tmp_path)) in str(trouble.value)
    assert "secret" not in str(trouble.value)


def test_a_file_that_could_not_be_opened_is_not_held(tmp_path: Path) -> None:
    """Once it is put right, the same process can open it."""
    path = tmp_path / "comentor.sqlite3"
    path.write_text("Dear all, this is a letter and no database. " * 100)
    with pytest.raises(DatabaseTrouble):
        open_store(f"sqlite:///{path}")
    path.unlink()
    open_store(f"sqlite:///{path}").close()
