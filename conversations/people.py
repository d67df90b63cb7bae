"""People and pairs as conversations know them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["mentee", "mentor", "co-mentor", "supervisor", "manager"]


@dataclass(frozen=True, slots=True)
class Who:
    """A person as a conversation knows them."""

    id: int
    name: str
    """What to call them: their first name."""
    role: Role


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people who meet to think together."""

    id: int
    mentee: Who
    """In co-mentoring, the one named first."""
    mentor: Who

    @property
    def leads(self) -> Who:
        """The one who is asked first: the mentee."""
        return self.mentee

    @property
    def follows(self) -> Who:
        """The one who is asked second."""
        return self.mentor

    @property
    def both(self) -> tuple[Who, Who]:
        """The mentee, then the mentor."""
        return (self.mentee, self.mentor)

    def other(self, who: Who) -> Who:
        """The one of the two who is not `who`."""
        return self.mentor if who.id == self.mentee.id else self.mentee
