"""The playground's platform.

Whoever is looking at the page has the message as soon as it is marked as sent.
"""

from __future__ import annotations

from bot.platforms import Delivery, Redrawing


class PlaygroundPlatform:
    """Takes every delivery; the page shows what was sent straight from the outbox."""

    async def send(self, delivery: Delivery) -> str:
        """Give the first part's number: the parts of one message share it."""
        return str(delivery.parts[0].message)

    async def redraw(self, redrawing: Redrawing) -> None:
        """Nothing to do: the page always shows how things stand."""

    def says_again(self, delivery: Delivery) -> bool:
        """Its answers are never lost."""
        return False

    async def close(self) -> None:
        """Nothing to let go of."""
