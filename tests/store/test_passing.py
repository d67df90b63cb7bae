"""What the database says that may go well another time, and what will never."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError

from bot.store.database import Store, is_passing


def trouble(connection: Connection, statement: str) -> DBAPIError:
    """Give what the database says to it."""
    with pytest.raises(DBAPIError) as caught:
        connection.execute(text(statement))
    return caught.value


@pytest.mark.parametrize("statement", ["SELECT nothing FROM person", "SELEC 1", "SELECT * FROM no"])
def test_a_fault_of_ours_never_goes_well(store: Store, statement: str) -> None:
    """It would come back for ever."""
    with store.engine.connect() as connection:
        assert not is_passing(trouble(connection, statement))
    assert not is_passing(ValueError("wrong"))


def test_a_file_that_another_is_writing_to_is_free_again_soon(store: Store) -> None:
    """SQLite has one writer."""
    if not store.one_writer:
        return
    other = create_engine(store.engine.url, connect_args={"timeout": 0})
    with store.engine.begin(), other.connect() as connection:
        assert is_passing(trouble(connection, "UPDATE person SET name = name"))
    other.dispose()


@pytest.mark.usefixtures("own_database")
def test_a_deadlock_is_undone_and_taken_another_time(store: Store) -> None:
    """PostgreSQL ends one of the two, and the other goes on."""
    if store.one_writer:
        return
    with store.engine.begin() as connection:
        connection.execute(text("CREATE TABLE bench (id int primary key)"))
        connection.execute(text("INSERT INTO bench VALUES (1), (2)"))
    both, found = threading.Barrier(2, timeout=30), list[DBAPIError]()

    def lock(first: int, second: int) -> None:
        with store.engine.connect() as connection, connection.begin():
            for number in (first, second):
                row = text("SELECT id FROM bench WHERE id = :number FOR UPDATE")
                try:
                    connection.execute(row, {"number": number})
                except DBAPIError as error:
                    found.append(error)
                    return
                if number == first:
                    both.wait()

    threads = [threading.Thread(target=lock, args=each) for each in ((1, 2), (2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [error] = found
    assert is_passing(error)
