"""The workspaces that the settings name, once Slack has said which they are."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import aiohttp
import structlog

from bot.platforms.slack.account import Joined, SlackTrouble, findings, join, same_as
from bot.settings import Settings, Workspace

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Places:
    """Who of the settings speaks where: no token and no workspace is there for two."""

    api_url: str
    session: aiohttp.ClientSession
    taken: dict[str, Workspace] = field(default_factory=dict)
    """By token, and by the workspace's id."""

    async def find(self, workspace: Workspace) -> Joined:
        """Give where a workspace of the settings is, from now on its own. Raises SlackTrouble."""
        self._take(workspace.bot_token, workspace)
        joined = await join(workspace, self.api_url, self.session)
        self._take(joined.team, workspace)
        return joined

    async def look(self, workspace: Workspace) -> Joined:
        """Give where it is, once nothing stands in its way.

        Raises SlackTrouble: something does; all of it is told.
        """
        joined = await self.find(workspace)
        found = await findings(workspace, joined)
        for each in found:
            if not each.is_final:
                log.warning("no socket to Slack", why=str(each))  # whoever listens tries again
        if final := [str(each) for each in found if each.is_final]:
            raise SlackTrouble("\n".join(final), is_final=True)
        return joined

    def _take(self, key: str, workspace: Workspace) -> None:
        other = self.taken.setdefault(key, workspace)
        if other is not workspace:
            raise same_as(workspace, other.name)


def named_in(settings: Settings) -> list[Workspace]:
    """Give the workspaces that have a token."""
    return [each for each in settings.slack.workspaces if each.bot_token]


async def find_all(
    settings: Settings, session: aiohttp.ClientSession
) -> tuple[list[tuple[Workspace, Joined]], list[str]]:
    """Ask for every workspace once; give those that were found, and what is wrong with others."""
    places, named = Places(settings.slack.api_url, session), named_in(settings)
    asked = await asyncio.gather(*(_found(places, each) for each in named))
    found = [(w, each) for w, each in zip(named, asked, strict=True) if isinstance(each, Joined)]
    return found, [str(each) for each in asked if isinstance(each, SlackTrouble)]


async def _found(places: Places, workspace: Workspace) -> Joined | SlackTrouble:
    try:
        return await places.find(workspace)
    except SlackTrouble as trouble:
        return trouble


def faults_of(looks: Sequence[asyncio.Task[Joined]]) -> list[str]:
    """Give, in words, what waiting will not mend, of all that have an answer by now."""
    ended = [each.exception() for each in looks if each.done()]
    return [str(each) for each in ended if isinstance(each, SlackTrouble) and each.is_final]
