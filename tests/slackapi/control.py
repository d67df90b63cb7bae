"""The server's strings for a benchmark in another process: `/control/…`, JSON in and out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from tests.botapi.control import spread
from tests.slackapi import load, wire
from tests.slackapi.pacing import Pacing
from tests.slackapi.people import Person
from tests.slackapi.refusals import Refused
from tests.slackapi.server import LIMITS, SlackApi
from tests.slackapi.sockets import Connection
from tests.slackapi.state import Json
from tests.slackapi.workspaces import Workspace

Wish = Callable[[Json], Awaitable[Any]]


class Control:
    """Answers `/control/<wish>`: each public coroutine below is one, its fields the body's.

    A `person` and a `workspace` are named by their ids; left out, it is the first workspace.
    """

    def __init__(self, api: SlackApi) -> None:
        self.api = api

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Grant one wish; what is wrong with it is said in words, with a 400."""
        name = request.path.removeprefix("/control/")
        wish: Wish | None = None if name in NO_WISHES else getattr(self, name, None)
        if wish is None or name.startswith("_"):
            return wire.answer({"wrong": f"there is no wish {name!r}"}, 404)
        try:
            return wire.answer({"done": await wish(await wire.read(request))})
        except (AssertionError, LookupError, TypeError, TimeoutError, ValueError, Refused) as wrong:
            return wire.answer({"wrong": f"{type(wrong).__name__}: {wrong}"}, 400)

    async def workspace(self, given: Json) -> Json:
        """Give a workspace more, with `people`; `same_app` as the first's; how to reach it all."""
        name = given.get("name", f"Workspace {len(self.api.workspaces) + 1}")
        app = self._workspace({}).app if given.get("same_app") else None
        installed = given.get("installed", True)
        made = self.api.workspace(name, app=app, installed=installed)
        await self.people({"count": given.get("people", 0), "workspace": made.id})
        return place(made)

    async def people(self, given: Json) -> list[str]:
        """Have `count` people more in a workspace; their ids come back."""
        workspace = self._workspace(given)
        before = len(workspace.people)
        for number in range(before, before + given["count"]):
            email = f"person{number}@{workspace.domain}.example"
            workspace.person(f"Person {number}", email=email)
        return list(workspace.people)[before:]

    async def person(self, given: Json) -> str:
        """Have one person more: fields of `people.Person`, at least `real_name`."""
        fields = {name: value for name, value in given.items() if name != "workspace"}
        return self._workspace(given).person(**fields).id

    async def listens(self, given: Json) -> None:
        """Turn Socket Mode off; `events`, and perhaps `interactivity` and `commands`, are URLs."""
        fields = {name: value for name, value in given.items() if name != "workspace"}
        self._workspace(given).app.listens(**fields)

    async def push(self, given: Json) -> Json:
        """Have people do `count` things in turn, `in_flight` at a time: see `load.push`."""
        return await load.push(self.api, given)

    async def does(self, given: Json) -> Json:
        """Have a `person` do one thing: `text`, `press`, `command` or `home`; what was answered."""
        delivery = load.act(self._person(given), given)
        return await delivery.answered(given.get("within", 10.0))

    async def asks(self, given: Json) -> Json:
        """Have a `person` do one thing and wait for what the bot says next; how long that took."""
        return await load.ask(self.api, self._person(given), given)

    async def submits(self, given: Json) -> Json:
        """Have a `person` fill `values` into the modal in front, and submit it."""
        person = self._person(given)
        return await person.submits(person.views[-1], given.get("values", {}))

    async def leaves(self, given: Json) -> None:
        """Have a `person` leave the workspace."""
        self._person(given).leaves()

    async def uninstalls(self, given: Json) -> None:
        """Have a workspace remove the app."""
        self._workspace(given).uninstalls()

    async def installs(self, given: Json) -> str:
        """Have a workspace install the app; the new token."""
        return self._workspace(given).installs()

    async def screen(self, given: Json) -> list[Json]:
        """Give what a `person` sees in the direct message."""
        return [shown(each) for each in self._person(given).screen]

    async def heard(self, given: Json) -> dict[str, int]:
        """Tell how many messages of the bot each of a workspace's people has."""
        dms = self._workspace(given).dms
        return {person: load.bot_messages(dm.messages) for person, dm in dms.items()}

    async def home(self, given: Json) -> Json | None:
        """Give what a `person` sees on App Home."""
        home = self._person(given).home
        return None if home is None else shown(home)

    async def views(self, given: Json) -> list[Json]:
        """Give the modals that a `person` has open."""
        return [shown(each) for each in self._person(given).views]

    async def pacing(self, given: Json) -> None:
        """Enforce a pace: fields of `pacing.Pacing`; with none, no pace."""
        tiers = {int(tier): most for tier, most in given.pop("tiers", {}).items()}
        fields = given | ({"tiers": tiers} if tiers else {})
        self.api.pacing = Pacing(**fields) if fields else None

    async def fault(self, given: Json) -> None:
        """Play a fault: the arguments of `SlackApi.fault`."""
        self.api.fault(**given)

    async def settings(self, given: Json) -> None:
        """Set what `SETTINGS` names, of the server, of its courier, or of its sockets."""
        for name, value in given.items():
            owners = (self.api, self.api.courier, self.api.courier.sockets)
            allowed = [each for each, names in zip(owners, SETTINGS, strict=True) if name in names]
            if not allowed:
                raise ValueError(f"there is no setting {name!r}")
            setattr(allowed[0], name, value)

    async def unread(self, _: Json) -> None:
        """Hold no message to its limits from now on: that takes a third of the time."""
        LIMITS.clear()

    async def silence(self, given: Json) -> None:
        """Make the connection `number` "deaf" or "dead" (`how`), or have it speak again: ""."""
        self._connection(given).silent = given["how"]

    async def disconnects(self, given: Json) -> None:
        """Have the connection `number` end with a `reason`, or without a word."""
        connection = self._connection(given)
        if given.get("reason"):
            await connection.disconnects(given["reason"])
        else:
            connection.breaks()

    async def connected(self, given: Json) -> int:
        """Wait until an app has `connections`; how many there are."""
        app = self._workspace(given).app
        await self.api.connected(app, given.get("connections", 1), given.get("within", 60.0))
        return len(self.api.courier.sockets.of(app))

    async def skip(self, given: Json) -> None:
        """Move Slack's clock ahead by so many `seconds`."""
        self.api.state.skipped += given["seconds"]

    async def until(self, given: Json) -> int:
        """Wait until so many `sends` were accepted, or so many `deliveries` began."""
        counted = self.api.counts.sends if "sends" in given else self.api.courier.history
        enough = given["sends"] if "sends" in given else given["deliveries"]
        return await self.api.state.until(
            lambda: len(counted) if len(counted) >= enough else None, given.get("within", 60.0)
        )

    async def stats(self, given: Json) -> Json:
        """Tell what was counted; with `times`, when each send was accepted too."""
        counts, courier = self.api.counts, self.api.courier
        over = [each for each in courier.history if each.over]
        sockets = courier.sockets.open
        told = {
            "sends": len(counts.sends),
            "requests": counts.requests,
            "refusals": counts.refusals,
            "most_in_flight": counts.most_in_flight,
            "connections": counts.connections,
            "faults_played": self.api.faults.played,
            "deliveries": len(courier.history),
            "deliveries_taken": sum(each.taken for each in over),
            "deliveries_given_up": sum(not each.taken for each in over),
            "tries": sum(len(each.tries) for each in courier.history),
            "posts": courier.posts.sent,
            "sockets_opened": courier.sockets.opened,
            "sockets_open": [
                {"envelopes": each.envelopes, "pings": each.pings} for each in sockets
            ],
            "wait_ms": spread([each.tries[-1].seconds for each in over if each.taken]),
        }
        return told | ({"times": counts.sends} if given.get("times") else {})

    async def forget(self, given: Json) -> None:
        """Begin the counts anew."""
        counts, courier = self.api.counts, self.api.courier
        counts.requests.clear()
        counts.refusals.clear()
        counts.sends.clear()
        counts.most_in_flight = counts.connections = self.api.faults.played = 0
        courier.history.clear()
        courier.posts.sent = courier.sockets.opened = 0

    def _workspace(self, given: Json) -> Workspace:
        every = self.api.workspaces
        return every[given["workspace"]] if "workspace" in given else next(iter(every.values()))

    def _person(self, given: Json) -> Person:
        for workspace in self.api.workspaces.values():
            if given["person"] in workspace.people:
                return workspace.people[given["person"]]
        raise LookupError(f"there is no person {given['person']!r}")

    def _connection(self, given: Json) -> Connection:
        return self.api.courier.sockets.of(self._workspace(given).app)[given.get("number", 0)]


NO_WISHES = {"answer", "api"}
SETTINGS = (
    {"latency", "echo", "trigger_life"},
    {"retries", "haste", "patience", "repeated"},
    {"duplicate", "newcomers", "approximate_seconds"},
)


def place(workspace: Workspace) -> Json:
    """Tell how a program reaches a workspace as its app."""
    app = workspace.app
    keys = ("app_token", "signing_secret", "client_id", "client_secret")
    ids = {"workspace": workspace.id, "app": app.id, "token": workspace.token}
    return ids | {name: getattr(app, name) for name in keys} | {"people": list(workspace.people)}


def shown(seen: Any) -> Json:
    """Give what can be read and pressed."""
    told = {"words": seen.words, "buttons": seen.buttons, "blocks": seen.blocks}
    ids = {"ts": seen.ts, "text": seen.text} if hasattr(seen, "ts") else {"id": seen.id}
    return ids | told
