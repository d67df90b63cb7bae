"""Every conversation there is, under the name and version that its journals were written by."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import cache
from inspect import signature
from typing import Any, Literal, get_type_hints

from conversations import (
    agree,
    announce,
    ask_which,
    asking,
    book_meetings,
    breaks,
    endings,
    goals,
    pass_on_help,
    reflect,
    round_a_meeting,
    settings,
    show_agreement,
    show_reflections,
    stalling,
    welcome,
)

Nature = Literal["invitation", "nudge", "reminder", "notice", "wish"]
"""What pushes it.

An invitation comes first. A nudge is the bot's idea and counts in the weekly budget. A reminder
belongs to a meeting and does not. A notice is owed (a stall's words, a pause's end). A wish is
what a person asked for.
"""


@dataclass(frozen=True, slots=True)
class Conversation:
    """One version of one conversation."""

    name: str
    version: int
    nature: Nature
    tell: Callable[..., Coroutine[Any, Any, None]]

    def parameters(self) -> dict[str, Any]:
        """Its arguments by name, each with its type, in order.

        One with a default may be left out.
        """
        return _parameters(self.tell)


@cache
def _parameters(tell: Callable[..., Coroutine[Any, Any, None]]) -> dict[str, Any]:
    hints = get_type_hints(tell)
    return {name: hints[name] for name in signature(tell).parameters}


class NoSuchConversation(LookupError):
    """A stored conversation has a name or version that this code no longer has.

    Keep the old version until no row uses it.
    """


def _catalogue(*entries: Conversation) -> dict[tuple[str, int], Conversation]:
    return {(entry.name, entry.version): entry for entry in entries}


CATALOGUE = _catalogue(
    Conversation("welcome", 1, "invitation", welcome.welcome_1),
    Conversation("welcome", 2, "invitation", welcome.welcome),
    Conversation("introduce", 1, "notice", agree.introduce),
    Conversation("agree", 1, "nudge", agree.agree_1),
    Conversation("agree", 2, "nudge", agree.agree),
    Conversation("show_agreement", 1, "wish", show_agreement.show_agreement),
    Conversation("set_goals", 1, "nudge", goals.set_goals),
    Conversation("check_in", 1, "nudge", goals.check_in),
    Conversation("show_goals", 1, "wish", goals.show_goals),
    Conversation("book_meetings", 1, "nudge", book_meetings.book_meetings),
    Conversation("ask_again_for_dates", 1, "nudge", book_meetings.ask_again_for_dates),
    Conversation("prepare_meeting", 1, "nudge", round_a_meeting.prepare_meeting),
    Conversation("remind_the_day_before", 1, "reminder", round_a_meeting.remind_the_day_before),
    Conversation("remind_the_hour_before", 1, "reminder", round_a_meeting.remind_the_hour_before),
    Conversation("ask_how_it_went", 1, "reminder", round_a_meeting.ask_how_it_went),
    Conversation("reflect", 1, "nudge", reflect.reflect),
    Conversation("show_reflections", 1, "wish", show_reflections.show_reflections),
    Conversation("notice_quiet", 1, "nudge", stalling.notice_quiet),
    Conversation("show_ping", 1, "notice", stalling.show_ping),
    Conversation("say_withdrawn", 1, "notice", stalling.say_withdrawn),
    Conversation("ping_supervisor", 1, "notice", stalling.ping_supervisor),
    Conversation("pass_on_help", 1, "notice", pass_on_help.pass_on_help_1),
    Conversation("pass_on_help", 2, "notice", pass_on_help.pass_on_help),
    Conversation("ask_how_to_go_on", 1, "notice", stalling.ask_how_to_go_on),
    Conversation("say_programme_is_over", 1, "notice", endings.say_programme_is_over),
    Conversation("ask_less", 1, "notice", breaks.ask_less),
    Conversation("say_pause_is_over", 1, "notice", breaks.say_pause_is_over),
    Conversation("pause", 1, "wish", breaks.pause),
    Conversation("come_back", 1, "wish", breaks.come_back_1),
    Conversation("come_back", 2, "wish", breaks.come_back),
    Conversation("stop", 1, "wish", breaks.stop),
    Conversation("ask_for_help", 1, "wish", stalling.ask_for_help),
    Conversation("announce", 1, "wish", announce.announce_1),
    Conversation("announce", 2, "wish", announce.announce_2),
    Conversation("announce", 3, "wish", announce.announce),
    Conversation("ask_which", 1, "wish", ask_which.ask_which),
    Conversation("help_me", 1, "wish", asking.help_me),
    Conversation("greet", 1, "wish", asking.greet),
    Conversation("attachment_came", 1, "wish", asking.attachment_came),
    Conversation("show_meetings", 1, "wish", asking.show_meetings_1),
    Conversation("show_meetings", 2, "wish", asking.show_meetings),
    Conversation("book_more", 1, "wish", asking.book_more_1),
    Conversation("book_more", 2, "wish", asking.book_more),
    Conversation("show_pairs", 1, "wish", asking.show_pairs),
    Conversation("show_sight", 1, "wish", asking.show_sight),
    Conversation("show_sent", 1, "wish", asking.show_sent),
    Conversation("show_privacy", 1, "wish", asking.show_privacy),
    Conversation("show_settings", 1, "wish", settings.show_settings_1),
    Conversation("show_settings", 2, "wish", settings.show_settings),
)


def conversation(name: str, version: int | None = None) -> Conversation:
    """Give a conversation by name, its latest version where none is named.

    Raises NoSuchConversation.
    """
    if version is None:
        version = max((v for n, v in CATALOGUE if n == name), default=0)
    try:
        return CATALOGUE[(name, version)]
    except KeyError:
        raise NoSuchConversation(f"{name}, version {version}") from None
