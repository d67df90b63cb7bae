"""A person's Slack as a page: the very blocks that were sent, drawn plainly to be looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape

from tests.slackapi.people import Person
from tests.slackapi.state import Json, Message

STYLE = """
body { margin: 0; background: #f4f4f6; color: #1d1c1d;
  font: 15px/1.46 Lato, "DejaVu Sans", sans-serif }
main { display: flex; gap: 20px; padding: 20px; align-items: flex-start }
section { background: #fff; border: 1px solid #ddd; border-radius: 8px; width: 460px;
  padding: 4px 18px 16px }
h2 { font-size: 15px; border-bottom: 1px solid #ddd; margin: 0 -18px 12px; padding: 12px 18px }
article { display: flex; gap: 10px; margin: 14px 0 }
.who { flex: none; width: 34px; height: 34px; border-radius: 6px; background: #3b6e5a; color: #fff;
  display: grid; place-items: center; font-weight: 700 }
.person .who { background: #7a5c8e }
.name { font-weight: 700 }
.said { white-space: pre-wrap; overflow-wrap: anywhere }
.row { display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0 }
button { font: inherit; font-size: 13px; font-weight: 700; border: 1px solid #bbb;
  border-radius: 4px; background: #fff; padding: 4px 10px }
label { display: block; margin: 4px 0 }
hr { border: 0; border-top: 1px solid #ddd; margin: 12px 0 }
.file { border: 1px solid #ddd; border-radius: 6px; padding: 6px 10px; margin: 6px 0;
  display: inline-block }
"""


def page(*columns: str) -> str:
    """Give a page of columns side by side."""
    return (
        f"<!doctype html><meta charset=utf-8><title>Slack</title><style>{STYLE}</style>"
        f"<main>{''.join(columns)}</main>"
    )


def home(person: Person) -> str:
    """Give somebody's App Home as it was published last."""
    view = person.home
    blocks = drawn(view.blocks) if view else "<p>Nothing was published.</p>"
    return f"<section><h2>comentor · Home</h2>{blocks}</section>"


def chat(person: Person, messages: Iterable[Message], title: str = "comentor · Messages") -> str:
    """Give some of somebody's messages."""
    shown = "".join(_message(person, each) for each in messages)
    return f"<section><h2>{escape(title)}</h2>{shown}</section>"


def _message(person: Person, message: Message) -> str:
    name = "comentor" if message.by_bot else person.real_name
    body = drawn(message.blocks) or f"<div class=said>{escape(message.text)}</div>"
    files = "".join(f"<div class=file>{escape(name)}</div>" for name in message.file_names)
    kind = "bot" if message.by_bot else "person"
    return (
        f"<article class={kind}><div class=who>{escape(name[0])}</div><div><div class=name>"
        f"{escape(name)}</div>{body if not files else ''}{files}</div></article>"
    )


def drawn(blocks: Iterable[Json]) -> str:
    """Give blocks as HTML."""
    return "".join(_BLOCKS[block["type"]](block) for block in blocks)


def _rich_text(block: Json) -> str:
    elements = [each for section in block["elements"] for each in section["elements"]]
    return f"<div class=said>{''.join(map(_run, elements))}</div>"


def _run(element: Json) -> str:
    text = escape(element.get("text") or element.get("url", ""))
    if element["type"] == "link":
        text = f"<a href='{escape(element['url'])}'>{text}</a>"
    for style, tag in (("bold", "b"), ("italic", "i"), ("strike", "s"), ("code", "code")):
        if element.get("style", {}).get(style):
            text = f"<{tag}>{text}</{tag}>"
    return text


def _actions(block: Json) -> str:
    return f"<div class=row>{''.join(map(_element, block['elements']))}</div>"


def _element(element: Json) -> str:
    if element["type"] == "checkboxes":
        on = {each["value"] for each in element.get("initial_options", ())}
        boxes = (
            f"<label><input type=checkbox {'checked' if each['value'] in on else ''}> "
            f"{escape(each['text']['text'])}</label>"
            for each in element["options"]
        )
        return f"<div>{''.join(boxes)}</div>"
    return f"<button>{escape(element.get('text', {}).get('text', '…'))}</button>"


_BLOCKS: dict[str, Callable[[Json], str]] = {
    "rich_text": _rich_text,
    "actions": _actions,
    "divider": lambda _: "<hr>",
}
