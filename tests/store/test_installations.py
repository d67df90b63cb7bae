"""Workspaces that installed the app: no token lies there in clear, and a state works once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.fernet import Fernet
from sqlalchemy import text

from bot.store.database import Store, open_store
from bot.store.installations import (
    Installed,
    Seal,
    installed_in,
    seal_again,
    take_begun,
    write_begun,
    write_installed,
    write_removed,
)

NOON = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
RIVER = Installed("T1", None, "Riverside", "B1", "U1", "chat:write", "xoxb-river", NOON)


def install(store: Store, installed: Installed, *keys: str) -> None:
    """Keep a workspace in a transaction of its own."""
    with store.transaction() as session:
        write_installed(session, Seal(keys or (OLD,)), installed)


def found(store: Store, *keys: str) -> list[Installed]:
    """Give the workspaces that the app is in."""
    with store.reading() as session:
        return installed_in(session, Seal(keys or (OLD,))).installed


def test_a_workspace_comes_back_as_it_was_kept(store: Store) -> None:
    """After a restart its people are served as before."""
    install(store, RIVER)
    assert found(store) == [RIVER]
    assert "xoxb" not in repr(RIVER)


def test_no_token_stands_in_the_table(store: Store) -> None:
    """A backup in the wrong hands must not speak for the bot."""
    install(store, RIVER)
    with store.reading() as session:
        kept = session.execute(text("SELECT * FROM slack_installation")).all()
    assert "Riverside" in str(kept)
    assert "xoxb" not in str(kept)


def test_no_token_stands_in_the_file(sqlite_url: str) -> None:
    """Nor in the log beside it."""
    store = open_store(sqlite_url)
    install(store, RIVER)
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    lies_there = b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))
    store.close()
    assert b"Riverside" in lies_there
    assert b"xoxb" not in lies_there


def test_a_new_key_reads_what_the_old_one_encrypted(store: Store) -> None:
    """Keys are changed without installing anew; once sealed again the old one may go."""
    install(store, RIVER)
    assert found(store, NEW, OLD) == [RIVER]
    with store.transaction() as session:
        seal_again(session, Seal([NEW, OLD]))
    assert found(store, NEW) == [RIVER]


def test_a_key_that_is_gone_is_told_with_the_workspace(store: Store) -> None:
    """Guessing would lock everybody out without a word; the others are read all the same."""
    install(store, RIVER)
    hill = replace(RIVER, team_id="T0HILL", name="Hillside")
    with store.transaction() as session:
        write_installed(session, Seal([NEW]), hill)
        again = seal_again(session, Seal([NEW]))
    assert (again.installed, again.unreadable) == ([hill], ["Riverside"])
    assert found(store, NEW) == [hill]
    assert found(store, OLD) == [RIVER]


def test_a_removed_workspace_is_not_among_them_until_it_is_back(store: Store) -> None:
    """With its new token."""
    install(store, RIVER)
    with store.transaction() as session:
        assert write_removed(session, RIVER, NOON)
        assert not write_removed(session, RIVER, NOON)
    assert found(store) == []
    again = replace(RIVER, token="xoxb-again", installed_at=NOON + timedelta(hours=1))
    install(store, again)
    assert found(store) == [again]


def test_word_of_an_earlier_life_removes_nothing(store: Store) -> None:
    """Slack may tell of a removal after the app is back."""
    install(store, replace(RIVER, installed_at=NOON + timedelta(hours=1)))
    with store.transaction() as session:
        assert not write_removed(session, RIVER, NOON + timedelta(hours=2))
    assert len(found(store)) == 1


def begin(store: Store, state: str) -> None:
    """Send somebody off to Slack at noon, with ten minutes to come back."""
    with store.transaction() as session:
        write_begun(session, state, NOON, NOON + timedelta(minutes=10))


def take(store: Store, state: str, minutes: int = 1) -> bool:
    """Whether somebody who comes back so much later is let in."""
    with store.transaction() as session:
        return take_begun(session, state, NOON + timedelta(minutes=minutes))


def test_a_state_works_once(store: Store) -> None:
    """Whoever looks over a shoulder gets nowhere with it."""
    begin(store, "one")
    assert take(store, "one")
    assert not take(store, "one")
    assert not take(store, "another")


def test_a_state_runs_out(store: Store) -> None:
    """And the table does not grow."""
    begin(store, "one")
    assert not take(store, "one", minutes=10)
    with store.transaction() as session:
        write_begun(session, "two", NOON + timedelta(hours=1), NOON + timedelta(hours=2))
        kept = session.execute(text("SELECT hash FROM slack_oauth_state")).all()
    assert len(kept) == 1
    assert "two" not in str(kept)
