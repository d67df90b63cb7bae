"""Bringing a cohort’s file in: what it would change is said, then all of it is done or nothing."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from bot.cohort import BadCohortFile, CohortFile, PairRow, PersonRow, read_cohort
from bot.cohort.enrol import INVITED_FOR, Plan, invite, plan_import
from bot.store import tables
from bot.store.database import Store
from bot.turn import Setup
from tests.crashes import all_there_is
from tests.world import COHORT, MONDAY, World, somebody

EXAMPLE = Path(__file__).parent.parent / "examples" / "cohort.csv"


def planned(store: Store, file: CohortFile) -> list[str]:
    """Give what importing would do, in words, and do nothing."""
    with store.transaction() as session:
        return [change.words for change in plan_import(session, file, "cohort.csv", 2).changes]


def imported(store: Store, file: CohortFile, now: datetime = MONDAY) -> list[str]:
    """Import a file and give what was done."""
    with store.transaction() as session:
        plan = plan_import(session, file, "cohort.csv", 2)
        plan.carry_out(session, now)
        return [change.words for change in plan.changes]


def there(store: Store) -> dict[str, list[str]]:
    """Give all that is committed."""
    with store.engine.connect() as connection:
        return all_there_is(connection)


def with_person(key: str, **changes: object) -> CohortFile:
    """Give the cohort's file with one person's row changed."""

    def changed(row: PersonRow) -> PersonRow:
        return replace(row, **changes) if row.key == key else row  # type: ignore[arg-type]

    return replace(COHORT, people=tuple(map(changed, COHORT.people)))


def with_pair(key: str, **changes: object) -> CohortFile:
    """Give the cohort's file with one pair changed."""

    def changed(row: PairRow) -> PairRow:
        return replace(row, **changes) if row.key == key else row  # type: ignore[arg-type]

    return replace(COHORT, pairs=tuple(map(changed, COHORT.pairs)))


# A new cohort


def test_the_plan_says_all_that_importing_would_do(store: Store) -> None:
    """In the file's order: the cohort, the people, the pairs."""
    assert planned(store, COHORT) == [
        "a new cohort, Spring 2026: 6 people in 2 pairs",
        "a new mentee, Ana Ruiz, in Europe/Madrid",
        "a new mentor, Ben Walsh, in Europe/Dublin",
        "a new supervisor, Cleo Martin, in Europe/London",
        "a new manager, Dana Okafor, in Europe/Dublin",
        "a new mentee, Eve Nowak, in Europe/Warsaw",
        "a new mentor, Fay Silva, in Europe/Lisbon",
        "a new pair, Ana Ruiz & Ben Walsh",
        "a new pair, Eve Nowak & Fay Silva",
    ]


def test_a_plan_that_is_not_carried_out_changes_nothing(store: Store) -> None:
    """Whoever only wants to see it may."""
    before = there(store)
    planned(store, COHORT)
    assert there(store) == before


def test_a_plan_that_is_carried_out_brings_everybody_in(world: World) -> None:
    """With the programme's hours and budget; nobody is here yet."""
    ana, ben = world.person("Ana"), world.person("Ben")
    assert (ana.key, ana.name, ana.first_name, ana.role) == ("ana", "Ana Ruiz", "Ana", "mentee")
    assert (ana.platform, ana.zone, ana.weekly_budget) == ("telegram", "Europe/Madrid", 2)
    assert (ana.address, ana.welcomed_at, ana.zone_is_own) == (None, None, False)
    pair = world.pair()
    assert (pair.mentee_id, pair.mentor_id) == (ana.id, ben.id)
    assert pair.supervisor_id == world.ids["Cleo"]
    assert (pair.kind, pair.rhythm_days, pair.began_at, pair.due_at) == (
        "mentoring",
        30,
        None,
        None,
    )
    (cohort,) = world.rows(tables.Cohort)
    assert (cohort.starts, cohort.ends) == (date(2026, 3, 2), date(2026, 9, 30))
    assert cohort.zone == "Europe/Dublin", "its manager's"


def test_a_second_import_of_the_same_file_does_nothing(world: World) -> None:
    """Not even after everybody has joined."""
    assert planned(world.store, COHORT) == []
    world.join("Ana", "Ben")
    before = there(world.store)
    assert imported(world.store, COHORT) == []
    assert there(world.store) == before


def test_a_plan_is_carried_out_whole_or_not_at_all(store: Store) -> None:
    """Two managers import a file at once: the second is refused, and leaves nothing half done."""
    with store.transaction() as session:
        stale = plan_import(session, COHORT, "cohort.csv", 2)
    other = replace(COHORT, people=COHORT.people[:2], pairs=())
    imported(store, other)
    before = there(store)
    with pytest.raises(IntegrityError):
        carry_out(store, stale)
    assert there(store) == before


def carry_out(store: Store, plan: Plan, now: datetime = MONDAY) -> None:
    """Carry a plan out in a transaction of its own."""
    with store.transaction() as session:
        plan.carry_out(session, now)


def test_the_example_file_can_be_imported(store: Store) -> None:
    """It is what a newcomer tries first."""
    with EXAMPLE.open("rb") as source:
        file = read_cohort(source, name=EXAMPLE.name, spoken=("en",))
    assert len(imported(store, file)) == 1 + 41 + 19
    assert planned(store, file) == []


# Changes


@pytest.mark.parametrize(
    ("key", "column", "value", "said"),
    [
        ("ana", "name", "Ana Ruiz Gil", "Ana Ruiz: name Ana Ruiz becomes Ana Ruiz Gil"),
        ("ana", "first_name", "Anita", "Ana Ruiz: first_name Ana becomes Anita"),
        ("ana", "zone", "Europe/Lisbon", "Ana Ruiz: zone Europe/Madrid becomes Europe/Lisbon"),
        ("ana", "email", "ana@example.org", "Ana Ruiz: email nothing becomes ana@example.org"),
        ("ana", "country", "ES-MD", "Ana Ruiz: country nothing becomes ES-MD"),
        ("ana", "platform", "slack", "Ana Ruiz: platform telegram becomes slack"),
        ("cleo", "role", "manager", "Cleo Martin: role supervisor becomes manager"),
    ],
)
def test_a_changed_row_changes_its_person(
    world: World, key: str, column: str, value: str, said: str
) -> None:
    """Found by their key, whatever else is new about them."""
    file = with_person(key, **{column: value})
    assert imported(world.store, file) == [said]
    (row,) = world.rows(tables.Person, tables.Person.key == key)
    assert getattr(row, column) == value
    assert planned(world.store, file) == []


def test_several_changes_of_one_person_are_all_made(world: World) -> None:
    """Also where the plan was made in another transaction than it is carried out in."""
    file = with_person("ana", name="Ana Ruiz Gil", email="ana@example.org", zone="Europe/Lisbon")
    with world.store.transaction() as session:
        plan = plan_import(session, file, "cohort.csv", 2)
    assert len(plan.changes) == 3
    carry_out(world.store, plan)
    assert planned(world.store, file) == []


def test_a_zone_that_they_set_themselves_is_theirs(world: World) -> None:
    """The file does not put Ana back in Madrid."""
    world.join("Ana")
    world.type("Ana", "settings")
    world.press("Ana", "I'm elsewhere")
    world.type("Ana", "Lisbon")
    world.press("Ana", "Lisbon")
    assert world.person("Ana").zone == "Europe/Lisbon"
    assert planned(world.store, COHORT) == []


def test_a_language_that_they_chose_themselves_is_theirs(world: World) -> None:
    """The file, which says English, does not take Ana's Spanish away."""
    world.join("Ana")
    world.type("Ana", "settings")
    world.press("Ana", "Another language")
    world.press("Ana", "Español")
    assert world.person("Ana").language == "es"
    assert planned(world.store, COHORT) == []


def test_an_empty_cell_takes_no_language_away(world: World) -> None:
    """Ana's app may have told hers since; a cell that names one stands over that."""
    assert planned(world.store, with_person("ana", language="")) == []
    said = "Ana Ruiz: language en becomes es"
    assert imported(world.store, with_person("ana", language="es")) == [said]


def test_whoever_is_here_stays_on_their_platform(world: World) -> None:
    """Another one needs an invitation, not a file."""
    world.join("Ana")
    assert planned(world.store, with_person("ana", platform="slack")) == []


def test_whoever_is_no_longer_in_the_file_stays(world: World) -> None:
    """A file forgets nobody; stopping is their own."""
    file = replace(COHORT, people=COHORT.people[:4], pairs=COHORT.pairs[:1])
    assert imported(world.store, file) == []
    assert len(world.rows(tables.Person)) == 6


def test_newcomers_join_the_same_cohort(world: World) -> None:
    """A pair that begins in April is added to the same file."""
    gil, hal = (
        somebody("Gil Adams", "mentee", "telegram", "Europe/London"),
        somebody("Hal Byrne", "mentor", "slack", "Europe/Dublin"),
    )
    file = replace(
        COHORT,
        people=(*COHORT.people, gil, hal),
        pairs=(*COHORT.pairs, PairRow("p3", "mentoring", "gil", "hal", "cleo")),
    )
    assert imported(world.store, file) == [
        "a new mentee, Gil Adams, in Europe/London",
        "a new mentor, Hal Byrne, in Europe/Dublin",
        "a new pair, Gil Adams & Hal Byrne",
    ]
    assert len(world.rows(tables.Cohort)) == 1


def test_the_cohorts_days_can_change_and_are_kept_where_the_file_is_silent(world: World) -> None:
    """It goes on for a month longer."""
    file = replace(COHORT, cohort=replace(COHORT.cohort, ends=date(2026, 10, 31)))
    assert imported(world.store, file) == ["cohort Spring 2026: ends 2026-09-30 becomes 2026-10-31"]
    assert planned(world.store, replace(COHORT, cohort=replace(COHORT.cohort, ends=None))) == []


def test_another_cohort_may_use_the_same_keys(world: World) -> None:
    """Next year's Ana is somebody else."""
    autumn = replace(COHORT, cohort=replace(COHORT.cohort, name="Autumn 2026"))
    assert len(imported(world.store, autumn)) == 9
    assert len(world.rows(tables.Person, tables.Person.key == "ana")) == 2


def test_a_pairs_supervisor_can_change_at_any_time(world: World) -> None:
    """Cleo hands over, or nobody follows."""
    world.join("Ana", "Ben")
    file = with_pair("p1", supervisor=None)
    assert imported(world.store, file) == ["pair Ana Ruiz & Ben Walsh: supervisor becomes nobody"]
    assert world.pair().supervisor_id is None
    assert imported(world.store, COHORT) == [
        "pair Ana Ruiz & Ben Walsh: supervisor becomes Cleo Martin"
    ]
    assert world.pair().supervisor_id == world.ids["Cleo"]


def test_a_pair_that_has_not_begun_can_get_other_people(world: World) -> None:
    """Ben never came; Fay takes his place."""
    file = replace(
        with_pair("p1", mentor="fay"), pairs=(PairRow("p1", "mentoring", "ana", "fay", "cleo"),)
    )
    assert imported(world.store, file) == ["pair Ana Ruiz & Fay Silva: mentor becomes Fay Silva"]
    assert world.rows(tables.Pair)[0].mentor_id == world.ids["Fay"]


def test_a_pair_that_has_not_begun_can_become_a_co_mentoring_one(world: World) -> None:
    """Both rows say co-mentor by now, and the pair is to be asked as equals."""
    people = tuple(
        replace(row, role="co-mentor") if row.key in {"ana", "ben"} else row
        for row in COHORT.people
    )
    imported(world.store, replace(with_pair("p1", kind="co-mentoring"), people=people))
    assert world.pair().kind == "co-mentoring"


def test_a_new_pair_of_two_who_are_here_begins_at_once(world: World) -> None:
    """Both said yes in another pair; nobody says it twice."""
    world.join("Ana", "Ben", "Eve", "Fay")
    file = replace(COHORT, pairs=(*COHORT.pairs, PairRow("p3", "mentoring", "ana", "fay", "cleo")))
    imported(world.store, file, world.now)
    assert world.rows(tables.Pair)[2].began_at == world.now
    world.let_pass(hours=3)
    assert world.got("Fay").count("meet_your_partner") == 2


def test_a_pair_that_gets_somebody_who_is_here_begins_at_once(world: World) -> None:
    """Ben never came, and Fay was here already."""
    world.join("Ana", "Fay")
    imported(world.store, with_pair("p1", mentor="fay"), world.now)
    assert [pair.began_at for pair in world.rows(tables.Pair)] == [world.now, None]


def test_a_pair_is_looked_at_again_when_its_cohort_goes_on(store: Store, setup: Setup) -> None:
    """After the last day the rules had nothing more to say to them."""
    short = replace(COHORT, cohort=replace(COHORT.cohort, ends=date(2026, 3, 20)))
    world = World(store, setup, short)
    world.join("Ana", "Ben")
    world.go_to(MONDAY + timedelta(days=25))
    assert world.pair().due_at is None
    world.type("Ana", "help")  # whoever answers nothing is left in peace
    imported(store, COHORT, world.now)
    heard = len(world.got("Ana"))
    world.let_pass(days=5)
    assert len(world.got("Ana")) > heard
    assert world.pair().due_at is not None


# What the file may not do


def refused(store: Store, file: CohortFile) -> list[str]:
    """Give what is wrong with a file, which changed nothing."""
    before = there(store)
    with pytest.raises(BadCohortFile) as bad:
        imported(store, file)
    assert there(store) == before
    assert str(bad.value).startswith("cohort.csv, line ")
    return [f"{fault.line} {fault.column}: {fault.wrong}" for fault in bad.value.faults]


def test_a_pair_that_has_begun_keeps_its_people(world: World) -> None:
    """What they said belongs to those two; a new pair needs a key of its own."""
    world.join("Ana", "Ben")
    file = with_person("ana", line=7)
    file = replace(file, pairs=(PairRow("p1", "mentoring", "ana", "fay", "cleo"),))
    assert refused(world.store, file) == ["7 pair: Pair p1 has begun and would get other people."]


def test_whoever_has_joined_keeps_their_role(world: World) -> None:
    """They said yes to something else."""
    world.join("Cleo")
    assert refused(world.store, with_person("cleo", role="manager", line=4)) == [
        "4 role: Cleo Martin has joined as supervisor and would become manager."
    ]


def test_all_that_a_file_may_not_do_is_told_at_once(world: World) -> None:
    """And none of what it might do is done."""
    world.join("Ana", "Ben", "Cleo")
    file = replace(
        with_person("cleo", role="manager"),
        pairs=(PairRow("p1", "mentoring", "ana", "fay", None),),
    )
    assert len(refused(world.store, file)) == 2


# Invitations


def test_only_the_hash_of_an_invitation_is_kept(world: World) -> None:
    """Whoever reads the database cannot become somebody."""
    with world.store.transaction() as session:
        token = invite(session, world.ids["Ana"], MONDAY)
    (row,) = world.rows(tables.Invitation)
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", token), "it fits a Telegram link"
    assert row.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert (row.person_id, row.used_at) == (world.ids["Ana"], None)
    assert row.expires_at == MONDAY + INVITED_FOR
    assert timedelta(days=60) == INVITED_FOR


def test_no_two_invitations_are_alike(world: World) -> None:
    """Each is drawn anew."""
    with world.store.transaction() as session:
        tokens = {invite(session, world.ids["Ana"], MONDAY) for _ in range(20)}
    assert len(tokens) == 20
