"""Bring your own cohort: a file is looked through, what it would do is shown, then it is done."""

from __future__ import annotations

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.web.acting import scene_of
from bot.web.drawing import draw


async def preview(request: Request) -> Response:
    """What importing the sent file would do, or all that is wrong with it; changes nothing."""
    async with request.form() as form:
        sent = form.get("file")
        if not isinstance(sent, UploadFile) or not sent.filename:
            raise HTTPException(422, "No file was chosen. Choose a CSV file first.")
        content = await sent.read()
    report = await scene_of(request).preview_import(sent.filename, content)
    return HTMLResponse(draw("preview.html", report=report, name=sent.filename))


async def do_it(request: Request) -> Response:
    """Do what the preview showed."""
    async with request.form() as form:
        ticket = form.get("ticket")
    report = await scene_of(request).import_it(ticket) if isinstance(ticket, str) else None
    return HTMLResponse(draw("imported.html", report=report))


BRINGING = [
    Route("/import/preview", preview, methods=["POST"], name="preview"),
    Route("/import", do_it, methods=["POST"], name="import"),
]
