"""Writes `model.json`: what the Bot API takes and gives, out of aiogram's generated models.

It runs where aiogram is installed, never beside comentor, whose pydantic is newer than aiogram's:

    python3 -m venv aio && aio/bin/pip install "aiogram==3.31.*"
    aio/bin/python tests/botapi/from_aiogram.py
"""

from __future__ import annotations

import importlib
import json
import warnings
from pathlib import Path
from typing import Any

METHODS = (
    "getMe",
    "getUpdates",
    "setWebhook",
    "deleteWebhook",
    "getWebhookInfo",
    "sendMessage",
    "sendDocument",
    "sendMediaGroup",
    "editMessageText",
    "editMessageReplyMarkup",
    "answerCallbackQuery",
    "setMyCommands",
    "deleteMyCommands",
    "setMyDescription",
    "setMyShortDescription",
    "setChatMenuButton",
    "leaveChat",
    "getChat",
)
TYPES = ("Update", "Message", "User", "WebhookInfo", "ChatFullInfo")
"""What the server gives of itself; the rest of the types comes along with them."""
KEPT = ("type", "enum", "items")

Schema = dict[str, Any]


def main() -> None:
    """Write the file beside this script."""
    aiogram = importlib.import_module("aiogram")
    warnings.simplefilter("ignore")  # defaults that JSON cannot hold: we keep no default at all
    definitions: dict[str, Schema] = {}
    model = {
        "source": f"aiogram {aiogram.__version__}, its models generated from core.telegram.org",
        "url": f"https://github.com/aiogram/aiogram/tree/v{aiogram.__version__}/aiogram",
        "licence": "MIT, copyright (c) 2017 - present Alex Root Junior",
        "bot_api": aiogram.__api_version__,
        "methods": {name: method_schema(name, definitions) for name in METHODS},
    }
    for name in TYPES:
        definitions[name] = schema_of(getattr(aiogram.types, name), definitions)
    model["definitions"] = dict(sorted(definitions.items()))
    text = json.dumps(model, indent=1, ensure_ascii=False)
    Path(__file__).with_name("model.json").write_text(text + "\n", encoding="utf-8")


def method_schema(name: str, definitions: dict[str, Schema]) -> Schema:
    """Give what a method takes; every field that it does not name is refused."""
    methods = importlib.import_module("aiogram.methods")
    return schema_of(getattr(methods, name[0].upper() + name[1:]), definitions)


def schema_of(model: Any, definitions: dict[str, Schema]) -> Schema:
    """Give one model's schema, and add all it refers to."""
    whole = model.model_json_schema(by_alias=True, schema_generator=generator())
    for name, schema in whole.pop("$defs", {}).items():
        definitions[name] = plain(schema)
    reference = whole.get("$ref")  # pydantic's way with a model that contains itself
    return definitions[named(reference)] if reference else plain(whole)


def generator() -> type[Any]:
    """Give pydantic's writer of schemas with a place for what it cannot write: an upload."""
    json_schema = importlib.import_module("pydantic.json_schema")

    class WithUploads(json_schema.GenerateJsonSchema):  # type: ignore[misc, name-defined]
        def is_instance_schema(self, schema: Any) -> Schema:
            return {"type": "string"}  # the name of the body's part: "attach://…"

    return WithUploads


def plain(schema: Schema) -> Schema:
    """Keep what checks, leave what tells: titles, texts, defaults, and fields out of use."""
    if "$ref" in schema:
        return {"$ref": f"#/definitions/{named(schema['$ref'])}"}
    if schema.get("format") in {"date-time", "duration"}:
        return {"type": "integer"}  # an instant is a Unix time on the wire
    kept = {key: schema[key] for key in KEPT if key in schema}
    if "items" in kept:
        kept["items"] = plain(kept["items"])
    if "const" in schema:
        kept["enum"] = [schema["const"]]
    branches = schema.get("anyOf") or schema.get("oneOf")
    if branches:
        return union([plain(each) for each in branches if each != {"type": "null"}])
    if "properties" in schema:
        kept |= object_of(schema)
    return kept


def union(branches: list[Schema]) -> Schema:
    """Give one of several, without the null that only stands for an absent field."""
    several: list[Schema] = []
    for branch in branches:
        if branch not in several:
            several.append(branch)
    return several[0] if len(several) == 1 else {"anyOf": several}


def object_of(schema: Schema) -> Schema:
    """Give an object's fields; one that the Bot API does not know is refused."""
    properties = {
        name: plain(each)
        for name, each in schema["properties"].items()
        if not each.get("deprecated")
    }
    required = [name for name in schema.get("required", ()) if name in properties]
    return {"properties": properties, "required": required, "additionalProperties": False}


def named(reference: str) -> str:
    """Give the definition's name at the end of a reference."""
    return reference.rsplit("/", 1)[-1]


if __name__ == "__main__":
    main()
