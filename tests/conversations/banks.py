"""What holds of a bank of questions in whatever language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations

from conversations.bank import Question


def sounding_alike(questions: Sequence[Question]) -> list[tuple[str, str]]:
    """Give the ids of each two that share two thirds of their words."""
    words = {each.id: set(re.findall(r"[\w']+", each.text.lower())) for each in questions}
    return [
        (one, other)
        for one, other in combinations(words, 2)
        if len(words[one] & words[other]) > 0.65 * len(words[one] | words[other])
    ]
