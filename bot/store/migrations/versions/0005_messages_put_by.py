"""A message can be put by for a pair's next meeting.

Revision 0005, after 0004.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Take this step."""
    op.create_table(
        "put_by",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("pair_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["pair_id"], ["pair.id"], name=op.f("fk_put_by_pair_id_pair")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_put_by_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_put_by")),
    )
    op.create_index(op.f("ix_put_by_person_id"), "put_by", ["person_id"])
