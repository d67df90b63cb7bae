"""What an invented person does with a message: nothing, one tap, or a few words."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Literal

from bot.platforms import Part

Kind = Literal["pressed", "typed"]
PHRASES = (
    "the handover in my team",
    "I would like to speak up sooner",
    "what I enjoyed was the quiet at the end",
    "deciding what to leave out",
    "it took me a while to see it that way",
    "finding an hour to read",
)
LIKES: dict[str, tuple[tuple[str, float], ...]] = {
    "will_you_join": (("yes", 0.98), ("no", 0.02)),
    "zone": (("right", 1.0),),
    "quiet_hours": (("usual", 0.7), ("late", 0.15), ("early", 0.15)),
    "may_they_read": (("yes", 1.0),),
    "rhythm": (("30", 0.6), ("21", 0.15), ("42", 0.2), ("14", 0.05)),
    "these_terms": (("yes", 0.9), ("change", 0.1)),
    "none_of_these": (("others", 0.6), ("not_now", 0.4)),
    "share_hope": (("share", 0.6), ("keep", 0.4)),
    "accounts_differ": (("moved", 0.5), ("leave", 0.5)),
    "find_a_new_time": (("yes", 0.6), ("done", 0.4)),
    "how_was_it": (("5", 0.35), ("4", 0.4), ("3", 0.18), ("2", 0.05), ("1", 0.02)),
    "shall_somebody_know": (("yes", 0.3), ("no", 0.7)),
    "reflection": (("thought", 0.5), ("for_meeting", 0.2), ("skip", 0.3)),
    "keep_where": (("to_myself", 0.6), ("for_our_meeting", 0.4)),
    "did_it_land": (("landed", 0.7), ("not_for_me", 0.3)),
    "how_is_it_going": (
        ("moving", 0.5),
        ("slow", 0.25),
        ("stuck", 0.12),
        ("done", 0.05),
        ("changed", 0.08),
    ),
    "your_meetings": (("1", 1.0),),
    "change_meeting": (("move", 0.7), ("drop", 0.3)),
    "really_drop": (("drop", 0.8), ("move", 0.2)),
    "less_pause_or_stop": (("as_it_is", 0.4), ("less", 0.4), ("pause", 0.15), ("stop", 0.05)),
    "pause_until": (("yes", 1.0),),
    "to_whom": (("everyone", 1.0),),
    "pause_for": (("two_weeks", 1.0),),
    "really_stop": (("stop", 1.0),),
    "carry_on_or_end": (("carry_on", 0.5), ("end_well", 0.3), ("pause", 0.2)),
    "words_to_be_sent": (("book", 0.6), ("tell_them", 0.2), ("pause", 0.2)),
    "which_question": (("1", 0.9), ("none", 0.1)),
    "move_suits": (("1", 0.8), ("none", 0.2)),
}
"""How likely each choice is, by line.

A line that is not here is answered at random, `book` before all.
"""
FIRST_OF_ALL = ("book", "will", "send")
LEFT_ALONE = {"going_out"}
"""What nobody in a rehearsal answers."""
OFFERS = {"which_times", "which_of_these"}
NOTHING_SUITS, OFFERED, SUITS = 0.1, 0.85, 0.75
"""How likely no time at all suits, a meeting gets a time offered, and an offered time suits."""
WRITTEN = {
    "what_to_announce",
    "first_goal",
    "second_goal",
    "another_goal",
    "about_you",
    "new_words",
    "which_day",
    "which_city",
}
"""What cannot be tapped: whoever answers at all writes."""


@dataclass(frozen=True, slots=True)
class Doing:
    """One thing somebody does."""

    kind: Kind
    text: str
    """The button's data, or what was typed."""


def asks_of_a_meeting(line: str, part: Part) -> bool:
    """Whether only the truth about a meeting answers it."""
    return line == "did_it_happen" or any(each.data.endswith(".met") for each in part.choices)


def doings(
    random: Random, line: str, part: Part, *, writes: float, met: bool | None
) -> list[Doing]:
    """Give what somebody who answers does with a question.

    `met` is the truth about the meeting it asks of.
    """
    if part.manner == "choosesome":
        return _pick_some(random, line, part)
    asks = part.manner.startswith("ask")
    if asks and (line in WRITTEN or not part.choices or random.random() < writes):
        return _write(random, line, writes)
    return [_press(part, _key(random, line, part, met=met))]


def _write(random: Random, line: str, writes: float) -> list[Doing]:
    """Free text is rarer than a tap; a second goal is rarer than a first."""
    if line not in WRITTEN and random.random() > writes:
        return [Doing("typed", "skip")]
    return [Doing("typed", random.choice(PHRASES))]


def _key(random: Random, line: str, part: Part, *, met: bool | None) -> str:
    keys = [choice.data.rsplit(".", 1)[-1] for choice in part.choices]
    if line == "did_it_happen" and met is not None:
        return "held" if met else random.choice(("missed", "moved"))
    if "met" in keys and met:
        return "met"
    likes = [(key, share) for key, share in LIKES.get(line, ()) if key in keys]
    if likes:
        return random.choices([key for key, _ in likes], [share for _, share in likes])[0]
    return next((key for key in FIRST_OF_ALL if key in keys), random.choice(keys))


def _press(part: Part, key: str) -> Doing:
    return Doing("pressed", f"{part.choices[0].data.rsplit('.', 1)[0]}.{key}")


def _pick_some(random: Random, line: str, part: Part) -> list[Doing]:
    """Offering, one or two times for each of three meetings; settling, most of what was offered."""
    done = _press(part, "done")
    places = range(len(part.choices))
    if random.random() < NOTHING_SUITS:
        return [done]
    if line in OFFERS:
        third = -(-len(places) // 3)
        groups = [list(places[start : start + third]) for start in range(0, len(places), third)]
        chosen = [random.choice(group) for group in groups if random.random() < OFFERED]
    else:
        chosen = [place for place in places if random.random() < SUITS]
    return [*(Doing("pressed", part.choices[place].data) for place in chosen), done]
