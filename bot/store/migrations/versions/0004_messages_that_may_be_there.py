"""A message that was handed over without an answer is known as such; some people have a page.

Revision 0004, after 0003.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Take this step."""
    op.add_column(
        "message", sa.Column("doubts", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )
    op.create_table(
        "home",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("stale_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_home_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_home")),
    )
    stale = sa.text("stale_at IS NOT NULL")
    op.create_index(
        "ix_home_stale", "home", ["stale_at"], sqlite_where=stale, postgresql_where=stale
    )
