"""What was seen lately."""

from __future__ import annotations

from bot.lately import Lately


def test_the_oldest_is_forgotten_first() -> None:
    """Whoever runs for a year must not remember all of it."""
    seen = Lately(2)
    for name in ("one", "two", "two", "three"):
        seen.add(name)
    assert [name in seen for name in ("one", "two", "three", "four")] == [False, True, True, False]
