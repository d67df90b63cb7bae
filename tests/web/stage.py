"""A scene behind a real server, and a browser's page before it."""

from __future__ import annotations

import re
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import uvicorn
from playwright.sync_api import Browser, FilePayload, Page, ViewportSize

from bot.web.playground import playground
from tests.web.scene_double import SceneDouble

ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE = ViewportSize(width=1280, height=800)
PHONE = ViewportSize(width=390, height=844)
EXPECTED = ("htmx:", "[object ", "Failed to load resource", "Response Status Error")
"""What htmx and Chromium log of a server that is away or refuses, by a test's own doing."""


@dataclass
class Stage:
    """A scene and the server that shows it, which can go and come back on the same port."""

    scene: SceneDouble
    port: int
    _server: uvicorn.Server | None = None
    _thread: threading.Thread = field(default_factory=threading.Thread)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def open(self) -> None:
        """Serve, and return once the port answers."""
        config = uvicorn.Config(
            playground(self.scene),
            port=self.port,
            log_level="critical",
            timeout_graceful_shutdown=0,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run)
        self._thread.start()
        while self._thread.is_alive() and not _answers(self.port):
            self._thread.join(0.02)

    def close(self) -> None:
        """Stop at once, with streams and requests under way."""
        if self._server:
            self._server.should_exit = True
            self._thread.join()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def installed() -> str:
    """Where a browser is, or an empty string."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), "")


def a_file(name: str, content: bytes) -> FilePayload:
    """What a file input is given."""
    return {"name": name, "mimeType": "text/csv", "buffer": content}


@contextmanager
def opened(chromium: Browser, stage: Stage, size: ViewportSize, **wishes: str) -> Iterator[Page]:
    """The page, connected; at the end there must have been no complaint on its console."""
    context = chromium.new_context(viewport=size, **wishes)  # type: ignore[arg-type]
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    with page.expect_response(re.compile("/choices")):  # the last thing the stream asks for
        page.goto(stage.address)
    yield page
    context.close()
    assert [line for line in complaints if not line.startswith(EXPECTED)] == []


FOCUSED = """() => {
    const at = document.activeElement;
    const shown = at.matches('input[type=file]') ? at.closest('label') : at;
    return {
        id: at.id,
        text: at.textContent.trim(),
        slot: at.closest('.pane')?.dataset.slot ?? '',
        ringed: parseFloat(getComputedStyle(shown).outlineWidth) > 1
            && getComputedStyle(shown).outlineStyle !== 'none',
    };
}"""


def tab_to(page: Page, wanted: str) -> list[str]:
    """The panes passed by pressing Tab until that id has the focus; it must show at every stop."""
    passed = []
    for _ in range(80):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        assert at["ringed"], f"no visible focus on {at}"
        passed.append(at["slot"])
        if at["id"] == wanted:
            return passed
    raise AssertionError(f"{wanted} was not reached by Tab")
