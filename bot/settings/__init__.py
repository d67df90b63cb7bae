"""What a programme sets: one TOML file, a folder of secrets above it, the environment above both.

An environment variable is called COMENTOR_SECTION__KEY (a list is written as JSON); a secret is a
file called section__key in the folder that COMENTOR_SECRETS_DIR names.
"""

from bot.settings.fault import BadSettings, Fault
from bot.settings.keys import (
    Closure,
    Database,
    Log,
    Playground,
    Programme,
    Server,
    Settings,
    Telegram,
)
from bot.settings.load import load_settings
from bot.settings.slack import Slack, Workspace

__all__ = [
    "BadSettings",
    "Closure",
    "Database",
    "Fault",
    "Log",
    "Playground",
    "Programme",
    "Server",
    "Settings",
    "Slack",
    "Telegram",
    "Workspace",
    "load_settings",
]
