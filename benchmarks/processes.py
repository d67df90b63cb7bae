"""Processes that are measured as a whole, from the call to the end, and the memory they hold."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from time import perf_counter, sleep

PATIENCE_SECONDS = 60
LOOK_AGAIN_SECONDS = 0.005


@dataclass(frozen=True, slots=True)
class Finished:
    """A process that has ended well."""

    wall: float
    """Seconds from the call to the end."""
    cpu: float
    """Seconds of processor, its own and the system's for it."""
    said: str


def finished(command: Sequence[str], **environment: str) -> Finished:
    """Run something to its end. Raises AssertionError, with what it said, where it fails."""
    with TemporaryFile() as said:
        began = perf_counter()
        process = subprocess.Popen(
            command, stdout=said, stderr=subprocess.STDOUT, env={**os.environ, **environment}
        )
        # Not Popen.wait: only this tells what the process itself has used.
        _, status, used = os.wait4(process.pid, 0)
        wall = perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        text = said.read().decode()
    assert process.returncode == 0, text
    return Finished(wall, used.ru_utime + used.ru_stime, text)


def python(*arguments: str) -> list[str]:
    """Give the command that runs this very Python."""
    return [sys.executable, *arguments]


def comentor(*arguments: str) -> list[str]:
    """Give the command that runs comentor as installed beside this Python."""
    installed = Path(sys.executable).with_name("comentor")
    return [str(installed), *arguments] if installed.is_file() else python("-m", "bot", *arguments)


@contextmanager
def serving(command: Sequence[str], folder: Path) -> Iterator[int]:
    """Keep a server running in a folder; gives its process's id."""
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        try:
            yield process.pid
        finally:
            process.terminate()
            process.communicate()


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def asked(port: int, path: str, form: str | None = None) -> tuple[int, str]:
    """Give status and body of a page of this machine; a form is posted."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST" if form else "GET", path, form, kind if form else {})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def answered(port: int, path: str = "/", expected: str = "") -> str:
    """Ask again and again until a page comes and matches a pattern; give it."""
    until = perf_counter() + PATIENCE_SECONDS
    while perf_counter() < until:
        try:
            status, page = asked(port, path)
        except ConnectionError:
            sleep(LOOK_AGAIN_SECONDS)
            continue
        assert status == 200, page
        if re.search(expected, page, re.DOTALL):
            return page
    raise AssertionError(f"{path} did not come to match {expected!r}")


@dataclass(frozen=True, slots=True)
class Memory:
    """What a process holds, in MB of a million bytes."""

    resident: float
    proportional: float
    """Resident, with what it shares divided among those who share it."""
    peak: float


def memory_of(process: int) -> Memory | None:
    """Give what a process holds now, or None where the system has no /proc."""
    home = Path(f"/proc/{process}")
    if not home.is_dir():
        return None
    status = (home / "status").read_text()
    shares = (home / "smaps_rollup").read_text()
    return Memory(_in_mb(status, "VmRSS"), _in_mb(shares, "Pss"), _in_mb(status, "VmHWM"))


def _in_mb(text: str, name: str) -> float:
    found = re.search(rf"^{name}:\s+(\d+) kB", text, re.MULTILINE)
    assert found is not None
    return int(found[1]) * 1024 / 1e6
