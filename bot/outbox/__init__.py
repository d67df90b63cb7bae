"""The outbox: what is to be said, kept until a platform has taken it.

Each person's messages keep their order; nothing is lost and nothing is said twice.

A message goes from pending to sending (under a lease) to sent; one that takes several calls is
pending again after each, and is finished before anything else is said to them. A refusal seen twice
makes it dead and closes the address; a passing trouble makes it pending again, later; an answer
that was lost makes it unknown.
"""

from bot.outbox.leasing import LEASE, MOST_AT_ONCE, Leased, lease_due, take_back, take_back_in
from bot.outbox.marking import (
    BEFORE_BELIEVING,
    FIRST_PAUSE,
    LONGEST_PAUSE,
    close_address,
    mark_begun,
    mark_doubtful,
    mark_not_now,
    mark_refused,
    mark_sent,
    mark_unknown,
    mark_unsendable,
)
from bot.outbox.redrawing import Stale, mark_redrawn, stale
from bot.outbox.waiting import NEXT, next_due, opens_at

__all__ = [
    "BEFORE_BELIEVING",
    "FIRST_PAUSE",
    "LEASE",
    "LONGEST_PAUSE",
    "MOST_AT_ONCE",
    "NEXT",
    "Leased",
    "Stale",
    "close_address",
    "lease_due",
    "mark_begun",
    "mark_doubtful",
    "mark_not_now",
    "mark_redrawn",
    "mark_refused",
    "mark_sent",
    "mark_unknown",
    "mark_unsendable",
    "next_due",
    "opens_at",
    "stale",
    "take_back",
    "take_back_in",
]
