"""What falls due next with a pair: the practice, tact and the rules of quiet spells together."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from operator import attrgetter

from conversations.catalogue import conversation
from conversations.rhythm import Offering, next_look
from conversations.stall import next_change, spared_until
from conversations.story import PairStory, PersonFact
from conversations.tact import REST, begins_at, may_begin, should_ask_less


def next_due(story: PairStory, ahead: Iterable[Offering], now: datetime) -> datetime | None:
    """Give the next moment at which something else falls due and may be begun, or None.

    Never now, so never a loop.
    """
    moments = [next_look(story, now)]
    moments += [spared_until(story, each, now) for each in story.both if should_ask_less(each, now)]
    soonest = min(filter(None, moments), default=None)
    for offering in sorted(ahead, key=attrgetter("at")):
        if soonest is not None and offering.at >= soonest:
            break
        person, nature = begins_with(story, offering), conversation(offering.conversation).nature
        due = offering.at
        if due <= now and may_begin(story, person, nature, now):
            due = now + REST  # the message of today is full
        at = begins_at(story, person, nature, due, now)
        if at is not None and (offering.until is None or at < offering.until):
            soonest = min(filter(None, (soonest, at)))
    soonest = next_change(story, now, soonest) or soonest
    return None if soonest is None else max(soonest, now + timedelta(seconds=1))


def begins_with(story: PairStory, offering: Offering) -> PersonFact:
    """Give with whom it begins: where it is for the pair, with the one who leads."""
    return story.mentor if offering.person == story.mentor.id else story.mentee
