"""A pair's story so far: the facts that the rules read, and nothing anyone wrote.

Instants are aware and in UTC; durations are `timedelta`. A story is a value: rules take it with
`now` and never reach further. Free text, goal wording and ratings are not in it, so no rule can
depend on what people say.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

Kind = Literal["mentoring", "co-mentoring"]
Account = Literal["held", "missed", "moved"]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, its end not included."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Hours:
    """When a person may be written to and can meet: their zone, their week, their holidays."""

    zone: str
    """IANA name, such as Europe/Madrid."""
    quiet_from: time = time(19, 0)
    """Wall time at which quiet begins; may be later than `quiet_to` (then it spans midnight)."""
    quiet_to: time = time(8, 0)
    works_from: time = time(9, 0)
    works_to: time = time(18, 0)
    workdays: frozenset[int] = frozenset({0, 1, 2, 3, 4})
    """ISO weekdays minus one: Monday is 0.

    On the other days nothing is pushed and nothing is offered.
    """
    days_off: frozenset[date] = frozenset()
    """Public holidays and declared closures, as local dates."""


@dataclass(frozen=True, slots=True)
class AccountGiven:
    """What one person said of a meeting afterwards."""

    person: int
    said: Account
    at: datetime


@dataclass(frozen=True, slots=True)
class MeetingFact:
    """A meeting that was booked, with what became of it."""

    id: int
    starts_at: datetime
    length: timedelta
    booked_at: datetime
    dropped_at: datetime | None = None
    """When it was called off; None while it stands."""
    accounts: tuple[AccountGiven, ...] = ()

    @property
    def ends_at(self) -> datetime:
        """The instant at which it is over."""
        return self.starts_at + self.length

    def held(self) -> bool | None:
        """Whether it took place.

        True as soon as one says held, False if all who spoke say otherwise, None unsaid.
        """
        if not self.accounts:
            return None
        return any(account.said == "held" for account in self.accounts)

    def differs(self) -> bool:
        """Whether the two accounts of it differ; nobody is accused of anything."""
        return len({account.said for account in self.accounts}) > 1


@dataclass(frozen=True, slots=True)
class Proposal:
    """Times that one side offered to the other."""

    by: int
    to: int
    at: datetime
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """Something the bot has begun with this pair.

    At most once for each `what`, person and subject.
    """

    what: str
    person: int | None
    """None where it was begun with both."""
    subject: str
    """What it was about, such as `meeting:4`; empty if nothing in particular."""
    at: datetime


@dataclass(frozen=True, slots=True)
class HelpAsked:
    """A person asked for a human being; the words they chose are kept elsewhere."""

    person: int
    at: datetime


@dataclass(frozen=True, slots=True)
class LowRating:
    """A meeting rated 1 or 2 of 5 by somebody who said yes to their supervisor hearing that."""

    person: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Ping:
    """Something about this pair that was shown to it and later, perhaps, sent to its supervisor.

    A call for help is sent without having been shown: they chose its words themselves.
    """

    rule: str
    shown_at: datetime
    """When both read the very words that would be sent; for help when it was asked."""
    sent_at: datetime | None = None
    withdrawn_at: datetime | None = None
    """When it became pointless before it was sent: they booked, paused, or met."""
    silent_until: datetime | None = None
    """The supervisor said it is not a problem: this rule says nothing before that instant."""


@dataclass(frozen=True, slots=True)
class PersonFact:
    """What the rules need to know of one person; nothing they wrote."""

    id: int
    hours: Hours
    welcomed_at: datetime | None = None
    """When they said yes; nothing but the invitation reaches them before."""
    paused_until: datetime | None = None
    stopped_at: datetime | None = None
    blocked_at: datetime | None = None
    """When every way to reach them was found closed."""
    ignored: int = 0
    """Questions in a row that ran out unanswered; any reply sets it back to 0."""
    asked_less_at: datetime | None = None
    """When they were last asked `less often, pause, or stop?`."""
    pushed: tuple[datetime, ...] = ()
    """When budgeted messages reached them in the last seven days, oldest first."""
    weekly_budget: int = 2
    spoke_at: datetime | None = None
    """When they last said or pressed anything."""
    goals: int = 0
    reflected_at: datetime | None = None
    """When they were last offered a reflective question."""
    checked_in_at: datetime | None = None
    """When they were last asked about their goals."""


@dataclass(frozen=True, slots=True)
class PairStory:
    """All that the rules know of a pair at one moment."""

    id: int
    kind: Kind
    mentee: PersonFact
    """The one who leads; in co-mentoring, the one named first."""
    mentor: PersonFact
    began_at: datetime | None
    """When the second of the two said yes; every clock starts here. None before."""
    ends_on: date | None
    """The last day of the cohort."""
    rhythm: timedelta = timedelta(days=30)
    """R: how far apart the pair agreed to meet (default every 30 days, up to 42)."""
    agreed_at: datetime | None = None
    meetings: tuple[MeetingFact, ...] = ()
    """All that were ever booked, by `starts_at`."""
    proposals: tuple[Proposal, ...] = ()
    """By `at`."""
    opened: tuple[Opened, ...] = ()
    pauses: tuple[Span, ...] = ()
    """Pauses of either of the two, past, present and announced."""
    closures: tuple[Span, ...] = ()
    """The programme's declared holidays, over which clocks stop."""
    help_asked: tuple[HelpAsked, ...] = ()
    """By either of the two, in this pair's time."""
    low_ratings: tuple[LowRating, ...] = ()
    pings: tuple[Ping, ...] = ()
    ended_at: datetime | None = None
    supervised: bool = True
    """Whether there is a supervisor whom words reach: nothing else is ever announced or sent."""

    @property
    def both(self) -> tuple[PersonFact, PersonFact]:
        """The mentee, then the mentor."""
        return (self.mentee, self.mentor)

    @property
    def is_whole(self) -> bool:
        """Whether neither of the two has stopped taking part."""
        return all(person.stopped_at is None for person in self.both)

    def ahead(self, now: datetime) -> tuple[MeetingFact, ...]:
        """The meetings that stand and have not begun, soonest first."""
        return tuple(m for m in self.meetings if m.dropped_at is None and m.starts_at > now)

    def last_held(self) -> MeetingFact | None:
        """The latest meeting that took place, or None."""
        return next((m for m in reversed(self.meetings) if m.dropped_at is None and m.held()), None)
