"""Invented values, for hypothesis: all that conversations ask the machine for, and get from it."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
from datetime import UTC, date, datetime, time, timedelta
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

import conversations
from conversations.catalogue import CATALOGUE
from conversations.plain import JSON
from conversations.talk import Command, Lookup, result_of

FIRST, LAST = datetime(1990, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001 - hypothesis wants them bare

SIMPLE: dict[Any, st.SearchStrategy[Any]] = {
    NoneType: st.none(),
    bool: st.booleans(),
    int: st.integers(-(2**53), 2**53),
    float: st.floats(allow_nan=False, allow_infinity=False),
    str: st.text(max_size=12),
    datetime: st.datetimes(FIRST, LAST, timezones=st.just(UTC)),
    date: st.dates(),
    time: st.times(),
    timedelta: st.timedeltas(timedelta(days=-9999), timedelta(days=9999)),
}


def values_of(kind: Any) -> st.SearchStrategy[Any]:
    """Invent values of a type: simple ones, literals, unions, tuples, and dataclasses of them."""
    if kind in SIMPLE:
        return SIMPLE[kind]
    origin, args = get_origin(kind), get_args(kind)
    if origin is Literal:
        return st.sampled_from(args)
    if origin in {Union, UnionType}:
        return st.one_of([values_of(each) for each in args])
    if origin is tuple and args[-1] is Ellipsis:
        return st.lists(values_of(args[0]), max_size=4).map(tuple)
    if origin is tuple:
        return st.tuples(*map(values_of, args))
    if origin is frozenset:
        return st.frozensets(values_of(args[0]), max_size=4)
    return _records_of(kind)


def _records_of(kind: Any) -> st.SearchStrategy[Any]:
    hints = get_type_hints(kind)
    fields = {field.name: values_of(hints[field.name]) for field in dataclasses.fields(kind)}
    return st.builds(kind, **fields)


ANY_JSON: st.SearchStrategy[JSON] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


def asked_of_the_machine() -> tuple[type[Any], ...]:
    """Give every lookup and every command that any conversation could ask for, by name."""
    found = set()
    for module in pkgutil.iter_modules(conversations.__path__, "conversations."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, type) and issubclass(value, Lookup | Command):
                found.add(value)
    return tuple(sorted(found - {Lookup, Command}, key=lambda kind: kind.__name__))


def kinds_in_journals() -> dict[str, Any]:
    """Give every type that a journal or a stored argument has to bring back, by its name."""
    asked = asked_of_the_machine()
    kinds = [*asked, *map(result_of, asked)]
    for each in CATALOGUE.values():
        kinds += each.parameters().values()
    return {_name(kind): kind for kind in kinds}


def _name(kind: Any) -> str:
    return kind.__name__ if isinstance(kind, type) and not get_args(kind) else str(kind)
