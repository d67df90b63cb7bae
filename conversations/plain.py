"""Between our frozen values and plain JSON, checked both ways: what a journal may hold.

Known: None, bool, int, float, str, aware `datetime`, `date`, `time`, `timedelta` (seconds),
`Literal`, unions with at most one dataclass, tuples, frozensets, mappings with text keys, and
frozen dataclasses of these.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeAlias, Union, cast, get_args, get_origin, get_type_hints

JSON: TypeAlias = "bool | int | float | str | list[JSON] | dict[str, JSON] | None"


class NotPlain(TypeError):
    """This value, or this stored text, is not what its type says: nothing of it is kept."""


def to_plain(value: object) -> JSON:
    """Give the JSON form of a value.

    Raises NotPlain for a naive datetime or a type that is not known here.
    """
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, datetime):
        return _instant(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    return _to_compound(value)


def _to_compound(value: object) -> JSON:
    if isinstance(value, tuple | list):
        return [to_plain(each) for each in value]
    if isinstance(value, frozenset):
        return sorted((to_plain(each) for each in value), key=repr)
    if isinstance(value, Mapping):
        return {str(key): to_plain(each) for key, each in value.items()}
    kind: type = type(value)
    if dataclasses.is_dataclass(kind):
        return {name: to_plain(getattr(value, name)) for name in _hints(kind)}
    raise NotPlain(f"{kind.__name__} cannot be kept in a journal")


def _instant(value: datetime) -> str:
    if value.tzinfo is None:
        raise NotPlain(f"this {type(value).__name__} has no zone; instants are aware")
    return value.astimezone(UTC).isoformat()


def from_plain(data: JSON, kind: Any) -> Any:
    """Give the value of type `kind` that `data` is the JSON form of.

    Raises NotPlain where it is not one.
    """
    reader = _READERS.get(kind)
    if reader is not None:
        return reader(data)
    origin = get_origin(kind)
    if origin is not None:
        return _from_generic(data, origin, get_args(kind))
    if dataclasses.is_dataclass(kind):
        return _from_record(data, cast(type, kind))
    raise NotPlain(f"{kind!r} cannot be read from a journal")


def _from_record(data: JSON, kind: type) -> object:
    hints = _hints(kind)
    if not isinstance(data, dict) or data.keys() != hints.keys():
        raise NotPlain(f"this {type(data).__name__} is not a {kind.__name__}")
    return kind(**{name: from_plain(data[name], hint) for name, hint in hints.items()})


def _from_generic(data: JSON, origin: Any, args: tuple[Any, ...]) -> object:
    if origin is Literal:
        return _from_literal(data, args)
    if origin is Union or origin is UnionType:
        return _from_union(data, args)
    if origin is tuple:
        return _from_tuple(data, args)
    if origin is frozenset and isinstance(data, list):
        return frozenset(from_plain(each, args[0]) for each in data)
    if isinstance(data, dict) and issubclass(origin, Mapping):
        return {key: from_plain(each, args[1]) for key, each in data.items()}
    raise NotPlain(f"this {type(data).__name__} is not a {origin.__name__}")


def _from_literal(data: JSON, allowed: tuple[Any, ...]) -> JSON:
    if data not in allowed:
        raise NotPlain(f"this {type(data).__name__} is none of {allowed}")
    return data


def _from_tuple(data: JSON, args: tuple[Any, ...]) -> tuple[object, ...]:
    if not isinstance(data, list):
        raise NotPlain(f"this {type(data).__name__} is not a list")
    if len(args) == 2 and args[1] is Ellipsis:
        return tuple(from_plain(each, args[0]) for each in data)
    if len(args) != len(data):
        raise NotPlain(f"this {type(data).__name__} has not {len(args)} values")
    return tuple(from_plain(each, kind) for each, kind in zip(data, args, strict=True))


def _from_union(data: JSON, kinds: tuple[Any, ...]) -> object:
    for kind in kinds:
        try:
            return from_plain(data, kind)
        except NotPlain:
            continue
    raise NotPlain(f"this {type(data).__name__} is none of {kinds}")


def _exactly(kind: type) -> Callable[[JSON], object]:
    def read(data: JSON) -> object:
        if type(data) is not kind:
            raise NotPlain(f"this {type(data).__name__} is not a {kind.__name__}")
        return data

    return read


def _parsed(kind: type, parse: Callable[[Any], object]) -> Callable[[JSON], object]:
    def read(data: JSON) -> object:
        try:
            return parse(data)
        except (TypeError, ValueError, OverflowError) as error:
            raise NotPlain(f"this {type(data).__name__} is not a {kind.__name__}") from error

    return read


def _read_instant(text: str) -> datetime:
    value = datetime.fromisoformat(text)
    if value.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return value.astimezone(UTC)


def _read_number(data: JSON) -> float:
    if isinstance(data, bool) or not isinstance(data, int | float):
        raise TypeError("not a number")
    return float(data)


_READERS: dict[Any, Callable[[JSON], object]] = {
    NoneType: _exactly(NoneType),
    None: _exactly(NoneType),
    bool: _exactly(bool),
    int: _exactly(int),
    str: _exactly(str),
    float: _parsed(float, _read_number),
    datetime: _parsed(datetime, _read_instant),
    date: _parsed(date, date.fromisoformat),
    time: _parsed(time, time.fromisoformat),
    timedelta: _parsed(timedelta, lambda data: timedelta(seconds=_read_number(data))),
}


@cache
def _hints(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(cast(Any, kind))}
