"""The lines of the words as their files have them.

A file holds lines under `## name`, the text in our small markup with Jinja2 placeholders, then
`[key] Label` for each button; `[*]` is the label of whatever was looked up, such as a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import cast

import jinja2
from jinja2.runtime import Context

from bot.markup import Run, Value, mark, to_runs, without_marks
from bot.saying import FILTERS

_HEADING = re.compile(r"^## +([a-z][a-z0-9_]*) *$")
_LABEL = re.compile(r"^\[([^\]]+)\] +(.+?) *$")
EVERY = "*"


@dataclass(frozen=True, slots=True)
class Text:
    """The text of a line, or of a label of it."""

    source: str
    template: jinja2.Template | None
    """None where nothing in it varies, as in most labels."""

    @classmethod
    def read(cls, source: str, reading: jinja2.Environment) -> Text:
        """Read one. Raises jinja2.TemplateSyntaxError."""
        return cls(source, reading.from_string(source) if "{" in source else None)

    def runs(self, values: Mapping[str, object], **told: object) -> tuple[Run, ...]:
        """Give it with these values in their places. Raises Jinja's own errors."""
        if self.template is None:
            return to_runs(self.source, ())
        marked: list[Value] = []
        return to_runs(self.template.render(values, marked_=marked, **told), marked)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the words."""

    name: str
    file: str
    number: int
    """Where its heading stands in its file, from 1."""
    text: Text
    labels: Mapping[str, Text]
    sources: Mapping[str, str]
    """As written: the text under the empty key, each label under its own, each on its own line."""

    @property
    def place(self) -> str:
        """Where it stands, for whoever is to mend it."""
        return f"{self.file}:{self.number}"


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of words."""

    at: Traversable
    named: str = ""
    """What stands before its files' names where they are named, such as `es/`."""

    def files(self, ending: str) -> list[Traversable]:
        """Give its files that end so, by name."""
        here = (file for file in self.at.iterdir() if file.name.endswith(ending))
        return sorted(here, key=lambda file: file.name)


def read_lines(folder: Folder, reading: jinja2.Environment, faults: list[str]) -> dict[str, Line]:
    """Read the lines of every file in a folder, by name; what is wrong is added to the faults."""
    here: dict[str, Line] = {}
    for file in folder.files(".md"):
        _read_file(file, f"{folder.named}{file.name}", reading, here, faults)
    return here


def _read_file(
    file: Traversable,
    named: str,
    reading: jinja2.Environment,
    here: dict[str, Line],
    faults: list[str],
) -> None:
    """Add the lines of one file to those of its folder."""
    text = read_text(file, named, faults)
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("##") and not _HEADING.match(line):
            why = "names no line: write ## and a name of small letters, digits and _"
            faults.append(f"{named}:{number}: {line} {why}")
    for name, number, section in _sections(text):
        place = f"{named}:{number}"
        if name in here:
            faults.append(
                f"{place}: ## {name} stands a second time (first at {here[name].place}); rename one"
            )
            continue
        body, labels = _split_labels(section)
        texts: dict[str, Text] = {}
        sources = {"": body, **labels}
        for key, source in sources.items():
            try:
                texts[key] = Text.read(source, reading)
            except jinja2.TemplateSyntaxError as error:
                faults.append(f"{named}:{number + error.lineno}: ## {name}: {error.message}")
        if "" in texts:
            here[name] = Line(name, named, number, texts.pop(""), texts, sources)


def read_text(file: Traversable, named: str, faults: list[str]) -> str:
    """Give a file's text; empty, with a fault, where it is not UTF-8."""
    try:
        # With or without the mark that some editors begin a file with.
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        faults.append(f"{named}: this is not UTF-8; let your editor save it so")
        return ""


def _sections(text: str) -> Iterable[tuple[str, int, str]]:
    """Each line's name, where its heading stands, and what stands under it."""
    name, start, body = "", 0, list[str]()
    for number, line in enumerate([*text.splitlines(), "## end"], 1):
        heading = _HEADING.match(line)
        if heading is None:
            body.append(line)
            continue
        if name:
            yield name, start, "\n".join(body)
        name, start, body = heading[1], number, []


def _split_labels(text: str) -> tuple[str, dict[str, str]]:
    """Give a line's text and its labels, each behind as many empty lines as stand before it."""
    lines = text.rstrip().splitlines()
    labels: list[tuple[str, str]] = []
    while lines and (match := _LABEL.match(lines[-1])):
        lines.pop()
        labels.insert(0, (match[1], "\n" * len(lines) + match[2]))
    return "\n".join(lines).rstrip(), dict(labels)


@jinja2.pass_context
def _set_aside(context: Context, value: object) -> object:
    """Leave a mark where a value belongs; markup never sees the value."""
    if isinstance(value, jinja2.Undefined):
        return value
    marked = cast(list[Value], context["marked_"])
    if isinstance(value, tuple) and value and all(isinstance(each, Run) for each in value):
        marked.append(cast(tuple[Run, ...], value))
    else:
        marked.append(without_marks(str(value)))
    return mark(len(marked) - 1)


def environment() -> jinja2.Environment:
    """Give what reads the lines: no value in them is ever taken for markup."""
    made = jinja2.Environment(
        undefined=jinja2.StrictUndefined,
        finalize=_set_aside,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 - no HTML is made here: values are set aside and stay literal text
    )
    made.filters.update(FILTERS)
    # Jinja's own functions, such as `range`; no line needs one, and each render would copy them.
    made.globals.clear()
    return made
