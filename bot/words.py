"""The words of one language: every line a person reads in it, and every way to ask for something.

They are read from their files in `read_words`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from bot.lines import EVERY, Line, Text
from bot.markup import Run, plain
from bot.saying import Reader
from bot.usage import Usage
from conversations.agree import Terms
from conversations.bank import Bank
from conversations.replies import PassWords
from conversations.stalling import Words as NestedWords
from conversations.talk import option_key


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
    """Its code, such as `en` or `pt-BR`."""
    name: str
    """What it calls itself, such as `Español`."""
    lines: Mapping[str, Line]
    forms: Mapping[str, tuple[str, ...]]
    """For each conversation that can be asked for, the ways to ask."""
    passing: PassWords
    menu: Mapping[str, str]
    """What a platform's menu offers: each command, as typed after a slash, and what it is for."""
    usage: Usage
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

    def _runs(self, text: Text, values: Mapping[str, object], reader: Reader) -> tuple[Run, ...]:
        nested = {name: self._nested(value, reader) for name, value in values.items()}
        return text.runs(nested, reader=reader, usage_=self.usage)

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
        text = line.labels.get(option_key(option, place)) or line.labels.get(EVERY)
        if text is not None:
            return plain(self._runs(text, {**values, "choice": option}, reader))
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
