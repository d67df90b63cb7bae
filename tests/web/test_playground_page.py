"""What the playground's page answers over HTTP, and that nobody's words become markup."""

from __future__ import annotations

import re

import httpx
import pytest

from bot.web.casting import cast
from bot.web.drawing import initials, paragraphs, safe_href
from bot.web.playground import playground
from bot.web.scene import Run, Somebody
from tests.web.a_spring_cohort import ANA, COHORT, EVE
from tests.web.scene_double import SceneDouble

EVENT = "3f0e0f5e-3a53-4a57-9f0e-0a7c6f1f0001"
SHOWN = {"a": "1", "b": "2", "c": "7", "d": "8"}


async def test_the_page_opens_on_a_pair_and_those_who_look_after_it(
    client: httpx.AsyncClient,
) -> None:
    """A mentee as on Telegram, her own mentor as on Slack, a supervisor, a manager."""
    answer = await client.get("/")
    shown = re.findall(r'data-slot="(.)" data-person="(\d+)"', answer.text)
    assert shown == [("a", "1"), ("b", "2"), ("c", "7"), ("d", "8")]
    assert re.findall(r'class="pane (\w+)"', answer.text) == ["telegram", "slack"] * 2


async def test_the_address_brings_back_who_was_shown(client: httpx.AsyncClient) -> None:
    """A bookmark keeps the panes; what it has wrong falls back instead of failing."""
    answer = await client.get("/", params={"a": "3", "b": "4", "c": "nobody", "d": "999"})
    shown = re.findall(r'data-slot="(.)" data-person="(\d+)"', answer.text)
    assert shown == [("a", "3"), ("b", "4"), ("c", "7"), ("d", "8")]


def test_a_mentor_beside_is_the_mentees_own() -> None:
    """Two strangers side by side would never hear of each other."""
    people = [
        Somebody(1, "Ana", "mentee", "slack", COHORT, partner=4),
        Somebody(2, "Eve", "mentee", "telegram", COHORT, partner=3),
        Somebody(3, "Farid", "mentor", "slack", COHORT, partner=2),
        Somebody(4, "Ben", "mentor", "slack", COHORT, partner=1),
    ]
    assert [somebody.id for somebody in cast(people, {}).values()][:2] == [2, 3]


async def test_an_empty_cohort_invites_to_bring_one() -> None:
    """Nothing to show is no error."""
    transport = httpx.ASGITransport(playground(SceneDouble()))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        answer = await client.get("/")
        assert answer.status_code == 200
        assert "Nobody is here yet" in answer.text
        assert (await client.get("/choices")).status_code == 200
        assert (await client.get("/clock")).status_code == 200
        assert (await client.get("/panes/a")).status_code == 404


async def test_names_and_words_are_literal(scene: SceneDouble, client: httpx.AsyncClient) -> None:
    """Whoever types markup is quoted, never obeyed: in names, texts, files and standings."""
    evil = "<script>alert('x')</script>\"'&"
    scene.add(Somebody(66, evil, "mentee", "telegram", evil), "Europe/Madrid")
    scene.standings[66] = evil
    scene.invitations[66] = evil
    await scene.type(66, evil, EVENT)
    await scene.attach(66, evil, EVENT + "0")
    for address in ("/", "/panes", "/panes/a", "/choices"):
        answer = await client.get(address, params={**SHOWN, "a": "66", "switched": "a"})
        assert answer.status_code == 200
        assert "alert" in answer.text
        assert "<script>alert" not in answer.text
        assert "alert('x')" not in answer.text


@pytest.mark.parametrize("href", ["javascript:alert(1)", "data:text/html,x", "//evil.example", ""])
def test_only_harmless_links_are_links(href: str) -> None:
    """The page looks once more at what it is given."""
    assert safe_href(href) == ""


def test_blank_lines_make_paragraphs() -> None:
    """Also where they stand inside a styled run."""
    runs = (Run("One\nline"), Run("\n\nbold", "strong"), Run(" and plain\n\n\nlast"))
    assert [[run.text for run in paragraph] for paragraph in paragraphs(runs)] == [
        ["One\nline"],
        ["bold", " and plain"],
        ["last"],
    ]


@pytest.mark.parametrize(
    ("name", "letters"), [("Ana Ruiz", "AR"), ("Ana", "A"), ("Grace de la O’Neill", "GO"), ("", "")]
)
def test_initials(name: str, letters: str) -> None:
    """First and last word, and no failure on what is missing."""
    assert initials(name) == letters


async def test_open_questions_have_buttons_and_closed_ones_their_answer(
    client: httpx.AsyncClient,
) -> None:
    """What was answered stays readable; what can no longer be pressed is no button."""
    ana = (await client.get("/panes/a", params=SHOWN)).text
    assert '"check.goal.5"' in ana
    assert "book.times" not in ana
    assert re.search(r'aria-label="Answered">.*Thu 30 April, 16:30', ana, re.DOTALL)
    assert "Tue 2 June, 10:00" not in ana


async def test_a_question_that_is_over_says_so(client: httpx.AsyncClient) -> None:
    """Its button is gone, and in its place stands why."""
    ben = (await client.get("/panes/b", params=SHOWN)).text
    assert '<div class="ending">This question is over.</div>' in ben
    assert "reflect.minute" not in ben


async def test_toggles_tell_whether_they_are_on(client: httpx.AsyncClient) -> None:
    """For those who cannot see the tick."""
    ben = (await client.get("/panes/b", params=SHOWN)).text
    assert re.findall(r'aria-pressed="(\w+)"', ben) == ["false", "true", "false"]
    assert '"book.suit.done"' in ben


async def test_every_control_has_an_event_of_its_own(client: httpx.AsyncClient) -> None:
    """Fresh for each control and each drawing: no two presses are taken for one."""
    first = re.findall(r'"event": "([^"]+)"', (await client.get("/", params=SHOWN)).text)
    again = re.findall(r'"event": "([^"]+)"', (await client.get("/", params=SHOWN)).text)
    assert len(first) > 10
    assert len(set(first + again)) == 2 * len(first)


async def test_an_invitation_can_be_opened(client: httpx.AsyncClient) -> None:
    """The one button of somebody who has not come yet."""
    pane = (await client.get("/panes/a", params={**SHOWN, "a": str(EVE)})).text
    assert "Open the invitation" in pane
    form = {"token": "an-invitation-to-eve", "event": EVENT}
    answer = await client.post(f"/people/{EVE}/come", data=form)
    assert answer.status_code == 204
    pane = (await client.get("/panes/a", params={**SHOWN, "a": str(EVE)})).text
    assert "Open the invitation" not in pane
    assert "Welcome." in pane


async def test_a_switched_pane_comes_with_its_address(client: httpx.AsyncClient) -> None:
    """The stream must follow the new person, the tabs name them, the address bar keeps them."""
    answer = await client.get("/panes", params={**SHOWN, "a": "5", "switched": "a"})
    assert answer.headers["hx-replace-url"] == "/?a=5&b=2&c=7&d=8#pane-a"
    assert 'sse-connect="/events?a=5&amp;b=2&amp;c=7&amp;d=8" hx-swap-oob' in answer.text
    assert answer.text.count('class="pane ') == 1
    assert (await client.get("/panes", params={**SHOWN, "switched": "z"})).status_code == 404


async def test_time_passes_by_known_strides(scene: SceneDouble, client: httpx.AsyncClient) -> None:
    """And the answer is the clock's face with the local times of the first two panes."""
    answer = await client.post("/clock", data={"stride": "week", **SHOWN, "b": "6"})
    assert "Tue 31 Mar 2026, 11:05" in answer.text
    assert "Tokyo" in answer.text
    assert (await client.post("/clock", data={"stride": "year"})).status_code == 422
    assert [call.value for call in scene.done_by("advance")] == ["week"]


async def test_choices_follow_the_cohort(scene: SceneDouble, client: httpx.AsyncClient) -> None:
    """Somebody added can be chosen; where somebody shown is gone, the page starts again."""
    scene.add(Somebody(70, "Zoe New", "mentee", "slack", COHORT), "Europe/Madrid")
    assert (await client.get("/choices", params=SHOWN)).text.count("Zoe New") == 4
    del scene.cast[ANA]
    answer = await client.get("/choices", params=SHOWN)
    assert answer.headers["hx-refresh"] == "true"
