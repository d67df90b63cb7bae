"""Meetings: three from one exchange, one moved, one called off, and the round of each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from tests.whole.town import Entry, Town, calendar_of, entries, moment

ASKED_TO_BOOK = "Time to put your next meetings with Ben in the diary"
MADRID, DUBLIN = ZoneInfo("Europe/Madrid"), ZoneInfo("Europe/Dublin")
HOPE = "To hear how the exhibition came about."
KEPT = "I would like to say no to the second exhibition."


def three_meetings_from_one_exchange(town: Town) -> None:
    """Ana picks by toggles, Ben settles by typing; both get the same three events."""
    town.ana.reads(ASKED_TO_BOOK)
    times = town.ana.labels(ASKED_TO_BOOK)
    town.ana.toggles(times[0], times[1], times[3], times[6], times[1])
    town.ana.is_done()
    assert town.ben.labels("Ana could meet at these times") == [
        _seen_by_ben(times[n]) for n in (0, 3, 6)
    ]
    assert "Booked with Ana, 3 meetings:" in town.ben.types("1, 2, 3")
    assert times[0] in town.ana.reads("Booked with Ben, 3 meetings:")
    assert calendar_of(town.ana).keys() == calendar_of(town.ben).keys()
    for entry in entries(town.ana):
        assert (entry.method, entry.status, entry.sequence) == ("REQUEST", "CONFIRMED", 0)
        assert _within_working_hours(entry)
    apart = [entry.starts for entry in _ahead(town)]
    assert all(later - earlier > timedelta(days=21) for earlier, later in pairwise(apart))


def _seen_by_ben(label: str) -> str:
    """The same moment as Ben reads it: `Fri 15 January, 13:30 (12:30 Ben)` from the other side."""
    day, _, rest = label.partition(", ")
    mine, theirs = rest[:5], rest[7:12]
    return f"{day}, {theirs} ({mine} Ana)"


def _within_working_hours(entry: Entry) -> bool:
    shown = [entry.starts.astimezone(zone) for zone in (MADRID, DUBLIN)]
    return all(9 <= at.hour < 17 and at.weekday() < 5 for at in shown)


def _ahead(town: Town) -> list[Entry]:
    """What stands in Ana's calendar, soonest first; Ben's has the same."""
    mine, his = calendar_of(town.ana), calendar_of(town.ben)
    assert {uid: (e.starts, e.sequence) for uid, e in mine.items()} == {
        uid: (e.starts, e.sequence) for uid, e in his.items()
    }
    return sorted(mine.values(), key=lambda entry: entry.starts)


def one_is_moved(town: Town) -> None:
    """Ben types a day across the clock change, Ana settles it: the same event, changed once."""
    first, second, third = _ahead(town)
    town.ben.types("my meetings")
    assert town.ben.types("3").startswith(f"{third.starts.astimezone(DUBLIN):%a %-d %B}")
    town.ben.presses("Move it")
    town.ben.is_done()
    assert town.ben.types("30 March 15:00") == "Do you mean Tue 30 March, 15:00?"
    town.ben.presses("Yes")
    town.ana.presses("Tue 30 March, 16:00 (15:00 Ben)")
    town.ana.reads("to Tue 30 March, 16:00 (15:00 Ben)")
    town.ben.reads("to Tue 30 March, 15:00 (16:00 Ana)")
    assert _ahead(town)[:2] == [first, second]
    moved = _ahead(town)[2]
    assert (moved.uid, moved.sequence, moved.method) == (third.uid, 1, "REQUEST")
    assert moved.starts == datetime(2027, 3, 30, 14, tzinfo=UTC)
    assert moved.starts.utcoffset() == timedelta(hours=2)


def one_is_called_off(town: Town) -> None:
    """The same event is cancelled in both calendars, and the others stay as they were."""
    first, second, third = _ahead(town)
    town.ana.types("my meetings")
    label = town.ana.labels("Your next meetings")[1]
    town.ana.presses(label, "Call it off", "Call it off")
    town.ana.reads("is called off, and Ben knows")
    town.ben.reads("Ana had to call off")
    assert _ahead(town) == [first, third]
    for phone in (town.ana, town.ben):
        last = entries(phone)[-1]
        assert (last.method, last.status) == ("CANCEL", "CANCELLED")
        assert (last.uid, last.sequence) == (second.uid, 1)


def an_old_button_changes_nothing(town: Town) -> None:
    """What was pressed yesterday on another screen is answered in words."""
    town.ana.types("my meetings")
    labels = town.ana.labels("Your next meetings")
    (button,) = (b for part in town.ana.open_parts() for b in part.buttons if b.label == labels[0])
    town.ana.presses("All is well")
    before = calendar_of(town.ana)
    town.ana.presses_what_was(button.data)
    town.ana.reads("That question is closed, so nothing has changed.")
    assert calendar_of(town.ana) == before


def before_the_first_meeting(town: Town) -> None:
    """A hope that is passed on, two reminders, and in hers alone what she kept for it."""
    ana, ben = town.ana, town.ben
    starts = _ahead(town)[0].starts
    town.until(ben, "What would you like from it?")
    assert "Shall Ana read that" in ben.types(HOPE)
    ben.presses("Yes, pass it on")
    ana.reads(f"Ben would like this:\n\n{HOPE}")
    day_before = town.until(ana, "You and Ben meet")
    assert "You kept this for it:" in day_before
    assert KEPT in day_before
    assert "You kept" not in town.until(ben, "You and Ana meet")
    for phone, zone, other in ((ana, MADRID, "Ben"), (ben, DUBLIN, "Ana")):
        words = f"At {starts.astimezone(zone):%H:%M}: your meeting with {other}."
        town.until(phone, words)
        shown = moment(phone, words).replace(tzinfo=zone)
        assert starts - shown == timedelta(hours=1)
        assert timedelta(hours=12) < starts - moment(phone, f"You and {other} meet").replace(
            tzinfo=zone
        )


def did_the_first_happen(town: Town) -> None:
    """Both are asked; how it was stays with each, even where it was not good."""
    for phone in (town.ana, town.ben):
        town.until(phone, "Did you and")
        phone.presses("We met")
        phone.reads("And for you, how was it")
    town.ana.presses("5")
    town.ben.presses("2", "No, keep it here")
    town.ben.reads("It stays with you.")
    assert "Ana Ruiz & Ben Walsh – all is well" in town.cleo.types("my pairs").splitlines()


def more_is_asked_for_while_fewer_than_two_lie_ahead(town: Town) -> None:
    """One lies ahead, so it asks; Ana types a time, and then two do."""
    ana, ben = town.ana, town.ben
    assert _times_asked(town) == 1
    town.until(ana, ASKED_TO_BOOK, after=len(ana.texts()))
    ana.is_done()
    ana.presses("I'll type one")
    ana.reads("Which day and hour would suit you?")
    assert "Something like" in ana.types("whenever you like")
    assert ana.types("17 February at 11") == "Do you mean Wed 17 February, 11:00?"
    ana.presses("Yes")
    ben.toggles("Wed 17 February, 10:00 (11:00 Ana)")
    ben.is_done()
    ana.reads("Booked with Ben:\n\nWed 17 February, 11:00 (10:00 Ben)")
    assert [f"{entry.starts:%-d %B}" for entry in _ahead(town)][1:] == ["17 February", "30 March"]


def _times_asked(town: Town) -> int:
    return sum(ASKED_TO_BOOK in text for text in town.ana.texts())


def none_is_asked_for_while_two_lie_ahead(town: Town) -> None:
    """Until the second meeting nobody is asked for dates; then both say again how it went."""
    for phone in (town.ana, town.ben):
        town.until(phone, "meet on Wed 17 February")
        phone.presses("We met", "4")
    assert _times_asked(town) == 2
    town.until(town.ana, ASKED_TO_BOOK, after=len(town.ana.texts()))
    assert town.server.now() > datetime(2027, 2, 18)  # noqa: DTZ001 - a wall time
