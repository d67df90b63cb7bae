"""Announcing, read aloud: nothing goes out before whom it reaches was seen and a yes was given."""

from __future__ import annotations

import pytest

from conversations.announce import (
    AUDIENCES,
    Announce,
    Apps,
    Audience,
    CohortPeople,
    HowFar,
    InApp,
    Progress,
    Reached,
    StopAnnouncement,
)
from conversations.talk import days
from tests.conversations.stage import ANA, BEN, CLEO, DANA, EVE, Found, Stage, in_turn

WORDS = "We meet on 16 May at the library."
APPS = (InApp("telegram", 3, (WORDS,)), InApp("slack", 1, (WORDS,)))
ALL = Reached((ANA.id, BEN.id, EVE.id, CLEO.id), left_out=2)


def progress(delivered: int, called_back: int = 0) -> Progress:
    """Give how far four have got."""
    return Progress(delivered, 4 - delivered - called_back, 0, called_back)


def writing(found: Found | None = None) -> Stage:
    """Let Dana begin."""
    known: Found = {
        Audience: ALL,
        Apps: APPS,
        CohortPeople: (ANA, BEN, CLEO, EVE),
        Announce: 61,
        HowFar: progress(4),
        StopAnnouncement: 2,
    }
    talk = Stage("announce", {**known, **(found or {})}, who=DANA)
    talk.asks(DANA, "what_to_announce", within=days(1))
    return talk


def written(found: Found | None = None) -> Stage:
    """Let Dana write, and ask her to whom."""
    talk = writing(found)
    talk.types(DANA, WORDS)
    talk.asks(DANA, "to_whom", AUDIENCES, within=days(1))
    return talk


def previewed(found: Found | None = None) -> Stage:
    """Let Dana write to everyone, and show her what and whom."""
    talk = written(found)
    talk.presses(DANA, "everyone")
    seen(talk)
    return talk


def seen(talk: Stage, words: str = WORDS) -> None:
    """Show the very words, and how many they reach."""
    talk.says(DANA, "announcement_preview", words=words, author=DANA)
    talk.asks(
        DANA, "send_it", ("send", "rewrite", "no"), within=days(1), count=4, left_out=2, apps=APPS
    )


def sent(found: Found | None = None) -> Stage:
    """Let Dana say yes."""
    talk = previewed(found)
    talk.presses(DANA, "send")
    talk.does(Announce(DANA.id, WORDS, ALL.people))
    return talk


def test_an_announcement_reaches_whom_was_shown() -> None:
    """The people of the preview, even if somebody joins meanwhile."""
    talk = sent()
    talk.says(DANA, "all_gone_out", progress=progress(4))
    talk.ends()


@pytest.mark.parametrize("among", [a for a in AUDIENCES if a != "chosen"])
def test_an_announcement_is_for_a_role_or_everyone(among: str) -> None:
    """Asked for by its name."""
    talk = written()
    talk.presses(DANA, among)
    assert talk.looked == [Audience(DANA.id, among), Apps(DANA.id, WORDS, ALL.people)]
    seen(talk)


def test_an_announcement_is_for_chosen_people() -> None:
    """Those, and nobody else."""
    talk = written({Audience: Reached((ANA.id, CLEO.id), 0)})
    talk.presses(DANA, "chosen")
    talk.asks(DANA, "which_people", (ANA, BEN, CLEO, EVE), within=days(1))
    talk.types(DANA, "1, 3")
    assert talk.looked[-2] == Audience(DANA.id, "chosen", (ANA.id, CLEO.id))
    talk.says(DANA, "announcement_preview")
    talk.asks(DANA, "send_it", count=2, left_out=0)
    talk.presses(DANA, "send")
    talk.does(Announce(DANA.id, WORDS, (ANA.id, CLEO.id)))


def test_where_nobody_can_be_chosen_nothing_is_asked() -> None:
    """A question with nothing to choose would be no question."""
    talk = written({CohortPeople: (), Audience: Reached((), 0)})
    talk.presses(DANA, "chosen")
    talk.says(DANA, "reaches_nobody", left_out=0)
    talk.ends()


def test_choosing_nobody_announces_nothing() -> None:
    """And says so: the words were written already."""
    talk = written()
    talk.presses(DANA, "chosen")
    talk.types(DANA, "none")
    talk.says(DANA, "nothing_announced")
    talk.ends()


def test_an_announcement_may_reach_nobody() -> None:
    """How many were left out is the reason."""
    talk = written({Audience: Reached((), 3)})
    talk.presses(DANA, "mentors")
    talk.says(DANA, "reaches_nobody", left_out=3)
    talk.ends()


def test_it_may_be_written_again() -> None:
    """From the beginning; the first words are gone."""
    talk = previewed()
    talk.presses(DANA, "rewrite")
    talk.asks(DANA, "what_to_announce")
    talk.types(DANA, "We meet on 23 May.")
    talk.presses(DANA, "everyone")
    seen(talk, "We meet on 23 May.")
    talk.presses(DANA, "send")
    talk.does(Announce(DANA.id, "We meet on 23 May.", ALL.people))
    talk.says(DANA, "all_gone_out")
    talk.ends()


def test_a_no_announces_nothing() -> None:
    """And says so."""
    talk = previewed()
    talk.presses(DANA, "no")
    talk.says(DANA, "nothing_announced")
    talk.ends()


def test_silence_before_the_yes_announces_nothing() -> None:
    """It does not wait for weeks to be sent by a late tap."""
    talk = previewed()
    talk.lapses()
    talk.says(DANA, "nothing_announced")
    talk.ends()


def test_silence_over_the_words_announces_nothing() -> None:
    """Nothing was written, so nothing is said."""
    talk = writing()
    talk.lapses()
    talk.ends()


def test_silence_over_whom_announces_nothing() -> None:
    """Words without an addressee go nowhere, and their author is told."""
    talk = written()
    talk.lapses()
    talk.says(DANA, "nothing_announced")
    talk.ends()


# Watching it go out.


def test_it_is_told_how_far_it_has_got() -> None:
    """Whenever asked."""
    talk = sent({HowFar: in_turn(progress(1), progress(3), progress(4))})
    talk.asks(DANA, "going_out", ("how_far", "stop_it"), within=days(2), progress=progress(1))
    talk.presses(DANA, "how_far")
    talk.asks(DANA, "going_out", progress=progress(3))
    talk.presses(DANA, "how_far")
    talk.says(DANA, "all_gone_out", progress=progress(4))
    talk.ends()


def test_it_may_be_asked_again_and_again() -> None:
    """A button that shows is a button that works."""
    talk = sent({HowFar: in_turn(*[progress(1)] * 30, progress(4))})
    for _ in range(30):
        talk.asks(DANA, "going_out", progress=progress(1))
        talk.presses(DANA, "how_far")
    talk.says(DANA, "all_gone_out", progress=progress(4))
    talk.ends()


def test_the_rest_can_be_stopped() -> None:
    """It is told how many it was in time for."""
    talk = sent({HowFar: in_turn(progress(2), progress(2, called_back=2))})
    talk.presses(DANA, "stop_it")
    talk.does(StopAnnouncement(61))
    talk.says(DANA, "announcement_stopped", count=2, progress=progress(2, called_back=2))
    talk.ends()


def test_unwatched_it_is_told_once_how_far_it_got() -> None:
    """Two days later, whatever still waits."""
    talk = sent({HowFar: in_turn(progress(1), progress(3))})
    talk.lapses()
    talk.says(DANA, "all_gone_out", progress=progress(3))
    talk.ends()
