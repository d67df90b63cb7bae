"""Every line can be said to everybody, and what people write stays literal whatever it is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from typing import get_args

import jinja2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.lines import EVERY
from bot.markup import Run, plain
from bot.read_words import BadWords, load_languages
from bot.saying import Reader
from bot.words import NoSuchLine, Words
from conversations.agree import NOTHING, Terms
from conversations.announce import InApp, Progress
from conversations.ask_which import Open
from conversations.asking import Sent, Sight, Watched
from conversations.commands import FOR_ROLES, Asked, read_command
from conversations.confidence import seen_by
from conversations.goals import Goal
from conversations.meetings import Meeting
from conversations.settings import Language, Own
from conversations.show_reflections import Reflection
from conversations.stall_rules import ROWS
from conversations.stalling import Reason
from conversations.stalling import Words as NestedWords
from conversations.talk import Role, Who
from conversations.welcome import Setting
from tests.conversations.spoken import TO_A_SUPERVISOR, TO_THE_PAIR

SPOKEN = load_languages().spoken
WORDS = SPOKEN["en"]
ROLES: tuple[Role, ...] = get_args(Role)
BEN = Who(2, "Ben", "mentor")
THEN = datetime(2026, 3, 30, 14, 0, tzinfo=UTC)
MEETING, WAS = Meeting(4, THEN, 60), Meeting(4, THEN.replace(day=12), 60)
REASON = Reason("never_met", THEN.date(), 28, "Ana Ruiz & Ben Walsh", "tried_both", help_asked=True)
ANYTHING = "my own words"
APPS = (InApp("telegram", 6, ("a", "b", "c")), InApp("slack", 1, ("a",)))


def reader(role: Role = "mentee", zone: str = "Europe/Madrid", language: str = "en") -> Reader:
    """Give Ana as the words know her; everybody else is in Dublin."""
    return Reader(1, "Ana", role, zone, language, lambda _: "Europe/Dublin")


@dataclass(frozen=True)
class Known:
    """What a line is said with, and one of the things that its `[*]` may stand for."""

    values: Mapping[str, object]
    choice: object = None


def known(choice: object = None, **values: object) -> Known:
    """Give what a line is said with."""
    return Known(values, choice)


QUIET = known(since=THEN, days=10, pair=REASON.pair, tried="Nothing yet.", help_asked=False)
PROGRESS = Progress(delivered=3, waiting=2, failed=1, called_back=0)
SETTING = Setting("Thinking together", "Time to think.", ("Ben", "Eve"), "Europe/Madrid")
SIGHTS = tuple(Sight(each, each, seen_by(each)) for each in ("partner", "supervisor", "manager"))
RULES = tuple(row.__name__ for row in ROWS)
STANDINGS = ("well", "quiet", "amber", "red", "paused", "ended", "waiting")
PAIRS = tuple(Watched("Ana & Ben", standing, RULES) for standing in STANDINGS)
GOALS = tuple(
    Goal(number, ANYTHING, tap)
    for number, tap in enumerate(("", "stuck", "slow", "moving", "done", "changed"))
)

REFLECTION = Reflection(12, THEN, "What did you notice?", ANYTHING, "to_myself")
THOUGHT = Reflection(11, THEN, "What would be enough?", "", "for_our_meeting")


OPEN = (Open(3, 1, "Ben", "How was it?"), Open(4, 1, "Ben", "Shall Ben read it?"))


def named(lines: str) -> list[str]:
    """Give the names of lines, which white space parts."""
    return lines.split()


SAID: dict[str, Known] = {
    **dict.fromkeys(
        [f"{rule}_pair" for rule in TO_THE_PAIR]
        + [f"{rule}_supervisor" for rule in TO_A_SUPERVISOR],
        QUIET,
    ),
    **dict.fromkeys(
        named(
            """
            no_reflections_yet no_older_reflections reflection_deleted
            place between_us silence ending what_to_announce to_whom
            nothing_announced help short_menu no_answer_to_this
            put_down_nowhere old_button noted put_off words_kept not_kept
            edit_not_read forward_not_read
            stranger outsider invitation_spent not_in_a_pair no_pairs_of_yours never_sent
            none_of_these another_time type_a_time time_unknown time_ambiguous time_past
            time_too_far time_impossible talk_it_over too_late_to_book pause_for
            which_day keeping_quiet no_question_fits day_unknown day_ambiguous day_past
            day_too_far day_impossible pause_is_over
            back_again not_paused less_pause_or_stop less_often as_it_was really_stop
            stopped still_here first_goal second_goal another_goal goals_kept no_goals_yet
            new_words goal_done goal_let_go one_line checked_in nothing_to_check
            keep_where did_it_land thanks_for_saying hope_kept these_things_happen
            rating_kept shall_somebody_know somebody_will_know stays_with_you
            tried_nothing tried_a_word tried_times tried_both fine_then good_to_know
            told_now nothing_was_sent
            words_for_supervisor not_sent help_is_told ending_noted
            what_is_kept will_you_join no_is_fine which_city which_city_again quiet_hours
            quiet_kept language_kept standing_stopped standing_declined standing_invited toggles
            answer_skipped
            answer_not_needed answer_over write_in_a_window answered_in_our_chat home_before
            home_pairs nothing_to_put_by slack_about
            """
        ),
        known(),
    ),
    **dict.fromkeys(
        named(
            """
            rhythm no_meetings_ahead no_free_times none_suited
            calendar_title partner_stopped partner_is_back partner_is_here_again share_hope
            hope_shared find_a_new_time
            how_was_it
            carry_on_or_end put_by nobody_to_book_with no_agreement_yet nobody_to_agree_with
            """
        ),
        known(partner=BEN),
    ),
    **dict.fromkeys(
        named(
            """
            dropped dropped_alone dropped_by_partner move_not_settled what_would_you_like
            hour_before did_it_happen
            """
        ),
        known(partner=BEN, meeting=MEETING),
    ),
    **dict.fromkeys(
        named(
            """
            change_meeting could_not_move stays_as_it_is really_drop no_longer_stands
            accounts_differ
            """
        ),
        known(meeting=MEETING),
    ),
    "meet_your_partner": known(partner=BEN, about=ANYTHING),
    "these_terms": known(
        partner=BEN, terms=Terms("30", "video", "everything", "busy", "last_meeting"), anew=False
    ),
    "your_agreement": known(partner=BEN, terms=Terms("21", "video", "themes", "ask", "open")),
    "terms_in_words": known(rhythm="", place="", between_us="", silence="", ending=""),
    "talk_about_terms": known(anew=False),
    **dict.fromkeys(
        named("your_reflections older_reflections"), known(reflections=(REFLECTION, THOUGHT))
    ),
    "which_reflection": known(REFLECTION),
    "really_delete": known(reflection=REFLECTION),
    "terms_passed_on": known(
        partner=BEN, skipped=True, terms=Terms("14", "in_person", "themes", "ask", "look_back")
    ),
    "agreed": known(terms=Terms("42", "both", "ask_first", "worry", "open")),
    "which_people": known(BEN),
    "whose_names": known(count=240),
    "which_of_them": known(BEN),
    "more_names": known(chosen=(BEN,), unknown=(ANYTHING,), too_many=("a", "b")),
    "reaches_nobody": known(left_out=3),
    "announcement_preview": known(author=BEN, words=ANYTHING),
    "announcement": known(author=BEN, words=ANYTHING),
    "send_it": known(count=7, left_out=1, apps=APPS),
    "going_out": known(progress=PROGRESS),
    "all_gone_out": known(progress=PROGRESS),
    "cannot_reach": known(gone=BEN),
    "has_stopped": known(name="Ana Ruiz", partners=(BEN,)),
    "announcement_stopped": known(count=2, progress=PROGRESS),
    "your_meetings": known(MEETING, meetings=(WAS, MEETING), partner=BEN),
    "your_pairs": known(pairs=PAIRS),
    "what_they_see": known(sights=SIGHTS),
    "ever_sent": known(sent=tuple(Sent("Cleo Martin", THEN, rule) for rule in RULES)),
    "your_settings": known(own=Own("Europe/Madrid", "own", 3), language="Español"),
    "which_language": known(Language("es", "Español")),
    "which_times": known(THEN, partner=BEN, beyond=True, again=False),
    "which_of_these": known(THEN, partner=BEN),
    "these_suit": known(THEN, partner=BEN),
    "read_back": known(at=THEN),
    "will_ask": known(partner=BEN, until=date(2026, 6, 3), in_time=True, moved=MEETING),
    "booked": known(partner=BEN, meetings=(WAS, MEETING)),
    "move_to": known(THEN, meeting=MEETING, beyond=True),
    "move_suits": known(THEN, partner=BEN, meeting=MEETING),
    "moved": known(partner=BEN, was=WAS, meeting=MEETING),
    "pause_until": known(day=date(2026, 6, 3)),
    "paused": known(day=date(2026, 6, 3), partners=(BEN,)),
    "partner_paused": known(day=date(2026, 6, 3), partner=BEN),
    "your_goals": known(goals=GOALS),
    "which_goal": known(GOALS[0]),
    "change_goal": known(goal=GOALS[0]),
    "goal_reworded": known(words=ANYTHING),
    "how_is_it_going": known(goal=GOALS[0], place=1, of=2),
    "reflection": known(question="What would be enough?"),
    "partner_hopes": known(partner=BEN, meeting=MEETING, words=ANYTHING),
    "day_before": known(partner=BEN, meeting=MEETING, kept=(ANYTHING, ANYTHING)),
    "words_to_be_sent": known(
        words=NestedWords("never_met_supervisor", REASON), rule="never_met", translated_to=""
    ),
    "help_asked_words": known(person=BEN, words=ANYTHING),
    "help_still_waits": known(person=BEN, words=ANYTHING),
    "help_after_will": known(person=BEN),
    "help_after_have": known(person=BEN),
    **dict.fromkeys(
        named("help_answer_will help_answer_have help_answer_resolved"), known(supervisor=BEN)
    ),
    **dict.fromkeys(
        named("ping_will ping_have ping_not_a_problem ping_resolved"), known(pair=REASON.pair)
    ),
    "which_question": known(OPEN[0], among=OPEN),
    "taken_as_answer": known(question=ANYTHING),
    "help_is_here": known(numbers=("Samaritans: 116 123",)),
    "no_supervisor": known(numbers=("Samaritans: 116 123",)),
    "send_these_words": known(words=ANYTHING),
    "why": known(setting=SETTING),
    "welcomed": known(setting=SETTING, awaited=("Ben", "Eve")),
    "welcomed_back": known(partners=(BEN,)),
    "is_back": known(name="Ana Ruiz"),
    "programme_is_over": known(setting=SETTING),
    "zone": known(zone="America/New_York"),
    "zone_kept": known(zone="America/New_York"),
    "which_zone": known("America/Argentina/Buenos_Aires"),
    "about_you": known(partners=("Ben",)),
    "may_they_read": known(lines=ANYTHING),
    "they_may_read": known(partners=("Ben", "Eve")),
    "local_time": known(now=THEN),
    "cohort_time": known(now=THEN),
    "bubble_time": known(at=THEN),
    "next_thing": known(at=THEN, names=("Ana", "Ben")),
    "standing_paused": known(until=THEN),
    "answered_by_choice": known(labels=("Stuck", ANYTHING)),
    "answered_in_words": known(words=ANYTHING),
    "slack_installed": known(workspace="Riverside", programme="Thinking together"),
    "slack_install_denied": known(workspace="", programme="Thinking together"),
    "slack_install_failed": known(workspace="", programme="Thinking together"),
    "slack_install_one_workspace": known(workspace="", programme="Thinking together"),
    "slack_install_stale": known(workspace="", programme="Thinking together"),
    "invitation_page": known(programme="Thinking together"),
    "invitation_guide": known(count=7),
    "invitation": known(programme="Thinking together", until=THEN, place="Slack"),
    "invitation_steps_with_code": known(code="k7qf-m2xp-9dht-w4nc", several=True),
    "invitation_steps": known(programme="Thinking together", until=THEN),
    "invitation_once": known(programme="Thinking together", until=THEN),
    "home_pair": known(partner=BEN, partner_until=THEN, meetings=(MEETING, MEETING)),
    "home_manager": known(programme="Thinking together"),
    "home_break": known(until=THEN),
    "home_waiting": known(count=3),
    "home_goals": known(goals=(ANYTHING, "to rest")),
}
"""What each line is said with; its options are those that its labels name."""

LEFT_OVER = re.compile(
    r"[\ue000\ue001{}]|\*\*|(?<!\w)_|\n{3}| \n|  |\d{4}-\d\d-\d\d"
    r"|\bNone\b(?! of|,| suits)|Meeting\(|datetime|Who\("
)
"""What must not be left in a line: marks, placeholders, markup, a Python value, a hole."""


in_every_language = pytest.mark.parametrize("words", SPOKEN.values(), ids=SPOKEN)


@in_every_language
@pytest.mark.parametrize("line", sorted(WORDS.lines))
def test_every_line_can_be_said_to_everybody(words: Words, line: str) -> None:
    """Nobody reads a placeholder, and no button is without its words."""
    assert line in SAID, f"add to SAID what ## {line} is said with"
    said = SAID[line]
    options = [said.choice if key == EVERY else key for key in words.lines[line].labels]
    for role in ROLES:
        rendered = words.render(line, said.values, reader(role, language=words.language), options)
        for text in (plain(rendered.runs), *rendered.labels):
            assert text.strip()
            assert not LEFT_OVER.search(text), text
        assert len(set(rendered.labels)) == len(rendered.labels)


AUDIT = {
    "en": (
        "the rule:",
        "noted as",
        "noted against",
        "on record",
        "is known to have",
        "violat",
        "fail",
    ),
    "es": ("la regla:", "consta", "constancia", "registrad", "incumpl", "infrin", "fall"),
}
"""What would make somebody who looks after people sound like an auditor."""
COUNTS = {"going_out", "all_gone_out"}
"""Where a manager counts what went out, and what did not."""


@in_every_language
@pytest.mark.parametrize("line", sorted(WORDS.lines.keys() - COUNTS))
def test_no_line_sounds_like_an_audit(words: Words, line: str) -> None:
    """It is about people who may read it too."""
    said = " ".join(words.lines[line].sources.values()).casefold()
    assert not [word for word in AUDIT[words.language] if word in said]


@in_every_language
def test_the_table_names_no_line_that_is_gone(words: Words) -> None:
    """An entry that stands for nothing would hide that its line was renamed."""
    assert sorted(SAID) == sorted(words.lines)


@in_every_language
@pytest.mark.parametrize(
    ("line", "changed"),
    [
        ("meet_your_partner", {"about": ""}),
        ("send_it", {"count": 1, "left_out": 0, "apps": APPS[1:]}),
        ("these_terms", {"anew": True}),
        ("these_terms", {"terms": NOTHING}),
        ("talk_about_terms", {"anew": True}),
        ("more_names", {"chosen": (), "unknown": (), "too_many": ()}),
        ("all_gone_out", {"progress": Progress(6, 0, 1, 0)}),
        ("your_meetings", {"meetings": (MEETING,)}),
        ("your_pairs", {"pairs": (Watched("Ana & Ben", "well", ()),)}),
        ("your_settings", {"own": Own("Europe/Madrid", "none", 1)}),
        ("your_settings", {"own": Own("Europe/Madrid", "late", 2), "language": ""}),
        ("which_times", {"beyond": False}),
        ("which_times", {"beyond": True, "again": True}),
        ("which_times", {"beyond": False, "again": True}),
        ("move_to", {"beyond": False}),
        ("booked", {"meetings": (MEETING,)}),
        ("paused", {"partners": ()}),
        ("will_ask", {"until": None}),
        ("will_ask", {"moved": None}),
        ("will_ask", {"in_time": False}),
        ("will_ask", {"in_time": False, "moved": None}),
        ("your_goals", {"goals": GOALS[:1]}),
        ("really_delete", {"reflection": THOUGHT}),
        ("how_is_it_going", {"place": 2, "of": 2}),
        ("how_is_it_going", {"place": 1, "of": 1}),
        ("day_before", {"kept": ()}),
        ("help_is_here", {"numbers": ()}),
        ("no_supervisor", {"numbers": ()}),
        ("why", {"setting": replace(SETTING, why="", partners=("Ben",))}),
        ("welcomed", {"awaited": ("Ben",)}),
        ("welcomed", {"awaited": ()}),
        ("welcomed", {"awaited": (), "setting": replace(SETTING, partners=("Ben",))}),
        ("welcomed", {"awaited": (), "setting": replace(SETTING, partners=())}),
        ("welcomed_back", {"partners": ()}),
        ("next_thing", {"names": ()}),
        ("never_met_supervisor", {"help_asked": True}),
        ("words_to_be_sent", {"rule": "not_held"}),
        ("words_to_be_sent", {"translated_to": "Spanish"}),
        ("invitation_guide", {"count": 1}),
        ("home_pair", {"partner_until": None, "meetings": ()}),
        ("home_waiting", {"count": 1}),
        ("home_goals", {"goals": ()}),
    ],
)
def test_a_line_reads_well_either_way(
    words: Words, line: str, changed: Mapping[str, object]
) -> None:
    """Where a value may be missing, single or many, nothing is left hanging."""
    values = {**SAID[line].values, **changed}
    options = [SAID[line].choice if key == EVERY else key for key in words.lines[line].labels]
    text = plain(words.render(line, values, reader(language=words.language), options).runs)
    assert text.strip()
    assert not LEFT_OVER.search(text), text


A_PARTNER = {"en": r"\bpartner|\bmeetings?\b", "es": r"\btu (?:tándem|compañer)|\bencuentros?\b"}


@in_every_language
@pytest.mark.parametrize("line", ["really_stop", "stopped", "still_here", "pause_for", "help"])
@pytest.mark.parametrize("role", ["supervisor", "manager"])
def test_whoever_has_no_partner_is_not_told_of_one(words: Words, line: str, role: Role) -> None:
    """A supervisor and a manager can stop and pause as anybody can."""
    text = plain(words.render(line, {}, reader(role, language=words.language)).runs)
    assert not re.search(A_PARTNER[words.language], text), text


# People's words

LITERAL = (
    ("announcement", "words"),
    ("announcement_preview", "words"),
    ("send_these_words", "words"),
    ("help_asked_words", "words"),
    ("partner_hopes", "words"),
    ("goal_reworded", "words"),
    ("may_they_read", "lines"),
    ("meet_your_partner", "about"),
    ("reflection", "question"),
)
"""Where somebody's own words are repeated."""
STAND_IN = "quarkxyz"
NASTY = (
    "<!channel>",
    "<@U1>",
    "<b>bold</b>",
    "*",
    "**strong**",
    "_emphasis_",
    "[a](http://x)",
    "http://x",
    "{{ 1 }}",
    "{% if %}",
    "\ue0000\ue001",
    "\u202egnp.exe",
    "\u2066x\u2069",
    "\\*",
    "`x`",
    "## why",
    "[yes] Yes",
    "&lt;",
    "\r\n",
    "\x00",
    "a\n\n\nb",
)
TEXTS = st.one_of(
    st.sampled_from(NASTY), st.text(min_size=1), st.lists(st.sampled_from(NASTY)).map("".join)
)


def harmless(text: str) -> str:
    """Give the text without what could be taken for a mark of ours, or turns the line round."""
    return re.sub("[\ue000\ue001\u202a-\u202e\u2066-\u2069]", "", text)


@settings(deadline=None)
@given(place=st.sampled_from(LITERAL), text=TEXTS)
def test_what_people_write_stays_literal(place: tuple[str, str], text: str) -> None:
    """It stands where any word would stand, in the style that any word would have."""
    line, name = place
    expected = _with(line, name, STAND_IN)
    found = _with(line, name, text)
    if harmless(text):
        assert found == [
            replace(run, text=run.text.replace(STAND_IN, harmless(text))) for run in expected
        ]


def _with(line: str, name: str, text: str) -> list[Run]:
    return list(WORDS.render(line, {**SAID[line].values, name: text}, reader()).runs)


@settings(deadline=None)
@given(text=TEXTS)
def test_names_goals_and_kept_words_stay_literal(text: str) -> None:
    """In a list, in strong type, beside a time and on a button too."""
    somebody = Who(2, text, "mentor")
    kept = plain(
        WORDS.render(
            "day_before", {"partner": BEN, "meeting": MEETING, "kept": (text,)}, reader()
        ).runs
    )
    assert kept.endswith(f"• {harmless(text)}") or not harmless(text)
    author = WORDS.render("announcement", {"author": somebody, "words": "Hello"}, reader()).runs
    if harmless(text):
        assert author[0] == Run(harmless(text), "strong")
    goals = plain(WORDS.render("your_goals", {"goals": (Goal(1, text, "stuck"),)}, reader()).runs)
    assert f"1. {harmless(text)} – stuck" in goals
    (label,) = WORDS.render("which_people", {}, reader(), [somebody]).labels
    assert label == harmless(text)


def test_the_programmes_own_markup_is_obeyed() -> None:
    """Strong and emphasised words are the coach's to use."""
    runs = WORDS.render("not_held_pair", SAID["not_held_pair"].values, reader()).runs
    assert Run("30 March", "strong") in runs
    assert Run("who knows", "emphasis") in WORDS.render("told_now", {}, reader()).runs


# Times and places


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Europe/Dublin", "Mon 30 March, 15:00"),
        ("Europe/Madrid", "Mon 30 March, 16:00 (15:00 Ben)"),
        ("Asia/Tokyo", "Mon 30 March, 23:00 (15:00 Ben)"),
        ("Pacific/Auckland", "Tue 31 March, 03:00 (Mon 15:00 Ben)"),
        # Lisbon shows what Dublin shows, whatever it is called.
        ("Europe/Lisbon", "Mon 30 March, 15:00"),
    ],
)
def test_a_time_is_said_where_the_reader_is(zone: str, said: str) -> None:
    """With the partner's own hour where it differs, and their day where that differs too."""
    (label,) = WORDS.render(
        "which_times", SAID["which_times"].values, reader(zone=zone), [THEN]
    ).labels
    assert label == said


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2025-07-10", "30 March"),
        ("2025-06-10", "30 March 2026"),
        ("2026-12-20", "30 March"),
        ("2027-01-10", "30 March 2026"),
    ],
)
def test_a_day_that_is_far_off_is_said_with_its_year(now: str, said: str) -> None:
    """A day and a month alone could be the year before or after."""
    told = replace(reader(), now=datetime.fromisoformat(f"{now}T12:00+00:00"))
    for line, values, text in (
        ("read_back", {"at": THEN}, f"Do you mean Mon {said}, 16:00?"),
        ("pause_until", {"day": THEN}, f"Pause until {said}?"),
        ("pause_until", {"day": THEN.date()}, f"Pause until {said}?"),
    ):
        assert plain(WORDS.render(line, values, told).runs) == text


def test_names_are_said_in_a_row() -> None:
    """One, two and three of them."""
    rows = [
        plain(WORDS.render("they_may_read", {"partners": names}, reader()).runs)
        for names in (("Ben",), ("Ben", "Eve"), ("Ana", "Ben", "Eve"))
    ]
    assert [row.removeprefix("Good. ").split(" will")[0] for row in rows] == [
        "Ben",
        "Ben and Eve",
        "Ana, Ben and Eve",
    ]


# Ways to ask


@in_every_language
def test_every_way_to_ask_leads_to_what_it_asks_for(words: Words) -> None:
    """No two conversations answer to the same words, and each can be asked for by some role."""
    for name, ways in words.forms.items():
        for way in ways if name in FOR_ROLES else ():
            for role in FOR_ROLES[name]:
                asked = read_command(way.replace("…", "3 June"), words.forms, role)
                assert asked == Asked(name, "3 june" if "…" in way else ""), way
    assert set(FOR_ROLES) <= set(words.forms)


@in_every_language
def test_a_menu_offers_in_each_language_what_it_offers_in_english(words: Words) -> None:
    """To each role; its order is the language's own affair."""
    for role in ROLES:
        offered, ours = (
            {read_command(f"/{name}", each.forms, role) for name in each.menu}
            for each in (words, WORDS)
        )
        assert offered == ours


# Files that cannot be used


def faults_of(folder: Path, files: Mapping[str, str | bytes]) -> list[str]:
    """Write a programme's own folder and give all that is wrong with it."""
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (folder / name).write_bytes(data)
    with pytest.raises(BadWords) as bad:
        load_languages("en", folder)
    assert str(bad.value) == "\n".join(bad.value.faults)
    return list(bad.value.faults)


def test_all_faults_are_told_at_once_each_with_its_file_and_line(tmp_path: Path) -> None:
    """A coach mends them in one go."""
    faults = faults_of(
        tmp_path,
        {
            "breaks.md": "# Mine\n\n## paused\n\nYes {{ day|day }\n\n"
            "## stopped\nDone.\n\n## stopped\nTwice.\n",
            "stalling.md": "## told_now\nTold.\n{% if x %}\n\n[a] fine\n[b] {{ oh\n",
            "commands.toml": 'pause = ["pause"]\nstop = [stop]\n',
            "questions.toml": "[[question]]\n",
        },
    )
    assert [fault.split(": ")[0] for fault in faults if ".md" in fault] == [
        "breaks.md:5",
        "breaks.md:10",
        "stalling.md:3",
        "stalling.md:6",
    ]
    assert any("stands a second time (first at breaks.md:7)" in fault for fault in faults)
    assert any(fault.startswith("commands.toml: ") and "line 2" in fault for fault in faults)
    assert any(fault.startswith("questions.toml: ") for fault in faults)


def test_a_broken_button_is_told_by_its_own_line(tmp_path: Path) -> None:
    """Not by the line's heading."""
    (fault,) = faults_of(
        tmp_path, {"breaks.md": "## really_stop\nSure?\n\n[stop] Stop\n[stay] {{ oh\n[pause] P\n"}
    )
    assert fault.startswith("breaks.md:5: ## really_stop")


def test_a_button_without_its_label_is_told_with_ours(tmp_path: Path) -> None:
    """Not to whoever would have had to press it. One label for all of them is enough."""
    faults = faults_of(
        tmp_path,
        {
            "breaks.md": "## really_stop\nSure?\n\n[stop] Stop\n",
            "goals.md": "## which_goal\nWhich?\n\n[add] One more\n[nothing] None\n",
            "agree.md": "## rhythm\nHow often?\n\n[*] {{ choice }}\n",
        },
    )
    assert faults == [
        "breaks.md:1: ## really_stop has no button [pause]; add it, such as: [pause] Pause instead",
        "breaks.md:1: ## really_stop has no button [stay]; add it, such as: [stay] Stay",
        (
            "goals.md:1: ## which_goal has no button [*]; add it, such as: "
            '[*] {{ choice.words|truncate(40, true, "…", 0) }}'
        ),
    ]


def test_a_placeholder_that_nothing_fills_is_told_with_those_that_can_be_used(
    tmp_path: Path,
) -> None:
    """By its own line, in a text and in a button; what the text sets itself is its own."""
    faults = faults_of(
        tmp_path,
        {
            "mine.md": "## partner_paused\n{{ partner.nmae }} is away\nuntil {{ date|day }}.\n\n"
            "## stopped\nBye, {{ name }}.\n\n"
            "## read_back\n{{ at|when }}?\n\n[yes] Yes, {{ reader.firstname }}\n[no] No\n",
            "yours.md": "## booked\n{% for each in meetings %}\n"
            "{% set n = loop.index %}{{ n }}. {{ each|when }} in {{ reader.zone|place }}\n"
            "{% endfor %}\n",
        },
    )
    assert faults == [
        (
            "mine.md:2: ## partner_paused has {{ partner.nmae }}, which nothing fills; "
            "it can use day, partner.name, reader.name"
        ),
        (
            "mine.md:3: ## partner_paused has {{ date }}, which nothing fills; "
            "it can use day, partner.name, reader.name"
        ),
        "mine.md:6: ## stopped has {{ name }}, which nothing fills; it can use reader.name",
        (
            "mine.md:11: ## read_back has {{ reader.firstname }}, which nothing fills; "
            "it can use at, reader.name"
        ),
    ]


def test_our_own_words_as_a_programmes_are_without_fault(tmp_path: Path) -> None:
    """Whoever begins with a copy of ours has nothing to mend."""
    for file in (files("prompts") / "en").iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    assert load_languages("en", tmp_path).usual.lines.keys() == WORDS.lines.keys()


def test_a_heading_that_names_no_line_is_told(tmp_path: Path) -> None:
    """Otherwise people would read it at the end of the line before."""
    (fault,) = faults_of(tmp_path, {"breaks.md": "## stopped\nDone.\n\n## Still here\nGood.\n"})
    assert fault.startswith("breaks.md:4: ")


def test_a_file_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    """A coach's editor may save as it likes."""
    faults = faults_of(
        tmp_path,
        {
            "breaks.md": "## stopped\nC'est terminé.\n".encode("latin-1"),
            "commands.toml": 'stop = ["arrêter"]\n'.encode("latin-1"),
        },
    )
    assert [fault.split(": ")[0] for fault in faults] == ["breaks.md", "commands.toml"]
    assert all("UTF-8" in fault for fault in faults)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """With the key that names it."""
    with pytest.raises(BadWords, match=r"programme\.prompts"):
        load_languages("en", tmp_path / "nowhere")


def test_a_programmes_own_folder_overrides_single_lines(tmp_path: Path) -> None:
    """And single ways to ask; all else stays as shipped. Some editors begin with a mark."""
    (tmp_path / "mine.md").write_bytes("\ufeff## stopped\r\nBye, {{ reader.name }}.\r\n".encode())
    (tmp_path / "commands.toml").write_text('stop = ["enough"]\n')
    words = load_languages("en", tmp_path).usual
    assert plain(words.render("stopped", {}, reader()).runs) == "Bye, Ana."
    assert words.lines["paused"].place == WORDS.lines["paused"].place
    assert read_command("enough", words.forms, "mentee") == Asked("stop")
    assert read_command("stop", words.forms, "mentee") is None
    assert read_command("book", words.forms, "mentee") == Asked("book_more")
    assert words.bank.questions == WORDS.bank.questions


def test_an_empty_folder_changes_nothing(tmp_path: Path) -> None:
    """It is where a programme begins."""
    assert load_languages("en", tmp_path).usual.lines.keys() == WORDS.lines.keys()


# What a turn cannot say


@pytest.mark.parametrize(
    ("line", "values", "options", "error"),
    [
        ("no_such_line", {}, (), NoSuchLine),
        ("really_stop", {}, ("stop", "perhaps"), NoSuchLine),
        ("partner_stopped", {}, (), jinja2.UndefinedError),
    ],
)
def test_what_cannot_be_said_is_a_fault_and_never_a_guess(
    line: str, values: Mapping[str, object], options: Sequence[object], error: type[Exception]
) -> None:
    """A turn that hits it is kept, and can be run again once the words are mended."""
    with pytest.raises(error):
        WORDS.render(line, values, reader(), options)


def test_a_scale_needs_no_labels() -> None:
    """Its numbers are its words."""
    assert WORDS.render("how_was_it", {"partner": BEN}, reader(), (1, 2, 3)).labels == (
        "1",
        "2",
        "3",
    )


def words_of_another_language() -> Words:
    """Give the words under another name."""
    return replace(WORDS, language="xx")


def test_a_missing_line_names_its_language() -> None:
    """Whoever translates knows where to look."""
    with pytest.raises(NoSuchLine, match="'xx' has a line ## nothing_like_it"):
        words_of_another_language().render("nothing_like_it", {}, reader())
