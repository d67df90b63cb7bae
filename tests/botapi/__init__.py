"""Telegram's Bot API over HTTP, on this machine: for tests of the whole program, and for load."""

from tests.botapi.faults import Kind
from tests.botapi.pacing import Pacing
from tests.botapi.people import Group, Person
from tests.botapi.server import TOKEN, BotApi
from tests.botapi.state import Message

__all__ = ["TOKEN", "BotApi", "Group", "Kind", "Message", "Pacing", "Person"]
