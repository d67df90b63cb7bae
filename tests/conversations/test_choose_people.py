"""Choosing among more people than there are buttons for, read aloud."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.announce import Announce, Apps, Audience, CohortPeople, HowFar, Progress, Reached
from conversations.choose_people import MOST_OFFERED, Names, read_names
from conversations.talk import Who, days
from tests.conversations.stage import DANA, Found, Stage

FIRST = ("Ana", "Ben", "Cleo", "Eve", "Fay", "Gil", "Hal", "Ida", "Jon", "Kim")
LAST = ("Ruiz", "Walsh", "Martin", "Nowak", "Silva", "Ōta", "O'Brien", "Lee-Roe", "Abebe", "de Wit")
MANY = tuple(
    Who(100 + 10 * place + number, f"{first} {last}", "mentee")
    for place, first in enumerate(FIRST)
    for number, last in enumerate(LAST)
)
BY_NAME = {each.name: each for each in MANY}
ANA, BEN, JOSE = BY_NAME["Ana Ruiz"], BY_NAME["Ben Ōta"], Who(300, "José Ángel Prado", "mentor")
PEOPLE = (*MANY, JOSE)


def choosing(found: Found | None = None) -> Stage:
    """Let Dana write to people she chooses, in a cohort of more than a hundred."""
    known: Found = {
        CohortPeople: PEOPLE,
        Audience: lambda asked: Reached(asked.chosen, 0),
        Apps: (),
        Announce: 61,
        HowFar: Progress(2, 0, 0, 0),
    }
    talk = Stage("announce", {**known, **(found or {})}, who=DANA)
    talk.types(DANA, "We meet on 16 May.")
    talk.presses(DANA, "chosen")
    return talk


def test_many_people_are_chosen_by_their_names() -> None:
    """However they are written: in any case, without accents, from any of a name's parts."""
    talk = choosing()
    talk.asks(DANA, "whose_names", within=days(1), count=101)
    talk.types(DANA, "ana ruiz, JOSE\nben ota;")
    talk.asks(DANA, "more_names", ("enough",), chosen=(ANA, JOSE, BEN), unknown=(), too_many=())
    talk.presses(DANA, "enough")
    talk.says(DANA, "announcement_preview")
    talk.asks(DANA, "send_it", count=3)
    talk.presses(DANA, "send")
    talk.does(Announce(DANA.id, "We meet on 16 May.", (ANA.id, JOSE.id, BEN.id)))
    talk.says(DANA, "all_gone_out")
    talk.ends()


def test_where_several_names_begin_so_they_are_offered() -> None:
    """With buttons, since there are few of them."""
    talk = choosing()
    talk.types(DANA, "ana, prado")
    anas = tuple(each for each in MANY if each.name.startswith("Ana"))
    talk.asks(DANA, "which_of_them", anas, within=days(1))
    talk.presses(DANA, ANA, BY_NAME["Ana Silva"])
    talk.asks(DANA, "more_names", chosen=(JOSE, ANA, BY_NAME["Ana Silva"]))
    talk.types(DANA, "That's all")
    talk.says(DANA, "announcement_preview")
    talk.asks(DANA, "send_it", count=3)


def test_names_are_added_bit_by_bit_and_taken_off_again() -> None:
    """What nobody is called is said, and so is what too many are."""
    talk = choosing()
    talk.types(DANA, "ana ruiz, Zoë, a")
    talk.asks(DANA, "which_of_them")
    talk.types(DANA, "none")
    talk.asks(DANA, "more_names", chosen=(ANA,), unknown=("Zoë",), too_many=())
    talk.types(DANA, "ben ota, ana ruiz")
    talk.asks(DANA, "more_names", chosen=(BEN,))
    talk.types(DANA, "e, f, g, h, i")
    talk.asks(DANA, "which_of_them")
    talk.presses(DANA)
    talk.asks(DANA, "more_names", chosen=(BEN,), too_many=("g", "h", "i"))


def test_a_skip_is_enough() -> None:
    """Whoever has chosen somebody goes on with them."""
    talk = choosing()
    talk.types(DANA, "ana ruiz")
    talk.skips(DANA)
    talk.says(DANA, "announcement_preview")
    talk.asks(DANA, "send_it", count=1)


@pytest.mark.parametrize("typed", ["", "Zoë", "ana", "ana ruiz"])
def test_silence_over_the_names_announces_nothing(typed: str) -> None:
    """Wherever it falls; and the author is told."""
    talk = choosing()
    if typed:
        talk.types(DANA, typed)
    talk.lapses()
    talk.says(DANA, "nothing_announced")
    talk.ends()


def test_nobody_chosen_announces_nothing() -> None:
    """Enough of nobody is nobody."""
    talk = choosing()
    talk.types(DANA, "Zoë")
    talk.presses(DANA, "enough")
    talk.says(DANA, "nothing_announced")
    talk.ends()


@pytest.mark.parametrize(
    ("count", "line"), [(MOST_OFFERED, "which_people"), (MOST_OFFERED + 1, "whose_names")]
)
def test_as_many_as_have_buttons_are_offered_at_once(count: int, line: str) -> None:
    """Nothing need be typed where one look is enough."""
    talk = choosing({CohortPeople: MANY[:count]})
    talk.asks(DANA, line)


def test_a_whole_name_is_that_person_though_others_begin_so() -> None:
    """Else somebody called Ana Lee could never be told from Ana Lee-Roe."""
    lee = Who(400, "Ana Lee", "mentor")
    assert read_names("Ana Lee", (*PEOPLE, lee), ()) == Names((lee,))


def test_two_of_one_name_are_offered_both() -> None:
    """Only their buttons can tell them apart, and both can be pressed."""
    namesake = Who(401, ANA.name, "mentor")
    assert read_names("ana ruiz", (*PEOPLE, namesake), ()) == Names((), (ANA, namesake))


@given(st.text(), st.sets(st.sampled_from(PEOPLE), max_size=5))
def test_whatever_is_written_is_read(words: str, chosen: set[Who]) -> None:
    """Nobody is chosen twice, or offered though chosen; what was not understood is quoted."""
    read = read_names(words, PEOPLE, tuple(chosen))
    assert len(set(read.chosen)) == len(read.chosen)
    assert not set(read.unclear) & set(read.chosen)
    assert len(read.unclear) <= MOST_OFFERED
    assert {*read.unknown, *read.too_many} <= {each.strip() for each in re.split("[,;\n]", words)}


@pytest.mark.parametrize("one", PEOPLE, ids=lambda one: one.name)
def test_everybody_can_be_chosen_by_their_name(one: Who) -> None:
    """Apostrophes, hyphens and all."""
    assert read_names(f"  {one.name.upper()} ,", PEOPLE, ()) == Names((one,))
