"""The Bot API's double in a process of its own, and a real comentor that is turned to it."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

from benchmarks.processes import LOOK_AGAIN_SECONDS, PATIENCE_SECONDS, free_port, python

ROOT = Path(__file__).parent.parent
LONGEST_WISH_SECONDS = 600
FIRST_PERSON = 1000
"""The id of the first whom `--people` brings."""


@dataclass(frozen=True, slots=True)
class Double:
    """A Bot API that answers, and pushes updates, in a process of its own."""

    base_url: str
    token: str
    port: int

    def wish(self, name: str, **fields: Any) -> Any:
        """Pull one of the strings of `tests/botapi/control.py`."""
        return self._asked(f"/control/{name}", fields)["done"]

    def set_webhook(self, url: str) -> None:
        """Set it in the name of whoever listens there."""
        self._asked(f"/bot{self.token}/setWebhook", {"url": url})

    def wait_for_webhook(self) -> None:
        """Return once a webhook is set, and whoever set it can be called."""
        until = perf_counter() + PATIENCE_SECONDS
        while perf_counter() < until:
            url = self._asked(f"/bot{self.token}/getWebhookInfo", {})["result"]["url"]
            if url and _listens(int(url.rsplit(":")[-1].split("/")[0])):
                return
            sleep(LOOK_AGAIN_SECONDS)
        raise AssertionError("nobody has set a webhook")

    def _asked(self, path: str, fields: Mapping[str, Any]) -> Any:
        asking = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONGEST_WISH_SECONDS)
        try:
            kind = {"Content-Type": "application/json"}
            asking.request("POST", path, json.dumps(fields), kind)
            answer = asking.getresponse()
            said = json.loads(answer.read())
            assert answer.status == 200, said
            return said
        finally:
            asking.close()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def a_double(*arguments: str) -> Iterator[Double]:
    """Keep a double running, and end it in good order."""
    command = python("-m", "tests.botapi", "--control", *arguments)
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield Double(**json.loads(process.stdout.readline()))
        finally:
            process.terminate()


@contextmanager
def in_background(command: Sequence[str]) -> Iterator[None]:
    """Keep a program of this folder running; what it says is seen."""
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.terminate()


@dataclass(slots=True)
class Running:
    """`comentor run`, at noon of a workday: in quiet hours much would wait."""

    double: Double
    url: str
    room: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    program: str = "tests.telegram.at_noon"
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and return once it says that it is there."""
        log = self.room / "log.txt"
        said = log.stat().st_size if log.exists() else 0
        with log.open("ab") as into:
            self.process = subprocess.Popen(
                python("-m", self.program),
                cwd=self.room,
                env=self._environment(),
                stdout=into,
                stderr=into,
            )
        until = perf_counter() + PATIENCE_SECONDS
        while b"Ctrl-C" not in log.read_bytes()[said:]:
            assert self.process.poll() is None, log.read_text()
            assert perf_counter() < until, log.read_text()
            sleep(LOOK_AGAIN_SECONDS)

    def _environment(self) -> dict[str, str]:
        clean = {name: it for name, it in os.environ.items() if not name.startswith("COMENTOR_")}
        return {
            **clean,
            "PYTHONPATH": str(ROOT),
            "COMENTOR_DATABASE__URL": self.url,
            "COMENTOR_TELEGRAM__TOKEN": self.double.token,
            "COMENTOR_TELEGRAM__BASE_URL": self.double.base_url.removesuffix("/bot"),
            **self.settings,
        }

    def kill(self) -> None:
        """Kill it as a power cut would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """End it in good order."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait()


@contextmanager
def started(running: Running) -> Iterator[Running]:
    """Start a comentor and keep it running."""
    running.start()
    try:
        yield running
    finally:
        running.stop()


def by_webhook() -> dict[str, str]:
    """Give the settings of a comentor that Telegram calls, on a port that nobody listens on."""
    port = str(free_port())
    return {
        "COMENTOR_TELEGRAM__WEBHOOK_URL": f"http://127.0.0.1:{port}",
        "COMENTOR_SERVER__PORT": port,
    }
