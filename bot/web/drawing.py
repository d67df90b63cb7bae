"""How the scene's values become HTML: the templates, and what they cannot work out themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.web.scene import Option, Part, Role, Run, Somebody

HERE = Path(__file__).parent
STATIC = HERE / "static"

SHORT_LABEL = 14
"""Characters up to which buttons share a row."""
SAFE_SCHEMES = frozenset({"http", "https", "mailto"})
ROLES: dict[Role, str] = {
    "mentee": "Mentees",
    "mentor": "Mentors",
    "co-mentor": "Co-mentors",
    "supervisor": "Supervisors",
    "manager": "Managers",
}

Slots = Mapping[str, Somebody]
"""Who is shown where: the keys are `a` to `d`, from left to right."""


def initials(name: str) -> str:
    """Up to two letters for an avatar."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def paragraphs(runs: Iterable[Run]) -> list[list[Run]]:
    """The runs cut where a blank line stands; single line breaks stay in them."""
    cut: list[list[Run]] = [[]]
    for run in runs:
        for number, text in enumerate(re.split(r"\n{2,}", run.text)):
            if number:
                cut.append([])
            if text:
                cut[-1].append(replace(run, text=text))
    return [paragraph for paragraph in cut if paragraph]


def safe_href(href: str) -> str:
    """The address if a click on it is harmless, otherwise an empty string."""
    return href if urlsplit(href).scheme in SAFE_SCHEMES else ""


def is_short(option: Option) -> bool:
    """Whether this button may share its row with others."""
    return len(option.label) <= SHORT_LABEL


def answers(part: Part) -> list[Option]:
    """What a closed question was answered with; empty while open and where nobody answered."""
    if part.is_open:
        return []
    chosen = [option for option in part.options if option.chosen]
    return chosen or [option for option in (part.done,) if option and option.chosen]


def by_role(people: Sequence[Somebody]) -> list[tuple[str, list[Somebody]]]:
    """The people as groups of a select, each with its label; with cohorts' names if several."""
    cohorts = list(dict.fromkeys(somebody.cohort for somebody in people))
    groups = [
        (
            f"{cohort}: {label}" if len(cohorts) > 1 else label,
            [one for one in people if (one.cohort, one.role) == (cohort, role)],
        )
        for cohort in cohorts
        for role, label in ROLES.items()
    ]
    return [(label, members) for label, members in groups if members]


def query(slots: Slots) -> str:
    """The part of the address after `?` that brings these people back."""
    return urlencode({slot: somebody.id for slot, somebody in slots.items()})


def draw(template: str, **values: object) -> str:
    """The HTML of a template; everything in `values` is escaped."""
    return TEMPLATES.get_template(template).render(values)


def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"initials": initials, "paragraphs": paragraphs, "safe_href": safe_href}
    made.filters |= {"answers": answers, "by_role": by_role, "query": query}
    made.tests["short"] = is_short
    made.globals["fresh_event"] = lambda: str(uuid4())
    return made


TEMPLATES = _templates()
