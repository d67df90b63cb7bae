"""How much of a request's body is read: whoever sends one without end is not listened to."""

from __future__ import annotations

from starlette.types import Message, Receive


class TooLarge(Exception):
    """The body is longer than what is taken here."""

    def __init__(self, *, more: bool) -> None:
        super().__init__()
        self.more = more
        """Whether some of it is still to come: waiting for what never comes would answer nobody."""


def counted(receive: Receive, limit: int) -> Receive:
    """Give what receives so many bytes of a body; at the next it raises TooLarge."""
    taken = 0

    async def receiving() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit:
            raise TooLarge(more=message.get("more_body", False))
        return message

    return receiving
