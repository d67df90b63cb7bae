"""Invitations as a manager hands them out: a list for a spreadsheet, and cards to print."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.cohort.cells import FORMULA
from bot.languages import Languages
from bot.markup import Run, plain
from bot.saying import Reader

COLUMNS = ("key", "name", "role", "platform", "link", "code")
PLACES = {"telegram": "Telegram", "slack": "Slack"}
"""What the platforms call themselves."""
QUIET_ZONE = 4
"""Modules of white round a QR code: ISO/IEC 18004."""


@dataclass(frozen=True, slots=True)
class Door:
    """Where people come in."""

    name: str
    """Which one it is, where a platform has several: a workspace's name."""
    address: str


Doors = Mapping[str, Sequence[Door]]
"""By platform."""


@dataclass(frozen=True, slots=True)
class Card:
    """One person's invitation."""

    key: str
    name: str
    role: str
    platform: str
    link: str
    """One address, or several with their names."""
    reader: Reader
    code: str = ""
    """What is typed once somebody is there; empty where the link brings it along."""
    doors: tuple[Door, ...] = ()
    """All there are to choose from; empty where the link is the only one."""


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A card as the page draws it."""

    name: str
    language: str
    doors: Sequence[Door]
    invitation: Sequence[Sequence[Run]]
    """Paragraph by paragraph."""
    steps: tuple[Run, ...]
    once: tuple[Run, ...]
    square: Markup
    """Empty where there is more than one way to go."""


def sheet(cards: Sequence[Card]) -> bytes:
    """Give the list as CSV in UTF-8, with the mark by which Excel knows that it is."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for card in cards:
        writer.writerow([_harmless(str(getattr(card, column))) for column in COLUMNS])
    return out.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    """Give a cell that no spreadsheet runs as a formula: OWASP, CSV Injection."""
    return f"'{cell}" if cell.lstrip(" ")[:1] in FORMULA and cell else cell


def page(cards: Sequence[Card], words: Languages, programme: str, until: datetime) -> bytes:
    """Give the cards as one HTML file to print, which fetches nothing and runs nothing.

    Each is in the language of whom it is for, and what is about them in the programme's.
    """
    usual = words.usual.language
    whoever = Reader(0, "", "manager", "UTC", usual, lambda _: "UTC")
    html = _TEMPLATES.get_template("cards.html").render(
        language=usual,
        title=plain(words.render("invitation_page", {"programme": programme}, whoever).runs),
        guide=words.render("invitation_guide", {"count": len(cards)}, whoever).runs,
        cards=[_drawn(card, words, programme, until) for card in cards],
    )
    return html.encode()


def _drawn(card: Card, words: Languages, programme: str, until: datetime) -> _Drawn:
    doors = card.doors or (Door("", card.link),)
    place = PLACES.get(card.platform, card.platform)
    values = {"programme": programme, "until": until, "place": place}
    values |= {"code": card.code, "several": len(doors) > 1}
    steps = "invitation_steps_with_code" if card.code else "invitation_steps"
    invitation, how, once = (
        words.render(line, values, card.reader).runs
        for line in ("invitation", steps, "invitation_once")
    )
    square = _square(doors[0].address) if len(doors) == 1 else Markup()
    written = (_paragraphs(invitation), how, once)
    return _Drawn(card.name, card.reader.language, doors, *written, square)


def _paragraphs(runs: Sequence[Run]) -> list[list[Run]]:
    cut: list[list[Run]] = [[]]
    for run in runs:
        first, *more = re.split(r"\n{2,}", run.text)
        cut[-1].append(replace(run, text=first))
        cut += [[replace(run, text=text)] for text in more]
    return [found for each in cut if (found := [run for run in each if run.text])]


def _square(link: str) -> Markup:
    """Give a link as a QR code; a quarter of it may be dirty or torn, as paper gets."""
    drawn = segno.make_qr(link, error="q")
    # S704: made of black squares and nothing that anybody wrote.
    return Markup(drawn.svg_inline(border=QUIET_ZONE, omitsize=True, light="#fff"))  # noqa: S704


_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
