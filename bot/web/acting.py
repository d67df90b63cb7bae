"""What the people on the page do: press, type, send a file, open an invitation.

Each is committed, then answered 204; the page shows it once the stream names the chat.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.web.scene import Scene

TEXT_LIMIT = 4_096
"""Characters of one message: Bot API, `Message.text`."""
DATA_LIMIT = 64
"""Bytes: Bot API, `InlineKeyboardButton.callback_data`."""
NAME_LIMIT = 255
"""Characters of a file's name; no usual file system takes more."""
TOKEN_LIMIT = 64
"""Characters: Bot API, deep linking, the `start` parameter."""
EVENT = re.compile(r"[A-Za-z0-9-]{8,64}")

Act = Callable[[Scene, int, FormData, str], Awaitable[None]]


async def press(scene: Scene, person: int, form: FormData, event: str) -> None:
    """A button was pressed."""
    data = _field(form, "data")
    if not data or len(data.encode()) > DATA_LIMIT:
        raise HTTPException(422, "That is no button of this chat. Reload the page.")
    await scene.press(person, data, event)


async def type_text(scene: Scene, person: int, form: FormData, event: str) -> None:
    """Something was typed and sent."""
    text = _field(form, "text").replace("\r\n", "\n").strip()
    if not text:
        raise HTTPException(422, "Nothing was typed, so nothing was sent.")
    if len(text) > TEXT_LIMIT:
        raise HTTPException(
            413,
            f"A message holds at most {TEXT_LIMIT:,} characters, as on Telegram; this one has "
            f"{len(text):,}. It was not sent. Send it in parts.",
        )
    await scene.type(person, text, event)


async def attach(scene: Scene, person: int, form: FormData, event: str) -> None:
    """A file was sent; only its name arrives here."""
    name = re.split(r"[/\\]", _field(form, "name"))[-1].strip()
    if not name or len(name) > NAME_LIMIT:
        raise HTTPException(
            422,
            f"A file needs a name of 1 to {NAME_LIMIT} characters. Rename it and send it again.",
        )
    await scene.attach(person, name, event)


async def come(scene: Scene, person: int, form: FormData, event: str) -> None:
    """The invitation was opened."""
    token = _field(form, "token")
    if not token or len(token) > TOKEN_LIMIT:
        raise HTTPException(422, "That is no invitation. Reload the page.")
    await scene.come(person, token, event)


def scene_of(request: Request) -> Scene:
    """The scene that this site shows."""
    scene: Scene = request.app.state.scene
    return scene


def _field(form: FormData, name: str) -> str:
    value = form.get(name)
    return value.replace("\0", "") if isinstance(value, str) else ""


async def _known(scene: Scene, person: int) -> int:
    if all(person != somebody.id for somebody in await scene.people()):
        raise HTTPException(404, "Nobody of that number is in this cohort. Reload the page.")
    return person


def _route(name: str, act: Act) -> Route:
    async def acted(request: Request) -> Response:
        async with request.form() as form:
            event = _field(form, "event")
            if not EVENT.fullmatch(event):
                raise HTTPException(
                    422, "This lacks its event's id, so nothing was done. Reload the page."
                )
            scene = scene_of(request)
            person = await _known(scene, request.path_params["person"])
            await act(scene, person, form, event)
        return Response(status_code=204)

    return Route(f"/people/{{person:int}}/{name}", acted, methods=["POST"], name=name)


ACTING = [
    _route("press", press),
    _route("type", type_text),
    _route("attach", attach),
    _route("come", come),
]
