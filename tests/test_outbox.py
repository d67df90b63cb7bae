"""The outbox: each person's messages in order, outside their quiet hours, each of them once."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from bot import outbox
from bot.deeds import perform
from bot.deeds.announcements import show_progress
from bot.outbox import BEFORE_BELIEVING, FIRST_PAUSE, LEASE, LONGEST_PAUSE, Leased
from bot.platforms import NOT_BEGUN, AnswerLost, Begun, NotNow, Realm, Refused
from bot.roster import Roster
from bot.settings import Closure, Programme
from bot.store import tables
from bot.store.database import open_store, session_on
from bot.stories import hours_of
from bot.talks import write_begun
from bot.turn import Saying, Setup, Turn, put
from conversations.announce import StopAnnouncement
from conversations.quiet import is_quiet
from tests.crashes import undone
from tests.world import MONDAY, World

PUSHED = ("relay", "nudge", "reminder", "notice", "invitation", "announcement")
EVENING = MONDAY.replace(hour=21)
FRIDAY_EVENING = MONDAY + timedelta(days=4, hours=11)


def tell(
    turn: Turn, person: int, nature: str, line: str, *, until: datetime | None = None
) -> tables.Message:
    """Put one line in the outbox, as a conversation of that nature would."""
    talk = write_begun(
        turn.session,
        turn.now,
        name="help_me",
        version=1,
        arguments={},
        about=f"{line}:{person}",
        nature=nature,
        expires_at=until,
    )
    speaker = {"reply": person, "relay": person + 1}.get(nature)
    announcement = None
    if nature == "announcement":
        sent = tables.Announcement(author_id=person, words=line, at=turn.now)
        turn.session.add(sent)
        turn.session.flush()
        announcement = sent.id
    turn = Turn(turn.roster, turn.setup, turn.now, speaker)
    saying = Saying(person, line, [[line, "plain", ""]])
    assert put(turn, saying, talk, step=0, announcement=announcement)
    message = turn.session.scalars(
        select(tables.Message).order_by(tables.Message.id.desc()).limit(1)
    ).one()
    assert message.nature == nature
    return message


def told(world: World, name: str, *told: tuple[str, str], until: datetime | None = None) -> None:
    """Put lines in the outbox for somebody, each with its nature."""
    with world.turn() as turn:
        for nature, line in told:
            tell(turn, world.ids[name], nature, line, until=until)


def texts(world: World, *names: str) -> list[str]:
    """Give what reached these people, in order; parts of one message joined by a plus."""
    return [
        "+".join("".join(run.text for run in part.runs) for part in each.parts)
        for each in world.phone.received
        if each.name in names
    ]


@pytest.fixture
def here(world: World) -> World:
    """Ana and Fay are here, their partners not: only what a test puts there is to be said."""
    world.join("Ana", "Fay")
    world.phone.received.clear()
    return world


def test_a_part_tells_which_question_it_asks(world: World) -> None:
    """A platform that opens a window for words needs it where there is no button."""
    world.come("Ana")
    parts = [part for each in world.phone.received for part in each.parts]
    assert {part.question for part in parts if part.manner == "say"} <= {""}
    asking = [part for part in parts if part.manner != "say"]
    assert asking
    for part in asking:
        assert part.question.count(".") == 1
        assert all(choice.data.startswith(f"{part.question}.") for choice in part.choices)


# Order


def test_each_persons_messages_keep_their_order(here: World) -> None:
    """Fay does not wait for Ana."""
    told(here, "Ana", ("reply", "one"), ("relay", "two"), ("notice", "three"))
    told(here, "Fay", ("reply", "four"), ("reply", "five"))
    here.phone.will("Ana", NotNow("busy"))
    here.deliver()
    assert texts(here, "Ana", "Fay") == ["four"]
    here.settle()
    assert texts(here, "Fay") == ["four", "five"]
    here.let_pass(minutes=1)
    assert texts(here, "Ana") == ["one", "two", "three"]


@pytest.mark.parametrize(
    "trouble", [NotNow("busy"), NotNow("slowly", timedelta(minutes=3)), Refused("?")]
)
def test_nothing_overtakes_what_is_tried_again(here: World, trouble: Exception) -> None:
    """An answer read before its question makes no sense."""
    told(here, "Ana", ("reply", "one"), ("reply", "two"))
    here.phone.will("Ana", trouble)
    here.settle()
    told(here, "Ana", ("reply", "three"))
    here.settle()
    assert texts(here, "Ana") == []
    here.let_pass(hours=2)
    assert texts(here, "Ana") == ["one", "two", "three"]


def test_while_something_waits_behind_another_the_heartbeat_rests(here: World) -> None:
    """A moment in the past, at which nothing can be done, would keep it beating without end."""
    told(here, "Ana", ("reply", "one"), ("reply", "two"))
    here.phone.will("Ana", NotNow("slowly", timedelta(minutes=3)))
    here.settle()
    assert here.next_moment() == here.now + timedelta(minutes=3)
    told(here, "Ana", ("reply", "three"))
    here.settle()
    assert here.next_moment() == here.now + timedelta(minutes=3)


def test_a_reply_overtakes_an_announcement(here: World) -> None:
    """Whoever pressed a button does not wait for a broadcast to two hundred."""
    told(here, "Ana", ("announcement", "to all"))
    told(here, "Fay", ("announcement", "to all"))
    told(here, "Fay", ("reply", "to Fay"))
    with here.store.transaction() as session:
        (first,) = outbox.lease_due(session, here.setup.programme, here.now, most=1)
    assert (first.delivery.person, first.delivery.nature) == (here.ids["Fay"], "reply")


def test_a_push_that_waits_for_the_morning_holds_up_no_reply(here: World) -> None:
    """It was tried once before the evening came; she can talk with the bot all night."""
    here.now = MONDAY.replace(hour=17, minute=59, second=58)
    told(here, "Ana", ("relay", "pushed"))
    here.phone.will("Ana", NotNow("busy"))
    here.let_pass(minutes=5)
    told(here, "Ana", ("reply", "answered"))
    here.settle()
    assert texts(here, "Ana") == ["answered"]
    here.go_to(MONDAY + timedelta(days=1))
    assert texts(here, "Ana") == ["answered", "pushed"]


# Quiet hours


def test_what_is_pushed_waits_for_the_persons_own_morning(here: World) -> None:
    """Ana's morning in Madrid is an hour before Fay's in Lisbon."""
    here.now = EVENING
    for name in ("Ana", "Fay"):
        told(here, name, *((nature, nature) for nature in PUSHED))
    here.go_to(datetime(2026, 3, 3, 6, 59, 59, tzinfo=UTC))
    assert texts(here, "Ana", "Fay") == []
    here.go_to(datetime(2026, 3, 3, 7, 0, tzinfo=UTC))
    assert sorted(texts(here, "Ana")) == sorted(PUSHED)
    assert texts(here, "Fay") == []
    here.go_to(datetime(2026, 3, 3, 8, 0, tzinfo=UTC))
    assert sorted(texts(here, "Fay")) == sorted(PUSHED)


def test_a_reply_goes_out_at_any_hour(here: World) -> None:
    """They are awake: they have just written."""
    here.now = EVENING
    told(here, "Ana", ("reply", "answered"))
    here.settle()
    assert texts(here, "Ana") == ["answered"]


def test_what_is_pushed_waits_for_monday(here: World) -> None:
    """The clocks go forward in that weekend: eight in the morning is an hour sooner."""
    here.now = FRIDAY_EVENING + timedelta(weeks=3)
    told(here, "Ana", *((nature, nature) for nature in PUSHED))
    here.let_pass(days=5)
    assert sorted(texts(here, "Ana")) == sorted(PUSHED)
    assert {each.at for each in here.phone.received} == {datetime(2026, 3, 30, 6, 0, tzinfo=UTC)}


def test_after_an_outage_what_is_pushed_waits_for_the_morning(here: World) -> None:
    """The line comes back at ten in the evening."""
    here.phone.down = True
    told(here, "Ana", ("relay", "pushed"), ("notice", "pushed too"))
    here.go_to(EVENING)
    here.phone.down = False
    here.go_to(datetime(2026, 3, 3, 6, 59, tzinfo=UTC))
    assert texts(here, "Ana") == []
    here.go_to(datetime(2026, 3, 3, 7, 0, tzinfo=UTC))
    assert texts(here, "Ana") == ["pushed", "pushed too"]


def test_new_quiet_hours_hold_for_what_waits_already(here: World) -> None:
    """She asks for peace until nine; what was to come at eight comes at nine."""
    here.now = EVENING
    told(here, "Ana", ("relay", "pushed"))
    here.type("Ana", "quiet hours")
    here.press("Ana", "Other quiet hours")
    here.press("Ana", "From 18:00 to 9:00")
    here.phone.received.clear()
    here.let_pass(days=1)
    assert [each.at for each in here.phone.received] == [datetime(2026, 3, 3, 8, 0, tzinfo=UTC)]


def test_a_pause_holds_back_the_nudges_and_announcements_that_wait_already(here: World) -> None:
    """What was put on Friday evening does not arrive on Monday, when she has paused on Saturday."""
    here.now = FRIDAY_EVENING
    told(here, "Ana", ("nudge", "a nudge"), ("announcement", "to all"), ("reminder", "a meeting"))
    here.now += timedelta(days=1)
    here.type("Ana", "pause")
    here.press("Ana", "Two weeks")
    here.phone.received.clear()
    here.let_pass(days=8)
    assert texts(here, "Ana") == ["a meeting"]
    monday = datetime(2026, 3, 23, 7, 0, tzinfo=UTC)
    here.go_to(monday + timedelta(hours=23))
    assert here.got("Ana", monday) == ["pause_is_over"]
    here.let_pass(hours=1)
    assert {"a nudge", "to all"} <= set(texts(here, "Ana"))


MOMENTS = st.integers(0, 14 * 24 * 60).map(lambda minutes: MONDAY + timedelta(minutes=minutes))
ZONES = ["Europe/Madrid", "Europe/Dublin", "Pacific/Auckland", "America/Toronto", "Asia/Kolkata"]
WALL_TIMES = st.sampled_from([time(0), time(8), time(9), time(12, 30), time(18), time(22)])
OUTCOMES = st.sampled_from(
    ["sent", "sent", "not now", "not now", "in ten hours", "refused", "lost", "killed"]
)


@settings(
    max_examples=60,
    deadline=None,
    # Each example ends in a rollback, so that all of them may share one database.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    zone=st.sampled_from(ZONES),
    quiet=st.tuples(WALL_TIMES, WALL_TIMES),
    put_at=st.lists(
        st.tuples(MOMENTS, st.sampled_from(("reply", *PUSHED))), min_size=1, max_size=6
    ),
    tried_at=st.lists(st.tuples(MOMENTS, OUTCOMES), min_size=4, max_size=20),
    paused=st.tuples(MOMENTS, MOMENTS),
)
def test_no_push_ever_leaves_in_quiet_hours(
    here: World,
    zone: str,
    quiet: tuple[time, time],
    put_at: list[tuple[datetime, str]],
    tried_at: list[tuple[datetime, str]],
    paused: tuple[datetime, datetime],
) -> None:
    """Whenever it was put, however often it failed, whoever was killed meanwhile."""
    closed = Closure.model_validate({"from": "2026-03-12", "to": "2026-03-12"})
    setup = Setup(here.setup.words, Programme(closures=(closed,)))
    happenings = sorted([*put_at, *tried_at], key=lambda each: each[0])
    with undone(here.store) as connection, session_on(connection) as session:
        roster = Roster(session)
        ana = roster.person(here.ids["Ana"])
        roster.change(ana, zone=zone, quiet_from=quiet[0], quiet_to=quiet[1])
        hours = hours_of(ana, setup.programme)
        for now, what in happenings:
            if paused[0] <= now:
                roster.change(ana, paused_until=paused[1])
            if what in ("reply", *PUSHED):
                tell(Turn(roster, setup, now), ana.id, what, what)
                continue
            for leased in outbox.lease_due(session, setup.programme, now):
                assert leased.delivery.nature == "reply" or not is_quiet(now, hours)
                end_as(what, session, leased, now)


def end_as(what: str, session: Session, leased: Leased, now: datetime) -> None:
    """Let a delivery come to this."""
    match what:
        case "sent":
            outbox.mark_sent(session, leased, "reference", now)
        case "not now":
            outbox.mark_not_now(session, leased, "busy", now, None)
        case "in ten hours":
            outbox.mark_not_now(session, leased, "busy", now, timedelta(hours=10))
        case "refused":
            outbox.mark_refused(session, leased, "blocked", now)
        case "lost":
            outbox.mark_unknown(session, leased)
        case "killed":
            outbox.take_back(session, now, all_of_them=True)


# Nudges together


def test_two_nudges_due_together_become_one_message(here: World) -> None:
    """One buzz in the pocket, two things to read; a third comes by itself, and so does all else."""
    here.now = EVENING
    told(here, "Ana", ("nudge", "one"), ("notice", "alone"), ("nudge", "two"), ("nudge", "three"))
    here.let_pass(days=1)
    assert texts(here, "Ana") == ["one+two", "alone", "three"]
    one, two = here.messages("Ana", tables.Message.line.in_(("one", "two")))
    assert one.reference == two.reference
    assert one.sent_at == two.sent_at


def test_two_nudges_that_fail_together_are_tried_again_together(here: World) -> None:
    """Neither is lost, neither comes twice."""
    told(here, "Ana", ("nudge", "one"), ("nudge", "two"))
    here.phone.will("Ana", NotNow("busy"), NotNow("busy"))
    here.let_pass(minutes=5)
    assert texts(here, "Ana") == ["one+two"]


# Expired


def test_a_reminder_that_comes_too_late_is_buried_and_counted(here: World) -> None:
    """Nobody is reminded of a meeting that has begun."""
    here.phone.down = True
    told(here, "Ana", ("reminder", "in an hour"), until=here.now + timedelta(hours=1))
    told(here, "Ana", ("reply", "answered"))
    here.let_pass(hours=2)
    here.phone.down = False
    here.let_pass(hours=2)
    assert texts(here, "Ana") == ["answered"]
    (buried,) = here.messages("Ana", tables.Message.why == "expired")
    assert (buried.line, buried.state, buried.sent_at) == ("in an hour", "dead", None)


def test_a_reminder_that_just_makes_it_is_sent(here: World) -> None:
    """It expires at the meeting, not before."""
    told(here, "Ana", ("reminder", "in an hour"), until=here.now + timedelta(seconds=1))
    here.settle()
    assert texts(here, "Ana") == ["in an hour"]


# Refused


def test_a_refusal_is_believed_the_second_time_only(here: World) -> None:
    """Refusals pass: who believes the first loses people who never left."""
    told(here, "Ana", ("relay", "one"), ("relay", "two"))
    here.phone.will("Ana", Refused("bot was blocked"), Refused("bot was blocked"))
    here.settle()
    assert here.person("Ana").closed_at is None
    refused = here.now
    here.go_to(refused + BEFORE_BELIEVING)
    ana = here.person("Ana")
    assert (ana.closed_at, ana.closed_why) == (refused + BEFORE_BELIEVING, "bot was blocked")
    assert [row.state for row in here.messages("Ana", tables.Message.nature == "relay")] == [
        "dead"
    ] * 2
    tried = here.phone.tried
    told(here, "Ana", ("relay", "three"))
    here.let_pass(days=1)
    assert here.phone.tried == tried
    assert texts(here, "Ana") == []


def test_a_refusal_that_passes_closes_nothing(here: World) -> None:
    """An hour later it goes through, and what waited behind it too."""
    told(here, "Ana", ("relay", "one"), ("relay", "two"))
    here.phone.will("Ana", Refused("bot was blocked"))
    here.let_pass(hours=1)
    assert here.person("Ana").closed_at is None
    assert texts(here, "Ana") == ["one", "two"]


# Tried again


def test_pauses_grow_and_are_not_all_alike(here: World) -> None:
    """From five seconds to an hour, each half as long at least as it may be."""
    told(here, "Ana", ("reply", "one"))
    here.phone.down = True
    pauses = []
    for _ in range(14):
        here.settle()
        (message,) = here.messages("Ana", tables.Message.line == "one")
        pauses.append(message.not_before - here.now)
        here.now = message.not_before
    for place, pause in enumerate(pauses):
        longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2**place)
        assert longest / 2 <= pause <= longest
    assert all(later > earlier / 2 for earlier, later in pairwise(pauses))
    assert len(set(pauses[-5:])) > 1


def test_a_pause_that_the_platform_asks_for_is_kept(here: World) -> None:
    """To the second, and over a restart."""
    told(here, "Ana", ("reply", "one"))
    here.phone.will("Ana", NotNow("slowly", timedelta(seconds=47)))
    here.settle()
    with here.store.transaction() as session:
        assert outbox.take_back(session, here.now, all_of_them=True) == 0
    here.let_pass(seconds=46)
    assert texts(here, "Ana") == []
    here.let_pass(seconds=1)
    assert texts(here, "Ana") == ["one"]


# Leases


def taken_back(world: World, *, at_a_start: bool) -> int:
    """Take back what a dead courier held."""
    with world.store.transaction() as session:
        return outbox.take_back(session, world.now, all_of_them=at_a_start)


def test_a_leased_message_is_nobody_elses(here: World) -> None:
    """Two couriers do not send the same."""
    told(here, "Ana", ("reply", "one"), ("reply", "two"))
    assert len(here.lease()) == 1
    assert here.lease() == []


def test_what_a_killed_courier_held_is_sent_after_the_start(here: World) -> None:
    """Nothing is lost with it."""
    told(here, "Ana", ("nudge", "one"), ("nudge", "two"))
    here.lease()
    here.settle()
    assert texts(here, "Ana") == []
    assert taken_back(here, at_a_start=True) == 2
    here.settle()
    assert texts(here, "Ana") == ["one+two"]


def test_a_lease_that_has_not_run_out_is_left_alone(here: World) -> None:
    """Another courier may still be at work with it."""
    told(here, "Ana", ("reply", "one"))
    here.lease()
    here.now += LEASE - timedelta(seconds=1)
    assert taken_back(here, at_a_start=False) == 0
    here.now += timedelta(seconds=1)
    assert taken_back(here, at_a_start=False) == 1


def test_a_late_mark_from_a_sleeper_changes_nothing(here: World) -> None:
    """It fell asleep with the message in its hands; meanwhile another has sent it."""
    told(here, "Ana", ("reply", "one"))
    (sleepers,) = here.lease()
    here.now += LEASE
    taken_back(here, at_a_start=False)
    (others,) = here.lease()
    with here.store.transaction() as session:
        assert not outbox.mark_sent(session, sleepers, "late", here.now)
        assert not outbox.mark_not_now(session, sleepers, "late", here.now, None)
        assert not outbox.mark_unknown(session, sleepers)
        assert not outbox.mark_refused(session, sleepers, "late", here.now)
        assert outbox.mark_sent(session, others, "in time", here.now)
        assert not outbox.mark_sent(session, others, "twice", here.now)
    (message,) = here.messages("Ana", tables.Message.line == "one")
    assert (message.state, message.reference) == ("sent", "in time")


def test_a_late_refusal_from_a_sleeper_closes_no_address(here: World) -> None:
    """The second refusal counts only from whoever holds the lease."""
    told(here, "Ana", ("reply", "one"))
    here.phone.will("Ana", Refused("blocked"))
    here.settle()
    here.now += BEFORE_BELIEVING
    (sleepers,) = here.lease()
    here.now += LEASE
    taken_back(here, at_a_start=False)
    with here.store.transaction() as session:
        assert not outbox.mark_refused(session, sleepers, "blocked", here.now)
    assert here.person("Ana").closed_at is None


# Lost answers


def test_what_may_have_arrived_is_not_sent_again(here: World) -> None:
    """Its answer was lost: it stays unknown over days and restarts; what came after it goes on."""
    told(here, "Ana", ("reply", "one"), ("reply", "two"))
    here.phone.will("Ana", AnswerLost("timed out"))
    here.settle()
    taken_back(here, at_a_start=True)
    here.let_pass(days=3)
    assert texts(here, "Ana").count("one") == 1
    assert texts(here, "Ana")[:2] == ["one", "two"]
    (message,) = here.messages("Ana", tables.Message.line == "one")
    assert message.state == "unknown"


def test_what_may_be_there_says_so_when_it_is_handed_over_again(here: World) -> None:
    """A platform that can be asked looks for it first; what never went out is not doubted."""
    told(here, "Ana", ("reply", "one"), ("reply", "two"))
    with here.store.transaction() as session:
        [taken] = outbox.lease_due(session, here.setup.programme, here.now)
    assert taken.delivery.doubts == 0
    taken_back(here, at_a_start=True)
    with here.store.transaction() as session:
        [again] = outbox.lease_due(session, here.setup.programme, here.now)
        assert again.delivery.parts == taken.delivery.parts
        assert again.delivery.doubts == 1
        assert outbox.mark_doubtful(session, again, here.now)
    here.now += timedelta(minutes=1)
    with here.store.transaction() as session:
        [third] = outbox.lease_due(session, here.setup.programme, here.now)
        assert third.delivery.doubts == 2
        assert outbox.mark_sent(session, third, "there", here.now)
    with here.store.transaction() as session:
        [other] = outbox.lease_due(session, here.setup.programme, here.now)
    assert (other.delivery.parts[0].line, other.delivery.doubts) == ("two", 0)


def test_a_courier_takes_only_what_is_for_its_realm(here: World) -> None:
    """Each workspace's token speaks to its own people."""
    told(here, "Ana", ("reply", "one"))
    told(here, "Fay", ("reply", "two"))
    with here.store.transaction() as session:
        programme = here.setup.programme
        elsewhere = Realm("slack", "@C")
        assert outbox.lease_due(session, programme, here.now, realm=elsewhere) == []
        assert outbox.next_due(session, elsewhere) is None
        [taken] = outbox.lease_due(session, programme, here.now, realm=Realm("slack", "@F"))
        assert taken.delivery.address == "@Fay"
        assert outbox.take_back_in(session, elsewhere) == 0
        assert outbox.take_back_in(session, Realm("slack", "@F")) == 1


# Several calls


def one_more_call(world: World, calls: int) -> None:
    """Let the next message be handed over, and so many of its calls be answered by now."""
    [taken] = world.lease()
    with world.store.transaction() as session:
        assert outbox.mark_begun(session, taken, Begun(calls, f"call-{calls}"))


def test_what_has_begun_goes_on_where_it_stopped(here: World) -> None:
    """Over failures, over a kill, and over a second kill: what was answered is known."""
    told(here, "Ana", ("reply", "one"))
    [taken] = here.lease()
    assert taken.delivery.begun == NOT_BEGUN
    with here.store.transaction() as session:
        assert outbox.mark_begun(session, taken, Begun(1, "call-1"))
        assert not outbox.mark_begun(session, taken, Begun(2, "late"))
    for _ in range(2):
        [again] = here.lease()
        assert again.delivery.begun == Begun(1, "call-1")
        taken_back(here, at_a_start=True)
    here.phone.will("Ana", NotNow("busy"))
    here.deliver()
    here.now += LONGEST_PAUSE
    [again] = here.lease()
    assert (again.delivery.begun, again.delivery.doubts) == (Begun(1, "call-1"), 2)


def test_an_answer_counts_what_came_before_it_no_more(here: World) -> None:
    """A doubt, a refusal or a try was of the call that has been answered since."""
    told(here, "Ana", ("reply", "one"))
    here.phone.will("Ana", Refused("?"))
    here.settle()
    here.now += BEFORE_BELIEVING
    one_more_call(here, 1)
    here.phone.will("Ana", Refused("?"))
    here.settle()
    assert here.person("Ana").closed_at is None
    (message,) = here.messages("Ana", tables.Message.line == "one")
    assert (message.state, message.tries, message.doubts) == ("pending", 1, 0)


def test_what_has_begun_is_finished_first(here: World) -> None:
    """Even an announcement: a reply in the midst of a text would tear it apart."""
    told(here, "Ana", ("announcement", "to all"))
    one_more_call(here, 1)
    told(here, "Ana", ("reply", "one"))
    told(here, "Fay", ("reply", "two"))
    with here.store.transaction() as session:
        (first,) = outbox.lease_due(session, here.setup.programme, here.now, most=1)
    assert first.delivery.parts[0].line == "to all"


def test_two_nudges_that_have_begun_stay_together(here: World) -> None:
    """A third would change the text that is half there; one of them alone would, too."""
    soon = here.now + timedelta(seconds=30)
    told(here, "Ana", ("nudge", "one"), until=soon)
    told(here, "Ana", ("nudge", "two"))
    one_more_call(here, 1)
    told(here, "Ana", ("nudge", "three"))
    here.now = soon
    here.settle()
    assert texts(here, "Ana") == ["one+two", "three"]


# Announcements


def test_an_announcement_is_called_back_where_it_has_not_gone_out(here: World) -> None:
    """At eight in Madrid it has reached Ana; then Dana stops it, and Fay never reads it."""
    here.join("Dana")
    here.change("Dana", quiet_from=time(0), quiet_to=time(0))
    here.now = EVENING
    here.type("Dana", "announce")
    here.type("Dana", "We meet at ten, not at nine.")
    here.press("Dana", "Everyone")
    here.press("Dana", "Send it")
    assert "0 delivered, 2 waiting" in here.read("Dana")
    told(here, "Fay", ("notice", "something else"))
    here.go_to(datetime(2026, 3, 3, 7, 30, tzinfo=UTC))
    here.press("Dana", "How far now?")
    assert "1 delivered, 1 waiting" in here.read("Dana")
    here.press("Dana", "Stop the rest")
    assert "1 did not go out; 1 had already arrived" in here.read("Dana")
    here.let_pass(days=1)
    assert here.got("Ana")[-1] == "announcement"
    assert "announcement" not in here.got("Fay")
    assert texts(here, "Fay")[-1] == "something else"
    (called_back,) = here.messages("Fay", tables.Message.line == "announcement")
    assert (called_back.state, called_back.why) == ("dead", "called back")


def test_who_watches_an_announcement_sees_it_move(here: World) -> None:
    """Without asking: the message is drawn anew, and only where something has changed."""
    here.join("Dana")
    here.change("Dana", quiet_from=time(0), quiet_to=time(0))
    here.now = EVENING
    here.type("Dana", "announce")
    here.type("Dana", "We meet at ten, not at nine.")
    here.press("Dana", "Everyone")
    here.press("Dana", "Send it")
    here.go_to(datetime(2026, 3, 3, 7, 30, tzinfo=UTC))
    platform = here.person("Dana").platform
    with here.turn() as turn:
        assert (show_progress(turn), show_progress(turn)) == (1, 0)
        *_, drawn = outbox.stale(turn.session, Realm(platform), here.now, most=10)
    [(part, standing)] = drawn.redrawing.parts
    assert "1 delivered, 1 waiting" in "".join(run.text for run in part.runs)
    assert standing is not None
    assert standing.how is None


def test_what_is_on_its_way_cannot_be_called_back(here: World) -> None:
    """It counts as arrived, and nobody is told otherwise."""
    here.join("Dana")
    here.type("Dana", "announce")
    here.type("Dana", "We meet at ten, not at nine.")
    here.press("Dana", "Mentees")
    here.receive(here.event("Dana", "typed", text="Send it"))
    here.take()
    leased = here.lease()
    with here.turn("Dana") as turn:
        assert perform(StopAnnouncement(1), turn) == 0
    for each in leased:
        mark = here.hand_over(each)
        with here.store.transaction() as session:
            assert mark(session)
    assert "announcement" in here.got("Ana")


def test_an_announcement_that_has_begun_to_arrive_is_not_called_back(here: World) -> None:
    """Nobody is left with half of what a manager wrote."""
    told(here, "Ana", ("announcement", "to all"))
    one_more_call(here, 1)
    with here.turn() as turn:
        assert perform(StopAnnouncement(1), turn) == 0
    here.settle()
    assert texts(here, "Ana") == ["to all"]


# What it costs


def test_a_courier_reads_only_what_waits(sqlite_url: str) -> None:
    """Else it would read all that was ever sent, many times a second, slower from day to day."""
    store, asked = open_store(sqlite_url, "throwaway"), list[tuple[str, Any]]()

    @event.listens_for(store.engine, "before_cursor_execute")
    def keep(_: object, __: object, statement: str, values: Any, *___: object) -> None:
        if "FROM message" in statement:
            asked.append((statement, values))

    with store.transaction() as session:
        outbox.lease_due(session, Programme(), EVENING, realm=Realm("telegram"), but=[1, 2])
        outbox.next_due(session, Realm("telegram"))
        outbox.stale(session, Realm("telegram"), EVENING, 10)
    with store.reading() as session:
        found = [
            session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).first()
            for statement, values in asked
        ]
    store.close()
    for plan, index in zip(found, ("queue", "due", "stale"), strict=True):
        assert plan is not None
        assert f"ix_message_{index}" in plan.detail
