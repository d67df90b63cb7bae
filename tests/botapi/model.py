"""Checks requests and updates against the published model of the Bot API in `model.json`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import fastjsonschema

from tests.botapi.refusals import Refused, bad

# Client.cpp of github.com/tdlib/telegram-bot-api says it so for these.
MISSING = {
    "text": "message text is empty",
    "chat_id": "chat_id is empty",
    "document": "there is no document in the request",
}

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
        values = {
            name: typed(value, self.fields.get(name, {}))
            for name, value in given.items()
            if value != "" or name in self.required  # an empty parameter is an absent one
        }
        for name in sorted(self.required - values.keys()):
            raise bad(MISSING.get(name, f'parameter "{name}" is required'))
        for name in sorted(values.keys() - self.fields.keys()):
            raise bad(f'{self.name} has no parameter "{name}"')  # the real one is silent
        try:
            self.check(values)
        except fastjsonschema.JsonSchemaValueException as wrong:
            raise bad(f"can't parse {self.name}: {wrong.message}") from wrong
        return values


def typed(value: Any, schema: Schema) -> Any:
    """Read a value that came as a form's text the way its schema wants it."""
    if not isinstance(value, str) or schema.get("type") == "string":
        return value
    if any(branch.get("type") == "string" for branch in schema.get("anyOf", ())):
        return int(value) if value.lstrip("-").isdecimal() else value  # chat_id: or @name
    if schema.get("type") == "boolean":
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
    """Find a method, however its name is capitalised.

    Raises:
        Refused: the model has no such method.
    """
    for known, schema in model()["methods"].items():
        if known.lower() == name.lower():
            required = frozenset(schema["required"])
            check = compiled(schema, in_detail=True)
            return Method(known, schema["properties"], required, check)
    raise Refused(404, "method not found")


@cache
def shape(name: str) -> Check:
    """Give the check of one type: "Update", "Message"; it raises where something does not fit."""
    return compiled(model()["definitions"][name])


def compiled(schema: Schema, *, in_detail: bool = False) -> Check:
    """Make a check out of a schema, once: what comes back is plain Python.

    `in_detail` names what is missing, and is slow to make for a schema as wide as Update's.
    """
    whole = {"definitions": reached(schema, {}), **schema}
    check: Check = fastjsonschema.compile(
        whole, use_default=False, use_formats=False, detailed_exceptions=in_detail
    )
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
