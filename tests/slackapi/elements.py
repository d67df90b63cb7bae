"""Reads blocks as a person does: what they say, what can be pressed, what is filled in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

Json = dict[str, Any]

TEXTS = {"plain_text", "mrkdwn", "text", "markdown"}
CHOICES = {"overflow", "radio_buttons", "static_select", "checkboxes", "multi_static_select"}
SEVERAL = {"checkboxes", "multi_static_select"}
FILLED = {
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "multi_users_select": "selected_users",
    **dict.fromkeys(("radio_buttons", "static_select", "overflow"), "selected_option"),
    **dict.fromkeys(SEVERAL, "selected_options"),
    **dict.fromkeys(("plain_text_input", "email_text_input", "url_text_input"), "value"),
    **dict.fromkeys(("number_input", "rich_text_input"), "value"),
}
"""What each element's state is called: reference/interaction-payloads/view-interactions-payload."""
INITIAL = {"selected_options": "initial_options", "value": "initial_value"}

_numbers = count(1)


def stored(blocks: Sequence[Json]) -> list[Json]:
    """Give blocks as Slack keeps them, with the identifiers that were left out."""
    return [{"block_id": f"b{next(_numbers):04d}"} | with_actions(block) for block in blocks]


def with_actions(block: Json) -> Json:
    """Give a block whose elements have an action_id each."""
    kept = dict(block)
    if block["type"] in {"actions", "context_actions"}:
        kept["elements"] = [identified(each) for each in block["elements"]]
    for place in ("element", "accessory"):
        if place in block and block[place]["type"] != "image":
            kept[place] = identified(block[place])
    return kept


def identified(element: Json) -> Json:
    """Give an element with an action_id."""
    return {"action_id": f"a{next(_numbers):04d}"} | element


def active(blocks: Sequence[Json]) -> Iterator[tuple[Json, Json]]:
    """Give each element that can be used, after its block."""
    for block in blocks:
        for element in (*block.get("elements", ()), block.get("accessory"), block.get("element")):
            if element and "action_id" in element:
                yield block, element


def labels(blocks: Sequence[Json]) -> list[list[str]]:
    """Give what can be pressed, block by block."""
    rows = [[label for _, label, _ in pressable(block)] for block in blocks]
    return [row for row in rows if row]


def pressable(block: Json) -> Iterator[tuple[Json, str, Json | None]]:
    """Give each thing to press: its element, its label, and the option of a choice."""
    for _, element in active([block]):
        if element["type"] == "button":
            yield element, element["text"]["text"], None
        elif element["type"] in CHOICES:
            for option in options(element):
                yield element, option["text"]["text"], option


def options(element: Json) -> list[Json]:
    """Give what can be chosen, from the groups too."""
    groups = element.get("option_groups", ())
    return [*element.get("options", ()), *(each for group in groups for each in group["options"])]


def find(blocks: Sequence[Json], label: str) -> tuple[Json, Json, Json | None] | None:
    """Find what bears a label, or a part of it: block, element and option; None if nothing does."""
    every = [
        (block, element, option, own)
        for block in blocks
        for element, own, option in pressable(block)
    ]
    for fits in (label.__eq__, lambda own: label in own):
        for block, element, option, own in every:
            if fits(own) is True:
                return block, element, option
    return None


def words(given: Any) -> list[str]:
    """Give every text inside, in order."""
    if isinstance(given, list):
        return [each for part in given for each in words(part)]
    if not isinstance(given, dict):
        return []
    if given.get("type") in {"rich_text_section", "rich_text_preformatted", "rich_text_quote"}:
        return ["".join(running(each) for each in given["elements"])]
    if given.get("type") in TEXTS and isinstance(given.get("text"), str):
        return [given["text"]]
    return [each for part in given.values() for each in words(part)]


def running(element: Json) -> str:
    """Give one piece of rich text as it reads."""
    if element["type"] == "user":
        return f"@{element['user_id']}"
    if element["type"] == "emoji":
        return f":{element['name']}:"
    return str(element.get("text", element.get("url", element.get("fallback", ""))))


def initial(blocks: Sequence[Json]) -> Json:
    """Give what is filled in before anybody has touched it."""
    values: Json = {}
    for block, element in active(blocks):
        name = FILLED.get(element["type"])
        if name is None:
            continue
        first = INITIAL.get(name, name.replace("selected", "initial"))
        empty: Any = [] if name in {"selected_options", "selected_users"} else None
        state = {"type": element["type"], name: element.get(first, empty)}
        values.setdefault(block["block_id"], {})[element["action_id"]] = state
    return values


def carried(before: Json, made: Json) -> Json:
    """Give what is filled in once something is redrawn: as it was where the identifiers stay."""
    return {
        block: {
            action: old
            if (old := before.get(block, {}).get(action, state))["type"] == state["type"]
            else state
            for action, state in actions.items()
        }
        for block, actions in made.items()
    }


def filled(element: Json, value: Any) -> Json:
    """Give the state of an element: options are named by their words, or by their value."""
    kind = element["type"]
    name = FILLED[kind]
    if kind in SEVERAL:
        value = [option_named(element, each) for each in value]
    elif kind in CHOICES and value is not None:
        value = option_named(element, value)
    return {"type": kind, name: value}


def option_named(element: Json, name: str) -> Json:
    """Find an option by its label, a part of it, or its value."""
    every = options(element)
    for option in every:
        if name in {option["text"]["text"], option.get("value")}:
            return option
    for option in every:
        if name in option["text"]["text"]:
            return option
    shown = [each["text"]["text"] for each in every]
    raise AssertionError(f"no option {name!r} in {shown}")


def ticked(values: Json, block: Json, element: Json) -> list[str]:
    """Give the labels that are ticked now."""
    state = values.get(block["block_id"], {}).get(element["action_id"], {})
    return [each["text"]["text"] for each in state.get("selected_options") or ()]


def escaped(text: str) -> str:
    """Give what a person typed as events carry it: formatting-message-text#escaping."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
