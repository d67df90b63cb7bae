"""A person's messages by when they may go out: every look at a pair asks for the last two weeks.

Revision 0002, after 0001.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Take this step."""
    op.drop_index("ix_message_person", "message")
    op.create_index("ix_message_person", "message", ["person_id", "not_before"])
