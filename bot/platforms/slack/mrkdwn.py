"""Our runs as Slack's own markup, for the few places that take nothing else.

It has no way to escape a style: what somebody typed between two stars would be bold and lose them.
So a style of ours is left out where a text has its character, and what could act is taken apart by
a space of no width. Blocks of messages are `rich_text` instead, which needs none of this.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from bot.markup import Run, plain
from bot.platforms.slack.words import escaped, known

_SIGNS = {"strong": "*", "emphasis": "_"}
_UNSEEN = "\u200b"
_CODE = re.compile(r":(?=[\w+'-]+:)")
"""Where an emoji's name begins: no colon closes it once something stands between."""
_QUOTE = re.compile(r"^(?=>)", re.MULTILINE)


def to_mrkdwn(runs: Sequence[Run]) -> str:
    """Give the runs in Slack's markup; what somebody typed is shown and does nothing."""
    runs = [known(run) for run in runs]
    whole = plain(runs)
    return "".join(_marked(runs, whole))


def _marked(runs: Sequence[Run], whole: str) -> Iterator[str]:
    place = 0
    for run in runs:
        before, after = whole[:place][-1:], whole[place + len(run.text) :][:1]
        place += len(run.text)
        text = _literal(run.text, whole)
        if run.style == "link":
            yield f"<{_address(run.href)}|{text}>".replace("\n", " ")
        elif _can_be_styled(run, before, after, whole):
            yield f"{_SIGNS[run.style]}{text}{_SIGNS[run.style]}"
        else:
            yield text


def _literal(text: str, whole: str) -> str:
    """Give a text that is shown as it is; `whole` is what it is a part of."""
    for sign in "*_~`":
        # One alone opens nothing that anything closes.
        if whole.count(sign) > 1:
            text = text.replace(sign, _UNSEEN + sign + _UNSEEN)
    return escaped(_QUOTE.sub(_UNSEEN, _CODE.sub(f":{_UNSEEN}", text)))


def _can_be_styled(run: Run, before: str, after: str, whole: str) -> bool:
    """Whether Slack would take the signs round this run for a style, and no others of its kind."""
    sign = _SIGNS.get(run.style)
    return (
        sign is not None
        and sign not in whole
        and run.text == run.text.strip() != ""
        and "\n" not in run.text
        and not before.isalnum()
        and not after.isalnum()
    )


def _address(href: str) -> str:
    return quote(href, safe="!#$%&'()*+,-./:;=?@[]_~").replace("&", "&amp;")
