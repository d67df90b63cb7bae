"""Values and their JSON: what a journal brings back is what went in, or it is refused by name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.meetings import Meeting
from conversations.plain import JSON, NotPlain, from_plain, to_plain
from conversations.talk import Who
from tests.conversations.invented import ANY_JSON, SIMPLE, kinds_in_journals, values_of
from tests.conversations.stage import ANA, APRIL, MARCH

KINDS = kinds_in_journals()
few = settings(max_examples=25, deadline=None)
every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


def through_text(data: JSON) -> JSON:
    """Give what a database gives back of it."""
    back: JSON = json.loads(json.dumps(data, allow_nan=False))
    return back


# There and back.


@every_kind
@few
@given(data=st.data())
def test_what_conversations_use_comes_back_as_it_was(kind: Any, data: st.DataObject) -> None:
    """Every lookup, command, result and argument, through JSON as text."""
    value = data.draw(values_of(kind))
    assert from_plain(through_text(to_plain(value)), kind) == value


@pytest.mark.parametrize("kind", SIMPLE, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_simple_values_come_back_as_they_were(kind: Any, data: st.DataObject) -> None:
    """With their type: a whole number is not a yes."""
    value = data.draw(values_of(kind))
    back = from_plain(through_text(to_plain(value)), kind)
    assert (back, type(back)) == (value, type(value))


@given(values_of(frozenset[date]))
def test_a_set_is_written_in_one_order(days: frozenset[date]) -> None:
    """Keys of the journal hold it; they must not change with the hash of the day."""
    assert to_plain(days) == sorted(day.isoformat() for day in days)
    assert from_plain(through_text(to_plain(days)), frozenset[date]) == days


@given(st.dictionaries(st.text(max_size=5), st.integers(), max_size=3))
def test_a_mapping_comes_back(counts: dict[str, int]) -> None:
    """Its keys are text."""
    assert from_plain(through_text(to_plain(counts)), Mapping[str, int]) == counts


@given(values_of(tuple[int, str]), values_of(tuple[int, ...]))
def test_a_tuple_of_some_length_and_one_of_any_come_back(
    two: tuple[int, str], many: tuple[int, ...]
) -> None:
    """Both are lists in JSON."""
    assert from_plain(through_text(to_plain(two)), tuple[int, str]) == two
    assert from_plain(through_text(to_plain(many)), tuple[int, ...]) == many


# Instants.


def test_an_instant_is_written_in_utc() -> None:
    """So that one instant has one text, whoever's zone it was said in."""
    summer = datetime(2026, 4, 7, 10, tzinfo=ZoneInfo("Europe/Madrid"))
    assert to_plain(summer) == to_plain(APRIL) == "2026-04-07T08:00:00+00:00"


def test_the_hour_that_comes_twice_keeps_its_two_instants() -> None:
    """On the morning when clocks go back, 2:30 is said of both."""
    madrid = ZoneInfo("Europe/Madrid")
    first = datetime(2026, 10, 25, 2, 30, tzinfo=madrid)
    second = first.replace(fold=1)
    assert to_plain(first) == "2026-10-25T00:30:00+00:00"
    assert to_plain(second) == "2026-10-25T01:30:00+00:00"


def test_an_instant_is_read_as_utc() -> None:
    """Whatever offset it was written with."""
    read = from_plain("2026-04-07T10:00:00+02:00", datetime)
    assert (read, read.tzinfo) == (APRIL, UTC)


def test_a_naive_datetime_is_not_written() -> None:
    """Nobody could say when it was."""
    with pytest.raises(NotPlain, match="has no zone"):
        to_plain(MARCH.replace(tzinfo=None))


def test_a_naive_datetime_within_a_value_is_not_written() -> None:
    """However deep it lies."""
    with pytest.raises(NotPlain, match="has no zone"):
        to_plain((Meeting(11, MARCH.replace(tzinfo=None), 60),))


def test_a_naive_datetime_is_not_read() -> None:
    """A journal that holds one was not written by us."""
    with pytest.raises(NotPlain, match="is not a datetime"):
        from_plain("2026-04-07T08:00:00", datetime)


# What is refused.


@every_kind
@few
@given(wrong=ANY_JSON)
def test_foreign_json_is_a_value_or_refused(kind: Any, wrong: JSON) -> None:
    """Never another error, which a turn could not tell from a fault of its own."""
    try:
        value = from_plain(wrong, kind)
    except NotPlain:
        return
    assert from_plain(to_plain(value), kind) == value


@every_kind
@few
@given(data=st.data())
def test_json_with_one_thing_changed_is_a_value_or_refused(kind: Any, data: st.DataObject) -> None:
    """As above, for what is almost right."""
    plainly = to_plain(data.draw(values_of(kind)))
    wrong = _with_one_thing_changed(plainly, data)
    try:
        value = from_plain(wrong, kind)
    except NotPlain:
        return
    assert from_plain(to_plain(value), kind) == value


def _with_one_thing_changed(plainly: JSON, data: st.DataObject) -> JSON:
    inner: list[Any] = []
    if isinstance(plainly, dict):
        inner = list(plainly)
    elif isinstance(plainly, list):
        inner = list(range(len(plainly)))
    if not inner or data.draw(st.booleans()):
        return data.draw(ANY_JSON)
    place = data.draw(st.sampled_from(inner))
    changed: Any = plainly.copy()  # type: ignore[union-attr]
    changed[place] = _with_one_thing_changed(changed[place], data)
    return changed  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        (True, int),
        (1, bool),
        (1.0, int),
        ("1", int),
        (1, str),
        (None, str),
        (True, float),
        (False, timedelta),
        ("", datetime),
        (5, datetime),
        ("2026-13-01", date),
        (20260301, date),
        ("25:00", time),
        (9, time),
        ("guest", Literal["mentee", "mentor"]),
        (["x"], Literal["mentee", "mentor"]),
        ("x", tuple[str, ...]),
        ([1, 2, 3], tuple[int, int]),
        (["x", 1], tuple[str, ...]),
        ({"x": 1}, frozenset[int]),
        ([1], Mapping[str, int]),
        ({"x": "y"}, Mapping[str, int]),
        ([], int | None),
    ],
)
def test_what_is_not_of_the_type_is_refused(wrong: JSON, kind: Any) -> None:
    """One and True are not the same, nor are a text and what it spells."""
    with pytest.raises(NotPlain):
        from_plain(wrong, kind)


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        ("0001-01-01T00:00:00+14:00", datetime),
        ("9999-12-31T23:59:59-14:00", datetime),
        (1e300, timedelta),
        (10**400, timedelta),
        (10**400, float),
        (float("nan"), timedelta),
    ],
    ids=["before", "after", "long", "longer", "number", "none"],
)
def test_what_lies_beyond_all_calendars_is_refused(wrong: JSON, kind: Any) -> None:
    """JSON can hold what no clock can."""
    with pytest.raises(NotPlain):
        from_plain(wrong, kind)


NO_PERSON: list[JSON] = [
    {"id": 1, "name": "Ana"},
    {"id": 1, "name": "Ana", "role": "mentee", "zone": "Europe/Madrid"},
    {"id": 1, "name": "Ana", "role": "guest"},
    {"id": "1", "name": "Ana", "role": "mentee"},
    ["id", "name", "role"],
    None,
]


@pytest.mark.parametrize("wrong", NO_PERSON)
def test_a_record_has_its_own_fields_and_no_others(wrong: JSON) -> None:
    """One field too many means that somebody else's version wrote it."""
    with pytest.raises(NotPlain):
        from_plain(wrong, Who)


def test_a_record_is_read_back() -> None:
    """The same person."""
    plainly: JSON = {"id": 1, "name": "Ana", "role": "mentee"}
    assert to_plain(ANA) == plainly
    assert from_plain(plainly, Who) == ANA


@dataclass(frozen=True, slots=True)
class Odd:
    """Something that no journal can hold."""

    price: Decimal


@pytest.mark.parametrize(
    "value", [Decimal(1), b"bytes", object(), Odd(Decimal(1)), {1, 2}, ZoneInfo("UTC")]
)
def test_what_is_not_known_is_not_written(value: object) -> None:
    """Rather than kept as some text that nothing reads."""
    with pytest.raises(NotPlain, match="cannot be kept in a journal"):
        to_plain(value)


@pytest.mark.parametrize("kind", [Decimal, bytes, object, timezone, list])
def test_what_is_not_known_is_not_read(kind: Any) -> None:
    """A type needs a reader before a conversation may use it."""
    with pytest.raises(NotPlain, match="cannot be read from a journal"):
        from_plain("1", kind)
