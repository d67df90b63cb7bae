"""The playground's real process: started, asked over HTTP, killed, started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import httpx
from sqlalchemy import create_engine, exists, select

from bot.clock import Clock, WallClock
from bot.engine import next_moment
from bot.playground.time import clock_from
from bot.store.database import session_on
from bot.store.tables import Arrival, Message
from tests.whole.pages import of_class, read_html, words_of
from tests.whole.still import StillClock

HERE = Path(__file__).parent.parent.parent
T = TypeVar("T")

PATIENCE_SECONDS = 20.0
"""How long anything is waited for: a turn takes milliseconds and a start a second or two."""
BETWEEN_LOOKS_SECONDS = 0.015
ON_ITS_WAY = (
    exists().where(Arrival.done_at.is_(None), Arrival.fault.is_(None)),
    exists().where(Message.state == "sending"),
)
YEAR = 2027
"""Of the example cohort; the page leaves it out."""


def until(what: str, look: Callable[[], T | None], shown: Callable[[], object] = str) -> T:
    """Look again and again until there is something true to see, and give it."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while not (seen := look()):
        assert time.monotonic() < ends, f"waited in vain for {what}; {shown()}"
        time.sleep(BETWEEN_LOOKS_SECONDS)
    return seen


class Server:
    """A playground in a process of its own, with a port and a room of its own."""

    program: tuple[str, ...] = ("bot", "play")

    def __init__(self, room: Path) -> None:
        """Choose a free port; nothing is started yet."""
        self.room = room
        self.wall: Clock = WallClock()
        self.log = room / "log.txt"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.web = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=60)
        self._process: subprocess.Popen[bytes] | None = None

    def command(self, *more: str) -> list[str]:
        """Give the command that serves it: with whatever `bot` is installed, checkout or wheel."""
        return [sys.executable, "-m", *self.program, "--port", str(self.port), *more]

    def start(self, *more: str) -> None:
        """Start it, and return once its page answers."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command(*more),
                cwd=self.room,
                env=os.environ | {"PYTHONPATH": str(HERE)},
                stdout=log,
                stderr=log,
            )
        until("the playground to answer", self._answers, self.said)

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, f"it ended: {self.said()}"
        try:
            return self.web.get("/clock").status_code == 200
        except httpx.TransportError:
            return False

    def said(self) -> str:
        """Give all that it has printed since it was first started."""
        return self.log.read_text("utf-8")

    def kill(self) -> None:
        """Kill it as a power cut would: nothing of ours gets a last word."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """End it as Ctrl-C does, and give its exit code."""
        return self._end(signal.SIGINT)

    def _end(self, how: signal.Signals) -> int:
        assert self._process is not None
        self._process.send_signal(how)
        code = self._process.wait(timeout=PATIENCE_SECONDS)
        self._process = None
        return code

    @property
    def is_running(self) -> bool:
        """Whether there is a process to ask."""
        return self._process is not None

    def close(self) -> None:
        """Leave nothing behind."""
        if self._process is not None:
            self.kill()
        self.web.close()

    def post(self, path: str, fields: dict[str, str]) -> httpx.Response:
        """Send what the page would send."""
        return self.web.post(path, data=fields)

    def text(self, address: str) -> str:
        """Give a page, or a fragment of one, as it is sent."""
        answer = self.web.get(address)
        assert answer.status_code == 200, (address, answer.status_code, answer.text)
        return answer.text

    def people(self) -> dict[str, int]:
        """Give everybody that a pane can be switched to, by name."""
        choices = next(
            each for each in read_html(self.text("/")).iter("select") if each.get("name") == "a"
        )
        return {words_of(each): int(each.get("value", "0")) for each in choices.iter("option")}

    def now(self) -> datetime:
        """Give cohort time, as the wall time of the cohort's place that the page shows."""
        shown = next(words_of(each) for each in of_class(read_html(self.text("/clock")), "now"))
        day, _, rest = shown.removeprefix("It is ").partition(", ")
        return datetime.strptime(  # noqa: DTZ007 - a wall time
            f"{YEAR} {day} {rest[:5]}", "%Y %a %d %B %H:%M"
        )

    def a_moment_later(self) -> None:
        """Take a moment, as everybody does for each thing they do; here it takes care of itself."""

    def let_pass(self, stride: str) -> None:
        """Press one of the clock's three buttons; what falls due on the way has then happened."""
        answer = self.post("/clock", {"stride": stride})
        assert answer.status_code == 200, answer.text

    def come_to_rest(self) -> None:
        """Wait until nothing is due, nor on its way.

        Whoever looks before it is there, and then lets time pass, has missed it.
        """
        until("all that is due to have happened", self._is_at_rest, self.said)

    def _is_at_rest(self) -> bool:
        engine = create_engine(f"sqlite:///{self.room}/playground/playground.sqlite3")
        with engine.connect() as connection, session_on(connection) as session:
            clock, due = clock_from(session, self.wall), next_moment(session)
            on_its_way = [session.scalar(select(each)) for each in ON_ITS_WAY]
        engine.dispose()
        assert clock is not None
        return not any(on_its_way) and (due is None or due > clock.now())


class StillServer(Server):
    """One whose time passes with what people do: how quick it is makes no difference to anybody."""

    program = ("tests.whole.still",)

    def __init__(self, room: Path) -> None:
        """Hang up the clock."""
        super().__init__(room)
        self.wall = self._still = StillClock(room)

    def a_moment_later(self) -> None:
        self._still.move_on()
