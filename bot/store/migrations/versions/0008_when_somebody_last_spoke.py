"""When somebody last spoke stands with them: the inbox needs no index of addresses for it.

Revision 0008, after 0007.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

LAST_WORDS = """
    UPDATE person SET spoke_at = (
        SELECT max(received_at) FROM arrival
        WHERE arrival.platform = person.platform AND arrival.address = person.address
        AND arrival.kind NOT IN ('closed', 'looked', 'unreachable')
    )
"""


def upgrade() -> None:
    """Take this step."""
    op.add_column("person", sa.Column("spoke_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(LAST_WORDS)
    op.drop_index("ix_arrival_address", "arrival")
