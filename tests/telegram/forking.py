"""Python that has comentor imported already and forks for each start: a tenth of a start's time.

What is forked is a process like any other, with a number, a folder, an environment and a log of its
own; it can be killed. Only what Python would have imported is there from the beginning.
"""

from __future__ import annotations

import asyncio
import json
import os
import runpy
import signal
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Self

HERE = Path(__file__).parent.parent.parent
IMPORTED = ("bot.cli", "bot.running")
BETWEEN_LOOKS_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Start:
    """What is to be started: a module and its arguments, where, with what, and its log."""

    arguments: tuple[str, ...]
    room: str
    environment: dict[str, str]
    log: str


@dataclass(slots=True)
class Forked:
    """One process that was started."""

    number: int
    nursery: Nursery

    @property
    def returncode(self) -> int | None:
        """How it ended, as subprocess tells it; None while it runs."""
        return self.nursery.ended().get(self.number)

    async def wait(self) -> int:
        """Wait until it has ended, and give how."""
        while True:
            if (code := self.returncode) is not None:
                return code
            await asyncio.sleep(BETWEEN_LOOKS_SECONDS)

    def send_signal(self, how: signal.Signals) -> None:
        """Send it a signal, unless it has ended."""
        if self.returncode is None:
            os.kill(self.number, how)


@dataclass(slots=True)
class Nursery:
    """The process that forks; it ends with ours, whose input it reads."""

    process: subprocess.Popen[bytes]
    _said: bytes = b""
    _asked: int = 0
    _began: list[int] = field(default_factory=list)
    _ended: dict[int, int] = field(default_factory=dict)

    @classmethod
    def opened(cls) -> Self:
        """Begin one, with none of our settings in its environment."""
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.telegram.forking"],
            cwd=HERE,
            env=plain_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        os.set_blocking(process.stdout.fileno(), False)
        return cls(process)

    async def start(self, start: Start) -> Forked:
        """Have one started, and give it."""
        assert self.process.stdin is not None
        place, self._asked = self._asked, self._asked + 1
        self.process.stdin.write(json.dumps(asdict(start)).encode() + b"\n")
        self.process.stdin.flush()
        while len(self._began) <= place:
            assert self.process.poll() is None
            await asyncio.sleep(BETWEEN_LOOKS_SECONDS)
            self._listen()
        return Forked(self._began[place], self)

    def ended(self) -> dict[int, int]:
        """Give how each has ended that has."""
        self._listen()
        return self._ended

    def _listen(self) -> None:
        assert self.process.stdout is not None
        *lines, self._said = (self._said + (self.process.stdout.read() or b"")).split(b"\n")
        for line in lines:
            what, number, code = line.split()
            if what == b"began":
                self._began.append(int(number))
                self._ended.pop(int(number), None)  # another had that number before
            else:
                self._ended[int(number)] = int(code)


@cache
def nursery() -> Nursery:
    """Give the one of this process; it is begun when it is first asked for."""
    return Nursery.opened()


def plain_environment() -> dict[str, str]:
    """Give ours without a setting of comentor's; what stands here can be imported."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("COMENTOR_")}
    return {**ours, "PYTHONPATH": str(HERE)}


# In the process that forks


def main() -> None:
    """Fork for each line that comes in, until none can come any more."""
    for each in IMPORTED:
        import_module(each)
    signal.signal(signal.SIGCHLD, lambda *_: _tell_who_ended())
    for line in sys.stdin:
        # That one has ended is never told before it has begun.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
        number = os.fork()
        if not number:
            # Returns into this life's own end: what it raises is Python's to tell.
            return _become(Start(**json.loads(line)))
        _tell("began", number)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
    return None


def _become(start: Start) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
    log = os.open(start.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for ours, theirs in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(ours, theirs)
    os.chdir(start.room)
    os.environ.clear()
    os.environ.update(start.environment)
    module, *arguments = start.arguments
    sys.argv[1:] = arguments
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _tell_who_ended() -> None:
    while True:
        try:
            number, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not number:
            return
        _tell("ended", number, os.waitstatus_to_exitcode(status))


def _tell(what: str, number: int, code: int = 0) -> None:
    # Past Python's buffers: a signal's handler may come amid a write to them.
    os.write(1, f"{what} {number} {code}\n".encode())


if __name__ == "__main__":
    main()
