"""How Alembic runs a step: on the connection it is handed, in that connection's transaction."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from bot.store.tables import Instant, Table


def _as_plain_type(kind: str, value: Any, _: AutogenContext) -> str | Literal[False]:
    """Write our instant as the plain type it is: an old step must not change when our code does."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(value, Instant) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
    render_item=_as_plain_type,
)
context.run_migrations()
