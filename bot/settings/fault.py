"""What is wrong with the settings: where it was written, what, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong."""

    place: str
    """The file, the environment variable or the secret that says it."""
    line: int | None
    """In the file, counted from 1; None where that is not known."""
    column: int | None
    """Counted from 1; None unless the file is no TOML."""
    key: str
    """Such as `programme.name`; empty where the fault is the whole file's."""
    wrong: str
    remedy: str

    def __str__(self) -> str:
        """The fault on one line, place first."""
        line = f"line {self.line}" if self.line else ""
        column = f"column {self.column}" if self.column else ""
        where = ", ".join(filter(None, (self.place, line, column, self.key)))
        return f"{where}: {self.wrong} {self.remedy}"


class BadSettings(Exception):
    """The settings cannot be used; nothing was begun with them."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(faults)
        self.faults = faults
        """At least one."""

    def __str__(self) -> str:
        """Every fault on a line of its own."""
        return "\n".join(map(str, self.faults))
