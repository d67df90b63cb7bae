"""What keeps comentor from being there, in words."""

from __future__ import annotations


class RunTrouble(Exception):
    """Comentor cannot be there for anybody; the message says why and what to do."""
