"""One pair's whole story through the playground's own pages, also while the power keeps failing.

Ana is mentored by Ben, Cleo looks after them, Dana runs the programme. The chapters follow each
other: whichever is asked for, those before it are told first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.whole import beginning, between, meetings, quiet_spell
from tests.whole.power_cuts import CUTS, MID_ADVANCE, PowerCuts
from tests.whole.server import Server, StillServer
from tests.whole.town import Chapter, Town

CHAPTERS: tuple[Chapter, ...] = (
    beginning.nothing_before_the_invitation_is_opened,
    beginning.nothing_but_it_before_the_yes,
    beginning.a_no_is_the_end_of_it,
    beginning.an_invitation_opens_once_and_for_its_own_person,
    beginning.everybody_settles_in,
    beginning.they_are_introduced,
    beginning.they_agree_in_six_taps,
    meetings.three_meetings_from_one_exchange,
    meetings.one_is_moved,
    meetings.one_is_called_off,
    meetings.an_old_button_changes_nothing,
    beginning.words_at_any_moment,
    between.a_question_to_think_about,
    between.goals_in_her_own_words,
    meetings.before_the_first_meeting,
    meetings.did_the_first_happen,
    meetings.more_is_asked_for_while_fewer_than_two_lie_ahead,
    between.a_check_in,
    between.a_pause_with_a_date_and_no_reason,
    between.the_date_is_all_that_ben_reads,
    between.an_announcement,
    between.the_pause_ends_by_itself,
    between.an_announcement_to_one,
    meetings.none_is_asked_for_while_two_lie_ahead,
    quiet_spell.the_pair_hears_first,
    quiet_spell.the_pair_reads_the_very_words,
    quiet_spell.three_days_later_cleo_reads_exactly_these,
    quiet_spell.then_each_is_asked_how_to_go_on,
    quiet_spell.what_was_private_stayed_so,
    quiet_spell.nobody_else_ever_heard_a_word,
    quiet_spell.nothing_was_said_twice,
)


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town whose server runs from beginning to end."""
    yield from _opened(StillServer(tmp_path_factory.mktemp("calm")))


@pytest.fixture
def unlucky(tmp_path: Path) -> Iterator[Town]:
    """A town whose server is killed again and again."""
    yield from _opened(PowerCuts(tmp_path, seed=7))


def _opened(server: Server) -> Iterator[Town]:
    town = Town(server)
    try:
        town.open()
        yield town
    finally:
        server.close()


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.__name__)
def test_the_story(calm: Town, chapter: Chapter) -> None:
    """Everything that people do with it, from the invitation to the supervisor's answer."""
    calm.tell(CHAPTERS[: CHAPTERS.index(chapter) + 1])


def test_a_kill_changes_no_word_of_it(calm: Town, unlucky: Town) -> None:
    """Killed after an answer, before one and in mid-advance: nothing is lost or said twice."""
    server = unlucky.server
    assert isinstance(server, PowerCuts)
    server.watched = unlucky.everybody
    unlucky.tell(CHAPTERS)
    assert not server.to_come
    assert server.done == Counter(CUTS) + Counter({"in mid-advance": MID_ADVANCE})
    calm.tell(CHAPTERS)
    for mine, theirs in zip(calm.everybody, unlucky.everybody, strict=True):
        assert theirs.texts() == mine.texts()
    nothing_failed_unseen(unlucky)


def test_nothing_failed_unseen(calm: Town) -> None:
    """A turn that fails is stepped over and logged; here none did."""
    calm.tell(CHAPTERS)
    nothing_failed_unseen(calm)


def nothing_failed_unseen(town: Town) -> None:
    """The server has had nothing to complain of."""
    assert "failed" not in town.server.said()
    assert "Traceback" not in town.server.said()
