"""Invitations that are typed: codes that can be read off paper and into a phone."""

from __future__ import annotations

import re
import secrets

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""None that can be mistaken for another on paper."""
_CODE = re.compile(f"[{LETTERS}]{{4}}(-[{LETTERS}]{{4}}){{3}}")


def a_code() -> str:
    """Give a new one, such as `k7qf-m2xp-9dht-w4nc`: one of 31 to the 16th, or 79 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


def is_a_code(text: str) -> bool:
    """Whether somebody typed what looks like one."""
    return _CODE.fullmatch(_as_printed(text)) is not None


def typed_token(text: str) -> str:
    """Give the token that was typed; a code may be in capitals, and with spaces for its dashes."""
    return _as_printed(text) if is_a_code(text) else text.strip()


def _as_printed(text: str) -> str:
    return "-".join(text.lower().replace("-", " ").split())
