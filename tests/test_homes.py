"""Somebody's own page: what it shows, when it is drawn anew, and that nobody else's is on it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.arrivals import receive
from bot.home_page import HomePage, home_page
from bot.homes import mark_drawn, note_looked, stale_homes
from bot.markup import plain
from bot.platforms import Event, Realm
from bot.store import tables
from tests.world import World

RIVER = Realm("slack", "@B")
"""Of these people Ben alone is there."""


@pytest.fixture
def here(world: World) -> World:
    """Ana and Ben have begun; Ben is in Slack."""
    world.platforms["Ben"] = "slack"
    world.join("Ana", "Ben", "Cleo", "Dana")
    return world


def book(here: World) -> None:
    """Have Ana and Ben agree, and book three meetings."""
    here.agree()
    here.book()


BOTH = ("Ana", "Ben")


def texts(here: World, name: str) -> list[str]:
    """Give all that reached somebody's phone."""
    return [each.text for each in here.phone.received if each.name == name]


def looks(here: World, name: str) -> None:
    """Have somebody open their page, and have it drawn."""
    number = here.person(name).id
    with here.store.transaction() as session:
        note_looked(session, number, here.now)
    assert drawn(here) == [name]


def drawn(here: World) -> list[str]:
    """Draw what is stale, and give whose."""
    with here.store.transaction() as session:
        found = stale_homes(session, RIVER, here.now, 10)
        for each in found:
            mark_drawn(session, each)
        return [session.get_one(tables.Person, each.person).first_name for each in found]


def page(here: World, name: str) -> HomePage:
    """Give somebody's page."""
    number = here.person(name).id
    with here.store.reading() as session:
        return home_page(session, here.setup, number, here.now)


def words(here: World, name: str) -> str:
    """Give all that somebody's page says."""
    return "\n\n".join(plain(piece) for piece in page(here, name).pieces)


def test_a_page_shows_the_pair_and_what_can_be_asked_for(here: World) -> None:
    """And nothing that waits for nobody."""
    said = words(here, "Ben")
    assert "You and Ana" in said
    assert "No meeting in the diary yet." in said
    asked = [each.data for each in page(here, "Ben").choices]
    assert {"/book", "/meetings", "/pause", "/help"} <= set(asked)
    assert not {"/announce", "/pairs", "/come_back"} & set(asked)


def test_a_page_shows_the_next_meetings_and_the_partners_break(here: World) -> None:
    """In both clocks where they differ; a break with its day and no reason."""
    book(here)
    assert words(here, "Ben").count("Ana)") == 3
    here.change("Ana", paused_until=here.now + timedelta(days=10))
    assert "Ana is on a break until" in words(here, "Ben")
    assert "You are on a break" not in words(here, "Ben")


def test_goals_stand_on_ones_own_page_alone(here: World) -> None:
    """They are nobody else's."""
    ana = here.person("Ana").id
    with here.store.transaction() as session:
        session.add(tables.Goal(person_id=ana, words="to speak up", set_at=here.now))
    assert "to speak up" in words(here, "Ana")
    for other in ("Ben", "Cleo", "Dana"):
        assert "to speak up" not in words(here, other)


def test_who_has_not_said_yes_reads_where_to_begin(here: World) -> None:
    """Nothing of a programme is shown before."""
    here.change("Ben", welcomed_at=None)
    assert words(here, "Ben") == "What I have to say to you first is under Messages."
    assert page(here, "Ben").choices == ()


def test_a_supervisor_and_a_manager_have_pages_of_their_own(here: World) -> None:
    """With what is theirs to ask for."""
    assert page(here, "Cleo").choices[0].data == "/pairs"
    assert page(here, "Dana").choices[0].data == "/announce"
    assert "goals" not in words(here, "Cleo") + words(here, "Dana")


def test_a_page_is_drawn_anew_once_something_on_it_has_changed(here: World) -> None:
    """A meeting booked, a break of the other, an answered question; and no other time."""
    here.settle()
    looks(here, "Ben")
    assert drawn(here) == []
    book(here)
    assert drawn(here) == ["Ben"]
    here.type("Ana", "pause")
    here.press("Ana", "One week")
    here.settle()
    assert drawn(here) == ["Ben"]
    assert drawn(here) == []


def test_who_never_opened_their_page_has_none_to_draw(here: World) -> None:
    """Slack counts each drawing."""
    book(here)
    assert drawn(here) == []


def test_a_page_is_of_its_workspace(here: World) -> None:
    """One workspace's token draws for nobody of another's."""
    looks(here, "Ben")
    number = here.person("Ben").id
    with here.store.transaction() as session:
        note_looked(session, number, here.now)
        assert stale_homes(session, Realm("slack", "T2:"), here.now, 10) == []
        assert len(stale_homes(session, RIVER, here.now, 10)) == 1


def test_what_changes_while_a_page_is_drawn_is_drawn_anew(here: World) -> None:
    """The mark is of what was shown, not of what there is by then."""
    looks(here, "Ben")
    number = here.person("Ben").id
    with here.store.transaction() as session:
        note_looked(session, number, here.now)
        [before] = stale_homes(session, RIVER, here.now, 10)
        here.now += timedelta(seconds=1)
        note_looked(session, number, here.now)
        mark_drawn(session, before)
        assert len(stale_homes(session, RIVER, here.now, 10)) == 1


def test_a_page_that_slack_stumbles_over_is_drawn_later(here: World) -> None:
    """Not before its pause is over, unless what it shows changes."""
    looks(here, "Ben")
    number, again = here.person("Ben").id, here.now + timedelta(minutes=5)
    with here.store.transaction() as session:
        note_looked(session, number, here.now)
        [stumbled] = stale_homes(session, RIVER, here.now, 10)
        mark_drawn(session, stumbled, again)
        assert stale_homes(session, RIVER, again - timedelta(seconds=1), 10) == []
        assert len(stale_homes(session, RIVER, again, 10)) == 1
        note_looked(session, number, here.now)
        assert len(stale_homes(session, RIVER, here.now, 10)) == 1


def test_an_app_that_was_removed_closes_a_whole_workspace(here: World) -> None:
    """Its people cannot be reached; their managers are told, and nobody else is closed."""
    here.change("Cleo", platform="slack")
    gone = Event("slack", "gone", "@B", "uninstalled", {"why": "the app was removed"})
    with here.store.transaction() as session:
        receive(session, [gone], here.now)
    here.settle()
    assert here.person("Ben").closed_why == "the app was removed"
    assert here.person("Cleo").closed_at is None
    assert "I can't reach Ben" in here.read("Dana")


def test_a_message_is_put_by_for_the_next_meeting(here: World) -> None:
    """Its owner alone reads it, when they look ahead to the meeting."""
    here.arrive("Ben", "kept", text="the note from *Eve*")
    assert "Put by for your next meeting with Ana" in here.read("Ben")
    book(here)
    here.let_pass(days=60)
    told = {
        name: [each for each in texts(here, name) if "note from *Eve*" in each] for name in BOTH
    }
    assert told["Ben"]
    assert not told["Ana"]
