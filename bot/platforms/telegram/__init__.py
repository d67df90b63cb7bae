"""Telegram, through python-telegram-bot's types and its Bot; receiving and pacing are our own."""
