"""A workspace of the settings: it is served as soon as nothing stands in its way.

What does is said with its remedy and asked about again now and then, and so is whether its token
is still taken. Nobody of another workspace waits meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import structlog
from starlette.routing import Route

from bot.compose import Comentor
from bot.platforms import Event, NotKept, Refused
from bot.platforms.slack.account import TROUBLES, Joined, SlackTrouble, not_taken, who_is
from bot.platforms.slack.arriving import Arriving, route
from bot.platforms.slack.calls import NotTaken
from bot.platforms.slack.receiving import Window
from bot.running.slack_outpost import Outpost, outpost_in, saying, way_in_for
from bot.running.slack_places import Places
from bot.running.slack_workspaces import lasting, set_within
from bot.running.strangers import Strangers
from bot.settings import Settings, Workspace

log = structlog.get_logger()
PATH = "/slack"
BETWEEN_QUESTIONS = 900.0
"""Seconds after which Slack is asked again whether a token is still taken."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds between two tries. Opening a socket is tier 1, one and more a minute (docs.slack.dev)."""
TRIED_AGAIN = (
    "{name} is tried again until that is mended, and nobody else waits for it. Only a change of "
    "the settings needs a new start."
)


@dataclass(slots=True, eq=False)
class Listed:
    """One workspace of the settings, watched."""

    comentor: Comentor
    settings: Settings
    places: Places
    workspace: Workspace
    number: int
    say: Callable[[str], object]
    strangers: Strangers = field(init=False)
    arriving: Arriving = field(init=False)
    outpost: Outpost | None = None
    """None until it is served for the first time."""
    doubted: asyncio.Event = field(default_factory=asyncio.Event)
    """Slack told of the app's removal."""
    told: str = ""
    """What was last told to stand in the way."""

    def __post_init__(self) -> None:
        """Have an ear."""
        self.strangers = Strangers(self.comentor)
        self.arriving = Arriving(
            self,
            self.workspace.signing_secret,
            saying(self.comentor, "answered_in_our_chat"),
            saying(self.comentor, "outsider"),
            self._open,
            self._meet,
            self._look_up,
        )

    @property
    def routes(self) -> Sequence[Route]:
        """Give what Slack calls; without a secret anybody could."""
        if self.workspace.app_token or not self.workspace.signing_secret:
            return ()
        return (route(self.arriving, f"{PATH}/{self.number}"),)

    def stir(self) -> None:
        """Something may have been put in the outbox."""
        if self.outpost is not None:
            self.outpost.stir()

    async def keep(self, look: Awaitable[Joined]) -> None:
        """Serve it until cancelled, whenever it can be; `look` is the first look at it."""
        joined = await self._admitted(look)
        outpost = await lasting(lambda: outpost_in(self.comentor, self.settings, joined))
        self.outpost = outpost
        path = f"{PATH}/{self.number}"
        ears = way_in_for(self.arriving, self.workspace.app_token, joined.client, path).work
        async with asyncio.TaskGroup() as group:
            for each in ears:
                group.create_task(each())
            while True:
                self.told = ""
                self.say(f"In Slack's workspace {joined.name}")
                await self._speak(outpost)
                await self._taken_again(joined)

    async def _admitted(self, look: Awaitable[Joined]) -> Joined:
        pause = FIRST_PAUSE
        while True:
            try:
                return await look
            except SlackTrouble as trouble:
                self._tell(trouble)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            look = self.places.look(self.workspace)

    def _tell(self, trouble: SlackTrouble) -> None:
        """Say what stands in the way, if it is new."""
        if not trouble.is_final:
            log.warning(str(trouble))
        elif str(trouble) != self.told:
            self.told = str(trouble)
            self.say(f"{trouble}\n{TRIED_AGAIN.format(name=self.workspace.name)}")

    async def _speak(self, outpost: Outpost) -> None:
        """Send and draw for as long as the token is taken."""
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(each()) for each in outpost.work]
            refusal = await self._refusal(outpost.joined)
            for each in tasks:
                each.cancel()
        self._tell(not_taken(self.workspace, refusal))

    async def _refusal(self, joined: Joined) -> Exception:
        """Wait until Slack no longer takes the token, and give what it says."""
        pause = BETWEEN_QUESTIONS
        while True:
            await set_within(self.doubted, pause)
            self.doubted.clear()
            pause = BETWEEN_QUESTIONS
            try:
                await who_is(joined.client)
            except (Refused, NotTaken) as refusal:
                return refusal
            except TROUBLES as trouble:
                log.warning("Slack was asked in vain", workspace=joined.team, why=str(trouble))
                pause = LONGEST_PAUSE

    async def _taken_again(self, joined: Joined) -> None:
        """Wait until Slack takes the token."""
        pause = FIRST_PAUSE
        while True:
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            try:
                await who_is(joined.client)
            except TROUBLES:
                continue
            return

    # What Slack brings

    @property
    def within(self) -> str:
        """Give what the addresses of its people begin with; empty until Slack has said so."""
        return self.outpost.listening.within if self.outpost is not None else ""

    async def take(self, events: list[Event], *, are_all: bool) -> None:
        """Commit these, also while nothing can be said there. Raises NotKept."""
        if self.outpost is None:
            raise NotKept("its workspace is not served yet")  # it is brought again
        await self.outpost.listening.take(events, are_all=are_all)
        if any(each.kind == "uninstalled" for each in events):
            self.doubted.set()

    async def _open(self, window: Window) -> None:
        if self.outpost is not None:
            await self.outpost.open(window)

    def _meet(self, event: Event) -> Awaitable[None] | None:
        return self.outpost.meet(self.strangers, event) if self.outpost else None

    async def _look_up(self, event: Event) -> Event:
        return await self.outpost.look_up(event) if self.outpost else event
