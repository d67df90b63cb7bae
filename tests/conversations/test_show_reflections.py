"""Reading again what one kept, read aloud: theirs alone, a few at a time, any one to be deleted."""

from __future__ import annotations

from datetime import timedelta

from conversations.show_reflections import (
    DeleteReflection,
    Kept,
    KeptReflections,
    Reflection,
)
from tests.conversations.stage import ANA, APRIL, Stage

FIVE = tuple(
    Reflection(
        number,
        APRIL - timedelta(days=7 * (60 - number)),
        "What did you notice that you did not say?",
        "" if number == 58 else f"That I was tired, the {number}th time.",
        "for_our_meeting" if number == 58 else "to_myself",
    )
    for number in (59, 58, 57, 56, 55)
)
OLDEST = Reflection(12, APRIL - timedelta(days=400), "What would be enough?", "Less.", "to_myself")


def find_kept(asked: KeptReflections) -> Kept:
    """Find five, and one more behind them."""
    if asked.older_than is None:
        return Kept(FIVE, older=True)
    assert asked.older_than == FIVE[-1].id
    return Kept((OLDEST,), older=False)


def reading(kept: object = find_kept) -> Stage:
    """Let Ana ask for what she kept."""
    return Stage("show_reflections", {KeptReflections: kept}, who=ANA)


def older() -> Stage:
    """Let her go on to what is behind the first five."""
    talk = reading()
    talk.asks(ANA, "your_reflections", ("older", "delete", "nothing"), reflections=FIVE)
    talk.presses(ANA, "older")
    talk.asks(ANA, "older_reflections", ("delete", "nothing"), reflections=(OLDEST,))
    return talk


def test_they_are_read_a_few_at_a_time_newest_first() -> None:
    """To the last of them, and then there is nothing older to be shown."""
    talk = older()
    assert talk.looked == [KeptReflections(ANA.id), KeptReflections(ANA.id, older_than=55)]
    talk.presses(ANA, "nothing")
    talk.ends()


def test_older_ones_may_be_gone_by_then() -> None:
    """They were deleted in another talk while this one waited."""
    gone = Kept((), older=False)
    talk = reading(lambda asked: gone if asked.older_than else find_kept(asked))
    talk.presses(ANA, "older")
    talk.says(ANA, "no_older_reflections")
    talk.ends()


def test_whoever_kept_nothing_reads_that_this_is_fine() -> None:
    """Thinking need not be written down."""
    talk = reading(Kept((), older=False))
    talk.says(ANA, "no_reflections_yet")
    talk.ends()


def test_one_of_several_is_deleted_after_asking_once() -> None:
    """The others stay."""
    talk = reading()
    talk.presses(ANA, "delete")
    talk.asks(ANA, "which_reflection", (*FIVE, "none"))
    talk.presses(ANA, FIVE[1])
    talk.asks(ANA, "really_delete", ("delete", "keep"), reflection=FIVE[1])
    talk.presses(ANA, "delete")
    talk.does(DeleteReflection(ANA.id, FIVE[1].id))
    talk.says(ANA, "reflection_deleted")
    talk.ends()


def test_the_only_one_is_not_asked_for() -> None:
    """There is nothing to choose among."""
    talk = older()
    talk.presses(ANA, "delete")
    talk.asks(ANA, "really_delete", ("delete", "keep"), reflection=OLDEST)
    talk.presses(ANA, "delete")
    talk.does(DeleteReflection(ANA.id, OLDEST.id))
    talk.says(ANA, "reflection_deleted")
    talk.ends()


def test_asked_whether_really_they_may_keep_it() -> None:
    """Nothing is deleted by one press."""
    talk = older()
    talk.presses(ANA, "delete")
    talk.presses(ANA, "keep")
    talk.ends()


def test_none_of_them_is_deleted_where_they_name_none() -> None:
    """By its button or by skipping."""
    for leave in ("none of them", "skip"):
        talk = reading()
        talk.presses(ANA, "delete")
        talk.types(ANA, leave)
        talk.ends()


def test_silence_deletes_nothing() -> None:
    """Wherever they leave off."""
    for presses in ((), ("delete",), ("delete", FIVE[0])):
        talk = reading()
        for press in presses:
            talk.presses(ANA, press)
        talk.lapses()
        talk.ends()
