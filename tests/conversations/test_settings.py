"""Somebody's own settings, read aloud: where they are, when they want quiet, in which language."""

from __future__ import annotations

import pytest

from conversations.settings import (
    Language,
    LanguagesFor,
    Own,
    OwnSettings,
    SetLanguage,
    Spoken,
)
from conversations.welcome import QUIET, ReadZone, SetQuiet, SetZone
from tests.conversations.stage import ANA, Stage

SPANISH = Language("es", "Español")
ALONE = Spoken("English", ())
TWO = Spoken("English", (SPANISH,))


def settings(quiet: str = "usual", spoken: Spoken = ALONE) -> Stage:
    """Show Ana her settings."""
    own = Own("Europe/Madrid", quiet, 2)
    found = {OwnSettings: own, LanguagesFor: spoken, ReadZone: ("Europe/Lisbon",)}
    talk = Stage("show_settings", found, who=ANA)
    more = ("language",) if spoken.others else ()
    now = spoken.now if spoken.others else ""
    options = ("zone", "quiet", *more, "nothing")
    talk.asks(ANA, "your_settings", options, own=own, language=now)
    return talk


@pytest.mark.parametrize("quiet", [*QUIET, "own"])
def test_settings_may_be_looked_at_and_left(quiet: str) -> None:
    """Each setting has its words."""
    talk = settings(quiet)
    talk.presses(ANA, "nothing")
    talk.ends()


def test_quiet_hours_can_be_changed() -> None:
    """One tap, and a word that it is kept."""
    talk = settings()
    talk.presses(ANA, "quiet")
    talk.asks(ANA, "quiet_hours", QUIET)
    talk.presses(ANA, "none")
    talk.does(SetQuiet(ANA.id, "none"))
    talk.says(ANA, "quiet_kept")
    talk.ends()


def test_quiet_hours_can_be_left() -> None:
    """They stay."""
    talk = settings()
    talk.presses(ANA, "quiet")
    talk.lapses()
    talk.ends()


def test_the_zone_can_be_changed() -> None:
    """As at the welcome."""
    talk = settings()
    talk.presses(ANA, "zone")
    talk.asks(ANA, "which_city")
    talk.types(ANA, "Lisbon")
    talk.presses(ANA, "Europe/Lisbon")
    talk.does(SetZone(ANA.id, "Europe/Lisbon"))
    talk.says(ANA, "zone_kept", zone="Europe/Lisbon")
    talk.ends()


def test_another_language_is_chosen_by_its_own_name() -> None:
    """Whoever cannot read this one finds theirs all the same."""
    talk = settings(spoken=TWO)
    talk.presses(ANA, "language")
    talk.asks(ANA, "which_language", (SPANISH, "nothing"))
    talk.presses(ANA, SPANISH)
    talk.does(SetLanguage(ANA.id, "es"))
    talk.says(ANA, "language_kept")
    talk.ends()


def test_the_language_can_be_left() -> None:
    """A look changes nothing."""
    talk = settings(spoken=TWO)
    talk.presses(ANA, "language")
    talk.presses(ANA, "nothing")
    talk.ends()
