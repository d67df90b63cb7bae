"""The menu of commands that Telegram shows beside the field where people write."""

from __future__ import annotations

import structlog
from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat
from telegram.error import TelegramError

from bot.languages import Languages
from bot.words import Words
from conversations.commands import read_command
from conversations.talk import Role

log = structlog.get_logger()
USUAL: Role = "mentee"
"""Whose menu everybody sees until it is known who they are."""
HAS_A_CODE = 2
"""Letters of a language for which Telegram keeps a menu of its own (Bot API, setMyCommands)."""


def menu_for(role: Role, words: Words) -> list[BotCommand]:
    """Give what somebody of that role can ask for, in the order of the words' own menu."""
    return [
        BotCommand(name, said)
        for name, said in words.menu.items()
        if name == "start" or read_command(f"/{name}", words.forms, role)
    ]


async def show_menu(bot: Bot, words: Languages) -> None:
    """Give everybody the usual menu, in the language of their app if it is spoken.

    Where that fails people can still type.
    """
    scope = BotCommandScopeAllPrivateChats()
    menus = {"": words.usual} | {
        code: each for code, each in words.spoken.items() if len(code) == HAS_A_CODE
    }
    for code, each in menus.items():
        try:
            await bot.set_my_commands(menu_for(USUAL, each), scope=scope, language_code=code)
        except TelegramError as trouble:
            log.info("the menu could not be shown", why=type(trouble).__name__)


async def show_menu_to(bot: Bot, words: Words, address: str, role: Role) -> None:
    """Give somebody the menu of their role in their own language. Raises TelegramError."""
    await bot.set_my_commands(menu_for(role, words), scope=BotCommandScopeChat(int(address)))
