"""What Slack refuses, and in which words: a bot must not learn it in earnest."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.slackapi import Person, SlackApi, Workspace
from tests.slackapi.conftest import client_of

Json = dict[str, Any]


def plain(text: str) -> Json:
    """Give plain text."""
    return {"type": "plain_text", "text": text}


def section(length: int = 5, **fields: Any) -> Json:
    """Give a section of so many characters."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": "a" * length}, **fields}


def button(text: str = "Book", **fields: Any) -> Json:
    """Give a button."""
    return {"type": "button", "text": plain(text), "action_id": "book", **fields}


def actions(*elements: Json) -> Json:
    """Give a row."""
    return {"type": "actions", "elements": list(elements)}


def options(number: int, text: str = "Yes", value: str = "y") -> list[Json]:
    """Give options."""
    return [{"text": plain(text), "value": value}] * number


def choice(kind: str, number: int, text: str = "Yes", value: str = "y") -> Json:
    """Give a row with one choice."""
    given = {"type": kind, "action_id": "choice", "options": options(number, text, value)}
    return actions(given)


def modal(title: str = "Goals", *blocks: Json, **fields: Any) -> Json:
    """Give a modal."""
    return {"type": "modal", "title": plain(title), "blocks": list(blocks), **fields}


FIELD = {"type": "input", "label": plain("Goal"), "element": {"type": "plain_text_input"}}
BLOCKS: dict[str, tuple[list[Any], str]] = {
    "too_many": ([section()] * 51, "no more than 50"),
    "a_long_section": ([section(3001)], "less than 3001"),
    "an_empty_section": ([{"type": "section"}], "text or fields"),
    "a_long_header": ([{"type": "header", "text": plain("a" * 151)}], "less than 151"),
    "an_unknown_block": ([{"type": "hologram"}], "unsupported type: hologram"),
    "no_type": ([{"text": "hello"}], "unsupported type"),
    "no_block_at_all": (["hello"], "must be an object"),
    "an_unknown_element": ([actions({"type": "dial", "action_id": "a"})], "elements/0"),
    "an_unknown_field": ([section(colour="red")], "json-pointer:/blocks/0"),
    "a_missing_field": ([{"type": "header"}], "json-pointer:/blocks/0"),
    "text_that_is_no_object": ([{"type": "section", "text": "hello"}], "/blocks/0/text"),
    "mrkdwn_in_a_header": (
        [{"type": "header", "text": {"type": "mrkdwn", "text": "a"}}],
        "/blocks/0/text",
    ),
    "an_empty_text": ([actions(button(""))], "more than 0 characters"),
    "a_long_label": ([actions(button("a" * 76))], "less than 76"),
    "a_long_value": ([actions(button(value="a" * 2001))], "less than 2001"),
    "a_long_action": ([actions(button(action_id="a" * 256))], "less than 256"),
    "an_action_twice": ([actions(button()), actions(button())], "'book' already exists"),
    "a_block_twice": ([section(block_id="a"), section(block_id="a")], "'a' already exists"),
    "an_unknown_style": ([actions(button(style="green"))], "elements/0"),
    "too_many_in_a_row": (
        [actions(*(button(action_id=str(number)) for number in range(26)))],
        "no more than 25",
    ),
    "an_empty_row": ([actions()], "no less than 1"),
    "too_much_context": (
        [{"type": "context", "elements": [plain("a")] * 11}],
        "no more than 10",
    ),
    "too_many_boxes": ([choice("checkboxes", 11)], "no more than 10"),
    "too_many_radios": ([choice("radio_buttons", 11)], "no more than 10"),
    "too_long_a_list": ([choice("static_select", 101)], "no more than 100"),
    "a_long_option": ([choice("radio_buttons", 1, "a" * 76)], "less than 76"),
    "a_long_option_value": ([choice("radio_buttons", 1, "a", "a" * 151)], "less than 151"),
    "no_options": ([choice("checkboxes", 0)], "no less than 1"),
    "a_long_hint": (
        [actions({"type": "datepicker", "action_id": "a", "placeholder": plain("a" * 151)})],
        "less than 151",
    ),
}


@pytest.mark.parametrize("name", BLOCKS)
async def test_blocks_are_refused(client: AsyncWebClient, ben: Person, name: str) -> None:
    """Each with the place that is wrong."""
    blocks, words = BLOCKS[name]
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel=ben.dm.id, text="hello", blocks=blocks)
    assert refused.value.response["error"] == "invalid_blocks"
    assert words in str(refused.value.response["response_metadata"]["messages"])
    assert ben.messages == []


VIEWS: dict[str, tuple[Json, str]] = {
    "a_long_title": (modal("a" * 25), "less than 25"),
    "a_long_close": (modal(close=plain("a" * 25)), "less than 25"),
    "a_long_submit": (modal(submit=plain("a" * 25)), "less than 25"),
    "too_much_kept": (modal(private_metadata="a" * 3001), "less than 3001"),
    "too_many_blocks": (modal("Goals", *[section()] * 101), "no more than 100"),
    "a_field_without_submit": (modal("Goals", FIELD), "submit is required"),
    "no_title": ({"type": "modal", "blocks": []}, "title"),
    "an_unknown_field": (modal(colour="red"), "/view"),
    "a_home": ({"type": "home", "blocks": []}, "expected type modal"),
}


@pytest.mark.parametrize("name", VIEWS)
async def test_views_are_refused(client: AsyncWebClient, ben: Person, name: str) -> None:
    """Each with the place that is wrong; the trigger is not used up."""
    view, words = VIEWS[name]
    trigger = ben.workspace.trigger(ben.id)
    with pytest.raises(SlackApiError, match="invalid_arguments") as refused:
        await client.views_open(trigger_id=trigger, view=view)
    assert words in str(refused.value.response["response_metadata"]["messages"])
    await client.views_open(trigger_id=trigger, view=modal("Goals", FIELD, submit=plain("Go")))


CALLS: dict[str, tuple[str, Json, str]] = {
    "no_text": ("chat.postMessage", {"text": " "}, "no_text"),
    "too_long": ("chat.postMessage", {"text": "a" * 40_001}, "msg_too_long"),
    "too_long_in_sum": (
        "chat.postMessage",
        {"text": "a", "blocks": [section(2700)] * 5},
        "msg_blocks_too_long",
    ),
    "blocks_that_are_none": (
        "chat.postMessage",
        {"text": "a", "blocks": "[{"},
        "invalid_blocks_format",
    ),
    "too_much_metadata": (
        "chat.postMessage",
        {"text": "a", "metadata": {"event_type": "a", "event_payload": {"a": "b" * 17_000}}},
        "metadata_too_large",
    ),
    "metadata_without_payload": (
        "chat.postMessage",
        {"text": "a", "metadata": {"event_type": "a"}},
        "invalid_metadata_format",
    ),
    "an_unknown_argument": ("chat.postMessage", {"text": "a", "silent": True}, "invalid_arguments"),
    "no_channel": ("chat.postMessage", {"channel": "C9", "text": "a"}, "channel_not_found"),
    "an_update_of_nothing": ("chat.update", {"ts": "1.1", "text": "a"}, "message_not_found"),
    "nobody": ("users.info", {"channel": None, "user": "U9"}, "user_not_found"),
    "no_such_address": (
        "users.lookupByEmail",
        {"channel": None, "email": "a@b.example"},
        "users_not_found",
    ),
    "no_such_method": ("chat.shout", {}, "unknown_method"),
    "no_such_view": (
        "views.update",
        {"channel": None, "view_id": "V9", "view": modal()},
        "not_found",
    ),
    "no_such_file": (
        "files.completeUploadExternal",
        {"channel": None, "files": [{"id": "F9"}]},
        "file_not_found",
    ),
    "a_scope_not_granted": (
        "reactions.add",
        {"name": "thumbsup", "timestamp": "1.1"},
        "missing_scope",
    ),
}


@pytest.mark.parametrize("way", ["json", "form"])
@pytest.mark.parametrize("name", CALLS)
async def test_calls_are_refused(client: AsyncWebClient, ben: Person, name: str, way: str) -> None:
    """In Slack's own names, whichever way they are sent."""
    method, fields, error = CALLS[name]
    given = {"channel": ben.dm.id} | fields
    given = {each: value for each, value in given.items() if value is not None}
    form = {
        each: value if isinstance(value, str) else json.dumps(value)
        for each, value in given.items()
    }
    with pytest.raises(SlackApiError) as refused:
        await client.api_call(method, **({"json": given} if way == "json" else {"data": form}))
    assert refused.value.response["error"] == error
    assert ben.messages == []


async def test_tokens_are_told_apart(
    api: SlackApi, session: aiohttp.ClientSession, river: Workspace
) -> None:
    """A bot's is not an app's, and none is taken from the body."""
    bot, app = river.token, river.app.app_token
    cases = [("", "not_authed"), ("xoxb-1", "invalid_auth"), (app, "not_allowed_token_type")]
    for token, error in cases:
        with pytest.raises(SlackApiError, match=error):
            await client_of(api, session, token).api_call("auth.test", data={"token": bot})
    for token, error in (("xapp-1", "invalid_auth"), (bot, "not_allowed_token_type")):
        with pytest.raises(SlackApiError, match=error):
            await client_of(api, session, token).apps_connections_open(app_token=token)


async def test_a_removed_app_is_told_so(
    api: SlackApi, river: Workspace, client: AsyncWebClient, session: aiohttp.ClientSession
) -> None:
    """Revoked tokens, a removed app, and the new token of another installation."""
    river.revokes_tokens()
    with pytest.raises(SlackApiError, match="token_revoked"):
        await client.auth_test()
    river.uninstalls()
    with pytest.raises(SlackApiError, match="account_inactive"):
        await client.auth_test()
    fresh = client_of(api, session, river.installs())
    assert (await fresh.auth_test())["team_id"] == river.id
    with pytest.raises(SlackApiError, match="invalid_auth"):
        await client.auth_test()


async def test_not_everybody_is_reached(client: AsyncWebClient, river: Workspace) -> None:
    """Who left, bots and strangers have no direct message; an archived channel takes nothing."""
    gone, bot = river.person("Ana Ruiz", deleted=True), river.person("Other", is_bot=True)
    stranger = river.person("Eve", is_stranger=True)
    cases = [(gone, "user_disabled"), (bot, "cannot_dm_bot"), (stranger, "user_not_visible")]
    for person, error in cases:
        with pytest.raises(SlackApiError, match=error):
            await client.conversations_open(users=person.id)
    room = river.channel("all")
    room.channel.archived = True
    with pytest.raises(SlackApiError, match="is_archived"):
        await client.chat_postMessage(channel=room.channel.id, text="hello")


async def test_only_its_own_words_are_changed(client: AsyncWebClient, ben: Person) -> None:
    """What a person wrote is theirs."""
    mine = ben.types("hello")
    with pytest.raises(SlackApiError, match="cant_update_message"):
        await client.chat_update(channel=ben.dm.id, ts=mine.ts, text="goodbye")
    with pytest.raises(SlackApiError, match="cant_delete_message"):
        await client.chat_delete(channel=ben.dm.id, ts=mine.ts)


async def test_a_missing_scope_is_named(client: AsyncWebClient, ben: Person) -> None:
    """With what was granted beside it; reading a channel needs the scope of its kind."""
    room = ben.workspace.channel("all", ben)
    with pytest.raises(SlackApiError) as refused:
        await client.conversations_history(channel=room.channel.id)
    answer = refused.value.response
    assert (answer["error"], answer["needed"]) == ("missing_scope", "channels:history")
    assert "im:history" in answer["provided"]
