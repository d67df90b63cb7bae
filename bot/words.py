"""The words: every line a person reads, from `prompts/` and a programme's own folder over it.

How their files are written is said in `lines`, how a programme's own are checked in `own_words`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, cast

import jinja2

from bot.lines import EVERY, Line, environment, read_lines, read_text
from bot.markup import Run, Value, plain, to_runs
from bot.own_words import faults_in
from bot.saying import Reader
from conversations.agree import Terms
from conversations.bank import BadBank, Bank, read_bank
from conversations.replies import PassWords, fold
from conversations.stalling import Words as NestedWords
from conversations.talk import option_key

PASSING = tuple(each.name for each in fields(PassWords))
"""The tables of commands.toml that answer an open question and ask for nothing."""
_COMMAND = re.compile(r"^[a-z0-9_]{1,32}$")
LONGEST_PURPOSE = 256
"""Characters beside a command (Bot API, BotCommand)."""


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
    menu: Mapping[str, str]
    """What a platform's menu offers: each command, as typed after a slash, and what it is for."""
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
        nested = {name: self._nested(value, reader) for name, value in values.items()}
        return to_runs(template.render(nested, reader=reader, marked_=marked), marked)

    def _nested(self, value: object, reader: Reader) -> object:
        """Give a value that has words of its own in these, any other as it is."""
        match value:
            case NestedWords():
                return self.render(value.line, vars_of(value), reader).runs
            case Terms():
                return self.render("terms_in_words", asdict(value), reader).runs
        return value

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
    lines = _lines(folders, faults)
    commands = _commands(folders, faults)
    menu = _menu(folders, faults)
    bank = _bank(folders, faults)
    if faults or bank is None:
        raise BadWords(faults)
    forms = {name: tuple(ways) for name, ways in commands.items() if name not in PASSING}
    passing = PassWords(*(frozenset(map(fold, commands[name])) for name in PASSING))
    return Words(language, lines, forms, passing, menu, bank)


def _lines(folders: Sequence[Traversable], faults: list[str]) -> dict[str, Line]:
    """Our lines, and over them the programme's own, held against ours."""
    reading = environment()
    ours, *over = (read_lines(folder, reading, faults) for folder in folders)
    for own in over:
        faults.extend(faults_in(own, ours, reading))
        ours = {**ours, **own}
    return ours


def _commands(folders: Sequence[Traversable], faults: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for table in _tables(folders, "commands.toml", faults):
        found |= cast(dict[str, list[str]], table)
    return found


def _menu(folders: Sequence[Traversable], faults: list[str]) -> dict[str, str]:
    """The last folder's menu as a whole, since its order is what people see.

    Held against the ways to ask that stood when it was written: who changes those alone loses an
    entry of ours and makes no mistake.
    """
    menu: dict[str, str] = {}
    for number, folder in enumerate(folders, 1):
        for table in _tables([folder], "menu.toml", faults):
            ways = {way for each in _commands(folders[:number], []).values() for way in each}
            menu = {name: str(said) for name, said in table.items()}
            faults += [f"menu.toml: {fault}" for fault in _menu_faults(menu, set(map(fold, ways)))]
    return menu


def _menu_faults(menu: Mapping[str, str], ways: Container[str]) -> Iterator[str]:
    for name, said in menu.items():
        if not _COMMAND.match(name) or fold(name.replace("_", " ")) not in ways:
            yield f"{name} is none of the ways to ask in commands.toml, with _ for a space"
        if not 1 <= len(said) <= LONGEST_PURPOSE:
            yield f"{name} is to be explained in 1 to {LONGEST_PURPOSE} characters"


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
            yield tomllib.loads(read_text(file, faults))
        except tomllib.TOMLDecodeError as error:
            faults.append(f"{name}: {error}")
