"""What conversations look up and do, answered by the database.

One function for each lookup and each command.
"""

from __future__ import annotations

from bot.deeds import (
    announcements as announcements,
)
from bot.deeds import (
    breaks as breaks,
)
from bot.deeds import (
    endings as endings,
)
from bot.deeds import (
    goals as goals,
)
from bot.deeds import (
    languages as languages,
)
from bot.deeds import (
    meetings as meetings,
)
from bot.deeds import (
    people as people,
)
from bot.deeds import (
    reflections as reflections,
)
from bot.deeds import (
    rounds as rounds,
)
from bot.deeds import (
    stalls as stalls,
)
from bot.deeds.dispatch import find, perform

__all__ = ["find", "perform"]
