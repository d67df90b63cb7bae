"""Every table, one class each, for SQLite and PostgreSQL alike.

Instants are stored in UTC and come back aware. What people write stands in a column of its own:
`goal.words`, `check_in_note.words`, `reflection.words`, `hope.words`, `person.lines`,
`help_call.words`, `put_by.words`, `announcement.words`; and, as it came by and went out, in the
inbox, in a conversation's arguments, in the keys and outcomes of its journal, and in messages.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any, ClassVar, cast

from sqlalchemy import (
    JSON,
    ColumnElement,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    MetaData,
    String,
    TableClause,
    Text,
    TypeDecorator,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Instant(TypeDecorator[datetime]):
    """An aware instant in UTC.

    A naive one is refused: SQLite would give it back without its zone.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse what is naive, and store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError(f"{value!r} has no zone; instants are aware")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give UTC, aware."""
        return None if value is None else value.astimezone(UTC)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """Write SQLite's text at once."""
        return _to_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Read SQLite's text at once: a pair's story has hundreds of instants."""
        if dialect.name == "sqlite":
            return _from_text
        return super().result_processor(dialect, coltype)


def _to_text(instant: datetime | None) -> str | None:
    if instant is None:
        return None
    if instant.tzinfo is None:
        raise TypeError(f"{instant!r} has no zone; instants are aware")
    utc = instant if instant.tzinfo is UTC else instant.astimezone(UTC)
    return utc.isoformat(" ", "microseconds").removesuffix("+00:00")


def _from_text(stored: str | None) -> datetime | None:
    return None if stored is None else datetime.fromisoformat(f"{stored}+00:00")


class Table(DeclarativeBase):
    """What all tables share.

    How their constraints are named, so that both databases can alter them.
    """

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {
        datetime: Instant,
        dict[str, Any]: JSON,
        list[Any]: JSON,
        str: Text,
    }


def rows_of(kind: type[Table]) -> TableClause:
    """Give a class's plain table, for statements that need none of what the ORM adds to them."""
    return cast(TableClause, kind.__table__)


class Cohort(Table):
    """People who go through the programme together."""

    __tablename__ = "cohort"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    starts: Mapped[date | None]
    ends: Mapped[date | None]
    zone: Mapped[str] = mapped_column(server_default="UTC")


class Person(Table):
    """Somebody in a cohort. Their platform is theirs, not their role's."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("platform", "address"), UniqueConstraint("cohort_id", "key"))
    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"))
    key: Mapped[str]
    """How the programme's file names them; never changes."""
    name: Mapped[str]
    first_name: Mapped[str]
    role: Mapped[str]
    platform: Mapped[str]
    address: Mapped[str | None]
    """Where they are on their platform; None until they open their invitation."""
    closed_at: Mapped[datetime | None]
    """When every way to reach them was found closed."""
    closed_why: Mapped[str | None]
    email: Mapped[str | None]
    zone: Mapped[str]
    country: Mapped[str] = mapped_column(server_default="")
    """ISO 3166, perhaps with a subdivision (ES-MD), for public holidays; empty for none."""
    language: Mapped[str] = mapped_column(server_default="")
    """Such as `en` or `pt-BR`; empty for the programme's own."""
    quiet_from: Mapped[time]
    quiet_to: Mapped[time]
    weekly_budget: Mapped[int]
    lines: Mapped[str] = mapped_column(server_default="")
    welcomed_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    paused_until: Mapped[datetime | None]
    spoke_at: Mapped[datetime | None]
    """When they last said anything, in words or by a button."""
    stopped_at: Mapped[datetime | None]
    ignored: Mapped[int] = mapped_column(server_default=text("0"))
    """Questions in a row that ran out unanswered."""
    asked_less_at: Mapped[datetime | None]
    """When they were asked whether less would be better, since they last answered anything."""
    zone_is_own: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether they set it themselves: then a file no longer changes it."""
    language_is_own: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether they chose it themselves, likewise."""


class Invitation(Table):
    """A single-use invitation; only the hash of its token is kept."""

    __tablename__ = "invitation"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Pair(Table):
    """Two people who meet to think together."""

    __tablename__ = "pair"
    __table_args__ = (UniqueConstraint("cohort_id", "key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"))
    key: Mapped[str]
    kind: Mapped[str]
    mentee_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    began_at: Mapped[datetime | None]
    rhythm_days: Mapped[int]
    terms: Mapped[dict[str, Any] | None]
    agreed_at: Mapped[datetime | None]
    wishes: Mapped[dict[str, Any]]
    """How each would go on when asked, by their id: carry_on or end_well."""
    ended_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    """When the rules next have something to say; set to now by whatever changes the pair."""
    fault: Mapped[str | None]


class Meeting(Table):
    """A meeting that was booked; the same event in every calendar however often it moves."""

    __tablename__ = "meeting"
    id: Mapped[int] = mapped_column(primary_key=True)
    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id"), index=True)
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    zone: Mapped[str]
    """Where it was booked from: a meeting keeps its wall time there."""
    uid: Mapped[str] = mapped_column(unique=True)
    sequence: Mapped[int]
    booked_at: Mapped[datetime]
    dropped_at: Mapped[datetime | None]


class Account(Table):
    """What one side said of a meeting afterwards."""

    __tablename__ = "account"
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    said: Mapped[str]
    at: Mapped[datetime]
    rating: Mapped[int | None]
    """1 to 5, theirs alone."""
    may_tell_at: Mapped[datetime | None]
    """When they said yes to their supervisor hearing that it was not a good one."""


class Hope(Table):
    """What somebody would like from a meeting."""

    __tablename__ = "hope"
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    words: Mapped[str]
    shared: Mapped[bool]


class Proposal(Table):
    """Times that one side offered to the other."""

    __tablename__ = "proposal"
    id: Mapped[int] = mapped_column(primary_key=True)
    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    answered_at: Mapped[datetime | None]


class Goal(Table):
    """A goal in its owner's words, theirs alone."""

    __tablename__ = "goal"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    words: Mapped[str]
    set_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None]


class CheckIn(Table):
    """One tap on one goal."""

    __tablename__ = "check_in"
    id: Mapped[int] = mapped_column(primary_key=True)
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"), index=True)
    tap: Mapped[str]
    at: Mapped[datetime]


class CheckInNote(Table):
    """The optional line of a check-in."""

    __tablename__ = "check_in_note"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    words: Mapped[str]
    at: Mapped[datetime]


class Reflection(Table):
    """A question from the bank that was offered to a person, and what they did with it."""

    __tablename__ = "reflection"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id"))
    question: Mapped[str]
    version: Mapped[int]
    text: Mapped[str]
    at: Mapped[datetime]
    kept: Mapped[str | None]
    words: Mapped[str | None]
    landed: Mapped[bool | None]


class PutBy(Table):
    """A message that somebody put by for their pair's next meeting; nobody else reads it."""

    __tablename__ = "put_by"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id"))
    words: Mapped[str]
    at: Mapped[datetime]


class BreakTaken(Table):
    """A pause: from when until when; one that was cut short ends when it was."""

    __tablename__ = "break_taken"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class HelpCall(Table):
    """Somebody asked for a human being, in the words they chose to pass on."""

    __tablename__ = "help_call"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    words: Mapped[str]
    at: Mapped[datetime]


class Ping(Table):
    """Something about a pair that its supervisor hears, or would have heard."""

    __tablename__ = "ping"
    id: Mapped[int] = mapped_column(primary_key=True)
    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id"), index=True)
    rule: Mapped[str]
    since: Mapped[datetime]
    shown_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    reason: Mapped[dict[str, Any] | None]
    """What the words that both have read were made of; the supervisor reads the very same."""
    wanted_at: Mapped[datetime | None]
    """When one of the two asked for it to be told at once."""
    sent_to_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None]
    answer: Mapped[str | None]
    silent_until: Mapped[datetime | None]


class Announcement(Table):
    """What a manager wrote to a cohort."""

    __tablename__ = "announcement"
    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str]
    at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]


class Opening(Table):
    """Something the bot began with a pair or a person: at most once for each."""

    __tablename__ = "opening"
    __table_args__ = (Index("ix_opening_pair_id", "pair_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id"))
    what: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    subject: Mapped[str]
    at: Mapped[datetime]
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversation.id"))


class Conversation(Table):
    """A conversation that has begun; where it stands is its journal."""

    __tablename__ = "conversation"
    __table_args__ = (
        Index(
            "ix_conversation_wake_at",
            "wake_at",
            sqlite_where=text("wake_at IS NOT NULL"),
            postgresql_where=text("wake_at IS NOT NULL"),
        ),
        Index(
            "ix_conversation_about",
            "about",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    version: Mapped[int]
    arguments: Mapped[dict[str, Any]]
    about: Mapped[str]
    """What makes a second one needless: a later one with the same text overtakes it."""
    pair_id: Mapped[int | None] = mapped_column(ForeignKey("pair.id"), index=True)
    nature: Mapped[str]
    expires_at: Mapped[datetime | None]
    """When what it says becomes pointless, such as a reminder at its meeting; None for never."""
    began_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    """When somebody first answered anything in it."""
    wake_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    fault: Mapped[str | None]


class JournalEntry(Table):
    """One step that a conversation took, and what came of it."""

    __tablename__ = "journal_entry"
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    step: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    outcome: Mapped[Any] = mapped_column(JSON, nullable=True)
    at: Mapped[datetime]


class Question(Table):
    """A question as it stands on somebody's screen."""

    __tablename__ = "question"
    __table_args__ = (
        Index(
            "ix_question_person_id",
            "person_id",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    step: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    manner: Mapped[str]
    options: Mapped[list[Any]]
    """Key and label of each, as it was shown."""
    takes_words: Mapped[bool]
    asked_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    chosen: Mapped[list[Any]]
    """The keys that are on so far, or in the end."""
    closed_at: Mapped[datetime | None]
    how: Mapped[str | None]
    """answered, written (in a window), skipped, lapsed or overtaken."""


class Arrival(Table):
    """The inbox.

    What arrived, committed before it was acknowledged, under the platform's own event id.
    """

    __tablename__ = "arrival"
    __table_args__ = (
        UniqueConstraint("platform", "event"),
        Index(
            "ix_arrival_waiting",
            "id",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    platform: Mapped[str] = mapped_column(String(40))
    event: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str]
    """pressed, typed, came, attached, closed, opened and so on: `bot.platforms.Event`."""
    body: Mapped[dict[str, Any]]
    received_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    fault: Mapped[str | None]


class Message(Table):
    """The outbox: what is to be said to one person, as meaning; each platform renders it."""

    __tablename__ = "message"
    __table_args__ = (
        Index(
            "ix_message_due",
            "not_before",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index("ix_message_person", "person_id", "not_before"),
        Index("ix_message_asking", "conversation_id", "step"),
        Index(
            "ix_message_queue",
            "rank",
            "id",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index(
            "ix_message_stale",
            "stale_at",
            sqlite_where=text("stale_at IS NOT NULL"),
            postgresql_where=text("stale_at IS NOT NULL"),
        ),
        Index(
            "ix_message_sending",
            "leased_until",
            sqlite_where=text("state = 'sending'"),
            postgresql_where=text("state = 'sending'"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversation.id"))
    step: Mapped[int | None]
    announcement_id: Mapped[int | None] = mapped_column(ForeignKey("announcement.id"), index=True)
    nature: Mapped[str]
    """reply, relay, nudge, reminder, notice, invitation or announcement."""
    rank: Mapped[int]
    """Lower goes first: replies overtake what can wait."""
    line: Mapped[str]
    runs: Mapped[list[Any]]
    manner: Mapped[str]
    options: Mapped[list[Any]]
    files: Mapped[list[Any]]
    put_at: Mapped[datetime]
    not_before: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(10))
    """pending, sending, sent, unknown or dead."""
    lease: Mapped[str | None]
    leased_until: Mapped[datetime | None]
    tries: Mapped[int]
    doubts: Mapped[int] = mapped_column(server_default=text("0"))
    """How often it was handed over and no answer came: it may be there already."""
    calls: Mapped[int] = mapped_column(server_default=text("0"))
    """How many of the calls that it takes were answered, where not all of it is there yet."""
    sent_at: Mapped[datetime | None]
    reference: Mapped[str | None]
    """The platform's own id of the message it went out in; several parts may share one."""
    thread: Mapped[str | None]
    """The platform's own reference to what it is said under: an answer stays where one spoke."""
    why: Mapped[str | None]
    """For the dead: expired, refused, called-back; else the last failure."""
    stale_at: Mapped[datetime | None]
    """Since when what it shows is no longer how its question stands; None once it was redrawn.

    Or when it is to be tried again, where it could not be."""


class Home(Table):
    """A page of somebody's own that a platform keeps for the bot, such as Slack's App Home."""

    __tablename__ = "home"
    __table_args__ = (
        Index(
            "ix_home_stale",
            "stale_at",
            sqlite_where=text("stale_at IS NOT NULL"),
            postgresql_where=text("stale_at IS NOT NULL"),
        ),
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    stale_at: Mapped[datetime | None]
    """Since when it no longer shows how things stand; None once it was drawn.

    Or when it is to be tried again, where it could not be."""


class PlatformState(Table):
    """What is known of a platform over a restart."""

    __tablename__ = "platform_state"
    platform: Mapped[str] = mapped_column(String(40), primary_key=True)
    heard_at: Mapped[datetime | None]
    """When it last told us that nothing, or something, had arrived."""
    quiet_until: Mapped[datetime | None]
    """Until when it asked to be sent nothing."""


class SlackInstallation(Table):
    """A workspace that the one app was installed in by OAuth."""

    __tablename__ = "slack_installation"
    team_id: Mapped[str] = mapped_column(primary_key=True)
    enterprise_id: Mapped[str | None]
    name: Mapped[str]
    """The workspace's."""
    bot_id: Mapped[str]
    bot_user_id: Mapped[str]
    scopes: Mapped[str]
    """What was granted, with commas between."""
    token: Mapped[str]
    """The bot's, encrypted."""
    installed_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class SlackOAuthState(Table):
    """An installation that was begun in some browser, and is not back from Slack."""

    __tablename__ = "slack_oauth_state"
    hash: Mapped[str] = mapped_column(primary_key=True)
    """Of what came along: who reads the table can finish nobody's installation."""
    expires_at: Mapped[datetime]


PENDING: ColumnElement[str] = literal_column("'pending'")
SENDING: ColumnElement[str] = literal_column("'sending'")
SENT: ColumnElement[str] = literal_column("'sent'")
"""States of a message, written out as the partial indexes have them.

Sent as parameters they would have SQLite prepare the statement anew at every turn, and keep
PostgreSQL's lasting plans from using these indexes.
"""


class PlaygroundTime(Table):
    """Cohort time in a playground: one row, moved on only by its page."""

    __tablename__ = "playground_time"
    id: Mapped[int] = mapped_column(primary_key=True)
    ahead: Mapped[float]
    """Seconds by which cohort time is ahead of the time of day."""
