"""Slack over HTTP and sockets, on this machine: for tests of the whole program, and for load.

async with SlackApi() as api:
    river = api.workspace("Riverside")  # start the program with api.base_url and
    ...  # river.token, river.app.app_token; or river.app.listens(url) and app.signing_secret
    ben = river.person("Ben Okafor", email="ben@river.example", tz="Europe/Berlin")
    await api.connected(river.app)
    ben.types("hello")
    which = await ben.sees("Which day")
    await ben.presses(which, "Thursday").answered()
    await ben.submits(await ben.sees_view("Your goals"), {"Goal": "Speak up"})
    api.fault("chat.postMessage", "lost")
"""

from tests.slackapi.deliveries import Delivery, Try
from tests.slackapi.faults import Kind
from tests.slackapi.pacing import Pacing
from tests.slackapi.people import Person
from tests.slackapi.rooms import Room
from tests.slackapi.server import SlackApi
from tests.slackapi.state import Message, View
from tests.slackapi.workspaces import SCOPES, App, Workspace

__all__ = [
    "SCOPES",
    "App",
    "Delivery",
    "Kind",
    "Message",
    "Pacing",
    "Person",
    "Room",
    "SlackApi",
    "Try",
    "View",
    "Workspace",
]
