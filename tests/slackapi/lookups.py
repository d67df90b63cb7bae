"""What the methods do that tell of people, channels, the workspace and the bot itself."""

from __future__ import annotations

from collections.abc import Mapping

from tests.slackapi import payloads, tokens
from tests.slackapi.methods import Call, Deed
from tests.slackapi.people import Person
from tests.slackapi.refusals import Refused
from tests.slackapi.state import Channel, Json


def auth_test(call: Call) -> Json:
    """Tell the bot who it is."""
    workspace = call.workspace
    return {
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.name,
        "user": workspace.app.name,
        "team_id": workspace.id,
        "user_id": workspace.bot_user,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": False,
    }


def open_conversation(call: Call) -> Json:
    """Open a direct message with one person."""
    if "channel" in call.given:
        channel = call.channel()
        return {"channel": about(channel) if call.given.get("return_im") else {"id": channel.id}}
    names = [each for each in call.given.get("users", "").split(",") if each]
    if not names:
        raise Refused("users_list_not_supplied")
    if len(names) > 1:
        raise Refused("method_not_supported_for_channel_type")  # this server has no group DMs
    if names[0] == call.workspace.bot_user:
        raise Refused("cannot_dm_bot")
    person = call.person(names[0])
    if person.deleted:
        raise Refused("user_disabled")
    if person.is_bot:
        raise Refused("cannot_dm_bot")
    if person.is_stranger:
        raise Refused("user_not_visible")
    known = person.id in call.workspace.dms
    channel = call.workspace.dm(person.id)
    shown = about(channel) if call.given.get("return_im") else {"id": channel.id}
    return {"channel": shown} | ({"no_op": True, "already_open": True} if known else {})


def conversation(call: Call) -> Json:
    """Tell of one channel."""
    channel = call.channel()
    tokens.check_kind(call.method, channel, call.workspace.scopes)
    shown = about(channel)
    if call.given.get("include_locale"):
        shown["locale"] = "en-US"
    if call.given.get("include_num_members"):
        shown["num_members"] = len(channel.members)
    return {"channel": shown}


def about(channel: Channel) -> Json:
    """Tell of a channel as conversations.info does."""
    shared = {"is_ext_shared": channel.shared, "is_shared": channel.shared}
    common = {"id": channel.id, "is_archived": channel.archived, "created": 1_700_000_000}
    common |= {"is_im": channel.kind == "im", "is_org_shared": False}
    if channel.kind == "im":
        return common | {"user": channel.person, "is_open": True}
    named = {"name": channel.name, "is_channel": True, "is_private": False, "is_member": True}
    return common | shared | named


def user(call: Call) -> Json:
    """Tell of one person, or of the bot."""
    name = call.given["user"]
    if name == call.workspace.bot_user:
        bot = Person(call.workspace, name, call.workspace.app.name, is_bot=True)
        return {"user": shown(call, bot)}
    person = call.person(name)
    locale = {"locale": person.locale} if call.given.get("include_locale") else {}
    return {"user": shown(call, person) | locale}


def shown(call: Call, person: Person) -> Json:
    """Tell of a person; the address only where the app was granted it, and never a stranger's."""
    known = payloads.profile(person)
    if person.email and "users:read.email" in call.workspace.scopes and not person.is_stranger:
        known["profile"] |= {"email": person.email}
    return known


def user_by_email(call: Call) -> Json:
    """Find a person by an address, however it is capitalised."""
    wanted = call.given["email"].strip().lower()
    for person in call.workspace.people.values():
        if person.email.lower() == wanted and not person.is_stranger:
            return {"user": shown(call, person)}
    raise Refused("users_not_found")


def team(call: Call) -> Json:
    """Tell of the workspace."""
    if call.given.get("team", call.workspace.id) != call.workspace.id:
        raise Refused("team_not_found")
    workspace = call.workspace
    return {"team": {"id": workspace.id, "name": workspace.name, "domain": workspace.domain}}


def bot(call: Call) -> Json:
    """Tell of the bot."""
    workspace = call.workspace
    if call.given.get("bot", workspace.bot_id) != workspace.bot_id:
        raise Refused("bot_not_found")
    names = {"id": workspace.bot_id, "name": workspace.app.name, "deleted": False}
    return {"bot": names | {"app_id": workspace.app.id, "user_id": workspace.bot_user}}


DEEDS: Mapping[str, Deed] = {
    "auth.test": auth_test,
    "conversations.open": open_conversation,
    "conversations.info": conversation,
    "users.info": user,
    "users.lookupByEmail": user_by_email,
    "team.info": team,
    "bots.info": bot,
}
