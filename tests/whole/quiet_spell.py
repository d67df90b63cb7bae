"""Months of silence: the pair hears first and reads the words; then Cleo reads the very same."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from tests.whole.beginning import INVITED
from tests.whole.between import SECRETS
from tests.whole.meetings import HOPE
from tests.whole.town import Town, moment

NOTICED = "I know of no meeting of yours since 17 February"
TO_BE_SENT = "In three days I would write this to your supervisor, word for word, and nothing else."


def the_pair_hears_first(town: Town) -> None:
    """The third meeting goes by without a word of it; each is asked once, with no reproach."""
    for phone in (town.ana, town.ben):
        town.until(phone, "meet on Tue 30 March")
        # They are there, and answer nothing that would book, hold or pause.
        assert phone.types("who knows").startswith("Nothing has ever been sent")
    for phone in (town.ana, town.ben):
        assert "I can help find a time" in town.until(phone, NOTICED)
        assert not phone.shows(TO_BE_SENT)
    assert "may not have met" not in "".join(town.cleo.texts())


def the_pair_reads_the_very_words(town: Town) -> None:
    """Both read the same, and Cleo has read nothing of it."""
    before = town.cleo.texts()
    words = {town.until(phone, TO_BE_SENT).partition("\n\n")[2] for phone in (town.ana, town.ben)}
    assert len(words) == 1
    (same,) = words
    assert same.startswith("Ana Ruiz & Ben Walsh may not have met for a while;")
    assert not any(secret in same for secret in (*SECRETS, HOPE))
    assert town.cleo.texts() == before


def three_days_later_cleo_reads_exactly_these(town: Town) -> None:
    """Not a word more or less; she answers, and anybody of the pair can see that it was sent."""
    same = town.ana.read(TO_BE_SENT).partition("\n\n")[2]
    assert town.until(town.cleo, "may not have met for a while") == same
    waited = moment(town.cleo, same) - moment(town.ben, TO_BE_SENT)
    assert timedelta(days=3) <= waited <= timedelta(days=7)
    first = town.cleo.types("my pairs").splitlines()[2]
    assert first.startswith("Ana Ruiz & Ben Walsh – may need you: no meeting for a while")
    town.cleo.presses("I have been in touch")
    town.cleo.reads("Thank you for getting in touch with Ana Ruiz & Ben Walsh.")
    for phone in (town.ana, town.ben):
        assert "to Cleo Martin: no meeting for a while" in phone.types("who knows")


def then_each_is_asked_how_to_go_on(town: Town) -> None:
    """Three rhythms without a meeting; and Cleo has not been written to again."""
    heard = town.cleo.texts()
    for phone in (town.ana, town.ben):
        town.until(phone, "Any of these is fine. What would you like?")
    assert town.cleo.texts() == heard


def what_was_private_stayed_so(town: Town) -> None:
    """No screen but her own has ever shown what Ana kept to herself."""
    for secret in SECRETS:
        assert town.ana.has(secret)
        assert not any(phone.has(secret) for phone in (town.ben, town.cleo, town.dana))
    assert not any(phone.has(HOPE) for phone in (town.cleo, town.dana))


def nobody_else_ever_heard_a_word(town: Town) -> None:
    """Those who never came, and Priya, who said no; their invitations have run out since."""
    names = town.numbers.keys() - {phone.name for phone in town.everybody}
    for phone in map(town.phone, sorted(names - {"Priya Raman"})):
        assert phone.bubbles() == ()
        assert phone.screen().standing == INVITED
        assert phone.screen().invitation is None
    assert town.phone("Priya Raman").last().startswith("That is fine.")


def nothing_was_said_twice(town: Town) -> None:
    """On no screen did the bot say the same thing twice within a minute."""
    for phone in town.everybody:
        said = Counter(
            (bubble.at, part.text, part.answers)
            for bubble in phone.bubbles()
            for part in bubble.parts
            if not bubble.mine
        )
        assert [each for each, times in said.items() if times > 1] == [], phone
