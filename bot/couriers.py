"""Couriers: they take leased deliveries to the platforms and write down what became of each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from bot import outbox
from bot.clock import Clock
from bot.outbox import Leased
from bot.platforms import AnswerLost, Begun, NotNow, Platform, Refused, Unsendable

log = structlog.get_logger()
Mark = Callable[[Session, datetime], object]


async def carry(
    platforms: Mapping[str, Platform],
    leased: Leased,
    hold: Callable[[timedelta], Awaitable[None]] | None = None,
) -> Mark:
    """Hand one delivery to its platform and give what is to be written down of it.

    `hold` is told where the platform asks for silence.
    """
    platform = platforms.get(leased.platform)
    if platform is None:
        why = f"nobody here serves {leased.platform}"
        return lambda session, now: outbox.mark_not_now(
            session, leased, why, now, outbox.LONGEST_PAUSE
        )
    try:
        sent = await platform.send(leased.delivery)
    except Refused as refusal:
        why = str(refusal)
        return lambda session, now: outbox.mark_refused(session, leased, why, now)
    except NotNow as trouble:
        why, after, is_begun = str(trouble), trouble.after, trouble.is_begun
        if hold is not None and after is not None and trouble.is_for_all:
            await hold(after)
        return lambda session, now: outbox.mark_not_now(
            session, leased, why, now, after, is_begun=is_begun
        )
    except Unsendable as fault:
        why = str(fault)
        log.warning("a message cannot be sent", message=leased.delivery.parts[0].message, why=why)
        return lambda session, _: outbox.mark_unsendable(session, leased, why)
    except AnswerLost:
        if platform.says_again(leased.delivery):
            return lambda session, now: outbox.mark_doubtful(session, leased, now)
        return lambda session, _: outbox.mark_unknown(session, leased)
    return _taken(leased, sent)


def _taken(leased: Leased, sent: str | Begun) -> Mark:
    if isinstance(sent, Begun):
        return lambda session, _: outbox.mark_begun(session, leased, sent)
    return lambda session, now: outbox.mark_sent(session, leased, sent, now)


async def carry_all(
    platforms: Mapping[str, Platform], leased: Sequence[Leased], clock: Clock
) -> list[Mark]:
    """Hand over several, each after the other: order per person is theirs to keep.

    What has outlived its lease by its turn is left to whoever takes it back.
    """
    return [await carry(platforms, each) for each in leased if clock.now() < each.until]


def write_down(session: Session, marks: Sequence[Mark], now: datetime) -> None:
    """Keep what became of each delivery."""
    for mark in marks:
        mark(session, now)
