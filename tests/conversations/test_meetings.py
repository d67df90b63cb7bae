"""Which of the times that suit both are booked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from conversations.meetings import room_before, well_apart

MARCH = datetime(2027, 3, 1, 10, tzinfo=UTC)
APART = timedelta(days=15)
times = st.lists(
    st.integers(0, 200).map(lambda day: MARCH + timedelta(days=day)), unique=True, max_size=9
)


def test_two_times_of_one_week_become_one_meeting() -> None:
    """Somebody who taps all that suit them does not want to meet twice in a week."""
    week = (MARCH, MARCH + timedelta(days=2), MARCH + timedelta(days=30))
    assert well_apart(week, (), APART, 3) == (week[0], week[2])


def test_a_single_time_is_taken_as_it_is() -> None:
    """It was asked for by name, however near another it lies."""
    assert well_apart((MARCH,), (MARCH + timedelta(days=1),), APART, 3) == (MARCH,)


MONTH = timedelta(days=30)


def test_there_is_room_where_half_a_rhythm_is_left_to_the_date_ahead() -> None:
    """A month after the last, five days to either side, and fifteen to the one that stands."""
    ahead = MARCH + timedelta(days=30 + 5 + 15)
    now = MARCH + timedelta(days=1)
    assert room_before(ahead, MARCH, MONTH, now)
    assert not room_before(ahead - timedelta(minutes=1), MARCH, MONTH, now)


def test_an_overdue_or_a_first_meeting_is_looked_for_within_the_week() -> None:
    """So much sooner has a date ahead to be near for another to have no room."""
    ahead = MARCH + timedelta(days=7 + 5 + 15)
    for last in (None, MARCH - timedelta(days=50)):
        assert room_before(ahead, last, MONTH, MARCH)
        assert not room_before(ahead - timedelta(minutes=1), last, MONTH, MARCH)


@given(times, times, st.integers(1, 3))
def test_what_is_booked_is_well_apart_and_no_more_than_wanted(
    offered: list[datetime], standing: list[datetime], most: int
) -> None:
    """For any times at all."""
    chosen = well_apart(offered, standing, APART, most)
    assert set(chosen) <= set(offered)
    if len(offered) > 1:
        assert len(chosen) <= most
        pairs = [(a, b) for a in chosen for b in (*chosen, *standing) if a != b]
        assert all(abs(a - b) >= APART for a, b in pairs)
