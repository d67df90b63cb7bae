"""What the practice brings a pair next, and when: dates, the round of each meeting, reflections.

`offerings` gives what may begin and when, in the order of its weight; `next_look` says when to ask
again. Whatever was begun stands in the story, so nothing is begun twice. Stalls have rules of their
own (`stall`), tact has the last word (`tact`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from conversations.quiet import is_quiet, open_from, open_until
from conversations.stall_clock import over_at
from conversations.story import Hours, MeetingFact, PairStory, PersonFact
from conversations.wall_time import local, same_wall_time

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
WANTED_AHEAD = 2
"""Fewer than this ahead, and the next are asked for."""
PASSING = (
    "prepare_meeting",
    "remind_the_day_before",
    "remind_the_hour_before",
    "ask_how_it_went",
    "reflect",
)
"""What is begun again and again, each time about something new, and never again about the old."""
FORGOTTEN = 45 * DAY
"""After this nothing asks any more whether one of those was begun."""
OFFERED = 5 * DAY
"""How long times that one side offered may wait for the other before any are asked for anew."""
AGAIN = 7 * DAY
"""How long a first asking rests before a second; there is no third."""
SETTLING = 3 * DAY
"""How long after an agreement, or a beginning, before dates are asked for."""
GOODBYE = "say_programme_is_over"
LATE_GOODBYE = 60 * DAY
"""So long after the last day a pause, or an outage, may still end before the word is pointless."""


@dataclass(frozen=True, slots=True)
class Offering:
    """A conversation that falls due with one of the pair, or with the pair."""

    conversation: str
    person: int | None
    """None for the pair."""
    subject: str
    """With the conversation and the person, what makes it begin only once."""
    at: datetime
    until: datetime | None = None
    """When it becomes pointless; None for never."""
    meeting: int | None = None


def next_look(story: PairStory, now: datetime) -> datetime | None:
    """Give the next instant at which `offerings` may hold others if nothing happens meanwhile."""
    moments = [meeting.ends_at for meeting in story.meetings]
    moments += [offer.at + OFFERED for offer in story.proposals if offer.answered_at is None]
    moments += [span.end for span in (*story.pauses, *story.closures)]
    return min((moment for moment in moments if moment > now), default=None)


def offerings(story: PairStory, now: datetime) -> tuple[Offering, ...]:
    """Give what was not begun and has not become pointless, due or not yet, weightiest first.

    Nothing before both said yes or after an end of their own. After the last day of the cohort only
    the word that says so, and reminders of what is in the diary all the same.
    """
    if story.began_at is None or story.ended_at is not None:
        return ()
    begun = {(o.what, o.person, o.subject) for o in story.opened}
    rules = AFTERWARDS if _is_over(story, now) else IN_ITS_TIME
    found = chain.from_iterable(rule(story, now) for rule in rules)
    return tuple(
        o
        for o in found
        if (o.until is None or o.until > now) and (o.conversation, o.person, o.subject) not in begun
    )


def _is_over(story: PairStory, now: datetime) -> bool:
    end = over_at(story)
    return end is not None and end <= now


def _beginning(story: PairStory, now: datetime) -> Iterator[Offering]:
    """They read about each other, and are asked twice at most to agree."""
    if not story.is_whole:
        return
    began = story.began_at or now
    yield Offering("introduce", None, "", began + 2 * HOUR)
    if story.agreed_at is None:
        yield Offering("agree", None, "first", began + 2 * HOUR)
        yield Offering("agree", None, "again", began + AGAIN + 3 * DAY)


def _booking(story: PairStory, now: datetime) -> Iterator[Offering]:
    """Once they agreed, and after each meeting, while fewer than two lie ahead.

    A week later once more.
    """
    # Nobody is asked for the next dates while they sit together: a meeting counts until it ends.
    ahead = [m for m in story.meetings if m.dropped_at is None and m.ends_at > now]
    enough = len(ahead) >= _wanted_ahead(story, now)
    if enough or not story.is_whole or _awaits_answer(story, now):
        return
    since = _free_since(story, now)
    subject, again = f"since:{since.isoformat()}", since + AGAIN
    if story.agreed_at and since == story.agreed_at + SETTLING:
        again = since  # They were asked as they agreed: this would be the second time already.
    else:
        yield Offering("book_meetings", None, subject, since)
    yield Offering("ask_again_for_dates", None, f"{subject}:again", again)


def _wanted_ahead(story: PairStory, now: datetime) -> int:
    """Two, or as many as the rhythm still leaves room for before the last day."""
    if story.ends_on is None:
        return WANTED_AHEAD
    left = timedelta(days=(story.ends_on - now.date()).days)
    return min(WANTED_AHEAD, max(0, left // (story.rhythm / 2)))


def _free_since(story: PairStory, now: datetime) -> datetime:
    """Since when fewer than two lie ahead, and a day to let things settle."""
    began = (story.agreed_at or story.began_at or now) + SETTLING
    passed = [
        meeting.ends_at + DAY
        for meeting in story.meetings
        if meeting.ends_at <= now and not meeting.dropped_at
    ]
    dropped = [meeting.dropped_at + DAY for meeting in story.meetings if meeting.dropped_at]
    return max([began, *passed, *dropped])


def _awaits_answer(story: PairStory, now: datetime) -> bool:
    """Whether times that one side offered still wait for the other."""
    return any(p.answered_at is None and now - p.at < OFFERED for p in story.proposals)


def _before_meetings(story: PairStory, now: datetime) -> Iterator[Offering]:
    """Three days before, the day before, the hour before.

    The last two planned back from quiet hours.
    """
    for meeting in story.ahead(now):
        subject = f"meeting:{meeting.id}:{meeting.starts_at.isoformat()}"
        start = meeting.starts_at
        for person in story.both:
            ask = max(open_from(start - 3 * DAY, person.hours), meeting.booked_at + DAY)
            yield Offering(
                "prepare_meeting", person.id, subject, ask, start - 12 * HOUR, meeting.id
            )
            yield from _reminders(meeting, person, subject)


def _reminders_alone(story: PairStory, now: datetime) -> Iterator[Offering]:
    """What they booked beyond the last day is theirs, and still reminded of."""
    for meeting in story.ahead(now):
        subject = f"meeting:{meeting.id}:{meeting.starts_at.isoformat()}"
        for person in story.both:
            yield from _reminders(meeting, person, subject)


def _reminders(meeting: MeetingFact, person: PersonFact, subject: str) -> Iterator[Offering]:
    start, hours = meeting.starts_at, person.hours
    day_before = _day_before(start, hours)
    if day_before > meeting.booked_at:
        until = start - 2 * HOUR
        yield Offering("remind_the_day_before", person.id, subject, day_before, until, meeting.id)
    hour_before = open_until(start - HOUR, hours)
    if hour_before > meeting.booked_at and start - hour_before < 4 * HOUR:
        yield Offering("remind_the_hour_before", person.id, subject, hour_before, start, meeting.id)


def _day_before(start: datetime, hours: Hours) -> datetime:
    """Give the meeting's own hour on the last open day before it; a Monday's is on Friday."""
    latest = open_until(start - DAY, hours)
    same_hour = same_wall_time(start, local(latest, hours.zone).date(), hours.zone)
    return same_hour if same_hour <= latest and not is_quiet(same_hour, hours) else latest


def _after_meetings(story: PairStory, now: datetime) -> Iterator[Offering]:
    """Ask whether it took place.

    Both are asked; where neither has said so after three days, each once more.
    """
    for meeting in story.meetings:
        if meeting.dropped_at or meeting.ends_at + 10 * DAY < now:
            continue
        told = {account.person for account in meeting.accounts}
        subject = f"meeting:{meeting.id}:{meeting.starts_at.isoformat()}"
        until = meeting.ends_at + 10 * DAY
        for person in (person for person in story.both if person.id not in told):
            at = open_from(meeting.ends_at + HOUR, person.hours)
            yield Offering("ask_how_it_went", person.id, subject, at, until, meeting.id)
            if not told:
                again = open_from(meeting.ends_at + 3 * DAY + 2 * HOUR, person.hours)
                yield Offering(
                    "ask_how_it_went", person.id, f"{subject}:again", again, until, meeting.id
                )


def _goals(story: PairStory, now: datetime) -> Iterator[Offering]:
    """Once a first meeting is booked, or after twelve days: the one who leads first.

    Once more after they have met.
    """
    began = (story.began_at or now) + 12 * DAY
    since = min([began, *(meeting.booked_at + DAY for meeting in story.meetings)])
    met = next((meeting.ends_at for meeting in story.meetings if meeting.held()), None)
    for person, after in zip(story.both, (timedelta(0), 6 * DAY), strict=True):
        if not person.goals:
            yield Offering("set_goals", person.id, "", since + after)
            if met:
                yield Offering("set_goals", person.id, "again", met + 14 * DAY + after)


def _check_ins(story: PairStory, now: datetime) -> Iterator[Offering]:
    """Halfway through the gap between two meetings, one tap a goal."""
    last = _last_passed(story, now)
    if last is None:
        return
    ahead = story.ahead(now)
    gap = (ahead[0].starts_at - last.ends_at) if ahead else story.rhythm
    for person in story.both:
        if person.goals:
            at = open_from(last.ends_at + gap / 2, person.hours)
            yield Offering("check_in", person.id, f"after:{last.id}", at, at + 7 * DAY)


def _reflections(story: PairStory, now: datetime) -> Iterator[Offering]:
    """One question a week at most: a day or two after a meeting asks what stayed."""
    last = _last_passed(story, now)
    for person in story.both:
        since = person.reflected_at or (story.began_at or now)
        at = since + 7 * DAY
        if last is not None and last.ends_at + DAY > since:
            at = max(at, last.ends_at + 1.5 * DAY)
        at = open_from(at, person.hours)
        yield Offering("reflect", person.id, f"since:{since.isoformat()}", at)


def _last_passed(story: PairStory, now: datetime) -> MeetingFact | None:
    return next(
        (m for m in reversed(story.meetings) if m.dropped_at is None and m.ends_at <= now), None
    )


def _goodbye(story: PairStory, _: datetime) -> Iterator[Offering]:
    """One word to each when the last day is over; a day that was put off has one of its own."""
    end = over_at(story)
    if end is None:
        return
    for person in story.both:
        yield Offering(GOODBYE, person.id, f"ends:{story.ends_on}", end, end + LATE_GOODBYE)


IN_ITS_TIME = (
    _beginning,
    _booking,
    _before_meetings,
    _after_meetings,
    _goals,
    _check_ins,
    _reflections,
    _goodbye,
)
AFTERWARDS = (_reminders_alone, _goodbye)
