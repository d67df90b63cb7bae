"""What the practice brings a pair, and when: the rules at work over days and months."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.deeds import perform
from bot.platforms import Refused
from bot.store import tables
from bot.stories import hours_of
from bot.telling import About, begin
from conversations.meetings import DropMeeting
from conversations.quiet import is_quiet
from conversations.rhythm import FORGOTTEN, PASSING
from tests.conversations.spoken import TO_THE_PAIR
from tests.crashes import all_there_is
from tests.world import MONDAY, Received, World

NUDGES = ("nudge", "announcement")
WEEK = timedelta(days=7)


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """Give an instant of 2026 in UTC."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def moments(world: World, name: str, line: str, *natures: str) -> list[datetime]:
    """Give when a line reached somebody, as one of those natures or as any."""
    lines = {row.id: row.line for row in world.messages(name)}
    received = pushed(world, name, *natures) if natures else world.phone.received
    mine = (each for each in received if each.name == name)
    return [each.at for each in mine if any(lines[part.message] == line for part in each.parts)]


def pushed(world: World, name: str, *natures: str) -> list[Received]:
    """Give what of those natures reached somebody."""
    return [each for each in world.phone.received if each.name == name and each.nature in natures]


# Dates


def test_dates_are_asked_for_only_while_fewer_than_two_lie_ahead(world: World) -> None:
    """Three are booked: nobody is asked before the second of them is over."""
    world.booked()
    first, second, third = (meeting.starts_at for meeting in world.rows(tables.Meeting))
    world.go_to(second + timedelta(hours=1))
    asked = moments(world, "Ana", "which_times")
    assert asked == [MONDAY + timedelta(hours=3)], "when they agreed, and not since"
    world.press("Ana", "We met")
    world.let_pass(days=2)
    assert len(moments(world, "Ana", "which_times")) == 2
    assert first < second < moments(world, "Ana", "which_times")[1] < third


def test_the_mentee_is_asked_for_dates_and_the_mentor_only_settles_them(world: World) -> None:
    """The mentee leads."""
    world.join("Ana", "Ben")
    world.agree()
    world.let_pass(days=4)
    assert moments(world, "Ana", "which_times")
    assert moments(world, "Ben", "which_times") == []


def test_dates_are_asked_for_twice_in_different_words(world: World) -> None:
    """Ana answers neither: the second asking is shorter, offers less, and is the last."""
    world.booked()
    third = world.rows(tables.Meeting)[2].starts_at
    while world.now < third + timedelta(days=30):
        world.let_pass(days=3)
        world.type("Ana", "help")
    asked = world.messages("Ana", tables.Message.line == "which_times")[1:]
    firsts, seconds = asked[::2], asked[1::2]
    assert len(firsts) == len(seconds) > 0
    for first, second in zip(firsts, seconds, strict=True):
        assert str(first.runs).startswith("[['Time to put")
        assert str(second.runs).startswith("[['Here are fresh times")
        assert "less often" in str(second.runs)


def test_after_an_agreement_without_dates_they_are_asked_for_once_more(world: World) -> None:
    """It was a part of the agreement to ask for them; there is no third time."""
    world.join("Ana", "Ben")
    world.agree()
    world.let_pass(days=21)
    first, second = world.messages("Ana", tables.Message.line == "which_times")
    assert first.runs != second.runs


def test_while_ben_has_not_answered_ana_is_not_asked_again(world: World) -> None:
    """Times that wait for a word are not asked for once more."""
    world.join("Ana", "Ben")
    world.agree()
    world.type("Ana", "1, 2")
    asked = len(moments(world, "Ana", "which_times"))
    world.let_pass(days=4)
    assert len(moments(world, "Ana", "which_times")) == asked


def test_once_dates_are_booked_whatever_else_asks_for_them_is_withdrawn(world: World) -> None:
    """Ana is being asked by the bot; she writes `book` herself, and the older question closes."""
    world.join("Ana", "Ben")
    world.let_pass(days=4)
    assert world.got("Ana")[-1] == "which_times"
    world.type("Ana", "book")
    world.book(picks="1, 4, 7")
    assert len(world.rows(tables.Meeting)) == 3
    closed = [
        row.how for row in world.rows(tables.Question, tables.Question.manner == "choosesome")
    ]
    assert sorted(map(str, closed)) == ["answered", "answered", "overtaken"]


def test_dates_that_are_booked_meanwhile_do_not_take_a_call_for_help_away(world: World) -> None:
    """Ana is writing to Cleo when the dates are settled: her words go where she meant them."""
    world.join("Ana", "Ben", "Cleo")
    world.go_to(MONDAY + timedelta(days=7, hours=3))
    world.press("Ana", "I'd like a person's help")
    assert world.got("Ana")[-1] == "words_for_supervisor"
    world.type("Ben", "book")
    world.type("Ben", "1")
    offered = next(part for part in world.parts("Ana") if part.manner == "choosesome")
    world.press_data("Ana", offered.choices[0].data)
    world.done("Ana")
    assert len(world.rows(tables.Meeting)) == 1
    world.type("Ana", "Please call me.")
    world.press("Ana", "Send it now")
    assert world.read("Cleo").endswith("Please call me.")


# Round a meeting


def test_reminders_keep_the_wall_time_over_a_clock_change(world: World) -> None:
    """Meetings at four in Madrid before and after 29 March; before the second lies a Sunday."""
    world.booked()
    assert [meeting.starts_at for meeting in world.rows(tables.Meeting)][:2] == [
        at(3, 6, 15),
        at(4, 6, 14),
    ]
    world.go_to(at(4, 6, 15))
    assert moments(world, "Ana", "hour_before") == [at(3, 6, 14), at(4, 6, 13)]
    assert moments(world, "Ben", "hour_before") == [at(3, 6, 14), at(4, 6, 13)]
    # On a Sunday nothing is pushed: it comes on Friday, at the hour of the meeting.
    assert moments(world, "Ana", "day_before") == [at(3, 5, 15), at(4, 3, 14)]
    assert moments(world, "Ben", "day_before") == [at(3, 5, 15), at(4, 3, 14)]
    ana, ben = (
        [each.text for each in pushed(world, name, "reminder") if each.at == at(4, 6, 13)]
        for name in ("Ana", "Ben")
    )
    assert "At 16:00" in ana[0]
    assert "At 15:00" in ben[0]


def test_both_are_asked_whether_it_took_place(world: World) -> None:
    """An hour after it, each for themselves; whoever said so already is not asked again."""
    world.booked()
    world.go_to(at(3, 6, 17))
    assert (
        moments(world, "Ana", "did_it_happen")
        == moments(world, "Ben", "did_it_happen")
        == [at(3, 6, 17)]
    )
    world.press("Ana", "We met")
    assert world.got("Ana")[-1] == "how_was_it"
    world.press("Ben", "It didn't happen")
    assert world.got("Ben")[-1] == "accounts_differ"
    assert world.got("Ana")[-1] == "how_was_it", "nobody is accused of anything"
    world.press("Ben", "Leave it at that")
    world.let_pass(days=7)
    assert (
        len(moments(world, "Ana", "did_it_happen"))
        == len(moments(world, "Ben", "did_it_happen"))
        == 1
    )


def test_a_meeting_that_was_called_off_is_not_spoken_of_again(world: World) -> None:
    """No reminder, and nobody asks how it went; the other two stay."""
    world.booked()
    world.go_to(at(3, 4, 10))
    world.type("Ana", "my meetings")
    world.press("Ana", "Fri 6 March…")
    world.press("Ana", "Call it off")
    world.press("Ana", "Call it off")
    assert world.got("Ben")[-1] == "dropped_by_partner"
    world.let_pass(days=7)
    for name in ("Ana", "Ben"):
        assert not {"day_before", "hour_before", "did_it_happen"} & set(world.got(name))
    standing = world.rows(tables.Meeting, tables.Meeting.dropped_at.is_(None))
    assert len(standing) == 2


def test_a_meeting_that_moved_is_reminded_of_at_its_new_time_only(world: World) -> None:
    """Its reminders of before are withdrawn, its questions asked after the new time."""
    world.booked()
    world.go_to(at(3, 4, 10))
    world.type("Ana", "my meetings")
    world.press("Ana", "Fri 6 March…")
    world.press("Ana", "Move it")
    world.type("Ana", str(len(world.parts("Ana")[0].choices)))
    world.type("Ben", "1")
    (moved,) = world.rows(tables.Meeting, tables.Meeting.sequence == 1)
    assert moved.starts_at > at(3, 6, 23)
    world.go_to(moved.starts_at + timedelta(days=1))
    hour_before = moved.starts_at - timedelta(hours=1)
    assert (
        moments(world, "Ana", "hour_before")
        == moments(world, "Ben", "hour_before")
        == [hour_before]
    )
    assert len(moments(world, "Ana", "did_it_happen")) == 1
    assert moments(world, "Ana", "did_it_happen")[0] > moved.starts_at


def test_a_reminder_that_waits_for_the_line_to_come_back_is_withdrawn_with_its_meeting(
    world: World,
) -> None:
    """Ben calls off in an outage of Ana's platform: after it she must not read that they meet."""
    world.booked()
    world.go_to(at(3, 5, 14))
    world.phone.down = True
    world.go_to(at(3, 5, 16))
    world.type("Ben", "my meetings")
    with world.turn("Ben") as turn:
        perform(DropMeeting(1), turn)
    world.phone.down = False
    world.let_pass(days=1)
    assert "day_before" not in world.got("Ana")


# Tact


def react(world: World, name: str, random: Random) -> None:
    """Let somebody do one thing that a person might do."""
    parts = [part for part in world.parts(name)[:4] if part.choices]
    what = random.choice(["press", "press", "press", "type", "nothing", "command"])
    if what == "press" and parts:
        world.press_data(name, random.choice(random.choice(parts).choices).data)
        if parts[0].manner == "choosesome":
            world.done(name)
    elif what == "type":
        world.type(
            name, random.choice(["1", "2", "skip", "to listen more", "none", "12 May 15:00"])
        )
    elif what == "command":
        world.type(name, random.choice(["book", "my meetings", "my goals", "reflect", "who knows"]))


def live(world: World, weeks: int, seed: int, names: Sequence[str], liveliness: float) -> None:
    """Walk from due moment to due moment, and let people react now and then."""
    random = Random(seed)
    until = world.now + timedelta(weeks=weeks)
    while (moment := world.next_moment()) is not None and moment < until:
        before = len(world.phone.received)
        world.go_to(moment)
        for name in {each.name for each in world.phone.received[before:]} & set(names):
            if random.random() < liveliness:
                world.now += timedelta(minutes=random.randrange(1, 20))
                react(world, name, random)


def most_in_a_week(moments: Sequence[datetime]) -> int:
    """Give how many at most lie within seven days, the first moment of which does not count."""
    return max(
        (sum(later - WEEK < each <= later for each in moments) for later in moments), default=0
    )


def test_a_question_that_lapsed_is_not_followed_by_one_more_push(world: World) -> None:
    """Silence is no reason to ask something else."""
    world.join("Ana", "Ben")
    world.type("Ana", "reflect")
    world.type("Ana", "I would rather listen first.")
    assert world.got("Ana")[-1] == "keep_where"
    seen = world.now
    world.let_pass(days=4)
    assert "did_it_land" not in world.got("Ana", seen)


@pytest.mark.parametrize(("seed", "liveliness"), [(1, 0.0), (2, 0.4), (3, 0.9)])
def test_half_a_year_keeps_to_the_budget_and_to_quiet_hours(
    world: World, seed: int, liveliness: float
) -> None:
    """Whether they answer or not: two nudges a week at most, nothing at night, no fault."""
    names = ("Ana", "Ben")
    world.join("Ana", "Ben", "Cleo")
    live(world, 26, seed, names, liveliness)
    for name in names:
        nudged = [each.at for each in pushed(world, name, "nudge")]
        assert nudged
        assert most_in_a_week(nudged) <= 2
    with world.turn() as turn:
        hours = {
            name: hours_of(turn.person(number), turn.setup.programme)
            for name, number in world.ids.items()
        }
    for each in world.phone.received:
        assert each.nature == "reply" or not is_quiet(each.at, hours[each.name])
    came = [part.message for each in world.phone.received for part in each.parts]
    assert len(came) == len(set(came)), "nothing comes twice"


def test_announcements_count_in_the_budget(world: World) -> None:
    """In a week in which the programme wrote twice, the bot has nothing to add."""
    world.join("Ana", "Ben", "Dana")
    live(world, 3, 4, ("Ana", "Ben"), 0.9)
    for text in ("We meet at ten.", "At the museum."):
        world.type("Dana", "announce")
        world.type("Dana", text)
        world.press("Dana", "Everyone")
        world.press("Dana", "Send it")
    world.let_pass(days=4)
    for name in ("Ana", "Ben"):
        first, second = (each.at for each in pushed(world, name, "announcement"))
        world.go_to(second + WEEK - timedelta(minutes=1))
        nudged = [each.at for each in pushed(world, name, "nudge")]
        assert not [each for each in nudged if second < each < first + WEEK]


def test_announcements_that_wait_for_monday_count_each_for_itself(world: World) -> None:
    """Three are written over a weekend and come one by one: the week is full before it begins."""
    world.join("Ana", "Ben", "Dana")
    saturday = at(3, 7, 12)
    world.go_to(saturday)
    for text in ("We meet at ten.", "At the museum.", "Bring a friend."):
        world.type("Dana", "announce")
        world.type("Dana", text)
        world.press("Dana", "Everyone")
        world.press("Dana", "Send it")
    with world.turn() as turn:
        story = turn.story(turn.roster.pair(1))
        # Ana's quiet hours end at eight in Madrid, Ben's in Dublin.
        for person, hour in zip(story.both, (7, 8), strict=True):
            assert [each for each in person.pushed if each > saturday] == [at(3, 9, hour)] * 3
    world.go_to(at(3, 16, 6))
    for name in ("Ana", "Ben"):
        assert len(pushed(world, name, "announcement")) == 3
        assert not [each for each in pushed(world, name, "nudge") if each.at > saturday]


def test_one_message_a_week_is_what_less_often_means(world: World) -> None:
    """Their word changes the budget from the next week on."""
    world.join("Ana", "Ben")
    world.change("Ana", weekly_budget=1)
    live(world, 12, 5, ("Ana", "Ben"), 0.9)
    assert most_in_a_week([each.at for each in pushed(world, "Ana", "nudge")]) == 1


def test_a_budget_of_nothing_means_no_nudges(world: World) -> None:
    """A programme may choose so, and everything else goes on."""
    world.join("Ana", "Ben", "Cleo")
    world.change("Ana", weekly_budget=0)
    world.change("Ben", weekly_budget=0)
    world.let_pass(days=35)
    assert pushed(world, "Ana", "nudge") == []
    assert "words_to_be_sent" in world.got("Ana")


def test_a_silent_mentee_does_not_silence_the_mentor(world: World) -> None:
    """Ana lets everything go by; Ben hears that nothing is in the diary before Cleo does."""
    world.booked()
    world.join("Cleo")
    with world.turn("Ben") as turn:
        perform(DropMeeting(2), turn)
        perform(DropMeeting(3), turn)
    while world.now < at(5, 20, 12):
        world.let_pass(days=1)
        world.type("Ben", "settings")
    assert world.person("Ana").ignored >= 3
    heard = {line for line in world.got("Ben") if line.endswith("_pair")}
    assert {"nothing_ahead_pair", "not_held_pair"} <= heard
    assert moments(world, "Ana", "words_to_be_sent")
    first = min(each.at for each in pushed(world, "Cleo", "notice"))
    assert min(moments(world, "Ben", "not_held_pair")) < first
    assert min(moments(world, "Ana", "words_to_be_sent")) < first


def test_nobody_is_asked_something_while_they_are_saying_something_else(world: World) -> None:
    """The question of the week falls due two minutes after Ben asked for a person."""
    world.join("Ana", "Ben", "Cleo")
    world.go_to(at(3, 9, 9, 58))
    world.type("Ben", "I need a person")
    world.go_to(at(3, 9, 10, 57))
    assert world.got("Ben")[-1] == "words_for_supervisor"
    world.type("Ben", "Please call me.")
    world.press("Ben", "Send it now")
    assert world.read("Cleo").endswith("Please call me.")
    world.go_to(at(3, 9, 11, 56))
    assert moments(world, "Ben", "reflection") == []
    world.go_to(at(3, 9, 11, 57))
    assert moments(world, "Ben", "reflection") == [world.now]


@pytest.mark.parametrize("how", ["in words", "by a button"])
def test_whoever_answers_after_a_long_silence_is_not_asked_at_once(world: World, how: str) -> None:
    """What waited for them waits an hour longer: they may have more to say."""
    world.booked()
    world.let_pass(days=28)
    assert world.person("Ana").ignored >= 3
    if how == "in words":
        world.type("Ana", "I need a person")
    else:
        world.press("Ana", "It's fine as it is")
    spoke = world.now
    world.let_pass(minutes=59)
    assert [each for each in pushed(world, "Ana", "nudge") if each.at >= spoke] == []
    world.let_pass(minutes=1)
    assert [each.at for each in pushed(world, "Ana", "nudge") if each.at >= spoke] == [world.now]


def test_three_questions_ignored_are_asked_about_once_and_then_there_is_quiet(world: World) -> None:
    """Then only what belongs to a meeting comes, until they write again."""
    world.booked()
    world.let_pass(days=36)
    (asked,) = moments(world, "Ana", "less_pause_or_stop")
    after = [each for each in pushed(world, "Ana", "nudge", "notice") if each.at > asked]
    assert after == []
    assert moments(world, "Ana", "hour_before")[-1] > asked
    assert world.person("Ana").ignored >= 3
    world.press("Ana", "It's fine as it is")
    world.let_pass(days=7)
    assert [each for each in pushed(world, "Ana", "nudge") if each.at > asked]
    assert len(moments(world, "Ana", "less_pause_or_stop")) == 1


def test_in_a_pause_nothing_comes_but_reminders_and_it_ends_with_one_line(world: World) -> None:
    """Ben reads the date and nothing else; meetings that stand are still reminded of."""
    world.booked()
    world.now = at(3, 4, 10)
    world.settle()
    world.type("Ana", "pause until 1 April")
    world.press("Ana", "Yes")
    assert world.got("Ana")[-1] == "paused"
    assert world.read("Ben") == "Ana has paused until 1 April. Nothing is asked of you meanwhile."
    paused = world.now
    world.go_to(at(4, 2, 12))
    ends = datetime(2026, 4, 1, 0, 0, tzinfo=ZoneInfo("Europe/Madrid"))
    for name in ("Ana", "Ben"):
        meanwhile = [each for each in world.phone.received if each.name == name]
        meanwhile = [each for each in meanwhile if paused < each.at < ends]
        assert {each.nature for each in meanwhile} == {"reminder"}
    assert moments(world, "Ana", "pause_is_over") == [at(4, 1, 6)]
    assert moments(world, "Ben", "pause_is_over") == []
    world.let_pass(days=14)
    assert len(moments(world, "Ana", "pause_is_over")) == 1
    assert [each for each in pushed(world, "Ana", "nudge") if each.at > ends]


def offered_in_bens_pause(world: World) -> None:
    """Let Ana offer times to Ben, who is away until 1 April."""
    world.join("Ana", "Ben")
    world.type("Ben", "pause until 1 April")
    world.press("Ben", "Yes")
    world.type("Ana", "book")
    world.type("Ana", "1, 2, 3")


def test_offered_times_wait_for_the_end_of_a_pause(world: World) -> None:
    """Ana reads until when; Ben reads them a day after the line that says it is over.

    None of them has passed by then: nothing is offered that he could not settle in time.
    """
    offered_in_bens_pause(world)
    assert world.replied("Ana")[0] == "will_ask"
    assert "Ben is paused until 1 April" in world.read("Ana")
    world.go_to(at(4, 2, 6, 59))
    assert moments(world, "Ben", "these_suit") == []
    assert moments(world, "Ben", "pause_is_over") == [at(4, 1, 7)]
    world.go_to(at(4, 2, 7))
    assert moments(world, "Ben", "these_suit") == [at(4, 2, 7)]
    world.press("Ben", "Mon 6 April…")
    world.done("Ben")
    assert len(world.rows(tables.Meeting)) == 1


def test_what_waited_for_somebody_comes_when_they_are_back(world: World) -> None:
    """Their own word ended the pause; they can answer in words at once."""
    offered_in_bens_pause(world)
    world.let_pass(days=1)
    world.type("Ben", "I'm back")
    assert world.got("Ben")[-1] == "back_again"
    world.let_pass(minutes=1)
    assert world.got("Ben")[-1] == "these_suit"
    world.type("Ben", "1")
    assert len(world.rows(tables.Meeting)) == 1


def test_a_meeting_called_off_is_told_in_a_pause_too(world: World) -> None:
    """Its reminders would have come: nobody is to sit there alone."""
    world.booked()
    world.type("Ben", "pause until 1 April")
    world.press("Ben", "Yes")
    world.type("Ana", "my meetings")
    world.press("Ana", "Fri 6 March…")
    world.press("Ana", "Call it off")
    world.press("Ana", "Call it off")
    assert world.got("Ben")[-1] == "dropped_by_partner"


def test_the_soft_line_at_the_end_of_a_pause_comes_alone(world: World) -> None:
    """All that waited meanwhile rests a day longer: no hurry, it says."""
    world.join("Ana", "Ben", "Cleo")
    world.let_pass(days=4)
    world.type("Ana", "pause until 1 June")
    world.press("Ana", "Yes")
    back = at(6, 1, 6)
    world.go_to(back + timedelta(hours=23))
    assert world.got("Ana", back) == ["pause_is_over"]
    assert world.got("Ben", back) == []
    world.let_pass(days=3)
    assert len(world.got("Ana", back)) > 1
    assert len(world.got("Ben", back)) > 0


@pytest.mark.parametrize("name", ["Ana", "Ben", "Cleo", "Dana"])
def test_whoever_paused_reads_one_soft_line_when_it_ends(world: World, name: str) -> None:
    """A supervisor and a manager too, though no pair of theirs is looked at for it."""
    world.join("Ana", "Ben", "Cleo", "Dana")
    for day in ("2 April", "9 April"):
        world.type(name, f"pause until {day}")
        world.press(name, "Yes")
    world.go_to(at(4, 20, 12))
    (said,) = moments(world, name, "pause_is_over")
    assert at(4, 9, 6) <= said <= at(4, 9, 8)


def test_whoever_comes_back_early_reads_no_line_at_the_end(world: World) -> None:
    """Their own word ended it."""
    world.booked()
    world.type("Ana", "pause")
    world.press("Ana", "Four weeks")
    world.let_pass(days=3)
    world.type("Ana", "I'm back")
    assert world.replied("Ana")[0] == "back_again"
    world.let_pass(days=40)
    assert moments(world, "Ana", "pause_is_over") == []


# Quiet spells


def never_meeting(world: World, began: datetime = MONDAY) -> None:
    """Let Ana and Ben begin, with Cleo and Dana there, and never book anything."""
    world.now = began
    world.join("Ana", "Ben", "Cleo", "Dana")


def test_the_pair_hears_first_then_reads_the_words_then_the_supervisor_reads_the_same(
    world: World,
) -> None:
    """Day 5 the mentee, day 10 both, day 25 the very words, day 28 Cleo: word for word the same."""
    never_meeting(world)
    world.let_pass(days=31)
    assert moments(world, "Ana", "never_met_pair") == [at(3, 9, 12), at(3, 12, 10)]
    assert moments(world, "Ben", "never_met_pair") == [at(3, 12, 10)]
    shown = at(3, 27, 10)
    assert (
        moments(world, "Ana", "words_to_be_sent")
        == moments(world, "Ben", "words_to_be_sent")
        == [shown]
    )
    assert moments(world, "Cleo", "never_met_supervisor") == [shown + timedelta(days=3)]
    for name in ("Ana", "Ben"):
        read = next(each.text for each in pushed(world, name, "notice") if each.at == shown)
        assert read.endswith("\n\n" + world.read("Cleo"))
    assert "Ana Ruiz & Ben Walsh" in world.read("Cleo")


def test_help_asked_meanwhile_does_not_change_the_words_that_were_read(world: World) -> None:
    """What they have read is what is sent, whatever came between."""
    never_meeting(world)
    world.go_to(at(3, 28, 10))
    read = next(part for part in world.parts("Ana") if part.manner == "choose")
    asked_for_help(world, "Ben", "We could do with a word.")
    world.go_to(at(4, 20, 10))
    sent = [each.text for each in pushed(world, "Cleo", "notice")]
    shown = "".join(run.text for run in read.runs).split("\n\n", 1)[1]
    assert sum(text == shown for text in sent) == 1


def test_words_that_were_read_are_the_same_wherever_the_supervisor_is(world: World) -> None:
    """They began at half past eleven at night in Dublin, which was the next day in Madrid."""
    for name in ("Ana", "Ben", "Cleo", "Dana"):
        world.change(name, quiet_from=MONDAY.time(), quiet_to=MONDAY.time())
    world.change("Cleo", zone="America/Toronto")
    never_meeting(world, at(3, 2, 23, 30))
    world.let_pass(days=31)
    shown = next(part for part in world.parts("Ana") if part.manner == "choose")
    assert "".join(run.text for run in shown.runs).endswith("\n\n" + world.read("Cleo"))


def test_nothing_is_sent_once_they_have_booked(world: World) -> None:
    """Both are told so, and Cleo hears nothing."""
    never_meeting(world)
    world.go_to(at(3, 27, 12))
    assert world.got("Ana")[-1] == "words_to_be_sent"
    world.press("Ana", "Book a meeting")
    world.book(picks="1")
    assert moments(world, "Ana", "nothing_was_sent") == moments(world, "Ben", "nothing_was_sent")
    assert moments(world, "Ana", "nothing_was_sent") == [world.now]
    world.go_to(at(4, 3, 12))
    assert pushed(world, "Cleo", "notice") == []
    (ping,) = world.rows(tables.Ping)
    assert (ping.sent_at, ping.withdrawn_at) == (None, at(3, 27, 12))


def test_nothing_is_sent_once_one_of_them_has_paused(world: World) -> None:
    """A pause needs no reason, and is none for a ping."""
    never_meeting(world)
    world.go_to(at(3, 27, 12))
    world.press("Ben", "Pause")
    world.press("Ben", "Two weeks")
    world.go_to(at(4, 8, 12))
    assert pushed(world, "Cleo", "notice") == []
    assert moments(world, "Ana", "nothing_was_sent")


def test_what_was_taken_back_cannot_be_told_any_more(world: World) -> None:
    """Ben has paused: Ana's `please do tell them` is an old button, and promises nothing."""
    never_meeting(world)
    world.go_to(at(3, 27, 12))
    tell_them = world.button("Ana", "Please do tell them").data
    world.type("Ben", "pause")
    world.press("Ben", "Two weeks")
    assert world.got("Ana")[-1] == "nothing_was_sent"
    world.press_data("Ana", tell_them)
    assert world.replied("Ana")[0] == "old_button"
    world.let_pass(days=4)
    assert pushed(world, "Cleo", "notice") == []


def test_what_somebody_is_answering_goes_on_when_it_is_taken_back(world: World) -> None:
    """Ana is choosing how long to pause when Ben does so first: hers is not lost."""
    never_meeting(world)
    world.go_to(at(3, 27, 12))
    world.press("Ana", "Pause")
    world.type("Ben", "pause")
    world.press("Ben", "One week")
    assert world.got("Ana")[-1] == "nothing_was_sent"
    world.press("Ana", "Two weeks")
    assert world.replied("Ana")[0] == "paused"


def test_after_a_partner_stopped_nobody_is_asked_to_book_or_to_go_on(world: World) -> None:
    """There is nothing you need to do, Ben reads; and so it is."""
    never_meeting(world)
    world.go_to(at(3, 27, 12))
    book = world.button("Ben", "Book a meeting").data
    world.type("Ana", "stop")
    world.press("Ana", "Stop")
    stopped = world.now
    assert moments(world, "Ben", "partner_stopped") == [stopped]
    world.let_pass(days=90)
    asked = {"which_times", "rhythm", "words_to_be_sent", "carry_on_or_end", *QUIET_SPELL}
    assert not (asked - {"less_pause_or_stop"}) & set(world.got("Ben", stopped))
    assert moments(world, "Ben", "nothing_was_sent") == [stopped]
    assert pushed(world, "Cleo", "notice") == []
    world.press_data("Ben", book)
    assert world.replied("Ben")[0] == "old_button"
    world.type("Ben", "book")
    assert world.replied("Ben")[0] == "nobody_to_book_with"


def test_a_pair_is_asked_again_once_both_are_back(world: World) -> None:
    """Ana writes `start` after a week: there is something to do again."""
    world.join("Ana", "Ben")
    world.type("Ana", "stop")
    world.press("Ana", "Stop")
    world.let_pass(days=7)
    world.type("Ana", "start")
    world.press("Ana", "Yes, I'd like to")
    world.let_pass(days=7)
    assert {"rhythm", "which_times"} & set(world.got("Ana"))


def test_whoever_read_that_somebody_stopped_reads_that_they_are_back(world: World) -> None:
    """Ben, Cleo and Dana; Ana is not told to wait for Ben, who is here."""
    world.join("Ana", "Ben", "Cleo", "Dana")
    world.let_pass(days=1)
    world.type("Ana", "stop")
    world.press("Ana", "Stop")
    world.let_pass(days=7)
    world.type("Ana", "start")
    world.press("Ana", "Yes, I'd like to")
    assert world.got("Ana")[-2:] == ["welcomed_back", "zone"]
    assert world.got("Ben")[-1] == "partner_is_here_again"
    assert world.got("Cleo")[-1] == world.got("Dana")[-1] == "is_back"


def test_whose_partner_has_said_yes_already_is_told_so(world: World) -> None:
    """Only Ana had to wait."""
    world.join("Ana", "Ben")
    (ana,) = world.messages("Ana", tables.Message.line == "welcomed")
    (ben,) = world.messages("Ben", tables.Message.line == "welcomed")
    assert "When Ben is here too" in str(ana.runs)
    assert "Ana is here already" in str(ben.runs)


def test_a_partner_reads_when_a_pause_ends_before_its_day(world: World) -> None:
    """Ben was told of a day, and nothing more was asked of him until then."""
    world.join("Ana", "Ben")
    world.type("Ana", "pause")
    world.press("Ana", "Four weeks")
    world.let_pass(days=2)
    world.type("Ana", "I'm back")
    assert world.got("Ben")[-1] == "partner_is_back"


def test_a_call_for_help_goes_on_though_the_partner_stops_meanwhile(world: World) -> None:
    """Ben is writing to Cleo from the words of a quiet spell: that is not taken from him."""
    never_meeting(world)
    world.go_to(at(3, 12, 12))
    world.press("Ben", "I'd like a person's help")
    world.type("Ana", "stop")
    world.press("Ana", "Stop")
    world.type("Ben", "Please call me.")
    world.press("Ben", "Send it now")
    assert world.read("Cleo").endswith("Please call me.")


def test_please_do_tell_them_does_not_wait_three_days(world: World) -> None:
    """Either of them can wish it."""
    never_meeting(world)
    world.go_to(at(3, 27, 12))
    world.press("Ben", "Please do tell them")
    assert moments(world, "Cleo", "never_met_supervisor") == [at(3, 27, 12)]
    world.let_pass(days=10)
    assert len(pushed(world, "Cleo", "notice")) == 1


def test_a_pair_without_a_supervisor_is_not_shown_words_for_nobody(world: World) -> None:
    """There is nobody to be told, so nothing is announced, marked or said to have been sent."""
    pair = world.pair().id
    with world.store.transaction() as session:
        session.get_one(tables.Pair, pair).supervisor_id = None
    never_meeting(world)
    world.let_pass(days=60)
    assert "never_met_pair" in world.got("Ana")
    assert "words_to_be_sent" not in {*world.got("Ana"), *world.got("Ben")}
    assert world.rows(tables.Ping) == []
    world.type("Ana", "who knows")
    assert world.replied("Ana")[0] == "never_sent"


def test_words_that_were_read_are_taken_back_when_the_supervisor_stops(world: World) -> None:
    """Both read so at once, and `tell them` no longer says that it does; nothing counts as sent."""
    never_meeting(world)
    world.go_to(at(3, 27, 12))
    assert world.got("Ana")[-1] == "words_to_be_sent"
    world.type("Cleo", "stop")
    world.press("Cleo", "Stop")
    for name in ("Ana", "Ben"):
        assert moments(world, name, "nothing_was_sent") == [world.now]
    world.let_pass(days=10)
    (ping,) = world.rows(tables.Ping)
    assert (ping.sent_at, ping.sent_to_id) == (None, None)


@pytest.mark.parametrize("how", ["joins", "comes back"])
def test_a_supervisor_who_can_be_told_again_is(world: World, how: str) -> None:
    """The pair reads the words first, however long it has been quiet by then."""
    world.join("Ana", "Ben", *(["Cleo"] if how == "comes back" else []))
    if how == "comes back":
        world.arrive("Cleo", "closed")
    world.go_to(at(4, 8, 12))
    assert "words_to_be_sent" not in world.got("Ana")
    if how == "joins":
        world.join("Cleo")
    else:
        world.type("Cleo", "help")
    shown = moments(world, "Ana", "words_to_be_sent")
    assert shown == moments(world, "Ben", "words_to_be_sent") == [at(4, 8, 12)]
    world.let_pass(days=6)
    # Three days later is a Saturday: Cleo reads it on Monday at eight.
    assert moments(world, "Cleo", "never_met_supervisor") == [at(4, 13, 7)]


def asked_for_help(world: World, name: str, words: str) -> None:
    """Let somebody ask for a person."""
    world.type(name, "I need a person")
    world.type(name, words)
    world.press(name, "Send it now")


def test_help_reaches_the_supervisor_at_once_in_the_chosen_words(world: World) -> None:
    """Literally, whatever they typed; Ben hears nothing of it."""
    world.join("Ana", "Ben", "Cleo")
    words = "Please call me: <b>*not*</b> by mail {{ 1 }} <!channel>"
    heard = len(world.got("Ben"))
    asked_for_help(world, "Ana", words)
    assert world.got("Ana")[-1] == "help_is_told"
    assert moments(world, "Cleo", "help_asked_words") == [world.now]
    assert world.read("Cleo").endswith("\n\n" + words)
    assert len(world.got("Ben")) == heard
    world.let_pass(days=30)
    assert len(moments(world, "Cleo", "help_asked_words")) == 1


def test_two_calls_for_help_in_one_instant_are_two(world: World) -> None:
    """Each reaches Cleo in its own words."""
    world.join("Ana", "Ben", "Cleo")
    for name in ("Ana", "Ben"):
        world.type(name, "I need a person")
        world.type(name, f"{name} needs somebody.")
    world.receive(*(world.event(name, "typed", text="Send it now") for name in ("Ana", "Ben")))
    world.settle()
    texts = [each.text for each in pushed(world, "Cleo", "notice")]
    assert [text.splitlines()[-1] for text in texts] == [
        "Ana needs somebody.",
        "Ben needs somebody.",
    ]


def test_help_waits_for_no_notice_no_limit_and_no_pause(world: World) -> None:
    """In a pause too, and the day after a ping."""
    never_meeting(world)
    world.go_to(at(3, 31, 10))
    assert len(pushed(world, "Cleo", "notice")) == 1
    world.type("Ana", "pause")
    world.press("Ana", "Two weeks")
    asked_for_help(world, "Ana", "I cannot go on like this.")
    assert moments(world, "Cleo", "help_asked_words") == [world.now]


def test_who_knows_shows_what_was_sent_to_whom_and_when(world: World) -> None:
    """To both of the pair alike, and to nobody else."""
    never_meeting(world)
    world.join("Eve")
    world.type("Ana", "who knows")
    assert world.got("Ana")[-1] == "never_sent"
    world.go_to(at(3, 31, 10))
    for name in ("Ana", "Ben"):
        world.type(name, "who knows?")
        line, text = world.replied(name)
        assert line == "ever_sent"
        assert "to Cleo Martin: the first meeting is not booked" in text
        assert ("Mon 30 March, 12:00" if name == "Ana" else "Mon 30 March, 11:00") in text
    world.type("Eve", "who knows")
    assert world.replied("Eve")[0] == "never_sent"


def test_who_knows_shows_when_it_arrived_and_until_then_that_it_is_on_its_way(
    world: World,
) -> None:
    """Cleo sleeps until eight the next morning: until then she does not know."""
    world.join("Ana", "Ben", "Cleo")
    world.now = MONDAY.replace(hour=21)
    asked_for_help(world, "Ana", "Please call me.")
    world.type("Ben", "who knows")
    assert "On its way to Cleo Martin: help was asked for" in world.replied("Ben")[1]
    world.go_to(at(3, 3, 12))
    assert moments(world, "Cleo", "help_asked_words") == [at(3, 3, 8)]
    world.press("Cleo", "I'll get in touch")
    world.type("Ben", "who knows")
    assert "Tue 3 March, 08:00, to Cleo Martin: help was asked for" in world.replied("Ben")[1]


def test_who_knows_names_nobody_whom_it_never_reached(world: World) -> None:
    """Cleo has blocked the bot; an answer that was lost may have been read."""
    world.join("Ana", "Ben", "Cleo")
    world.phone.lose_answer("Cleo")
    asked_for_help(world, "Ana", "Please call me.")
    world.type("Ana", "who knows")
    assert "Mon 2 March, 11:00, to Cleo Martin" in world.replied("Ana")[1]
    world.phone.will("Cleo", Refused("blocked"), Refused("blocked"))
    world.let_pass(days=1)
    asked_for_help(world, "Ben", "Me too.")
    world.let_pass(hours=2)
    world.type("Ana", "who knows")
    assert world.replied("Ana")[1].count("Cleo Martin") == 1


def test_nothing_is_said_to_be_sent_to_somebody_who_cannot_be_written_to(world: World) -> None:
    """Cleo has not joined yet: nothing reached her, and `who knows` must not say so."""
    world.join("Ana", "Ben")
    world.let_pass(days=31)
    assert world.messages("Cleo") == []
    world.type("Ana", "who knows")
    assert world.replied("Ana")[0] == "never_sent"


def test_not_a_problem_keeps_that_rule_silent(world: World) -> None:
    """For one rhythm neither the pair nor Cleo hears of it."""
    never_meeting(world)
    world.go_to(at(3, 30, 12))
    world.press("Cleo", "Not a problem")
    answered = world.now
    world.let_pass(days=29)
    for name in ("Ana", "Ben", "Cleo"):
        lines = set(world.got(name, answered + timedelta(seconds=1)))
        assert not {"never_met_pair", "never_met_supervisor", "words_to_be_sent"} & lines
    world.type("Cleo", "my pairs")
    assert "the first meeting is not booked" not in world.read("Cleo")


def test_a_supervisor_hears_of_a_pair_once_in_a_fortnight(world: World) -> None:
    """However many rules speak."""
    never_meeting(world)
    world.let_pass(days=120)
    heard = [each.at for each in pushed(world, "Cleo", "notice")]
    assert heard
    for earlier, later in pairwise(heard):
        assert later - earlier >= timedelta(days=14)


def test_after_three_rhythms_each_is_asked_how_to_go_on_and_two_wishes_end_it(world: World) -> None:
    """One wish to end closes nothing; two do, and then there is peace."""
    never_meeting(world)
    world.go_to(at(6, 1, 12))
    assert "carry_on_or_end" in world.got("Ana")
    world.press("Ana", "End it well")
    world.let_pass(days=1)
    assert world.pair().ended_at is None
    world.press("Ben", "End it well")
    assert world.pair().ended_at == world.now
    ended = world.now
    world.let_pass(days=60)
    for name in ("Ana", "Ben"):
        assert world.got(name, ended + timedelta(seconds=1)) == []


QUIET_SPELL = {
    *(f"{rule}_pair" for rule in TO_THE_PAIR),
    *("words_to_be_sent", "carry_on_or_end", "less_pause_or_stop"),
}


@pytest.mark.parametrize("liveliness", [0.0, 0.3])
def test_at_most_one_word_of_a_quiet_spell_a_day_reaches_a_person(
    world: World, liveliness: float
) -> None:
    """After a long silence several fall due at once: they come one by one, each on its own day."""
    world.booked()
    world.join("Cleo")
    live(world, 26, 11, ("Ana", "Ben"), liveliness)
    for name in ("Ana", "Ben"):
        # What they typed may have brought one of them once more, as a reply.
        told = sorted(
            at for line in QUIET_SPELL for at in moments(world, name, line, "nudge", "notice")
        )
        assert len(told) > 2
        for earlier, later in pairwise(told):
            assert later - earlier >= timedelta(days=1)


def test_one_pairs_quiet_spell_is_not_anothers(world: World) -> None:
    """Eve and Fay meet; Ana and Ben do not."""
    world.join("Ana", "Ben", "Cleo", "Eve", "Fay")
    world.agree("Eve", "Fay")
    world.book("Eve", "Fay")
    world.let_pass(days=32)
    assert "Ana Ruiz & Ben Walsh" in pushed(world, "Cleo", "notice")[0].text
    assert len(pushed(world, "Cleo", "notice")) == 1


# A review rests


def test_looking_again_at_the_same_moment_begins_nothing(world: World) -> None:
    """Whatever wakes the rules once too often, nobody hears of it."""
    world.join("Ana", "Ben", "Cleo")
    pair = world.pair().id
    for _ in range(16):
        world.let_pass(days=7)
        before = all_but_when_to_look(world)
        with world.turn() as turn:
            turn.touch(pair)
        world.settle()
        assert all_but_when_to_look(world) == before


def all_but_when_to_look(world: World) -> dict[str, list[str]]:
    """Give all there is, but for the pairs' own rows."""
    with world.store.engine.connect() as connection:
        return {**all_there_is(connection), "pair": []}


def test_a_pair_that_has_not_begun_brings_nothing(world: World) -> None:
    """Ana is alone: no rule has anything to say, and no moment is due."""
    world.join("Ana")
    world.let_pass(days=60)
    assert world.rows(tables.Opening) == []
    assert world.rows(tables.Ping) == []


def test_after_the_last_day_of_the_cohort_nothing_more_begins(world: World) -> None:
    """What is over is over."""
    world.join("Ana", "Ben", "Cleo")
    world.go_to(at(10, 2, 12))
    openings = len(world.rows(tables.Opening))
    received = len(world.phone.received)
    world.let_pass(days=120)
    assert len(world.rows(tables.Opening)) == openings
    assert len(world.phone.received) == received


THE_END = at(10, 1, 0)
"""The last day of the cohort is over."""


def test_the_end_of_the_programme_is_said_once_to_each(world: World) -> None:
    """In the morning after the last day, where they are; and then there is peace."""
    world.join("Ana", "Ben", "Cleo")
    world.go_to(at(12, 24, 12))
    assert moments(world, "Ana", "programme_is_over") == [at(10, 1, 6)]
    assert moments(world, "Ben", "programme_is_over") == [at(10, 1, 7)]
    for name in ("Ana", "Ben"):
        assert world.got(name, THE_END)[-1] == "programme_is_over"
    assert moments(world, "Cleo", "programme_is_over") == []


def test_what_waits_for_the_morning_after_the_last_day_is_not_asked_any_more(world: World) -> None:
    """A question of the week is put into the last night."""
    world.join("Ana", "Ben")
    world.go_to(at(9, 30, 21))
    with world.turn() as turn:
        begin(turn, "reflect", About(world.ids["Ana"], 1, subject="due"))
    world.go_to(at(10, 20, 12))
    assert world.got("Ana", THE_END) == ["programme_is_over"]


def test_a_meeting_beyond_the_last_day_is_still_reminded_of(world: World) -> None:
    """They go on by themselves, and nobody asks them how it went."""
    world.join("Ana", "Ben")
    world.go_to(at(10, 2, 12))
    world.type("Ana", "book")
    world.type("Ana", "1")
    world.type("Ben", "1")
    (meeting,) = world.rows(tables.Meeting)
    assert meeting.starts_at > THE_END
    booked = world.now + timedelta(seconds=1)
    world.go_to(meeting.starts_at + timedelta(days=30))
    for name in ("Ana", "Ben"):
        assert world.got(name, booked) == ["day_before", "hour_before"]


def test_the_end_is_said_to_whoever_is_paused_when_they_are_back(world: World) -> None:
    """Ana is away over the last day; Ben need not wait for her."""
    world.join("Ana", "Ben")
    world.go_to(at(9, 28, 12))
    world.type("Ana", "pause until 12 October")
    world.press("Ana", "Yes")
    world.go_to(at(10, 20, 12))
    assert world.got("Ana", THE_END) == ["pause_is_over", "programme_is_over"]
    assert moments(world, "Ben", "programme_is_over") == [at(10, 1, 7)]


def test_a_pair_that_ended_of_its_own_reads_nothing_of_the_last_day(world: World) -> None:
    """They have had their thanks."""
    world.join("Ana", "Ben")
    with world.store.transaction() as session:
        session.get_one(tables.Pair, 1).ended_at = world.now
    world.go_to(at(10, 20, 12))
    assert world.got("Ana", THE_END) == world.got("Ben", THE_END) == []


def test_a_story_forgets_what_can_never_come_again(world: World) -> None:
    """Else it would grow with every week; what is begun once for ever is remembered for ever."""
    world.join("Ana", "Ben")
    ago = world.now - FORGOTTEN
    with world.turn() as turn:
        of_ana = tables.Pair.mentee_id == world.ids["Ana"]
        pair = turn.session.scalars(select(tables.Pair).where(of_ana)).one()
        for what in ("introduce", "stall:never_met", *PASSING):
            for moment in (ago, ago + timedelta(minutes=1)):
                opening = tables.Opening(pair_id=pair.id, what=what, subject="x", at=moment)
                turn.session.add(opening)
        opened = Counter(
            each.what
            for each in turn.story(turn.roster.pair(pair.id)).opened
            if each.subject == "x"
        )
    assert opened == {"introduce": 2, "stall:never_met": 2, **dict.fromkeys(PASSING, 1)}
