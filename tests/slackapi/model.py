"""Checks arguments, blocks and views against Slack's published types in `model.json`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import fastjsonschema

from tests.slackapi.refusals import Refused, wrong

# Each method's page at docs.slack.dev names these for what it misses.
MISSING = {
    "channel": "channel_not_found",
    "email": "users_not_found",
    "user": "user_not_found",
    "ts": "message_not_found",
}
EVERYWHERE = {"team_id"}
"""Bolt's client adds it to every call; Slack does not mind."""
FORMATS = {"blocks": "invalid_blocks_format", "metadata": "invalid_metadata_format"}

Schema = dict[str, Any]
Check = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Method:
    """One method: the fields that it takes, each with its schema, and those it must have."""

    name: str
    fields: Mapping[str, Schema]
    required: frozenset[str]
    check: Check

    def read(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Give the fields with their types, whichever way they were sent.

        Raises:
            Refused: a field is missing, unknown or not what the model says it is.
        """
        values = {name: typed(value, self.fields.get(name, {})) for name, value in given.items()}
        for name in EVERYWHERE - self.fields.keys():
            values.pop(name, None)
        for name in sorted(self.required - values.keys()):
            refused = wrong("invalid_arguments", [f"missing required field: {name}"])
            raise Refused(MISSING[name]) if name in MISSING else refused
        for name in sorted(values.keys() - self.fields.keys()):
            told = f"{self.name} has no argument {name}"  # the real one is mostly silent
            raise wrong("invalid_arguments", [told])
        try:
            self.check(values)
        except fastjsonschema.JsonSchemaValueException as fault:
            field = fault.path[1] if len(fault.path) > 1 else ""
            raise wrong(FORMATS.get(field, "invalid_arguments"), [fault.message]) from fault
        return values


def typed(value: Any, schema: Schema) -> Any:
    """Read a value that came as a form's text the way its schema wants it."""
    kinds = {each.get("type") for each in schema.get("anyOf", [schema])}
    if not isinstance(value, str) or "string" in kinds:
        return value
    if "boolean" in kinds:
        return {"true": True, "1": True, "false": False, "0": False}.get(value.lower(), value)
    try:
        return json.loads(value)
    except ValueError:
        return value  # the check finds it


@cache
def model() -> dict[str, Any]:
    """Give the whole model, read once."""
    text = Path(__file__).with_name("model.json").read_text(encoding="utf-8")
    return json.loads(text)  # type: ignore[no-any-return]


@cache
def method(name: str) -> Method:
    """Find a method.

    Raises:
        Refused: the model has no such method.
    """
    schema = model()["methods"].get(name)
    if schema is None:
        raise Refused("unknown_method", req_method=name)
    return Method(name, schema["properties"], frozenset(schema["required"]), compiled(schema))


def faults_of(given: Any, kind: str, place: str) -> list[str]:
    """Tell what a block ("blocks") or a view ("views") has wrong by its type, in Slack's way."""
    if not isinstance(given, dict):
        return [f"must be an object [json-pointer:{place}]"]
    known = model()[kind].get(given.get("type"))
    if known is None:
        return [f"unsupported type: {given.get('type')} [json-pointer:{place}/type]"]
    try:
        shape(known)(given)
    except fastjsonschema.JsonSchemaValueException as fault:
        inside = "".join(f"/{part}" for part in fault.path[1:])
        return [f"{fault.message.removeprefix('data')} [json-pointer:{place}{inside}]"]
    return []


@cache
def shape(name: str) -> Check:
    """Give the check of one type: "SectionBlock", "ModalView"."""
    return compiled(model()["definitions"][name])


def compiled(schema: Schema) -> Check:
    """Make a check out of a schema, once: what comes back is plain Python."""
    whole = {"definitions": reached(schema, {}), **schema}
    check: Check = fastjsonschema.compile(whole, use_default=False, use_formats=False)
    return check


def reached(schema: Any, found: dict[str, Schema]) -> dict[str, Schema]:
    """Add the definitions that a schema refers to, and those that they refer to."""
    if isinstance(schema, list):
        for each in schema:
            reached(each, found)
    elif isinstance(schema, dict):
        name = str(schema.get("$ref", "")).rsplit("/", maxsplit=1)[-1]
        if name and name not in found:
            found[name] = model()["definitions"][name]
            reached(found[name], found)
        reached(list(schema.values()), found)
    return found
