"""What the playground takes from its own page, and what it refuses: other sites, and too much."""

from __future__ import annotations

import re

import httpx
import pytest

from bot.web.gate import BODY_LIMIT, FILE_LIMIT
from tests.web.a_spring_cohort import ANA
from tests.web.scene_double import SceneDouble

EVENT = "3f0e0f5e-3a53-4a57-9f0e-0a7c6f1f0001"


@pytest.mark.parametrize(
    ("act", "form"),
    [
        ("press", {"data": "check.goal.4"}),
        ("type", {"text": "help"}),
        ("attach", {"name": "plan.pdf"}),
        ("come", {"token": "t"}),
    ],
)
async def test_a_repeated_event_is_passed_on_as_it_is(
    scene: SceneDouble, client: httpx.AsyncClient, act: str, form: dict[str, str]
) -> None:
    """The page keeps no list of its own: the scene hears the same id twice and does it once."""
    for _ in range(2):
        answer = await client.post(f"/people/{ANA}/{act}", data={**form, "event": EVENT})
        assert (answer.status_code, answer.content) == (204, b"")
    assert [call.event for call in scene.done_by(act)] == [EVENT, EVENT]


@pytest.mark.parametrize("event", ["", "short", "x" * 65, "a b c d e f g", "<script>"])
async def test_an_action_without_a_proper_event_is_refused(
    scene: SceneDouble, client: httpx.AsyncClient, event: str
) -> None:
    """Without it a second delivery could not be told from a second press."""
    answer = await client.post(f"/people/{ANA}/type", data={"text": "help", "event": event})
    assert answer.status_code == 422
    assert "Reload the page" in answer.text
    assert not scene.calls


@pytest.mark.parametrize(
    ("act", "form", "status", "says"),
    [
        ("type", {"text": " \n "}, 422, "Nothing was typed"),
        ("type", {"text": "x" * 4097}, 413, "4,097"),
        ("press", {"data": ""}, 422, "no button"),
        ("press", {"data": "é" * 33}, 422, "no button"),
        ("attach", {"name": "folder/"}, 422, "needs a name"),
        ("attach", {"name": "n" * 256}, 422, "255"),
        ("come", {"token": ""}, 422, "no invitation"),
        ("type", {"text": "x" * BODY_LIMIT}, 413, "64 kB"),
    ],
)
async def test_what_cannot_be_taken_is_refused_in_words(
    scene: SceneDouble,
    client: httpx.AsyncClient,
    act: str,
    form: dict[str, str],
    status: int,
    says: str,
) -> None:
    """And nothing of it reaches the scene."""
    answer = await client.post(f"/people/{ANA}/{act}", data={**form, "event": EVENT})
    assert answer.status_code == status
    assert says in answer.text
    assert not scene.calls


async def test_typed_text_arrives_as_it_was_written(
    scene: SceneDouble, client: httpx.AsyncClient
) -> None:
    """Forms turn line breaks into two characters, and a database may refuse a NUL."""
    text = "  One\r\ntwo \N{GRINNING FACE} <b>\0 "
    await client.post(f"/people/{ANA}/type", data={"text": text, "event": EVENT})
    assert [call.value for call in scene.done_by("type")] == ["One\ntwo \N{GRINNING FACE} <b>"]


async def test_of_a_file_only_the_name_arrives(
    scene: SceneDouble, client: httpx.AsyncClient
) -> None:
    """And of the name no folder."""
    form = {"name": "C:\\fakepath\\plan.pdf", "event": EVENT}
    await client.post(f"/people/{ANA}/attach", data=form)
    assert [call.value for call in scene.done_by("attach")] == ["plan.pdf"]


async def test_nobody_of_that_number(scene: SceneDouble, client: httpx.AsyncClient) -> None:
    """A page from before an import may still name them."""
    answer = await client.post("/people/999/type", data={"text": "help", "event": EVENT})
    assert answer.status_code == 404
    assert not scene.calls


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8000", "localhost", "LOCALHOST:9"])
async def test_our_own_names_are_answered(client: httpx.AsyncClient, host: str) -> None:
    """With any port, in any case."""
    assert (await client.get("/", headers={"host": host})).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8000", "192.168.0.4", ""],
)
async def test_other_names_are_refused(client: httpx.AsyncClient, host: str) -> None:
    """A page elsewhere can point its own name at 127.0.0.1; the Host header gives it away."""
    answer = await client.get("/", headers={"host": host})
    assert answer.status_code == 403
    assert "127.0.0.1 and localhost" in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "http://127.0.0.1:8000"},
    ],
)
async def test_posts_of_other_sites_are_refused(
    scene: SceneDouble, client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    """Another site must not press, type, import or let time pass, whichever header tells."""
    form = {"text": "stop", "event": EVENT, "stride": "week", "ticket": "ticket-1"}
    for address in (f"/people/{ANA}/type", "/clock", "/import"):
        answer = await client.post(address, data=form, headers=headers)
        assert answer.status_code == 403
        assert "Another site" in answer.text
    assert not scene.calls


async def test_our_own_posts_pass(client: httpx.AsyncClient) -> None:
    """With the headers that a browser sends from the page itself."""
    headers = {"origin": "http://127.0.0.1:8000", "sec-fetch-site": "same-origin"}
    form = {"text": "help", "event": EVENT}
    answer = await client.post(f"/people/{ANA}/type", data=form, headers=headers)
    assert answer.status_code == 204


async def test_the_browser_is_told_to_run_nothing_but_our_files(client: httpx.AsyncClient) -> None:
    """No inline script or style in the page, and a policy that would stop one."""
    answer = await client.get("/")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<style|\sstyle=|<script(?! src=)|\son\w+=", answer.text)


async def test_every_file_of_the_page_is_there(client: httpx.AsyncClient) -> None:
    """A renamed vendored file would leave a dead page."""
    answer = await client.get("/")
    files = re.findall(r'(?:src|href)="(/static/[^"]+)"', answer.text)
    assert len(files) == 6
    for address in files:
        assert (await client.get(address)).status_code == 200


async def test_an_attachment_is_saved_never_shown(client: httpx.AsyncClient) -> None:
    """Whatever it is, it does not run in our page's name."""
    answer = await client.get("/attachments/12/meetings.ics")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-type"].startswith("text/calendar")
    assert (await client.get("/attachments/12/other.ics")).status_code == 404


async def test_a_file_is_looked_through_before_anything_is_done(
    scene: SceneDouble, client: httpx.AsyncClient
) -> None:
    """First what it would do, then, and only with that ticket, the deed."""
    shown = await client.post("/import/preview", files={"file": ("spring.csv", b"name,role")})
    assert "Add Noor Haddad" in shown.text
    assert 'name="ticket" value="ticket-1"' in shown.text
    done = await client.post("/import", data={"ticket": "ticket-1"})
    assert "Done" in done.text
    late = await client.post("/import", data={"ticket": "ticket-9"})
    assert "has changed since" in late.text
    assert [call.value for call in scene.done_by("import")] == ["ticket-1", "ticket-9"]


async def test_all_faults_of_a_file_are_listed(client: httpx.AsyncClient) -> None:
    """Line, column, what is wrong and what to do; and no button."""
    shown = await client.post("/import/preview", files={"file": ("<b>.csv", b"name;;role")})
    assert shown.text.count("<tr>") == 4
    assert "3 things are wrong with &lt;b&gt;.csv" in shown.text
    assert "<button" not in shown.text


async def test_a_file_that_changes_nothing_says_so(client: httpx.AsyncClient) -> None:
    """Importing the same file twice is harmless."""
    shown = await client.post("/import/preview", files={"file": ("spring.csv", b" ")})
    assert "changes nothing" in shown.text


async def test_no_file_and_too_large_a_file_are_answered_in_words(
    scene: SceneDouble, client: httpx.AsyncClient
) -> None:
    """Ten million rows are refused without being kept."""
    none = await client.post("/import/preview", data={"file": ""})
    assert (none.status_code, none.text) == (422, "No file was chosen. Choose a CSV file first.")
    large = {"file": ("large.csv", b"x" * (FILE_LIMIT + 1))}
    refused = await client.post("/import/preview", files=large)
    assert refused.status_code == 413
    assert "larger than 5 MB" in refused.text
    assert not scene.calls
