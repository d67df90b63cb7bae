"""In a real Chromium, nothing typed is lost: to no refresh, no reload, no server that goes."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page, Route, expect

from bot.web.gate import FILE_LIMIT
from tests.web.a_spring_cohort import ANA, BEN
from tests.web.scene_double import said, words
from tests.web.stage import Stage

pytestmark = pytest.mark.browser


def test_a_draft_survives_what_arrives(stage: Stage, wide: Page) -> None:
    """With caret and focus where they were."""
    wide.locator("#say-a-1").focus()
    wide.keyboard.type("hello word")
    wide.keyboard.press("ArrowLeft")
    stage.scene.tell(ANA, said(words("In between")))
    expect(wide.locator("#pane-a .bubble").last).to_contain_text("In between")
    wide.keyboard.type("l")
    expect(wide.locator("#say-a-1")).to_have_value("hello world")


def test_a_draft_belongs_to_its_person(wide: Page) -> None:
    """It waits while the pane shows somebody else, and over a reload."""
    wide.locator("#say-a-1").fill("for later")
    wide.locator("#who-a").select_option(label="Grace O’Neill")
    expect(wide.locator("#say-a-5")).to_have_value("")
    wide.locator("#who-a").select_option(label="Ana Ruiz")
    expect(wide.locator("#say-a-1")).to_have_value("for later")
    wide.reload()
    expect(wide.locator("#say-a-1")).to_have_value("for later")


def test_the_page_comes_back_with_its_server(stage: Stage, wide: Page) -> None:
    """While it is away that is said, what is sent is refused and kept, and nothing is missed."""
    events: list[str] = []
    wide.on("request", lambda sent: events.extend(_event(sent.post_data)))
    stage.close()
    expect(wide.locator("#away")).to_have_text("Not connected; trying again")
    wide.locator("#say-a-1").fill("are you there")
    wide.keyboard.press("Enter")
    expect(wide.locator("#notice")).to_contain_text("may not have arrived")
    expect(wide.locator("#say-a-1")).to_have_value("are you there")
    wide.locator("#a-m5-1-2").click()
    wide.locator("#who-b").select_option(label="Hiroko Tanaka")
    expect(wide.locator("#notice")).to_contain_text("was not switched")
    expect(wide.locator("#who-b")).to_have_value("2")
    stage.scene.tell(BEN, said(words("Said while away")))
    stage.open()
    expect(wide.locator("#away")).to_have_text("", timeout=15_000)
    expect(wide.locator("#pane-b .bubble").last).to_contain_text("Said while away")
    wide.locator("#say-a-1").press("Enter")
    expect(wide.locator("#pane-a .bubble").last).to_contain_text("Noted.")
    expect(wide.locator("#notice")).not_to_be_visible()
    assert [call.value for call in stage.scene.calls] == ["are you there"]
    assert events[0] == events[-1]


def _event(body: str | None) -> list[str]:
    return parse_qs(body or "").get("event", [])


def test_an_answer_that_is_lost_does_nothing_twice(wide: Page) -> None:
    """The browser could not know: the second try carries the same id. Another text does not."""

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    wide.route("**/type", lose_the_answer, times=1)
    wide.locator("#say-a-1").fill("once")
    wide.keyboard.press("Enter")
    expect(wide.locator("#notice")).to_be_visible()
    wide.keyboard.press("Enter")
    expect(wide.locator("#say-a-1")).to_have_value("")
    expect(wide.get_by_text("once", exact=True)).to_have_count(1)
    wide.route("**/type", lose_the_answer, times=1)
    wide.locator("#say-a-1").fill("twice")
    wide.keyboard.press("Enter")
    expect(wide.locator("#notice")).to_be_visible()
    wide.keyboard.type(" more")
    wide.keyboard.press("Enter")
    expect(wide.get_by_text("twice more", exact=True)).to_have_count(1)


def test_a_refusal_is_read_on_the_page(wide: Page) -> None:
    """In the server's own words, the draft still there."""
    wide.locator("#say-a-1").fill("x" * 5000)
    wide.locator("#say-a-1").press("Enter")
    expect(wide.locator("#notice")).to_contain_text("this one has 5,000")
    expect(wide.locator("#say-a-1")).to_have_value("x" * 5000)


@pytest.mark.parametrize("size", [FILE_LIMIT + 1, 4 * FILE_LIMIT])
def test_a_refused_file_is_told_where_it_was_chosen(wide: Page, tmp_path: Path, size: int) -> None:
    """In the dialog, which lies over everything else; and in our words, not as a broken line."""
    large = tmp_path / "large.csv"
    large.write_bytes(b"x" * size)
    wide.locator("#bring").click()
    wide.locator("#file").set_input_files(large)
    wide.locator("#preview").click()
    expect(wide.locator("#report")).to_contain_text("The file is larger than 5 MB")


def test_lost_time_is_not_promised_to_be_counted_once(stage: Stage, wide: Page) -> None:
    """A stride has no id: whoever saw no answer is sent to look at the clock first."""
    stage.close()
    wide.locator("#stride-day").click()
    expect(wide.locator("#notice")).to_contain_text("look at the clock")
