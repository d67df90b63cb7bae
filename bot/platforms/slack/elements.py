"""What can be pressed under a question on Slack: buttons, a menu or checkboxes, as plain data.

Each carries a choice's data as its value. People's words stand on them as `plain_text` without
emoji codes, so they are shown as typed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.markup import plain
from bot.platforms import Part
from bot.platforms.settled import Ends, ends_from
from bot.platforms.slack.words import Json, can_be_seen, cleaned, shortened, weight
from bot.saying import nobody
from bot.words import Words

LONGEST_LABEL = 75
"""Characters: docs.slack.dev, button element and option object."""
LONGEST_VALUE = 150
"""Characters: option object. A button would take 2,000."""
TOGETHER = 25
"""Elements: docs.slack.dev, actions block."""
CHECKBOXES = 10
"""Options: docs.slack.dev, checkboxes element."""
MOST = 100
"""Options of a menu: docs.slack.dev, static select; and more buttons nobody would look through."""
WINDOW = "write_in_a_window"
ASKS = ("ask", "ask_day", "ask_moment")
"""The manners of asking for words; a day and a moment can be picked, too."""


@dataclass(frozen=True, slots=True)
class Room:
    """What the foot of one part may take."""

    weight: int
    """Bytes of JSON."""
    blocks: int

    def has(self, blocks: Sequence[Json]) -> bool:
        """Whether they fit."""
        return len(blocks) <= self.blocks and weight(blocks) <= self.weight


@dataclass(frozen=True, slots=True)
class Says:
    """What the words have for buttons that are no choice."""

    ends: Ends
    opens: Mapping[str, str]
    """On what opens a window, by the manner of asking."""


@dataclass(frozen=True, slots=True)
class _Option:
    """One choice as it is shown."""

    data: str
    label: str

    @property
    def key(self) -> str:
        return self.data.split(".", 2)[-1]


def says_from(words: Words) -> Says:
    """Give what the words have for buttons that are no choice."""
    reader = nobody(words.language)
    labels = words.render(WINDOW, {}, reader, tuple(f"open_{manner}" for manner in ASKS)).labels
    return Says(ends_from(words, reader), dict(zip(ASKS, labels, strict=True)))


def labels_of(part: Part) -> list[str]:
    """Give each choice's label whole, on one line; its number where nothing in it can be seen."""
    labels = [" ".join(cleaned(choice.label).split()) for choice in part.choices]
    return [label if can_be_seen(label) else str(place) for place, label in enumerate(labels, 1)]


def numbered(labels: Sequence[str]) -> list[str]:
    """Give each label behind its number, to which the choice answers too.

    Their space breaks no line, so a list that is cut is cut between two of them.
    """
    return [f"{place}.\u00a0{label}" for place, label in enumerate(labels, 1)]


def is_listed(part: Part, says: Says, room: Room) -> bool:
    """Whether the labels are to stand in the text, numbered: not all are whole on what is pressed.

    It hangs on nothing that changes, so a message keeps its text whatever is pressed.
    """
    labels = labels_of(part)
    if any(len(label) > LONGEST_LABEL for label in labels):
        return True
    options = _options(part, labels)
    return _fitting(part, options, says, (), room)[1] < len(options)


def controls(part: Part, says: Says, on: Collection[str], room: Room) -> list[Json]:
    """Give the blocks under an open question; `on` are the keys chosen so far.

    What does not fit is left out: `is_listed` then, and it can be answered by its number. Raises
    ValueError where a choice's data would not fit.
    """
    labels = labels_of(part)
    if is_listed(part, says, room):
        labels = numbered(labels)
    return _fitting(part, _options(part, labels), says, on, room)[0]


def all_on(values: Mapping[str, Mapping[str, Any]], question: str) -> tuple[str, ...]:
    """Give the data of all that is on in a question's checkboxes, in their order.

    `values` is `state.values` of a block_actions payload, which holds every checkbox of the
    message, whichever was pressed; an action by itself holds those of its own ten.
    """
    mine = f"toggle:{question}."
    held = {
        int(name.removeprefix(mine)): element
        for block in values.values()
        for name, element in block.items()
        if name.startswith(mine)
    }
    return tuple(
        str(option["value"])
        for number in sorted(held)
        for option in held[number].get("selected_options") or ()
    )


def _options(part: Part, labels: Sequence[str]) -> list[_Option]:
    for choice in part.choices:
        if len(choice.data) > LONGEST_VALUE:
            raise ValueError(f"{choice.data} is longer than an option's {LONGEST_VALUE} characters")
    shown = [shortened(label, LONGEST_LABEL) for label in labels]
    return [_Option(choice.data, label) for choice, label in zip(part.choices, shown, strict=True)]


def _fitting(
    part: Part, options: Sequence[_Option], says: Says, on: Collection[str], room: Room
) -> tuple[list[Json], int]:
    """Give the blocks that fit, and how many of the options are on them."""
    if part.manner == "choosesome":
        # As heavy as with every one on: what is shown must not change under a thumb.
        all_of_them = [option.key for option in options]
        count = _most(lambda most: _toggles(part, options[:most], says, all_of_them), options, room)
        return _toggles(part, options[:count], says, on), count
    writes = part.manner.startswith("ask") and part.question
    write = [_write(part.question, says.opens[part.manner])] if writes else []
    if len(options) <= MOST:
        buttons = _rows([*_buttons(part, options), *write])
        if room.has(buttons):
            return buttons, len(options)
    count = _most(lambda most: _rows([*_menu(options[:most]), *write]), options, room)
    menu = _rows([*_menu(options[:count]), *write])
    return (menu, count) if room.has(menu) else ([], 0)


def _most(make: Callable[[int], list[Json]], options: Sequence[_Option], room: Room) -> int:
    """Give with how many options what is made of them still fits."""
    return bisect_left(
        range(1, min(len(options), MOST) + 1), 1, key=lambda n: not room.has(make(n))
    )


def _rows(elements: Sequence[Json]) -> list[Json]:
    return [
        {"type": "actions", "elements": list(elements[first : first + TOGETHER])}
        for first in range(0, len(elements), TOGETHER)
    ]


def plain_text(text: str) -> Json:
    """Give a text object in which nothing acts, and no `:code:` becomes a picture."""
    return {"type": "plain_text", "text": text, "emoji": False}


def _button(label: str, value: str, action: str) -> Json:
    text = plain_text(shortened(label, LONGEST_LABEL))
    return {"type": "button", "text": text, "value": value, "action_id": action}


def _buttons(part: Part, options: Sequence[_Option]) -> list[Json]:
    buttons = [_button(each.label, each.data, f"choose:{each.data}") for each in options]
    if part.manner == "scale":
        # Heard by itself, a number does not say what it is a number of.
        asked = " ".join(cleaned(plain(part.runs)).strip().split("\n\n")[-1].split())
        for button, each in zip(buttons, options, strict=True):
            room = LONGEST_LABEL - len(each.label) - 1
            if asked and room > 1:
                button["accessibility_label"] = f"{shortened(asked, room)} {each.label}"
    return buttons


def _write(question: str, label: str) -> Json:
    return _button(label, question, f"write:{question}")


def _option(option: _Option) -> Json:
    return {"text": plain_text(option.label), "value": option.data}


def _menu(options: Sequence[_Option]) -> list[Json]:
    if not options:
        return []
    made = [_option(each) for each in options]
    action = f"choose:{_question(options)}"
    return [{"type": "static_select", "action_id": action, "options": made}]


def _question(options: Sequence[_Option]) -> str:
    return ".".join(options[0].data.split(".")[:2])


def _toggles(part: Part, options: Sequence[_Option], says: Says, on: Collection[str]) -> list[Json]:
    """Give checkboxes, ten to a block, and the button that ends choosing.

    Their blocks keep one id: then Slack leaves a person's ticks alone while the message is redrawn
    (github.com/slackapi/java-slack-sdk/issues/762). With a new id, a redrawing for the first tick
    would take away a second that was made meanwhile.
    """
    if not options:
        return []
    question = _question(options)
    blocks = []
    for first in range(0, len(options), CHECKBOXES):
        name = f"toggle:{question}.{first // CHECKBOXES}"
        box = _checkboxes(options[first : first + CHECKBOXES], name, on)
        # No two blocks of a message may have one id; a question can stand there twice.
        own = f"{part.message}:{name}"
        blocks.append({"type": "actions", "block_id": own, "elements": [box]})
    end = says.ends.done if on else says.ends.none
    data = f"{question}.done"
    return [*blocks, *_rows([_button(end, data, f"choose:{data}")])]


def _checkboxes(options: Sequence[_Option], name: str, on: Collection[str]) -> Json:
    box: Json = {"type": "checkboxes", "action_id": name, "options": [*map(_option, options)]}
    # An empty list is refused (github.com/slackapi/bolt-js/issues/482).
    if ticked := [_option(each) for each in options if each.key in on]:
        box["initial_options"] = ticked
    return box
