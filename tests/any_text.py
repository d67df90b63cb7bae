"""Any text at any place of any line: what every platform has to show as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace

import jinja2
from hypothesis import strategies as st

from bot.markup import Run, plain
from bot.words import NoSuchLine
from tests.test_words import NASTY, ROLES, SAID, WORDS, reader


def leaves(value: object, path: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
    """Give where, in what a line is said with, a text stands."""
    if isinstance(value, str):
        yield path
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from leaves(each, (*path, key))
    elif isinstance(value, tuple):
        for place, each in enumerate(value):
            yield from leaves(each, (*path, place))
    elif is_dataclass(value):
        for field in fields(value):
            yield from leaves(getattr(value, field.name), (*path, field.name))


def with_text(value: object, path: tuple[object, ...], text: str) -> object:
    """Give the same with another text at that place."""
    if not path:
        return text
    key, *rest = path
    if isinstance(value, Mapping):
        return {**value, key: with_text(value[key], tuple(rest), text)}
    if isinstance(value, tuple):
        return tuple(
            with_text(each, tuple(rest), text) if place == key else each
            for place, each in enumerate(value)
        )
    changed = {str(key): with_text(getattr(value, str(key)), tuple(rest), text)}
    return replace(value, **changed)  # type: ignore[type-var]


def said(line: str, path: tuple[object, ...], text: str, role: int = 0) -> tuple[Run, ...]:
    """Give a line with that text in that place; a path of nothing is the reader's own name."""
    values = with_text(SAID[line].values, path, text) if path else SAID[line].values
    assert isinstance(values, Mapping)
    own = reader(ROLES[role])
    return WORDS.render(line, values, own if path else replace(own, name=text)).runs


def is_said(line: str, path: tuple[object, ...]) -> bool:
    """Whether the line repeats what stands there, rather than choose its own words by it."""
    try:
        return "quarkxyz" in plain(said(line, path, "quarkxyz"))
    except (jinja2.UndefinedError, NoSuchLine):
        return False


PLACES = [
    (line, path)
    for line in sorted(SAID)
    for path in [(), *leaves(SAID[line].values)]
    if is_said(line, path)
]
ANY_TEXT = st.one_of(
    st.text(),
    st.builds("".join, st.lists(st.sampled_from((*NASTY, "🌱", "e\u0301", ". ", " ", "\n", "ab")))),
    st.builds(lambda text, times: text * times, st.text(min_size=1), st.integers(1, 3000)),
)
