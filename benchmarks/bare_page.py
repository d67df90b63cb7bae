"""The least that could serve a page from this stack: Starlette on uvicorn, SQLAlchemy imported.

`python -m benchmarks.bare_page PORT` serves it.
"""

from __future__ import annotations

import sys

import sqlalchemy
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route


async def page(_: Request) -> PlainTextResponse:
    """Answer anybody."""
    return PlainTextResponse(sqlalchemy.__version__)


if __name__ == "__main__":
    uvicorn.run(Starlette(routes=[Route("/", page)]), port=int(sys.argv[1]), log_level="critical")
