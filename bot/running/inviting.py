"""Inviting people in Slack: found by their e-mail address, they get one message, and then silence.

Who is found gets an invitation that is opened at once in their name: the inbox has it, and the
welcome goes out as soon as comentor runs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import structlog
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bot.arrivals import receive, token_hash
from bot.clock import Clock, WallClock
from bot.cohort.enrol import invite
from bot.cohort.invitations import name_of, void
from bot.platforms import AnswerLost, Event, NotNow, Refused, Unsendable
from bot.platforms.slack.calls import Client, NotTaken, heeding, open_session
from bot.platforms.slack.receiving import NAME, SLACKBOT
from bot.running.slack import CONNECTIONS, in_slack
from bot.running.slack_app import of_the_app
from bot.running.slack_places import find_all
from bot.running.trouble import RunTrouble
from bot.settings import Settings
from bot.store import tables
from bot.store.database import Store, open_store
from bot.store.installations import Installed

log = structlog.get_logger()
User = Mapping[str, Any]
"""Somebody as Slack tells of them (docs.slack.dev, user object)."""
TRIES = 5
NOT_FOUND = ("users_not_found", "user_not_found", "user_not_visible")
WITHOUT_ADDRESS = "no e-mail address in the cohort's file"
UNKNOWN = "no workspace knows their e-mail address"
GUESTS = (
    "Guests in their workspace: {keys}. If one of them does not answer, ask its administrators "
    "whether guests may use the app."
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Somebody to invite."""

    id: int
    key: str
    email: str


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody whom a workspace knows."""

    address: str
    """Workspace and user, `T…:U…`."""
    zone: str
    """The time zone that they have set there; empty for none."""
    language: str
    """The tag of the language that they have set there, such as `es-ES`; empty for none."""
    is_guest: bool
    unfit: str = ""
    """Why nobody can be written to there; empty if somebody can."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of it; people by their keys."""

    invited: int
    guests: tuple[str, ...]
    """Who are invited, and are guests where they are."""
    left_out: Mapping[str, Sequence[str]]
    """By the reason."""


def invite_by_address(settings: Settings, say: Callable[[str], object]) -> None:
    """Invite everybody in Slack by their e-mail address, and say how many.

    Raises RunTrouble, DatabaseTrouble; nobody was invited then.
    """
    if not in_slack(settings):
        raise RunTrouble("No workspace is set. `comentor slack manifest` begins with one.")
    with closing(open_store(settings.database.url)) as store:
        sent = invite_in_slack(settings, store, WallClock(), say)
    people = "1 person" if sent.invited == 1 else f"{sent.invited} people"
    say(f"{people} invited; the one message goes out as soon as `comentor run` runs.")
    if sent.guests:
        say(GUESTS.format(keys=", ".join(sent.guests)))
    for why, keys in sent.left_out.items():
        say(f"Left out, {why}: {', '.join(keys)}.")


def invite_in_slack(
    settings: Settings, store: Store, clock: Clock, say: Callable[[str], object]
) -> Sent:
    """Invite everybody in Slack who has not been yet. Raises RunTrouble."""
    with store.reading() as session:
        waiting = _waiting(session)
        installed, unreadable = of_the_app(session, settings)
    if unreadable:
        raise RunTrouble("\n".join(unreadable))
    wanted = [each for each in waiting if each.email]
    found = asyncio.run(_find_all(settings, installed, wanted, say)) if wanted else {}
    fit = {number: each for number, each in found.items() if not each.unfit}
    with store.transaction() as session:
        for person in wanted:
            if person.id in fit:
                _open_for(session, person, fit[person.id], clock)
    guests = tuple(each.key for each in wanted if each.id in fit and fit[each.id].is_guest)
    left_out: dict[str, list[str]] = {}
    for person in waiting:
        if person.id not in fit:
            left_out.setdefault(_why(person, found.get(person.id)), []).append(person.key)
    return Sent(len(fit), guests, left_out)


def _why(person: Wanted, found: Found | None) -> str:
    """Give why somebody was left out."""
    if found is not None:
        return found.unfit
    return UNKNOWN if person.email else WITHOUT_ADDRESS


def _waiting(session: Session) -> list[Wanted]:
    person, invitation = tables.Person, tables.Invitation
    has_come = exists().where(invitation.person_id == person.id, invitation.used_at.is_not(None))
    rows = session.execute(
        select(person.id, person.key, person.email)
        .where(person.platform == NAME, person.address.is_(None), ~has_come)
        .order_by(person.id)
    )
    return [Wanted(number, key, email or "") for number, key, email in rows]


async def _find_all(
    settings: Settings,
    installed: Sequence[Installed],
    wanted: Sequence[Wanted],
    say: Callable[[str], object],
) -> dict[int, Found]:
    """Give each that is found; the first workspace counts in which they can be written to."""
    found: dict[int, Found] = {}
    async with open_session(CONNECTIONS) as session:
        places, wrong = await find_all(settings, session)
        if wrong:
            raise RunTrouble("\n".join(wrong))
        there = {each.team: (each.name, each.client) for _, each in places}
        for each in installed:
            client = Client(each.token, settings.slack.api_url, session)
            there.setdefault(each.team_id, (each.name, client))
        for team, (name, client) in there.items():
            say(f"Looking in {name}")
            left = [each for each in wanted if each.id not in found or found[each.id].unfit]
            found |= await _find(team, client, left)
    return found


async def _find(team: str, client: Client, wanted: Sequence[Wanted]) -> dict[int, Found]:
    """Give each that one workspace knows, with the language that only their profile tells."""
    users = {each.id: await _user_with(client, each.email) for each in wanted}
    known = {number: user for number, user in users.items() if user is not None}
    return {number: _found(team, await _profile(client, user)) for number, user in known.items()}


def _found(team: str, user: User) -> Found:
    """Read a user (docs.slack.dev, users.info)."""
    is_guest = bool(user.get("is_restricted") or user.get("is_ultra_restricted"))
    address, zone = f"{team}:{user['id']}", str(user.get("tz") or "")
    language = str(user.get("locale") or "")
    return Found(address, zone, language, is_guest, _unfit(team, user))


def _unfit(team: str, user: User) -> str:
    if user.get("deleted"):
        return "their account is deactivated"
    if user.get("is_bot") or user.get("is_workflow_bot") or user["id"] == SLACKBOT:
        return "it is the address of a bot"
    # In an organisation of several workspaces one account is at home in some of them.
    of_an_organisation = user.get("enterprise_user") or {}
    homes = {user.get("team_id", team), *of_an_organisation.get("teams", ())}
    if user.get("is_stranger") or team not in homes:
        return "they belong to another organisation, whose own Slack needs the app"
    return ""


async def _user_with(client: Client, email: str) -> User | None:
    """Give the user whose address this is; None if nobody has it. Raises RunTrouble."""
    return await _looked_up(lambda: client.users_lookupByEmail(email=email))


async def _profile(client: Client, user: User) -> User:
    """Give a user with what is told only where it is asked for. Raises RunTrouble."""
    asked = await _looked_up(lambda: client.users_info(user=user["id"], include_locale=True))
    return asked or user


async def _looked_up(look: Callable[[], Awaitable[AsyncSlackResponse]]) -> User | None:
    """Give the user that Slack answers with; None if there is none. Raises RunTrouble."""
    for _ in range(TRIES):
        try:
            user: User = (await heeding(look))["user"]
            return user
        except (Refused, Unsendable) as refusal:
            if str(refusal) in NOT_FOUND:
                return None
            raise RunTrouble(f"Slack refuses to look for people: {refusal}.") from None
        except NotTaken as refusal:
            raise RunTrouble(f"Slack refuses to look for people: {refusal}.") from None
        except (NotNow, AnswerLost) as trouble:
            pause = trouble.after if isinstance(trouble, NotNow) else None
            await asyncio.sleep(pause.total_seconds() if pause else 1.0)
    raise RunTrouble("Slack does not answer; nobody was invited. Try again later.")


def _open_for(session: Session, person: Wanted, found: Found, clock: Clock) -> None:
    """Have the inbox hold that they came with an invitation of their own, and their profile."""
    now = clock.now()
    void(session, person.id)
    token = invite(session, person.id, now)
    name = name_of(token_hash(token))
    came = {"token": token, "language": found.language, "zone": found.zone}
    receive(session, [Event(NAME, name, found.address, "came", came)], now)
