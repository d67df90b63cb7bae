"""The playground's page: four people of one cohort side by side, and a clock that can be let run.

Panes and clock are fragments that htmx fetches when the one stream names them. A press or a sent
text is answered 204, and shows up as it would on a phone: because the bot has taken it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.web.acting import ACTING, scene_of
from bot.web.bringing import BRINGING
from bot.web.casting import SLOTS, cast
from bot.web.drawing import STATIC, draw, query
from bot.web.gate import Gate
from bot.web.scene import Pane, Scene, Somebody, Stride
from bot.web.stream import announcements


def playground(scene: Scene) -> Starlette:
    """The whole site for one scene, to be served at the root of 127.0.0.1 or localhost alone."""
    site = Starlette(routes=ROUTES, middleware=[Middleware(Gate)])
    site.state.scene = scene
    return site


async def page(request: Request) -> Response:
    """The whole page."""
    scene = scene_of(request)
    people = await scene.people()
    slots = cast(people, request.query_params)
    panes = {slot: await _pane(scene, somebody) for slot, somebody in slots.items()}
    return HTMLResponse(
        draw("page.html", people=people, slots=slots, panes=panes, clock=await scene.clock())
    )


async def switched(request: Request) -> Response:
    """One pane after its person was changed, and the stream and the tabs that go with it."""
    scene = scene_of(request)
    people = await scene.people()
    slots = cast(people, request.query_params)
    slot = request.query_params.get("switched", "")
    if slot not in slots:
        raise HTTPException(404, "There is no such pane. Reload the page.")
    pane = await _pane(scene, slots[slot])
    drawn = draw("switched.html", people=people, slots=slots, slot=slot, pane=pane)
    address = f"/?{query(slots)}#pane-{slot}"
    return HTMLResponse(drawn, headers={"HX-Replace-Url": address})


async def live(request: Request) -> Response:
    """What changes in one pane: the line under the name, and the chat."""
    scene = scene_of(request)
    slot = request.path_params["slot"]
    people = await scene.people()
    slots = cast(people, request.query_params)
    if slot not in slots:
        raise HTTPException(404, "There is no such pane. Reload the page.")
    pane = await _pane(scene, slots[slot])
    return HTMLResponse(draw("live.html", people=people, slot=slot, pane=pane))


async def clock(request: Request) -> Response:
    """The clock's face."""
    return await _clock_face(request, request.query_params)


async def advance(request: Request) -> Response:
    """Let time pass, then the clock's face."""
    async with request.form() as form:
        asked = {name: value for name, value in form.items() if isinstance(value, str)}
    for stride in get_args(Stride):
        if stride == asked.get("stride"):
            await scene_of(request).advance(stride)
            return await _clock_face(request, asked)
    raise HTTPException(422, "Time passes to the next thing, a day or a week; nothing else.")


async def choices(request: Request) -> Response:
    """The four selects again, since somebody was added or renamed.

    The whole page instead where somebody who is shown is no longer there, or nobody was.
    """
    people = await scene_of(request).people()
    slots = cast(people, request.query_params)
    shown = {slot: request.query_params[slot] for slot in SLOTS if slot in request.query_params}
    if shown != {slot: str(somebody.id) for slot, somebody in slots.items()}:
        return Response(status_code=204, headers={"HX-Refresh": "true"})
    return HTMLResponse(draw("choices.html", people=people, slots=slots))


async def events(request: Request) -> Response:
    """The one stream of the page."""
    scene = scene_of(request)
    slots = cast(await scene.people(), request.query_params)
    shown = {slot: somebody.id for slot, somebody in slots.items()}
    return StreamingResponse(announcements(scene, shown), media_type="text/event-stream")


async def attachment(request: Request) -> Response:
    """A file that was sent to somebody: always to be saved, never shown by the browser."""
    message, name = request.path_params["message"], request.path_params["name"]
    found = await scene_of(request).attachment(message, name)
    if found is None:
        raise HTTPException(404, "That file is not here.")
    media_type, content = found
    disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return Response(content, media_type=media_type, headers={"content-disposition": disposition})


async def _clock_face(request: Request, asked: Mapping[str, str]) -> Response:
    scene = scene_of(request)
    slots = cast(await scene.people(), asked)
    panes = {slot: await _pane(scene, slots[slot]) for slot in ("a", "b") if slot in slots}
    return HTMLResponse(draw("clock.html", clock=await scene.clock(), panes=panes))


async def _pane(scene: Scene, somebody: Somebody) -> Pane:
    return await scene.pane(somebody.id) or Pane(somebody, "", "", "", ())


ROUTES = [
    Route("/", page),
    Route("/panes", switched),
    Route("/panes/{slot}", live),
    Route("/clock", clock),
    Route("/clock", advance, methods=["POST"]),
    Route("/choices", choices),
    Route("/events", events),
    Route("/attachments/{message:int}/{name}", attachment),
    *ACTING,
    *BRINGING,
    Mount("/static", StaticFiles(directory=STATIC), name="static"),
]
