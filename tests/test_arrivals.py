"""The inbox: nothing that arrives is lost; twice, late or from the wrong person it does nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot import arrivals, engine
from bot.arrivals import Waiting, run_again
from bot.cohort.enrol import invite
from bot.outbox import BEFORE_BELIEVING, mark_refused
from bot.platforms import Event, Refused
from bot.store import tables
from bot.store.database import Store
from bot.store.writer import Writer
from bot.telling import About, begin
from bot.turn import Setup, say_to
from conversations.stalling import Reason
from tests.languages import only
from tests.world import MONDAY, World


def answers(world: World, name: str) -> list[str]:
    """Give how somebody's questions were closed, those still open left out."""
    mine = world.rows(tables.Question, tables.Question.person_id == world.ids[name])
    return [question.how for question in mine if question.how]


def goals(world: World, name: str) -> list[str]:
    """Give somebody's goals in their words."""
    mine = world.rows(tables.Goal, tables.Goal.person_id == world.ids[name])
    return [goal.words for goal in mine]


# Received means committed


async def test_what_was_received_is_committed(store: Store, world: World) -> None:
    """Only then may the platform forget it."""
    writer = Writer(store)
    event = world.event("Ana", "typed", text="hello")
    await writer.run(lambda session: arrivals.receive(session, [event], world.now))
    with store.reading() as session:
        assert [row.body for row in arrivals_of(session)] == [{"text": "hello"}]
    writer.close()


def arrivals_of(session: Session) -> list[Waiting]:
    """Give the inbox as this session sees it."""
    return list(arrivals.waiting(session))


def test_the_same_event_twice_changes_nothing(world: World) -> None:
    """Slack repeats an event for six minutes if our answer was lost."""
    world.join("Ana")
    world.type("Ana", "my goals")
    world.press("Ana", "Write one")
    event = world.event("Ana", "typed", text="to listen more")
    for _ in range(3):
        world.receive(event, event)
        world.settle()
    assert goals(world, "Ana") == ["to listen more"]
    assert len(world.rows(tables.Arrival, tables.Arrival.event == event.id)) == 1


def test_two_platforms_may_number_their_events_alike(world: World) -> None:
    """An event's id is its platform's own."""
    world.join("Ana", "Ben")
    world.receive(
        Event("telegram", "7", "@Ana", "typed", {"text": "help"}),
        Event("slack", "7", "@Ben", "typed", {"text": "help"}),
    )
    world.settle()
    assert world.got("Ana")[-1] == world.got("Ben")[-1] == "help"


def test_events_of_one_person_keep_their_order(world: World) -> None:
    """What they typed first answers what was asked first, however many arrive at once."""
    world.join("Ana")
    world.type("Ana", "my goals")
    texts = ["add", "to listen more", "to ask before I advise", "to rest", "enough"]
    texts[0], texts[-1] = "Write one", "That's it"
    world.receive(*(world.event("Ana", "typed", text=text) for text in texts))
    world.settle()
    assert goals(world, "Ana") == ["to listen more", "to ask before I advise", "to rest"]


def test_two_workers_keep_the_order_of_one_person(world: World) -> None:
    """On one PostgreSQL several take turns at once; what Ana typed second waits for the first."""
    if world.store.one_writer:
        return
    world.join("Ana", "Ben")
    world.receive(world.event("Ana", "typed", text="help"))
    with world.store.transaction() as first:
        assert len(arrivals.waiting(first)) == 1
        world.receive(
            world.event("Ana", "typed", text="privacy"), world.event("Ben", "typed", text="help")
        )
        with world.store.transaction() as second:
            assert [row.address for row in arrivals.waiting(second)] == ["@Ben"]
    with world.store.transaction() as session:
        assert [row.body["text"] for row in arrivals.waiting(session)] == [
            "help",
            "privacy",
            "help",
        ]


def test_an_answer_that_another_worker_took_first_is_not_taken_twice(world: World) -> None:
    """This worker has read the question already; by the time it holds the lock, it is answered."""
    if world.store.one_writer:
        return
    world.come("Ana")
    yes = world.button("Ana", "Yes, I'd like to").data
    with world.store.transaction() as slow:
        assert all(each.closed_at is None for each in slow.scalars(select(tables.Question)))
        world.press("Ana", "No, thank you")
        event = world.event("Ana", "pressed", data=yes)
        arrivals.receive(slow, [event], world.now)
        engine.take_arrivals(slow, world.setup, world.now)
    world.settle()
    assert world.got("Ana")[-2:] == ["no_is_fine", "old_button"]
    assert world.person("Ana").welcomed_at is None


# A turn that fails


def lacking(setup: Setup, line: str) -> Setup:
    """Give the same words without a line that will be needed."""
    words = setup.words.usual
    lines = {name: each for name, each in words.lines.items() if name != line}
    return replace(setup, words=only(replace(words, lines=lines)))


@pytest.mark.usefixtures("expect_faults")
def test_a_turn_that_fails_is_kept_stepped_over_and_run_again(world: World, setup: Setup) -> None:
    """The fault is ours: their words stay, they are told so, and those behind them do not wait."""
    world.join("Ana", "Ben")
    world.setup = lacking(setup, "no_goals_yet")
    world.receive(
        world.event("Ana", "typed", text="my goals"),
        world.event("Ben", "typed", text="help"),
        world.event("Ana", "typed", text="privacy"),
    )
    world.settle()
    failed, *others = world.rows(tables.Arrival, tables.Arrival.received_at == world.now)[-3:]
    assert failed.done_at is None
    assert failed.fault is not None
    assert "NoSuchLine" in failed.fault
    assert "Traceback" in failed.fault
    assert all(row.done_at for row in others)
    assert world.got("Ben")[-1] == "help"
    assert world.got("Ana")[-2:] == ["words_kept", "what_is_kept"]
    assert not world.rows(tables.Conversation, tables.Conversation.name == "show_goals")

    world.setup = setup
    world.settle()
    assert world.got("Ana")[-1] == "what_is_kept", "it waits to be run again"
    with world.store.transaction() as session:
        assert run_again(session) == 1
    world.settle()
    assert world.got("Ana")[-1] == "no_goals_yet"
    assert not world.rows(tables.Arrival, tables.Arrival.done_at.is_(None))


@pytest.mark.usefixtures("expect_faults", "own_database")
def test_a_kept_fault_repeats_no_word_that_somebody_wrote(world: World) -> None:
    """Whoever runs comentor reads tracebacks; a database's error would quote its parameters."""
    world.join("Ana")
    world.type("Ana", "my goals")
    world.press("Ana", "Write one")
    with world.store.transaction() as session:
        session.execute(delete(tables.Goal))
        world_without(session, "goal")
    world.type("Ana", "to leave my husband")
    (failed,) = world.rows(tables.Arrival, tables.Arrival.fault.is_not(None))
    assert failed.fault is not None
    assert "goal" in failed.fault
    assert "husband" not in failed.fault


def world_without(session: Session, column_of: str) -> None:
    """Take a column away, so that writing to its table fails."""
    session.connection().exec_driver_sql(f"ALTER TABLE {column_of} DROP COLUMN words")


@pytest.mark.usefixtures("expect_faults")
def test_a_stranger_whose_turn_fails_is_not_written_to(world: World) -> None:
    """We know of no one to tell."""
    world.receive(Event("telegram", "1", "@Mallory", "came", {"token": {"not": ["a", "token"]}}))
    world.receive(Event("telegram", "2", "@Mallory", "typed", {}))
    world.settle()
    assert world.phone.received == []


# Buttons


def test_an_old_button_changes_nothing_and_says_so(world: World) -> None:
    """A press on last week's question is not an answer to this week's."""
    world.come("Ana")
    yes = world.button("Ana", "Yes, I'd like to").data
    world.press_data("Ana", yes)
    before = world.rows(tables.JournalEntry)
    world.press_data("Ana", yes)
    world.press_data("Ana", world.button("Ana", "No, thank you").data)
    assert world.got("Ana")[-2:] == ["old_button", "old_button"]
    assert world.person("Ana").declined_at is None
    assert [row.outcome for row in world.rows(tables.JournalEntry)] == [
        row.outcome for row in before
    ]


def test_somebody_elses_button_changes_nothing(world: World) -> None:
    """A forwarded message keeps its buttons."""
    world.join("Ana")
    world.come("Ben")
    world.press_data("Ana", world.button("Ben", "No, thank you").data)
    assert world.got("Ana")[-1] == "old_button"
    assert world.person("Ben").declined_at is None
    assert answers(world, "Ben") == []


STRAY = (
    *("", ".", "..", "yes", "1", "1.2", "999.2.yes", "1.999.yes", "1.2.perhaps", "-1.2.yes"),
    *("1.-2.yes", "1.2.yes.yes", f"{2**31}.2.yes", f"1.{2**63}.yes", f"{10**40}.2.yes", "¹.2.yes"),
    *("٣.٣.no", "1.2.done", "x" * 64, "1.2.\x00", "'; DROP TABLE person; --"),
)


def test_data_that_no_button_of_ours_carries_changes_nothing(world: World) -> None:
    """It says so kindly, and is no fault that somebody has to look into."""
    world.come("Ana")
    for data in STRAY:
        world.press_data("Ana", data)
    assert world.got("Ana")[3:] == ["old_button"] * len(STRAY)
    assert answers(world, "Ana") == []
    world.press("Ana", "Yes, I'd like to")
    assert world.person("Ana").welcomed_at == MONDAY


def test_done_is_no_answer_to_what_does_not_end_with_it(world: World) -> None:
    """One of two buttons, or words: no platform of ours draws it there."""
    world.come("Ana")
    question = world.button("Ana", "Yes, I'd like to").data.rpartition(".")[0]
    world.press_data("Ana", f"{question}.done")
    world.press("Ana", "Yes, I'd like to")
    world.type("Ana", "yes")
    world.type("Ana", "From 19:00 to 8:00")
    (words,) = world.rows(tables.Question, tables.Question.closed_at.is_(None))
    world.press_data("Ana", f"{words.conversation_id}.{words.step}.done")
    assert world.got("Ana").count("old_button") == 2
    assert answers(world, "Ana") == ["answered"] * 3


@pytest.mark.parametrize("text", ["\ud800", "half \udfff a pair", "\0", ""])
def test_what_a_stranger_types_is_no_fault(world: World, text: str) -> None:
    """No database or hash takes half of a surrogate pair, and anybody can send one."""
    world.receive(
        Event("telegram", "1", "@stranger", "typed", {"text": text}),
        Event("telegram", "2", "@stranger", "came", {"token": text}),
    )
    world.settle()
    assert world.phone.received == []


def test_choices_are_toggled_until_done(world: World) -> None:
    """Pressing twice takes a choice back; nothing is offered to Ben before `done`."""
    world.join("Ana", "Ben")
    world.type("Ana", "book")
    first, second, third = (choice.data for choice in world.parts("Ana")[0].choices[:3])
    for data in (first, second, third, second):
        world.press_data("Ana", data)
    (question,) = world.rows(
        tables.Question, tables.Question.closed_at.is_(None), tables.Question.manner == "choosesome"
    )
    assert question.chosen == [first.rpartition(".")[2], third.rpartition(".")[2]]
    assert "these_suit" not in world.got("Ben")
    world.done("Ana")
    offered = world.parts("Ben")[0]
    assert len(offered.choices) == 2
    world.press_data("Ana", second)
    assert world.got("Ana")[-1] == "old_button"


def test_done_with_nothing_chosen_is_none_of_them(world: World) -> None:
    """It is an answer, and leads further."""
    world.join("Ana", "Ben")
    world.type("Ana", "book")
    world.done("Ana")
    assert world.got("Ana")[-1] == "none_of_these"


@pytest.mark.parametrize("typed", ["done", "Done"])
def test_done_can_be_typed_after_choices_were_toggled(world: World, typed: str) -> None:
    """Every button also works as typed text, the one that ends choosing too."""
    world.join("Ana", "Ben")
    world.type("Ana", "book")
    for choice in world.parts("Ana")[0].choices[:2]:
        world.press_data("Ana", choice.data)
    world.type("Ana", typed)
    assert len(world.parts("Ben")[0].choices) == 2


# Typed text


@pytest.mark.parametrize("typed", ["1", "Yes, I'd like to", "YES"])
def test_a_choice_is_answered_by_its_number_its_label_or_its_beginning(
    world: World, typed: str
) -> None:
    """Every button also works as typed text."""
    world.come("Ana")
    world.type("Ana", typed)
    assert world.person("Ana").welcomed_at == MONDAY


@pytest.mark.parametrize("typed", ["1, 3", "3 and 1"])
def test_several_choices_are_answered_by_their_numbers(world: World, typed: str) -> None:
    """In whatever order and with whatever between them."""
    world.join("Ana", "Ben")
    world.type("Ana", "book")
    asked = world.parts("Ana")[0].choices
    world.type("Ana", typed)
    offered = [choice.label.split(" (")[0] for choice in world.parts("Ben")[0].choices]
    assert len(offered) == 2
    assert world.got("Ana")[-1] == "will_ask"
    assert len(asked) >= 3


@pytest.mark.parametrize("typed", ["Yes please", "sure", "ok let's do it"])
def test_an_answer_is_understood_as_people_say_it(world: World, typed: str) -> None:
    """Whoever is polite joins as well."""
    world.come("Ana")
    world.type("Ana", typed)
    assert world.person("Ana").welcomed_at == MONDAY


def test_part_of_a_label_is_enough_where_it_is_like_no_other(world: World) -> None:
    """`video` is `By video`."""
    world.join("Ana", "Ben")
    world.let_pass(hours=3)
    world.type("Ana", "month, please")
    world.type("Ana", "video")
    assert world.got("Ana")[-2:] == ["place", "between_us"]


def test_a_command_is_no_part_of_a_label(world: World) -> None:
    """`help` is a word of a button here, and is what it always is."""
    world.join("Ana", "Ben")
    reason = Reason("not_held", MONDAY.date(), 37, "Ana & Ben", "tried_nothing", help_asked=False)
    about = About(world.ids["Ana"], world.pair().id, values={"reason": reason})
    with world.turn() as turn:
        begin(turn, "notice_quiet", about)
    world.settle()
    assert world.got("Ana")[-1] == "not_held_pair"
    world.type("Ana", "help")
    assert world.got("Ana")[-1] == "help"


def test_commands_work_at_any_moment(world: World) -> None:
    """Even where a question takes any words: asking for help is not somebody's goal."""
    world.join("Ana")
    world.type("Ana", "my goals")
    world.press("Ana", "Write one")
    for typed, line in [
        ("help", "help"),
        ("/my_goals", "no_goals_yet"),
        ("What can they see?", "what_they_see"),
    ]:
        world.type("Ana", typed)
        assert world.got("Ana")[-1] == line
    assert goals(world, "Ana") == []


def test_a_command_of_another_role_is_not_obeyed(world: World) -> None:
    """Ana writes to Ben, not to the whole cohort."""
    world.join("Ana", "Cleo")
    world.type("Ana", "announce")
    world.type("Cleo", "reflect")
    assert world.got("Ana")[-1] == world.got("Cleo")[-1] == "short_menu"


@pytest.mark.parametrize("others", [(), ("Ben",)])
def test_whatever_is_asked_for_is_answered(world: World, others: tuple[str, ...]) -> None:
    """Nobody who writes is left without a word, whether their pair has begun or not."""
    world.join("Ana", "Cleo", "Dana", *others)
    for name in ("Ana", "Cleo", "Dana"):
        for command, ways in world.setup.words.usual.forms.items():
            said = len(world.messages(name, tables.Message.nature == "reply"))
            world.type(name, ways[0].replace("…", "3 June"))
            now = len(world.messages(name, tables.Message.nature == "reply"))
            assert now > said, f"{name} wrote {ways[0]!r} for {command} and read nothing"
            if world.person(name).stopped_at:
                world.join(name)


def test_where_no_question_fits_whoever_asked_for_one_reads_so(world: World, setup: Setup) -> None:
    """The clock says nothing then; but nobody who writes is left without a word."""
    words = setup.words.usual
    none = replace(words, bank=replace(words.bank, questions=()))
    world.setup = replace(setup, words=only(none))
    world.join("Ana", "Ben")
    world.type("Ana", "reflect")
    assert world.got("Ana")[-1] == "no_question_fits"
    world.let_pass(days=14)
    assert world.got("Ana").count("no_question_fits") == 1


def test_free_words_answer_the_newest_question_that_takes_them(world: World) -> None:
    """The older question stays open for its own answer."""
    world.join("Ana", "Ben")
    world.type("Ana", "my goals")
    world.press("Ana", "Write one")
    world.let_pass(minutes=1)
    world.type("Ana", "I need a person")
    world.type("Ana", "It has become too much for me.")
    assert world.got("Ana")[-1] == "send_these_words"
    assert goals(world, "Ana") == []
    world.press("Ana", "Don't send")
    world.type("Ana", "to listen more")
    assert goals(world, "Ana") == ["to listen more"]


def test_a_button_of_an_older_question_answers_to_its_whole_label(world: World) -> None:
    """`Write one` is no word for a supervisor: its button still stands on the screen."""
    world.join("Ana", "Ben")
    world.type("Ana", "my goals")
    world.let_pass(minutes=1)
    world.type("Ana", "I need a person")
    assert world.got("Ana")[-1] == "words_for_supervisor"
    world.type("Ana", "write one")
    assert world.got("Ana")[-1] == "first_goal"


def test_part_of_an_older_label_is_free_words(world: World) -> None:
    """`Write` may be how somebody begins; only a whole label is sure to mean the button."""
    world.join("Ana", "Ben")
    world.type("Ana", "my goals")
    world.let_pass(minutes=1)
    world.type("Ana", "I need a person")
    world.type("Ana", "Write")
    assert world.got("Ana")[-1] == "send_these_words"


def test_words_that_nothing_answers_get_a_word_back(world: World) -> None:
    """A button shows that it was pressed; typed words would leave them in doubt."""
    world.join("Ana")
    world.come("Ben")
    world.press("Ben", "Yes, I'd like to")
    world.type("Ben", "Yes")
    world.type("Ben", "From 19:00 to 8:00")
    world.type("Ben", "skip")
    assert world.got("Ben")[-1] == "noted"


def test_where_nothing_is_open_what_is_no_command_gets_a_short_menu(world: World) -> None:
    """And nothing else happens."""
    world.join("Ana")
    world.type("Ana", "the weather is fine today")
    assert world.got("Ana")[-1] == "short_menu"


ODD = ("", " ", "\n", "\u200b", "…", "/", "!?", "x" * 4096, "\x00", "\ud83d", "🙂", "\u202eabc")


def test_odd_texts_are_no_fault(world: World) -> None:
    """Whatever a phone can send, in the middle of a question that takes words."""
    world.join("Ana")
    for text in ODD:
        world.type("Ana", "I need a person")
        world.type("Ana", text)
        assert world.got("Ana")[-1] in {"send_these_words", "words_for_supervisor"}, repr(text)


def test_a_file_is_not_kept_and_says_so(world: World) -> None:
    """A voice message in a question about goals answers nothing."""
    world.join("Ana")
    world.arrive("Ana", "attached")
    assert world.got("Ana")[-1] == "not_kept"


# Invitations


def test_an_invitation_is_used_once(world: World) -> None:
    """Whoever finds the link later does not become Ana."""
    world.come("Ana", token := make_invitation(world, "Ana"))
    world.receive(Event("telegram", "9001", "@Mallory", "came", {"token": token}))
    world.settle()
    assert world.person("Ana").address == "@Ana"
    world.come("Ana", token)
    assert world.got("Ana")[-1] == "invitation_spent"
    assert {each.name for each in world.phone.received} == {"Ana"}


def make_invitation(world: World, name: str) -> str:
    """Invite somebody and give the token."""
    with world.store.transaction() as session:
        return invite(session, world.ids[name], world.now)


def test_an_invitation_runs_out(world: World) -> None:
    """After two months a new one is needed."""
    token = make_invitation(world, "Ana")
    world.now = MONDAY + timedelta(days=60)
    world.come("Ana", token)
    assert world.person("Ana").address is None
    assert world.phone.received == []
    world.come("Ana")
    assert world.person("Ana").address == "@Ana"


def test_an_unknown_token_lets_nobody_in(world: World) -> None:
    """And says so to somebody whom we know."""
    world.come("Ana", "not-a-token")
    assert world.person("Ana").address is None
    world.join("Ben")
    world.come("Ben", "not-a-token")
    assert world.got("Ben")[-1] == "invitation_spent"


def test_an_invitation_opened_by_another_of_us_stays_good(world: World) -> None:
    """Ben tries the link meant for Ana on his own phone: he stays Ben, and Ana can still use it."""
    world.join("Ana")
    token = make_invitation(world, "Eve")
    world.receive(Event("telegram", "9001", "@Ana", "came", {"token": token}))
    world.settle()
    assert world.got("Ana")[-1] == "invitation_spent"
    world.come("Eve", token)
    assert world.person("Eve").address == "@Eve"


def test_a_new_invitation_moves_somebody_to_their_new_phone(world: World) -> None:
    """The manager sends another, and what they have said stays theirs."""
    world.join("Ana")
    token = make_invitation(world, "Ana")
    world.receive(Event("telegram", "9001", "@Ana's new one", "came", {"token": token}))
    world.settle()
    assert world.person("Ana").address == "@Ana's new one"
    assert world.person("Ana").welcomed_at == MONDAY


# Nobody is written to who did not say yes


def test_nothing_reaches_anybody_before_they_came(world: World) -> None:
    """Ana is all there is of her pair: no word that Ben is absent, no announcement to him."""
    world.join("Ana", "Dana", "Cleo")
    world.type("Dana", "announce")
    world.type("Dana", "We begin on Thursday.")
    world.press("Dana", "Everyone")
    world.press("Dana", "Send it")
    world.let_pass(days=90)
    assert {each.name for each in world.phone.received} == {"Ana", "Dana", "Cleo"}
    assert world.messages("Ben") == world.messages("Eve") == []


def test_nothing_but_the_welcome_reaches_anybody_before_their_yes(world: World) -> None:
    """They opened the invitation and left it at that."""
    world.join("Ana", "Dana")
    world.come("Ben")
    world.type("Dana", "announce")
    world.type("Dana", "We begin on Thursday.")
    world.press("Dana", "Everyone")
    world.press("Dana", "Send it")
    world.let_pass(days=90)
    assert world.got("Ben") == ["why", "what_is_kept", "will_you_join"]
    assert world.pair().began_at is None


def test_the_welcome_can_be_put_off(world: World) -> None:
    """They were told that it is asked again tomorrow, so it is."""
    world.come("Ana")
    world.type("Ana", "later")
    assert world.got("Ana")[-1] == "put_off"
    world.let_pass(days=1)
    assert world.got("Ana")[-1] == "will_you_join"
    world.press("Ana", "Yes, I'd like to")
    assert world.person("Ana").welcomed_at == world.now


def test_free_words_before_the_yes_bring_the_welcomes_question_again(world: World) -> None:
    """A menu would name commands that do nothing yet; its buttons under the new one work."""
    world.come("Ana")
    for text in ("what is this?", "book", "help"):
        world.type("Ana", text)
    assert world.got("Ana")[3:] == ["will_you_join"] * 3
    world.press("Ana", "Yes, I'd like to")
    assert world.person("Ana").welcomed_at == MONDAY


def test_whoever_passed_the_welcome_reads_it_anew_when_they_write(world: World) -> None:
    """There is no question left that could be repeated."""
    world.come("Ana")
    world.type("Ana", "skip")
    world.type("Ana", "what was this about?")
    assert world.got("Ana")[-3:] == ["why", "what_is_kept", "will_you_join"]


@pytest.mark.parametrize("label", ["No, thank you", "Stop"])
def test_after_a_no_or_a_stop_words_are_answered_kindly_and_with_one_line(
    world: World, label: str
) -> None:
    """It says the only thing that works; writing it brings the welcome's question back."""
    if label == "Stop":
        world.join("Ana")
        world.type("Ana", "my goals")
        world.type("Ana", "stop")
    else:
        world.come("Ana")
    world.press("Ana", label)
    said = len(world.got("Ana"))
    world.type("Ana", "help")
    world.type("Ana", "Write one")
    assert world.got("Ana")[said:] == ["keeping_quiet"] * 2
    world.type("Ana", "start")
    world.type("Ana", "hm")
    assert world.got("Ana")[-2:] == ["will_you_join"] * 2


def test_whoever_declined_hears_nothing_more_and_may_come_back(world: World) -> None:
    """No is an answer, and so is a later yes."""
    world.join("Ana")
    world.come("Ben")
    world.press("Ben", "No, thank you")
    world.let_pass(days=60)
    assert world.got("Ben")[-1] == "no_is_fine"
    assert world.person("Ben").declined_at == MONDAY
    world.type("Ben", "start")
    assert world.got("Ben")[-1] == "will_you_join"
    world.press("Ben", "Yes, I'd like to")
    assert world.person("Ben").declined_at is None
    assert world.pair().began_at == world.now


def test_the_programme_hears_of_whoever_stopped_as_their_partner_is_told(world: World) -> None:
    """Once each: the supervisor of the pair that is under way, and the manager."""
    world.join("Cleo", "Dana")
    world.booked()
    world.type("Ana", "stop")
    world.press("Ana", "Stop")
    world.let_pass(days=1)
    for name in ("Cleo", "Dana"):
        assert world.got(name).count("has_stopped") == 1
        assert "Ana Ruiz has stopped taking part. I have told Ben" in world.read(name)


def test_nobody_is_said_to_have_been_told_who_was_not(world: World) -> None:
    """Ben had stopped before Ana did, so he heard nothing of it."""
    world.join("Dana", "Ana", "Ben")
    for name in ("Ben", "Ana"):
        world.type(name, "stop")
        world.press(name, "Stop")
        world.let_pass(days=1)
    assert world.read("Dana") == "Ana Ruiz has stopped taking part."


def test_whoever_stopped_hears_nothing_more_and_may_come_back(world: World) -> None:
    """What they wrote stays theirs, and their pair goes on where it was."""
    world.booked()
    began = world.pair().began_at
    world.type("Ana", "stop")
    world.press("Ana", "Stop")
    stopped = world.now
    assert world.got("Ana")[-1] == "stopped"
    assert world.got("Ben")[-1] == "partner_stopped"
    world.let_pass(hours=1)
    world.type("Ben", "my meetings")
    world.press("Ben", "Fri 6 March…")
    world.press("Ben", "Call it off")
    world.press("Ben", "Call it off")
    assert world.got("Ben")[-1] == "dropped_alone"
    world.let_pass(days=60)
    assert world.got("Ana", stopped + timedelta(seconds=1)) == []
    world.type("Ana", "book")
    assert world.got("Ana")[-1] == "keeping_quiet"
    world.type("Ana", "/start")
    assert world.got("Ana")[-1] == "will_you_join"
    world.press("Ana", "Yes, I'd like to")
    assert world.person("Ana").stopped_at is None
    assert world.pair().began_at == began


def test_blocking_the_bot_is_an_answer(world: World) -> None:
    """Whoever blocks is not written to; whoever opens the chat again is."""
    world.booked()
    blocked = world.now
    world.arrive("Ana", "closed")
    assert world.person("Ana").closed_at == blocked
    world.let_pass(days=10)
    assert world.got("Ana", blocked + timedelta(seconds=1)) == []
    world.arrive("Ana", "opened")
    assert world.person("Ana").closed_at is None
    world.let_pass(days=21)
    assert "did_it_happen" in world.got("Ana", blocked + timedelta(days=10))


def told_that_ana_is_gone(world: World) -> int:
    """Give how often Dana was told so."""
    return world.got("Dana").count("cannot_reach")


def block(world: World) -> None:
    """Have a message to Ana refused until that is believed, on a workday."""
    world.phone.will("Ana", Refused("blocked"), Refused("blocked"))
    with world.turn("Ana") as turn:
        say_to(turn, world.ids["Ana"], "noted")
    world.let_pass(hours=2)


@pytest.mark.parametrize("first", ["said", "refused"])
def test_a_manager_is_told_of_a_closing_once(world: World, first: str) -> None:
    """Telegram says that she blocked the bot, and refuses what was on its way."""
    world.join("Ana", "Ben", "Dana")
    if first == "refused":
        block(world)
    world.arrive("Ana", "closed")
    world.arrive("Ana", "closed")
    closed = world.person("Ana").closed_at
    assert closed is not None
    assert told_that_ana_is_gone(world) == 1
    world.arrive("Ana", "opened")
    block(world)
    assert world.person("Ana").closed_at != closed
    assert told_that_ana_is_gone(world) == 2


def test_a_refusal_of_what_was_in_flight_tells_nobody_again(world: World) -> None:
    """It was handed over before she was known to be gone, and refused for the second time after."""
    world.join("Ana", "Ben", "Dana")
    world.phone.will("Ana", Refused("blocked"))
    with world.turn("Ana") as turn:
        say_to(turn, world.ids["Ana"], "noted")
    world.deliver()
    world.now += BEFORE_BELIEVING
    [in_flight] = world.lease()
    world.arrive("Ana", "closed")
    closed = world.person("Ana").closed_at
    world.now += timedelta(seconds=1)
    with world.store.transaction() as session:
        assert mark_refused(session, in_flight, "blocked", world.now)
    world.settle()
    assert world.person("Ana").closed_at == closed
    assert told_that_ana_is_gone(world) == 1


def test_who_came_back_before_a_refusal_was_told_of_is_not_gone(world: World) -> None:
    """Their own word is newer than what the outbox was told."""
    world.join("Ana", "Ben", "Dana")
    world.receive(world.event("Ana", "unreachable"))
    world.settle()
    assert told_that_ana_is_gone(world) == 0
    assert world.person("Ana").closed_at is None


def test_writing_opens_a_closed_address_again(world: World) -> None:
    """Whoever writes can be reached, whatever was believed before."""
    world.join("Ana")
    world.change(
        "Ana", closed_at=MONDAY, closed_why="they blocked the bot", ignored=4, asked_less_at=MONDAY
    )
    world.type("Ana", "help")
    ana = world.person("Ana")
    assert (ana.closed_at, ana.ignored, ana.asked_less_at) == (None, 0, None)
    assert world.got("Ana")[-1] == "help"


def test_a_stranger_changes_nothing(world: World) -> None:
    """Events of somebody we do not know are done with at once."""
    world.receive(
        Event("telegram", "1", "@Mallory", "typed", {"text": "help"}),
        Event("telegram", "2", "@Mallory", "pressed", {"data": "1.2.yes"}),
        Event("telegram", "3", "@Mallory", "came", {"token": ""}),
        Event("telegram", "4", "@Mallory", "closed"),
    )
    world.settle()
    assert all(row.done_at for row in world.rows(tables.Arrival))
    assert world.rows(tables.Conversation) == []


def test_one_pass_takes_at_most_sixty_four(world: World) -> None:
    """A flood is taken in several commits, so that nobody waits for all of it."""
    world.receive(
        *(Event("telegram", str(n), "@Mallory", "typed", {"text": "help"}) for n in range(70))
    )
    with world.store.transaction() as session:
        assert engine.take_arrivals(session, world.setup, world.now) == 64
        assert engine.take_arrivals(session, world.setup, world.now) == 6
        assert engine.take_arrivals(session, world.setup, world.now) == 0
