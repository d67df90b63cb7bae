"""The playground's process: what a restart keeps, what `--fresh` forgets, whom it refuses."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from tests.whole.pages import read_html, words_of
from tests.whole.phone import Phone
from tests.whole.server import PATIENCE_SECONDS, Server

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "cohort.csv"
FIRST_MORNING = datetime(2027, 1, 11, 9)  # noqa: DTZ001 - a wall time
JOIN = "Would you like to join?"
HEAD = "key,name,role,pair,supervisor,zone"
EVE = "eve,Eve Stone,mentee,p1,,Europe/Madrid"
FAY = "fay,Fay Silva,mentor,p1,,Europe/Lisbon"


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One process for all of these tests, which stop and start it as they need."""
    server = Server(tmp_path_factory.mktemp("room"))
    yield server
    server.close()


@pytest.fixture
def server(process: Server) -> Server:
    """A playground that answers; no test minds what the others have left in it."""
    if not process.is_running:
        process.start()
    return process


def ana_on(server: Server) -> Phone:
    """Give Ana's phone."""
    return Phone(server, "Ana Ruiz", server.people()["Ana Ruiz"])


def ana_comes(server: Server) -> None:
    """Let her open her invitation, unless she has."""
    ana = ana_on(server)
    if ana.screen().invitation is not None:
        ana.comes()
    ana.reads(JOIN)


def another(
    server: Server, *more: str, room: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a second playground until it gives up."""
    return subprocess.run(
        server.command(*more),
        cwd=room or server.room,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


# What is kept


def test_a_restart_keeps_cohort_time(server: Server) -> None:
    """It goes on from where the page had let it run, after a kill as after Ctrl-C."""
    began = server.now()
    server.let_pass("week")
    for end in (server.kill, server.stop):
        before = server.now()
        end()
        server.start()
        assert before <= server.now() <= before + timedelta(minutes=5)
    assert server.now() >= began + timedelta(weeks=1)


def test_ctrl_c_is_a_good_end(server: Server) -> None:
    """Whoever stops it in a terminal reads no traceback."""
    assert server.stop() == 0
    assert "Traceback" not in server.said()


def test_fresh_begins_again(server: Server) -> None:
    """Nothing of what was played is left, and it is the first morning."""
    ana_comes(server)
    server.let_pass("week")
    server.stop()
    server.start("--fresh")
    assert server.now() == FIRST_MORNING
    assert ana_on(server).bubbles() == ()
    assert ana_on(server).screen().invitation is not None


# Who is refused


def test_a_second_process_on_the_same_file_is_refused(server: Server) -> None:
    """In words; and what the first one keeps is not touched, whatever the second was told."""
    ana_comes(server)
    for more in ((), ("--fresh",)):
        second = another(server, *more)
        assert second.returncode == 2
        assert "Error: Another comentor is using playground/playground.sqlite3." in second.stderr
        assert "http://" not in second.stdout
    server.kill()
    server.start()
    assert ana_on(server).shows(JOIN)


def test_a_port_in_use_is_told_in_words(
    server: Server, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Else the address that was printed would lead to somebody else's page."""
    second = another(server, room=tmp_path_factory.mktemp("elsewhere"))
    assert second.returncode == 2
    assert f"Error: Port {server.port} of 127.0.0.1 cannot be used" in second.stderr
    assert "--port" in second.stderr
    assert "http://" not in second.stdout


# Bringing a file


def preview(server: Server, content: bytes, name: str = "cohort.csv") -> str:
    """Choose a file on the page, and give what it says of it."""
    answer = server.web.post("/import/preview", files={"file": (name, content, "text/csv")})
    assert answer.status_code == 200
    return answer.text


def do_it(server: Server, shown: str) -> httpx.Response:
    """Press `Do it` under what was shown."""
    (ticket,) = (each for each in read_html(shown).iter("input") if each.get("name") == "ticket")
    return server.web.post("/import", data={"ticket": ticket.get("value", "")})


def sheet(*lines: str) -> bytes:
    """A file of these lines."""
    return "".join(f"{line}\n" for line in lines).encode()


def test_the_example_again_changes_nothing(server: Server) -> None:
    """It is what the playground began with; there is nothing to do and nothing to press."""
    before = server.people()
    shown = preview(server, EXAMPLE.read_bytes(), "example.csv")
    assert "example.csv changes nothing" in shown
    assert "Do it" not in shown
    assert server.people() == before


def test_a_file_is_shown_then_done_then_changes_nothing(server: Server) -> None:
    """Two more people, who have their invitations at once."""
    before = server.people()
    file = sheet(HEAD, EVE, FAY)
    shown = preview(server, file)
    lines = [words_of(each) for each in read_html(shown).iter("li")]
    assert any("Eve Stone" in line and "Fay Silva" in line for line in lines)
    assert server.people() == before
    assert "Done" in do_it(server, shown).text
    assert server.people().keys() - before.keys() == {"Eve Stone", "Fay Silva"}
    Phone(server, "Eve Stone", server.people()["Eve Stone"]).comes()
    assert "cohort.csv changes nothing" in preview(server, file)


def test_a_bad_file_shows_every_fault_and_changes_nothing(server: Server) -> None:
    """Each with its line, its column and what to do; there is nothing to press."""
    before = server.people()
    shown = preview(
        server,
        sheet(
            HEAD,
            "eve,Eve Stone,mentee,p1,,Europe/Madird",
            "fay,=Fay(),mentor,p1,,Europe/Lisbon",
            "gus,Gus Hall,mentor,,,Europe/London",
        ),
    )
    rows = [[words_of(cell) for cell in row.iter("td")] for row in read_html(shown).iter("tr")]
    told = {(line, column) for line, column, *_ in filter(None, rows)}
    assert told == {("2", "zone"), ("3", "name"), ("4", "pair")}
    assert all(wrong and remedy for _, _, wrong, remedy in filter(None, rows))
    assert "Europe/Madrid" in shown
    assert "Do it" not in shown
    assert server.people() == before


def test_what_was_shown_before_a_restart_is_to_be_looked_at_again(server: Server) -> None:
    """The ticket was the former process's; nothing is done on the strength of it."""
    before = server.people()
    gus, hal = EVE.replace("eve,Eve", "gus,Gus"), FAY.replace("fay,Fay", "hal,Hal")
    shown = preview(server, sheet(HEAD, gus.replace("p1", "p2"), hal.replace("p1", "p2")))
    server.kill()
    server.start()
    assert "Choose the file again and look once more." in do_it(server, shown).text
    assert server.people() == before


# What the page tells of itself


def test_the_stream_names_the_chat_in_which_something_happened(server: Server) -> None:
    """A browser fetches what the stream names; it is how a bubble appears without a reload."""
    ana_comes(server)
    ana = ana_on(server)
    with server.web.stream("GET", "/events", params={"a": ana.number}) as stream:
        lines = (line for line in stream.iter_lines() if line.startswith("event: "))
        first = {next(lines) for _ in range(6)}
        assert first == {f"event: {name}" for name in ("a", "b", "c", "d", "clock", "people")}
        ana.types("hello")
        assert next(lines) == "event: a"
