"""Tact: whether and when something may be pushed to a person.

The weekly budget, pauses, and being left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from conversations.quiet import open_from
from conversations.story import Hours, PairStory, PersonFact

WEEK = timedelta(days=7)
PATIENCE = 3
"""So many questions unanswered in a row: the bot asks if less would be better, then keeps quiet."""
TO_A_MESSAGE = 2
"""Nudges due together become one message; a third waits."""
REST = timedelta(days=1)
"""How long the line that ends a pause stands alone, as does each word of a quiet spell."""

HEARD_OUT = timedelta(hours=1)
"""So long after somebody's last word they may be about to say more: they are not interrupted."""


def reachable(person: PersonFact) -> bool:
    """Whether anything at all may reach them.

    They said yes, have not stopped, and some way to them is open.
    """
    return (
        person.welcomed_at is not None and person.stopped_at is None and person.blocked_at is None
    )


def is_paused(person: PersonFact, now: datetime) -> bool:
    """Whether they are in a pause."""
    return person.paused_until is not None and person.paused_until > now


def rested(at: datetime, hours: Hours) -> datetime:
    """Give when something that was begun then has stood alone: a day after it could be read."""
    return open_from(at, hours) + REST


def rests_until(story: PairStory, person: PersonFact, now: datetime) -> datetime | None:
    """Give until when somebody is left in peace after a pause of either of the two; None if not."""
    ends = [span.end for span in story.pauses if span.end <= now]
    until = rested(max(ends), person.hours) if ends else None
    return until if until is not None and until > now else None


def left_alone(ignored: int) -> bool:
    """Whether somebody who let so many questions in a row go by is to be left alone.

    Then nothing is begun with them until they answer something.
    """
    return ignored >= PATIENCE


def may_nudge(person: PersonFact, now: datetime) -> bool:
    """Whether a nudge may be begun with them now."""
    open_to_it = reachable(person) and not is_paused(person, now) and not left_alone(person.ignored)
    in_budget = len(pushed_lately(person, now)) < person.weekly_budget
    return open_to_it and in_budget and heard_out_at(person, now) is None


def nudge_moments(person: PersonFact) -> Iterator[datetime]:
    """Give the instants at which `may_nudge` may change if nothing happens meanwhile."""
    yield from (at + WEEK for at in person.pushed)
    yield from filter(None, [person.paused_until])
    if person.spoke_at is not None:
        yield person.spoke_at + HEARD_OUT


def heard_out_at(person: PersonFact, now: datetime) -> datetime | None:
    """Give when somebody who has just said something has been heard out; None if they are."""
    until = person.spoke_at + HEARD_OUT if person.spoke_at is not None else now
    return until if until > now else None


def pushed_lately(person: PersonFact, now: datetime) -> tuple[datetime, ...]:
    """When budgeted messages reached them in the week before now, or are about to."""
    return tuple(at for at in person.pushed if at > now - WEEK)


def may_begin(story: PairStory, person: PersonFact, nature: str, now: datetime) -> bool:
    """Whether something of the pair's may be begun with them now.

    In a pause, and in the peace after it, only what belongs to a meeting; a nudge waits for the
    pause of either, and keeps within its person's budget.
    """
    waits_for = story.both if nature == "nudge" else (person,)
    in_peace = any(is_paused(each, now) for each in waits_for) or rests_until(story, person, now)
    if nature != "reminder" and in_peace:
        return False
    return may_nudge(person, now) if nature == "nudge" else reachable(person)


def begins_at(
    story: PairStory, person: PersonFact, nature: str, due: datetime, now: datetime
) -> datetime | None:
    """Give when after now what falls due then may be begun with them if nothing happens meanwhile.

    None where it never may.
    """
    moments = {due, *nudge_moments(person)}
    moments |= {each.paused_until for each in story.both if each.paused_until}
    moments |= {rested(span.end, person.hours) for span in story.pauses}
    to_come = sorted(at for at in moments if at > now and at >= due)
    return next((at for at in to_come if may_begin(story, person, nature, at)), None)


def should_ask_less(person: PersonFact, now: datetime) -> bool:
    """Whether to ask them, once, if less would be better."""
    waits = reachable(person) and not is_paused(person, now)
    return waits and left_alone(person.ignored) and person.asked_less_at is None
