"""What to do about a quiet spell: a word to the pair, their reading of what may follow, a ping."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from conversations.stall_clock import paused, under_way, when_elapsed
from conversations.stall_facts import last_met, planned
from conversations.stall_rules import NOTICE, Ladder, Line, ladders, pair_stage, silent
from conversations.story import PairStory, PersonFact, Ping
from conversations.tact import may_nudge, nudge_moments, rested, rests_until

Values = tuple[tuple[str, int], ...]

BETWEEN_PINGS = timedelta(days=14)
GO_ON = "stall:how_to_go_on"


@dataclass(frozen=True, slots=True)
class Nudge:
    """Say `<rule>_pair` to them.

    Done when `story.opened` has `stall:<rule>` with this subject for each of them.
    """

    rule: str
    since: datetime
    to: tuple[int, ...]
    subject: str
    """`since:<when the clock began>:<stage>`; stages count from 1."""
    values: Values


@dataclass(frozen=True, slots=True)
class ShowPing:
    """Let them read what the supervisor would be sent: done when `story.pings` has it, unsent."""

    rule: str
    since: datetime
    to: tuple[int, ...]
    """Both, but for one who stopped or blocked the bot; empty if nobody can be shown it."""
    values: Values
    """Those of the SendPing that may follow, so that the words are the very same."""


@dataclass(frozen=True, slots=True)
class WithdrawPing:
    """Take back what was shown and is pointless now: done when that ping has `withdrawn_at`."""

    rule: str
    shown_at: datetime


@dataclass(frozen=True, slots=True)
class SendPing:
    """Tell the supervisor: done when the ping that was shown has `sent_at`."""

    rule: str
    since: datetime
    shown_at: datetime
    values: Values


@dataclass(frozen=True, slots=True)
class AskHowToGoOn:
    """Carry on, pause, end well? Done when `story.opened` has GO_ON, this person and subject."""

    person: int
    since: datetime
    subject: str


StallStep = Nudge | ShowPing | WithdrawPing | SendPing | AskHowToGoOn


def next_step(story: PairStory, now: datetime) -> StallStep | None:
    """Give the one thing to do about a quiet spell now, most pressing first; None if all is done.

    Ask again once it is done: a step comes back until the story shows it.
    """
    return step_for(story, ladders(story, now), now)


def step_for(story: PairStory, found: tuple[Ladder, ...], now: datetime) -> StallStep | None:
    """Give the same where the ladders of that instant are at hand.

    Once one of the two has stopped, the other has read that there is nothing to do: no more of it.
    """
    if step := _withdraw(story, found, now):
        return step
    if not story.is_whole:
        return None
    return (
        _send(story, found, now)
        or _show(story, found, now)
        or _ask_how_to_go_on(story, now)
        or _nudge(story, found, now)
    )


def step_moments(story: PairStory, now: datetime) -> Iterator[datetime]:
    """Give the instants, beside the ladders' own, at which a step may fall due."""
    for ping in story.pings:
        yield when_elapsed(story, ping.shown_at, NOTICE)
        if ping.sent_at:
            yield from (ping.sent_at + BETWEEN_PINGS - NOTICE, ping.sent_at + BETWEEN_PINGS)
    yield from filter(None, (spared_until(story, person, now) for person in story.both))
    for person in story.both:
        yield from nudge_moments(person)
    if since := _without_meeting_since(story, now):
        yield when_elapsed(story, since, 3 * story.rhythm)


def _withdraw(story: PairStory, found: tuple[Ladder, ...], now: datetime) -> WithdrawPing | None:
    """Take back what they have read where they booked, met, paused or ended meanwhile.

    Or where one has stopped, or nobody is left to whom it could be sent.
    """
    stands = story.supervised and story.is_whole
    bound = [ladder for ladder, _ in _bound_for_red(story, found, now)] if stands else []
    for ping in _unsent(story):
        if not any(_tells_of(ping, ladder) for ladder in bound):
            return WithdrawPing(ping.rule, ping.shown_at)
    return None


def _send(story: PairStory, found: tuple[Ladder, ...], now: datetime) -> SendPing | None:
    """Send what both have had for three days and what is still red."""
    read = [p for p in _unsent(story) if when_elapsed(story, p.shown_at, NOTICE) <= now]
    if not _rested(story, now, BETWEEN_PINGS):
        return None
    for ladder, red in _bound_for_red(story, found, now):
        ping = next((ping for ping in read if _tells_of(ping, ladder)), None)
        if ping and red.at <= now:
            return SendPing(ladder.rule, ladder.since, ping.shown_at, values(red))
    return None


def _show(story: PairStory, found: tuple[Ladder, ...], now: datetime) -> ShowPing | None:
    """Show what could be sent after the notice: one at a time, and not again once it was sent.

    Nothing where nobody would be told.
    """
    if not story.supervised or _unsent(story):
        return None
    if not _rested(story, now, BETWEEN_PINGS - NOTICE):
        return None
    if _free(story, now) != _reachable(story):
        return None
    bound = next(_bound_for_red(story, found, now), None)
    if bound is None:
        return None
    ladder, red = bound
    return ShowPing(ladder.rule, ladder.since, _reachable(story), values(red))


def _ask_how_to_go_on(story: PairStory, now: datetime) -> AskHowToGoOn | None:
    """Ask each, separately, once three rhythms have gone by."""
    since = _without_meeting_since(story, now)
    if since is None or when_elapsed(story, since, 3 * story.rhythm) > now:
        return None
    subject = f"since:{since.isoformat()}"
    asked = {o.person for o in story.opened if (o.what, o.subject) == (GO_ON, subject)}
    left = (person for person in _free(story, now) if person not in asked)
    return next((AskHowToGoOn(person, since, subject) for person in left), None)


def _nudge(story: PairStory, found: tuple[Ladder, ...], now: datetime) -> Nudge | None:
    """Say a rule's latest stage to whoever may hear it now, to each once.

    One who is left alone silences nobody else. Not where they have read the words of a ping.
    """
    said = {(o.what, o.subject, o.person) for o in story.opened}
    free = _free(story, now)
    open_to_it = [p.id for p in story.both if p.id in free and may_nudge(p, now)]
    for ladder in found:
        stage, line = pair_stage(ladder, now)
        if line is None or any(_tells_of(ping, ladder) for ping in story.pings):
            continue
        what, subject = f"stall:{ladder.rule}", f"since:{ladder.since.isoformat()}:{stage}"
        left = (person for person in line.to if (what, subject, person) not in said)
        if to := tuple(person for person in left if person in open_to_it):
            return Nudge(ladder.rule, ladder.since, to, subject, values(line))
    return None


def values(line: Line) -> Values:
    """Give what the words of a line need beside its rule and since when."""
    return (("days", line.days),)


def _bound_for_red(
    story: PairStory, found: tuple[Ladder, ...], now: datetime
) -> Iterator[tuple[Ladder, Line]]:
    """Give the ladders whose ping has fallen due to be shown, each with its red line.

    Not those of which the supervisor has been told: a date that came and fell through since begins
    no other spell.
    """
    for ladder in found:
        told = any(ping.sent_at and _tells_of(ping, ladder) for ping in story.pings)
        if ladder.notice_at is not None and ladder.notice_at <= now and not told:
            yield ladder, ladder.lines[-1]


def _unsent(story: PairStory) -> list[Ping]:
    """Give what was shown and neither sent nor taken back."""
    return [ping for ping in story.pings if not ping.sent_at and not ping.withdrawn_at]


def _tells_of(ping: Ping, ladder: Ladder) -> bool:
    """Whether a ping is about this occurrence; a clock that began after it is another one."""
    return ping.rule == ladder.rule and ping.shown_at >= ladder.since


def _rested(story: PairStory, now: datetime, rest: timedelta) -> bool:
    """Whether the last ping of whatever rule is long enough ago."""
    return all(ping.sent_at + rest <= now for ping in story.pings if ping.sent_at)


def _reachable(story: PairStory) -> tuple[int, ...]:
    return tuple(p.id for p in story.both if p.stopped_at is None and p.blocked_at is None)


def _free(story: PairStory, now: datetime) -> tuple[int, ...]:
    """Give those who can be reached and are not spared just now."""
    spared = [person.id for person in story.both if spared_until(story, person, now)]
    return tuple(person for person in _reachable(story) if person not in spared)


def spared_until(story: PairStory, person: PersonFact, now: datetime) -> datetime | None:
    """Give until when nothing more is said to somebody of a quiet spell; None if it may be now.

    One word of it a day is enough, and the day after a pause is to be a quiet one.
    """
    told = [o.at for o in story.opened if o.person == person.id and _of_a_quiet_spell(o.what)]
    again = rested(max(told), person.hours) if told else now
    until = max(again, rests_until(story, person, now) or now)
    return until if until > now else None


def _of_a_quiet_spell(what: str) -> bool:
    return what.startswith("stall:") or what in ("show_ping", "ask_less")


def _without_meeting_since(story: PairStory, now: datetime) -> datetime | None:
    """Give since when no meeting was held; None while one is planned or nothing may be said."""
    if story.began_at is None or not under_way(story, now) or paused(story, now):
        return None
    hushed = any(silent(story, rule, now) for rule in ("not_held", "never_met"))
    return None if hushed or planned(story, now) else last_met(story, story.began_at)
