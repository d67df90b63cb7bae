"""Calendar files: one event a meeting, which a calendar takes as new, changed or called off."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress

from bot.markup import plain
from bot.store import tables
from bot.turn import Turn, reader_of

MEDIA_TYPE = "text/calendar; charset=utf-8"


def calendar_file(turn: Turn, meeting: int, reader: int) -> list[str]:
    """Give a meeting's file as it stands, for one of the pair: its name, media type and text.

    The same UID with a higher SEQUENCE is a change of the same event; METHOD CANCEL takes it out
    (RFC 5546, 3.2).
    """
    row = turn.session.get_one(tables.Meeting, meeting)
    calendar = Calendar()
    calendar.add("prodid", "-//comentor//comentor//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if row.dropped_at else "REQUEST")
    calendar.add_component(_event(turn, row, reader))
    ends = row.starts_at + timedelta(days=1)
    calendar.add_missing_timezones((row.starts_at - timedelta(days=1)).date(), ends.date())
    name = f"meeting-{row.starts_at.astimezone(ZoneInfo(row.zone)):%Y-%m-%d}.ics"
    return [name, MEDIA_TYPE, calendar.to_ical().decode("utf-8")]


def _event(turn: Turn, row: tables.Meeting, reader: int) -> Event:
    pair = turn.pair(row.pair_id)
    partner = pair.other(turn.who(reader))
    title = turn.setup.words.render("calendar_title", {"partner": partner}, reader_of(turn, reader))
    starts_at = row.starts_at.astimezone(ZoneInfo(row.zone))
    event = Event()
    event.add("uid", row.uid)
    event.add("sequence", row.sequence)
    event.add("dtstamp", turn.now)
    event.add("dtstart", starts_at)
    event.add("dtend", starts_at + timedelta(minutes=row.minutes))
    event.add("summary", plain(title.runs))
    event.add("status", "CANCELLED" if row.dropped_at else "CONFIRMED")
    # RFC 5546 asks for an organizer; nobody is to be mailed, so it is an address that never can be.
    event.add("organizer", vCalAddress("mailto:comentor@invalid.invalid"))
    return event
