"""The bank of questions in Spanish: the same questions, for anybody who may read them."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from itertools import combinations
from typing import Any

import pytest

from conversations.bank import Question, faults, read_bank


def tables(language: str) -> dict[str, Any]:
    """Our own file in that language, parsed."""
    return tomllib.loads((files("prompts") / language / "questions.toml").read_text("utf-8"))


ENGLISH, SPANISH = tables("en"), tables("es")
OURS = [Question(**row, language="es") for row in SPANISH["question"]]


def test_it_holds_the_same_questions_as_the_english() -> None:
    """What somebody was asked is known by its id, in whichever language it was."""

    def but_words(bank: dict[str, Any]) -> list[dict[str, Any]]:
        return [{**row, "text": ""} for row in bank["question"]]

    assert but_words(SPANISH) == but_words(ENGLISH)
    assert SPANISH["principle"].keys() == ENGLISH["principle"].keys()
    assert len(read_bank(SPANISH).questions) == len(OURS)


@pytest.mark.parametrize("question", OURS, ids=lambda question: question.id)
def test_each_question_of_ours_may_be_asked(question: Question) -> None:
    """Open, one idea, short, no advice or praise: each holds for each, and a failure names it."""
    assert faults(question) == ()
    assert question.text not in {row["text"] for row in ENGLISH["question"]}


GENDERED = (
    r"(?i)\b(?:[nv]osotr[oa]s|amb[oa]s|junt[oa]s|(?:l[oa]s|entre) dos|el otro|(?:tu|la) mentora?"
    r"|compañer[oa]s?|list[oa]|sol[oa] (?:ante|con|en)|segur[oa] de)\b|\w[/@]\w"
)


@pytest.mark.parametrize("question", OURS, ids=lambda question: question.id)
def test_no_question_of_ours_tells_women_from_men(question: Question) -> None:
    """Neither of whoever reads it nor of the other person is known which they are."""
    assert not re.search(GENDERED, question.text)


def test_no_two_of_ours_sound_alike() -> None:
    """Somebody who gets one a week for a year should not think they have had this before."""
    words = {q.id: set(re.findall(r"\w+", q.text.lower())) for q in OURS}
    alike = [
        (one, other)
        for one, other in combinations(words, 2)
        if len(words[one] & words[other]) > 0.65 * len(words[one] | words[other])
    ]
    assert alike == []
