"""People: their welcome, their hours, what others see of them, and the pairs they are in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, time

from sqlalchemy import bindparam, exists, select

from bot import talks
from bot.deeds.breaks import tell_of_return
from bot.deeds.dispatch import find, perform
from bot.pairs import begins
from bot.roster import Pair as PairRow
from bot.sight import guard_sight, relation_to
from bot.store import tables
from bot.stories import story_of
from bot.turn import Turn, managers_of
from conversations.agree import (
    NOTHING,
    Introductions,
    Lines,
    MakeAgreement,
    StandingTerms,
    Terms,
)
from conversations.asking import (
    EverSent,
    OwnPairs,
    Sent,
    Sight,
    Watched,
    WatchedPairs,
    WhoSees,
)
from conversations.confidence import Relation, seen_by
from conversations.settings import Own, OwnSettings
from conversations.stall import signals, standing
from conversations.talk import Pair
from conversations.wall_time import find_zone, nearest_zones
from conversations.welcome import (
    Decline,
    Enrol,
    Introduce,
    Programme,
    ReadZone,
    SetQuiet,
    Setting,
    SetZone,
)

QUIET_HOURS = {
    "early": (time(18), time(9)),
    "usual": (time(19), time(8)),
    "late": (time(22), time(8)),
    "none": (time(0), time(0)),
}
"""From and to, by the names that `conversations.welcome.QUIET` gives them."""
STANDINGS = ("red", "amber", "quiet", "well", "paused", "waiting", "ended")
"""Those that need somebody first. A supervisor never reads `quiet`: it is the pair's own."""


_STILL_ASKS_TO_AGREE = talks.TALKS.where(
    talks.TALK.c.pair_id == bindparam("pair"),
    talks.TALK.c.name == "agree",
    talks.TALK.c.ended_at.is_(None),
    exists().where(
        talks.QUESTION.c.conversation_id == talks.TALK.c.id, talks.QUESTION.c.closed_at.is_(None)
    ),
)


@find.register
def _(lookup: Programme, turn: Turn) -> Setting:
    partners = tuple(
        turn.who(pair.other(lookup.person)).name for pair in turn.roster.pairs_of(lookup.person)
    )
    programme = turn.setup.programme
    return Setting(programme.name, programme.why, partners, turn.person(lookup.person).zone)


@perform.register
def _(command: Enrol, turn: Turn) -> None:
    pairs = turn.roster.locked_pairs_of(command.person)
    person = turn.person(command.person)
    had_stopped = person.stopped_at is not None
    welcomed_at = person.welcomed_at or turn.now
    turn.roster.change(person, welcomed_at=welcomed_at, declined_at=None, stopped_at=None)
    if had_stopped:
        tell_of_return(turn, person)
    for pair in pairs:
        begins(turn.roster, pair, turn.now)
    turn.roster.look_again(person.id, turn.now)


@perform.register
def _(command: Decline, turn: Turn) -> None:
    turn.roster.change(turn.person(command.person), declined_at=turn.now)


@perform.register
def _(command: Introduce, turn: Turn) -> None:
    turn.roster.change(turn.person(command.person), lines=command.lines)


@find.register
def _(lookup: ReadZone, turn: Turn) -> tuple[str, ...]:
    zone = find_zone(lookup.text)
    return (zone,) if zone else nearest_zones(lookup.text)


@perform.register
def _(command: SetZone, turn: Turn) -> None:
    person = turn.person(command.person)
    turn.roster.change(person, zone=command.zone, zone_is_own=True)
    turn.touch_pairs_of(person.id)


@perform.register
def _(command: SetQuiet, turn: Turn) -> None:
    person = turn.person(command.person)
    quiet_from, quiet_to = QUIET_HOURS[command.quiet]
    turn.roster.change(person, quiet_from=quiet_from, quiet_to=quiet_to)
    turn.touch_pairs_of(person.id)


@find.register
def _(lookup: OwnSettings, turn: Turn) -> Own:
    person = turn.person(lookup.person)
    now = (person.quiet_from, person.quiet_to)
    quiet = next((name for name, hours in QUIET_HOURS.items() if hours == now), "own")
    return Own(person.zone, quiet, person.weekly_budget)


@find.register
def _(lookup: Introductions, turn: Turn) -> Lines:
    pair = turn.roster.pair(lookup.pair)
    guard_sight(turn.roster, pair.mentor_id, pair.mentee_id, "lines_about_you")
    guard_sight(turn.roster, pair.mentee_id, pair.mentor_id, "lines_about_you")
    return Lines(turn.person(pair.mentee_id).lines, turn.person(pair.mentor_id).lines)


@find.register
def _(lookup: StandingTerms, turn: Turn) -> Terms:
    pair = turn.roster.pair(lookup.pair)
    return Terms(**{"rhythm": str(pair.rhythm_days), **pair.terms}) if pair.terms else NOTHING


@perform.register
def _(command: MakeAgreement, turn: Turn) -> None:
    pair = turn.roster.pair(command.pair)
    turn.roster.change(
        pair,
        rhythm_days=int(command.terms.rhythm or pair.rhythm_days),
        agreed_at=turn.now,
        terms=asdict(command.terms),
    )
    # Nobody is asked any more for what is agreed; the talk that has come to it asks nothing now.
    for other in talks.talks(turn.session, _STILL_ASKS_TO_AGREE, pair=pair.id):
        talks.end_early(turn.session, other, turn.now)
    turn.touch(pair.id)


@find.register
def _(lookup: OwnPairs, turn: Turn) -> tuple[Pair, ...]:
    found = turn.roster.pairs_of(lookup.person)
    return tuple(turn.pair(pair.id) for pair in found if pair.began_at and not pair.ended_at)


@find.register
def _(lookup: WatchedPairs, turn: Turn) -> tuple[Watched, ...]:
    pairs = turn.roster.watched_by(lookup.supervisor)
    watched = [_watched(turn, pair, lookup.supervisor) for pair in pairs]
    return tuple(sorted(watched, key=lambda each: STANDINGS.index(each.standing)))


def _watched(turn: Turn, pair: PairRow, supervisor: int) -> Watched:
    guard_sight(turn.roster, supervisor, pair.mentee_id, "stall_reason")
    story = story_of(turn.roster, pair, turn.setup.programme, turn.now)
    stands = standing(story, turn.now)
    speaking = [s.rule for s in signals(story, turn.now) if s.level != "pair"]
    names = f"{turn.person(pair.mentee_id).name} & {turn.person(pair.mentor_id).name}"
    return Watched(names, "well" if stands == "quiet" else stands, tuple(dict.fromkeys(speaking)))


@find.register
def _(lookup: WhoSees, turn: Turn) -> tuple[Sight, ...]:
    viewers: dict[int, Relation] = {}
    for pair in turn.roster.pairs_of(lookup.person):
        for viewer in (pair.mentee_id, pair.mentor_id, pair.supervisor_id):
            relation = relation_to(turn.roster, viewer, lookup.person) if viewer else None
            if viewer and relation and relation != "self":
                viewers[viewer] = relation
    for manager in managers_of(turn, lookup.person):
        viewers.setdefault(manager.id, "manager")
    return tuple(
        Sight(turn.person(viewer).name, relation, seen_by(relation))
        for viewer, relation in viewers.items()
    )


@find.register
def _(lookup: EverSent, turn: Turn) -> tuple[Sent, ...]:
    pairs = [pair.id for pair in turn.roster.pairs_of(lookup.person)]
    ping = tables.Ping
    rows = turn.session.scalars(
        select(ping)
        .where(ping.pair_id.in_(pairs), ping.sent_at.is_not(None))
        .order_by(ping.sent_at)
    ).all()
    return tuple(sent for row in rows for sent in _sent(turn, row))


def _sent(turn: Turn, ping: tables.Ping) -> Iterable[Sent]:
    """Give what became of one ping; nothing where it never reached anybody."""
    if ping.sent_to_id is None:
        return
    name = turn.person(ping.sent_to_id).name
    match _arrived(turn, ping):
        case ("sent", at):
            yield Sent(name, at, ping.rule)
        case ("unknown", _):
            yield Sent(name, ping.sent_at, ping.rule)
        case ("pending" | "sending", _):
            yield Sent(name, None, ping.rule)


def _arrived(turn: Turn, ping: tables.Ping) -> tuple[str, datetime | None]:
    """How the message stands that first told the supervisor, and when it arrived."""
    talk, message = tables.Conversation, tables.Message
    first = turn.session.execute(
        select(message.state, message.sent_at)
        .join(talk, message.conversation_id == talk.id)
        .where(talk.pair_id == ping.pair_id, message.person_id == ping.sent_to_id)
        .where(talk.about.endswith(f":ping:{ping.id}"))
        .order_by(message.id)
    ).first()
    return ("dead", None) if first is None else (first.state, first.sent_at)
