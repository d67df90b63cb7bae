"""Telegram's Bot API over HTTP, on this machine: for tests of the whole program, and for load.

async with BotApi() as api:
    ...  # start the program with api.base_url and api.token
    ana = api.person(5, "Ana", language_code="es")
    ana.start("a-token-of-invitation")
    which = await ana.sees("Which day")
    ana.presses(which, "Thursday")
    api.fault("sendMessage", "lost")
    await ana.sees(lambda message: message.document_name == "meeting.ics")
"""

from tests.botapi.faults import Kind
from tests.botapi.pacing import Pacing
from tests.botapi.people import Group, Person
from tests.botapi.server import TOKEN, BotApi
from tests.botapi.state import Message

__all__ = ["TOKEN", "BotApi", "Group", "Kind", "Message", "Pacing", "Person"]
