"""The playground in a real Chromium: by keyboard alone, four panes, and time that passes."""

from __future__ import annotations

import re
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.a_spring_cohort import ANA
from tests.web.scene_double import said, words
from tests.web.stage import FOCUSED, WIDE, Stage, a_file, opened, tab_to

pytestmark = pytest.mark.browser


# --- By keyboard alone


def test_the_whole_page_works_by_keyboard(stage: Stage, wide: Page) -> None:
    """Skip to the chats, answer, write, and let time pass, without ever losing one's place."""
    wide.keyboard.press("Tab")
    assert wide.evaluate(FOCUSED)["text"] == "Skip to the chats"
    wide.keyboard.press("Enter")
    assert wide.evaluate(FOCUSED)["id"] == "panes"
    tab_to(wide, "a-m5-1-4")
    wide.keyboard.press("Enter")
    expect(wide.locator("#a-m5 .answer")).to_have_text("4")
    assert wide.evaluate(FOCUSED)["id"] == "a-m5"
    tab_to(wide, "say-a-1")
    wide.keyboard.type("my goals")
    wide.keyboard.press("Enter")
    expect(wide.locator("#pane-a .bubble").last).to_contain_text("Noted.")
    expect(wide.locator("#say-a-1")).to_be_focused()
    expect(wide.locator("#say-a-1")).to_have_value("")
    passed = tab_to(wide, "send-d-8")
    assert passed == sorted(passed)
    assert [call.value for call in stage.scene.calls] == ["check.goal.4", "my goals"]


def test_a_toggle_keeps_the_focus(wide: Page) -> None:
    """Choosing several, one is not thrown back to the beginning after each."""
    wide.locator("#b-m6-1-1").focus()
    wide.keyboard.press("Space")
    expect(wide.locator("#b-m6-1-1")).to_have_attribute("aria-pressed", "true")
    expect(wide.locator("#b-m6-1-1")).to_be_focused()
    tab_to(wide, "b-m6-1-done")
    wide.keyboard.press("Enter")
    expect(wide.locator("#b-m6 .answer li")).to_have_count(2)
    expect(wide.locator("#b-m6 button")).to_have_count(0)


def test_guide_and_dialog_open_and_close_by_keyboard(wide: Page) -> None:
    """Escape closes both and gives the focus back."""
    wide.locator("#guide summary").focus()
    wide.keyboard.press("Enter")
    expect(wide.locator("#guide .panel")).to_be_visible()
    wide.keyboard.press("Escape")
    expect(wide.locator("#guide .panel")).not_to_be_visible()
    expect(wide.locator("#guide summary")).to_be_focused()
    wide.locator("#bring").focus()
    wide.keyboard.press("Enter")
    expect(wide.locator("#import")).to_be_visible()
    wide.keyboard.press("Escape")
    expect(wide.locator("#import")).not_to_be_visible()
    expect(wide.locator("#bring")).to_be_focused()


# --- Four panes


def test_a_pane_follows_whoever_it_is_switched_to(stage: Stage, wide: Page) -> None:
    """With the address, the stream and the focus; a reload shows the same."""
    wide.locator("#who-a").focus()
    wide.locator("#who-a").select_option(label="Grace O’Neill")
    expect(wide.locator("#pane-a h2")).to_contain_text("Grace O’Neill")
    expect(wide.locator("#who-a")).to_be_focused()
    assert "?a=5&b=2&c=7&d=8" in wide.url
    stage.scene.tell(5, said(words("For Grace")))
    expect(wide.locator("#pane-a .bubble").last).to_contain_text("For Grace")
    expect(wide.locator("#clock-face")).to_contain_text("Grace")
    wide.reload()
    expect(wide.locator("#pane-a h2")).to_contain_text("Grace O’Neill")


def test_a_chat_shows_its_newest_message(stage: Stage, wide: Page) -> None:
    """At the beginning and whenever one comes."""
    expect(wide.locator("#pane-a .bubble").last).to_be_in_viewport()
    stage.scene.tell(ANA, *(said(words(f"Number {number}")) for number in range(20)))
    expect(wide.get_by_text("Number 19")).to_be_in_viewport()
    expect(wide.get_by_text("Number 0", exact=True)).not_to_be_in_viewport()


def test_a_double_click_is_one_press(stage: Stage, wide: Page) -> None:
    """The second half of it must not take back what the first has done."""
    wide.locator("#b-m6-1-1").dblclick()
    expect(wide.locator("#b-m6-1-1")).to_have_attribute("aria-pressed", "true")
    wide.locator("#b-m6-1-3").dblclick(delay=150)
    expect(wide.locator("#b-m6-1-3")).to_have_attribute("aria-pressed", "true")
    assert len(stage.scene.done_by("press")) == 2


def test_of_a_sent_file_only_the_name_leaves_the_browser(wide: Page) -> None:
    """The draft beside it stays."""
    wide.locator("#say-a-1").fill("half a sentence")
    with wide.expect_request("**/attach") as sent:
        wide.locator("#file-a-1").set_input_files(a_file("plan.pdf", b"secret"))
    assert set(parse_qs(sent.value.post_data or "")) == {"name", "event"}
    expect(wide.locator("#pane-a .bubble").last).to_contain_text("Files are not kept.")
    expect(wide.locator("#say-a-1")).to_have_value("half a sentence")


def test_time_passes_in_sight(stage: Stage, wide: Page) -> None:
    """Busy while it does, said once; then clock and panes show the new time."""
    stage.scene.advancing_seconds = 0.4
    wide.locator("#stride-week").click()
    expect(wide.locator("#passing")).to_have_text("Time is passing…")
    wide.locator("#stride-week").click()  # while one week passes, another is not begun
    expect(wide.locator("#clock-face")).to_contain_text("Tue 31 Mar 2026, 11:05")
    expect(wide.locator("#passing")).to_have_text("")
    expect(wide.locator("#facts-b")).to_contain_text("Tuesday 31 Mar, 05:05, New York")
    assert len(stage.scene.done_by("advance")) == 1


def test_a_cohort_is_brought_and_can_be_chosen_at_once(wide: Page) -> None:
    """Preview, then the deed; the selects follow without a reload."""
    wide.locator("#bring").click()
    wide.locator("#file").set_input_files(a_file("spring.csv", b"name,role"))
    wide.locator("#preview").click()
    expect(wide.locator("#report")).to_contain_text("Pair Noor Haddad with Tomas Vesely")
    wide.locator("#do-it").click()
    expect(wide.locator("#report")).to_contain_text("Done")
    wide.keyboard.press("Escape")
    wide.locator("#who-a").select_option(label="Noor Haddad")
    expect(wide.locator("#pane-a h2")).to_contain_text("Noor Haddad")


def test_those_who_asked_for_less_motion_get_none(chromium: Browser, stage: Stage) -> None:
    """The bar that runs while time passes stands still."""
    stage.scene.advancing_seconds = 0.4
    with opened(chromium, stage, WIDE, reduced_motion="reduce") as page:
        page.locator("#stride-day").click()
        expect(page.locator("#clock")).to_have_class(re.compile("htmx-request"))
        running = "bar => getComputedStyle(bar).animationName"
        assert page.locator("#passing").evaluate(running) == "none"
