"""The language that somebody is spoken to in, and their choice of another."""

from __future__ import annotations

from bot.deeds.dispatch import find, perform
from bot.homes import note_spoken_to
from bot.turn import Turn, heard_from
from conversations.settings import Language, LanguagesFor, SetLanguage, Spoken


@find.register
def _(lookup: LanguagesFor, turn: Turn) -> Spoken:
    own, *others = heard_from(turn, lookup.person)
    return Spoken(own.name, tuple(Language(each.language, each.name) for each in others))


@perform.register
def _(command: SetLanguage, turn: Turn) -> None:
    person = turn.person(command.person)
    turn.roster.change(person, language=command.language, language_is_own=True)
    turn.changed.add(person.id)
    note_spoken_to(turn.session, person.id, person.platform, turn.now)
