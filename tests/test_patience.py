"""Patience: less and less often, and not for ever."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from bot.patience import MOST_TRIES, Patience

HOUR = timedelta(hours=1)


def until_the_last(patience: Patience, it: str) -> list[timedelta]:
    """Give the pauses until it was enough."""
    pauses = []
    while (pause := patience.tried(it)) is not None:
        pauses.append(pause)
    return pauses


def test_pauses_grow_and_end_within_an_hour() -> None:
    """A platform that stumbles over one message always will, and each try takes another's place."""
    pauses = until_the_last(Patience(), "it")
    assert len(pauses) == MOST_TRIES - 1
    assert all(later == 2 * earlier for earlier, later in pairwise(pauses))
    assert HOUR / 2 < sum(pauses, timedelta()) < HOUR


def test_after_the_last_try_it_begins_anew() -> None:
    """It has changed since, so it is another thing to draw."""
    patience = Patience()
    assert until_the_last(patience, "it") == until_the_last(patience, "it")


def test_what_succeeds_is_forgotten_and_nothing_else() -> None:
    """Each is counted by itself."""
    patience = Patience()
    first = patience.tried("it")
    patience.tried("other")
    patience.is_done("it")
    assert first is not None
    assert patience.tried("it") == first
    assert patience.tried("other") == 2 * first
