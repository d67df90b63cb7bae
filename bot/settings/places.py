"""Where a setting was written: a line of the file, an environment variable or a secret."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.settings.fault import Fault
from bot.settings.keys import BETWEEN, PREFIX, SECRETS

Way = tuple[int | str, ...]
"""To a value: section and key by name, places in a list counted from 0."""

TABLE = re.compile(r"\s*(\[\[?)([^\[\]]+)\]")
"""A line that opens a table, or the next table of a list: TOML 1.0, Table."""
KEY = re.compile(r"\s*([^\s=#\[\]{}]+(?:\s*\.\s*[^\s=#\[\]{}]+)*)\s*=")


@dataclass(frozen=True, slots=True)
class Places:
    """Everything that has a say on a setting, as far as it tells where a value came from."""

    file: str
    lines: Mapping[Way, int]
    """The line of each key and table of the file."""
    variables: Mapping[str, str]
    """The names of our environment variables by what they are for, such as `log__level`."""
    secrets: Mapping[str, Path]
    """The files of the secrets' folder, likewise."""

    def is_secret(self, way: Way) -> bool:
        """Whether the value must not be shown: a database's URL may hold a password."""
        if way[:1] == ("database",) or _for(way, self.secrets) is not None:
            return True
        return tuple(part for part in way if isinstance(part, str)) in SECRETS

    def fault(self, way: Way, wrong: str, remedy: str) -> Fault:
        """What is wrong there, with the place that has the last word on it."""
        place, line = self.file, self._line(way)
        if variable := _for(way, self.variables):
            place, line = f"environment variable {self.variables[variable]}", None
        elif secret := _for(way, self.secrets):
            place, line = f"secret {self.secrets[secret]}", None
        return Fault(place, line, None, written(way), wrong, remedy)

    def _line(self, way: Way) -> int | None:
        """The line of the key, else of the nearest list or table around it, or None."""
        around = (self.lines.get(way[:depth]) for depth in range(len(way), 0, -1))
        return next((line for line in around if line), None)


def _for(way: Way, names: Mapping[str, object]) -> str | None:
    """The name that sets the value at the way or something in it, or None."""
    words = [part.casefold() for part in way if isinstance(part, str)][:2]
    asked = BETWEEN.join(words)
    inside = (name for name in names if name == asked or name.startswith(asked + BETWEEN))
    return next(inside, words[0] if words and words[0] in names else None)


def written(way: Way) -> str:
    """The way as people read it, such as `programme.closures, no. 2, from`."""
    parts = (f", no. {part + 1}, " if isinstance(part, int) else f".{part}" for part in way)
    return "".join(parts).replace(", .", ", ").strip("., ")


def our_variables() -> dict[str, str]:
    """The names of the environment's variables for settings, by what they are for."""
    names = (name for name in os.environ if name.upper().startswith(PREFIX))
    return {name[len(PREFIX) :].casefold(): name for name in names}


def secrets_in(folder: Path) -> dict[str, Path]:
    """The files of a folder by what they are for."""
    return {file.name.casefold(): file for file in folder.iterdir()}


def lines_of_keys(text: str) -> dict[Way, int]:
    """Where each key and table of a TOML text stands, as far as a look at single lines tells."""
    lines: dict[Way, int] = {}
    seen: Counter[Way] = Counter()
    table: Way = ()
    for number, line in enumerate(text.splitlines(), 1):
        if opened := TABLE.match(line):
            table = _parts(opened[2])
            if opened[1] == "[[":
                seen[table] += 1
                table = (*table, seen[table] - 1)
            lines.setdefault(table, number)
        elif key := KEY.match(line):
            lines.setdefault((*table, *_parts(key[1])), number)
    return lines


def _parts(dotted: str) -> Way:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
