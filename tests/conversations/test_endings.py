"""The end of the programme, read aloud: thanks, what stays, and no word after that."""

from __future__ import annotations

from conversations.endings import CallBackNudges
from conversations.welcome import Programme, Setting
from tests.conversations.stage import ANA, PAIR, Stage

SETTING = Setting("Thinking together", "", ("Ben",), "Europe/Madrid")


def test_the_last_day_ends_with_one_word() -> None:
    """What was still to be asked is called back first."""
    talk = Stage("say_programme_is_over", {Programme: SETTING}, who=ANA, pair=PAIR)
    talk.does(CallBackNudges(ANA.id, PAIR.id))
    talk.says(ANA, "programme_is_over", setting=SETTING)
    talk.ends()
