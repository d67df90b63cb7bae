"""Lines held against ours in English, before anybody would have to read their faults.

What a line can be said with, our own English of it shows: its buttons, and the placeholders that it
has. Whoever rewords or translates a line keeps the buttons, and uses of the placeholders what they
like.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, fields
from functools import cached_property
from itertools import chain

import jinja2
from jinja2 import meta, nodes

from bot.lines import EVERY, Folder, Line
from bot.saying import Reader

ALWAYS = "reader"
"""Who reads a line is known to every one of them."""
Attributes = Mapping[str, Set[str]]


@dataclass(frozen=True)
class Standard:
    """Our words in English: what every other language has to have too."""

    folder: Folder
    lines: Mapping[str, Line]
    commands: Sequence[str]
    """The tables that commands.toml has."""
    reading: jinja2.Environment

    @cached_property
    def attributes(self) -> Attributes:
        """What is read off each value, by its name."""
        return _attributes(self.lines.values(), self.reading)

    def trees(self, name: str) -> Mapping[str, nodes.Template]:
        """A line as Jinja reads it."""
        return _trees(self.lines[name], self.reading)


def faults_in(lines: Mapping[str, Line], standard: Standard) -> Iterator[str]:
    """Give every fault of lines that reword ours, each with its file, its line and its remedy."""
    for name, line in lines.items():
        if name in standard.lines:
            yield from _without_label(line, standard.lines[name])
            yield from _not_filled(line, standard)


def missing_from(lines: Mapping[str, Line], standard: Standard, language: str) -> Iterator[str]:
    """Give every line that a language has not, with its remedy."""
    for name, ours in standard.lines.items():
        if name not in lines:
            yield (
                f"{language}: there is no line ## {name}; add it to a file there, "
                f"as {ours.place} has it"
            )


def _without_label(line: Line, ours: Line) -> Iterator[str]:
    missing = () if EVERY in line.sources else ours.labels.keys() - line.sources.keys()
    for key in sorted(missing):
        such_as = f"[{key}] {ours.sources[key].strip()}"
        yield f"{line.place}: ## {line.name} has no button [{key}]; add it, such as: {such_as}"


def _not_filled(line: Line, standard: Standard) -> Iterator[str]:
    trees = standard.trees(line.name)
    filled = {ALWAYS, *(name for tree in trees.values() for name in _given(tree))}
    usable = sorted({"reader.name", *(each for tree in trees.values() for each in _used(tree))})
    for key, tree in _trees(line, standard.reading).items():
        known = filled | {"choice"} if key else filled
        for placeholder, number in dict.fromkeys(_unknown(tree, known, standard.attributes)):
            yield (
                f"{line.file}:{line.number + number}: ## {line.name} has {{{{ {placeholder} }}}}, "
                f"which nothing fills; it can use {', '.join(usable)}"
            )


def _unknown(
    tree: nodes.Template, known: Set[str], attributes: Attributes
) -> Iterator[tuple[str, int]]:
    """Give each placeholder that nothing fills, with the line of its text that it stands in."""
    given = _given(tree)
    for part in tree.find_all((nodes.Name, nodes.Getattr)):
        match part:
            case nodes.Name(name=name) if name in given - known:
                yield name, part.lineno
            case nodes.Getattr(node=nodes.Name(name=name), attr=attr) if name in given & known:
                if attr not in attributes[name]:
                    yield f"{name}.{attr}", part.lineno


def _used(tree: nodes.Template) -> Iterator[str]:
    """Give the placeholders of a text of ours, as it writes them."""
    given = _given(tree)
    whole = set(given)
    for part in tree.find_all(nodes.Getattr):
        if isinstance(part.node, nodes.Name) and part.node.name in given:
            whole.discard(part.node.name)
            yield f"{part.node.name}.{part.attr}"
    yield from whole


def _attributes(lines: Iterable[Line], reading: jinja2.Environment) -> Attributes:
    """Give what our words read off each value, by its name: `name` and `role` of a `partner`."""
    found: dict[str, set[str]] = defaultdict(set)
    found[ALWAYS] = {each.name for each in fields(Reader)}
    trees = (tree for line in lines for tree in _trees(line, reading).values())
    for part in chain.from_iterable(tree.find_all(nodes.Getattr) for tree in trees):
        if isinstance(part.node, nodes.Name):
            found[part.node.name].add(part.attr)
    return found


def _given(tree: nodes.Template) -> Set[str]:
    """Give the names that a text does not set itself."""
    return meta.find_undeclared_variables(tree)


def _trees(line: Line, reading: jinja2.Environment) -> dict[str, nodes.Template]:
    """Give the text and the labels of a line as Jinja reads them, but for what it cannot read."""
    readable = {"", *line.labels}
    return {key: reading.parse(text) for key, text in line.sources.items() if key in readable}
