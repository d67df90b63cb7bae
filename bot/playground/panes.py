"""What one person has on their screen, read from the outbox, the inbox and the open questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import cast
from urllib.parse import quote

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.arrivals import token_hash
from bot.markup import plain
from bot.platforms.settled import How, ending
from bot.roster import Roster
from bot.saying import Reader
from bot.store import tables
from bot.turn import Setup, Turn, reader_of
from bot.web.scene import Attachment, Bubble, Look, Option, Pane, Part, Role, Run, Somebody

MOST = 200
SHOWN = ("typed", "attached", "came")


def token_for(person: int) -> str:
    """Give a person's invitation here; on one's own machine it may be guessed."""
    return f"playground-{person}"


def somebody(person: tables.Person, cohort: str, partner: int = 0) -> Somebody:
    """Give a person as the page needs to know them."""
    look: Look = "slack" if person.platform == "slack" else "telegram"
    return Somebody(person.id, person.name, cast(Role, person.role), look, cohort, partner)


def pane(session: Session, setup: Setup, number: int, now: datetime) -> Pane | None:
    """Give what a person sees now; None if there is nobody of that number."""
    person = session.get(tables.Person, number)
    if person is None:
        return None
    turn = Turn(Roster(session), setup, now)
    reader = reader_of(turn, number)
    bubbles, earlier = _bubbles(turn, person, reader)
    cohort = session.get_one(tables.Cohort, person.cohort_id)
    return Pane(
        somebody(person, cohort.name),
        words(setup, "local_time", reader, now=now),
        _standing(turn, person, reader),
        _invitation(turn, person),
        bubbles,
        earlier,
    )


def words(setup: Setup, line: str, reader: Reader, **values: object) -> str:
    """Give one of the page's lines as plain text."""
    return plain(setup.words.render(line, values, reader).runs)


def _standing(turn: Turn, person: tables.Person, reader: Reader) -> str:
    if person.stopped_at is not None:
        return words(turn.setup, "standing_stopped", reader)
    if person.declined_at is not None:
        return words(turn.setup, "standing_declined", reader)
    if person.welcomed_at is None:
        return words(turn.setup, "standing_invited", reader)
    if person.paused_until is not None and person.paused_until > turn.now:
        return words(turn.setup, "standing_paused", reader, until=person.paused_until)
    return ""


def _invitation(turn: Turn, person: tables.Person) -> str:
    """Their invitation's token while it can still be opened, else an empty text."""
    token = token_for(person.id)
    row = turn.session.get(tables.Invitation, token_hash(token))
    return token if row and row.used_at is None and row.expires_at > turn.now else ""


def _bubbles(turn: Turn, person: tables.Person, reader: Reader) -> tuple[tuple[Bubble, ...], int]:
    """The latest messages with what the person sent placed after the last message they had seen."""
    messages, count = _sent(turn.session, person.id)
    own = _own(turn, person, reader)
    bubbles = list(own.pop(0, []))
    for group in _by_reference(messages):
        bubbles.append(_bubble(turn, reader, group))
        for message in group:
            bubbles += own.pop(message.id, [])
    kept = bubbles[-MOST:]
    return tuple(kept), max(0, count - len(messages)) + len(bubbles) - len(kept)


def _sent(session: Session, person: int) -> tuple[Sequence[tables.Message], int]:
    message = tables.Message
    mine = select(message).where(message.person_id == person, message.state == "sent")
    count = session.scalar(select(func.count()).select_from(mine.subquery())) or 0
    latest = session.scalars(mine.order_by(message.sent_at.desc(), message.id.desc()).limit(MOST))
    return list(reversed(latest.all())), count


def _by_reference(messages: Sequence[tables.Message]) -> list[list[tables.Message]]:
    """Parts that went out as one message, together."""
    groups: dict[str, list[tables.Message]] = defaultdict(list)
    for message in messages:
        groups[message.reference or str(message.id)].append(message)
    return list(groups.values())


def _own(turn: Turn, person: tables.Person, reader: Reader) -> dict[int, list[Bubble]]:
    """What the person sent, by the last message that stood on their screen then."""
    row = tables.Arrival
    found: dict[int, list[Bubble]] = defaultdict(list)
    if person.address is None:
        return found
    rows = turn.session.scalars(
        select(row)
        .where(row.platform == person.platform, row.address == person.address, row.kind.in_(SHOWN))
        .order_by(row.id.desc())
        .limit(MOST)
    ).all()
    for arrival in reversed(rows):
        at = words(turn.setup, "bubble_time", reader, at=arrival.received_at)
        text = str(arrival.body.get("text") or arrival.body.get("name") or "/start")
        bubble = Bubble(f"in-{arrival.id}", "person", at, (Part((Run(text),)),))
        found[int(arrival.body.get("seen", 0))].append(bubble)
    return found


def _bubble(turn: Turn, reader: Reader, group: Sequence[tables.Message]) -> Bubble:
    at = words(turn.setup, "bubble_time", reader, at=group[0].sent_at)
    return Bubble(
        f"out-{group[0].id}", "bot", at, tuple(_part(turn, reader, each) for each in group)
    )


def _part(turn: Turn, reader: Reader, message: tables.Message) -> Part:
    runs = tuple(Run(text, style, href) for text, style, href in message.runs)
    files = tuple(
        Attachment(name, kind, f"/attachments/{message.id}/{quote(name)}")
        for name, kind, _ in message.files
    )
    if message.manner == "say" or message.conversation_id is None:
        return Part(runs, attachments=files)
    question = turn.session.get_one(tables.Question, (message.conversation_id, message.step))
    several = message.manner == "choosesome"
    return Part(
        runs,
        "choose_some" if several else message.manner.partition("_")[0],  # type: ignore[arg-type]
        tuple(_option(question, str(key), str(label)) for key, label in message.options),
        _done(turn, reader, question) if several else None,
        question.closed_at is None and _is_latest(turn.session, message),
        _ending(turn, reader, question),
        files,
    )


def _ending(turn: Turn, reader: Reader, question: tables.Question) -> str:
    """Why nothing is chosen under a closed question, as other platforms write there too."""
    chosen = question.how == "answered" and (question.chosen or question.manner != "choosesome")
    if question.how is None or chosen:
        return ""
    return plain(ending(turn.setup.words.of(reader.language), reader, cast(How, question.how)))


def _option(question: tables.Question, key: str, label: str) -> Option:
    return Option(
        f"{question.conversation_id}.{question.step}.{key}", label, key in question.chosen
    )


def _done(turn: Turn, reader: Reader, question: tables.Question) -> Option:
    """The button that ends toggling: it says `none` while nothing is on."""
    done, none = turn.setup.words.render("toggles", {}, reader, ("done", "none")).labels
    label = done if question.chosen else none
    return Option(f"{question.conversation_id}.{question.step}.done", label)


def _is_latest(session: Session, message: tables.Message) -> bool:
    """Whether the question was not put a second time since, further down."""
    row = tables.Message
    latest = session.scalar(
        select(func.max(row.id)).where(
            row.conversation_id == message.conversation_id,
            row.step == message.step,
            row.state == "sent",
        )
    )
    return latest == message.id
