"""The Bot API's double in a process of its own, and the settings of who is turned to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter, sleep

from benchmarks.doubles import Strings, a_process, listens
from benchmarks.processes import LOOK_AGAIN_SECONDS, PATIENCE_SECONDS, free_port

FIRST_PERSON = 1000
"""The id of the first whom `--people` brings."""


@dataclass(frozen=True, slots=True)
class Double(Strings):
    """A Bot API that answers, and pushes updates, in a process of its own."""

    base_url: str
    token: str

    def set_webhook(self, url: str) -> None:
        """Set it in the name of whoever listens there."""
        self.asked(f"/bot{self.token}/setWebhook", {"url": url})

    def wait_for_webhook(self) -> None:
        """Return once a webhook is set, and whoever set it can be called."""
        until = perf_counter() + PATIENCE_SECONDS
        while perf_counter() < until:
            url = self.asked(f"/bot{self.token}/getWebhookInfo", {})["result"]["url"]
            if url and listens(int(url.rsplit(":")[-1].split("/")[0])):
                return
            sleep(LOOK_AGAIN_SECONDS)
        raise AssertionError("nobody has set a webhook")

    def settings(self) -> dict[str, str]:
        """Give those of a comentor that is turned to it, and asks for what happens."""
        return {
            "COMENTOR_TELEGRAM__TOKEN": self.token,
            "COMENTOR_TELEGRAM__BASE_URL": self.base_url.removesuffix("/bot"),
        }

    def by_webhook(self) -> dict[str, str]:
        """Give those of one that it calls, on a port that nobody listens on."""
        port = str(free_port())
        return {
            **self.settings(),
            "COMENTOR_TELEGRAM__WEBHOOK_URL": f"http://127.0.0.1:{port}",
            "COMENTOR_SERVER__PORT": port,
        }


@contextmanager
def a_double(*arguments: str) -> Iterator[Double]:
    """Keep a double running, and end it in good order."""
    with a_process("tests.botapi", *arguments) as said:
        yield Double(**said)
