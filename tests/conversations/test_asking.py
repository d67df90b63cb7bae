"""What can be asked at any moment, read aloud: help, meetings, who sees what."""

from __future__ import annotations

import pytest

from conversations.asking import (
    EverSent,
    OwnPairs,
    Sent,
    Sight,
    Watched,
    WatchedPairs,
    WhoSees,
)
from conversations.breaks import HasStopped
from conversations.confidence import seen_by
from conversations.meetings import DropMeeting, FreeTimes, Meeting, NextMeetings, Times
from conversations.talk import Pair, Who
from tests.conversations.stage import (
    ANA,
    APRIL,
    BEN,
    CLEO,
    DANA,
    EVE,
    MARCH,
    PAIR,
    Found,
    Stage,
    in_turn,
)

BENS_OTHER = Pair(8, EVE, BEN)
"""Ben is the mentor of two; Ana has nothing to do with the other."""
MEETINGS = (Meeting(11, MARCH, 60), Meeting(12, APRIL, 60))
FREE = Times((APRIL,), beyond_hours=False)


@pytest.mark.parametrize("who", [ANA, BEN, CLEO, DANA])
@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("help_me", "help"),
        ("greet", "short_menu"),
        ("attachment_came", "not_kept"),
        ("show_privacy", "what_is_kept"),
    ],
)
def test_one_line_is_an_answer(who: Who, name: str, line: str) -> None:
    """For every role, in that role's words."""
    talk = Stage(name, who=who)
    talk.says(who, line)
    talk.ends()


# Meetings.


def showing(who: Who = ANA, found: Found | None = None) -> Stage:
    """Show somebody their meetings."""
    known: Found = {OwnPairs: (PAIR,), NextMeetings: MEETINGS, FreeTimes: FREE}
    return Stage("show_meetings", {**known, **(found or {})}, who=who)


@pytest.mark.parametrize(("who", "partner"), [(ANA, BEN), (BEN, ANA)])
def test_the_meetings_ahead_can_each_be_chosen(who: Who, partner: Who) -> None:
    """Before and after the clocks change, each in the reader's own hours."""
    talk = showing(who)
    talk.asks(
        who,
        "your_meetings",
        (*MEETINGS, "book", "nothing"),
        meetings=MEETINGS,
        partner=partner,
    )
    talk.presses(who, MEETINGS[1])
    talk.asks(who, "change_meeting", meeting=MEETINGS[1])


def test_a_meeting_that_begins_while_the_list_is_open_is_not_changed() -> None:
    """Nor one that was moved or called off meanwhile: the list shows how it stood then."""
    talk = showing(found={NextMeetings: in_turn(MEETINGS, MEETINGS[1:])})
    talk.presses(ANA, MEETINGS[0])
    talk.says(ANA, "no_longer_stands", meeting=MEETINGS[0])
    talk.ends()


def test_one_meeting_is_shown_as_one() -> None:
    """Its line knows how to speak of a single one."""
    talk = showing(found={NextMeetings: MEETINGS[:1]})
    talk.asks(ANA, "your_meetings", (MEETINGS[0], "book", "nothing"))


def test_all_may_be_well() -> None:
    """Looking is enough."""
    talk = showing()
    talk.presses(ANA, "nothing")
    talk.ends()


def test_from_the_list_more_can_be_booked() -> None:
    """Led by whoever asks."""
    talk = showing(BEN)
    talk.presses(BEN, "book")
    talk.asks(BEN, "which_times", (APRIL,), partner=ANA)


def called_off_alone(*presses: str) -> Stage:
    """Let Ana, whose partner has stopped, choose a meeting and press on."""
    talk = showing(found={HasStopped: True, DropMeeting: MEETINGS[0]})
    talk.presses(ANA, MEETINGS[0])
    talk.asks(ANA, "change_meeting", ("drop", "nothing"), meeting=MEETINGS[0])
    for press in presses:
        talk.presses(ANA, press)
    return talk


def test_with_nobody_to_move_it_with_a_meeting_can_be_called_off() -> None:
    """Ben has stopped: he is asked nothing, and nothing is said to have been told to him."""
    talk = called_off_alone("drop", "drop")
    talk.does(DropMeeting(MEETINGS[0].id))
    talk.says(ANA, "dropped_alone", [MEETINGS[0].id], meeting=MEETINGS[0], partner=BEN)
    talk.ends()


def test_a_meeting_may_stay_in_the_diary_though_the_partner_has_stopped() -> None:
    """They may know better than the bot whether it takes place."""
    talk = called_off_alone("drop", "keep")
    talk.says(ANA, "stays_as_it_is", meeting=MEETINGS[0])
    talk.ends()


def test_a_look_at_it_is_enough_though_the_partner_has_stopped() -> None:
    """Nothing is done that nobody asked for."""
    called_off_alone("nothing").ends()


def test_silence_calls_nothing_off() -> None:
    """It was asked once more, and not answered."""
    talk = called_off_alone("drop")
    talk.lapses()
    talk.ends()


def test_a_meeting_that_no_longer_stands_is_not_called_off_again() -> None:
    """Ben had called it off before he stopped."""
    talk = showing(found={HasStopped: True, DropMeeting: None})
    for press in (MEETINGS[0], "drop", "drop"):
        talk.presses(ANA, press)
    talk.does(DropMeeting(MEETINGS[0].id))
    talk.says(ANA, "no_longer_stands", meeting=MEETINGS[0])
    talk.ends()


def test_from_the_list_nothing_is_booked_with_somebody_who_has_stopped() -> None:
    """It is said, and nobody is asked."""
    talk = showing(found={HasStopped: True})
    talk.presses(ANA, "book")
    talk.says(ANA, "nobody_to_book_with", partner=BEN)
    talk.ends()


def test_dates_cannot_be_asked_for_of_somebody_who_has_stopped() -> None:
    """Ben stopped, Eve did not: his other pair goes on."""
    gone: Found = {HasStopped: lambda asked: asked == HasStopped(ANA.id)}
    found: Found = {OwnPairs: (PAIR, BENS_OTHER), FreeTimes: FREE, **gone}
    talk = Stage("book_more", found, who=BEN)
    talk.says(BEN, "nobody_to_book_with", partner=ANA)
    talk.asks(BEN, "which_times", (APRIL,), partner=EVE)
    talk.lapses()
    talk.ends()


def test_an_empty_diary_offers_to_find_dates() -> None:
    """Rather than showing an empty list."""
    talk = showing(found={NextMeetings: ()})
    talk.asks(ANA, "no_meetings_ahead", ("book", "nothing"), partner=BEN)
    talk.presses(ANA, "book")
    talk.asks(ANA, "which_times", partner=BEN)


def test_a_mentor_of_two_sees_each_pair_with_its_partner() -> None:
    """One after the other; neither partner is named to the other."""
    talk = showing(BEN, {OwnPairs: (PAIR, BENS_OTHER)})
    talk.asks(BEN, "your_meetings", partner=ANA)
    talk.presses(BEN, "nothing")
    talk.asks(BEN, "your_meetings", partner=EVE)
    talk.lapses()
    talk.ends()


@pytest.mark.parametrize("name", ["show_meetings", "book_more"])
def test_without_a_pair_it_is_said(name: str) -> None:
    """Whoever asks for something is answered."""
    talk = Stage(name, {OwnPairs: ()}, who=EVE)
    talk.says(EVE, "not_in_a_pair")
    talk.ends()


@pytest.mark.parametrize(("who", "partner"), [(ANA, BEN), (BEN, ANA)])
def test_whoever_asks_for_dates_leads(who: Who, partner: Who) -> None:
    """The other is asked second."""
    talk = Stage("book_more", {OwnPairs: (PAIR,), FreeTimes: FREE}, who=who)
    talk.asks(who, "which_times", (APRIL,), partner=partner)
    talk.lapses()
    talk.ends()


# A supervisor's pairs.


def test_a_supervisor_sees_how_their_pairs_stand() -> None:
    """Those that need them first, each with the rules that speak."""
    pairs = (
        Watched("Ana & Ben", "red", ("never_met", "help_asked")),
        Watched("Eve & Ben", "well", ()),
    )
    talk = Stage("show_pairs", {WatchedPairs: pairs}, who=CLEO)
    talk.says(CLEO, "your_pairs", pairs=pairs)
    talk.ends()


@pytest.mark.parametrize(
    "standing", ["well", "quiet", "amber", "red", "paused", "ended", "waiting"]
)
def test_every_standing_has_its_words(standing: str) -> None:
    """None shows as a word of ours."""
    pairs = (Watched("Ana & Ben", standing, ()),)
    Stage("show_pairs", {WatchedPairs: pairs}, who=CLEO).says(CLEO, "your_pairs", pairs=pairs)


def test_a_supervisor_may_have_no_pairs() -> None:
    """Yet."""
    talk = Stage("show_pairs", {WatchedPairs: ()}, who=CLEO)
    talk.says(CLEO, "no_pairs_of_yours")
    talk.ends()


# Who sees what, and who was told.


def test_what_they_can_see_is_answered_by_name() -> None:
    """From the table that the code keeps to."""
    sights = (
        Sight("Ben", "partner", seen_by("partner")),
        Sight("Cleo", "supervisor", seen_by("supervisor")),
        Sight("Dana", "manager", seen_by("manager")),
    )
    talk = Stage("show_sight", {WhoSees: sights}, who=ANA)
    talk.says(ANA, "what_they_see", sights=sights)
    talk.ends()


def test_all_that_was_ever_sent_is_told() -> None:
    """To whom, when and by which rule."""
    sent = (Sent("Cleo", MARCH, "never_met"), Sent("Cleo", None, "help_asked"))
    talk = Stage("show_sent", {EverSent: sent}, who=ANA)
    talk.says(ANA, "ever_sent", sent=sent)
    talk.ends()


def test_nothing_may_ever_have_been_sent() -> None:
    """Which is good to hear in words."""
    talk = Stage("show_sent", {EverSent: ()}, who=ANA)
    talk.says(ANA, "never_sent")
    talk.ends()
