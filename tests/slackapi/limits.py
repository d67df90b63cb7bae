"""The limits that Slack states in words, where its types cannot say them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.slackapi import model
from tests.slackapi.refusals import Refused, wrong

TEXT = 40_000  # characters: methods/chat.postMessage, "truncating content"; longer ones fail
UPDATED_TEXT = 4000  # characters: methods/chat.update, msg_too_long
MARKDOWN_TEXT = 12_000  # characters: methods/chat.postMessage, markdown_text
BLOCKS = 13_200  # characters, as JSON: github.com/slackapi/bolt-js/issues/2509; in no reference
IN_MESSAGE, IN_VIEW = 50, 100  # blocks: reference/block-kit/blocks
METADATA = 16_000  # bytes; the reference has the error metadata_too_large and no number
ACTION_ID = BLOCK_ID = 255  # reference/block-kit/block-elements, reference/block-kit/blocks

# Characters by `type` and the path inside: the same pages, and reference/block-kit of each.
LONGEST: Mapping[str, Mapping[str, int]] = {
    "actions": {"block_id": BLOCK_ID},
    "button": {"text.text": 75, "value": 2000, "url": 3000, "accessibility_label": 75},
    "context": {"block_id": BLOCK_ID},
    "divider": {"block_id": BLOCK_ID},
    "header": {"text.text": 150, "block_id": BLOCK_ID},
    "image": {"alt_text": 2000, "image_url": 3000, "title.text": 2000},
    "input": {"label.text": 2000, "hint.text": 2000, "block_id": BLOCK_ID},
    "markdown": {"text": 12_000},
    "rich_text": {"block_id": BLOCK_ID},
    "section": {"text.text": 3000, "block_id": BLOCK_ID},
    "modal": {
        "title.text": 24,
        "submit.text": 24,
        "close.text": 24,
        "private_metadata": 3000,
        "callback_id": 255,
        "external_id": 255,
    },
    "home": {"private_metadata": 3000, "callback_id": 255, "external_id": 255},
    "plain_text_input": {"initial_value": 3000},
}
OF_ELEMENTS = {"action_id": ACTION_ID, "placeholder.text": 150}
OF_CONFIRMS = {"title.text": 100, "text.text": 300, "confirm.text": 30, "deny.text": 30}
OF_OPTIONS = {"text.text": 75, "value": 150, "description.text": 75}
# How many by `type` and field: the same pages.
MOST: Mapping[str, Mapping[str, int]] = {
    "actions": {"elements": 25},
    "context": {"elements": 10},
    "section": {"fields": 10},
    "checkboxes": {"options": 10},
    "radio_buttons": {"options": 10},
    "overflow": {"options": 5},
    "static_select": {"options": 100, "option_groups": 100},
    "multi_static_select": {"options": 100, "option_groups": 100},
}

Given = Mapping[str, Any]


def message(given: Given) -> None:
    """Hold what is to be posted.

    Raises:
        Refused: there is nothing in it, or too much, or blocks that Slack does not take.
    """
    blocks, text = given.get("blocks") or [], given.get("text", "")
    if not (text.strip() or blocks or given.get("markdown_text") or given.get("attachments")):
        raise Refused("no_text")
    if len(text) > TEXT or len(given.get("markdown_text", "")) > MARKDOWN_TEXT:
        raise Refused("msg_too_long")
    found = [*too_many_blocks(blocks, IN_MESSAGE), *faults_in(blocks, "/blocks")]
    if found:
        raise wrong("invalid_blocks", found)
    if len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":"))) > BLOCKS:
        raise Refused("msg_blocks_too_long")
    metadata(given.get("metadata") or {})


def update(given: Given) -> None:
    """Hold what is to be put in the place of a message."""
    if len(given.get("text", "")) > UPDATED_TEXT:
        raise Refused("msg_too_long")
    message(given)


def metadata(given: Given) -> None:
    """Hold a message's metadata: reference/metadata."""
    if given and not {"event_type", "event_payload"} <= given.keys() and "entities" not in given:
        raise Refused("invalid_metadata_format")
    if len(json.dumps(given)) > METADATA:
        raise Refused("metadata_too_large")


def view(given: Given, kind: str) -> None:
    """Hold a view of a kind, "modal" or "home".

    Raises:
        Refused: Slack would not draw it; every place that is wrong is named.
    """
    found = model.faults_of(given, "views", "/view")
    if given.get("type") != kind:
        found.append(f"expected type {kind} [json-pointer:/view/type]")
    if not found:
        blocks = given["blocks"]
        found += [*of_type(given, "/view"), *too_many_blocks(blocks, IN_VIEW)]
        found += faults_in(blocks, "/view/blocks")
        if any(each.get("type") == "input" for each in blocks) and not given.get("submit"):
            found += ["submit is required with an input block [json-pointer:/view/submit]"]
    if found:
        raise wrong("invalid_arguments", found)


def too_many_blocks(blocks: Sequence[Given], most: int) -> Iterator[str]:
    """Hold the number of blocks."""
    if len(blocks) > most:
        yield f"no more than {most} items allowed [json-pointer:/blocks]"


def faults_in(blocks: Sequence[Any], place: str) -> list[str]:
    """Tell all that is wrong with blocks: their types first, then the limits in words."""
    found: list[str] = []
    for number, block in enumerate(blocks):
        at = f"{place}/{number}"
        found += model.faults_of(block, "blocks", at) or [*of_block(block, at)]
    return found or [*twice(blocks, place)]


def of_block(block: Given, place: str) -> Iterator[str]:
    """Hold one block, and every element inside it."""
    if block["type"] == "section" and not (block.get("text") or block.get("fields")):
        yield f"must have text or fields [json-pointer:{place}]"
    if block["type"] in {"actions", "context"} and not block["elements"]:
        yield f"no less than 1 item allowed [json-pointer:{place}/elements]"
    for inner, at in typed(block, place):
        yield from of_type(inner, at)


def typed(given: Any, place: str) -> Iterator[tuple[Given, str]]:
    """Give each object inside that has a type, and itself."""
    if isinstance(given, dict):
        if isinstance(given.get("type"), str):
            yield given, place
        for name, each in given.items():
            yield from typed(each, f"{place}/{name}")
    elif isinstance(given, list):
        for number, each in enumerate(given):
            yield from typed(each, f"{place}/{number}")


def of_type(given: Given, place: str) -> Iterator[str]:
    """Hold one object by its type, and the options and the confirmation that have none."""
    kind = given["type"]
    yield from too_long(given, {**LONGEST.get(kind, {}), **OF_ELEMENTS}, place)
    for name, most in MOST.get(kind, {}).items():
        if len(given.get(name, ())) > most:
            yield f"no more than {most} items allowed [json-pointer:{place}/{name}]"
    options = given.get("options")
    if options is not None and not options:
        yield f"no less than 1 item allowed [json-pointer:{place}/options]"
    for number, option in enumerate(options or ()):
        yield from too_long(option, OF_OPTIONS, f"{place}/options/{number}")
    for number, field in enumerate(given.get("fields", ()) if kind == "section" else ()):
        yield from too_long(field, {"text": 2000}, f"{place}/fields/{number}")
    yield from too_long(given.get("confirm") or {}, OF_CONFIRMS, f"{place}/confirm")
    if kind in {"plain_text", "mrkdwn"} and not given["text"]:
        yield f"must be more than 0 characters [json-pointer:{place}/text]"


def too_long(given: Any, longest: Mapping[str, int], place: str) -> Iterator[str]:
    """Hold the lengths of what stands at the paths."""
    for path, most in longest.items():
        value = given
        for part in path.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        if isinstance(value, str) and len(value) > most:
            at = path.replace(".", "/")
            yield f"must be less than {most + 1} characters [json-pointer:{place}/{at}]"


def twice(blocks: Sequence[Given], place: str) -> Iterator[str]:
    """Find identifiers that two blocks, or two elements, have in common."""
    for name in ("block_id", "action_id"):
        seen: set[str] = set()
        for given, at in typed(list(blocks), place):
            if (own := given.get(name)) is None:
                continue
            if own in seen:
                yield f"{name} {own!r} already exists [json-pointer:{at}/{name}]"
            seen.add(own)
