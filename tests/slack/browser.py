"""The browser of somebody who installs the app: it follows where it is sent, and keeps cookies."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from http.cookies import SimpleCookie

import aiohttp


@dataclass(frozen=True, slots=True)
class Page:
    """What came back."""

    status: int
    text: str
    leads_to: str
    """Where the browser is sent; empty where it stays."""
    headers: dict[str, str]

    @property
    def words(self) -> str:
        """What somebody reads."""
        body = self.text.partition("<body>")[2]
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)).strip()


@dataclass(slots=True)
class Browser:
    """One person's."""

    session: aiohttp.ClientSession
    home: str
    """Where comentor is; its cookies go there alone."""
    cookies: dict[str, str] = field(default_factory=dict)

    async def opens(self, address: str) -> Page:
        """Open a page, and stay there."""
        sent = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": sent} if sent and address.startswith(self.home) else {}
        async with self.session.get(address, headers=headers, allow_redirects=False) as answer:
            for each in answer.headers.getall("Set-Cookie", []):
                self.cookies |= {name: c.value for name, c in SimpleCookie(each).items()}
            leads_to = answer.headers.get("Location", "")
            lowered = {name.lower(): value for name, value in answer.headers.items()}
            return Page(answer.status, await answer.text(), leads_to, lowered)

    async def begins(self, team: str = "") -> Page:
        """Open the page that sends to Slack."""
        return await self.opens(f"{self.home}/slack/install?team={team}")

    async def is_sent_back(self, team: str) -> str:
        """Say yes or no at Slack, and give the address that it sends back to."""
        consent = await self.opens((await self.begins(team)).leads_to)
        return consent.leads_to

    async def installs(self, team: str) -> Page:
        """Go all the way, and give the page at its end."""
        return await self.opens(await self.is_sent_back(team))
