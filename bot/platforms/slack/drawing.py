"""One message of ours as Slack shows it: blocks, and the text beside them.

A message is texts, each with its foot: what can be pressed while its question is open, and how it
was answered once it is closed. A foot takes no more closed than open, and never changes a text, so
a message that is redrawn is as many messages of Slack's as it was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.markup import Run, plain
from bot.platforms import Part, Standing
from bot.platforms.settled import ending_of
from bot.platforms.slack.elements import (
    Room,
    Says,
    controls,
    is_listed,
    labels_of,
    numbered,
    says_from,
)
from bot.platforms.slack.words import (
    HEAVIEST,
    LONGEST,
    MORE,
    Json,
    rich_text,
    to_text,
    to_texts,
    weight,
)
from bot.words import Words

FEET = Room(weight=5900, blocks=24)
"""What all feet of a message may take. With its texts that is 12,000 bytes and 49 blocks: Slack
takes 50 (docs.slack.dev, chat.postMessage) and fails, without saying how it counts, from about
13,200 characters (github.com/slackapi/bolt-js/issues/2509)."""
MOST_TEXTS = 25
"""Blocks of texts in a message, with the lines between them."""
_LINE: Json = {"type": "divider"}
_BETWEEN = Run("\n\n")


@dataclass(frozen=True, slots=True)
class Drawn:
    """One message of Slack's."""

    text: str
    """For notifications and screen readers: at most 4,000 characters, in which nothing acts."""
    blocks: tuple[Json, ...]


@dataclass(frozen=True, slots=True)
class _Text:
    """A part's text, or one piece of it."""

    part: int
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class _Foot:
    """What stands under a part: what can be pressed, or how it was answered."""

    part: int
    blocks: list[Json]
    ending: tuple[Run, ...] = ()


def draw(parts: Sequence[tuple[Part, Standing | None]], words: Words) -> list[Drawn]:
    """Give a message of one part or several as it stands now.

    One message of Slack's, or several where the texts are too long for one: then all that can be
    pressed, or was answered, is in the last. Empty where there is nothing to see. Files are not
    drawn.
    """
    asking = sum(_asks(part) for part, _ in parts)
    if not asking and not any(standing for _, standing in parts):
        # What most messages never show would be the third part of what it takes to send them.
        return draw_said([part.runs for part, _ in parts])
    says, room = says_from(words), _room(asking)
    texts = _texts([_runs(part, says, room) for part, _ in parts])
    left = _left(_pages(texts)[-1], asking)
    feet = [
        _foot(number, part, standing, words, says, _roomier(room, standing, left))
        for number, (part, standing) in enumerate(parts)
    ]
    return _messages(texts, feet)


def draw_said(said: Iterable[Sequence[Run]]) -> list[Drawn]:
    """Give one message or several of what is only said, and asks nothing."""
    return _messages(_texts(said), [])


def _texts(said: Iterable[Sequence[Run]]) -> list[_Text]:
    return [_Text(number, text) for number, runs in enumerate(said) for text in to_texts(runs)]


def _messages(texts: Sequence[_Text], feet: Sequence[_Foot]) -> list[Drawn]:
    *before, last = _pages(texts)
    drawn = [*(_drawn(page, []) for page in before), _drawn(last, feet)]
    return [each for each in drawn if each.blocks]


def _asks(part: Part) -> bool:
    return bool(part.choices) or (part.manner.startswith("ask") and bool(part.question))


def _room(asking: int) -> Room:
    """Give what the foot of each part may take: an equal share, less the line above it."""
    asking = max(asking, 1)
    return Room(FEET.weight // asking - weight(_LINE) - 1, FEET.blocks // asking - 1)


def _left(page: Sequence[_Text], asking: int) -> int:
    """Give what each foot may weigh beyond its share: the texts above need not be the heaviest."""
    return max(HEAVIEST - weight(_blocks(page, [])), 0) // max(asking, 1)


def _roomier(room: Room, standing: Standing | None, left: int) -> Room:
    """Give words that somebody wrote what is left: they stand nowhere else in the chat."""
    is_written = standing is not None and standing.how == "written"
    return Room(room.weight + left, room.blocks) if is_written else room


def _runs(part: Part, says: Says, room: Room) -> tuple[Run, ...]:
    """Give what a part says, with its choices where they are not whole on what is pressed."""
    if not is_listed(part, says, room):
        return part.runs
    return (*part.runs, _BETWEEN, Run("\n".join(numbered(labels_of(part)))))


def _foot(
    number: int, part: Part, standing: Standing | None, words: Words, says: Says, room: Room
) -> _Foot:
    if standing is None or standing.how is None:
        return _Foot(number, controls(part, says, standing.chosen if standing else (), room))
    ending = ending_of(part, standing, words)
    texts = to_texts(ending)
    if not room.has([rich_text(text) for text in texts]):
        ending = _shortened(ending, room)
        texts = [ending] if ending else []
    return _Foot(number, [rich_text(text) for text in texts], ending)


def _shortened(ending: Sequence[Run], room: Room) -> tuple[Run, ...]:
    """Give as much of it as there is room for; what is longer ends in `…`."""
    limit = LONGEST
    while limit:
        texts = to_texts(ending, limit)
        shown = (*texts[0], *([Run(MORE)] if len(texts) > 1 else [])) if texts else ()
        if not shown or room.has([rich_text(shown)]):
            return shown
        limit //= 2
    return ()


def _pages(texts: Sequence[_Text]) -> list[list[_Text]]:
    """Give the texts by messages, each as full as it may be."""
    pages: list[list[_Text]] = [[]]
    for text in texts:
        if pages[-1] and not _fits([*pages[-1], text]):
            pages.append([])
        pages[-1].append(text)
    return pages


def _fits(page: Sequence[_Text]) -> bool:
    blocks = _blocks(page, [])
    shown = sum(len(plain(text.runs)) for text in page)
    return shown <= LONGEST and len(blocks) <= MOST_TEXTS and weight(blocks) <= HEAVIEST


def _drawn(page: Sequence[_Text], feet: Sequence[_Foot]) -> Drawn:
    said = [
        *((each.part, each.runs) for each in page),
        *((each.part, each.ending) for each in feet),
    ]
    runs: list[Run] = []
    for _, text in sorted(said, key=lambda each: each[0]):
        runs += [_BETWEEN, *text] if text else []
    return Drawn(to_text(runs), tuple(_blocks(page, feet)))


def _blocks(page: Sequence[_Text], feet: Sequence[_Foot]) -> list[Json]:
    """Give the blocks of each part, its foot under its text, and a line between two parts."""
    by_part: dict[int, list[Json]] = defaultdict(list)
    for text in page:
        by_part[text.part].append(rich_text(text.runs))
    for foot in feet:
        by_part[foot.part] += foot.blocks
    parts = [by_part[number] for number in sorted(by_part) if by_part[number]]
    return [block for part in parts for block in (_LINE, *part)][1:]
