"""Blocks and views that Slack would not draw: a bot must not learn it in earnest."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.slackapi import Person

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
