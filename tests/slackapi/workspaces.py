"""Apps, the workspaces that they are installed in, and who belongs to these."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.slackapi.deliveries import Delivery, Sort
from tests.slackapi.payloads import VERIFICATION
from tests.slackapi.people import Person
from tests.slackapi.rooms import Room
from tests.slackapi.state import Channel, Json, Message, Trigger, View

if TYPE_CHECKING:
    from tests.slackapi.server import SlackApi

SCOPES = frozenset(
    {
        *("chat:write", "im:write", "im:history", "commands"),
        *("users:read", "users:read.email", "files:write"),
    }
)
FAREWELLS = {"app_uninstalled", "tokens_revoked"}


@dataclass(slots=True, eq=False)
class App:
    """One app as its settings pages show it; workspaces may share it or have one each."""

    api: SlackApi
    id: str
    scopes: frozenset[str] = SCOPES
    name: str = "comentor"
    socket_mode: bool = True
    """Where deliveries go: to sockets, or to `urls`."""
    home_enabled: bool = True
    """App Home's tab is on."""
    urls: dict[Sort, str] = field(default_factory=dict)

    @property
    def app_token(self) -> str:
        return f"xapp-1-{self.id}-{self.api.seed}"

    @property
    def signing_secret(self) -> str:
        return f"{self.api.seed}-signs-{self.id}"

    @property
    def client_id(self) -> str:
        return f"1.{self.id}"

    @property
    def client_secret(self) -> str:
        return f"{self.api.seed}-secret-of-{self.id}"

    def listens(self, events: str, interactivity: str = "", commands: str = "") -> None:
        """Name the addresses of the program, all on this machine, and turn Socket Mode off."""
        self.socket_mode = False
        self.urls = {
            "events_api": events,
            "interactive": interactivity or events,
            "slash_commands": commands or events,
        }

    async def verifies(self) -> bool:
        """Ask the program whether the address for events is its own."""
        return await self.api.courier.posts.verify(self)

    async def turns_off_socket_mode(self) -> None:
        self.socket_mode = False
        await self.api.courier.sockets.switch_off(self)


@dataclass(slots=True, eq=False)
class Workspace:
    """One organisation's Slack, with one app in it."""

    api: SlackApi
    id: str
    name: str
    app: App
    bot_id: str
    bot_user: str
    installed: bool = True
    scopes: frozenset[str] = SCOPES
    """What was granted."""
    refuses: str = ""
    """What each call is refused with: "token_revoked", "account_inactive"."""
    generation: int = 1
    """Of the bot's token; a new installation makes a new one."""
    people: dict[str, Person] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    dms: dict[str, Channel] = field(default_factory=dict)
    """By the id of whom they are with."""
    views: dict[str, View] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    files: dict[str, Json] = field(default_factory=dict)

    @property
    def token(self) -> str:
        return f"xoxb-{self.id}-{self.app.id}-{self.generation}-{self.api.seed}"

    @property
    def domain(self) -> str:
        return self.name.lower().replace(" ", "-")

    def person(self, real_name: str, **fields: Any) -> Person:
        """Give a new member; fields of `people.Person`, such as `email`, `tz`, `locale`."""
        person = Person(self, self.api.state.name("U"), real_name, **fields)
        self.people[person.id] = person
        return person

    def channel(self, name: str, *members: Person, shared: bool = False) -> Room:
        """Give a channel that the bot is in too."""
        ids = {each.id for each in members} | {self.bot_user}
        made = Channel(self.api.state.name("C"), "channel", name, members=ids, shared=shared)
        self.channels[made.id] = made
        return Room(self, made)

    def dm(self, person: str) -> Channel:
        """Give the direct message between the bot and a person; it is there from now on."""
        if person not in self.dms:
            made = Channel(self.api.state.name("D"), "im", person=person)
            made.members = {person, self.bot_user}
            self.channels[made.id] = self.dms[person] = made
        return self.dms[person]

    def put(
        self,
        channel: Channel,
        content: Json,
        by: Json,
        *,
        by_bot: bool,
        only_for: str | None = None,
    ) -> Message:
        """Put a message into a channel."""
        raw = {"type": "message", "ts": self.api.state.ts(), "team": self.id, **by, **content}
        message = Message(raw, by_bot, channel.id, only_for)
        channel.messages[message.ts] = message
        if by_bot and only_for is None and self.api.echo:
            self.happens(raw | {"channel": channel.id, "channel_type": channel.kind})
        return message

    def trigger(self, person: str) -> str:
        """Give what opens a modal for a person, soon."""
        name = f"{self.api.state.name('')}.{self.id}.{self.api.seed}"
        life = self.api.trigger_life
        self.triggers[name] = Trigger(person, self.api.state.now + life)
        return name

    def happens(self, event: Json, **more: Any) -> Delivery:
        """Tell the app of an event, in the form of the Events API."""
        ids = {"team_id": self.id, "user_id": self.bot_user, "enterprise_id": None}
        payload = {
            "token": VERIFICATION,
            "team_id": self.id,
            "api_app_id": self.app.id,
            "event": {"event_ts": self.api.state.ts()} | event,
            "type": "event_callback",
            "event_id": self.api.state.name("Ev"),
            "event_time": int(self.api.state.now),
            "authorizations": [ids | {"is_bot": True, "is_enterprise_install": False}],
            "is_ext_shared_channel": False,
            **more,
        }
        return self.tells("events_api", payload)

    def tells(self, sort: Sort, payload: Json) -> Delivery:
        """Send any delivery off; of a workspace without the app, only that it went."""
        delivery = Delivery(sort, payload, self.app, self)
        if not self.installed and payload.get("event", {}).get("type") not in FAREWELLS:
            delivery.ended.set()
            return delivery
        return self.api.courier.push(delivery)

    def uninstalls(self) -> list[Delivery]:
        """Remove the app; Slack tells of both, in no certain order."""
        self.installed, self.refuses = False, "account_inactive"
        told = self.happens({"type": "app_uninstalled"})
        return [told, self._tokens_revoked()]

    def revokes_tokens(self) -> Delivery:
        """Have an administrator revoke the bot's token."""
        self.refuses = "token_revoked"
        return self._tokens_revoked()

    def installs(self) -> str:
        """Install the app, again perhaps, with all that it asks for; its new token comes back."""
        if (self.installed and self.refuses) or not self.installed:
            self.generation += 1
        self.installed, self.refuses, self.scopes = True, "", self.app.scopes
        return self.token

    def a_bot_posts(self, room: Room, text: str) -> Delivery:
        """Have another app's bot write."""
        by = {"subtype": "bot_message", "bot_id": "B000OTHER", "username": "Other"}
        message = self.put(room.channel, {"text": text}, by, by_bot=False)
        return self.happens(message.raw | {"channel": room.channel.id, "channel_type": "channel"})

    def _tokens_revoked(self) -> Delivery:
        return self.happens({"type": "tokens_revoked", "tokens": {"bot": [self.bot_user]}})
