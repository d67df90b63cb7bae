"""Logs: one line an event, to standard error, with ids and counts and never a word anyone wrote."""

from __future__ import annotations

import logging
import sys

import structlog

from bot.settings import Log


def set_up_logs(log: Log) -> None:
    """Write what is worth it at this level, for people or for machines."""
    machine = structlog.processors.JSONRenderer()
    person = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            machine if log.format == "json" else person,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[log.level.upper()]
        ),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
