"""How a question of the bank is worded: its form, and in some languages its words.

Each rule is a pattern, with the fault of a text that it is found in and the remedy.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_FORM = (
    (r"(?s)\A.{181}", "its text has {length} characters; shorten it to 180 at most"),
    (r"!", "has an exclamation mark; end it calmly"),
    (r";", "has a semicolon; keep one idea"),
    (r"(?s)\?.*\?", "asks more than once; keep one question mark and give the rest its own id"),
    (r"(?:\A|[^?\s])\s*\Z", "does not end in a question mark; end with the question itself"),
)

_AUX = (
    r"(?:am|are|can|could|did|do|does|had|has|have|is|may|might|must|ought|shall|should|was|were"
    r"|will|would|(?:are|ca|could|did|do|does|had|has|have|is|should|was|were|wo|would)n't)\b"
)
_OPEN = r"\b(?:what|which|who|whom|whose|where|when|how|why)\b"
_ADVICE = (
    r"\b(?:you should|you ought|you'd better|you had better|you might want|try to|try and|why not"
    r"|why don't you|how about|what about|remember to|make sure|be sure to|don't forget|great"
    r"|have you (?:considered|thought|tried)|i (?:suggest|recommend)|well done|good (?:job|for you)"
    r"|congratulations|amazing|awesome|brilliant|excellent|fantastic|wonderful|impressive)\b"
)
_LEAD = r"(?:(?!what|which|who|where|how|why)[^?,]*,\s+)?"  # "When you left, did you …"
_CLOSED = rf"(?:\A|[.:?!]\s+){_LEAD}{_AUX}"
_CHECKING = rf", (?:right|ok|okay|yes|no|correct|agreed|eh|{_AUX}(?: \w+)?)\?\s*\Z|\bor not\?\s*\Z"
_ENGLISH = (
    (_CLOSED, "can be answered yes or no ('{found}'); begin with what, which, who, where or how"),
    (_CHECKING, "checks rather than asks ('{found}'); leave that ending out"),
    (rf"(?s)\A(?!.*{_OPEN})", "asks nothing open; ask what, which, who, where, when or how"),
    (rf"\b(?:and|or) {_OPEN}", "holds two ideas ('{found}'); keep one, give the other an id"),
    (_ADVICE, "hides advice or praise ('{found}'); ask what the person thinks instead"),
)

# The accent is the difference: `cuando` leads to a question, `cuándo` is one.
_SPANISH_OPEN = (
    r"(?:(?:a|con|contra|de|desde|en|entre|hacia|hasta|para|por|sobre) )?"
    r"(?:qué|cuál(?:es)?|quién(?:es)?|dónde|adónde|cuándo|cómo|cuánt[oa]s?)\b"
)
_SPANISH_CLOSED = rf"¿\s*(?!(?:y )?{_SPANISH_OPEN})\w+"
_SPANISH_CHECKING = (
    r"[,.] ¿(?:no|verdad|vale|eh|sí|cierto|de acuerdo|a que sí)\?\s*\Z|\bo no\?\s*\Z"
)
_TO_DO = r"\w*[aeií]r(?:[mst]e|l[aeo]s?|n?os)*"
_SPANISH_ADVICE = (
    r"\b(?:por qué no|qué tal si|qué te parece si|deberías|tienes que|tendrías que|asegúrate"
    r"|no (?:te )?olvides|recuerda que|te (?:aconsejo|conviene|convendría|recomiendo|sugiero)"
    rf"|(?:debes|habría que|hay que|intenta|procura|prueba a|recuerda|trata de) {_TO_DO}"
    r"|has (?:considerado|pensado en|probado)|bien hecho|buen trabajo|enhorabuena|felicidades"
    r"|excelente|estupend[oa]|fantástic[oa]|genial|impresionante|increíble|maravillos[oa])\b"
)
_SPANISH = (
    (r"\A[^¿]*\Z", "does not open its question with ¿; put it where the question begins"),
    (
        _SPANISH_CLOSED,
        "can be answered yes or no ('{found}'); ask qué, cuál, quién … right after ¿",
    ),
    (_SPANISH_CHECKING, "checks rather than asks ('{found}'); leave that ending out"),
    (
        rf"(?<!¿)\b[eouy] {_SPANISH_OPEN}",
        "holds two ideas ('{found}'); keep one, give the other an id",
    ),
    (_SPANISH_ADVICE, "hides advice or praise ('{found}'); ask what the person thinks instead"),
)

_WORDS = {"en": _ENGLISH, "es": _SPANISH}


def faults_in(text: str, language: str) -> Iterator[str]:
    """What is wrong with a question's words, each with its remedy.

    Form holds in every language; what its words should be is known of English and Spanish.
    """
    plain = unicodedata.normalize("NFC", text.replace("\u2019", "'"))
    for pattern, fault in (*_FORM, *_WORDS.get(language.partition("-")[0], ())):
        if found := re.search(pattern, plain, re.IGNORECASE):
            yield fault.format(found=found[0].strip(), length=len(plain))
