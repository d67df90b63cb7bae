"""Messages that were sent are redrawn, and a platform's state outlives a restart.

Revision 0003, after 0002.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Take this step."""
    op.create_table(
        "platform_state",
        sa.Column("platform", sa.String(length=40), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("quiet_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("platform", name=op.f("pk_platform_state")),
    )
    op.add_column("message", sa.Column("stale_at", sa.DateTime(timezone=True), nullable=True))
    pending, stale = sa.text("state = 'pending'"), sa.text("stale_at IS NOT NULL")
    op.create_index(
        "ix_message_queue",
        "message",
        ["rank", "id"],
        sqlite_where=pending,
        postgresql_where=pending,
    )
    op.create_index(
        "ix_message_stale",
        "message",
        ["stale_at"],
        sqlite_where=stale,
        postgresql_where=stale,
    )
