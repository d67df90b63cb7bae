"""Of an answer it is known in which thread its question was put.

Revision 0009, after 0008.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Take this step."""
    op.add_column("message", sa.Column("thread", sa.Text(), nullable=True))
