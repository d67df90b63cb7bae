"""Writes `model.json`: what Slack's Web API takes, out of Slack's own published TypeScript types.

It needs node and npm, and a folder to be thrown away:

    npm install --prefix ../types @slack/types@3.2.0 @slack/web-api@8.2.0 \
        ts-json-schema-generator@2.4.0
    python tests/slackapi/from_types.py ../types
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

METHODS = {
    "apps.connections.open": "AppsConnectionsOpenArguments",
    "auth.test": "AuthTestArguments",
    "bots.info": "BotsInfoArguments",
    "chat.delete": "ChatDeleteArguments",
    "chat.postEphemeral": "ChatPostEphemeralArguments",
    "chat.postMessage": "ChatPostMessageArguments",
    "chat.update": "ChatUpdateArguments",
    "conversations.history": "ConversationsHistoryArguments",
    "conversations.info": "ConversationsInfoArguments",
    "conversations.open": "ConversationsOpenArguments",
    "conversations.replies": "ConversationsRepliesArguments",
    "files.completeUploadExternal": "FilesCompleteUploadExternalArguments",
    "files.getUploadURLExternal": "FilesGetUploadURLExternalArguments",
    "oauth.v2.access": "OAuthV2AccessArguments",
    "reactions.add": "ReactionsAddArguments",
    "team.info": "TeamInfoArguments",
    "users.info": "UsersInfoArguments",
    "users.lookupByEmail": "UsersLookupByEmailArguments",
    "views.open": "ViewsOpenArguments",
    "views.publish": "ViewsPublishArguments",
    "views.push": "ViewsPushArguments",
    "views.update": "ViewsUpdateArguments",
}
TYPES = ("KnownBlock", "View")
APART = {"AnyBlock", "Block", "KnownBlock"}
OPEN: dict[str, dict[str, Any]] = {
    "attachments": {"type": "array"},
    "blocks": {"type": "array"},
    "entities": {"type": "array"},
    "view": {"type": "object"},
}
"""Left open in methods: blocks and views are checked one by one, by their `type`."""
KEPT = ("type", "enum", "items", "minItems", "maxItems")
IMPORTS = (
    "import type * as W from '@slack/web-api';",
    "import type * as T from '@slack/types';",
)
OPTIONS = {"strict": True, "module": "nodenext", "moduleResolution": "nodenext", "types": []}

Schema = dict[str, Any]


def main(folder: Path) -> None:
    """Write the file beside this script."""
    asked = generated(folder, "W", METHODS, "none")
    methods = {name: method_schema(asked["All"]["properties"][name], asked) for name in METHODS}
    raw = generated(folder, "T", {name: name for name in TYPES}, "export")
    known = raw["KnownBlock"]["anyOf"]
    blocks = {name_of(ref, raw): ref["$ref"].rsplit("/", 1)[-1] for ref in known}
    roots = [*blocks.values(), "HomeView", "ModalView"]
    model = {
        "source": " ".join(
            f"@slack/{name} {version(folder, name)}" for name in ("types", "web-api")
        ),
        "url": "https://github.com/slackapi/node-slack-sdk",
        "licence": "MIT, copyright (c) 2014-present Slack Technologies, LLC",
        "methods": methods,
        "blocks": blocks,
        "views": {"home": "HomeView", "modal": "ModalView"},
        "definitions": reached(roots, raw),
    }
    Path(__file__).with_name("model.json").write_text(written(model), encoding="utf-8")


def generated(folder: Path, package: str, names: dict[str, str], exposed: str) -> Schema:
    """Have the generator read types of one package, and give the definitions that it wrote."""
    fields = [f"  {name!r}: {package}.{kind};" for name, kind in names.items()]
    lines = [*IMPORTS, "export interface All {", *fields, "}\n"]
    (folder / "entry.ts").write_text("\n".join(lines), encoding="utf-8")
    (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": OPTIONS}), "utf-8")
    tool = folder / "node_modules" / ".bin" / "ts-json-schema-generator"
    asked = ("--path", "entry.ts", "--tsconfig", "tsconfig.json", "--type", "All")
    ran = subprocess.run(
        [str(tool), *asked, "--no-type-check", "--expose", exposed],
        cwd=folder,
        check=True,
        stdout=subprocess.PIPE,
    )
    return json.loads(ran.stdout)["definitions"]  # type: ignore[no-any-return]


def version(folder: Path, name: str) -> str:
    """Give the version that is installed of one of Slack's packages."""
    text = (folder / "node_modules/@slack" / name / "package.json").read_text("utf-8")
    return str(json.loads(text)["version"])


def name_of(ref: Schema, raw: Schema) -> str:
    """Give the `type` by which a block is told from the others."""
    found = next(each for each in objects(ref, raw) if "type" in each["properties"])
    return str(found["properties"]["type"]["const"])


def method_schema(schema: Schema, raw: Schema) -> Schema:
    """Give what a method takes in any of its forms; it must have what all of them must have."""
    properties: dict[str, Schema] = {}
    forms = list(objects(schema, raw))
    for form in forms:
        for name, each in form.get("properties", {}).items():
            if name != "token" and "not" not in each:
                properties[name] = both(properties.get(name), OPEN.get(name) or plain(each))
    required = set.intersection(*(set(form.get("required", ())) for form in forms))
    return {"type": "object", "properties": properties, "required": sorted(required)}


def objects(schema: Schema, raw: Schema) -> Iterator[Schema]:
    """Give every form of an object, through references and unions."""
    if "$ref" in schema:
        yield from objects(raw[schema["$ref"].rsplit("/", 1)[-1]], raw)
    elif "anyOf" in schema:
        for each in schema["anyOf"]:
            yield from objects(each, raw)
    else:
        yield schema


def both(one: Schema | None, other: Schema) -> Schema:
    """Give what holds one of two schemas."""
    if one is None or one == other:
        return other
    known = one.get("anyOf", [one])
    return one if other in known else {"anyOf": [*known, other]}


def reached(roots: list[str], raw: Schema) -> dict[str, Schema]:
    """Give the definitions that the roots refer to, and those that they refer to."""
    found: dict[str, Schema] = {}
    ahead = list(roots)
    while ahead:
        name = ahead.pop()
        if name not in found:
            found[name] = plain(raw[name])
            ahead += refs(found[name])
    return dict(sorted(found.items()))


def refs(schema: Any) -> list[str]:
    """Give the names that a schema refers to."""
    if isinstance(schema, list):
        return [name for each in schema for name in refs(each)]
    if not isinstance(schema, dict):
        return []
    if "$ref" in schema:
        return [schema["$ref"].rsplit("/", 1)[-1]]
    return refs(list(schema.values()))


def plain(schema: Schema) -> Schema:
    """Keep what checks, leave what tells."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return {} if name in APART else {"$ref": f"#/definitions/{name}"}
    kept = {key: schema[key] for key in KEPT if key in schema}
    if isinstance(kept.get("items"), dict):
        kept["items"] = plain(kept["items"])
    if "const" in schema:
        kept["enum"] = [schema["const"]]
    if "anyOf" in schema:
        branches = [plain(each) for each in schema["anyOf"]]
        return {} if {} in branches else {"anyOf": branches}
    if "properties" in schema:
        fields = {name: each for name, each in schema["properties"].items() if "not" not in each}
        kept["properties"] = {
            name: OPEN["entities"] if name == "entities" else plain(each)
            for name, each in fields.items()
        }
        kept["required"] = schema.get("required", [])
        kept["additionalProperties"] = plain(schema.get("additionalProperties") or {}) or False
    return kept


def written(model: Schema) -> str:
    """Write each method and each definition on a line of its own."""
    parts = []
    for key, value in model.items():
        if key in {"methods", "definitions"}:
            rows = ",\n".join(f"{json.dumps(n)}:{short(each)}" for n, each in value.items())
            parts.append(f"{json.dumps(key)}:{{\n{rows}\n}}")
        else:
            parts.append(f"{json.dumps(key)}:{short(value)}")
    return "{" + ",\n".join(parts) + "}\n"


def short(value: Any) -> str:
    """Write without a space."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
