"""Writes that wait for one another: few statements, and nothing else is different."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    Column,
    Integer,
    MetaData,
    String,
    Table,
    UpdateBase,
    bindparam,
    event,
    exists,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.orm import Session

from bot.store import tables
from bot.store.database import Store, later, run, write_all
from bot.store.later import tables_of

_METADATA = MetaData()
NOTE = Table(
    "noted",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("thing", Integer, nullable=False),
    Column("step", Integer),
    Column("said", String),
    prefixes=["TEMPORARY"],
)
THING = Table(
    "thing",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("colour", String),
    Column("size", Integer),
    prefixes=["TEMPORARY"],
)
ADD = insert(NOTE)
SAY = (
    update(NOTE)
    .where(NOTE.c.thing == bindparam("it"), NOTE.c.step == bindparam("at"))
    .values(said=bindparam("words"))
)
HUSH = update(NOTE).where(NOTE.c.thing == bindparam("it")).values(said=None)
CHANGE = update(THING).where(THING.c.id == bindparam("number"))
THINGS = 3
STEPS = 2
ALL_NOTES = select(NOTE.c.id, NOTE.c.thing, NOTE.c.step, NOTE.c.said).order_by(NOTE.c.id)
ALL_THINGS = select(THING.c.id, THING.c.colour, THING.c.size).order_by(THING.c.id)


@contextmanager
def a_session(store: Store) -> Iterator[tuple[Session, list[str]]]:
    """Give a session with three things in it, and the statements that are run from then on."""
    with store.transaction() as session:
        _METADATA.create_all(session.connection())
        run(session, insert(THING), [{"id": each} for each in range(THINGS)])
        statements: list[str] = []

        def note(*given: object) -> None:
            statements.append(str(given[2]))

        event.listen(session.get_bind(), "before_cursor_execute", note)
        yield session, statements
        event.remove(session.get_bind(), "before_cursor_execute", note)
        write_all(session)
        _METADATA.drop_all(session.connection())


def noted(session: Session) -> list[tuple[object, ...]]:
    """Give what the notes say, by a statement that minds what waits."""
    return [tuple(row)[1:] for row in run(session, ALL_NOTES)]


def add(session: Session, thing: int, step: int, said: str = "") -> None:
    """Let a note wait."""
    values = {"thing": thing, "step": step, "said": said}
    later(session).add(ADD, ("thing", thing), values)


def test_what_waits_goes_in_one_statement_for_each_kind(store: Store) -> None:
    """Whatever it is about, and in whatever turn it came."""
    with a_session(store) as (session, statements):
        for thing in range(THINGS):
            later(session).change(CHANGE, ("thing", thing), {"size": thing})
            add(session, thing, 0)
            later(session).add(SAY, ("thing", thing), {"it": thing, "at": 0, "words": "yes"})
            later(session).change(CHANGE, ("thing", thing), {"colour": "red"})
        assert statements == []
        write_all(session)
        assert [each.split()[0] for each in statements] == ["UPDATE", "INSERT", "UPDATE"]
        assert noted(session) == [(thing, 0, "yes") for thing in range(THINGS)]
        found = [tuple(row) for row in run(session, ALL_THINGS)]
        assert found == [(thing, "red", thing) for thing in range(THINGS)]


@pytest.mark.parametrize(
    "look",
    [
        lambda session: run(session, select(func.count()).select_from(NOTE)).scalar(),
        lambda session: session.execute(select(func.count()).select_from(NOTE)).scalar(),
        lambda session: session.scalar(text("SELECT count(*) FROM noted")),
        lambda session: session.scalar(
            select(func.count()).where(exists(select(NOTE.c.id).where(NOTE.c.thing == 1)))
        ),
        lambda session: session.scalar(select(select(func.count(NOTE.c.id)).scalar_subquery())),
    ],
    ids=["plain", "through the session", "as text", "in a condition", "as a column"],
)
def test_whoever_looks_sees_what_was_written(
    store: Store, look: Callable[[Session], object]
) -> None:
    """However they look, and wherever in their statement the table stands."""
    with a_session(store) as (session, _):
        add(session, 1, 0)
        assert look(session) == 1


def test_whoever_looks_elsewhere_leaves_what_waits(store: Store) -> None:
    """Else each turn's own questions would part it from the turns beside it."""
    with a_session(store) as (session, statements):
        add(session, 1, 0)
        run(session, select(tables.Meeting.id)).all()
        session.scalars(select(tables.Meeting)).all()
        run(session, insert(THING), {"id": THINGS})
        assert not any("INTO noted" in each for each in statements)


def test_a_change_of_a_table_minds_what_waits_for_it(store: Store) -> None:
    """It would miss the rows that are still to come."""
    with a_session(store) as (session, _):
        add(session, 1, 0, "no")
        run(session, update(NOTE).values(said="yes"))
        assert noted(session) == [(1, 0, "yes")]


def test_what_is_undone_is_not_written(store: Store) -> None:
    """As where a turn fails: its savepoint is undone, and nothing of it comes behind."""
    with a_session(store) as (session, _):
        add(session, 1, 0)
        later(session).change(CHANGE, ("thing", 1), {"size": 5})
        later(session).drop()
        assert later(session).waiting(("thing", 1)) == {}
        assert noted(session) == []
        assert all(row.size is None for row in run(session, ALL_THINGS))


def test_it_is_known_what_was_changed(store: Store) -> None:
    """Things one by one; where a statement does not say which, the whole table."""
    with a_session(store) as (session, _):
        changed = later(session).changed
        changed.clear()
        add(session, 1, 0)
        later(session).change(CHANGE, ("thing", 2), {"size": 5})
        assert changed == {("thing", 1), ("thing", 2)}
        run(session, select(NOTE.c.id)).all()
        run(session, insert(THING), {"id": THINGS})
        assert changed == {("thing", 1), ("thing", 2)}
        run(session, update(THING).values(size=4))
        assert changed == {("thing", 1), ("thing", 2), "thing"}


def test_tables_are_found_wherever_they_stand() -> None:
    """In a join, a subquery, a union, and behind the ORM's own classes."""
    inner = select(NOTE.c.id).where(NOTE.c.step == 1)
    for statement, named in (
        (select(THING.c.id).join(NOTE, NOTE.c.thing == THING.c.id), {"thing", "noted"}),
        (update(THING).where(THING.c.id.in_(inner)).values(size=1), {"thing", "noted"}),
        (select(THING.c.id).union_all(inner), {"thing", "noted"}),
        (select(tables.Meeting).where(tables.Meeting.id.in_(inner)), {"meeting", "noted"}),
        (insert(THING).from_select(["id"], inner), {"thing", "noted"}),
    ):
        assert tables_of(statement) == named


number = st.integers(0, THINGS - 1)
words = st.sampled_from(["a", "b", "c"])
anything_done = st.lists(
    st.one_of(
        st.tuples(st.just("add"), number, st.integers(0, STEPS - 1), words),
        st.tuples(st.just("say"), number, st.integers(0, STEPS - 1), words),
        st.tuples(st.just("hush"), number),
        st.tuples(st.just("paint"), number, words),
        st.tuples(st.just("grow"), number, st.integers(0, 5)),
        st.tuples(st.just("look")),
    ),
    max_size=25,
)


def _row(doing: Sequence[object]) -> tuple[UpdateBase, dict[str, object]]:
    """Give the statement of something that is done, with its values."""
    match doing:
        case ("add", thing, step, said):
            return ADD, {"thing": thing, "step": step, "said": said}
        case ("say", thing, step, said):
            return SAY, {"it": thing, "at": step, "words": said}
        case ("hush", thing):
            return HUSH, {"it": thing}
        case ("paint", _, colour):
            return CHANGE, {"colour": colour}
        case ("grow", _, size):
            return CHANGE, {"size": size}
    raise AssertionError(doing)


def _now(session: Session, doing: Sequence[object]) -> None:
    statement, values = _row(doing)
    run(session, statement, {"number": doing[1], **values} if statement is CHANGE else values)


def _later(session: Session, doing: Sequence[object]) -> None:
    statement, values = _row(doing)
    waits = later(session)
    write = waits.change if statement is CHANGE else waits.add
    write(statement, ("thing", int(str(doing[1]))), values)


def _outcome(
    store: Store,
    doings: Sequence[Sequence[object]],
    do: Callable[[Session, Sequence[object]], None],
) -> object:
    """Give what was seen on the way, and what there is in the end."""
    with a_session(store) as (session, _):
        seen = []
        for each in doings:
            if each == ("look",):
                seen.append(noted(session))
            else:
                do(session, each)
        write_all(session)
        things = [tuple(row) for row in run(session, ALL_THINGS)]
        return seen, noted(session), things


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(anything_done)
def test_it_is_as_if_nothing_had_waited(store: Store, done: Sequence[Sequence[object]]) -> None:
    """Whatever is written and looked at, in whatever order: the rows and their order are alike."""
    assert _outcome(store, done, _later) == _outcome(store, done, _now)
