"""Slack's double in a process of its own, and the settings of who is turned to it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

from benchmarks.doubles import Strings, a_process


@dataclass(frozen=True, slots=True)
class Place:
    """A workspace of the double, and how the app in it is reached and reaches it."""

    workspace: str
    token: str
    app_token: str
    signing_secret: str
    people: Sequence[str]

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Self:
        """Give what the double says of one."""
        return cls(*(said[name] for name in cls.__slots__))

    @property
    def addresses(self) -> list[str]:
        """Give how comentor knows its people."""
        return [f"{self.workspace}:{person}" for person in self.people]


@dataclass(frozen=True, slots=True)
class Double(Strings):
    """A Slack that answers, and tells what happens, in a process of its own."""

    base_url: str
    tls_url: str
    """The same over TLS; empty where it has no certificate."""
    first: Place

    def one_more(self, people: int) -> Place:
        """Give another workspace, with an app of its own."""
        return Place.of(self.wish("workspace", people=people))

    def by_socket(self, *places: Place) -> dict[str, str]:
        """Give the settings of a comentor that listens by Socket Mode."""
        return self._settings([{"app_token": each.app_token} for each in places], places)

    def by_http(self, port: int) -> dict[str, str]:
        """Give those of one that the first workspace's app calls, from now on."""
        self.wish("listens", events=f"http://127.0.0.1:{port}/slack/1")
        told = self._settings([{"signing_secret": self.first.signing_secret}], [self.first])
        return {**told, "COMENTOR_SERVER__PORT": str(port)}

    def _settings(self, ways: Sequence[dict[str, str]], places: Sequence[Place]) -> dict[str, str]:
        listed = [
            {"name": each.workspace, "bot_token": each.token, **way}
            for each, way in zip(places, ways, strict=True)
        ]
        return {
            "COMENTOR_SLACK__API_URL": self.base_url,
            "COMENTOR_SLACK__WORKSPACES": json.dumps(listed),
        }


@contextmanager
def a_double(*arguments: str) -> Iterator[Double]:
    """Keep a double running, and end it in good order."""
    with a_process("tests.slackapi", *arguments) as said:
        tls_port = said.get("tls_port")
        tls_url = f"https://127.0.0.1:{tls_port}/api/" if tls_port else ""
        yield Double(said["port"], said["base_url"], tls_url, Place.of(said))
