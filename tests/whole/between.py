"""Between meetings: goals, a question, a check-in, a pause, and what a manager writes."""

from __future__ import annotations

from datetime import datetime

from tests.whole.meetings import KEPT
from tests.whole.town import Town

GOALS = ("To speak early in meetings of the board.", "To write one page a week.")
LINE = "A better month than I had thought."
GATHERING = "The spring gathering is on 20 May at noon."
ONLY_ANA = "Ana, your travel costs can be claimed until June."
SECRETS = (*GOALS, LINE, KEPT)


def goals_in_her_own_words(town: Town) -> None:
    """Two, for her alone."""
    ana = town.ana
    town.until(ana, "What would you like to be different")
    assert "Is there a second one?" in ana.types(GOALS[0])
    assert "And another?" in ana.types(GOALS[1])
    ana.presses("That's it")
    ana.reads("Kept, for you alone.")
    assert f"1. {GOALS[0]}\n2. {GOALS[1]}" in ana.types("my goals")
    ana.presses("Leave them")


def a_question_to_think_about(town: Town) -> None:
    """She asks for one, and keeps her answer for their meeting."""
    ana = town.ana
    assert ana.types("reflect").endswith("?")
    assert ana.types(KEPT) == "Kept. For whom?"
    ana.presses("For our meeting", "It landed")
    ana.reads("I'll choose with that in mind.")


def a_check_in(town: Town) -> None:
    """Halfway to the next meeting: one tap a goal, and a line if she likes."""
    ana = town.ana
    assert GOALS[0] in town.until(ana, "A short look at your 2 goals")
    ana.presses("It's moving")
    assert GOALS[1] in ana.reads("How is this going?\n\nTo write")
    ana.presses("Stuck")
    ana.reads("Is there a line you'd like to add")
    assert ana.types(LINE) == "Kept with it."
    assert f"1. {GOALS[0]} – moving when I last asked\n2." in ana.types("my goals")
    ana.presses("Leave them")


def a_pause_with_a_date_and_no_reason(town: Town) -> None:
    """Typed as people type it, and read back before it counts."""
    assert town.ana.types("pause until 15 February") == "Pause until 15 February?"
    town.ana.presses("Yes")
    town.ana.reads("Paused until 15 February.")
    assert town.ana.screen().standing == "paused until 15 February"


def the_date_is_all_that_ben_reads(town: Town) -> None:
    """No reason, and nothing is asked of him."""
    told = town.until(town.ben, "Ana has paused")
    assert told == "Ana has paused until 15 February. Nothing is asked of you meanwhile."


def an_announcement(town: Town) -> None:
    """A preview, the number reached, its progress; what has not gone out can be stopped."""
    dana = town.dana
    dana.types("announce")
    assert dana.types(GATHERING) == "To whom?"
    dana.presses("Everyone")
    assert dana.reads(GATHERING).startswith("This is how they will read it:\n\nDana,")
    assert "37 are left out" in dana.reads("It reaches 3 people, each outside their quiet hours")
    assert not any(phone.shows(GATHERING) for phone in (town.ana, town.ben, town.cleo))
    dana.presses("Send it")
    for phone in (town.ben, town.cleo):
        assert phone.reads(GATHERING) == f"Dana, for the programme:\n\n{GATHERING}"
    dana.presses("How far now?")
    dana.reads("On its way: 2 delivered, 1 waiting, 0 failed.")
    dana.presses("Stop the rest")
    dana.reads("Stopped. 1 did not go out; 2 had already arrived.")


def an_announcement_to_one(town: Town) -> None:
    """To a person she chooses; she can watch until all of it has gone out."""
    dana = town.dana
    dana.types("announcement")
    dana.types(ONLY_ANA)
    assert dana.types("people i choose") == "To whom?"
    assert dana.labels("To whom?") == ["Ana Ruiz", "Ben Walsh", "Cleo Martin"]
    dana.toggles("Ana Ruiz")
    dana.is_done()
    dana.reads("It reaches 1 person")
    dana.presses("Send it")
    town.ana.reads(ONLY_ANA)
    dana.presses("How far now?")
    dana.reads("All gone out: 1 delivered, 0 failed.")
    assert not any(phone.has(ONLY_ANA) for phone in (town.ben, town.cleo))


def the_pause_ends_by_itself(town: Town) -> None:
    """Nothing has reached her meanwhile, and what had been stopped never does."""
    before = len(town.ana.texts())
    town.until(town.ana, "Your pause is over.")
    assert town.ana.texts()[before].startswith("Your pause is over.")
    assert town.server.now() >= datetime(2027, 2, 15, 7)  # noqa: DTZ001 - a wall time
    assert town.ana.screen().standing == ""
    assert not town.ana.has(GATHERING)
