"""It is known who has chosen a language, and of whom none is known.

Revision 0010, after 0009. So far `en` stood there too where a cohort's file had named nothing.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Take this step."""
    with op.batch_alter_table("person") as person:
        person.add_column(
            sa.Column(
                "language_is_own", sa.Boolean(), server_default=sa.text("false"), nullable=False
            )
        )
        person.alter_column("language", existing_type=sa.Text(), server_default="")
    op.execute("UPDATE person SET language = '' WHERE language = 'en'")
