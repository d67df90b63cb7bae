"""What Slack says of a person and of what they did: reference/interaction-payloads."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tests.slackapi import modals
from tests.slackapi.state import Channel, Json, Message, View

if TYPE_CHECKING:
    from tests.slackapi.people import Person

VERIFICATION = "verification-token"  # in every payload, and out of use since signatures came


def profile(person: Person) -> Json:
    """Tell of a person as users.info does, without what needs a scope."""
    local = datetime.fromtimestamp(person.api.state.now, ZoneInfo(person.tz))
    offset = local.utcoffset()
    names = {"real_name": person.real_name, "display_name": person.display_name}
    return {
        "id": person.id,
        "team_id": person.home_team or person.workspace.id,
        "name": name_of(person),
        "real_name": person.real_name,
        "deleted": person.deleted,
        "tz": person.tz,
        "tz_label": local.tzname(),
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "is_restricted": person.is_restricted,
        "is_ultra_restricted": False,
        "is_admin": False,
        "is_owner": False,
        **({"is_stranger": True} if person.is_stranger else {}),
        "updated": int(person.api.state.now),
        "profile": names | {"team": person.home_team or person.workspace.id},
    }


def name_of(person: Person) -> str:
    """Give the name that nobody reads."""
    return (person.display_name or person.real_name).lower().replace(" ", ".")


def interaction(person: Person, about: Json) -> Json:
    """Tell that a person did something with an interface of the app's."""
    workspace, name = person.workspace, name_of(person)
    return {
        "team": {"id": workspace.id, "domain": workspace.domain},
        "user": {"id": person.id, "username": name, "name": name, "team_id": workspace.id},
        "api_app_id": workspace.app.id,
        "token": VERIFICATION,
        "trigger_id": workspace.trigger(person.id),
        "enterprise": None,
        "is_enterprise_install": False,
        **about,
    }


def command(person: Person, channel: Channel, about: Json) -> Json:
    """Tell that a person typed a command."""
    workspace = person.workspace
    return {
        "token": VERIFICATION,
        "team_id": workspace.id,
        "team_domain": workspace.domain,
        "channel_id": channel.id,
        "channel_name": channel.name or "directmessage",
        "user_id": person.id,
        "user_name": name_of(person),
        "api_app_id": workspace.app.id,
        "is_enterprise_install": "false",
        "trigger_id": workspace.trigger(person.id),
        "response_url": person.api.responses.url(person, channel, None),
        **about,
    }


def at(person: Person, where: Message | View) -> Json:
    """Tell where something was pressed, and what is filled in there."""
    if isinstance(where, View):
        container: Json = {"type": "view", "view_id": where.id}
        return {"container": container, "view": modals.shown(where)}
    container = {"type": "message", "message_ts": where.ts, "channel_id": where.channel}
    container["is_ephemeral"] = where.only_for is not None
    about = {"container": container, "message": where.raw, "state": {"values": where.values}}
    return about | place(person, where)


def place(person: Person, message: Message) -> Json:
    """Tell in which channel a message stands, and where to answer."""
    channel = person.workspace.channels[message.channel]
    named = {"id": channel.id, "name": channel.name or "directmessage"}
    return {"channel": named, "response_url": person.api.responses.url(person, channel, message)}
