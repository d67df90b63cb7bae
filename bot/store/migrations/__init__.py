"""One history of changes for both databases; every start brings the tables up to date."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from bot.store.tables import Table


def configuration() -> Config:
    """Give Alembic's configuration; there is no alembic.ini."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config


def bring_up_to_date(engine: Engine) -> None:
    """Take every step of the history that this database has not taken; at once, or not at all."""
    config = configuration()
    with engine.begin() as connection:
        head = ScriptDirectory.from_config(config).get_current_head()
        if MigrationContext.configure(connection).get_current_revision() == head:
            return
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def missing_steps(connection: Connection) -> list[object]:
    """Give what the tables in code have that the history does not bring, or the other way round.

    Empty if in step.
    """
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, Table.metadata))
