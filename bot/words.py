"""The words: every line a person reads, from `prompts/` and a programme's own folder over it.

A file holds lines under `## name`, the text in our small markup with Jinja2 placeholders, then
`[key] Label` for each button; `[*]` is the label of whatever was looked up, such as a time.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, cast

import jinja2
from jinja2.runtime import Context

from bot.markup import Run, Value, mark, plain, to_runs, without_marks
from bot.saying import FILTERS, Reader
from conversations.bank import BadBank, Bank, read_bank
from conversations.replies import PassWords, fold
from conversations.stalling import Words as NestedWords
from conversations.talk import option_key

_HEADING = re.compile(r"^## +([a-z][a-z0-9_]*) *$")
_LABEL = re.compile(r"^\[([^\]]+)\] +(.+?) *$")
EVERY = "*"
PASSING = tuple(each.name for each in fields(PassWords))
"""The tables of commands.toml that answer an open question and ask for nothing."""


class BadWords(Exception):
    """A file of words cannot be used.

    Each fault is named with its file, its line and its remedy.
    """

    def __init__(self, faults: Sequence[str]) -> None:
        """Keep all faults; the message lists them."""
        self.faults = tuple(faults)
        super().__init__("\n".join(faults))


class NoSuchLine(LookupError):
    """A conversation says a line that no file of words has."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the words."""

    name: str
    place: str
    text: jinja2.Template
    labels: Mapping[str, jinja2.Template]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A line as one person reads it."""

    runs: tuple[Run, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """All lines of one language, the ways to ask for things, and the bank of questions."""

    language: str
    lines: Mapping[str, Line]
    forms: Mapping[str, tuple[str, ...]]
    """For each conversation that can be asked for, the ways to ask."""
    passing: PassWords
    bank: Bank = field(repr=False)

    def render(
        self,
        name: str,
        values: Mapping[str, object],
        reader: Reader,
        options: Sequence[object] = (),
    ) -> Rendered:
        """Give a line as `reader` reads it, with a label for each option.

        Raises NoSuchLine, or Jinja's own errors.
        """
        line = self._line(name)
        runs = self._runs(line.text, values, reader)
        return Rendered(
            runs,
            tuple(
                self._label(line, place, each, values, reader)
                for place, each in enumerate(options, 1)
            ),
        )

    def _line(self, name: str) -> Line:
        try:
            return self.lines[name]
        except KeyError:
            raise NoSuchLine(
                f"no file of words in {self.language!r} has a line ## {name}"
            ) from None

    def _runs(
        self, template: jinja2.Template, values: Mapping[str, object], reader: Reader
    ) -> tuple[Run, ...]:
        marked: list[Value] = []
        nested = {
            name: self.render(value.line, vars_of(value), reader).runs
            if isinstance(value, NestedWords)
            else value
            for name, value in values.items()
        }
        return to_runs(template.render(nested, reader=reader, marked_=marked), marked)

    def _label(
        self, line: Line, place: int, option: object, values: Mapping[str, object], reader: Reader
    ) -> str:
        template = line.labels.get(option_key(option, place)) or line.labels.get(EVERY)
        if template is not None:
            return plain(self._runs(template, {**values, "choice": option}, reader))
        if isinstance(option, int):
            return str(option)
        raise NoSuchLine(f"{line.place}: ## {line.name} has no label [{option_key(option, place)}]")


def vars_of(value: NestedWords) -> dict[str, object]:
    """Give the values that a nested line is rendered with."""
    values: dict[str, object] = {
        name: getattr(value.reason, name) for name in value.reason.__dataclass_fields__
    }
    if value.line != value.reason.tried:
        values["tried"] = NestedWords(value.reason.tried, value.reason)
    return values


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


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined,
        finalize=_set_aside,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 - no HTML is made here: values are set aside and stay literal text
    )
    environment.filters.update(FILTERS)
    return environment


def load_words(language: str = "en", own: Path | None = None) -> Words:
    """Load the lines of a language, with the programme's own folder over them.

    Raises BadWords with all faults.
    """
    folders: list[Traversable] = [files("prompts") / language]
    faults: list[str] = []
    if own is not None:
        if not own.is_dir():
            raise BadWords(
                [f"{own}: there is no such folder; mend programme.prompts in the configuration"]
            )
        folders.append(own)
    lines = _all_lines(folders, faults)
    commands = _commands(folders, faults)
    bank = _bank(folders, faults)
    if faults or bank is None:
        raise BadWords(faults)
    forms = {name: tuple(ways) for name, ways in commands.items() if name not in PASSING}
    passing = PassWords(*(frozenset(map(fold, commands[name])) for name in PASSING))
    return Words(language, lines, forms, passing, bank)


def _all_lines(folders: Iterable[Traversable], faults: list[str]) -> dict[str, Line]:
    environment = _environment()
    lines: dict[str, Line] = {}
    for folder in folders:
        here: dict[str, Line] = {}
        for file in sorted(folder.iterdir(), key=lambda file: file.name):
            if file.name.endswith(".md"):
                _read_file(file, environment, here, faults)
        lines |= here
    return lines


def _read_file(
    file: Traversable, environment: jinja2.Environment, here: dict[str, Line], faults: list[str]
) -> None:
    """Add the lines of one file to those of its folder."""
    text = _text(file, faults)
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("##") and not _HEADING.match(line):
            why = "names no line: write ## and a name of small letters, digits and _"
            faults.append(f"{file.name}:{number}: {line} {why}")
    for name, number, section in _sections(text):
        place = f"{file.name}:{number}"
        if name in here:
            faults.append(
                f"{place}: ## {name} stands a second time (first at {here[name].place}); rename one"
            )
            continue
        body, labels = _split_labels(section)
        templates: dict[str, jinja2.Template] = {}
        for key, source in {"": body, **labels}.items():
            try:
                templates[key] = environment.from_string(source)
            except jinja2.TemplateSyntaxError as error:
                faults.append(f"{file.name}:{number + error.lineno}: ## {name}: {error.message}")
        if "" in templates:
            here[name] = Line(name, place, templates.pop(""), templates)


def _text(file: Traversable, faults: list[str]) -> str:
    try:
        # With or without the mark that some editors begin a file with.
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        faults.append(f"{file.name}: this is not UTF-8; let your editor save it so")
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


def _commands(folders: Sequence[Traversable], faults: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for table in _tables(folders, "commands.toml", faults):
        found |= cast(dict[str, list[str]], table)
    return found


def _bank(folders: Sequence[Traversable], faults: list[str]) -> Bank | None:
    tables = list(_tables(folders, "questions.toml", faults))
    try:
        return read_bank(tables[-1])
    except BadBank as error:
        faults.extend(f"questions.toml: {fault}" for fault in error.faults)
    return None


def _tables(
    folders: Sequence[Traversable], name: str, faults: list[str]
) -> Iterable[dict[str, Any]]:
    for folder in folders:
        file = folder / name
        if not file.is_file():
            continue
        try:
            yield tomllib.loads(_text(file, faults))
        except tomllib.TOMLDecodeError as error:
            faults.append(f"{name}: {error}")
