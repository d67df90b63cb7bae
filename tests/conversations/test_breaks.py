"""Pausing, coming back, less often and stopping, read aloud: a date, no reason, and no guilt."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest

from conversations.breaks import (
    STRETCHES,
    ComeBack,
    LessOften,
    PartnersOf,
    Pause,
    ReadDay,
    Stop,
    TypedDay,
)
from conversations.typed_dates import NotADate
from tests.conversations.stage import ANA, BEN, DANA, Stage, in_turn

JUNE = date(2026, 6, 3)
READ = TypedDay(JUNE, "")
UNREAD = TypedDay(None, "unknown")


# Pausing.


def pausing(*read: TypedDay, until: str = "") -> Stage:
    """Let Ana pause; days that she types are read like that, one after the other."""
    found = {ReadDay: in_turn(*read), Pause: (BEN,)}
    return Stage("pause", found, who=ANA, until=until)


def paused(talk: Stage) -> None:
    """Keep the pause until June; both read the date and nothing else."""
    talk.does(Pause(ANA.id, JUNE))
    talk.says(ANA, "paused", day=JUNE, partners=(BEN,))
    talk.says(BEN, "partner_paused", partner=ANA, day=JUNE)
    talk.ends()


@pytest.mark.parametrize("stretch", STRETCHES)
def test_a_stretch_needs_one_tap(stretch: str) -> None:
    """The day it ends is told and not asked about again."""
    talk = pausing(READ)
    talk.asks(ANA, "pause_for", (*STRETCHES, "a_day"))
    talk.presses(ANA, stretch)
    paused(talk)


def test_a_typed_day_is_read_back() -> None:
    """`pause`, then a day of her own."""
    talk = pausing(READ)
    talk.presses(ANA, "a_day")
    talk.asks(ANA, "which_day")
    talk.types(ANA, "3 June")
    talk.asks(ANA, "pause_until", ("yes", "no"), day=JUNE)
    talk.presses(ANA, "yes")
    paused(talk)


def test_pause_until_a_day_in_one_line() -> None:
    """`pause until 3 June` asks only whether it was read rightly."""
    talk = pausing(READ, until="3 june")
    assert talk.looked == [ReadDay(ANA.id, "3 june")]
    talk.asks(ANA, "pause_until", day=JUNE)
    talk.types(ANA, "yes")
    paused(talk)


@pytest.mark.parametrize("reason", get_args(NotADate))
def test_a_day_that_cannot_be_read_is_asked_for_again(reason: str) -> None:
    """In words that say why."""
    talk = pausing(TypedDay(None, reason), READ, until="3/6")
    talk.asks(ANA, f"day_{reason}")
    talk.types(ANA, "3 June")
    talk.asks(ANA, "pause_until", day=JUNE)


def test_a_day_read_wrongly_is_named_anew() -> None:
    """A no asks for another."""
    talk = pausing(TypedDay(date(2026, 6, 2), ""), READ, until="2 june")
    talk.presses(ANA, "no")
    talk.asks(ANA, "which_day")
    talk.types(ANA, "3 June")
    talk.presses(ANA, "yes")
    paused(talk)


def test_a_pause_is_sought_as_long_as_they_try() -> None:
    """Whoever asks to be left in peace is not met with silence and no pause."""
    talk = pausing(*[UNREAD] * 6, until="whenever")
    for _ in range(5):
        talk.asks(ANA, "day_unknown")
        talk.types(ANA, "when the lilacs bloom")
    talk.asks(ANA, "day_unknown")
    talk.skips(ANA)
    talk.ends()


def test_silence_over_the_stretch_pauses_nothing() -> None:
    """Nothing is done that was not chosen."""
    talk = pausing()
    talk.lapses()
    talk.ends()


def test_silence_over_the_day_pauses_nothing() -> None:
    """As before."""
    talk = pausing()
    talk.presses(ANA, "a_day")
    talk.lapses()
    talk.ends()


def test_silence_over_the_reading_back_pauses_nothing() -> None:
    """What was read counts only after a yes."""
    talk = pausing(READ, until="3 june")
    talk.lapses()
    talk.ends()


def test_a_manager_pauses_alone() -> None:
    """Without a partner nobody is told."""
    talk = Stage("pause", {ReadDay: READ, Pause: ()}, who=DANA)
    talk.presses(DANA, "one_week")
    talk.does(Pause(DANA.id, JUNE))
    talk.says(DANA, "paused", day=JUNE, partners=())
    talk.ends()


# Coming back.


def test_a_pause_ends_when_they_say() -> None:
    """With a welcome, and no word about how long it was; Ben, who read of a day, reads of it."""
    talk = Stage("come_back", {ComeBack: True, PartnersOf: (BEN,)}, who=ANA)
    talk.does(ComeBack(ANA.id))
    talk.says(ANA, "back_again")
    talk.says(BEN, "partner_is_back", partner=ANA)
    talk.ends()


def test_without_a_pause_there_is_none_to_end() -> None:
    """It is said rather than pretended."""
    talk = Stage("come_back", {ComeBack: False}, who=ANA)
    talk.does(ComeBack(ANA.id))
    talk.says(ANA, "not_paused")
    talk.ends()


def test_a_pause_ends_by_itself_with_one_soft_line() -> None:
    """To the one who paused, and nobody else."""
    talk = Stage("say_pause_is_over", who=ANA)
    talk.says(ANA, "pause_is_over")
    talk.ends()


# Less often.


def left_alone() -> Stage:
    """Ask Ana, once, if less would be better."""
    talk = Stage("ask_less", {Stop: (BEN,), ReadDay: READ, Pause: (BEN,)}, who=ANA)
    talk.asks(ANA, "less_pause_or_stop", ("as_it_is", "less", "pause", "stop"))
    return talk


def test_less_often_is_obeyed() -> None:
    """At most one message a week."""
    talk = left_alone()
    talk.presses(ANA, "less")
    talk.does(LessOften(ANA.id))
    talk.says(ANA, "less_often")
    talk.ends()


def test_it_may_be_fine_as_it_is() -> None:
    """Nothing changes."""
    talk = left_alone()
    talk.presses(ANA, "as_it_is")
    talk.says(ANA, "as_it_was")
    talk.ends()


def test_less_may_be_a_pause() -> None:
    """The same as any pause."""
    talk = left_alone()
    talk.presses(ANA, "pause")
    talk.asks(ANA, "pause_for")


def test_less_may_be_nothing_at_all() -> None:
    """Asked once more, since it is for good."""
    talk = left_alone()
    talk.presses(ANA, "stop")
    talk.asks(ANA, "really_stop")


def test_silence_over_less_is_left_alone() -> None:
    """The fourth question unanswered is the last."""
    talk = left_alone()
    talk.lapses()
    talk.ends()


# Stopping.


def stopping() -> Stage:
    """Let Ana say stop."""
    talk = Stage("stop", {Stop: (BEN,)}, who=ANA)
    talk.asks(ANA, "really_stop", ("stop", "pause", "stay"))
    return talk


def test_a_stop_is_for_good() -> None:
    """She gets the last word; the partner reads only that she has stopped."""
    talk = stopping()
    talk.presses(ANA, "stop")
    talk.does(Stop(ANA.id))
    talk.says(ANA, "stopped")
    talk.says(BEN, "partner_stopped", partner=ANA)
    talk.ends()


def test_a_stop_may_become_a_pause() -> None:
    """Which is offered where a stop was asked for in a hurry."""
    talk = stopping()
    talk.types(ANA, "pause")
    talk.asks(ANA, "pause_for")


def test_they_may_stay() -> None:
    """All is as it was."""
    talk = stopping()
    talk.presses(ANA, "stay")
    talk.says(ANA, "still_here")
    talk.ends()


def test_silence_stops_nothing() -> None:
    """A stop needs its second tap."""
    talk = stopping()
    talk.lapses()
    talk.ends()
