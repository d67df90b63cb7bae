"""The double itself: Slack's own client gets on with it, and people are there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.slackapi import Person, SlackApi, Workspace
from tests.slackapi.model import model
from tests.slackapi.server import DEEDS

BOOK = {
    "type": "actions",
    "block_id": "days",
    "elements": [
        {
            "type": "button",
            "action_id": "day",
            "value": "thu",
            "text": {"type": "plain_text", "text": "Thursday"},
        }
    ],
}
MARK = {"event_type": "comentor", "event_payload": {"n": 7}}


def test_the_model_and_the_deeds_are_the_same() -> None:
    """What the model knows is done, and nothing is done that it does not know."""
    assert DEEDS.keys() | {"apps.connections.open", "oauth.v2.access"} == model()["methods"].keys()


async def test_a_message_is_sent_updated_and_seen(client: AsyncWebClient, ben: Person) -> None:
    """The screen shows what stands now, with its metadata."""
    sent = await client.chat_postMessage(
        channel=ben.dm.id, text="Which day?", blocks=[BOOK], metadata=MARK, unfurl_links=False
    )
    seen = await ben.sees("Thursday")
    assert (seen.ts, seen.buttons, seen.metadata) == (sent["ts"], [["Thursday"]], MARK)
    await client.chat_update(channel=ben.dm.id, ts=seen.ts, text="Which day, then?")
    assert seen.buttons == [["Thursday"]]
    await client.chat_update(channel=ben.dm.id, ts=seen.ts, text="Thursday it is", blocks=[])
    shown = [(each.text, each.buttons, each.edited) for each in ben.messages]
    assert shown == [("Thursday it is", [], True)]
    assert seen.metadata == MARK
    await client.chat_delete(channel=ben.dm.id, ts=seen.ts)
    assert ben.messages == []


async def test_history_tells_what_was_sent(client: AsyncWebClient, ben: Person) -> None:
    """The newest first, page by page; metadata only for whoever asks for it."""
    for number in range(5):
        await client.chat_postMessage(channel=ben.id, text=str(number), metadata=MARK)
    first = await client.conversations_history(
        channel=ben.dm.id, limit=3, include_all_metadata=True
    )
    assert [each["text"] for each in first["messages"]] == ["4", "3", "2"]
    assert first["messages"][0]["metadata"] == MARK
    cursor = first["response_metadata"]["next_cursor"]
    rest = await client.conversations_history(channel=ben.dm.id, cursor=cursor)
    assert [each["text"] for each in rest["messages"]] == ["1", "0"]
    assert "metadata" not in rest["messages"][0]
    oldest = first["messages"][1]["ts"]
    [last] = (await client.conversations_history(channel=ben.dm.id, oldest=oldest))["messages"]
    assert last["text"] == "4"


async def test_replies_stand_in_their_thread(client: AsyncWebClient, ben: Person) -> None:
    """A reply is not in the history, but with what it replies to."""
    asked = await client.chat_postMessage(channel=ben.dm.id, text="How was it?")
    ben.types("good", thread=ben.last)
    await client.chat_postMessage(channel=ben.dm.id, text="Glad", thread_ts=asked["ts"])
    thread = await client.conversations_replies(channel=ben.dm.id, ts=asked["ts"])
    assert [each["text"] for each in thread["messages"]] == ["How was it?", "good", "Glad"]
    history = await client.conversations_history(channel=ben.dm.id)
    assert [each["text"] for each in history["messages"]] == ["How was it?"]


async def test_people_are_found(client: AsyncWebClient, ben: Person, river: Workspace) -> None:
    """By id and by address; the DM with them is always the same."""
    opened = await client.conversations_open(users=ben.id)
    assert opened["channel"]["id"] == ben.dm.id
    found = await client.users_lookupByEmail(email="ben@RIVER.example")
    assert found["user"]["id"] == ben.id
    told = (await client.users_info(user=ben.id, include_locale=True))["user"]
    assert (told["tz"], told["locale"]) == ("Europe/Berlin", "en-GB")
    assert told["profile"]["email"] == "Ben@river.example"
    river.scopes -= {"users:read.email"}
    assert "email" not in (await client.users_info(user=ben.id))["user"]["profile"]


async def test_the_bot_learns_who_it_is(client: AsyncWebClient, river: Workspace) -> None:
    """As auth.test says it, with the scopes in a header."""
    told = await client.auth_test()
    ids = (river.id, river.bot_user, river.bot_id)
    assert (told["team_id"], told["user_id"], told["bot_id"]) == ids
    assert "chat:write" in told.headers["x-oauth-scopes"]
    assert told["is_enterprise_install"] is False


async def test_a_file_is_uploaded_in_three_steps(client: AsyncWebClient, ben: Person) -> None:
    """A calendar file reaches the direct message, with its words."""
    await client.files_upload_v2(
        channel=ben.dm.id, content="BEGIN:VCALENDAR", filename="m.ics", initial_comment="Yours"
    )
    assert (ben.last.text, ben.last.file_names) == ("Yours", ["m.ics"])


async def test_app_home_is_drawn(client: AsyncWebClient, ben: Person, river: Workspace) -> None:
    """One view per person; a hash that is old is refused, and no tab means no view."""
    view = {"type": "home", "blocks": [BOOK]}
    first = await client.views_publish(user_id=ben.id, view=view)
    assert ben.home is not None
    assert ben.home.buttons == [["Thursday"]]
    again = {"type": "home", "blocks": []}
    await client.views_publish(user_id=ben.id, view=again, hash=first["view"]["hash"])
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await client.views_publish(user_id=ben.id, view=view, hash=first["view"]["hash"])
    river.app.home_enabled = False
    with pytest.raises(SlackApiError, match="not_enabled"):
        await client.views_publish(user_id=ben.id, view=view)


async def test_a_trigger_works_once_and_soon(
    api: SlackApi, client: AsyncWebClient, ben: Person, river: Workspace
) -> None:
    """A modal comes within three seconds of what it answers, or never."""
    view = {"type": "modal", "title": {"type": "plain_text", "text": "Goals"}, "blocks": []}
    trigger = river.trigger(ben.id)
    opened = await client.views_open(trigger_id=trigger, view=view)
    assert [each.id for each in ben.views] == [opened["view"]["id"]]
    for name, error in ((trigger, "exchanged"), ("9.9", "invalid"), (late(river, ben), "expired")):
        if error == "expired":
            api.skip(timedelta(seconds=4))
        with pytest.raises(SlackApiError, match=f"{error}_trigger_id"):
            await client.views_open(trigger_id=name, view=view)


def late(river: Workspace, ben: Person) -> str:
    """Give a trigger that will not be used in time."""
    return river.trigger(ben.id)


async def test_another_workspace_is_another_world(
    api: SlackApi, client: AsyncWebClient, ben: Person
) -> None:
    """Its channels, its people and its token are not this one's."""
    harbour = api.workspace("Harbour")
    ana = harbour.person("Ana Ruiz", email="ana@harbour.example")
    for channel in (ana.id, ana.dm.id):
        with pytest.raises(SlackApiError, match="channel_not_found"):
            await client.chat_postMessage(channel=channel, text="hello")
    with pytest.raises(SlackApiError, match="user_not_found"):
        await client.users_info(user=ana.id)
    with pytest.raises(SlackApiError, match="users_not_found"):
        await client.users_lookupByEmail(email=ana.email)
    assert ana.messages == ben.messages == []
