"""What the table of stalls reads in a story: what is planned, what fell through, who waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from conversations.stall_clock import when_elapsed, when_left
from conversations.story import MeetingFact, PairStory, PersonFact, Proposal

AWAITED = timedelta(days=3)
"""How long both are given to say how a meeting went, on the clock of the pair."""


def passed(story: PairStory, now: datetime) -> Sequence[MeetingFact]:
    """Give the meetings that stood when their time came, in order."""
    return [m for m in story.meetings if m.dropped_at is None and m.starts_at <= now]


def planned(story: PairStory, now: datetime) -> bool:
    """Whether a meeting lies ahead, however far, or has just been and nobody has spoken of it."""
    return _awaited(story, now) or bool(story.ahead(now))


def planned_soon(story: PairStory, now: datetime) -> bool:
    """Whether a meeting lies near ahead, or has just been and nobody has spoken of it."""
    near = any(near_from(story, meeting) <= now for meeting in story.ahead(now))
    return near or _awaited(story, now)


def near_from(story: PairStory, meeting: MeetingFact) -> datetime:
    """Give since when a meeting ahead is near: one rhythm before it, on the clock of the pair.

    From a rhythm away it is simply their next one; a date beyond that leaves a meeting out.
    """
    return when_left(story, meeting.starts_at, story.rhythm)


def _awaited(story: PairStory, now: datetime) -> bool:
    unsaid = (meeting for meeting in passed(story, now) if not meeting.accounts)
    return any(awaited_until(story, meeting) > now for meeting in unsaid)


def awaited_until(story: PairStory, meeting: MeetingFact) -> datetime:
    """Give until when a meeting of which nobody has spoken counts as planned."""
    return when_elapsed(story, meeting.ends_at, AWAITED)


def never_booked(story: PairStory, now: datetime) -> bool:
    """Whether no meeting ever came round and none lies ahead."""
    return not passed(story, now) and not story.ahead(now)


def drops(story: PairStory) -> list[datetime]:
    """Give when meetings were called off."""
    return [meeting.dropped_at for meeting in story.meetings if meeting.dropped_at]


def last_met(story: PairStory, began_at: datetime) -> datetime:
    """Give the end of the last meeting that was held, or else when they began."""
    met = story.last_held()
    return met.ends_at if met else began_at


def may_have_met(story: PairStory, since: datetime, now: datetime) -> datetime:
    """Give the end of the first meeting since then of which nobody spoke, or else `since`.

    Only the first: one missed tap accuses nobody, but a pair that never answers is seen in the end.
    """
    unsaid = (m.ends_at for m in passed(story, now) if not m.accounts and m.ends_at > since)
    return min(unsaid, default=since)


def outcome(meeting: MeetingFact, now: datetime) -> tuple[datetime, bool] | None:
    """Give when it showed how a meeting went, and whether it fell through; None if it moved."""
    if meeting.dropped_at:
        return meeting.dropped_at, True
    said = {account.said for account in meeting.accounts}
    if meeting.ends_at > now or ("moved" in said and "held" not in said):
        return None
    return meeting.ends_at, said == {"missed"}


def waiting(story: PairStory, by: PersonFact, now: datetime) -> list[Proposal]:
    """Give one side's offers since anything was last settled between the two, oldest first."""
    settled = [meeting.booked_at for meeting in story.meetings]
    settled += [meeting.starts_at for meeting in passed(story, now)]
    settled += [offer.at for offer in story.proposals if offer.by != by.id]
    settled += [offer.answered_at for offer in story.proposals if offer.answered_at]
    offers = (offer for offer in story.proposals if offer.by == by.id and not offer.answered_at)
    return [offer for offer in offers if all(offer.at >= at for at in settled)]


def owing(story: PairStory, now: datetime, *people: PersonFact) -> tuple[int, ...]:
    """Give those who do not wait for an answer themselves: never nag the one who is not late."""
    return tuple(person.id for person in people if not waiting(story, person, now))
