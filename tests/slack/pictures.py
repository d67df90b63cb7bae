"""Pictures for the docs: a mentor's Slack, drawn from the very blocks that the real process sent.

`python -m tests.slack.pictures FILE.png`
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from itertools import cycle
from pathlib import Path

from playwright.async_api import async_playwright

from tests.botapi import BotApi
from tests.slack.test_journey import COHORT, Town, everybody_comes, they_agree_and_book
from tests.slackapi import Message, SlackApi
from tests.slackapi.page import chat, home, page
from tests.telegram.process import Process
from tests.web.stage import ARGS, installed


async def drawn() -> str:
    """Walk Ana and Ben to three meetings, and give Ben's Slack as a page."""
    async with BotApi() as telegram, SlackApi() as slack:
        workspaces = [slack.workspace("Riverside"), slack.workspace("Hillside")]
        listed = [
            {"name": each.name, "bot_token": each.token, "app_token": each.app.app_token}
            for each in workspaces
        ]
        room = Path(tempfile.mkdtemp())
        process = Process(
            telegram,
            room,
            f"sqlite:///{room}/pictures.sqlite3",
            COMENTOR_SLACK__API_URL=slack.base_url,
            COMENTOR_SLACK__WORKSPACES=json.dumps(listed),
        )
        here = Town(telegram, slack, process)
        here.kills_at = cycle((False,))
        try:
            tokens = await process.hand_out(COHORT)
            await process.says("cohort", "invite")
            await here.start()
            await everybody_comes(here, tokens)
            ben, asked = here.ben, ""

            async def look(each: Message) -> None:
                nonlocal asked
                asked = chat(ben, [each])

            await they_agree_and_book(here, look)
            ben.opens_home()
            ben.types("reflect")
            await here.reads(ben, "?", tuple(ben.screen))
            await ben.sees_home("You and Ana", within=10)
            screen = ben.messages
            booking = next(
                i for i, each in enumerate(screen) if "Choose all that suit" in each.words
            )
            return page(
                home(ben),
                asked,
                chat(ben, screen[booking:]),
            )
        finally:
            await process.close()


async def main(file: str) -> None:
    """Draw it and take the picture."""
    html = await drawn()
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=installed(), args=ARGS)
        shown = await browser.new_page(viewport={"width": 1460, "height": 600})
        await shown.set_content(html)
        await shown.screenshot(path=file, full_page=True)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
