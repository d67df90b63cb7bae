"""Comentor without what only the tools of the tests bring: `python benchmarks/as_installed.py …`.

Structlog and Mako take rich and Pygments where they find them; nobody who installs comentor does.
"""

from __future__ import annotations

import sys

from bot.cli import main

ONLY_WITH_THE_TOOLS = ("rich", "pygments")

if __name__ == "__main__":
    sys.modules.update(dict.fromkeys(ONLY_WITH_THE_TOOLS))  # type: ignore[arg-type]
    main()
