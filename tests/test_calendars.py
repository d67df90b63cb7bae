"""A meeting's file: one event in every calendar however often it moves, at the agreed hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Event, Timezone

from bot.calendars import calendar_file
from bot.deeds import perform
from conversations.meetings import BookMeetings, DropMeeting, MoveMeeting
from tests.world import MONDAY, World

MADRID = ZoneInfo("Europe/Madrid")
BEFORE = datetime(2026, 3, 26, 16, 0, tzinfo=MADRID)
AFTER = datetime(2026, 4, 16, 16, 0, tzinfo=MADRID)
"""Between the two the clocks go forward."""


@pytest.fixture
def pair(world: World) -> World:
    """Ana and Ben have begun, and nothing is in the diary."""
    world.join("Ana", "Ben")
    return world


def book(world: World, *times: datetime) -> list[int]:
    """Book meetings and give their numbers."""
    number = world.pair().id
    with world.turn() as turn:
        return [meeting.id for meeting in perform(BookMeetings(number, times), turn)]


def file_of(world: World, meeting: int, name: str = "Ana") -> tuple[str, str, str]:
    """Give a meeting's file as it stands."""
    with world.turn() as turn:
        file, media_type, text = calendar_file(turn, meeting, world.ids[name])
    return file, media_type, text


def event_of(world: World, meeting: int, name: str = "Ana") -> Event:
    """Give the one event of a meeting's file, as a calendar reads it."""
    (event,) = Calendar.from_ical(file_of(world, meeting, name)[2]).walk("VEVENT")
    assert isinstance(event, Event)
    return event


def starts(event: Event) -> datetime:
    """Give when an event begins, as its calendar shows it."""
    at = event.DTSTART
    assert isinstance(at, datetime)
    return at


def method_of(world: World, meeting: int) -> str:
    """Give what a calendar is to do with the file."""
    return str(Calendar.from_ical(file_of(world, meeting)[2])["METHOD"])


def test_the_file_is_named_for_the_day_where_it_was_booked(pair: World) -> None:
    """Half past midnight in Madrid is still the day before in UTC."""
    (number,) = book(pair, datetime(2026, 4, 3, 0, 30, tzinfo=MADRID))
    name, media_type, text = file_of(pair, number)
    assert name == "meeting-2026-04-03.ics"
    assert media_type == "text/calendar; charset=utf-8"
    assert text.startswith("BEGIN:VCALENDAR\r\n")


@pytest.mark.parametrize("at", [BEFORE, AFTER])
def test_the_event_keeps_the_wall_time_on_either_side_of_a_clock_change(
    pair: World, at: datetime
) -> None:
    """Four in Madrid stays four in Madrid, and the file brings the zone's own rules with it."""
    (number,) = book(pair, at.astimezone(UTC))
    event = event_of(pair, number)
    assert starts(event) == at
    assert event["DTSTART"].params["TZID"] == "Europe/Madrid"
    assert event.DTEND - starts(event) == timedelta(hours=1)
    (zone,) = Calendar.from_ical(file_of(pair, number)[2]).walk("VTIMEZONE")
    assert isinstance(zone, Timezone)
    assert zone["TZID"] == "Europe/Madrid"
    assert at.replace(tzinfo=zone.to_tz()).utcoffset() == at.utcoffset()


def test_both_have_the_same_event_with_the_others_name(pair: World) -> None:
    """Ana reads Ben's name on it, Ben hers; the instant is one."""
    (number,) = book(pair, BEFORE)
    anas, bens = event_of(pair, number, "Ana"), event_of(pair, number, "Ben")
    assert anas["UID"] == bens["UID"]
    assert starts(anas) == starts(bens)
    assert "Ben" in str(anas["SUMMARY"])
    assert "Ana" in str(bens["SUMMARY"])


def test_two_meetings_are_two_events(pair: World) -> None:
    """Moving one leaves the other alone."""
    first, second = book(pair, BEFORE, AFTER)
    assert event_of(pair, first)["UID"] != event_of(pair, second)["UID"]


def test_a_meeting_that_moves_is_the_same_event_changed(pair: World) -> None:
    """The same UID and a higher SEQUENCE each time: RFC 5546, 3.2.2."""
    (number,) = book(pair, BEFORE)
    known = event_of(pair, number)
    assert (known["SEQUENCE"], known["STATUS"], method_of(pair, number)) == (
        0,
        "CONFIRMED",
        "REQUEST",
    )
    for sequence, to in ((1, AFTER), (2, AFTER + timedelta(days=1, hours=-3))):
        with pair.turn() as turn:
            assert perform(MoveMeeting(number, to.astimezone(UTC)), turn)
        event = event_of(pair, number)
        assert event["UID"] == known["UID"]
        assert (event["SEQUENCE"], method_of(pair, number)) == (sequence, "REQUEST")
        assert starts(event) == to


def test_a_meeting_that_is_called_off_is_taken_out(pair: World) -> None:
    """METHOD CANCEL with a higher SEQUENCE: RFC 5546, 3.2.5."""
    (number,) = book(pair, BEFORE)
    uid = event_of(pair, number)["UID"]
    with pair.turn() as turn:
        assert perform(DropMeeting(number), turn)
    event = event_of(pair, number)
    assert (event["UID"], event["SEQUENCE"]) == (uid, 1)
    assert (event["STATUS"], method_of(pair, number)) == ("CANCELLED", "CANCEL")
    with pair.turn() as turn:
        assert perform(DropMeeting(number), turn) is None, "twice is once"
    assert event_of(pair, number)["SEQUENCE"] == 1


def test_the_event_says_when_it_was_written_and_whom_nobody_can_mail(pair: World) -> None:
    """A calendar needs both; no reply may go to a stranger's mailbox."""
    (number,) = book(pair, BEFORE)
    event = event_of(pair, number)
    assert event.DTSTAMP == MONDAY
    assert str(event["ORGANIZER"]).endswith(".invalid")


def test_a_meeting_keeps_its_zone_when_somebody_moves_house(pair: World) -> None:
    """It was agreed in Madrid; Ana is in Lisbon by now."""
    (number,) = book(pair, BEFORE)
    pair.change("Ana", zone="Europe/Lisbon")
    assert event_of(pair, number)["DTSTART"].params["TZID"] == "Europe/Madrid"


def test_nobody_elses_words_break_the_file(pair: World) -> None:
    """A name with a comma, a semicolon and a line break is a name."""
    pair.change("Ben", first_name="Ben; DROP,\nEND:VCALENDAR")
    (number,) = book(pair, BEFORE)
    assert "Ben; DROP,\nEND:VCALENDAR" in str(event_of(pair, number)["SUMMARY"])


def test_booking_brings_a_file_for_each_meeting_to_both(world: World) -> None:
    """Three meetings, three files, on either platform."""
    world.booked()
    for name in ("Ana", "Ben"):
        files = next(part.files for part in world.parts(name) if part.files)
        assert len(files) == 3
        events = [Calendar.from_ical(file.text).events[0] for file in files]
        assert [starts(event).hour for event in events] == [16, 16, 16]
