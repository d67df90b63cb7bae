"""The table of stalls, line by line, and what is done about it over a pair's life."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conversations.stall import (
    AskHowToGoOn,
    Level,
    Nudge,
    SendPing,
    ShowPing,
    Signal,
    StallStep,
    WithdrawPing,
    elapsed,
    next_change,
    next_step,
    signals,
    standing,
    tried,
    when_elapsed,
)
from conversations.stall_clock import when_left
from conversations.story import (
    AccountGiven,
    LowRating,
    MeetingFact,
    Opened,
    PairStory,
    Ping,
    Span,
)
from tests.conversations.lives import (
    ANA,
    BEGAN,
    BEN,
    DAY,
    HOUR,
    MINUTE,
    after,
    beginning,
    blocked,
    help_call,
    meeting,
    offer,
    pair,
    spans,
    stories,
)
from tests.conversations.spoken import TO_A_SUPERVISOR, TO_THE_PAIR

RHYTHMS = pytest.mark.parametrize("rhythm", [14, 30, 42])


def speaks(story: PairStory, rule: str, now: datetime) -> Signal | None:
    """Give what one rule says, if anything."""
    return next((signal for signal in signals(story, now) if signal.rule == rule), None)


def level(story: PairStory, rule: str, now: datetime) -> Level | None:
    """Give how loudly one rule speaks."""
    signal = speaks(story, rule, now)
    return signal.level if signal else None


def crosses(story: PairStory, rule: str, day: float, before: Level | None, then: Level) -> None:
    """Check that a rule changes its level at that instant and not a minute sooner."""
    assert level(story, rule, after(day) - MINUTE) == before
    assert level(story, rule, after(day)) == then


def done(story: PairStory, step: StallStep, now: datetime) -> PairStory:
    """Give the story after the machine has done a step."""
    match step:
        case Nudge():
            what = f"stall:{step.rule}"
            told = [Opened(what, person, step.subject, now) for person in step.to]
            return replace(story, opened=(*story.opened, *told))
        case AskHowToGoOn():
            begun = Opened("stall:how_to_go_on", step.person, step.subject, now)
            return replace(story, opened=(*story.opened, begun))
        case ShowPing():
            return replace(story, pings=(*story.pings, Ping(step.rule, now)))
        case SendPing():
            return ping_becomes(story, step.rule, step.shown_at, sent_at=now)
        case WithdrawPing():
            return ping_becomes(story, step.rule, step.shown_at, withdrawn_at=now)


def ping_becomes(story: PairStory, rule: str, shown_at: datetime | None, **marks: Any) -> PairStory:
    """Give the story with one ping marked."""
    pings = [
        replace(ping, **marks) if (ping.rule, ping.shown_at) == (rule, shown_at) else ping
        for ping in story.pings
    ]
    return replace(story, pings=tuple(pings))


def settle(story: PairStory, now: datetime) -> tuple[PairStory, list[tuple[datetime, StallStep]]]:
    """Do all there is to do at an instant."""
    steps: list[tuple[datetime, StallStep]] = []
    while step := next_step(story, now):
        assert len(steps) < 30, "a step that was done comes back"
        assert not isinstance(step, SendPing) or level(story, step.rule, now) in {"red", None}
        steps.append((now, step))
        story = done(story, step, now)
    return story, steps


def live(
    story: PairStory, until: datetime, since: datetime = BEGAN
) -> tuple[PairStory, list[tuple[datetime, StallStep]]]:
    """Walk from change to change, doing what falls due, while nobody does anything."""
    story, steps = settle(story, since)
    now = next_change(story, since)
    while now and now <= until:
        story, more = settle(story, now)
        steps += more
        now = next_change(story, now)
    return story, steps


def deeds(steps: list[tuple[datetime, StallStep]]) -> list[tuple[float, str, str]]:
    """Say steps shortly: after how many days, what, and which rule."""
    return [
        ((at - BEGAN) / DAY, type(step).__name__, getattr(step, "rule", "")) for at, step in steps
    ]


# The clock


def test_pauses_and_closures_that_overlap_count_once() -> None:
    """A pause over the summer holidays must not stop the clock twice."""
    story = pair(
        pauses=(Span(after(2), after(5)),),
        closures=(Span(after(4), after(6)), Span(after(8), after(9))),
    )
    assert elapsed(story, BEGAN, after(10)) == 5 * DAY
    assert when_elapsed(story, BEGAN, 5 * DAY) == after(10)
    assert when_elapsed(story, after(3), 1 * DAY) == after(7)
    assert elapsed(story, after(10), BEGAN) == timedelta()


@given(spans, spans, st.integers(0, 1000), st.integers(1, 1000))
def test_the_clock_and_its_inverse_agree(
    pauses: tuple[Span, ...], closures: tuple[Span, ...], since: int, hours: int
) -> None:
    """The wake-up is worked out by the one, the rule by the other."""
    story, start = pair(pauses=pauses, closures=closures), BEGAN + since * HOUR
    moment = when_elapsed(story, start, hours * HOUR)
    assert elapsed(story, start, moment) == hours * HOUR
    assert elapsed(story, start, moment - MINUTE) < hours * HOUR


@given(spans, spans, st.integers(0, 1000), st.integers(1, 1000))
def test_the_clock_runs_backwards_alike(
    pauses: tuple[Span, ...], closures: tuple[Span, ...], until: int, hours: int
) -> None:
    """Since when a date is near is worked out from the date."""
    story, end = pair(pauses=pauses, closures=closures), BEGAN + until * HOUR
    moment = when_left(story, end, hours * HOUR)
    assert elapsed(story, moment, end) == hours * HOUR
    assert elapsed(story, moment + MINUTE, end) < hours * HOUR


# The table, a line each


@RHYTHMS
def test_never_met(rhythm: int) -> None:
    """Day 5 the mentee, day 10 both, day 21 the list, day 28 a ping, whatever the rhythm."""
    story = pair(rhythm)
    crosses(story, "never_met", 5, None, "pair")
    crosses(story, "never_met", 21, "pair", "amber")
    crosses(story, "never_met", 28, "amber", "red")
    for day, to in [(5, (ANA,)), (10 - 1 / 1440, (ANA,)), (10, (ANA, BEN))]:
        signal = speaks(story, "never_met", after(day))
        assert signal is not None
        assert signal.to == to


def test_a_first_meeting_that_is_called_off_starts_the_clock_again() -> None:
    """A pair that booked was not idle: the 28 days run from when the diary was empty again."""
    story = pair(meetings=(meeting(40, dropped=27),))
    crosses(story, "never_met", 32, None, "pair")
    crosses(story, "never_met", 55, "amber", "red")
    assert level(pair(meetings=(meeting(40),)), "never_met", after(30)) is None


@RHYTHMS
def test_nothing_ahead(rhythm: int) -> None:
    """After a meeting: 3 days the mentee, 14 both, R + 14 the list; never a ping."""
    story = pair(rhythm, meetings=(meeting(10, "held"),))
    crosses(story, "nothing_ahead", 13, None, "pair")
    crosses(story, "nothing_ahead", 10 + rhythm + 14, "pair", "amber")
    assert level(story, "nothing_ahead", after(400)) == "amber"
    for day, to in [(23, (ANA,)), (24, (ANA, BEN))]:
        signal = speaks(story, "nothing_ahead", after(day))
        assert signal is not None
        assert signal.to == to


def test_a_diary_emptied_later_counts_from_then() -> None:
    """Who calls a meeting off after three weeks is not three weeks late."""
    story = pair(meetings=(meeting(10, "held"), meeting(60, dropped=56)))
    crosses(story, "nothing_ahead", 59, None, "amber")
    assert level(story, "nothing_ahead", after(55)) is None or story.meetings[1].dropped_at


@RHYTHMS
def test_not_held(rhythm: int) -> None:
    """R + 7 the pair, 1.5 R the list, 2 R a ping: counted from the meeting that was held last."""
    story = pair(rhythm, meetings=(meeting(5, "held"), meeting(9, "missed")))
    crosses(story, "not_held", 5 + 1.5 * rhythm, None if rhythm == 14 else "pair", "amber")
    crosses(story, "not_held", 5 + 2 * rhythm, "amber", "red")
    if rhythm > 14:
        crosses(story, "not_held", 5 + rhythm + 7, None, "pair")


def test_a_weekly_rhythm_still_hears_first() -> None:
    """With a short rhythm 1.5 R falls before R + 7; the supervisor never hears before the pair."""
    story = pair(7, meetings=(meeting(1, "held"),))
    assert level(story, "not_held", after(15) - MINUTE) is None
    assert level(story, "not_held", after(15)) == "amber"
    crosses(story, "not_held", 22, "amber", "red")
    steps = live(story, after(15))[1]
    assert (15, "Nudge", "not_held") in deeds(steps)


def test_a_near_date_takes_the_red_and_the_nudge_from_not_held() -> None:
    """They have done what a nudge or a ping would ask of them; only the list goes on."""
    story = pair(meetings=(meeting(1, "held"), meeting(65)))
    crosses(story, "not_held", 46, None, "amber")
    assert level(story, "not_held", after(64)) == "amber"
    signal = speaks(story, "not_held", after(64))
    assert signal is not None
    assert signal.to == ()


@RHYTHMS
def test_a_date_is_near_from_one_rhythm_before_it(rhythm: int) -> None:
    """On the day itself it is; a minute sooner the pair is still without its next meeting."""
    far = pair(rhythm, meetings=(meeting(1, "held"), beginning(1 + 5 * rhythm)))
    crosses(far, "not_held", 1 + 2 * rhythm, "amber", "red")
    crosses(far, "not_held", 1 + 4 * rhythm, "red", "amber")
    near = pair(rhythm, meetings=(meeting(1, "held"), beginning(1 + 3 * rhythm)))
    assert level(near, "not_held", after(1 + 2 * rhythm) - MINUTE) == "amber"
    assert level(near, "not_held", after(1 + 2 * rhythm)) == "amber"
    later = pair(rhythm, meetings=(meeting(1, "held"), beginning(2 + 3 * rhythm)))
    crosses(later, "not_held", 1 + 2 * rhythm, "amber", "red")


def test_a_far_date_changes_nothing_of_who_hears_first() -> None:
    """The pair, then the words to both of them, then the supervisor."""
    steps = deeds(live(pair(meetings=(meeting(1, "held"), meeting(150))), after(62))[1])
    assert [step for step in steps if step[2] == "not_held"] == [
        (38, "Nudge", "not_held"),
        (58, "ShowPing", "not_held"),
        (61, "SendPing", "not_held"),
    ]


def test_words_that_were_read_are_taken_back_once_the_date_is_near() -> None:
    """They read them on day 58; on day 60 their next meeting is one rhythm away."""
    steps = deeds(live(pair(meetings=(meeting(1, "held"), beginning(90))), after(62))[1])
    assert steps[-2:] == [(58, "ShowPing", "not_held"), (60, "WithdrawPing", "not_held")]


def test_a_date_nearer_than_the_far_one_quiets_as_soon_as_it_is_booked() -> None:
    """What they were asked for they have done."""
    story = pair(meetings=(meeting(1, "held"), meeting(75), meeting(150)))
    assert level(story, "not_held", after(45)) is None
    assert level(story, "not_held", after(46)) == "amber"


def test_holidays_bring_a_date_nearer() -> None:
    """The clock stands still over them, so a meeting behind them is not yet missed."""
    closures = (Span(after(40), after(54)),)
    story = pair(meetings=(meeting(1, "held"), beginning(82)), closures=closures)
    assert level(story, "not_held", after(38)) is None
    assert level(replace(story, closures=()), "not_held", after(38)) == "pair"


def test_a_missed_tap_accuses_nobody_before_a_far_date_either() -> None:
    """The meeting of which nobody spoke may have been held: their clock runs from it."""
    story = pair(meetings=(meeting(1, "held"), meeting(31), meeting(150)))
    crosses(story, "not_held", 31 + 37, None, "pair")
    crosses(story, "not_held", 31 + 60, "amber", "red")


def test_a_meeting_nobody_spoke_of_accuses_nobody_while_more_lie_ahead() -> None:
    """A tap that was missed is no signal; two silences in a row are seen on the list in the end."""
    meetings = (meeting(1, "held"), meeting(31), meeting(61), meeting(91))
    story = pair(meetings=meetings)
    assert level(story, "not_held", after(75)) is None
    crosses(story, "not_held", 31 + 45, None, "amber")
    crosses(story, "not_held", 94, "amber", "red")


def test_a_meeting_that_is_going_on_is_left_alone() -> None:
    """Nothing is said while they sit together, nor in the days of asking how it went."""
    story = pair(meetings=(meeting(1, "held"), meeting(70)))
    for day in (70 - 1 / 48, 70, 72.9):
        assert not signals(story, after(day))


@RHYTHMS
@pytest.mark.parametrize("how", ["dropped", "missed"])
def test_called_off_in_a_row(rhythm: int, how: str) -> None:
    """Two in a row the pair, three the list, never a ping."""
    fell = tuple(
        meeting(day, dropped=day - 1) if how == "dropped" else meeting(day, "missed", "missed")
        for day in (3.0, 6.0, 9.0)
    )
    last = 8 if how == "dropped" else 9
    assert level(pair(rhythm, meetings=fell[:1]), "called_off_in_a_row", after(10)) is None
    assert level(pair(rhythm, meetings=fell[:2]), "called_off_in_a_row", after(10)) == "pair"
    story = pair(rhythm, meetings=fell)
    crosses(story, "called_off_in_a_row", last, "pair", "amber")
    assert level(story, "called_off_in_a_row", after(300)) == "amber"


@pytest.mark.parametrize("between", [meeting(5, "held"), meeting(5)])
def test_a_meeting_that_may_have_been_held_ends_the_row(between: MeetingFact) -> None:
    """In a row means in a row, and a meeting of which nobody spoke may have been held."""
    story = pair(meetings=(meeting(3, "missed"), between, meeting(8, "missed")))
    assert level(story, "called_off_in_a_row", after(9)) is None


def test_a_meeting_ahead_does_not_end_the_row() -> None:
    """Only one that was held shows that the row is over."""
    story = pair(meetings=(meeting(3, "missed"), meeting(6, "missed"), meeting(12)))
    assert level(story, "called_off_in_a_row", after(11)) == "pair"
    assert level(story, "called_off_in_a_row", after(12)) is None


def test_a_meeting_that_moved_neither_counts_nor_ends_the_row() -> None:
    """To move a meeting is not to call it off."""
    story = pair(meetings=(meeting(3, "missed"), meeting(5, "moved"), meeting(8, "missed")))
    assert level(story, "called_off_in_a_row", after(9)) == "pair"
    story = pair(meetings=(meeting(3, "moved"), meeting(5, "moved"), meeting(8, "moved")))
    assert level(story, "called_off_in_a_row", after(9)) is None


@RHYTHMS
def test_proposals_unanswered(rhythm: int) -> None:
    """A week: a word to the one being waited for, and only to them; three weeks: the list."""
    story = pair(rhythm, proposals=(offer(ANA, 1),))
    crosses(story, "proposals_unanswered", 8, None, "pair")
    crosses(story, "proposals_unanswered", 22, "pair", "amber")
    signal = speaks(story, "proposals_unanswered", after(8))
    assert signal is not None
    assert signal.to == (BEN,)


def test_a_third_unanswered_proposal_is_amber_at_once() -> None:
    """Three proposals or 21 days, whichever comes first."""
    story = pair(proposals=(offer(BEN, 1), offer(BEN, 3), offer(BEN, 5)))
    crosses(story, "proposals_unanswered", 5, None, "amber")
    signal = speaks(story, "proposals_unanswered", after(5))
    assert signal is not None
    assert signal.to == (ANA,)


@pytest.mark.parametrize(
    "facts",
    [
        {"proposals": (offer(ANA, 1, answered=9),)},
        {"proposals": (offer(ANA, 1), offer(ANA, 5, answered=9))},
        {"proposals": (offer(ANA, 1),), "meetings": (meeting(20, "held"),)},
        {"proposals": (offer(ANA, 1), offer(BEN, 30))},
        {"proposals": (offer(ANA, 1),), "meetings": (meeting(40, booked=2),)},
    ],
)
def test_an_answer_another_offer_or_a_booking_settles_a_proposal(facts: dict[str, Any]) -> None:
    """Nobody is waited for once times have been talked of again."""
    assert level(pair(**facts), "proposals_unanswered", after(31)) is None


def test_who_waits_for_an_answer_is_not_nudged_to_book() -> None:
    """Never nag the one who is not late."""
    signal = speaks(pair(proposals=(offer(ANA, 4),)), "never_met", after(10))
    assert signal is not None
    assert signal.to == (BEN,)


def test_a_low_rating_is_amber_until_they_have_met_again() -> None:
    """The story only holds those whose giver said yes; the next meeting is a fresh start."""
    rated = LowRating(ANA, after(6))
    story = pair(meetings=(meeting(5, "held"), meeting(35)), low_ratings=(rated,))
    crosses(story, "low_rating", 6, None, "amber")
    again = pair(meetings=(meeting(5, "held"), meeting(35, "held")), low_ratings=(rated,))
    assert level(again, "low_rating", after(36)) is None


def test_accounts_that_differ_are_the_pairs_own_affair_until_twice_in_a_row() -> None:
    """`moved?` is offered on the spot, so no nudge follows; two in a row are on the list."""
    once, twice = meeting(3, "held", "missed"), meeting(6, "held", "moved")
    story = pair(meetings=(once,))
    assert level(story, "accounts_differ", after(4)) == "pair"
    crosses(pair(meetings=(once, twice)), "accounts_differ", 6 + 1 / 24, "pair", "amber")
    agreed = pair(meetings=(once, meeting(5, "held", "held"), twice))
    assert level(agreed, "accounts_differ", after(9)) == "pair"
    assert not [s for _, s in live(story, after(5))[1] if isinstance(s, Nudge)]


def test_blocked_alone_says_nothing_and_with_a_meeting_signal_it_is_amber() -> None:
    """Blocking the bot is an answer; only a pair that has gone quiet as well is listed."""
    met = pair(meetings=(meeting(1, "held"), meeting(30)))
    assert not signals(blocked(met, 2), after(20))
    crosses(blocked(pair(), 2), "unreachable", 5, None, "amber")
    crosses(blocked(pair(), 6), "unreachable", 6, None, "amber")


def test_help_is_red_at_once_and_until_the_supervisor_answers() -> None:
    """A call for help does not lapse by itself."""
    story = pair(pings=(help_call(2),))
    crosses(story, "help_asked", 2, None, "red")
    assert level(story, "help_asked", after(60)) == "red"
    answered = replace(help_call(2), silent_until=after(4))
    assert level(pair(pings=(answered,)), "help_asked", after(5)) is None
    again = pair(pings=(answered, help_call(3)))
    assert speaks(again, "help_asked", after(5)) == Signal(
        "help_asked", "red", after(3), (), (("days", 0),)
    )


def test_two_ambers_stay_amber() -> None:
    """Rules, not scores: they do not add up."""
    story = pair(
        meetings=(meeting(5, "held"),),
        low_ratings=(LowRating(ANA, after(6)),),
        proposals=(offer(ANA, 6),),
    )
    said = signals(story, after(51))
    assert [signal.level for signal in said] == ["amber"] * 4
    assert standing(story, after(51)) == "amber"


def test_signals_come_strongest_first() -> None:
    """A list shows the first one."""
    story = pair(proposals=(offer(ANA, 20),), pings=(help_call(22),))
    said = signals(story, after(27))
    assert [(signal.rule, signal.level) for signal in said] == [
        ("help_asked", "red"),
        ("never_met", "amber"),
        ("proposals_unanswered", "pair"),
    ]


def test_a_pair_that_meets_every_forty_days_by_agreement_is_never_accused() -> None:
    """Most of the successful pairs of the pilot met about 40 days apart."""
    meetings: tuple[MeetingFact, ...] = (meeting(10),)
    for hours in range(0, 200 * 24, 6):
        now = BEGAN + hours * HOUR
        latest = meetings[-1]
        if not latest.accounts and latest.ends_at + 5 * HOUR <= now:
            ended = (latest.ends_at - BEGAN) / DAY
            booked = (now - BEGAN) / DAY
            meetings = (*meetings[:-1], meeting(ended, "held"), meeting(ended + 40, booked=booked))
        story = pair(40, meetings=meetings)
        assert standing(story, now) == "well"
        assert next_step(story, now) is None


# Clocks that stop


@pytest.mark.parametrize("what", ["pauses", "closures"])
def test_a_pause_and_a_holiday_stop_the_clock(what: str) -> None:
    """Ten days away put every line off by ten days."""
    away: dict[str, Any] = {what: (Span(after(3), after(13)),)}
    story = pair(**away)
    crosses(story, "never_met", 15, None, "pair")
    crosses(story, "never_met", 38, "amber", "red")
    met = replace(story, meetings=(meeting(1, "held"),))
    crosses(met, "not_held", 71, "amber", "red")


def test_nothing_speaks_in_a_pause_before_the_start_or_after_the_end() -> None:
    """A pause needs no reason and gives rest from every rule."""
    story = pair(pauses=(Span(after(40), after(50)),))
    assert standing(story, after(39)) == "red"
    for quiet, now, expected in [
        (story, after(40), "paused"),
        (story, BEGAN - MINUTE, "waiting"),
        (replace(story, began_at=None), after(60), "waiting"),
        (replace(story, ended_at=after(39)), after(39), "ended"),
        (replace(story, ends_on=date(2026, 2, 28)), after(39), "ended"),
        (replace(story, mentor=replace(story.mentor, paused_until=after(40))), after(39), "paused"),
    ]:
        assert not signals(quiet, now)
        assert next_step(quiet, now) is None
        assert standing(quiet, now) == expected
    assert standing(story, after(50)) == "red"


def test_standing_names_where_a_pair_is() -> None:
    """`quiet` is between the bot and the pair; a supervisor's list begins at amber."""
    days = {1: "well", 5: "quiet", 21: "amber", 28: "red"}
    assert {day: standing(pair(), after(day)) for day in days} == days


# What is done


def test_a_pair_that_never_meets_hears_first_reads_the_words_and_is_pinged_once() -> None:
    """The whole ladder, and at three rhythms each is asked separately; then the bot is quiet."""
    _, steps = live(pair(), after(400))
    assert deeds(steps) == [
        (5, "Nudge", "never_met"),
        (10, "Nudge", "never_met"),
        (25, "ShowPing", "never_met"),
        (28, "SendPing", "never_met"),
        (90, "AskHowToGoOn", ""),
        (90, "AskHowToGoOn", ""),
    ]
    asked = [step.person for _, step in steps if isinstance(step, AskHowToGoOn)]
    assert asked == [ANA, BEN]
    subjects = [step.subject for _, step in steps if isinstance(step, Nudge)]
    assert subjects == [f"since:{BEGAN.isoformat()}:1", f"since:{BEGAN.isoformat()}:2"]


@RHYTHMS
def test_a_pair_that_stops_meeting(rhythm: int) -> None:
    """The words are shown three days before 2 R, and the values shown are those that are sent."""
    _, steps = live(pair(rhythm, meetings=(meeting(1, "held"),)), after(1 + 2 * rhythm))
    shown = next((at, step) for at, step in steps if isinstance(step, ShowPing))
    sent = next((at, step) for at, step in steps if isinstance(step, SendPing))
    assert (shown[0], sent[0]) == (after(2 * rhythm - 2), after(2 * rhythm + 1))
    assert shown[1].values == sent[1].values == (("days", 2 * rhythm),)
    assert sent[1].shown_at == shown[0]


def test_words_shown_late_are_sent_late() -> None:
    """After an outage the three days are theirs all the same."""
    story = done(pair(), ShowPing("never_met", BEGAN, (ANA, BEN), ()), after(40))
    _, steps = live(story, after(50), since=after(40))
    assert (43, "SendPing", "never_met") in deeds(steps)


def test_a_closure_within_the_three_days_does_not_shorten_them() -> None:
    """Nobody is at their desk to read what is about to be sent."""
    story = pair(closures=(Span(after(26), after(31)),))
    _, steps = live(story, after(60))
    assert [deed for deed in deeds(steps) if "Ping" in deed[1]] == [
        (25, "ShowPing", "never_met"),
        (33, "SendPing", "never_met"),
    ]


@pytest.mark.parametrize(
    "meanwhile",
    [
        {"meetings": (meeting(1, "held"), meeting(80, booked=60))},
        {"meetings": (meeting(1, "held"), meeting(59, "held", booked=58))},
        {"pauses": (Span(after(59), after(80)),)},
        {"ended_at": after(59)},
    ],
    ids=["booked", "met", "paused", "ended"],
)
def test_a_notice_that_became_pointless_is_withdrawn(meanwhile: dict[str, Any]) -> None:
    """What they read will not be sent, and they are told so."""
    story, steps = live(pair(meetings=(meeting(1, "held"),)), after(59))
    assert deeds(steps)[-1] == (58, "ShowPing", "not_held")
    changed, more = live(replace(story, **meanwhile), after(75), since=after(60))
    assert deeds(more)[0] == (60, "WithdrawPing", "not_held")
    assert not any(ping.sent_at for ping in changed.pings)


def test_a_notice_withdrawn_may_be_shown_again() -> None:
    """A pause takes the ping back; a pair still quiet a day after it reads the words anew."""
    story, _ = live(pair(), after(26))
    paused = replace(story, pauses=(Span(after(26), after(36)),))
    _, steps = live(paused, after(60), since=after(26))
    assert deeds(steps) == [
        (26, "WithdrawPing", "never_met"),
        (37, "ShowPing", "never_met"),
        (40, "SendPing", "never_met"),
    ]


def test_without_anybody_to_tell_nothing_is_announced_and_what_was_is_taken_back() -> None:
    """The pair hears for itself all the same."""
    _, steps = live(pair(supervised=False), after(60))
    assert {deed[1] for deed in deeds(steps)} == {"Nudge"}
    story, _ = live(pair(), after(26))
    _, steps = live(replace(story, supervised=False), after(60), since=after(26))
    assert deeds(steps) == [(26, "WithdrawPing", "never_met")]


def test_two_pings_are_fourteen_days_apart_and_the_notice_three_before() -> None:
    """However many rules speak; the second pair of words is shown when its ping could be sent."""
    earlier = Ping("low_rating", after(52), after(52))
    story = pair(meetings=(meeting(1, "held"),), pings=(earlier,))
    _, steps = live(story, after(100), since=after(53))
    assert [deed for deed in deeds(steps) if "Ping" in deed[1]] == [
        (63, "ShowPing", "not_held"),
        (66, "SendPing", "not_held"),
    ]


def test_a_ping_that_was_shown_waits_fourteen_days_after_a_call_for_help() -> None:
    """The supervisor has just heard from this pair."""
    story, _ = live(pair(), after(26))
    called = replace(story, pings=(*story.pings, help_call(26)))
    _, steps = live(called, after(60), since=after(26))
    assert deeds(steps) == [(40, "SendPing", "never_met")]


def test_not_a_problem_silences_that_rule_and_no_other() -> None:
    """Until then the rule says nothing, and afterwards it does not ping again."""
    sent = Ping("never_met", after(25), after(28), silent_until=after(58))
    story = pair(pings=(sent,), proposals=(offer(ANA, 27),))
    crosses(story, "never_met", 58, None, "red")
    assert level(story, "proposals_unanswered", after(40)) == "pair"
    _, steps = live(story, after(89), since=after(29))
    assert {deed[1] for deed in deeds(steps)} == {"Nudge"}
    longer = replace(story, pings=(replace(sent, silent_until=after(100)),))
    _, steps = live(longer, after(200), since=after(29))
    assert (100, "AskHowToGoOn", "") in deeds(steps)
    assert (90, "AskHowToGoOn", "") not in deeds(steps)


def test_a_new_occurrence_is_pinged_again() -> None:
    """Once per occurrence: a meeting held since then begins another one."""
    sent = Ping("not_held", after(58), after(61))
    story = pair(meetings=(meeting(1, "held"), meeting(70, "held")), pings=(sent,))
    _, steps = live(story, after(131), since=after(71))
    assert (130, "SendPing", "not_held") in deeds(steps)


def test_who_stopped_or_blocked_is_left_in_peace() -> None:
    """Blocking is an answer; the one who is still here goes on being asked."""
    steps = [step for _, step in live(blocked(pair(), 6), after(100))[1]]
    assert [step.to for step in steps if isinstance(step, Nudge | ShowPing)] == [(ANA,)] * 3
    assert [step.person for step in steps if isinstance(step, AskHowToGoOn)] == [ANA]


def test_where_one_has_stopped_the_other_is_left_in_peace_too() -> None:
    """There is nothing to do, she read. What was announced is taken back; the list knows still."""
    story, _ = live(pair(), after(26))
    gone = replace(story, mentor=replace(story.mentor, stopped_at=after(26)))
    _, steps = live(gone, after(200), since=after(26))
    assert deeds(steps) == [(26, "WithdrawPing", "never_met")]
    assert standing(gone, after(40)) == "red"


def test_one_who_is_left_alone_silences_nobody() -> None:
    """Ana lets everything go by: Ben hears all that is his, and she reads the words before Cleo."""
    alone = pair(mentee=replace(pair().mentee, ignored=3))
    _, steps = live(alone, after(30))
    assert [step.to for _, step in steps if isinstance(step, Nudge)] == [(BEN,)]
    assert [step.to for _, step in steps if isinstance(step, ShowPing)] == [(ANA, BEN)]
    assert deeds(steps)[-1] == (28, "SendPing", "never_met")


def test_one_rule_that_has_to_wait_for_somebody_holds_no_other_up() -> None:
    """Ana would be first to hear that no date stands; Ben may hear what both are to hear."""
    full = replace(pair().mentee, pushed=(after(4), after(4.5)))
    dropped = (meeting(20, dropped=1), meeting(25, dropped=2))
    step = next_step(pair(mentee=full, meetings=dropped), after(8))
    assert isinstance(step, Nudge)
    assert (step.rule, step.to) == ("called_off_in_a_row", (BEN,))


def test_whoever_was_left_out_hears_it_when_they_may() -> None:
    """The stage is said to each once: to Ben at once, to Ana when her week has room again."""
    full = replace(pair().mentee, pushed=(after(6), after(9)))
    story, steps = live(pair(mentee=full), after(10), since=after(10))
    assert [step.to for _, step in steps if isinstance(step, Nudge)] == [(BEN,)]
    _, steps = live(story, after(20), since=after(10))
    assert [(at, step.to) for at, step in steps if isinstance(step, Nudge)] == [(after(13), (ANA,))]


def test_an_outage_says_only_the_latest_stage() -> None:
    """Who was away for three weeks does not get three weeks of nudges at once."""
    _, steps = settle(pair(), after(22))
    assert [(step.subject[-2:], step.to) for _, step in steps if isinstance(step, Nudge)] == [
        (":2", (ANA, BEN))
    ]


def test_who_reads_the_words_of_a_ping_is_not_nudged_as_well() -> None:
    """Two messages about one thing are one too many."""
    story, steps = settle(pair(), after(26))
    assert deeds(steps) == [(26, "ShowPing", "never_met")]
    assert deeds(live(story, after(89), since=after(26))[1]) == [(29, "SendPing", "never_met")]


def test_how_to_go_on_is_not_asked_of_a_pair_with_a_date() -> None:
    """They have answered that question by booking."""
    story = pair(meetings=(meeting(1, "held"), meeting(120)))
    assert not [s for _, s in live(story, after(119))[1] if isinstance(s, AskHowToGoOn)]


def test_what_was_tried_is_told_without_saying_by_whom() -> None:
    """Never who of the two was slower: only that there was a word, or times."""
    story, _ = live(pair(), after(6))
    offered = replace(story, proposals=(offer(ANA, 5),))
    assert tried(pair(), BEGAN) == "tried_nothing"
    assert tried(story, BEGAN) == "tried_a_word"
    assert tried(offered, BEGAN) == "tried_both"
    assert tried(replace(offered, opened=()), BEGAN) == "tried_times"


@pytest.mark.parametrize(
    ("story", "now", "change"),
    [
        (pair(), after(0), after(5)),
        (pair(began_at=after(2)), after(0), after(7)),
        (
            pair(meetings=(meeting(1, "held"), meeting(70), meeting(90, dropped=71))),
            after(71),
            after(73),
        ),
        (
            pair(meetings=(meeting(1, "missed"), meeting(2, "missed"), meeting(9))),
            after(2),
            after(12),
        ),
        (
            pair(pings=(Ping("never_met", after(25), after(28), None, after(58)),)),
            after(29),
            after(90),
        ),
        (pair(meetings=(meeting(1, "held"), meeting(60))), after(1), after(63)),
        (pair(ended_at=after(3)), after(1), None),
    ],
    ids=["first line", "to begin", "no word", "fate", "three rhythms", "shown", "never"],
)
def test_the_next_change(story: PairStory, now: datetime, change: datetime | None) -> None:
    """Woken at the instant itself, neither a minute late nor for nothing."""
    story, _ = settle(story, now)
    assert next_change(story, now) == change


# Properties of any life


@settings(max_examples=60, deadline=None)
@given(stories())
def test_the_next_change_is_never_late_and_never_idle(drawn: tuple[PairStory, datetime]) -> None:
    """Every hour until then says what is said now; at that instant something is new."""
    story, now = drawn
    said = next_step(story, now)
    change = next_change(story, now)
    for hours in range(1, 120 * 24, 3):
        moment = now + hours * HOUR
        if change is not None and moment >= change:
            break
        assert next_step(story, moment) == said
    if change is not None:
        assert change > now
        assert next_step(story, change) != said


Event = tuple[int, str]
events = st.lists(
    st.tuples(
        st.integers(1, 300), st.sampled_from(["book", "tell", "drop", "offer", "pause", "help"])
    ),
    max_size=12,
).map(sorted)


def happens(story: PairStory, what: str, day: int) -> PairStory:
    """Give the story after the pair did something on that day."""
    now, last = after(day), story.meetings[-1] if story.meetings else None
    match what:
        case "book" if last is None or last.ends_at < now:
            booked = meeting(day + 20 + 0.5, booked=day)
            return replace(story, meetings=(*story.meetings, booked))
        case "tell" if last and last.ends_at < now and not last.dropped_at:
            told = replace(last, accounts=(AccountGiven(ANA, "held", now),))
            return replace(story, meetings=(*story.meetings[:-1], told))
        case "drop" if last and last.starts_at > now:
            return replace(story, meetings=(*story.meetings[:-1], replace(last, dropped_at=now)))
        case "offer":
            return replace(story, proposals=(*story.proposals, offer(ANA, day)))
        case "pause":
            return replace(story, pauses=(*story.pauses, Span(now, now + 9 * DAY)))
        case "help":
            return replace(story, pings=(*story.pings, help_call(day)))
    return story


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([7, 14, 30, 42]), events)
@example(7, [(8, "book"), (34, "book"), (47, "drop")])
def test_in_any_life_pings_are_rare_and_foretold(rhythm: int, things: list[Event]) -> None:
    """Never two in 14 days, nor after a call for help; each read three days before."""
    story, now, steps = pair(rhythm), BEGAN, list[tuple[datetime, StallStep]]()
    for day, what in [*things, (500, "end")]:
        story, more = live(story, after(day), since=now)
        story, now = happens(story, what, day), after(day)
        steps += more
    sent = [(at, step) for at, step in steps if isinstance(step, SendPing)]
    for at, step in sent:
        assert at - step.shown_at >= 3 * DAY
        told = [ping.sent_at for ping in story.pings if ping.sent_at]
        assert all(not timedelta() < at - other < 14 * DAY for other in told)
    assert len({(step.rule, step.since) for _, step in sent}) == len(sent)
    assert {step.rule for _, step in steps if isinstance(step, ShowPing)} <= {*TO_A_SUPERVISOR}
    assert {step.rule for _, step in steps if isinstance(step, Nudge)} <= {*TO_THE_PAIR}
    nudges = [
        (step.subject, step.rule, person)
        for _, step in steps
        if isinstance(step, Nudge)
        for person in step.to
    ]
    assert len(set(nudges)) == len(nudges)


@settings(max_examples=150, deadline=None)
@given(stories(), st.integers(0, 4000))
def test_no_signal_in_any_pause(drawn: tuple[PairStory, datetime], hours: int) -> None:
    """A rest from every rule; what was shown is taken back."""
    story, now = drawn[0], BEGAN + hours * HOUR
    if any(span.start <= now < span.end for span in story.pauses):
        assert not signals(story, now)
        step = next_step(story, now)
        assert step is None or isinstance(step, WithdrawPing)


# The words


def lines() -> Iterator[tuple[str, str]]:
    """Read the words as they are written: each line's name and its text."""
    text = (files("prompts") / "en" / "stall.md").read_text("utf-8")
    for part in text.split("\n## ")[1:]:
        name, _, body = part.partition("\n")
        yield name, body


def test_every_rule_that_speaks_has_its_words() -> None:
    """One without words would fail in front of a person; words that nobody reads mislead."""
    expected = {f"{rule}_pair" for rule in TO_THE_PAIR}
    expected |= {f"{rule}_supervisor" for rule in TO_A_SUPERVISOR}
    outcomes = {"tried_nothing", "tried_a_word", "tried_times", "tried_both"}
    assert {name for name, _ in lines()} == expected | outcomes


@pytest.mark.parametrize(("name", "body"), [*lines()], ids=[name for name, _ in lines()])
def test_the_words_are_calm_and_name_what_a_person_may_know(name: str, body: str) -> None:
    """No exclamation, nobody named but the pair, and every rule says since when."""
    assert "!" not in body
    assert set(re.findall(r"\{\{ (\w+)", body)) <= {"since", "days", "pair", "tried"}
    if name.startswith("tried_"):
        return
    assert "{{ since|day }}" in body
    assert ("{{ pair }}" in body) == name.endswith("_supervisor")
