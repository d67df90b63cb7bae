"""Hearing: what an event that arrived means, and who came, left or cannot be reached."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam

from bot.answering import ANSWERS
from bot.arrivals import Waiting, token_hash
from bot.codes import typed_token
from bot.homes import note_looked, note_spoken_to
from bot.languages import meant
from bot.outbox import close_address
from bot.roster import ANY_PERSON, PEOPLE, Person
from bot.store import tables
from bot.telling import About, begin, offer_again
from bot.turn import Turn, say_to, tell_programme
from bot.typed import ask_for, storable
from conversations.commands import Asked
from conversations.tact import left_alone
from conversations.wall_time import is_a_zone

SUPERVISES = ("supervisor", "manager")
"""The roles of whom a cohort's file may name as a pair's supervisor."""
NOT_READ = {"edited": "edit_not_read", "forwarded": "forward_not_read"}
"""What arrives and is not taken for anybody's words, with the line that says so."""


class Unreadable(ValueError):
    """What arrived was not understood; it is kept, and can be run again by a later comentor."""


def take(turn: Turn, arrival: Waiting) -> None:
    """Take one event's turn."""
    if arrival.kind == "unreadable":
        raise Unreadable(str(arrival.body.get("why")))
    if arrival.kind == "outage":
        offer_again(turn, arrival.platform, arrival.address)
    elif arrival.kind == "uninstalled":
        _close_all(turn, arrival)
    elif arrival.kind == "came" and arrival.body.get("token"):
        _come(turn, arrival, storable(str(arrival.body["token"])))
    elif turn.speaker is not None:
        _hear(turn, turn.speaker, arrival)
    elif arrival.kind == "typed":
        # Where a link cannot bring the token along, it is typed.
        _come(turn, arrival, typed_token(storable(str(arrival.body["text"]))))


def _hear(turn: Turn, person: int, arrival: Waiting) -> None:
    if arrival.kind == "closed":
        _close(turn, person, str(arrival.body.get("why", "they blocked the bot")))
        return
    if arrival.kind == "unreachable":
        _see_closed(turn, person)
        return
    was_here = turn.person(person).can_be_reached
    _take_notice(turn, person, arrival)
    _answer(turn, person, arrival)
    if turn.person(person).can_be_reached != was_here:
        _touch_watched_by(turn, person)


def _answer(turn: Turn, person: int, arrival: Waiting) -> None:
    if arrival.kind in NOT_READ:
        say_to(turn, person, NOT_READ[arrival.kind])
    elif arrival.kind == "attached":
        begin(turn, "attachment_came", About(person, subject=str(arrival.id)))
    elif arrival.kind == "came":
        note_spoken_to(turn.session, person, arrival.platform, turn.now)
        ask_for(turn, person, Asked("welcome"))
    elif arrival.kind == "looked":
        note_looked(turn.session, person, turn.now)
    elif arrival.kind in ANSWERS:
        ANSWERS[arrival.kind](turn, person, arrival.body)


def _close(turn: Turn, number: int, why: str) -> None:
    """Close an address; where a platform refuses messages too, that is the same closing."""
    if close_address(turn.roster, number, why, turn.now):
        _is_closed(turn, number)


def _see_closed(turn: Turn, number: int) -> None:
    """The outbox has closed an address; who was heard since is there again."""
    if turn.person(number).closed_at is not None:
        _is_closed(turn, number)


def _is_closed(turn: Turn, number: int) -> None:
    """There is no way to reach somebody any more: their pairs are looked at, a manager is told."""
    turn.touch_pairs_of(number)
    _touch_watched_by(turn, number)
    tell_programme(turn, number, "cannot_reach", gone=turn.who(number))


def _touch_watched_by(turn: Turn, supervisor: int) -> None:
    """Nothing is announced to a pair that nobody would be told: whether it is has changed."""
    if turn.person(supervisor).role not in SUPERVISES:
        return
    for pair in turn.roster.watched_by(supervisor):
        if pair.began_at is not None:
            turn.touch(pair.id)


def _take_notice(turn: Turn, number: int, arrival: Waiting) -> None:
    """They are here and answer: whatever was counted as silence counts no more."""
    person = turn.person(number)
    was_left_alone = left_alone(person.ignored)
    # To look at one's page is to say nothing.
    spoke_at = person.spoke_at if arrival.kind == "looked" else arrival.received_at
    if person.spoke_at != spoke_at or person.ignored or person.asked_less_at is not None:
        turn.roster.change(person, spoke_at=spoke_at, ignored=0, asked_less_at=None)
    if was_left_alone or person.closed_at is not None:
        _reopen(turn, number)


def _reopen(turn: Turn, number: int) -> None:
    turn.roster.change(turn.person(number), closed_at=None, closed_why=None)
    turn.touch_pairs_of(number)
    _touch_watched_by(turn, number)


_OPEN_WITHIN = ANY_PERSON.where(
    PEOPLE.c.platform == bindparam("platform"),
    PEOPLE.c.address.startswith(bindparam("within")),
    PEOPLE.c.closed_at.is_(None),
).order_by(PEOPLE.c.id)


def _close_all(turn: Turn, arrival: Waiting) -> None:
    """Nobody of a workspace can be reached any more."""
    there = {"platform": arrival.platform, "within": arrival.address}
    for each in turn.roster.people(_OPEN_WITHIN, **there):
        _close(turn, each.id, str(arrival.body["why"]))


def _come(turn: Turn, arrival: Waiting, token: str) -> None:
    """Somebody opened an invitation.

    A single-use one, so the second to come with it is told so, if we know them.
    """
    invitation = turn.session.get(tables.Invitation, token_hash(token), with_for_update=True)
    usable = (
        invitation is not None
        and invitation.used_at is None
        and invitation.expires_at > turn.now
        # Somebody else of ours who tries the link stays who they are, and it stays good.
        and turn.speaker in (None, invitation.person_id)
    )
    if invitation is None or not usable:
        if turn.speaker is not None:
            say_to(turn, turn.speaker, "invitation_spent")
        return
    person = turn.person(invitation.person_id)
    invitation.used_at = turn.now
    turn.roster.change(person, platform=arrival.platform, address=arrival.address)
    _read_profile(turn, person, arrival.body)
    note_spoken_to(turn.session, person.id, person.platform, turn.now)
    turn.session.flush()
    turn.speaker = person.id
    _take_notice(turn, person.id, arrival)
    begin(turn, "welcome", About(person.id))


def _read_profile(turn: Turn, person: Person, body: Mapping[str, Any]) -> None:
    """Take over what somebody has set in their app, where that was brought along.

    Their time zone is theirs, and the welcome asks whether it is right; their language counts where
    the file named none and it is spoken here.
    """
    zone, language = (storable(str(body.get(name, ""))) for name in ("zone", "language"))
    if not person.zone_is_own and is_a_zone(zone):
        turn.roster.change(person, zone=zone, zone_is_own=True)
    if not person.language:
        turn.roster.change(person, language=meant(language, turn.setup.words.spoken))
