"""What the three steps of an upload do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from aiohttp import web

from tests.slackapi.methods import Call, Deed, by_bot
from tests.slackapi.refusals import Refused, wrong

if TYPE_CHECKING:
    from tests.slackapi.server import SlackApi
    from tests.slackapi.state import Json


def upload_url(call: Call) -> Json:
    """Give an address for the bytes of one file."""
    if call.given["length"] <= 0:
        raise wrong("invalid_arguments", ["length must be positive [json-pointer:/length]"])
    name = call.api.state.name("F")
    about = {"id": name, "name": call.given["filename"], "size": int(call.given["length"])}
    call.workspace.files[name] = about | {"content": None}
    return {"file_id": name, "upload_url": f"{call.api.address}/upload/{call.workspace.id}/{name}"}


async def take(api: SlackApi, request: web.BaseRequest) -> web.Response:
    """Take the bytes; the address alone says whose they are."""
    _, _, team, name = request.path.split("/")
    workspace = api.workspaces.get(team)
    file = workspace.files.get(name) if workspace else None
    content = await request.read()
    if file is None or len(content) != file["size"]:
        return web.Response(status=400, text="failed")
    file["content"] = content
    return web.Response(text=f"OK - {len(content)}")


def complete(call: Call) -> Json:
    """Put what was uploaded into a channel, as one message."""
    files = []
    for each in call.given["files"]:
        file = call.workspace.files.get(each["id"])
        if file is None or file["content"] is None:
            raise Refused("file_not_found")
        file["title"] = each.get("title", file["name"])
        files.append({name: value for name, value in file.items() if name != "content"})
    if "channel_id" in call.given:
        place = {"channel": call.given["channel_id"]}
        channel = Call(call.api, call.workspace, call.method, place).channel(posting=True)
        content = {"text": call.given.get("initial_comment", ""), "files": files}
        thread = {"thread_ts": call.given["thread_ts"]} if "thread_ts" in call.given else {}
        call.workspace.put(channel, content | thread, by_bot(call), by_bot=True)
    return {"files": [{"id": each["id"], "title": each["title"]} for each in files]}


DEEDS: Mapping[str, Deed] = {
    "files.getUploadURLExternal": upload_url,
    "files.completeUploadExternal": complete,
}
