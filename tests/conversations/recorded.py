"""A conversation as it is stored, read from text and told again: what replay needs and no more."""

from __future__ import annotations

import json
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conversations.catalogue import conversation
from conversations.plain import JSON, from_plain
from conversations.replay import Entry, Telling

JOURNALS = Path(__file__).parent.parent / "journals"


@dataclass(frozen=True, slots=True)
class Recorded:
    """A conversation as it is stored: its name and version, its arguments and its journal."""

    name: str
    version: int
    arguments: Mapping[str, JSON]
    journal: tuple[Entry, ...]

    def as_json(self) -> str:
        """Give it as the text that is kept."""
        steps = [{"key": entry.key, "outcome": entry.outcome} for entry in self.journal]
        told = {"conversation": self.name, "version": self.version, "arguments": self.arguments}
        return json.dumps({**told, "journal": steps}, indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Recorded:
        """Read what `as_json` wrote."""
        told = json.loads(text)
        journal = tuple(Entry(step["key"], step["outcome"]) for step in told["journal"])
        return cls(told["conversation"], told["version"], told["arguments"], journal)

    def begin(self) -> Coroutine[Any, Any, None]:
        """Begin the conversation anew with its stored arguments."""
        kind = conversation(self.name, self.version)
        hints = kind.parameters()
        return kind.tell(**{k: from_plain(v, hints[k]) for k, v in self.arguments.items()})

    def tell(self) -> Telling:
        """Replay all of it."""
        return Telling(self.begin(), self.journal)
