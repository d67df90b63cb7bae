"""Of a message that takes several calls it is known how many were answered.

Revision 0007, after 0006.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Take this step."""
    op.add_column(
        "message", sa.Column("calls", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )
