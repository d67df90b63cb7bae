"""Booking, moving and calling off, read aloud: one exchange books three, one may move alone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import get_args

import pytest

from conversations.asking import OwnPairs
from conversations.breaks import PausedUntil
from conversations.meetings import (
    AnswerProposal,
    BookMeetings,
    DropMeeting,
    FreeTimes,
    Meeting,
    MoveMeeting,
    NextMeetings,
    Propose,
    ReadMoment,
    Times,
    TypedMoment,
)
from conversations.talk import Who, days
from conversations.typed_dates import NotADate
from tests.conversations.stage import ANA, APRIL, BEN, MARCH, MAY, PAIR, Found, Stage, in_turn

DAY = timedelta(days=1)
LATER = tuple(at + DAY for at in (MARCH, APRIL, MAY))
"""What is found when more is asked for."""
FIRST, SECOND, THIRD = (
    Meeting(11, MARCH, 60),
    Meeting(12, APRIL, 60),
    Meeting(13, MAY, 60),
)
"""Three at ten o'clock in Madrid, with a clock change after the first."""
NO_TIMES = Times((), beyond_hours=False)
UNREAD = TypedMoment(None, "unknown")


def find_times(asked: FreeTimes) -> Times:
    """Find three times, then the three after those, and so on."""
    return Times(tuple(at + asked.batch * DAY for at in (MARCH, APRIL, MAY)), beyond_hours=False)


def book_all(asked: BookMeetings) -> tuple[Meeting, ...]:
    """Book whatever was agreed."""
    return tuple(Meeting(11 + place, at, 60) for place, at in enumerate(asked.times))


def booking(found: Found | None = None) -> Stage:
    """Ask Ana which times would suit her."""
    known: Found = {FreeTimes: find_times, Propose: in_turn(31, 32, 33), BookMeetings: book_all}
    return Stage("book_meetings", {**known, **(found or {})}, pair=PAIR)


def test_a_second_asking_has_words_of_its_own() -> None:
    """And is answered as the first would have been; Ben, whose turn it is then, was never asked."""
    known: Found = {FreeTimes: find_times, Propose: 31, BookMeetings: book_all}
    talk = Stage("ask_again_for_dates", known, pair=PAIR)
    talk.asks(ANA, "which_times", (MARCH, APRIL, MAY), partner=BEN, again=True)
    talk.presses(ANA, MARCH)
    talk.says(ANA, "will_ask", partner=BEN)
    talk.does(Propose(PAIR.id, ANA.id, BEN.id))
    talk.presses(BEN)
    talk.does(AnswerProposal(31))
    talk.says(ANA, "none_suited", partner=BEN)
    talk.asks(BEN, "which_times", partner=ANA, again=False)
    talk.lapses()
    talk.ends()


def offers(talk: Stage, who: Who, other: Who, *times: datetime) -> None:
    """Let one side offer times, which the other is asked about."""
    talk.asks(who, "which_times", (MARCH, APRIL, MAY), partner=other, beyond=False)
    talk.presses(who, *times)
    talk.says(who, "will_ask", partner=other, times=times)
    talk.does(Propose(PAIR.id, by=who.id, to=other.id))
    talk.asks(other, "these_suit", times, within=days(5), until=max(times), partner=who)


# Booking.


def test_three_meetings_come_of_one_exchange() -> None:
    """The mentee picks, the mentor settles, both read all three and get their files."""
    talk = booking()
    offers(talk, ANA, BEN, MARCH, APRIL, MAY)
    talk.presses(BEN, MARCH, APRIL, MAY)
    talk.does(AnswerProposal(31))
    talk.does(BookMeetings(PAIR.id, (MARCH, APRIL, MAY)))
    three = (FIRST, SECOND, THIRD)
    talk.says(ANA, "booked", files=(11, 12, 13), partner=BEN, meetings=three)
    talk.says(BEN, "booked", files=(11, 12, 13), partner=ANA, meetings=three)
    talk.ends()


def test_the_mentor_settles_on_some() -> None:
    """Only what suits both is booked."""
    talk = booking()
    offers(talk, ANA, BEN, MARCH, APRIL)
    talk.types(BEN, "2")
    talk.does(AnswerProposal(31))
    talk.does(BookMeetings(PAIR.id, (APRIL,)))
    talk.says(ANA, "booked", files=(11,), partner=BEN)
    talk.says(BEN, "booked", files=(11,), partner=ANA)
    talk.ends()


def test_times_are_chosen_by_numbers_too() -> None:
    """Buttons are a convenience; `1 and 3` says the same."""
    talk = booking()
    talk.types(ANA, "1 and 3")
    talk.says(ANA, "will_ask", times=(MARCH, MAY))


def test_where_hours_never_meet_it_is_said() -> None:
    """So that an early hour does not look like carelessness."""
    talk = booking({FreeTimes: Times((MARCH,), beyond_hours=True)})
    talk.asks(ANA, "which_times", (MARCH,), beyond=True)


def test_silence_of_the_mentee_asks_nobody() -> None:
    """The mentor is not drawn in before there is something to settle."""
    talk = booking()
    talk.lapses()
    talk.ends()


def test_silence_of_the_mentor_leaves_the_proposal_open() -> None:
    """It was not answered, and the rules of quiet spells can see that."""
    talk = booking()
    offers(talk, ANA, BEN, MARCH)
    talk.lapses()
    talk.ends()


def test_times_that_passed_meanwhile_are_not_booked() -> None:
    """Both are told, so that neither waits for the other."""
    talk = booking({BookMeetings: ()})
    offers(talk, ANA, BEN, MARCH)
    talk.presses(BEN, MARCH)
    talk.does(AnswerProposal(31))
    talk.does(BookMeetings(PAIR.id, (MARCH,)))
    talk.says((ANA, BEN), "too_late_to_book")
    talk.ends()


# Where none suits, the other offers.


def refuses(talk: Stage, who: Who, proposal: int) -> None:
    """Settle on none."""
    talk.types(who, "none")
    talk.does(AnswerProposal(proposal))


def test_where_none_suits_the_other_side_offers() -> None:
    """The mentor knows best what does suit."""
    talk = booking()
    offers(talk, ANA, BEN, MARCH)
    refuses(talk, BEN, 31)
    talk.says(ANA, "none_suited", partner=BEN)
    offers(talk, BEN, ANA, APRIL, MAY)
    talk.presses(ANA, MAY)
    talk.does(AnswerProposal(32))
    talk.does(BookMeetings(PAIR.id, (MAY,)))
    talk.says(ANA, "booked", files=(11,), partner=BEN)
    talk.says(BEN, "booked", files=(11,), partner=ANA)
    talk.ends()


def test_after_three_rounds_they_are_left_to_talk() -> None:
    """The last refusal promises no further suggestions, since none will come."""
    talk = booking()
    offers(talk, ANA, BEN, MARCH)
    refuses(talk, BEN, 31)
    talk.says(ANA, "none_suited", partner=BEN)
    offers(talk, BEN, ANA, APRIL)
    refuses(talk, ANA, 32)
    talk.says(BEN, "none_suited", partner=ANA)
    offers(talk, ANA, BEN, MAY)
    refuses(talk, BEN, 33)
    talk.says((ANA, BEN), "talk_it_over")
    talk.ends()


def test_a_counter_offer_may_fail_to_come() -> None:
    """Then it rests; nobody is told who was slower."""
    talk = booking()
    offers(talk, ANA, BEN, MARCH)
    refuses(talk, BEN, 31)
    talk.says(ANA, "none_suited", partner=BEN)
    talk.lapses()
    talk.ends()


# Where no time offered suits the one who offers.


def none_of_these(found: Found | None = None) -> Stage:
    """Let Ana find none of the first times good."""
    talk = booking(found)
    talk.presses(ANA)
    talk.asks(ANA, "none_of_these", ("others", "type_one", "not_now"))
    return talk


def test_others_are_shown() -> None:
    """Those after the first."""
    talk = none_of_these()
    talk.presses(ANA, "others")
    talk.asks(ANA, "which_of_these", LATER, partner=BEN)
    talk.presses(ANA, LATER[0])
    talk.says(ANA, "will_ask", times=(LATER[0],))


def test_another_time_is_fine() -> None:
    """They know how to come back to it."""
    talk = none_of_these()
    talk.types(ANA, "not now")
    talk.says(ANA, "another_time")
    talk.ends()


def test_none_and_then_silence_ends_it() -> None:
    """Nothing is asked again."""
    talk = none_of_these()
    talk.lapses()
    talk.ends()


def test_others_and_then_silence_ends_it() -> None:
    """As with the first times."""
    talk = none_of_these()
    talk.presses(ANA, "others")
    talk.lapses()
    talk.ends()


def test_whoever_saw_all_times_may_type_one() -> None:
    """Having asked for others again and again is not answered with silence."""
    talk = none_of_these()
    for _ in range(3):
        talk.presses(ANA, "others")
        talk.asks(ANA, "which_of_these")
        talk.presses(ANA)
    talk.presses(ANA, "others")
    talk.asks(ANA, "type_a_time")


def test_without_a_free_hour_one_is_asked_for() -> None:
    """It is said why, and the typed one is offered like any other."""
    talk = booking({FreeTimes: NO_TIMES, ReadMoment: TypedMoment(APRIL, "")})
    talk.asks(ANA, "no_free_times", partner=BEN)
    talk.types(ANA, "7 April 10:00")
    talk.asks(ANA, "read_back", ("yes", "no"), at=APRIL)
    talk.presses(ANA, "yes")
    talk.says(ANA, "will_ask", partner=BEN, times=(APRIL,))
    talk.does(Propose(PAIR.id, by=ANA.id, to=BEN.id))
    talk.asks(BEN, "these_suit", (APRIL,), partner=ANA)


# Typing a time.


def typing(*read: TypedMoment) -> Stage:
    """Let Ana type a time of her own, to be read like that."""
    talk = none_of_these({ReadMoment: in_turn(*read)})
    talk.presses(ANA, "type_one")
    talk.asks(ANA, "type_a_time")
    return talk


@pytest.mark.parametrize("reason", get_args(NotADate))
def test_a_time_that_cannot_be_read_is_asked_for_again(reason: str) -> None:
    """In words that say why."""
    talk = typing(TypedMoment(None, reason), TypedMoment(APRIL, ""))
    talk.types(ANA, "4/7 10:00")
    talk.asks(ANA, f"time_{reason}")
    talk.types(ANA, "7 April 10:00")
    talk.asks(ANA, "read_back", at=APRIL)


def test_a_time_read_wrongly_is_typed_anew() -> None:
    """Even what was read counts only after a yes."""
    talk = typing(TypedMoment(MAY, ""), TypedMoment(APRIL, ""))
    talk.types(ANA, "7 May 10:00")
    talk.presses(ANA, "no")
    talk.asks(ANA, "type_a_time")
    talk.types(ANA, "7 April 10:00")
    talk.presses(ANA, "yes")
    talk.says(ANA, "will_ask", partner=BEN, times=(APRIL,))
    talk.does(Propose(PAIR.id, by=ANA.id, to=BEN.id))


def test_typing_goes_on_as_long_as_they_try() -> None:
    """What somebody typed is never met with silence."""
    talk = typing(*[UNREAD] * 6)
    for _ in range(6):
        talk.types(ANA, "sometime soonish")
        talk.asks(ANA, "time_unknown")
    talk.skips(ANA)
    talk.ends()


def test_silence_at_the_reading_back_offers_nothing() -> None:
    """A time nobody said yes to is not put to the other."""
    talk = typing(TypedMoment(APRIL, ""))
    talk.types(ANA, "7 April 10:00")
    talk.lapses()
    talk.ends()


# One of three moves, or is called off; the others stay.


def choosing(meeting: Meeting, who: Who = ANA, found: Found | None = None) -> Stage:
    """Let somebody choose one of three meetings ahead."""
    known: Found = {
        OwnPairs: (PAIR,),
        NextMeetings: (FIRST, SECOND, THIRD),
        FreeTimes: Times(LATER, beyond_hours=False),
        Propose: 31,
        MoveMeeting: move,
        DropMeeting: meeting,
    }
    talk = Stage("show_meetings", {**known, **(found or {})}, who=who)
    talk.presses(who, meeting)
    shown = ("move", "drop", "nothing")
    talk.asks(who, "change_meeting", shown, until=meeting.starts_at, meeting=meeting)
    return talk


def move(asked: MoveMeeting) -> Meeting:
    """Move it where they want it."""
    return Meeting(asked.meeting, asked.to, 60)


def moving(found: Found | None = None) -> Stage:
    """Let Ana move the second of three."""
    talk = choosing(SECOND, ANA, found)
    talk.presses(ANA, "move")
    return talk


def test_one_of_three_moves_and_the_others_stay() -> None:
    """Over a clock change: from ten o'clock in Madrid to ten o'clock the day after."""
    talk = moving()
    assert talk.looked[-1] == FreeTimes(PAIR.id, ANA.id, instead_of=SECOND.id)
    talk.asks(ANA, "move_to", LATER, meeting=SECOND, beyond=False)
    talk.presses(ANA, LATER[1], LATER[2])
    talk.says(ANA, "will_ask", partner=BEN, times=LATER[1:])
    talk.does(Propose(PAIR.id, by=ANA.id, to=BEN.id))
    talk.asks(BEN, "move_suits", (*LATER[1:], "none"), partner=ANA, meeting=SECOND)
    talk.presses(BEN, LATER[1])
    talk.does(AnswerProposal(31))
    talk.does(MoveMeeting(SECOND.id, LATER[1]))
    now = Meeting(SECOND.id, LATER[1], 60)
    talk.says(ANA, "moved", files=(12,), partner=BEN, was=SECOND, meeting=now)
    talk.says(BEN, "moved", files=(12,), partner=ANA, was=SECOND, meeting=now)
    talk.ends()


def test_the_mentor_can_move_one_too() -> None:
    """Then it is the mentee who settles."""
    talk = choosing(SECOND, BEN)
    talk.presses(BEN, "move")
    talk.presses(BEN, LATER[0])
    talk.says(BEN, "will_ask", partner=ANA)
    talk.does(Propose(PAIR.id, by=BEN.id, to=ANA.id))
    options = (LATER[0], "none")
    talk.asks(ANA, "move_suits", options, until=LATER[0], partner=BEN, meeting=SECOND)


def move_proposed(found: Found | None = None) -> Stage:
    """Let Ana offer one other time for the second of three."""
    talk = moving(found)
    talk.presses(ANA, LATER[0])
    talk.says(ANA, "will_ask", partner=BEN, times=(LATER[0],))
    talk.does(Propose(PAIR.id, by=ANA.id, to=BEN.id))
    return talk


def test_a_move_that_is_refused_leaves_the_meeting() -> None:
    """The proposal was answered all the same."""
    talk = move_proposed()
    talk.types(BEN, "none")
    talk.does(AnswerProposal(31))
    talk.says(ANA, "move_not_settled", partner=BEN, meeting=SECOND)
    talk.ends()


def test_a_move_that_nobody_settles_leaves_the_meeting() -> None:
    """The one who asked is told that it stays for now."""
    talk = move_proposed()
    talk.lapses()
    talk.says(ANA, "move_not_settled", partner=BEN, meeting=SECOND)
    talk.ends()


def test_a_time_taken_meanwhile_leaves_the_meeting() -> None:
    """Both are told that it stays."""
    talk = move_proposed({MoveMeeting: None})
    talk.presses(BEN, LATER[0])
    talk.does(AnswerProposal(31))
    talk.does(MoveMeeting(SECOND.id, LATER[0]))
    talk.says((ANA, BEN), "could_not_move", meeting=SECOND)
    talk.ends()


def test_a_meeting_moves_to_a_typed_time() -> None:
    """Where none of those found suits."""
    talk = moving({ReadMoment: TypedMoment(MARCH, "")})
    talk.presses(ANA)
    talk.asks(ANA, "type_a_time")
    talk.types(ANA, "10 March 10:00")
    talk.presses(ANA, "yes")
    talk.says(ANA, "will_ask", times=(MARCH,))


def test_a_typed_time_can_be_left() -> None:
    """The meeting stays where it is."""
    talk = moving()
    talk.presses(ANA)
    talk.skips(ANA)
    talk.ends()


def test_without_a_free_hour_a_move_is_typed() -> None:
    """A question with nothing to choose would be no question."""
    talk = moving({FreeTimes: NO_TIMES})
    talk.asks(ANA, "no_free_times", partner=BEN)


def test_silence_over_new_times_leaves_the_meeting() -> None:
    """And asks nobody."""
    talk = moving()
    talk.lapses()
    talk.ends()


def dropping(found: Found | None = None) -> Stage:
    """Let Ana call the second of three off, and ask once more."""
    talk = choosing(SECOND, ANA, found)
    talk.presses(ANA, "drop")
    shown = ("drop", "move", "keep")
    talk.asks(ANA, "really_drop", shown, until=SECOND.starts_at, meeting=SECOND)
    return talk


def test_one_of_three_is_called_off_and_the_others_stay() -> None:
    """Each reads it in a line of their own; both calendars are set right."""
    talk = dropping()
    talk.presses(ANA, "drop")
    talk.does(DropMeeting(SECOND.id))
    talk.says(ANA, "dropped", files=(12,), meeting=SECOND, partner=BEN)
    talk.says(BEN, "dropped_by_partner", files=(12,), meeting=SECOND, partner=ANA)
    talk.ends()


def test_a_meeting_called_off_already_is_not_called_off_twice() -> None:
    """The partner hears nothing a second time."""
    talk = dropping({DropMeeting: None})
    talk.presses(ANA, "drop")
    talk.does(DropMeeting(SECOND.id))
    talk.says(ANA, "no_longer_stands", meeting=SECOND)
    talk.ends()


def test_instead_of_calling_off_it_can_move() -> None:
    """Moving is offered where it may be the better thing."""
    talk = dropping()
    talk.presses(ANA, "move")
    talk.asks(ANA, "move_to", LATER, meeting=SECOND)


def test_a_meeting_may_be_kept_after_all() -> None:
    """And that is said."""
    talk = dropping()
    talk.presses(ANA, "keep")
    talk.says(ANA, "stays_as_it_is", meeting=SECOND)
    talk.ends()


def test_silence_calls_nothing_off() -> None:
    """Only a second press does."""
    talk = dropping()
    talk.lapses()
    talk.ends()


def test_a_meeting_may_be_looked_at_and_left() -> None:
    """Seeing it is reason enough to open it."""
    talk = choosing(SECOND)
    talk.presses(ANA, "nothing")
    talk.ends()


def test_whoever_offers_reads_until_when_the_other_is_paused() -> None:
    """They wait for nobody in vain, and hear the date and nothing else."""
    april = date(2026, 4, 6)
    talk = booking({PausedUntil: april})
    talk.presses(ANA, MARCH, APRIL)
    talk.says(ANA, "will_ask", partner=BEN, until=april, in_time=True, moved=None)


def test_a_time_within_the_pause_is_said_to_come_too_early() -> None:
    """The other could only be asked once it is over."""
    talk = booking({PausedUntil: date(2026, 3, 10)})
    talk.presses(ANA, MARCH)
    talk.says(ANA, "will_ask", partner=BEN, times=(MARCH,), in_time=False)
    talk.does(Propose(PAIR.id, by=ANA.id, to=BEN.id))
    talk.asks(BEN, "these_suit", (MARCH,), until=MARCH)
    talk.lapses()
    talk.ends()


def test_whoever_moves_a_meeting_in_the_others_pause_reads_that_it_stands() -> None:
    """It may come round before the other is asked."""
    april = date(2026, 4, 3)
    talk = moving({PausedUntil: april})
    talk.presses(ANA, LATER[1])
    talk.says(ANA, "will_ask", partner=BEN, until=april, in_time=True, moved=SECOND)
    talk.does(Propose(PAIR.id, by=ANA.id, to=BEN.id))
    talk.asks(BEN, "move_suits", until=LATER[1], partner=ANA, meeting=SECOND)
    talk.presses(BEN, LATER[1])
    talk.does(AnswerProposal(31))
    talk.does(MoveMeeting(SECOND.id, LATER[1]))
    now = Meeting(SECOND.id, LATER[1], 60)
    talk.says(ANA, "moved", files=(12,), partner=BEN, was=SECOND, meeting=now)
    talk.says(BEN, "moved", files=(12,), partner=ANA, was=SECOND, meeting=now)
    talk.ends()
