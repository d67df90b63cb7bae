"""A database with many people in it, and what waits for them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from benchmarks.bot_api import FIRST_PERSON
from bot.cohort import read_cohort
from bot.cohort.enrol import invite, plan_import
from bot.deeds import perform
from bot.roster import Roster
from bot.settings import Settings
from bot.store import tables
from bot.store.database import Store
from bot.turn import Turn, setup_from
from conversations.announce import Announce
from tests.telegram.at_noon import AheadOfTime

HEAD = "key,name,role,pair,supervisor,platform,zone,email"
WORDS = "We meet at ten, not at nine, and in the large room behind the library."


def bring_in(store: Store, people: int, app: str = "telegram") -> None:
    """Bring that many in, in pairs, and a manager; nobody is invited yet."""
    rows = [HEAD, "dana,Dana Okafor,manager,,,telegram,Europe/London,"]
    for number in range(people):
        role, where = ("mentee", "mentor")[number % 2], f"{app},Europe/London"
        email = f"p{number}@town.example"
        rows.append(f"p{number},Person {number},{role},{number // 2},,{where},{email}")
    file = read_cohort("\n".join(rows).encode(), name="town.csv", spoken=("en",))
    with store.transaction() as session:
        plan_import(session, file, "town.csv", 2).carry_out(session, AheadOfTime().now())


def invite_all(store: Store) -> list[str]:
    """Invite everybody, and give the tokens that the double's people start with, in their order."""
    now = AheadOfTime().now()
    with store.transaction() as session:
        return [invite(session, number, now) for number in _numbers(session)]


def settle_in(store: Store, addresses: Sequence[str] = ()) -> None:
    """Have everybody said yes long ago, with nothing that falls due; in Telegram, or where told."""
    now = AheadOfTime().now()
    with store.transaction() as session:
        for place, number in enumerate(_numbers(session)):
            at = update(tables.Person).where(tables.Person.id == number)
            address = addresses[place] if addresses else str(FIRST_PERSON + place)
            session.execute(at.values(address=address, welcomed_at=now))
        session.execute(update(tables.Pair).values(due_at=None))


def announce(store: Store, most: int) -> None:
    """Put an announcement to so many people in the outbox."""
    setup, now = setup_from(Settings()), AheadOfTime().now()
    with store.transaction() as session:
        manager = session.scalars(_MANAGER).one()
        people = tuple(_numbers(session)[:most])
        perform(Announce(manager, WORDS, people), Turn(Roster(session), setup, now))


_MANAGER = select(tables.Person.id).where(tables.Person.role == "manager")


def _numbers(session: Session) -> list[int]:
    """Give all but the manager."""
    person = tables.Person
    others = select(person.id).where(person.role != "manager").order_by(person.id)
    return list(session.scalars(others))
