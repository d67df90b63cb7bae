"""Modals in a person's hands: how they are filled in, and what an answer makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.slackapi import elements, limits
from tests.slackapi.state import Json, View

if TYPE_CHECKING:
    from tests.slackapi.people import Person
    from tests.slackapi.workspaces import Workspace

STACK = 3  # views: docs.slack.dev/surfaces/modals#stack


def new(workspace: Workspace, person: str, given: Json, root: View | None = None) -> View:
    """Give a view as Slack keeps it."""
    blocks = elements.stored(given["blocks"])
    name = workspace.api.state.name("V")
    raw = {
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        "title": None,
        "clear_on_close": False,
        "notify_on_close": False,
        "close": None,
        "submit": None,
        **given,
        "id": name,
        "team_id": workspace.id,
        "blocks": blocks,
        "app_id": workspace.app.id,
        "root_view_id": root.raw["root_view_id"] if root else name,
        "previous_view_id": root.id if root else None,
        "bot_id": workspace.bot_id,
        "app_installed_team_id": workspace.id,
        "hash": workspace.api.state.ts(),
    }
    view = workspace.views[name] = View(raw, person, elements.initial(blocks))
    return view


def change(workspace: Workspace, view: View, given: Json) -> None:
    """Put other content into a view; what was filled in stays where its identifiers stay."""
    fixed = ("id", "root_view_id", "previous_view_id")
    made = new(workspace, view.person, given)
    del workspace.views[made.id]
    view.values = elements.carried(view.values, made.values)
    view.raw = made.raw | {name: view.raw[name] for name in fixed}


def shown(view: View) -> Json:
    """Give a view as payloads show it: with what is filled in."""
    return view.raw | {"state": {"values": view.values}}


def fill(view: View, values: Mapping[str, Any]) -> None:
    """Fill in what is named by its label, its action or its block; what must be filled in, is.

    Raises:
        AssertionError: nothing has such a name, or Slack would not let it be submitted.
    """
    left = dict(values)
    for block, element in elements.active(view.blocks):
        names = [element["action_id"], block["block_id"], block.get("label", {}).get("text", "")]
        for name in names:
            if name in left:
                state = elements.filled(element, left.pop(name))
                view.values[block["block_id"]][element["action_id"]] = state
                break
        if block["type"] == "input" and not block.get("optional"):
            state = view.values[block["block_id"]][element["action_id"]]
            filled = state[elements.FILLED[element["type"]]]
            assert filled or filled == 0, f"{names[-1]!r} must be filled in"
    assert not left, f"nothing is named {sorted(left)} in {view.words!r}"


def respond(person: Person, view: View, answer: Json) -> None:
    """Do with a modal what the answer to its submission says.

    Raises:
        Refused: Slack would not draw the view in the answer; the person sees an error.
        AssertionError: the answer is none that Slack knows.
    """
    action = answer.get("response_action", "")
    assert action in {"", "errors", "update", "push", "clear"}, answer
    if action == "errors":
        known = {block["block_id"] for block in view.blocks if block["type"] == "input"}
        assert answer["errors"].keys() <= known, f"errors for {answer['errors']}, not in {known}"
    elif action in {"update", "push"}:
        limits.view(answer["view"], "modal")
        if action == "update":
            change(person.workspace, view, answer["view"])
        else:
            person.views.append(new(person.workspace, person.id, answer["view"], view))
    elif action == "clear":
        person.views.clear()
    else:
        person.views.remove(view)
    person.api.state.changed()
