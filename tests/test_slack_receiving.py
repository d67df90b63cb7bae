"""What Slack sends, as the inbox has it: each kind of body, read without a network."""

from __future__ import annotations

from typing import Any

import pytest

from bot.platforms.slack.receiving import NAME, plain, read

TEAM, BEN = "T0RIVER", "U0BEN"
ADDRESS = f"{TEAM}:{BEN}"


def happened(event: dict[str, Any]) -> dict[str, Any]:
    """Give the body of an event, as the Events API has it."""
    return {"type": "event_callback", "team_id": TEAM, "event_id": "Ev1", "event": event}


def said(**more: Any) -> dict[str, Any]:
    """Give a message in Ben's own conversation with the bot."""
    message = {"type": "message", "channel_type": "im", "channel": "D1", "user": BEN, "ts": "1.2"}
    return happened({**message, "text": "hello", **more})


def acted(action: dict[str, Any], values: dict[str, Any] | None = None) -> dict[str, Any]:
    """Give the body of a press."""
    return {
        "type": "block_actions",
        "team": {"id": TEAM},
        "user": {"id": BEN, "team_id": TEAM},
        "trigger_id": "13.37",
        "actions": [{"action_ts": "5.5", **action}],
        "state": {"values": values or {}},
    }


def boxes(name: str, *data: str) -> dict[str, Any]:
    """Give how a group of boxes stands."""
    return {name: {"type": "checkboxes", "selected_options": [{"value": each} for each in data]}}


def test_words_in_ones_own_conversation_are_typed() -> None:
    """By workspace and user: ids of users repeat between workspaces."""
    event = read(said()).event
    assert event is not None
    assert (event.platform, event.id, event.address, event.kind) == (NAME, "Ev1", ADDRESS, "typed")
    assert event.body == {"text": "hello"}


def test_a_reply_in_a_thread_says_to_what() -> None:
    """As the outbox knows the message: by conversation and time."""
    event = read(said(thread_ts="1.1")).event
    assert event is not None
    assert event.body["to"] == "D1/1.1"


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("a &lt; b &amp; c", "a < b & c"),
        ("see <https://example.org|example.org>", "see example.org"),
        ("see <https://example.org>", "see https://example.org"),
        ("<mailto:ana@example.org|ana@example.org>", "ana@example.org"),
        ("&lt;!channel&gt;", "<!channel>"),
        ("ask <@U123>", "ask @U123"),
    ],
)
def test_words_are_kept_as_they_were_typed(typed: str, seen: str) -> None:
    """Slack escapes three characters and makes links of what looks like one."""
    assert plain(typed) == seen


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(said(channel_type="channel"), id="in a channel"),
        pytest.param(said(bot_id="B1"), id="by a bot, such as ourselves"),
        pytest.param(said(user="USLACKBOT"), id="by Slack's own bot"),
        pytest.param(said(subtype="message_deleted", user_team="T0OTHER"), id="deleted, elsewhere"),
        pytest.param(
            said(subtype="message_changed", user_team="T0OTHER", message={}), id="edited, elsewhere"
        ),
        pytest.param(
            said(subtype="channel_join", user_team="T0OTHER"), id="by Slack itself, elsewhere"
        ),
        pytest.param(said(subtype="channel_join"), id="by Slack itself"),
        pytest.param(said(subtype="message_deleted"), id="deleted"),
        pytest.param(happened({"type": "reaction_added", "user": BEN}), id="a reaction"),
        pytest.param(
            happened({"type": "app_home_opened", "user": BEN, "tab": "messages"}), id="the chat"
        ),
        pytest.param(
            happened({"type": "tokens_revoked", "tokens": {"oauth": [BEN]}}), id="a user's token"
        ),
        pytest.param(happened({"type": "user_change", "user": {"id": BEN}}), id="a new name"),
        pytest.param({"type": "view_closed"}, id="a window closed"),
    ],
)
def test_what_is_nobodys_answer_is_not_kept(body: dict[str, Any]) -> None:
    """What is not said to us in somebody's own conversation is none of ours."""
    found = read(body)
    assert found.event is None
    assert found.window is None


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(said(user_team="T0OTHER"), id="as a channel that is shared has it"),
        pytest.param(said(source_team="T0OTHER", files=[{}], subtype="file_share"), id="a file"),
        pytest.param(
            {**said(team="T0OTHER"), "is_ext_shared_channel": True}, id="named by the envelope"
        ),
    ],
)
def test_of_somebody_of_another_organisation_no_word_is_kept(body: dict[str, Any]) -> None:
    """Only that they wrote, and where, so that they can be told once what comentor is."""
    event = read(body).event
    assert event is not None
    assert (event.kind, event.address, event.body) == ("outside", ADDRESS, {"channel": "D1"})


def test_another_workspace_of_ones_own_organisation_is_not_outside() -> None:
    """There Slack may name the organisation instead of the workspace."""
    body = said(user_team="E0ORG")
    assert read({**body, "enterprise_id": "E0ORG"}).event == read(said()).event
    granted = [{"team_id": TEAM, "enterprise_id": "E0ORG"}]
    assert read({**body, "authorizations": granted}).event == read(said()).event


def test_a_link_that_unfolds_is_no_edit() -> None:
    """Slack tells of both in the same way."""
    after = {"user": BEN, "text": "see example.org", "attachments": [{}]}
    before = {"user": BEN, "text": "see example.org"}
    told = {"subtype": "message_changed", "message": after, "previous_message": before}
    assert read(said(**told)).event is None
    told["message"] = {**after, "text": "see example.com"}
    event = read(said(**told)).event
    assert event is not None
    assert event.kind == "edited"


def test_a_button_is_pressed_once_however_often_it_is_brought() -> None:
    """An envelope that is brought twice has the same press in it."""
    press = {"type": "button", "action_id": "choose:1.2.yes", "value": "1.2.yes"}
    first, again = read(acted(press)).event, read(acted(press)).event
    assert first is not None
    assert first == again
    assert (first.kind, first.body) == ("pressed", {"data": "1.2.yes"})
    later = read(acted({**press, "action_ts": "6.6"})).event
    assert later is not None
    assert later.id != first.id


def test_a_menu_is_pressed_like_a_button() -> None:
    """Where there are too many choices for buttons."""
    chosen = {"type": "static_select", "action_id": "choose:1.2"}
    event = read(acted({**chosen, "selected_option": {"value": "1.2.7"}})).event
    assert event is not None
    assert event.body == {"data": "1.2.7"}


def test_a_tick_tells_of_all_boxes_of_its_question() -> None:
    """The action by itself tells of its own ten; a message may hold another question's, too."""
    values = {
        "one": boxes("toggle:1.2.0", "1.2.3", "1.2.1"),
        "two": boxes("toggle:1.2.1", "1.2.12"),
        "other": boxes("toggle:1.4.0", "1.4.5"),
    }
    tick = {"type": "checkboxes", "action_id": "toggle:1.2.1"}
    event = read(acted(tick, values)).event
    assert event is not None
    assert (event.kind, event.body) == ("ticked", {"data": "1.2", "on": ["1", "12", "3"]})


def test_done_brings_the_boxes_along() -> None:
    """What stands in them when it is pressed counts, whatever was lost on the way."""
    done = {"type": "button", "action_id": "choose:1.2.done", "value": "1.2.done"}
    event = read(acted(done, {"one": boxes("toggle:1.2.0", "1.2.3")})).event
    assert event is not None
    assert event.body == {"data": "1.2.done", "on": ["3"]}


def test_a_window_is_owed_and_nothing_is_kept() -> None:
    """It opens within three seconds or never."""
    found = read(acted({"type": "button", "action_id": "write:1.2", "value": "1.2"}))
    assert found.event is None
    assert found.window is not None
    assert (found.window.address, found.window.trigger, found.window.question) == (
        ADDRESS,
        "13.37",
        "1.2",
    )


def test_a_button_of_the_page_is_typed() -> None:
    """It asks for what could be typed as well."""
    event = read(acted({"type": "button", "action_id": "ask:/book", "value": "/book"})).event
    assert event is not None
    assert (event.kind, event.body) == ("typed", {"text": "/book"})


def test_what_is_written_in_a_window_is_for_its_question() -> None:
    """Whatever else is open meanwhile."""
    state = {"values": {"write:1.2": {"write:1.2": {"type": "plain_text_input", "value": "stop"}}}}
    view = {"id": "V1", "hash": "h", "callback_id": "write:1.2", "state": state}
    body = {"type": "view_submission", "team": {"id": TEAM}, "user": {"id": BEN}, "view": view}
    event = read(body).event
    assert event is not None
    assert (event.kind, event.body) == ("written", {"asked": "1.2", "text": "stop"})


def test_what_is_picked_in_a_window_reads_as_a_moment() -> None:
    """As somebody would type it; it is read back before it counts, like any."""
    values = {
        "write:1.2:day": {"write:1.2:day": {"type": "datepicker", "selected_date": "2026-12-03"}},
        "write:1.2:time": {"write:1.2:time": {"type": "timepicker", "selected_time": "15:00"}},
    }
    view = {"id": "V1", "hash": "h", "callback_id": "write:1.2", "state": {"values": values}}
    body = {"type": "view_submission", "team": {"id": TEAM}, "user": {"id": BEN}, "view": view}
    event = read(body).event
    assert event is not None
    assert event.body == {"asked": "1.2", "text": "2026-12-03 15:00"}


def test_a_command_is_typed_and_without_words_asks_for_help() -> None:
    """It may be typed where our answer does not appear."""
    body = {"command": "/comentor", "team_id": TEAM, "user_id": BEN, "trigger_id": "1"}
    found = read({**body, "text": " my meetings "})
    assert found.is_command
    assert found.event is not None
    assert found.event.body == {"text": "my meetings"}
    bare = read({**body, "text": ""}).event
    assert bare is not None
    assert bare.body == {"text": "/help"}


def test_a_message_can_be_put_by() -> None:
    """By the shortcut in its menu, and by no other."""
    body = {
        "type": "message_action",
        "callback_id": "keep_for_our_meeting",
        "trigger_id": "9",
        "team": {"id": TEAM},
        "user": {"id": BEN},
        "message": {"text": "a &amp; b"},
    }
    event = read(body).event
    assert event is not None
    assert (event.kind, event.body) == ("kept", {"text": "a & b"})
    assert read({**body, "callback_id": "another"}).event is None


def test_what_cannot_be_read_is_kept_as_it_came() -> None:
    """A later comentor may understand it."""
    body = acted({"type": "button", "value": 5, "action_id": "choose:1"})
    event = read(body).event
    assert event is not None
    assert event.kind == "unreadable"
    assert event.body["why"] == "value is not as expected"


def test_an_app_that_was_removed_tells_of_its_workspace() -> None:
    """All whose addresses begin with it can be reached no more."""
    event = read(happened({"type": "app_uninstalled"})).event
    assert event is not None
    assert (event.kind, event.address) == ("uninstalled", f"{TEAM}:")
