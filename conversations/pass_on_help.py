"""A call for help on its way to a supervisor, until they say what has become of it.

Whoever asked reads each of their answers: somebody in need is not left to guess.
"""

from __future__ import annotations

from conversations.stalling import AnswerPing
from conversations.talk import Who, choose, days, do, say

ANSWERS = ("will", "have", "resolved")
UNANSWERED = days(2)
"""Over a weekend it comes back on Monday: a working day at least lies between."""
AS_LONG_AS_IT_LASTS = days(60)
"""It stands on the supervisor's list until it is resolved, so they can say so for long."""


async def pass_on_help(who: Who, person: Who, words: str, ping: int) -> None:
    """Pass a call for help on in the words that were chosen, and once more if nobody answers."""
    told = {"person": person, "words": words}
    answer: str | None = await choose(
        who, "help_asked_words", ANSWERS, within=UNANSWERED, skipped="skipped", **told
    )
    if answer is None:
        answer = await choose(who, "help_still_waits", ANSWERS, within=AS_LONG_AS_IT_LASTS, **told)
    if answer == "will":
        await do(AnswerPing(ping, "will"))
        await say(person, "help_answer_will", supervisor=who)
        answer = await choose(
            who, "help_after_will", ("have", "resolved"), within=AS_LONG_AS_IT_LASTS, person=person
        )
    if answer == "have":
        await do(AnswerPing(ping, "have"))
        await say(person, "help_answer_have", supervisor=who)
        answer = await choose(
            who, "help_after_have", ("resolved",), within=AS_LONG_AS_IT_LASTS, person=person
        )
    if answer == "resolved":
        await do(AnswerPing(ping, "resolved"))
        await say(person, "help_answer_resolved", supervisor=who)
        await say(who, "ping_resolved")


async def pass_on_help_1(who: Who, person: Who, words: str, ping: int) -> None:
    """Pass it on as before the one who asked read the answer, for talks that are under way."""
    answer = await choose(
        who, "help_asked_words", ANSWERS, within=days(14), person=person, words=words
    )
    if answer:
        await do(AnswerPing(ping, answer))
        await say(who, f"ping_{answer}")
