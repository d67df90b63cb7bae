"""How a pair begins."""

from __future__ import annotations

from datetime import datetime

from bot.roster import Pair, Roster


def begins(roster: Roster, pair: Pair, now: datetime) -> bool:
    """Let a pair begin once both have said yes. Gives whether it has begun by now.

    The caller holds its lock: of two who say yes at once, the second is to see the first.
    """
    if pair.began_at is None:
        roster.read_both_again(pair)
        if all(roster.person(each).welcomed_at for each in pair.both):
            roster.change(pair, began_at=now)
    return pair.began_at is not None
