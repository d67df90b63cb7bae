"""The bank of questions in Spanish: the same questions, and the rules of how Spanish asks them."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest

from conversations.bank import Question, faults, read_bank
from tests.conversations.banks import sounding_alike


def tables(language: str) -> dict[str, Any]:
    """Our own file in that language, parsed."""
    return tomllib.loads((files("prompts") / language / "questions.toml").read_text("utf-8"))


ENGLISH, SPANISH = tables("en"), tables("es")
OURS = [Question(**row, language="es") for row in SPANISH["question"]]
GOOD = next(question for question in OURS if question.id == "what-stayed")


def worded(text: str) -> str:
    """All faults of a question with these words, on one line."""
    return " / ".join(faults(replace(GOOD, text=text)))


# Our own bank


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
    assert sounding_alike(OURS) == []


# What is refused


@pytest.mark.parametrize(
    "text",
    [
        "¿Te quedó algo?",
        "¿Has hablado con alguien de lo que pasó?",
        "¿Hay algo que quieras llevar, o cómo prefieres empezar?",
        "¿No te preguntas qué quedó?",
        "Piensa en la semana pasada. ¿Fue como esperabas?",
        "Cuando saliste, ¿pesaba menos?",
        "¿Que te quedó?",
        "¿Cuando saliste, qué te llevabas?",
    ],
)
def test_a_closed_question_is_refused(text: str) -> None:
    """Yes or no ends a thought; without its accent `qué` is another word."""
    assert "yes or no" in worded(text)


@pytest.mark.parametrize("ending", [", ¿no?", ", ¿verdad?", ". ¿Vale?", ", ¿a que sí?", ", o no?"])
def test_a_checking_ending_is_refused(ending: str) -> None:
    """It asks for a nod, not for a thought."""
    assert "checks rather than asks" in worded(f"Sabes qué te quedó{ending}")


@pytest.mark.parametrize("text", ["Qué te quedó?", "Te alegró el encuentro?"])
def test_a_question_opens_with_its_mark(text: str) -> None:
    """Phones let it be left out; the bank does not."""
    assert "with ¿" in worded(text)


@pytest.mark.parametrize(
    "text", ["¿Qué te quedó y qué se fue?", "¿Qué te quedó o con qué te fuiste?"]
)
def test_two_ideas_are_refused(text: str) -> None:
    """On a phone only one of the two is answered."""
    assert "two ideas" in worded(text)


@pytest.mark.parametrize(
    "text",
    [
        "¿Por qué no se lo preguntas?",
        "¿Qué crees que deberías hacer ahora?",
        "Cuando descansas, ¿qué tienes que soltar?",
        "Intenta recordarlo. ¿Qué quedó?",
        "Recuerda que hay tiempo. ¿Qué quedó?",
        "Prueba a decírselo. ¿Qué cambiaría?",
        "¿Qué hay que hacer para que salga?",
        "No olvides lo pequeño. ¿Qué fue?",
        "¿Qué tal si salís a pasear?",
        "Enhorabuena. ¿Qué viene ahora?",
        "¿Qué hizo que el encuentro fuera genial?",
    ],
)
def test_hidden_advice_or_praise_is_refused(text: str) -> None:
    """The bot asks; it neither knows better nor hands out marks."""
    assert "advice or praise" in worded(text)


@pytest.mark.parametrize(
    "text",
    [
        "Vuelve a aquella hora tranquila. ¿Qué oíste?",
        "Si nadie preguntara, ¿en cuál de tus metas pensarías?",
        "¿Y con qué te quedas tú?",
        "¿A quién le debes algo que no sabe?",
        "¿Qué hay en tu mesa que nadie ve?",
        "¿Cua\u0301ntas veces pensaste en ello?",
        "¿DÓNDE te salen las mejores ideas?",
        "¿De qué trata de verdad ese proyecto?",
    ],
)
def test_what_asks_openly_may_be_asked(text: str) -> None:
    """Words that look like advice in one sentence are none in another."""
    assert worded(text) == ""


@pytest.mark.parametrize(
    "other",
    ["tu mentor", "tu mentora", "las mentoras", "tu mentee", "quien te mentoriza", "tu mentorando"],
)
def test_what_reaches_co_mentors_names_no_mentor(other: str) -> None:
    """Of two co-mentors neither is the senior; an exchange of theirs may be called `mentoría`."""
    question = replace(GOOD, role="either", text=f"¿Qué dijo {other}?")
    assert "the other person" in "".join(faults(question))
    assert faults(replace(question, role="mentee")) == ()
    assert faults(replace(question, text="¿Qué te ha dado la mentoría?")) == ()
