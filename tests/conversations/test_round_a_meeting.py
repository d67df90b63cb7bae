"""Round a meeting, read aloud: hopes shared only by choice, reminders, two accounts, a number."""

from __future__ import annotations

import pytest

from conversations.meetings import FreeTimes, Meeting, Times
from conversations.round_a_meeting import (
    GiveAccount,
    KeepHope,
    KeptForMeeting,
    LetSupervisorKnow,
    RateMeeting,
)
from conversations.talk import Who, days
from tests.conversations.stage import ANA, APRIL, BEN, MAY, PAIR, Stage

MEETING = Meeting(12, APRIL, 60)
"""The first after the clocks changed."""


# Three days before.


def preparing() -> Stage:
    """Ask Ana what she would like from it."""
    talk = Stage("prepare_meeting", who=ANA, pair=PAIR, meeting=MEETING)
    talk.asks(ANA, "what_would_you_like", within=days(2), meeting=MEETING, partner=BEN)
    return talk


def hoping() -> Stage:
    """Let Ana write a hope, and ask her whether it may be passed on."""
    talk = preparing()
    talk.types(ANA, "Time to think about the move.")
    talk.asks(ANA, "share_hope", ("share", "keep"), within=days(2), partner=BEN)
    return talk


def test_a_hope_is_passed_on_by_choice() -> None:
    """In the very words, and its owner is told that it was."""
    talk = hoping()
    talk.types(ANA, "yes")
    talk.does(KeepHope(MEETING.id, ANA.id, "Time to think about the move.", shared=True))
    talk.says(
        BEN, "partner_hopes", partner=ANA, meeting=MEETING, words="Time to think about the move."
    )
    talk.says(ANA, "hope_shared", partner=BEN)
    talk.ends()


def test_a_hope_may_be_kept_to_oneself() -> None:
    """The partner hears nothing, not even that there is one."""
    talk = hoping()
    talk.presses(ANA, "keep")
    talk.does(KeepHope(MEETING.id, ANA.id, "Time to think about the move.", shared=False))
    talk.says(ANA, "hope_kept")
    talk.ends()


def test_silence_keeps_a_hope_to_oneself() -> None:
    """What was written is kept; nothing is shared without a choice."""
    talk = hoping()
    talk.lapses()
    talk.does(KeepHope(MEETING.id, ANA.id, "Time to think about the move.", shared=False))
    talk.ends()


def test_a_hope_can_be_skipped() -> None:
    """Nothing is kept."""
    talk = preparing()
    talk.skips(ANA)
    talk.ends()


# Reminders.


def test_the_day_before_brings_what_they_kept_for_it() -> None:
    """Each their own."""
    kept = ("What would I do with a free day?",)
    talk = Stage(
        "remind_the_day_before", {KeptForMeeting: kept}, who=ANA, pair=PAIR, meeting=MEETING
    )
    talk.says(ANA, "day_before", meeting=MEETING, partner=BEN, kept=kept)
    talk.ends()


def test_the_day_before_is_a_reminder_without_anything_kept() -> None:
    """It asks for nothing."""
    talk = Stage("remind_the_day_before", {KeptForMeeting: ()}, who=BEN, pair=PAIR, meeting=MEETING)
    talk.says(BEN, "day_before", meeting=MEETING, partner=ANA, kept=())
    talk.ends()


@pytest.mark.parametrize(("who", "partner"), [(ANA, BEN), (BEN, ANA)])
def test_the_hour_before_names_the_partner(who: Who, partner: Who) -> None:
    """And nobody else."""
    talk = Stage("remind_the_hour_before", who=who, pair=PAIR, meeting=MEETING)
    talk.says(who, "hour_before", meeting=MEETING, partner=partner)
    talk.ends()


# Did it take place?


def asking(*, differs: bool = False) -> Stage:
    """Ask Ana whether they met."""
    found = {GiveAccount: differs, FreeTimes: Times((MAY,), beyond_hours=False)}
    talk = Stage("ask_how_it_went", found, who=ANA, pair=PAIR, meeting=MEETING)
    talk.asks(
        ANA,
        "did_it_happen",
        ("held", "missed", "moved"),
        within=days(3),
        meeting=MEETING,
        partner=BEN,
    )
    return talk


def says_it_was(talk: Stage, said: str) -> None:
    """Let Ana give her account."""
    talk.presses(ANA, said)
    talk.does(GiveAccount(MEETING.id, ANA.id, said))


def test_a_meeting_that_was_good_is_rated_for_oneself() -> None:
    """The number is kept for nobody else."""
    talk = asking()
    says_it_was(talk, "held")
    talk.asks(ANA, "how_was_it", (1, 2, 3, 4, 5), partner=BEN)
    talk.types(ANA, "4")
    talk.does(RateMeeting(MEETING.id, ANA.id, 4))
    talk.says(ANA, "rating_kept")
    talk.ends()


def test_a_rating_can_be_skipped() -> None:
    """One tap was asked for."""
    talk = asking()
    says_it_was(talk, "held")
    talk.skips(ANA)
    talk.ends()


def test_a_meeting_that_was_missed_accuses_nobody() -> None:
    """Not a word about whose doing it was."""
    talk = asking()
    says_it_was(talk, "missed")
    talk.says(ANA, "these_things_happen")
    talk.ends()


def test_silence_is_no_account() -> None:
    """Nothing is kept."""
    talk = asking()
    talk.lapses()
    talk.ends()


def test_a_meeting_that_moved_may_need_a_new_time() -> None:
    """The same way as moving any other."""
    talk = asking()
    says_it_was(talk, "moved")
    talk.asks(ANA, "find_a_new_time", ("yes", "done"), partner=BEN)
    talk.presses(ANA, "yes")
    talk.asks(ANA, "move_to", (MAY,), meeting=MEETING)
    talk.lapses()
    talk.ends()


def test_a_meeting_that_moved_may_be_settled() -> None:
    """Then there is nothing to help with."""
    talk = asking()
    says_it_was(talk, "moved")
    talk.presses(ANA, "done")
    talk.ends()


# Where the two accounts differ.


@pytest.mark.parametrize("said", ["held", "missed"])
def test_accounts_that_differ_may_mean_that_it_moved(said: str) -> None:
    """A way out that accuses nobody; the new account takes the place of the first."""
    talk = asking(differs=True)
    says_it_was(talk, said)
    talk.asks(ANA, "accounts_differ", ("moved", "leave"), meeting=MEETING)
    talk.presses(ANA, "moved")
    talk.does(GiveAccount(MEETING.id, ANA.id, "moved"))
    talk.asks(ANA, "find_a_new_time", partner=BEN)
    talk.presses(ANA, "done")
    talk.ends()


def test_accounts_that_differ_can_be_left_at_that() -> None:
    """Each keeps their own, and goes on as if alone."""
    talk = asking(differs=True)
    says_it_was(talk, "held")
    talk.presses(ANA, "leave")
    talk.asks(ANA, "how_was_it")


def test_silence_over_accounts_leaves_them() -> None:
    """It happened as they said."""
    talk = asking(differs=True)
    says_it_was(talk, "missed")
    talk.lapses()
    talk.says(ANA, "these_things_happen")
    talk.ends()


def test_whoever_said_moved_is_not_asked_if_it_moved() -> None:
    """They have just said so."""
    talk = asking(differs=True)
    says_it_was(talk, "moved")
    talk.asks(ANA, "find_a_new_time", partner=BEN)


# A low number.


def rating(number: int) -> Stage:
    """Let Ana rate the meeting."""
    talk = asking()
    says_it_was(talk, "held")
    talk.presses(ANA, number)
    talk.does(RateMeeting(MEETING.id, ANA.id, number))
    return talk


@pytest.mark.parametrize("number", [1, 2])
def test_after_a_low_number_they_alone_decide_who_hears(number: int) -> None:
    """The supervisor learns that it was not a good one, by their own yes, and never the number."""
    talk = rating(number)
    talk.asks(ANA, "shall_somebody_know", ("yes", "no"))
    talk.presses(ANA, "yes")
    talk.does(LetSupervisorKnow(MEETING.id, ANA.id))
    talk.says(ANA, "somebody_will_know")
    talk.ends()


def test_a_low_number_stays_with_them() -> None:
    """A no is all it takes."""
    talk = rating(2)
    talk.presses(ANA, "no")
    talk.says(ANA, "stays_with_you")
    talk.ends()


def test_silence_after_a_low_number_tells_nobody() -> None:
    """No answer is not a yes."""
    talk = rating(1)
    talk.lapses()
    talk.ends()


@pytest.mark.parametrize("number", [3, 4, 5])
def test_a_number_that_is_not_low_asks_nothing_more(number: int) -> None:
    """Three of five is no cry for help."""
    talk = rating(number)
    talk.says(ANA, "rating_kept")
    talk.ends()
