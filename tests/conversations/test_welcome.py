"""The welcome, read aloud: nobody is enrolled without a yes, all further questions may be left."""

from __future__ import annotations

from conversations.talk import Who, days
from conversations.welcome import (
    QUIET,
    Company,
    CompanyOf,
    Decline,
    Enrol,
    Introduce,
    Programme,
    ReadZone,
    SetQuiet,
    Setting,
    SetZone,
)
from tests.conversations.stage import ANA, BEN, CLEO, Stage

SETTING = Setting("Spring Circle", "Thinking grows in company.", ("Ben",), "Europe/Madrid")
ALONE = Setting("Spring Circle", "", (), "Europe/Madrid")
EXPECTED = Company(awaited=("Ben",), had_stopped=False, told=())
ZONES = {"Lisbon": ("Europe/Lisbon",), "Cordoba": ("Europe/Madrid", "America/Argentina/Cordoba")}


def read_zone(asked: ReadZone) -> tuple[str, ...]:
    """Know two cities."""
    return ZONES.get(asked.text, ())


def invited(who: Who = ANA, setting: Setting = SETTING, company: Company = EXPECTED) -> Stage:
    """Tell why and what is kept, up to the question."""
    found = {Programme: setting, ReadZone: read_zone, CompanyOf: company}
    talk = Stage("welcome", found, who=who)
    talk.says(who, "why", setting=setting)
    talk.says(who, "what_is_kept")
    talk.asks(who, "will_you_join", ("yes", "no"), within=days(21))
    return talk


def joined(who: Who = ANA, setting: Setting = SETTING) -> Stage:
    """Say yes, up to the first small question."""
    talk = invited(who, setting)
    talk.presses(who, "yes")
    talk.does(Enrol(who.id))
    talk.says(who, "welcomed", setting=setting, awaited=EXPECTED.awaited)
    talk.asks(who, "zone", ("right", "elsewhere"), zone="Europe/Madrid")
    return talk


def elsewhere() -> Stage:
    """Say that the zone is another one, up to the city."""
    talk = joined()
    talk.presses(ANA, "elsewhere")
    talk.asks(ANA, "which_city")
    return talk


def settled(who: Who = ANA, setting: Setting = SETTING) -> Stage:
    """Answer for zone and quiet hours."""
    talk = joined(who, setting)
    talk.presses(who, "right")
    talk.asks(who, "quiet_hours", QUIET)
    talk.presses(who, "late")
    talk.does(SetQuiet(who.id, "late"))
    return talk


def test_a_mentee_joins_and_introduces_herself() -> None:
    """Why, what is kept, yes; then three small things, and her lines are read back to her."""
    talk = settled()
    talk.asks(ANA, "about_you", within=days(5), partners=("Ben",))
    talk.types(ANA, "I run a small archive.")
    talk.asks(ANA, "may_they_read", ("yes", "no"), lines="I run a small archive.")
    talk.presses(ANA, "yes")
    talk.does(Introduce(ANA.id, "I run a small archive."))
    talk.says(ANA, "they_may_read", partners=("Ben",))
    talk.ends()


def test_a_no_enrols_nobody() -> None:
    """And it is the last they hear."""
    talk = invited()
    talk.types(ANA, "no")
    talk.does(Decline(ANA.id))
    talk.says(ANA, "no_is_fine")
    talk.ends()


def test_silence_enrols_nobody() -> None:
    """No answer is not a yes, and it is not asked for again."""
    talk = invited()
    talk.lapses()
    talk.ends()


def test_a_yes_may_be_typed() -> None:
    """The beginning of a label is enough where no other begins so."""
    talk = invited()
    talk.types(ANA, "Yes")
    talk.does(Enrol(ANA.id))


def test_a_supervisor_is_not_asked_for_lines() -> None:
    """Nobody would read them."""
    settled(CLEO, ALONE).ends()


def test_lines_that_may_not_be_read_are_not_kept() -> None:
    """They were read back to be refused."""
    talk = settled()
    talk.types(ANA, "I run a small archive.")
    talk.presses(ANA, "no")
    talk.ends()


def test_lines_nobody_said_yes_to_are_not_kept() -> None:
    """Silence lets nobody read anything."""
    talk = settled()
    talk.types(ANA, "I run a small archive.")
    talk.lapses()
    talk.ends()


def test_lines_can_be_skipped() -> None:
    """A pair can meet without them."""
    talk = settled()
    talk.skips(ANA)
    talk.ends()


def test_skipping_where_they_are_leaves_the_zone_and_goes_on() -> None:
    """A skip is no silence: they are here, and would rather have the next question."""
    talk = joined()
    talk.skips(ANA)
    talk.asks(ANA, "quiet_hours", QUIET)


def test_skipping_quiet_hours_still_leads_to_the_lines_about_oneself() -> None:
    """The programme's own hours stay."""
    talk = joined()
    talk.presses(ANA, "right")
    talk.skips(ANA)
    talk.asks(ANA, "about_you", partners=("Ben",))
    talk.skips(ANA)
    talk.ends()


def test_a_typed_city_is_read_back_as_a_zone() -> None:
    """Nothing is guessed from a word, even where only one zone fits."""
    talk = elsewhere()
    talk.types(ANA, "Lisbon")
    talk.asks(ANA, "which_zone", ("Europe/Lisbon", "neither"))
    talk.presses(ANA, "Europe/Lisbon")
    talk.does(SetZone(ANA.id, "Europe/Lisbon"))
    talk.says(ANA, "zone_kept", zone="Europe/Lisbon")
    talk.asks(ANA, "quiet_hours")


def test_two_cities_of_one_name_are_both_offered() -> None:
    """The one in Argentina is as likely as any."""
    talk = elsewhere()
    talk.types(ANA, "Cordoba")
    talk.asks(ANA, "which_zone", ("Europe/Madrid", "America/Argentina/Cordoba", "neither"))
    talk.types(ANA, "2")
    talk.does(SetZone(ANA.id, "America/Argentina/Cordoba"))


def test_a_city_that_is_not_found_is_asked_for_again() -> None:
    """As is one that was read as somewhere else."""
    talk = elsewhere()
    talk.types(ANA, "Atlantis")
    talk.asks(ANA, "which_city_again")
    talk.types(ANA, "Lisbon")
    talk.presses(ANA, "neither")
    talk.asks(ANA, "which_city_again")
    talk.types(ANA, "Mu")
    talk.asks(ANA, "which_city_again")
    talk.types(ANA, "Lemuria")
    talk.asks(ANA, "which_city_again")


def test_a_city_can_be_skipped() -> None:
    """What was known stays, and the next thing is asked."""
    talk = elsewhere()
    talk.skips(ANA)
    talk.asks(ANA, "quiet_hours")


def test_silence_over_a_zone_is_not_called_not_found() -> None:
    """They were busy; `I did not find that one` would be untrue."""
    talk = elsewhere()
    talk.types(ANA, "Lisbon")
    talk.lapses()
    talk.asks(ANA, "quiet_hours")


def test_silence_over_the_zone_ends_the_questions() -> None:
    """They have joined, which is what counts; nobody is marched through the rest."""
    talk = joined()
    talk.lapses()
    talk.ends()


def test_silence_over_quiet_hours_ends_the_questions() -> None:
    """The programme's own hours stay."""
    talk = joined()
    talk.presses(ANA, "right")
    talk.lapses()
    talk.ends()


def test_whose_partner_is_here_already_awaits_nobody() -> None:
    """`When Ben is here too` would be untrue."""
    talk = invited(company=Company((), had_stopped=False, told=()))
    talk.presses(ANA, "yes")
    talk.does(Enrol(ANA.id))
    talk.says(ANA, "welcomed", setting=SETTING, awaited=())


def test_whoever_comes_back_is_welcomed_as_one_who_was_here() -> None:
    """Ben, who read that she had stopped, reads that she is back; her lines are kept."""
    talk = invited(company=Company((), had_stopped=True, told=(BEN,)))
    talk.presses(ANA, "yes")
    talk.does(Enrol(ANA.id))
    talk.says(ANA, "welcomed_back", partners=(BEN,))
    talk.says(BEN, "partner_is_here_again", partner=ANA)
    talk.asks(ANA, "zone", ("right", "elsewhere"), zone="Europe/Madrid")
    talk.presses(ANA, "right")
    talk.asks(ANA, "quiet_hours", QUIET)
    talk.presses(ANA, "usual")
    talk.does(SetQuiet(ANA.id, "usual"))
    talk.ends()
