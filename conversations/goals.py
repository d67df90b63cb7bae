"""Goals: two to four, in their own words, theirs alone; and the short check-in on each, one tap."""

from __future__ import annotations

from dataclasses import dataclass

from conversations.talk import Command, Lookup, Who, ask, ask_or_choose, choose, days, do, look, say

TAPS = ("stuck", "slow", "moving", "done", "changed")
MOST = 4


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal as its owner worded it."""

    id: int
    words: str
    last_tap: str
    """The latest check-in's tap, or empty."""


@dataclass(frozen=True, slots=True)
class OpenGoals(Lookup[tuple[Goal, ...]]):
    """A person's own goals that are not done or let go, oldest first."""

    person: int


@dataclass(frozen=True, slots=True)
class AddGoal(Command[None]):
    """Keep a goal in its owner's words."""

    person: int
    words: str


@dataclass(frozen=True, slots=True)
class RewordGoal(Command[None]):
    """A goal may change shape."""

    goal: int
    words: str


@dataclass(frozen=True, slots=True)
class CloseGoal(Command[None]):
    """A goal is done, or let go, which is as respectable."""

    goal: int
    outcome: str


@dataclass(frozen=True, slots=True)
class CheckIn(Command[None]):
    """Keep one tap on one goal."""

    goal: int
    tap: str


@dataclass(frozen=True, slots=True)
class AddNote(Command[None]):
    """Keep the optional line of a check-in."""

    person: int
    words: str


async def set_goals(who: Who) -> None:
    """Take up to four goals, one at a time; none is fine."""
    have = len(await look(OpenGoals(who.id)))
    kept = 0
    for number in range(have + 1, MOST + 1):
        line = ("first_goal", "second_goal", "another_goal", "another_goal")[number - 1]
        answer = await ask_or_choose(who, line, ("enough",), within=days(5), skipped="enough")
        if answer is None:
            return
        if answer.button:
            break
        await do(AddGoal(who.id, answer.words))
        kept += 1
    if kept:
        await say(who, "goals_kept", count=have + kept)


async def show_goals(who: Who) -> None:
    """A person's own goals, to add to, reword, finish or let go."""
    goals = await look(OpenGoals(who.id))
    if not goals:
        if await choose(who, "no_goals_yet", ("add", "nothing")) == "add":
            await set_goals(who)
        return
    await say(who, "your_goals", goals=goals)
    more = ("add",) if len(goals) < MOST else ()
    match await choose(who, "which_goal", (*goals, *more, "nothing")):
        case Goal() as goal:
            await change_goal(who, goal)
        case "add":
            await set_goals(who)


async def change_goal(who: Who, goal: Goal) -> None:
    """Reword one goal, or close it with a respectable outcome."""
    match await choose(who, "change_goal", ("reword", "done", "let_go", "nothing"), goal=goal):
        case "reword":
            words = await ask(who, "new_words", goal=goal)
            if words:
                await do(RewordGoal(goal.id, words))
                await say(who, "goal_reworded", words=words)
        case "done" | "let_go" as outcome:
            await do(CloseGoal(goal.id, outcome))
            await say(who, f"goal_{outcome}", goal=goal)


async def check_in(who: Who) -> None:
    """One tap for each goal, then an optional line. A goal that is skipped is left as it is."""
    goals = await look(OpenGoals(who.id))
    if not goals:
        return await say(who, "nothing_to_check")
    told = 0
    for place, goal in enumerate(goals, 1):
        tap = await choose(
            who,
            "how_is_it_going",
            TAPS,
            within=days(4),
            skipped="skip",
            goal=goal,
            place=place,
            of=len(goals),
        )
        if tap is None or (tap in TAPS and not await keep_tap(who, goal, tap)):
            return
        told += tap in TAPS
    words = await ask(who, "one_line") if told else None
    if words:
        await do(AddNote(who.id, words))
        await say(who, "checked_in")


async def keep_tap(who: Who, goal: Goal, tap: str) -> bool:
    """Keep one tap and what follows from it; whether they are still there."""
    await do(CheckIn(goal.id, tap))
    if tap == "done":
        await do(CloseGoal(goal.id, "done"))
    elif tap == "changed":
        words = await ask(who, "new_words", skipped="", goal=goal)
        if words:
            await do(RewordGoal(goal.id, words))
        return words is not None
    return True
