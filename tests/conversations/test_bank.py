"""The bank of questions: the rules over every question of ours, and which one is chosen next."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.bank import (
    CHOICES,
    PHASES,
    BadBank,
    Bank,
    Question,
    Role,
    faults,
    read_bank,
)
from conversations.choosing import (
    REST,
    Asked,
    Moment,
    choose_question,
    heat_allowed,
    phase_of,
)
from tests.conversations.banks import sounding_alike

WRITTEN = (files("prompts") / "en" / "questions.toml").read_text("utf-8")
TABLES = tomllib.loads(WRITTEN)
OURS = [Question(**row) for row in TABLES["question"]]
BANK = read_bank(TABLES)
BY_ID = {question.id: question for question in OURS}
NOW = datetime(2026, 4, 7, 9, 0, tzinfo=UTC)
GOOD = BY_ID["what-stayed"]


def worded(text: str) -> str:
    """All faults of a question with these words, on one line."""
    return " / ".join(faults(replace(GOOD, text=text)))


def refused(*edits: tuple[str, str]) -> str:
    """What a coach reads after these edits to our own file."""
    text = WRITTEN
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    with pytest.raises(BadBank) as caught:
        read_bank(tomllib.loads(text))
    return "\n".join(caught.value.faults)


def ask(bank: Bank = BANK, asked: Sequence[Asked] = (), **given: Any) -> Question | None:
    """Choose for a mentee between two meetings, unless told otherwise."""
    usual = {"role": "mentee", "phase": "between", "moment": "any", "heat_allowed": 3}
    return choose_question(bank, asked, **{**usual, "now": NOW, "seed": 1, **given})


def chosen(**given: Any) -> Question:
    """The same, where something must fit."""
    question = ask(**given)
    assert question is not None
    return question


def all_asked(
    fits: Callable[[Question], bool], at: datetime, *, landed: bool | None = None
) -> list[Asked]:
    """Every question of ours that fits, as asked at that time."""
    return [Asked(question.id, at, landed) for question in OURS if fits(question)]


# Our own bank


@pytest.mark.parametrize("question", OURS, ids=lambda question: question.id)
def test_each_question_of_ours_may_be_asked(question: Question) -> None:
    """Open, one idea, short, no advice or praise: each holds for each, and a failure names it."""
    assert faults(question) == ()


@pytest.mark.parametrize("question", OURS, ids=lambda question: question.id)
def test_each_question_of_ours_says_where_it_came_from(question: Question) -> None:
    """The handbook of REFLECT is not public: all are ours, and say what inspired them."""
    assert question.source == "comentor, inspired by REFLECT"
    assert question.principle in BANK.principles


@pytest.mark.parametrize("phase", PHASES)
def test_each_phase_of_ours_has_its_fill(phase: str) -> None:
    """Eight or more, each kind among them, and at least half of them light."""
    here = [question for question in OURS if question.phase == phase]
    assert len(here) >= 8
    assert {question.kind for question in here} == set(CHOICES["kind"])
    assert sum(question.heat == 1 for question in here) * 2 >= len(here) - 3
    assert BANK.purposes[phase]


@pytest.mark.parametrize("role", get_args(Role))
@pytest.mark.parametrize("phase", PHASES)
def test_each_role_has_plenty_in_each_phase(role: Role, phase: str) -> None:
    """A month of weekly questions or more for everybody; only a mentor's practice is a mentor's."""
    count = sum(question.phase == phase and question.suits(role) for question in OURS)
    assert count == 0 if phase == "mentors-practice" and role != "mentor" else count >= 6


@pytest.mark.parametrize("phase", ["between", "deepening"])
@pytest.mark.parametrize("moment", ["before-meeting", "after-meeting"])
@pytest.mark.parametrize("role", get_args(Role))
def test_everybody_can_be_asked_what_stayed_and_what_to_bring(
    phase: str, moment: str, role: Role
) -> None:
    """Round each meeting there is something made for that moment, for every role."""
    assert sum((q.phase, q.when) == (phase, moment) and q.suits(role) for q in OURS) >= 2


def test_no_two_of_ours_sound_alike() -> None:
    """Somebody who gets one a week for a year should not think they have had this before."""
    assert sounding_alike(OURS) == []
    assert sounding_alike([GOOD, replace(GOOD, id="again")]) == [(GOOD.id, "again")]


# What is refused


@pytest.mark.parametrize(
    "text",
    [
        "Did anything stay with you?",
        "Is there something you want to bring, or how else to begin?",
        "Don't you wonder what stayed?",
        "Have you told anybody what happened?",
        "Think of last week. Was it what you hoped?",
        "When you left the room, were you lighter?",
        "In the last meeting, could you say what you wanted?",
    ],
)
def test_a_closed_question_is_refused(text: str) -> None:
    """Yes or no ends a thought; the invitation before it does not open it."""
    assert "yes or no" in worded(text)


@pytest.mark.parametrize(
    "ending", [", right?", ", don’t you?", ", isn't it?", ", do you?", " or not?", ", okay?"]
)
def test_a_checking_ending_is_refused(ending: str) -> None:
    """It asks for a nod, not for a thought, whichever apostrophe it is typed with."""
    assert "checks rather than asks" in worded(f"You know what stayed with you{ending}")


def test_a_statement_with_a_question_mark_is_refused() -> None:
    """Nothing in it opens anything."""
    assert "asks nothing open" in worded("You were glad to meet?")


@pytest.mark.parametrize(
    "text", ["What stayed with you, and what went?", "What stayed and how did it feel?"]
)
def test_two_ideas_are_refused(text: str) -> None:
    """On a phone only one of the two is answered."""
    assert "two ideas" in worded(text)


def test_two_question_marks_are_refused() -> None:
    """Two questions are two questions, however short."""
    assert "asks more than once" in worded("What stayed? Why?")


def test_a_semicolon_is_refused() -> None:
    """It joins two ideas."""
    assert "semicolon" in worded("Much was said; what stayed?")


def test_181_characters_are_refused_and_180_are_not() -> None:
    """The limit is the practice's, and it is a limit, not a neighbourhood."""
    longest = "What stayed" + " on" * 56 + "?"
    assert len(longest) == 180
    assert worded(longest) == ""
    assert "181 characters" in worded(longest[:-1] + "n?")


@pytest.mark.parametrize(
    "text", ["Tell me what stayed.", "Think of last week.", "What? Tell me", ""]
)
def test_a_text_must_end_in_its_question(text: str) -> None:
    """An invitation is welcome before the question, not instead of it."""
    assert "does not end in a question mark" in worded(text)


def test_an_invitation_that_holds_its_question_may_be_asked() -> None:
    """It sets the scene, then asks."""
    assert worded("Think of a quiet hour this week. What did you hear?") == ""


def test_an_exclamation_mark_is_refused() -> None:
    """No forced cheer."""
    assert "exclamation mark" in worded("Welcome back! What stayed?")


@pytest.mark.parametrize(
    "text",
    [
        "What do you think you should do next?",
        "When you try to rest, what happens?",
        "Why not ask them what they want?",
        "What made that great meeting work?",
        "Well done. What comes next?",
        "Remember to breathe. What do you hear?",
        "How will you make sure it happens?",
        "Don’t forget the small things. What was one?",
        "What have you considered, or have you thought of asking?",
        "How about a walk?",
    ],
)
def test_hidden_advice_or_praise_is_refused(text: str) -> None:
    """The bot asks; it neither knows better nor hands out marks."""
    assert "advice or praise" in worded(text)


@pytest.mark.parametrize("key", CHOICES)
def test_a_value_that_no_one_knows_is_refused(key: str) -> None:
    """A slip of spelling would hide a question from everybody; the fault lists what there is."""
    wrong: Any = 4 if key == "heat" else "betwen"
    edited: dict[str, Any] = {key: wrong}
    (fault,) = faults(replace(GOOD, **edited))
    assert fault.startswith(f"its {key} is {wrong!r}; write one of ")
    assert str(CHOICES[key][0]) in fault


@pytest.mark.parametrize("wrong", ["What Stayed", "what_stayed", "-what", "", "what--stayed"])
def test_an_id_that_is_not_kebab_case_is_refused(wrong: str) -> None:
    """Ids live for years in what people were asked; they are written in one way only."""
    assert "kebab-case" in "".join(faults(replace(GOOD, id=wrong)))


def test_a_version_below_one_is_refused() -> None:
    """Versions count from 1."""
    assert "count from 1" in "".join(faults(replace(GOOD, version=0)))


@pytest.mark.parametrize("role", ["either", "both"])
def test_what_reaches_co_mentors_names_no_mentor(role: str) -> None:
    """Of two co-mentors neither is the senior."""
    question = replace(GOOD, role=role, text="What did your mentor say?")
    assert "the other person" in "".join(faults(question))
    assert faults(replace(question, role="mentee")) == ()


def test_another_language_is_held_to_form_only() -> None:
    """The lists of words are not Portuguese: it is not judged by them, its length is."""
    portuguese = replace(GOOD, language="pt", text="Ao voltar: lembras-te do quê?")
    assert faults(portuguese) == ()
    assert "exclamation" in "".join(faults(replace(portuguese, text="Olá! Como estás?")))


def test_all_faults_of_a_broken_file_come_at_once() -> None:
    """A coach mends the file in one sitting: each fault with its place and its remedy."""
    said = refused(
        ('text = "What will you miss?"', 'text = "Will you try to come back!"'),
        ('heat = 1\nwhen = "any"\nprinciple = "own-goals"', 'heat = "low"\nprinciple = "luck"'),
        ('id = "not-in-any-biography"\nversion = 1\n', 'id = "not-in-any-biography"\n'),
        ('id = "walking-into-a-room"', 'id = "not-in-any-biography"\nmood = "brave"'),
        ('phase = "impact"', 'phase = "impcat"'),
        ("What made you laugh at work lately?", "what stayed with you; from the last time you MET"),
        ("[phase.focus]\n", "[phase.focsu]\n"),
        ('language = "en"', 'language = "en"\ncolour = "blue"'),
    )
    expected = (
        "(what-you-will-miss) can be answered yes or no ('Will'); begin with",
        "(what-you-will-miss) asks nothing open; ask",
        "(what-you-will-miss) hides advice or praise ('try to'); ask",
        "(what-you-will-miss) has an exclamation mark; end",
        "(what-you-will-miss) does not end in a question mark; end",
        "question 1 (why-you-said-yes) its heat is 'low'; write heat = 1",
        "question 1 (why-you-said-yes) serves 'luck'; define",
        "question 2 (not-in-any-biography) has no version; write version = 1",
        "question 3 (not-in-any-biography) has 'mood', which no question has; take",
        "question 3 (not-in-any-biography) has the id of question 2 (not-in-any-biography); give",
        "(nobody-remarked) its phase is 'impcat'; write one of before-first-meeting, trust",
        "(what-stayed) asks the same as question ",
        "(made-you-laugh) has a semicolon; keep",
        "(made-you-laugh) does not end in a question mark; end",
        "phase focus has no purpose; add one under [phase.focus]",
        "phase focsu is unknown; write one of before-first-meeting, trust",
        "'colour' is no part of a bank; take",
    )
    for fault in expected:
        assert fault in said
    assert len(said.splitlines()) == len(expected)


def test_a_phase_with_five_questions_is_refused() -> None:
    """Fewer than six and a person hears the same again too soon."""
    moved = ('phase = "trust"', 'phase = "between"')
    assert "phase trust has 5 questions; write at least 6" in refused(*[moved] * 9)


def test_a_phase_that_forgets_a_role_is_refused() -> None:
    """Mentees and mentors are both served, in every phase."""
    rows = [dict(row) for row in TABLES["question"]]
    for row in rows:
        if row["phase"] == "trust":
            row["role"] = "mentee"
    with pytest.raises(BadBank, match="phase trust has 0 for a mentor; write at least 3"):
        read_bank({**TABLES, "question": rows})


@pytest.mark.parametrize("rows", [None, [], {"id": "alone"}, "What stayed?"])
def test_a_file_without_questions_says_how_to_head_them(rows: object) -> None:
    """One bracket too few is the commonest slip in TOML."""
    with pytest.raises(BadBank, match=r"head each with \[\[question\]\]"):
        read_bank({**TABLES, "question": rows})


def test_when_may_be_left_out() -> None:
    """Most questions suit any moment."""
    rows = [{k: v for k, v in row.items() if k != "when"} for row in TABLES["question"]]
    assert {q.when for q in read_bank({**TABLES, "question": rows}).questions} == {"any"}


# Which one is next


asked_before = st.lists(
    st.builds(
        Asked,
        st.sampled_from([*BY_ID, "since-taken-out"]),
        st.integers(0, 200 * 24).map(lambda hours: NOW - timedelta(hours=hours)),
        st.sampled_from([None, True, False]),
    ),
    max_size=120,
)
somebody = st.fixed_dictionaries(
    {
        "role": st.sampled_from(get_args(Role)),
        "phase": st.sampled_from(PHASES),
        "moment": st.sampled_from(get_args(Moment)),
        "heat_allowed": st.integers(1, 3),
        "seed": st.integers(0, 2**32),
    }
)
mostly_used_up = st.tuples(asked_before, st.sets(st.sampled_from(sorted(BY_ID)), max_size=20)).map(
    lambda drawn: drawn[0] + all_asked(lambda q: q.id not in drawn[1], NOW - REST)
)
history = asked_before | mostly_used_up


@given(history, somebody)
def test_nothing_comes_again_within_90_days(asked: list[Asked], who: dict[str, Any]) -> None:
    """Whatever else is true of them."""
    question = ask(asked=asked, **who)
    recent = {one.question_id for one in asked if NOW - one.at < timedelta(days=90)}
    assert question is None or question.id not in recent


@given(history, somebody)
def test_nothing_comes_twice_while_something_new_fits(
    asked: list[Asked], who: dict[str, Any]
) -> None:
    """A new question from `between` is better than an old one from the phase."""
    question = ask(asked=asked, **who)
    heard = {one.question_id for one in asked}
    new = [
        q
        for q in OURS
        if q.id not in heard
        and q.phase in (who["phase"], "between")
        and q.role in ("either", "both", who["role"])
        and q.heat <= who["heat_allowed"]
        and q.when in ("any", who["moment"])
    ]
    assert question in new if new else question is None or question.id in heard


@given(history, somebody)
def test_what_comes_fits_the_person_and_the_moment(asked: list[Asked], who: dict[str, Any]) -> None:
    """Heat is never exceeded; role, phase and moment fit."""
    question = ask(asked=asked, **who)
    if question is not None:
        assert question.heat <= who["heat_allowed"]
        assert question.role in ("either", "both", who["role"])
        assert question.phase in (who["phase"], "between")
        assert question.when in ("any", who["moment"])


@given(history, somebody, st.randoms(use_true_random=False))
def test_the_same_history_brings_the_same_question(
    asked: list[Asked], who: dict[str, Any], shuffler: Any
) -> None:
    """A turn that is run again asks the same, in whatever order the store hands the rows over."""
    shuffled = list(asked)
    shuffler.shuffle(shuffled)
    assert ask(asked=asked, **who) == ask(asked=shuffled, **who)


def test_other_seeds_bring_other_questions() -> None:
    """Two people of one cohort do not march in step."""
    assert len({chosen(seed=seed).id for seed in range(50)}) > 8


def test_a_question_added_to_the_bank_reshuffles_nothing() -> None:
    """A coach who adds one changes at most who gets that one."""
    new = replace(BY_ID["walked-past"], id="new-one", text="What is new?")
    grown = replace(BANK, questions=(new, *BANK.questions))
    for seed in range(50):
        assert chosen(bank=grown, seed=seed) in (new, chosen(seed=seed))


def test_a_used_up_phase_gives_way_to_between() -> None:
    """Short and light is never wrong."""
    asked = all_asked(lambda q: q.phase == "focus", NOW - timedelta(days=100))
    assert chosen(asked=asked, phase="focus").phase == "between"


def test_what_has_rested_for_90_days_may_come_again() -> None:
    """When all else was asked, from the phase first; an hour sooner there is nothing."""
    asked = all_asked(lambda _: True, NOW - REST)
    assert chosen(asked=asked, phase="focus").phase == "focus"
    assert ask(asked=asked, phase="focus", now=NOW - timedelta(hours=1)) is None


def test_the_latest_asking_counts() -> None:
    """Rested once, asked again last week: it rests anew."""
    long_ago = all_asked(lambda _: True, NOW - timedelta(days=200))
    last_week = all_asked(lambda _: True, NOW - timedelta(days=7))
    assert ask(asked=[*last_week, *long_ago]) is None


@pytest.mark.parametrize("moment", ["before-meeting", "after-meeting"])
def test_round_a_meeting_comes_what_was_made_for_it(moment: Moment) -> None:
    """What stayed, afterwards; what to bring, before."""
    assert {chosen(moment=moment, seed=seed).when for seed in range(30)} == {moment}


def test_at_any_time_nobody_is_asked_what_stayed() -> None:
    """Without a meeting behind or ahead of them, such a question would make no sense."""
    assert {chosen(seed=seed).when for seed in range(50)} == {"any"}


def test_a_kind_that_is_not_for_them_waits_until_last() -> None:
    """Their word counts for more than the moment; when nothing else is left it may still come."""
    asked = [Asked("made-you-laugh", NOW - timedelta(days=7), landed=False)]
    for moment in get_args(Moment):
        kinds = {chosen(asked=asked, moment=moment, seed=seed).kind for seed in range(50)}
        assert "feel" not in kinds
    others = all_asked(lambda q: q.kind != "feel", NOW - timedelta(days=7))
    assert chosen(asked=[*asked, *others]).kind == "feel"


def test_a_kind_that_landed_comes_more_often_but_not_always() -> None:
    """Three lots to one: somebody who liked one kind still meets the others."""
    asked = [Asked("made-you-laugh", NOW - timedelta(days=7), landed=True)]
    after = [chosen(asked=asked, seed=seed).kind for seed in range(200)]
    silent = [replace(one, landed=None) for one in asked]
    before = [chosen(asked=silent, seed=seed).kind for seed in range(200)]
    assert before.count("feel") * 1.5 < after.count("feel") < 150


def test_a_kind_is_judged_by_all_that_was_said_of_it() -> None:
    """One miss does not undo two that landed."""
    told = [("made-you-laugh", False), ("hour-to-have-twice", True), ("quietly-angry", True)]
    asked = [Asked(name, NOW - timedelta(days=7), landed) for name, landed in told]
    assert "feel" in {chosen(asked=asked, seed=seed).kind for seed in range(50)}


# How deep


@pytest.mark.parametrize(
    ("days", "heat"), [(0, 1), (6.99, 1), (7, 2), (27.99, 2), (28, 3), (200, 3)]
)
def test_heat_rises_with_the_weeks(days: float, heat: int) -> None:
    """One in the first week, two until four weeks are over, then three."""
    began = NOW - timedelta(days=days)
    assert heat_allowed(began_at=began, last_low_rating_at=None, now=NOW) == heat


@pytest.mark.parametrize(("hours", "heat"), [(-25, 3), (-24, 2), (0, 2), (24, 2), (25, 3)])
def test_no_deep_question_comes_near_a_low_rating(hours: int, heat: int) -> None:
    """A day on either side, where it is known."""
    low = NOW + timedelta(hours=hours)
    began = NOW - timedelta(days=100)
    assert heat_allowed(began_at=began, last_low_rating_at=low, now=NOW) == heat


def test_a_pair_that_has_not_begun_gets_light_questions() -> None:
    """No day counts before the second of the two said yes."""
    assert heat_allowed(began_at=None, last_low_rating_at=None, now=NOW) == 1


# Which phase


def phase(**given: Any) -> str:
    """The phase of a settled mentee a third of the way through, unless told otherwise."""
    usual = {"met": 2, "share": 0.3, "agreed": True, "goals_set": True, "stalled": False}
    return phase_of(**{**usual, "kind": "mentoring", "role": "mentee", "turn": 0, **given})


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"met": 0}, "before-first-meeting"),
        ({"met": 0, "stalled": True, "share": 0.95}, "before-first-meeting"),
        ({"share": 1.0}, "impact"),
        ({"share": 1.4, "stalled": True}, "impact"),
        ({"share": 0.9}, "ending"),
        ({"share": 0.95, "stalled": True}, "ending"),
        ({"stalled": True}, "obstacles"),
        ({"stalled": True, "share": 0.5}, "obstacles"),
        ({"share": 0.45}, "half-time"),
        ({"share": 0.6}, "half-time"),
        ({"share": 0.61}, "between"),
        ({"role": "mentor", "turn": 2}, "mentors-practice"),
        ({"role": "mentor", "turn": 3}, "deepening"),
        ({"role": "co-mentor", "kind": "co-mentoring", "turn": 5}, "turning-the-table"),
        ({"role": "mentor", "kind": "co-mentoring", "turn": 5}, "turning-the-table"),
        ({"turn": 2}, "between"),
        ({"turn": 1}, "deepening"),
        ({"met": 1}, "trust"),
        ({"met": 1, "turn": 1}, "focus"),
        ({"agreed": False}, "trust"),
        ({"agreed": False, "turn": 1}, "deepening"),
        ({"goals_set": False, "turn": 1}, "focus"),
    ],
)
def test_where_a_pair_stands_decides_the_phase(where: dict[str, Any], expected: str) -> None:
    """The table of `phase_of`, line by line, with its borders."""
    assert phase(**where) == expected


@given(
    st.fixed_dictionaries(
        {
            "met": st.integers(0, 9),
            "share": st.floats(0, 1.5),
            "agreed": st.booleans(),
            "goals_set": st.booleans(),
            "stalled": st.booleans(),
            "kind": st.sampled_from(["mentoring", "co-mentoring"]),
            "role": st.sampled_from(get_args(Role)),
            "turn": st.integers(0, 60),
        }
    ),
    st.integers(1, 3),
)
def test_wherever_they_stand_there_is_something_to_ask(where: dict[str, Any], heat: int) -> None:
    """Every phase that can come has a question for whoever it came to."""
    assert ask(role=where["role"], phase=phase_of(**where), heat_allowed=heat) is not None
