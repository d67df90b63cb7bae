"""Updates that wait for the bot: kept, expired, confirmed by an offset, and played wrongly."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count, islice

from tests.botapi.model import shape
from tests.botapi.refusals import SECOND_READER, Refused
from tests.botapi.state import Json, State

DAY = 86_400.0  # seconds a message or a member change is kept: Client.cpp, add_update
PRESS_LIFE = 150.0  # seconds a callback query is kept: the same place
LONGEST_POLL = 50  # seconds: Client.h, LONG_POLL_MAX_TIMEOUT
MOST_AT_ONCE = 100  # getUpdates, limit
NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}  # allowed_updates


@dataclass(slots=True, eq=False)
class Pending:
    """An update that the bot has not confirmed."""

    update: Json
    lane: str
    """Those of one lane go one after the other through a webhook."""
    expires: float
    replayed: bool = False
    """Shown once whatever the offset, then gone."""
    serial: int = -1
    """Its place in the queue; an id may stand in it twice."""
    pushed: float = field(default_factory=time.perf_counter)

    @property
    def id(self) -> int:
        return int(self.update["update_id"])

    @property
    def body(self) -> bytes:
        return json.dumps(self.update).encode()


@dataclass(slots=True)
class Updates:
    """The queue; a poll reads it, or a webhook takes each update as it comes."""

    state: State
    next_id: int = 1000
    """May be set: ids grow, but they may jump, and start anew after a quiet week."""
    allowed: frozenset[str] | None = None
    """Kinds the bot asked for; None is all but three."""
    taker: Callable[[Pending], None] | None = None
    recent: deque[Pending] = field(default_factory=lambda: deque(maxlen=1000))
    waits: list[float] = field(default_factory=list)
    """Seconds from an update's birth to its confirmation, one each."""
    expired: int = 0
    closed: bool = False
    _pending: dict[int, Pending] = field(default_factory=dict)
    _serials: Iterator[int] = field(default_factory=count)
    _twice: int = 0
    _held: list[Pending] | None = None
    _reader: asyncio.Future[None] | None = None

    def __len__(self) -> int:
        return len(self._pending)

    def push(self, kind: str, content: Json, lane: str, *, checked: bool = True) -> Json:
        """Give an update to the bot; it comes back as the bot will see it.

        Unless `checked` is off, the model must know it: that is for what it shall not know.
        """
        update = {"update_id": self.next_id, kind: content}
        if checked:
            shape("Update")(update)
        self.next_id += 1
        if self._wanted(kind):
            life = PRESS_LIFE if kind == "callback_query" else DAY
            self._add(Pending(update, lane, self.state.now + life))
        return update

    def repeat_next(self, times: int = 1) -> None:
        """Have the next updates come twice, under the same id."""
        self._twice += times

    def replay(self, update: Json) -> None:
        """Give an update again that was long confirmed."""
        old = next(each for each in self.recent if each.id == update["update_id"])
        self._enqueue(Pending(old.update, old.lane, self.state.now + DAY, replayed=True))

    @contextmanager
    def reordered(self) -> Iterator[None]:
        """Hold what is pushed inside the block, then let it go, the last first."""
        self._held = []
        yield
        held, self._held = self._held, None
        for pending in reversed(held):
            self._enqueue(pending)

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Json]:
        """Give what waits from an id on, after up to so many seconds; what is before it goes.

        Raises:
            Refused: another reader came while this one waited.
        """
        self._confirm(offset)
        found = self._read(limit)
        if found or not seconds or self.closed:
            return found
        self.oust(SECOND_READER)
        self._reader = reader = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(min(seconds, LONGEST_POLL)):
                await reader
        except TimeoutError:
            return []
        finally:
            if self._reader is reader:
                self._reader = None
        return self._read(limit)

    def oust(self, words: str) -> None:
        """Send the reader away who waits now."""
        if self._reader is not None and not self._reader.done():
            self._reader.set_exception(Refused(409, words))

    def close(self) -> None:
        """Let the reader go with nothing, and any that still comes."""
        self.closed = True
        self._wake()

    def waiting(self) -> Sequence[Pending]:
        """Give all that wait, the first first."""
        return list(self._pending.values())

    def settle(self, pending: Pending, *, confirmed: bool = True) -> None:
        """Take an update out: the bot has it, or nobody will."""
        if pending.serial in self._pending:
            self._remove(pending.serial, confirmed=confirmed)

    def clear(self) -> None:
        """Forget all that waits."""
        self._pending.clear()

    def _wanted(self, kind: str) -> bool:
        return kind not in NOT_BY_DEFAULT if self.allowed is None else kind in self.allowed

    def _add(self, pending: Pending) -> None:
        copies = [pending]
        if self._twice:
            self._twice -= 1
            copies.append(Pending(pending.update, pending.lane, pending.expires))
        for each in copies:
            if self._held is None:
                self._enqueue(each)
            else:
                self._held.append(each)

    def _enqueue(self, pending: Pending) -> None:
        pending.serial = next(self._serials)
        self._pending[pending.serial] = pending
        self.recent.append(pending)
        if self.taker is not None:
            self.taker(pending)
        self._wake()

    def _wake(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    def _read(self, limit: int) -> list[Json]:
        now = self.state.now
        for serial in [s for s, each in self._pending.items() if each.expires <= now]:
            self._remove(serial, confirmed=False)
        found = list(islice(self._pending.items(), limit))
        for serial, each in found:
            if each.replayed:
                self._remove(serial, confirmed=True)
        return [each.update for _, each in found]

    def _confirm(self, offset: int) -> None:
        """Let go what is before the offset; a negative one keeps so many from the end."""
        if offset < 0:
            gone = list(self._pending)[:offset]
        else:
            gone = [s for s, each in self._pending.items() if each.id < offset]
        for serial in gone:
            if not self._pending[serial].replayed:
                self._remove(serial, confirmed=True)

    def _remove(self, serial: int, *, confirmed: bool) -> None:
        pending = self._pending.pop(serial)
        if confirmed:
            self.waits.append(time.perf_counter() - pending.pushed)
        else:
            self.expired += 1
        self.state.changed()
