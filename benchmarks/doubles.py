"""A platform's double in a process of its own, and a real comentor that is turned to it."""

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

from benchmarks.processes import LOOK_AGAIN_SECONDS, PATIENCE_SECONDS, python

ROOT = Path(__file__).parent.parent
LONGEST_WISH_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Strings:
    """What a double is moved by from outside: its `/control/…`."""

    port: int

    def wish(self, name: str, **fields: Any) -> Any:
        """Pull one of the strings of its `control.py`."""
        return self.asked(f"/control/{name}", fields)["done"]

    def asked(self, path: str, fields: Mapping[str, Any]) -> Any:
        """Give what it answers. Raises AssertionError where it refuses."""
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


def listens(port: int) -> bool:
    """Whether anybody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(port: int) -> None:
    """Return once somebody listens there."""
    until = perf_counter() + PATIENCE_SECONDS
    while not listens(port):
        assert perf_counter() < until, "nobody listens"
        sleep(LOOK_AGAIN_SECONDS)


@contextmanager
def a_process(module: str, *arguments: str) -> Iterator[Any]:
    """Keep a double running, and end it in good order; gives what its first line says."""
    command = python("-m", module, "--control", *arguments)
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
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
        own = {"PYTHONPATH": str(ROOT), "COMENTOR_DATABASE__URL": self.url}
        return {**clean, **own, **self.settings}

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
