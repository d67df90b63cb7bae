"""What the methods for modals and App Home do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from tests.slackapi import limits, modals
from tests.slackapi.methods import Call, Deed
from tests.slackapi.people import Person
from tests.slackapi.refusals import Refused
from tests.slackapi.state import Json, View


def open_view(call: Call) -> Json:
    """Put a modal before a person."""
    person = triggered(call)
    person.views[:] = [made := modals.new(call.workspace, person.id, call.given["view"])]
    return {"view": modals.shown(made)}


def push_view(call: Call) -> Json:
    """Put another modal on top."""
    person = triggered(call)
    if not person.views:
        raise Refused("not_found")
    if len(person.views) >= modals.STACK:
        raise Refused("push_limit_reached")
    made = modals.new(call.workspace, person.id, call.given["view"], person.views[-1])
    person.views.append(made)
    return {"view": modals.shown(made)}


def triggered(call: Call) -> Person:
    """Find whoever did what the bot answers with a modal.

    Raises:
        Refused: it did not happen here, or longer ago than three seconds, or was used.
    """
    trigger = call.workspace.triggers.get(call.given.get("trigger_id", ""))
    if trigger is None:
        raise Refused("invalid_trigger_id")
    if trigger.used:
        raise Refused("exchanged_trigger_id")
    if trigger.expires < call.api.state.now:
        raise Refused("expired_trigger_id")
    trigger.used = True
    return call.workspace.people[trigger.person]


def update_view(call: Call) -> Json:
    """Change a modal that is open."""
    view = call.workspace.views.get(call.given.get("view_id", ""))
    external = call.given.get("external_id")
    if external:
        every = call.workspace.views.values()
        view = next((each for each in every if each.raw["external_id"] == external), None)
    if view is None or view not in call.workspace.people[view.person].views:
        raise Refused("not_found")
    return replaced(call, view)


def publish_view(call: Call) -> Json:
    """Draw a person's App Home."""
    if not call.workspace.app.home_enabled:
        raise Refused("not_enabled")
    person = call.person(call.given["user_id"])
    view = call.workspace.homes.get(person.id)
    if view is not None:
        return replaced(call, view)
    made = modals.new(call.workspace, person.id, call.given["view"])
    call.workspace.homes[person.id] = made
    return {"view": modals.shown(made)}


def replaced(call: Call, view: View) -> Json:
    """Put other content into a view that nobody has changed since it was read.

    Raises:
        Refused: its hash is another by now.
    """
    if call.given.get("hash", view.raw["hash"]) != view.raw["hash"]:
        raise Refused("hash_conflict")
    modals.change(call.workspace, view, call.given["view"])
    return {"view": modals.shown(view)}


def of_kind(kind: str, given: Json) -> None:
    """Hold a view against its limits."""
    limits.view(given["view"], kind)


DEEDS: Mapping[str, Deed] = {
    "views.open": open_view,
    "views.push": push_view,
    "views.update": update_view,
    "views.publish": publish_view,
}
LIMITS: Mapping[str, Callable[[Json], None]] = {
    "views.publish": partial(of_kind, "home"),
    **dict.fromkeys(("views.open", "views.push", "views.update"), partial(of_kind, "modal")),
}
