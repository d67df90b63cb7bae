"""What people do with what the bot shows them, and what comes of it."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.slackapi import Delivery, Person, SlackApi
from tests.slackapi.conftest import Program
from tests.slackapi.test_limits import actions, button, modal, options, plain
from tests.slackapi.test_slackapi import BOOK

DAYS = [*options(1, "Mon", "m"), *options(1, "Tue", "t")]
BOXES = {"type": "checkboxes", "action_id": "days", "options": DAYS}
FORM: list[dict[str, Any]] = [
    {"type": "actions", "block_id": "when", "elements": [BOXES]},
    {
        "type": "input",
        "block_id": "date",
        "label": plain("Which date"),
        "element": {"type": "datepicker", "action_id": "date", "initial_date": "2026-03-28"},
    },
    {
        "type": "input",
        "block_id": "how",
        "label": plain("How"),
        "element": {"type": "radio_buttons", "action_id": "how", "options": DAYS},
    },
]


def said(delivery: Delivery) -> dict[str, Any]:
    """Give the action that a delivery tells of."""
    return dict(delivery.payload["actions"][0])


async def test_choices_are_made(client: AsyncWebClient, ben: Person) -> None:
    """Boxes are ticked one by one or together; the state of all comes with each."""
    await client.chat_postMessage(channel=ben.id, text="When?", blocks=FORM)
    assert ben.last.buttons[0] == ["Mon", "Tue"]
    ben.presses(ben.last, "Mon")
    both = said(ben.presses(ben.last, "Tue"))["selected_options"]
    assert [each["value"] for each in both] == ["m", "t"]
    one = said(ben.ticks(ben.last, ["Tue"]))["selected_options"]
    assert [each["value"] for each in one] == ["t"]
    picked = ben.picks_date(ben.last, "2026-04-02")
    assert said(picked)["selected_date"] == "2026-04-02"
    values = picked.payload["state"]["values"]
    assert values["date"]["date"]["selected_date"] == "2026-04-02"
    assert values["when"]["days"]["selected_options"] == one
    with pytest.raises(AssertionError, match="no timepicker"):
        ben.picks_time(ben.last, "14:30")


async def test_only_what_stands_is_pressed(client: AsyncWebClient, ben: Person) -> None:
    """A test may not press what nobody sees, but a slow phone may still show an old button."""
    await client.chat_postMessage(channel=ben.id, text="When?", blocks=[BOOK])
    await client.chat_update(channel=ben.dm.id, ts=ben.last.ts, text="Booked", blocks=[])
    with pytest.raises(AssertionError, match="no button 'Thursday'"):
        ben.presses(ben.last, "Thursday")
    assert said(ben.presses_as_it_was(ben.last, "Thursday"))["value"] == "thu"


async def test_a_form_is_filled_in(client: AsyncWebClient, ben: Person, program: Program) -> None:
    """By label, action or block; what must be filled in cannot be left out."""
    view = modal("When", *FORM, submit=plain("Go"), private_metadata="m1")
    await client.views_open(trigger_id=ben.workspace.trigger(ben.id), view=view)
    front = await ben.sees_view("Which date")
    with pytest.raises(AssertionError, match="'How' must be filled in"):
        await ben.submits(front)
    with pytest.raises(AssertionError, match="nothing is named"):
        await ben.submits(front, {"How": "Mon", "Why": "because"})
    assert await ben.submits(front, {"How": "Mon", "days": ["Tue"]}) == {}
    sent = program.forms()[-1]["view"]
    assert sent["state"]["values"]["how"]["how"]["selected_option"]["value"] == "m"
    assert sent["state"]["values"]["date"]["date"]["selected_date"] == "2026-03-28"
    assert (sent["private_metadata"], ben.views) == ("m1", [])


async def test_modals_lie_on_each_other(client: AsyncWebClient, ben: Person) -> None:
    """Three at most; an update keeps what was filled in; closing tells of it when asked to."""
    river = ben.workspace
    await client.views_open(trigger_id=river.trigger(ben.id), view=modal("One"))
    for title in ("Two", "Three"):
        await client.views_push(trigger_id=river.trigger(ben.id), view=modal(title))
    with pytest.raises(SlackApiError, match="push_limit_reached"):
        await client.views_push(trigger_id=river.trigger(ben.id), view=modal("Four"))
    three = ben.views[-1]
    changed = modal("New", *FORM, submit=plain("Go"), notify_on_close=True)
    await client.views_update(view_id=three.id, view=changed)
    ben.ticks(three, ["Mon"])
    await client.views_update(view_id=three.id, view=changed)
    assert three.values["when"]["days"]["selected_options"][0]["value"] == "m"
    closed = ben.closes(three)
    assert closed is not None
    assert closed.payload["view"]["id"] == three.id
    assert ben.closes(ben.views[-1]) is None
    with pytest.raises(SlackApiError, match="not_found"):
        await client.views_update(view_id=three.id, view=changed)


async def test_words_arrive_escaped(ben: Person) -> None:
    """As Slack sends them."""
    assert ben.types("Q&A <soon>").text == "Q&amp;A &lt;soon&gt;"


async def test_what_a_command_answers_is_shown(ben: Person, program: Program) -> None:
    """To whoever typed it, and to nobody else."""
    program.answers = [program.json({"text": "Two meetings"}), program.text("None")]
    for _ in range(2):
        await ben.commands("/comentor", "meetings").answered()
    shown = [(each.text, each.only_for) for each in ben.screen]
    assert shown == [("Two meetings", ben.id), ("None", ben.id)]


async def test_a_bot_hears_itself(
    api: SlackApi, client: AsyncWebClient, ben: Person, program: Program
) -> None:
    """Slack tells a program of its own messages too, with nothing but the bot to know them by."""
    await client.chat_postMessage(channel=ben.id, text="hello")
    await api.delivered()
    [told] = program.events()
    assert told["event"]["bot_id"] == ben.workspace.bot_id
    assert "subtype" not in told["event"]


async def test_who_left_can_still_be_written_to(client: AsyncWebClient, ben: Person) -> None:
    """Slack takes it: github.com/slackapi/python-slack-sdk/issues/1156."""
    ben.leaves()
    assert (await client.chat_postMessage(channel=ben.dm.id, text="hello"))["ok"]
    assert (await client.users_info(user=ben.id))["user"]["deleted"]


async def test_only_one_person_sees_it(client: AsyncWebClient, ben: Person) -> None:
    """An ephemeral message is in no history."""
    await client.chat_postEphemeral(channel=ben.dm.id, user=ben.id, text="psst")
    assert ben.last.text == "psst"
    assert (await client.conversations_history(channel=ben.dm.id))["messages"] == []


async def test_a_message_says_what_it_shows(client: AsyncWebClient, ben: Person) -> None:
    """Blocks hide the text, which is for notifications."""
    rich = {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [
                    {"type": "text", "text": "Well done, "},
                    {"type": "user", "user_id": ben.id},
                ],
            }
        ],
    }
    blocks = [rich, actions(button("Thanks"))]
    await client.chat_postMessage(channel=ben.id, text="A word", blocks=blocks)
    assert ben.last.words == f"Well done, @{ben.id}\nThanks"
    await ben.sees("Well done")
    with pytest.raises(AssertionError, match="does not see 'A word'"):
        await ben.sees("A word", within=0.01)
