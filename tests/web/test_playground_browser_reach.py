"""In a real Chromium: on a phone, at any width, in light and dark, and for assistive technology."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.web.a_spring_cohort import ANA, BEN
from tests.web.scene_double import said, words
from tests.web.stage import PHONE, WIDE, Stage, a_file, opened, tab_to

pytestmark = pytest.mark.browser

AXE = Path(__file__).parent.parent / "vendor" / "axe.min.js"


def test_a_phone_shows_one_chat_at_a_time(stage: Stage, phone: Page) -> None:
    """Tabs switch, a dot tells of news, nothing scrolls sideways."""
    expect(phone.locator(".pane:visible")).to_have_count(1)
    stage.scene.tell(BEN, said(words("News for Ben")))
    expect(phone.locator("#tab-b .dot")).to_be_visible()
    expect(phone.locator("#tab-a .dot")).not_to_be_visible()
    phone.locator("#tab-b").focus()
    phone.keyboard.press("Enter")
    expect(phone.get_by_text("News for Ben")).to_be_in_viewport()
    expect(phone.locator("#tab-b .dot")).not_to_be_visible()
    expect(phone.locator("#tab-b")).to_have_attribute("aria-current", "true")
    expect(phone.locator("#pane-b")).to_be_focused()
    tab_to(phone, "say-b-2")
    phone.keyboard.type("help")
    phone.keyboard.press("Enter")
    expect(phone.locator("#pane-b .bubble").last).to_contain_text("Noted.")


@pytest.mark.parametrize("width", [1280, 900, 720, 390, 320])
def test_nothing_scrolls_sideways(chromium: Browser, stage: Stage, width: int) -> None:
    """At any width, with long words from people."""
    stage.scene.tell(ANA, said(words("x" * 300)), said(words("https://example.org/" + "y" * 200)))
    with opened(chromium, stage, ViewportSize(width=width, height=800)) as page:
        fits = "document.documentElement.scrollWidth <= innerWidth"
        assert page.evaluate(fits)
        assert page.locator("#pane-a .chat").evaluate(
            "chat => chat.scrollWidth <= chat.clientWidth"
        )
        page.locator("#guide summary").click()
        assert page.evaluate(fits)
        panel = page.locator("#guide .panel").bounding_box()
        assert panel
        assert panel["x"] >= 0


# --- For everybody


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["1280", "390"])
def test_axe_finds_nothing_serious(
    chromium: Browser, stage: Stage, size: ViewportSize, scheme: str
) -> None:
    """As the page opens, with the guide open, in every chat, and with a file's faults listed."""
    with opened(chromium, stage, size, color_scheme=scheme) as page:
        page.evaluate(AXE.read_text())
        assert findings(page) == []
        page.locator("#guide summary").click()
        assert findings(page) == []
        page.keyboard.press("Escape")
        if size is PHONE:
            for tab in "bcd":
                page.locator(f"#tab-{tab}").click()
                assert findings(page) == []
        page.locator("#bring").click()
        page.locator("#file").set_input_files(a_file("spring.csv", b"a;;b"))
        page.locator("#preview").click()
        expect(page.locator("#report table")).to_be_visible()
        assert findings(page) == []


def findings(page: Page) -> list[str]:
    """What axe finds serious or critical."""
    found = page.evaluate("async () => (await axe.run()).violations")
    return [
        f"{one['id']}: {[node['html'][:120] for node in one['nodes']]}"
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]
