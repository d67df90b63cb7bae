"""One history of changes brings both databases to what the code's tables say."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, inspect, text

from bot.store.database import DatabaseTrouble, Store, open_store
from bot.store.migrations import bring_up_to_date, missing_steps
from bot.store.tables import Table


def tables_of(connection: Connection) -> set[str]:
    """Give the names of the tables that are there, but for Alembic's own."""
    return set(inspect(connection).get_table_names()) - {"alembic_version"}


def test_the_history_brings_exactly_the_tables_of_the_code(store: Store) -> None:
    """A column that is only in the code would be missed by the first person who upgrades."""
    with store.engine.connect() as connection:
        assert tables_of(connection) == set(Table.metadata.tables)
        assert missing_steps(connection) == []


@pytest.mark.usefixtures("own_database")
def test_a_column_that_the_history_does_not_bring_is_named(store: Store) -> None:
    """The check above must be able to fail."""
    with store.engine.begin() as connection:
        connection.execute(text("ALTER TABLE goal ADD COLUMN colour TEXT"))
        assert "colour" in str(missing_steps(connection))


def test_a_second_start_changes_nothing(store: Store) -> None:
    """Every start brings the tables up to date; most find them so."""
    with store.engine.begin() as connection:
        connection.execute(text("INSERT INTO cohort (id, name) VALUES (1, 'Spring 2026')"))
    bring_up_to_date(store.engine)
    with store.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM cohort")) == 1


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_history_that_fails_leaves_nothing_half_done(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Somebody else's table of the same name must not leave twenty of ours beside it."""
    url = f"sqlite:///{tmp_path}/theirs.sqlite3"
    if kind == "postgresql":
        url = request.getfixturevalue("empty_postgresql_url")
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE reflection (colour TEXT)"))
    with pytest.raises(DatabaseTrouble, match="reflection"):
        open_store(url)
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["reflection"]
    engine.dispose()
