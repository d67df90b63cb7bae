"""The menu of commands that Telegram shows beside the field where people write."""

from __future__ import annotations

import structlog
from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat
from telegram.error import TelegramError

from bot.words import Words
from conversations.commands import read_command
from conversations.talk import Role

log = structlog.get_logger()
USUAL: Role = "mentee"
"""Whose menu everybody sees until it is known who they are."""


def menu_for(role: Role, words: Words) -> list[BotCommand]:
    """Give what somebody of that role can ask for, in the order of the words' own menu."""
    return [
        BotCommand(name, said)
        for name, said in words.menu.items()
        if name == "start" or read_command(f"/{name}", words.forms, role)
    ]


async def show_menu(bot: Bot, words: Words) -> None:
    """Give everybody the usual menu; where that fails people can still type."""
    await _try(bot, menu_for(USUAL, words), None)


async def show_menu_to(bot: Bot, words: Words, address: str, role: Role) -> None:
    """Give somebody the menu of their role, if it is another than the usual."""
    menu = menu_for(role, words)
    if menu != menu_for(USUAL, words):
        await _try(bot, menu, int(address))


async def _try(bot: Bot, menu: list[BotCommand], chat: int | None) -> None:
    scope = BotCommandScopeAllPrivateChats() if chat is None else BotCommandScopeChat(chat)
    try:
        await bot.set_my_commands(menu, scope=scope)
    except TelegramError as trouble:
        log.info("the menu could not be shown", why=type(trouble).__name__)
