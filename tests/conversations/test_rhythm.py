"""What the practice brings a pair next, and that nobody looks for it too late or for nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.catalogue import conversation
from conversations.due import begins_with, next_due
from conversations.rhythm import GOODBYE, OFFERED, Offering, next_look, offerings
from conversations.stall import next_step
from conversations.story import Opened, PairStory
from conversations.tact import REST, may_begin
from tests.conversations.lives import (
    ANA,
    BEGAN,
    BEN,
    DAY,
    HOUR,
    after,
    meeting,
    offer,
    pair,
    stories,
)


def offered(story: PairStory, now: datetime) -> dict[str, datetime]:
    """Give what may begin, due or not yet, each with its first moment."""
    found: dict[str, datetime] = {}
    for each in offerings(story, now):
        found[each.conversation] = min(each.at, found.get(each.conversation, each.at))
    return found


def may_begin_now(story: PairStory, now: datetime) -> list[Offering]:
    """Give what is due and may be begun."""
    due = (each for each in offerings(story, now) if each.at <= now)
    return [
        each
        for each in due
        if may_begin(story, begins_with(story, each), conversation(each.conversation).nature, now)
    ]


def begun(story: PairStory, now: datetime) -> PairStory:
    """Give the story once all of it was begun."""
    opened = (
        Opened(each.conversation, each.person, each.subject, now)
        for each in may_begin_now(story, now)
    )
    return replace(story, opened=(*story.opened, *opened))


def test_a_new_pair_is_introduced_then_agrees_then_books() -> None:
    """In this order, days apart; then their goals."""
    found = offered(pair(), after(0))
    assert found["introduce"] == found["agree"] == after(0) + 2 * HOUR
    assert found["book_meetings"] == after(3)
    assert found["set_goals"] == after(12)


def test_nothing_is_offered_before_a_pair_begins_or_after_it_ends() -> None:
    """There is nothing to ask; a last word stands for the end."""
    assert not offerings(pair(began_at=None), after(5))
    assert not offerings(pair(ended_at=after(4)), after(5))
    assert {*offered(pair(ends_on=after(4).date()), after(5))} == {GOODBYE}


def test_dates_are_asked_for_while_fewer_than_two_lie_ahead() -> None:
    """Two are enough."""
    one, two = meeting(20), meeting(40)
    assert "book_meetings" in offered(pair(meetings=(one,)), after(5))
    assert "book_meetings" not in offered(pair(meetings=(one, two)), after(5))


def test_who_waits_for_an_answer_is_not_asked_for_dates() -> None:
    """For five days; then anew, and that is a moment to look again."""
    waits = pair(proposals=(offer(ANA, 5),))
    assert "book_meetings" not in offered(waits, after(6))
    assert next_look(waits, after(6)) == after(5) + OFFERED
    assert "book_meetings" in offered(waits, after(5) + OFFERED)
    assert next_look(pair(proposals=(offer(BEN, 5, answered=6),)), after(7)) is None


def test_a_meeting_has_its_round() -> None:
    """Three days before, the day before, the hour before; an hour after."""
    found = offered(pair(meetings=(meeting(30),)), after(5))
    starts_at = meeting(30).starts_at
    assert starts_at - 4 * DAY < found["prepare_meeting"] <= starts_at - 2 * DAY
    assert found["remind_the_day_before"] <= starts_at - DAY
    assert found["remind_the_hour_before"] <= starts_at - HOUR
    assert found["ask_how_it_went"] >= meeting(30).ends_at + HOUR


def test_what_finds_no_room_in_a_message_waits_a_day() -> None:
    """It may be begun by then: it is not tried again every second."""
    story = pair(agreed_at=BEGAN)
    now = after(20)
    first, *_ = may_begin_now(story, now)
    assert next_due(story, [first], now) == now + REST


@settings(max_examples=150, deadline=None)
@given(stories(), st.integers(0, 3))
def test_the_next_look_is_never_late(drawn: tuple[PairStory, datetime], agreed: int) -> None:
    """No hour before it holds anything that could be begun, or a step about a quiet spell."""
    story, now = drawn
    story = begun(replace(story, agreed_at=BEGAN + agreed * DAY if agreed else None), now)
    said = next_step(story, now)
    due = next_due(story, offerings(story, now), now)
    assert due is None or due > now
    for hours in range(1, 60 * 24):
        moment = now + hours * HOUR
        if due is not None and moment >= due:
            break
        assert may_begin_now(story, moment) == []
        assert next_step(story, moment) == said


@settings(max_examples=150, deadline=None)
@given(stories())
def test_something_that_may_begin_at_the_next_look_is_begun_only_once(
    drawn: tuple[PairStory, datetime],
) -> None:
    """What was begun is not offered again at the same moment."""
    story, now = drawn
    due = next_due(begun(story, now), offerings(begun(story, now), now), now)
    if due is not None:
        assert may_begin_now(begun(begun(story, now), due), due) == []
