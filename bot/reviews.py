"""A review: the rules look at one pair, and what is due begins.

Then they say when to look again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import bindparam, insert, select

from bot import talks
from bot.roster import Pair
from bot.store import tables
from bot.store.database import run
from bot.telling import About, begin
from bot.turn import Turn
from bot.usage import name_of
from conversations.catalogue import conversation
from conversations.due import begins_with, next_due
from conversations.plain import from_plain, to_plain
from conversations.rhythm import Offering, offerings
from conversations.stall import (
    AskHowToGoOn,
    Nudge,
    SendPing,
    ShowPing,
    StallStep,
    WithdrawPing,
    next_step,
    spared_until,
    tried,
)
from conversations.stall_clock import under_way
from conversations.stalling import Reason
from conversations.story import PairStory
from conversations.tact import (
    TO_A_MESSAGE,
    may_begin,
    should_ask_less,
)
from conversations.wall_time import local

MOST_STEPS = 12
"""More steps than this in one review would be a fault of the rules: it must not become a loop."""


class Restless(RuntimeError):
    """A pair's rules keep asking for the same thing after it was done."""


def review(turn: Turn, pair: Pair) -> None:
    """Begin what is due with a pair, and set when to look again.

    Raises Restless if it never ends.
    """
    story = _story(turn, pair)
    nudged: Counter[int] = Counter()
    for _ in range(MOST_STEPS):
        may_send = story.pings and story.supervised and story.is_whole
        wanted = _wanted_now(turn, pair) if may_send else None
        step: StallStep | None = wanted or next_step(story, turn.now)
        if step is None:
            break
        _take_step(turn, pair, story, step)
        if isinstance(step, Nudge):
            nudged.update(step.to)
        story = _story(turn, pair)
    else:
        raise Restless(f"pair {pair.id}")
    ahead = offerings(story, turn.now)
    if _ask_less(turn, pair, story) + _begin_offerings(turn, pair, story, ahead, nudged):
        story = _story(turn, pair)
        ahead = offerings(story, turn.now)
    turn.look_again(pair.id, next_due(story, ahead, turn.now))


def _story(turn: Turn, pair: Pair) -> PairStory:
    turn.stories.clear()
    return turn.story(pair)


def _take_step(turn: Turn, pair: Pair, story: PairStory, step: StallStep) -> None:
    match step:
        case Nudge():
            for person in step.to:
                reason = _reason(
                    turn, pair, story, step.rule, step.since, dict(step.values)["days"]
                )
                _open(
                    turn,
                    pair,
                    "notice_quiet",
                    person,
                    step.subject,
                    f"stall:{step.rule}",
                    reason=reason,
                )
        case ShowPing():
            _show_ping(turn, pair, story, step)
        case WithdrawPing():
            _withdraw_ping(turn, pair, step)
        case SendPing():
            _send_ping(turn, pair, step)
        case AskHowToGoOn():
            _open(turn, pair, "ask_how_to_go_on", step.person, step.subject, "stall:how_to_go_on")


def _reason(
    turn: Turn, pair: Pair, story: PairStory, rule: str, since: datetime, days: int
) -> Reason:
    names = f"{turn.person(pair.mentee_id).name} & {turn.person(pair.mentor_id).name}"
    day = local(since, turn.person(pair.mentee_id).zone).date()
    return Reason(rule, day, days, names, tried(story, since), bool(story.help_asked))


def _open(
    turn: Turn,
    pair: Pair,
    name: str,
    person: int,
    subject: str,
    what: str = "",
    **values: object,
) -> None:
    """Begin a conversation about a pair with one person, and note it in the pair's story."""
    row = begin(turn, name, About(person, pair.id, subject=subject, values=values))
    _note_opening(turn, pair, what or name, person, subject, row.id)


_OPENED = insert(tables.rows_of(tables.Opening))


def _note_opening(
    turn: Turn, pair: Pair, what: str, person: int | None, subject: str, talk: int
) -> None:
    opening = {
        "pair_id": pair.id,
        "what": what,
        "person_id": person,
        "subject": subject,
        "at": turn.now,
        "conversation_id": talk,
    }
    run(turn.session, _OPENED, opening)


def _show_ping(turn: Turn, pair: Pair, story: PairStory, step: ShowPing) -> None:
    reason = _reason(turn, pair, story, step.rule, step.since, dict(step.values)["days"])
    ping = tables.Ping(
        pair_id=pair.id,
        rule=step.rule,
        since=step.since,
        shown_at=turn.now,
        reason=to_plain(reason),
    )
    turn.session.add(ping)
    turn.session.flush()
    for person in step.to:
        _open(
            turn,
            pair,
            "show_ping",
            person,
            f"ping:{ping.id}",
            reason=reason,
            ping=ping.id,
            translated_to=_translated_to(turn, pair, person),
        )


def _translated_to(turn: Turn, pair: Pair, person: int) -> str:
    """Name the language that the supervisor reads it in, as this person would; empty if theirs."""
    mine, theirs = (
        turn.setup.words.of(turn.person(each).language).language if each else ""
        for each in (person, pair.supervisor_id)
    )
    return "" if theirs in ("", mine) else name_of(theirs, mine)


def _ping_row(turn: Turn, pair: Pair, rule: str, shown_at: datetime) -> tables.Ping:
    ping = tables.Ping
    return turn.session.scalars(
        select(ping).where(ping.pair_id == pair.id, ping.rule == rule, ping.shown_at == shown_at)
    ).one()


_SHOWING = talks.TALKS.where(
    talks.TALK.c.about == bindparam("subject"),
    talks.TALK.c.ended_at.is_(None),
    talks.TALK.c.answered_at.is_(None),
)


def _withdraw_ping(turn: Turn, pair: Pair, step: WithdrawPing) -> None:
    """Take it back and say so; nothing offers any more to tell it.

    Whoever has answered is on to something else by now, such as a date: that goes on.
    """
    ping = _ping_row(turn, pair, step.rule, step.shown_at)
    ping.withdrawn_at = turn.now
    for person in pair.both:
        about = f"show_ping:{pair.id}:{person}:ping:{ping.id}"
        for talk in talks.talks(turn.session, _SHOWING, subject=about):
            talks.end_early(turn.session, talk, turn.now)
    begin(turn, "say_withdrawn", About(pair=pair.id, subject=f"ping:{ping.id}"))


_PING = tables.rows_of(tables.Ping)
_WANTED = (
    select(_PING.c.rule, _PING.c.since, _PING.c.shown_at)
    .where(
        _PING.c.pair_id == bindparam("pair"),
        _PING.c.wanted_at.is_not(None),
        _PING.c.sent_at.is_(None),
        _PING.c.withdrawn_at.is_(None),
    )
    .order_by(_PING.c.id)
    .limit(1)
)


def _wanted_now(turn: Turn, pair: Pair) -> SendPing | None:
    """A ping that one of the two asked to be sent without waiting."""
    wanted = run(turn.session, _WANTED, {"pair": pair.id}).first()
    return SendPing(wanted.rule, wanted.since, wanted.shown_at, ()) if wanted else None


def _send_ping(turn: Turn, pair: Pair, step: SendPing) -> None:
    """Tell the supervisor, in the very words that the two have read, or in their own language."""
    ping = _ping_row(turn, pair, step.rule, step.shown_at)
    ping.sent_at, ping.sent_to_id = turn.now, pair.supervisor_id
    turn.session.flush()
    values = {"reason": from_plain(ping.reason, Reason), "ping": ping.id}
    about = About(pair.supervisor_id, pair.id, subject=f"ping:{ping.id}", values=values)
    begin(turn, "ping_supervisor", about)


def _ask_less(turn: Turn, pair: Pair, story: PairStory) -> int:
    """Ask whoever let several questions go by, once, while the pair is under way.

    Gives how many were asked.
    """
    if not under_way(story, turn.now):
        return 0
    left = [
        person
        for person in story.both
        if should_ask_less(person, turn.now) and not spared_until(story, person, turn.now)
    ]
    for person in left:
        turn.roster.change(turn.person(person.id), asked_less_at=turn.now)
        _open(turn, pair, "ask_less", person.id, f"since:{turn.now.isoformat()}")
    return len(left)


def _begin_offerings(
    turn: Turn,
    pair: Pair,
    story: PairStory,
    ahead: Iterable[Offering],
    nudged: Counter[int],
) -> int:
    """Begin what is due, as far as tact lets it. Gives how many were begun."""
    begun = 0
    for offering in (each for each in ahead if each.at <= turn.now):
        person, nature = begins_with(story, offering), conversation(offering.conversation).nature
        if not may_begin(story, person, nature, turn.now):
            continue
        if nature == "nudge":
            if nudged[person.id] == TO_A_MESSAGE:
                continue
            nudged[person.id] += 1
        _begin_offering(turn, pair, offering)
        begun += 1
    return begun


def _begin_offering(turn: Turn, pair: Pair, offering: Offering) -> None:
    about = About(
        offering.person, pair.id, offering.meeting, offering.subject, until=offering.until
    )
    row = begin(turn, offering.conversation, about)
    _note_opening(turn, pair, offering.conversation, offering.person, offering.subject, row.id)
