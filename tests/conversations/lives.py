"""Pairs and their pasts, by the day, as the rules read them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from conversations.story import (
    Account,
    AccountGiven,
    Hours,
    LowRating,
    MeetingFact,
    PairStory,
    PersonFact,
    Ping,
    Proposal,
    Span,
)

ANA, BEN = 1, 2
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
BEGAN = datetime(2026, 2, 2, 9, tzinfo=UTC)
"""Late winter: the clocks change between two meetings, and nothing here minds."""


def after(days: float) -> datetime:
    """Give the instant that many days after they began."""
    return BEGAN + days * DAY


def pair(rhythm: float = 30, **facts: Any) -> PairStory:
    """Ana and Ben, who have begun and done nothing since."""
    ana = PersonFact(ANA, Hours("Europe/Madrid"), welcomed_at=BEGAN)
    ben = PersonFact(BEN, Hours("Europe/London"), welcomed_at=BEGAN)
    story = PairStory(7, "mentoring", ana, ben, BEGAN, None, rhythm * DAY)
    return replace(story, **facts)


def meeting(
    day: float, *said: Account, booked: float = 0, dropped: float | None = None
) -> MeetingFact:
    """Give a meeting that ends `day` days after they began; Ana speaks of it first, then Ben."""
    accounts = tuple(
        AccountGiven(person, word, after(day) + HOUR)
        for person, word in zip((ANA, BEN), said, strict=False)
    )
    called_off = None if dropped is None else after(dropped)
    starts_at = after(day) - HOUR
    return MeetingFact(int(day * 24), starts_at, HOUR, after(booked), called_off, accounts)


def beginning(day: float) -> MeetingFact:
    """Give a meeting that begins `day` days after they began."""
    return replace(meeting(day), starts_at=after(day))


def offer(by: int, day: float, answered: float | None = None) -> Proposal:
    """Times that one offers to the other."""
    to = BEN if by == ANA else ANA
    return Proposal(by, to, after(day), None if answered is None else after(answered))


def help_call(day: float) -> Ping:
    """Give what becomes of a call for help: it is passed on as it is asked."""
    return Ping("help_asked", after(day), after(day))


def blocked(story: PairStory, day: float) -> PairStory:
    """The same pair after Ben blocked the bot."""
    return replace(story, mentor=replace(story.mentor, blocked_at=after(day)))


spans = st.lists(
    st.tuples(st.integers(0, 90 * 24), st.integers(1, 20 * 24)).map(
        lambda span: Span(BEGAN + span[0] * HOUR, BEGAN + (span[0] + span[1]) * HOUR)
    ),
    max_size=3,
).map(tuple)


@st.composite
def meetings_of(draw: st.DrawFn, until: int) -> tuple[MeetingFact, ...]:
    """Meetings in a row, some called off, those that are past perhaps with accounts."""
    found = []
    for day in sorted(draw(st.sets(st.integers(1, 160), max_size=6))):
        dropped = draw(st.none() | st.integers(0, min(day, until)))
        words: list[Account] = ["held", "missed", "moved"]
        said = draw(st.lists(st.sampled_from(words), max_size=2)) if day < until else []
        found.append(meeting(day, *said, dropped=dropped))
    return tuple(found)


@st.composite
def stories(draw: st.DrawFn) -> tuple[PairStory, datetime]:
    """A pair with any past and an instant that is its present."""
    present = draw(st.integers(0, 150))
    past = st.integers(0, present)
    offers = sorted(draw(st.lists(st.tuples(st.sampled_from([ANA, BEN]), past), max_size=4)))
    pings = draw(st.lists(st.tuples(st.sampled_from(["never_met", "not_held"]), past), max_size=2))
    story = pair(
        draw(st.sampled_from([7, 14, 30, 33.5, 42])),
        meetings=draw(meetings_of(present)),
        proposals=tuple(offer(by, day) for by, day in sorted(offers, key=lambda o: o[1])),
        pauses=draw(spans),
        closures=draw(spans),
        low_ratings=tuple(LowRating(BEN, after(d)) for d in draw(st.lists(past, max_size=1))),
        pings=(
            *(
                Ping(
                    rule,
                    after(day),
                    draw(st.none() | st.just(after(day + 3))),
                    silent_until=draw(st.none() | st.just(after(day + 33))),
                )
                for rule, day in pings
            ),
            *map(help_call, draw(st.lists(past, max_size=1))),
        ),
        ended_at=draw(st.none() | st.just(after(170))),
        ends_on=draw(st.none() | st.just(date(2026, 6, 30))),
    )
    ana_returns = replace(story, mentee=replace(story.mentee, paused_until=after(present + 4)))
    busy = replace(
        story.mentor,
        pushed=tuple(after(d) for d in sorted(draw(st.lists(past, max_size=3)))),
        spoke_at=after(present) - draw(st.integers(0, 2)) * HOUR / 2,
    )
    ben_is_busy = replace(story, mentor=busy)
    others = [story, story, blocked(story, present), ana_returns, ben_is_busy]
    return draw(st.sampled_from(others)), after(present)
