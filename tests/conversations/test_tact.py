"""Tact: a weekly budget, pauses, and leaving alone whoever does not answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from conversations.story import Hours, PairStory, PersonFact, Span
from conversations.tact import (
    HEARD_OUT,
    PATIENCE,
    begins_at,
    heard_out_at,
    is_paused,
    left_alone,
    may_nudge,
    pushed_lately,
    reachable,
    should_ask_less,
)

NOW = datetime(2026, 4, 1, 9, tzinfo=UTC)
"""Three days after the clocks changed."""
DAY, WEEK, SECOND = timedelta(days=1), timedelta(days=7), timedelta(seconds=1)
ANA = PersonFact(1, Hours("Europe/Madrid"), welcomed_at=NOW - 30 * DAY)


def pushed(*days_ago: float, budget: int = 2) -> PersonFact:
    """Give Ana, whom something reached that many days ago; oldest first."""
    moments = tuple(NOW - timedelta(days=each) for each in days_ago)
    return replace(ANA, pushed=moments, weekly_budget=budget)


def test_whoever_joined_can_be_nudged() -> None:
    """As long as nothing speaks against it."""
    assert reachable(ANA)
    assert may_nudge(ANA, NOW)


NOT_TO_BE_REACHED = {
    "not joined": replace(ANA, welcomed_at=None),
    "stopped": replace(ANA, stopped_at=NOW),
    "blocked": replace(ANA, blocked_at=NOW),
}


@pytest.mark.parametrize("ana", NOT_TO_BE_REACHED.values(), ids=NOT_TO_BE_REACHED)
def test_nothing_reaches_whoever_has_not_said_yes_or_has_said_no(ana: PersonFact) -> None:
    """Not even the question if less would be better."""
    assert not reachable(ana)
    assert not may_nudge(ana, NOW)
    assert not should_ask_less(replace(ana, ignored=PATIENCE), NOW)


# A pause.


def test_a_pause_ends_at_its_moment() -> None:
    """By itself."""
    paused = replace(ANA, paused_until=NOW)
    assert is_paused(paused, NOW - SECOND)
    assert not may_nudge(paused, NOW - SECOND)
    assert not is_paused(paused, NOW)
    assert may_nudge(paused, NOW)


def test_nobody_is_asked_in_a_pause_if_less_would_be_better() -> None:
    """There is no less than nothing."""
    ana = replace(ANA, ignored=PATIENCE, paused_until=NOW + DAY)
    assert not should_ask_less(ana, NOW)
    assert should_ask_less(ana, NOW + DAY)


# Being left alone.


@pytest.mark.parametrize("ignored", range(6))
def test_three_in_a_row_unanswered_and_they_are_left_alone(ignored: int) -> None:
    """Until they answer something, which sets the count back."""
    ana = replace(ANA, ignored=ignored)
    assert left_alone(ana.ignored) is (ignored >= 3)
    assert may_nudge(ana, NOW) is (ignored < 3)


def test_less_is_asked_once() -> None:
    """And only after the third."""
    assert not should_ask_less(replace(ANA, ignored=2), NOW)
    ana = replace(ANA, ignored=3)
    assert should_ask_less(ana, NOW)
    assert not should_ask_less(replace(ana, asked_less_at=NOW - WEEK), NOW)


# The weekly budget.


def test_two_a_week_is_the_budget() -> None:
    """The third waits."""
    assert may_nudge(pushed(3), NOW)
    assert not may_nudge(pushed(3, 1), NOW)


def test_a_week_is_seven_days_to_the_second() -> None:
    """Over a clock change too: instants, not wall times."""
    ana = pushed(7, 1)
    assert not may_nudge(ana, NOW - SECOND)
    assert may_nudge(ana, NOW)


def test_what_is_about_to_reach_them_counts() -> None:
    """A message that waits for the morning has been decided on."""
    ana = pushed(1, -0.5)
    assert pushed_lately(ana, NOW) == ana.pushed
    assert not may_nudge(ana, NOW)


def with_ben(ana: PersonFact) -> PairStory:
    """Give Ana in a pair."""
    ben = replace(ANA, id=2)
    return PairStory(1, "mentoring", ana, ben, NOW - 30 * DAY, None, 30 * DAY)


def room_at(ana: PersonFact, due: datetime = NOW) -> datetime | None:
    """Give when after now what fell due then can be begun with Ana."""
    return begins_at(with_ben(ana), ana, "nudge", due, NOW)


def test_there_is_room_again_when_the_oldest_is_a_week_old() -> None:
    """That is when the rules look again."""
    assert room_at(pushed(3, 1)) == NOW + 4 * DAY


def test_what_is_to_come_begins_at_its_time_where_there_is_room() -> None:
    """Else as soon as there is some; nothing is looked at before."""
    assert room_at(pushed(3), NOW + DAY) == NOW + DAY
    assert room_at(pushed(3, 1), NOW + DAY) == NOW + 4 * DAY
    assert room_at(pushed(3, 1), NOW + 5 * DAY) == NOW + 5 * DAY


def test_over_the_budget_more_than_one_must_grow_old() -> None:
    """Announcements count and may have gone beyond it."""
    assert room_at(pushed(5, 3, 1)) == NOW + 4 * DAY


def test_less_often_is_one_a_week() -> None:
    """The newest is the one that counts."""
    assert room_at(pushed(5, 1, budget=1)) == NOW + 6 * DAY


@pytest.mark.parametrize("ana", [pushed(budget=0), pushed(5, 1, budget=0)])
def test_without_a_budget_there_is_never_room(ana: PersonFact) -> None:
    """A programme may choose to push nothing at all; there is no moment to wait for."""
    assert not may_nudge(ana, NOW)
    assert room_at(ana) is None
    assert room_at(ana, NOW + WEEK) is None


def test_after_a_pause_of_either_it_waits_for_a_day_of_peace() -> None:
    """What belongs to a meeting does not."""
    until = NOW + 2 * DAY
    ana = replace(ANA, paused_until=until)
    story = replace(with_ben(ana), pauses=(Span(NOW - DAY, until),))
    for person in story.both:
        assert begins_at(replace(story, pauses=()), person, "nudge", NOW, NOW) == until
        assert begins_at(story, person, "nudge", NOW, NOW) == until + DAY
        assert begins_at(story, person, "reminder", NOW + DAY, NOW) == NOW + DAY


@given(
    st.lists(st.integers(-3 * 24, 9 * 24), max_size=8).map(
        lambda hours: sorted(hours, reverse=True)
    ),
    st.integers(0, 4),
    st.integers(0, 2 * 24),
)
def test_room_comes_when_it_is_said_to_come(hours_ago: list[int], budget: int, due_in: int) -> None:
    """A nudge may be begun from then on and not a second before, if nothing else is pushed."""
    ana = pushed(*(each / 24 for each in hours_ago), budget=budget)
    due = NOW + timedelta(hours=due_in)
    assume(due > NOW or not may_nudge(ana, NOW))
    again = room_at(ana, due)
    assert (again is None) is (budget == 0)
    if again is not None:
        assert may_nudge(ana, again)
        assert again == due or not may_nudge(ana, again - SECOND)


def test_whoever_has_just_said_something_is_heard_out_first() -> None:
    """An hour, to the second; and it is said when that is."""
    ana = replace(ANA, spoke_at=NOW - HEARD_OUT)
    assert may_nudge(ana, NOW)
    assert heard_out_at(ana, NOW) is None
    assert not may_nudge(ana, NOW - SECOND)
    assert heard_out_at(ana, NOW - SECOND) == NOW
