"""What conversations look up and do, answered by a real database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from bot.cohort import PairRow
from bot.deeds import find, perform
from bot.roster import Roster
from bot.store import tables
from bot.store.database import Store
from bot.telling import About, begin
from bot.turn import Setup, Turn
from conversations.announce import Apps
from conversations.meetings import DropMeeting
from conversations.round_a_meeting import LetSupervisorKnow, RateMeeting
from conversations.show_reflections import DeleteReflection
from conversations.stall import signals
from conversations.stalling import GoOn, MetAnyway
from tests.world import COHORT, PAIRS, World


def test_a_skipped_term_is_kept_as_it_stood(world: World) -> None:
    """Open, or as the other suggested it; both read it before a yes."""
    world.join("Ana", "Ben")
    world.let_pass(hours=3)
    world.receive(*world.typed("Ana", "skip", "skip", "Details, not themes", "skip", "skip"))
    world.settle()
    assert "• where you meet is left open" in world.read("Ana")
    assert "• details stay between you, themes may be shared" in world.read("Ben")
    world.press("Ben", "I'd change something")
    world.receive(*world.typed("Ben", "Every six weeks", "skip", "skip", "skip", "skip"))
    world.settle()
    world.press("Ana", "That suits me")
    pair = world.pair()
    assert pair.rhythm_days == 42
    assert pair.terms == {
        "rhythm": "42",
        "place": "",
        "between_us": "themes",
        "silence": "",
        "ending": "",
    }


def offered(world: World) -> list[datetime]:
    """Give the free times that were looked up last."""
    entry = tables.JournalEntry
    times: list[str] = world.rows(entry, entry.key.startswith("look FreeTimes"))[-1].outcome[
        "times"
    ]
    return [datetime.fromisoformat(at) for at in times]


def is_open(world: World, name: str, line: str) -> bool:
    """Whether the newest question of that line to somebody still waits for an answer."""
    [*_, message] = world.messages(name, tables.Message.line == line)
    talk, asked = message.conversation_id, tables.Question
    return bool(world.rows(asked, asked.conversation_id == talk, asked.closed_at.is_(None)))


def call_off(world: World, *places: int) -> list[datetime]:
    """Call meetings off by their place, from the first, and give when the others begin."""
    meetings = world.rows(tables.Meeting)
    gone = [meetings[place - 1].id for place in places]
    with world.store.transaction() as session:
        session.execute(
            update(tables.Meeting).where(tables.Meeting.id.in_(gone)).values(dropped_at=world.now)
        )
    return [meeting.starts_at for meeting in meetings if meeting.id not in gone]


def test_dates_are_offered_before_one_that_is_far_off(world: World) -> None:
    """Whoever books because nothing is near is not sent behind the far date."""
    world.booked()
    [far] = call_off(world, 1, 2)
    world.type("Ana", "book")
    times = offered(world)
    assert times
    assert all(world.now < at <= far - timedelta(days=15) for at in times)


def test_dates_follow_the_last_where_no_more_has_room_before_it(world: World) -> None:
    """Two months are full, and the third is looked for behind them."""
    world.booked()
    first, second = call_off(world, 3)
    world.type("Ana", "book")
    assert first < second
    assert all(at > second + timedelta(days=20) for at in offered(world))


def test_dates_that_were_found_elsewhere_are_not_sought_again(world: World) -> None:
    """The agreement goes on to booking; she types `book` beside it, and that is settled first."""
    world.join("Ana", "Ben")
    world.agree()
    assert world.got("Ana")[-1] == "which_times"
    world.type("Ana", "book")
    world.book()
    assert len(world.rows(tables.Meeting)) == 3
    assert not is_open(world, "Ana", "which_times")
    world.type("Ana", "2")
    assert world.got("Ben")[-1] == "booked"
    world.let_pass(days=2)
    assert len(world.rows(tables.Meeting)) == 3


def test_a_wish_for_dates_is_done_with_once_they_are_found(world: World) -> None:
    """Ben is asked by the agreement what suits him, while Ana has her own list open."""
    world.join("Ana", "Ben")
    world.agree()
    world.type("Ana", "1, 4, 7")
    world.type("Ana", "book")
    world.type("Ben", "1, 2, 3")
    assert world.got("Ana")[-1] == "booked"
    assert not is_open(world, "Ana", "which_times")


def test_a_meeting_to_be_moved_is_not_forgotten_over_new_dates(world: World) -> None:
    """Where it goes is another question than when the next ones are."""
    world.booked()
    move_the_first(world, "Ben")
    world.type("Ana", "book")
    world.book(picks="1")
    assert len(world.rows(tables.Meeting)) == 4
    assert is_open(world, "Ben", "move_to")


def test_whoever_asks_for_a_fourth_date_gets_one(world: World) -> None:
    """It is their wish, and as many as are left to three would be none; they read so before."""
    world.booked()
    world.type("Ana", "book")
    world.type("Ana", "1, 2, 3")
    assert "until three meetings lie ahead, and one in any case" in world.read("Ben")
    world.type("Ben", "1, 2, 3")
    assert len(world.rows(tables.Meeting)) == 4


def test_of_one_of_two_pairs_the_dates_are_found(store: Store, setup: Setup) -> None:
    """Ben mentors Ana and Eve; what he and Eve are choosing from stays open."""
    pairs = (PAIRS[0], PairRow("p2", "mentoring", "eve", "ben", "cleo"))
    world = World(store, setup, replace(COHORT, pairs=pairs))
    world.join("Ana", "Eve", "Ben")
    for name in ("Ana", "Eve"):
        world.type(name, "book")
        world.type(name, "1, 4, 7")
    world.press_data(
        "Ben", next(p for p in world.parts("Ben") if p.manner == "choosesome").choices[0].data
    )
    world.done("Ben")
    booked = [meeting.pair_id for meeting in world.rows(tables.Meeting)]
    assert booked == [world.pair("Eve").id]
    asked = tables.Question
    waiting = world.rows(
        asked,
        asked.person_id == world.ids["Ben"],
        asked.manner == "choosesome",
        asked.closed_at.is_(None),
    )
    assert len(waiting) == 1


def moved_after_it_was_held(world: World) -> None:
    """Let Ana say that they met and Ben that it moved, and both settle on a new time."""
    world.booked()
    first = world.rows(tables.Meeting)[0].starts_at
    world.go_to(first + timedelta(hours=2, minutes=30))
    world.press("Ana", "We met")
    world.press("Ben", "We moved it")
    world.press("Ben", "Help us find one")
    world.type("Ben", "1")
    offered = next(part for part in world.parts("Ana") if part.line == "move_suits")
    world.press_data("Ana", offered.choices[0].data)
    assert world.rows(tables.Meeting)[0].starts_at > world.now
    assert world.rows(tables.Account) == []


def test_nobody_is_asked_how_a_meeting_was_that_has_moved(world: World) -> None:
    """The question closes with the move; who presses an old button reads so."""
    moved_after_it_was_held(world)
    world.press("Ana", "4")
    assert world.replied("Ana")[0] == "old_button"
    world.go_to(world.rows(tables.Meeting)[0].starts_at + timedelta(hours=20))
    world.press("Ana", "We met")
    world.press("Ana", "4")
    assert world.replied("Ana")[0] == "rating_kept"


def test_a_rating_of_what_was_never_told_is_passed_over(world: World) -> None:
    """It may arrive with the move that made it needless."""
    moved_after_it_was_held(world)
    meeting = world.rows(tables.Meeting)[0].id
    for command in (
        RateMeeting(meeting, world.ids["Ana"], 1),
        LetSupervisorKnow(meeting, world.ids["Ana"]),
    ):
        with world.turn("Ana") as turn:
            perform(command, turn)
    assert world.rows(tables.Account) == []


def test_a_meeting_that_has_begun_is_not_called_off(world: World) -> None:
    """The question was open since the morning; it runs out when they are to sit together."""
    world.booked()
    first = world.rows(tables.Meeting)[0]
    world.go_to(first.starts_at - timedelta(hours=5))
    world.type("Ana", "my meetings")
    world.type("Ana", "1")
    world.press("Ana", "Call it off")
    assert is_open(world, "Ana", "really_drop")
    world.go_to(first.starts_at)
    assert not is_open(world, "Ana", "really_drop")
    world.press("Ana", "Call it off")
    assert world.replied("Ana")[0] == "old_button"
    assert "dropped_by_partner" not in world.got("Ben")
    with world.turn("Ana") as turn:
        assert perform(DropMeeting(first.id), turn) is None
    assert world.rows(tables.Meeting)[0].dropped_at is None


def test_a_meeting_that_has_begun_since_it_was_listed_is_left_alone(world: World) -> None:
    """And whoever presses it reads so."""
    world.booked()
    first = world.rows(tables.Meeting)[0].starts_at
    world.go_to(first - timedelta(hours=1))
    world.type("Ana", "my meetings")
    listed = world.parts("Ana")[0].choices[0]
    world.go_to(first)
    world.press_data("Ana", listed.data)
    assert world.replied("Ana")[0] == "no_longer_stands"


# Pauses


def pause(world: World, name: str, until: str) -> None:
    """Let somebody pause until a day."""
    world.type(name, f"pause until {until}")
    world.press(name, "Yes")


def move_the_first(world: World, name: str) -> None:
    """Let somebody ask to move the first of the meetings ahead."""
    world.type(name, "my meetings")
    world.press(name, next(c.label for c in world.parts(name)[0].choices))
    world.press(name, "Move it")


@pytest.mark.parametrize("name", ["Ana", "Ben"])
def test_a_meeting_is_offered_to_be_moved_behind_the_pause_of_either(
    world: World, name: str
) -> None:
    """Ana moves it, and one of the two is away until 25 March."""
    world.booked()
    pause(world, name, "25 March")
    move_the_first(world, "Ana")
    times = offered(world)
    asked = datetime(2026, 3, 25 if name == "Ana" else 26, tzinfo=UTC)
    assert times
    assert all(asked + timedelta(hours=12) < at < asked + timedelta(days=9) for at in times)


def test_whoever_moves_a_meeting_reads_when_the_other_is_asked(world: World) -> None:
    """And that it stands meanwhile; Ben is asked after his pause, and has his time for it."""
    world.booked()
    pause(world, "Ben", "25 March")
    move_the_first(world, "Ana")
    world.type("Ana", "1, 2")
    assert "Ben is paused until 25 March; I'll ask after that." in world.read("Ana")
    assert "Until then Fri 6 March, 16:00 stands" in world.read("Ana")
    world.go_to(datetime(2026, 3, 25, 23, tzinfo=UTC))
    assert "move_suits" not in world.got("Ben")
    world.go_to(datetime(2026, 3, 26, 12, tzinfo=UTC))
    asking = next(part for part in world.parts("Ben") if part.line == "move_suits")
    world.press_data("Ben", asking.choices[1].data)
    assert world.replied("Ben")[0] == "moved"
    assert "moved" in world.got("Ana")
    assert world.rows(tables.Meeting)[0].starts_at > world.now


def test_a_question_of_the_partners_does_not_lapse_in_a_pause(world: World) -> None:
    """He read it before he paused, with five days to answer; they are left when he is back."""
    world.booked()
    call_off(world, 1, 2, 3)
    world.type("Ana", "book")
    world.type("Ana", "3, 6, 9")
    world.let_pass(days=1)
    pause(world, "Ben", "9 March")
    world.go_to(datetime(2026, 3, 11, 12, tzinfo=UTC))
    settling = next(part for part in world.parts("Ben") if part.manner == "choosesome")
    world.press_data("Ben", settling.choices[0].data)
    world.done("Ben")
    assert world.got("Ben")[-1] == "booked"


def test_a_question_still_lapses_after_the_pause(world: World) -> None:
    """Five days, of which he had one before it and four after."""
    world.booked()
    call_off(world, 1, 2, 3)
    world.type("Ana", "book")
    world.type("Ana", "3, 6, 9")
    world.let_pass(days=1)
    pause(world, "Ben", "9 March")
    over = datetime(2026, 3, 9, tzinfo=UTC)
    closes = over + timedelta(days=4)
    world.go_to(closes - timedelta(minutes=1))
    assert is_open(world, "Ben", "these_suit")
    world.go_to(closes)
    assert not is_open(world, "Ben", "these_suit")


def test_nobody_is_asked_about_a_time_that_will_have_passed(world: World) -> None:
    """Ana types a day within Ben's pause: she reads so at once, and he is never asked."""
    world.join("Ana", "Ben")
    pause(world, "Ben", "1 April")
    world.type("Ana", "book")
    world.type("Ana", "none")
    world.press("Ana", "I'll type one")
    world.type("Ana", "20 March 10:00")
    world.press("Ana", "Yes")
    assert "by then that will have passed" in world.read("Ana")
    world.go_to(datetime(2026, 4, 10, 12, tzinfo=UTC))
    assert "these_suit" not in world.got("Ben")


def test_the_date_of_today_is_today(world: World) -> None:
    """It is eleven o'clock where Ana is, on 2 March; what is over is told as past."""
    world.join("Ana", "Ben")
    world.type("Ana", "book")
    world.type("Ana", "none")
    world.press("Ana", "I'll type one")
    world.type("Ana", "2 March 10:30")
    assert world.replied("Ana")[0] == "time_past"
    world.type("Ana", "2 March 15:00")
    assert world.replied("Ana")[1] == "Do you mean Mon 2 March, 15:00?"
    world.type("Ben", "pause until 2 March")
    assert world.replied("Ben")[0] == "day_past"


def test_another_year_is_read_back_with_its_year(world: World) -> None:
    """Whoever meant the day before yesterday sees it before it counts."""
    world.join("Ana", "Ben")
    world.type("Ana", "pause until 1 March")
    assert world.replied("Ana")[1] == "Pause until 1 March 2027?"


def test_a_pause_or_a_meeting_in_another_age_is_not_taken(world: World) -> None:
    """It would overflow wherever a day is added: in every announcement, at each look at a pair."""
    world.join("Ana", "Ben", "Dana")
    world.type("Ana", "pause until 31 December 9999")
    assert world.replied("Ana")[0] == "day_too_far"
    world.type("Ana", "3 June")
    world.press("Ana", "Yes")
    assert world.person("Ana").paused_until == datetime(2026, 6, 2, 22, tzinfo=UTC)
    world.type("Ben", "book")
    world.type("Ben", "none")
    world.press("Ben", "I'll type one")
    world.type("Ben", "30 December 9999 23:00")
    assert world.replied("Ben")[0] == "time_too_far"


def test_a_preview_says_how_each_message_begins(world: World) -> None:
    """A word without an end is cut as well, and between two letters."""
    world.join("Ana", "Dana")
    pieces = ["Two  words\nand more", "we meet " * 20, f"{'x' * 59}\N{FAMILY}\u0301{'x' * 40}"]
    setup = replace(world.setup, messages_in={world.person("Ana").platform: lambda _: pieces})
    dana, ana = world.person("Dana").id, world.person("Ana").id
    with world.store.transaction() as session:
        [app] = find(Apps(dana, "Hello all", (ana,)), Turn(Roster(session), setup, world.now))
    assert (app.app, app.people) == (world.person("Ana").platform, 1)
    assert app.begins == ("Two words and more", f"{'we meet ' * 7}we…", f"{'x' * 59}…")


def test_a_pause_for_ever_holds_up_no_announcement(world: World) -> None:
    """One that was taken before such days were refused: the others still hear of it."""
    world.join("Ana", "Ben", "Dana")
    world.change("Ana", paused_until=datetime(9999, 12, 30, 23, tzinfo=UTC))
    world.receive(*world.typed("Dana", "announce", "Hello all"))
    world.settle()
    world.press("Dana", "Everyone")
    world.press("Dana", "Send it")
    world.let_pass(days=1)
    assert "announcement" in world.got("Ben")
    assert "announcement" not in world.got("Ana")


def test_what_is_put_off_keeps_its_time_over_a_pause(world: World) -> None:
    """Ben says `later` to what Ana offers: she waits for it as before."""
    world.join("Ana", "Ben")
    world.agree()
    world.type("Ana", "1, 4, 7")
    world.type("Ben", "later")
    world.let_pass(days=2)
    assert [row.nature for row in world.messages("Ben", tables.Message.line == "these_suit")] == [
        "relay",
        "relay",
    ]
    pause(world, "Ben", "18 March")
    world.go_to(datetime(2026, 3, 18, 12, tzinfo=UTC))
    assert is_open(world, "Ben", "these_suit")


def test_a_wish_that_is_put_off_waits_for_the_end_of_a_pause(world: World) -> None:
    """It comes when she is back, and takes no nudge's place in the week."""
    world.join("Ana", "Ben")
    world.type("Ana", "my meetings")
    world.type("Ana", "later")
    pause(world, "Ana", "9 March")
    world.go_to(datetime(2026, 3, 9, 12, tzinfo=UTC))
    assert world.got("Ana").count("no_meetings_ahead") == 1
    world.go_to(datetime(2026, 3, 10, 12, tzinfo=UTC))
    assert world.got("Ana").count("no_meetings_ahead") == 2
    asked = world.messages("Ana", tables.Message.line == "no_meetings_ahead")
    assert [row.nature for row in asked] == ["reply", "relay"]


# What a person kept


def keep(world: World, name: str, words: str, kept: str | None, count: int = 1) -> list[int]:
    """Put reflections of somebody's where a year of talks would have left them; give their ids."""
    with world.store.transaction() as session:
        rows = [
            tables.Reflection(
                person_id=world.ids[name],
                pair_id=session.scalars(select(tables.Pair.id)).all()[0],
                question="notice-1",
                version=1,
                text="What did you notice?",
                at=world.now + timedelta(minutes=number),
                kept=kept,
                words=f"{words} {number}" if words else None,
            )
            for number in range(count)
        ]
        session.add_all(rows)
        session.flush()
        return [row.id for row in rows]


def test_what_was_kept_is_read_again_newest_first_and_nobody_elses(world: World) -> None:
    """Five, then the rest; what was passed or only thought about is not among them."""
    world.join("Ana", "Ben")
    keep(world, "Ben", "his own", "to_myself", count=3)
    keep(world, "Ana", "her own", "to_myself", count=6)
    keep(world, "Ana", "", "for_our_meeting")
    for nothing in ("to_myself", "skipped", None):
        keep(world, "Ana", "", nothing)
    world.type("Ana", "my reflections")
    assert world.replied("Ana")[0] == "your_reflections"
    text = world.read("Ana")
    assert text.count("What did you notice?") == 5
    assert text.index("kept for your meeting") < text.index("her own 5") < text.index("her own 2")
    world.press("Ana", "Show older ones")
    older = world.read("Ana")
    assert "her own 1" in older
    assert "her own 0" in older
    assert "his own" not in text + older


def test_what_is_deleted_is_gone_and_its_question_is_not_asked_anew(world: World) -> None:
    """Of the one she names, and of no other."""
    world.join("Ana", "Ben")
    [first, second] = keep(world, "Ana", "her own", "to_myself", count=2)
    world.type("Ana", "/reflections")
    world.press("Ana", "Delete one")
    world.type("Ana", "2")
    assert "her own 0" in world.read("Ana")
    world.press("Ana", "Delete it")
    left = {row.id: (row.words, row.question) for row in world.rows(tables.Reflection)}
    assert left == {first: (None, "notice-1"), second: ("her own 1", "notice-1")}
    world.type("Ana", "my reflections")
    assert "her own 0" not in world.read("Ana")
    world.press("Ana", "Delete one")
    world.press("Ana", "Delete it")
    world.type("Ana", "my reflections")
    assert world.replied("Ana")[0] == "no_reflections_yet"


def test_nobody_deletes_what_is_not_theirs(world: World) -> None:
    """Whatever number they name."""
    [hers] = keep(world, "Ana", "her own", "to_myself")
    with world.store.transaction() as session:
        command = DeleteReflection(world.ids["Ben"], hers)
        perform(command, Turn(Roster(session), world.setup, world.now))
    assert world.rows(tables.Reflection)[0].words == "her own 0"


# They did meet


def said_of(world: World) -> dict[int, set[tuple[str, str]]]:
    """Give who said what of each meeting, by its number."""
    names = {number: name for name, number in world.ids.items()}
    said: dict[int, set[tuple[str, str]]] = {row.id: set() for row in world.rows(tables.Meeting)}
    for account in world.rows(tables.Account):
        said[account.meeting_id].add((names[account.person_id], account.said))
    return said


def quiet_rules(world: World) -> set[str]:
    """Give the rules that speak of Ana and Ben."""
    with world.turn() as turn:
        story = turn.story(turn.roster.pair(1))
        return {signal.rule for signal in signals(story, world.now)}


def test_we_did_meet_is_not_said_of_a_meeting_long_before(world: World) -> None:
    """The first was never spoken of, the second was held; weeks later they met once more."""
    world.booked()
    second = world.rows(tables.Meeting)[1].starts_at
    world.go_to(second + timedelta(hours=2))
    world.press("Ana", "We met")
    with world.turn("Ana") as turn:
        perform(DropMeeting(3), turn)
    world.let_pass(days=40)
    assert "not_held" in quiet_rules(world)
    with world.turn("Ana") as turn:
        perform(MetAnyway(world.ids["Ana"], 1), turn)
    held = {("Ana", "held")}
    assert said_of(world) == {1: set(), 2: held, 3: set(), 4: held}
    assert "not_held" not in quiet_rules(world)


def test_we_did_meet_is_said_of_the_last_meeting_if_nobody_spoke_of_it(world: World) -> None:
    """A tap that was missed; no second meeting is made of it."""
    world.booked()
    world.go_to(world.rows(tables.Meeting)[0].starts_at + timedelta(days=20))
    with world.turn("Ben") as turn:
        perform(MetAnyway(world.ids["Ben"], 1), turn)
    assert said_of(world) == {1: {("Ben", "held")}, 2: set(), 3: set()}


def test_we_did_meet_quiets_the_rule_however_long_ago_the_last_date_was(world: World) -> None:
    """Whoever has just said that they met is not asked the same again."""
    world.booked()
    for meeting in (2, 3):
        with world.turn("Ana") as turn:
            perform(DropMeeting(meeting), turn)
    world.let_pass(days=60)
    assert "not_held" in quiet_rules(world)
    with world.turn("Ana") as turn:
        perform(MetAnyway(world.ids["Ana"], 1), turn)
    assert "not_held" not in quiet_rules(world)


def test_we_did_meet_from_both_is_one_meeting(world: World) -> None:
    """Both were asked and both say so; weeks later it is another one."""
    world.join("Ana", "Ben")
    world.let_pass(days=12)
    for name in ("Ana", "Ben"):
        with world.turn(name) as turn:
            perform(MetAnyway(world.ids[name], 1), turn)
        world.let_pass(days=1)
    assert said_of(world) == {1: {("Ana", "held"), ("Ben", "held")}}
    world.let_pass(days=38)
    with world.turn("Ben") as turn:
        perform(MetAnyway(world.ids["Ben"], 1), turn)
    assert said_of(world)[2] == {("Ben", "held")}


def test_a_pair_that_has_ended_is_asked_for_nothing_more(world: World) -> None:
    """Dates that one of them was just looking for, among others."""
    world.join("Ana", "Ben")
    number = world.pair().id
    with world.turn() as turn:
        talk = begin(turn, "book_meetings", About(pair=number)).id
    for name in ("Ana", "Ben"):
        with world.turn(name) as turn:
            perform(GoOn(world.ids[name], number, "end_well"), turn)
    assert world.pair().ended_at == world.now
    [row] = world.rows(tables.Conversation, tables.Conversation.id == talk)
    assert row.ended_at == world.now


# The agreement


def test_the_agreement_can_be_read_and_changed_by_both(world: World) -> None:
    """Ben would meet every six weeks; it counts once Ana says yes, and both read the same."""
    world.booked()
    world.type("Ben", "our agreement")
    assert "you meet once a month\n• you meet by video" in world.read("Ben")
    world.press("Ben", "I'd change something")
    world.receive(*world.typed("Ben", "Every six weeks", *["skip"] * 4))
    world.settle()
    assert world.pair().rhythm_days == 30
    assert "you meet every six weeks\n• you meet by video" in world.read("Ana")
    world.press("Ana", "That suits me")
    assert world.pair().rhythm_days == 42
    world.type("Ana", "what did we agree?")
    assert "you meet every six weeks\n• you meet by video" in world.read("Ana")


def test_what_was_skipped_is_said_to_be_left_open(world: World) -> None:
    """Ana suggested a rhythm and nothing else, and nothing else is put into her mouth."""
    world.join("Ana", "Ben")
    world.let_pass(hours=3)
    world.receive(*world.typed("Ana", "Every two weeks", *["skip"] * 4))
    world.settle()
    assert world.read("Ben") == (
        "Ana suggests:\n\n• you meet every two weeks\n• where you meet is left open\n"
        "• what stays between you is left open\n• what silence means is left open\n"
        "• how you end is left open\n\nDoes that suit you?"
    )
    world.press("Ben", "That suits me")
    world.type("Ben", "our agreement")
    assert "you meet every two weeks\n• where you meet is left open" in world.read("Ben")


def test_a_rhythm_that_is_left_open_stays_that_of_the_programme(world: World) -> None:
    """Dates and quiet spells need one; the words say which, and that nobody chose it."""
    world.join("Ana", "Ben")
    world.let_pass(hours=3)
    world.receive(*world.typed("Ana", "skip", "By video", *["skip"] * 3))
    world.settle()
    world.press("Ben", "That suits me")
    assert world.pair().rhythm_days == 30
    world.type("Ana", "our agreement")
    assert "how often you meet is left open" in world.read("Ana")


def test_once_they_agreed_nobody_is_asked_to_agree_any_more(world: World) -> None:
    """Ana was being asked by the bot; Ben wrote `our agreement` himself."""
    world.join("Ana", "Ben")
    world.let_pass(hours=3)
    world.type("Ben", "our agreement")
    world.press("Ben", "Let's do that")
    world.receive(*world.typed("Ben", "Every two weeks", *["skip"] * 4))
    world.settle()
    world.press("Ana", "That suits me")
    (asked,) = world.rows(tables.Conversation, tables.Conversation.name == "agree")
    assert asked.ended_at == world.now
