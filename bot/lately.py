"""What was seen lately: a set that forgets its oldest, so that it never grows without end."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field


@dataclass(slots=True)
class Lately:
    """The last so many names."""

    most: int
    _names: OrderedDict[str, None] = field(default_factory=OrderedDict)

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def add(self, name: str) -> None:
        """Remember a name; the oldest goes where there are too many."""
        self._names[name] = None
        if len(self._names) > self.most:
            self._names.popitem(last=False)
