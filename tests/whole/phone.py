"""One person's phone: what stands in their pane, and what they press and type there.

It knows the playground only by its pages and sends only what a browser would send.
"""

from __future__ import annotations

from functools import partial
from uuid import uuid4

from tests.whole.pages import Bubble, Button, Part, Screen, screen_in
from tests.whole.server import Server, until


class Phone:
    """One person's pane."""

    def __init__(self, server: Server, name: str, number: int) -> None:
        """Take the phone of somebody whom the page knows by this name and number."""
        self.server, self.name, self.number = server, name, number

    def __repr__(self) -> str:
        return f"{self.name}'s phone"

    # What they see

    def screen(self) -> Screen:
        """Give what they have before them now."""
        return screen_in(self.server.text(f"/panes/a?a={self.number}"))

    def bubbles(self) -> tuple[Bubble, ...]:
        """Give all that stands in their chat, oldest first."""
        return self.screen().bubbles

    def texts(self) -> list[str]:
        """Give what the bot has written to them, a text for each part of a message."""
        return [part.text for bubble in self.bubbles() if not bubble.mine for part in bubble.parts]

    def lately(self) -> list[str]:
        """Give the newest few texts, to tell what stood there instead of what was waited for."""
        return self.texts()[-6:]

    def last(self) -> str:
        """Give the newest thing that the bot wrote."""
        return self.texts()[-1]

    def shows(self, words: str) -> bool:
        """Whether the bot has ever written these words to them."""
        return any(words in text for text in self.texts())

    def has(self, words: str) -> bool:
        """Whether these words stand in their chat, whoever wrote them."""
        return any(words in part.text for bubble in self.bubbles() for part in bubble.parts)

    def open_parts(self) -> list[Part]:
        """Give every question that has buttons to press, newest first."""
        parts = [part for bubble in self.bubbles() for part in bubble.parts if part.buttons]
        return parts[::-1]

    def labels(self, question: str = "") -> list[str]:
        """Give the labels under the newest open question that has these words."""
        found = until(
            f"{self} to ask {question!r}",
            lambda: [part for part in self.open_parts() if question in part.text],
            self.lately,
        )
        return [button.label for button in found[0].buttons if not button.ends]

    def reads(self, words: str, after: int = 0) -> str:
        """Wait for a text with these words beyond the first `after` texts, and give it."""
        return until(f"{self} to show {words!r}", lambda: self.read(words, after), self.lately)

    def read(self, words: str, after: int = 0) -> str:
        """Give the first text with these words beyond the first `after` texts, or an empty one."""
        return next((text for text in self.texts()[after:] if words in text), "")

    def files(self) -> list[bytes]:
        """Fetch every file that was ever sent to them, in order."""
        return [
            self.server.web.get(address).raise_for_status().content
            for bubble in self.bubbles()
            for address in bubble.files
        ]

    # What they do

    def comes(self) -> None:
        """Open the invitation that waits."""
        invitation = until(f"{self} to be invited", lambda: self.screen().invitation)
        self.comes_with(invitation.sent["token"])
        until(f"{self} to have come", lambda: self.screen().invitation is None)

    def comes_with(self, token: str) -> None:
        """Open an invitation by its link, whoever's it is."""
        self._do("come", token=token)

    def presses(self, *labels: str) -> None:
        """Press the newest button of each label once it is there, and wait until that was taken."""
        for label in labels:
            self._press(until(f"{self} to have {label!r}", partial(self._find, label), self.lately))

    def is_done(self) -> None:
        """End toggling, under the newest question that has toggles."""
        self._press(until(f"{self} to have toggles", self._ending, self.lately))

    def toggles(self, *labels: str) -> None:
        """Toggle each of these once."""
        for label in labels:
            before = until(f"{self} to have {label!r}", partial(self._find, label), self.lately)
            self.presses_what_was(before.data)
            until(f"{label!r} to be toggled", partial(self._is_changed, before), self.lately)

    def presses_what_was(self, data: str) -> None:
        """Press a button by what it sends, whether or not it is still on the screen."""
        self._do("press", data=data)

    def types(self, text: str) -> str:
        """Type something, wait for the bot's answer to it, and give that."""
        return self._says("type", text=text)

    def attaches(self, name: str) -> str:
        """Send a file of this name, wait for the bot's answer, and give that."""
        return self._says("attach", name=name)

    def _says(self, deed: str, **fields: str) -> str:
        self.server.come_to_rest()  # what is still on its way is no answer
        before = len(self.bubbles())
        self._do(deed, **fields)
        return until(f"{self} to be answered", partial(self._answer, before), self.lately)

    def _do(self, deed: str, **fields: str) -> None:
        """Send what the page sends for a deed, under an event's id of its own."""
        self.server.a_moment_later()
        sent = {"event": str(uuid4()), **fields}
        answer = self.server.post(f"/people/{self.number}/{deed}", sent)
        assert answer.status_code == 204, (answer.status_code, answer.text)

    def _press(self, button: Button) -> None:
        self.presses_what_was(button.data)
        until(f"{button.label!r} to be taken", lambda: button.data not in self._open(), self.lately)

    def _buttons(self) -> list[Button]:
        """Every button that can be pressed, newest first."""
        return [button for part in self.open_parts() for button in reversed(part.buttons)]

    def _open(self) -> dict[str, Button]:
        return {button.data: button for button in self._buttons()}

    def _find(self, label: str) -> Button | None:
        start = label.removesuffix("…")
        return next(
            (
                b
                for b in self._buttons()
                if b.label == label or (start != label and b.label.startswith(start))
            ),
            None,
        )

    def _ending(self) -> Button | None:
        return next((button for button in self._buttons() if button.ends), None)

    def _is_changed(self, before: Button) -> bool:
        now = self._open().get(before.data)
        return now is not None and now.on is not before.on

    def _answer(self, before: int) -> str:
        """The first text of the bot's that stands under what they sent since."""
        new = self.bubbles()[before:]
        own = next((place for place, bubble in enumerate(new) if bubble.mine), len(new))
        return next((each.parts[0].text for each in new[own:] if not each.mine), "")
