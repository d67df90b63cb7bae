"""What Telegram says when it refuses, in its own words, with the code that is also HTTP's."""

from __future__ import annotations

from typing import Any

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
SECOND_READER = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)
WEBHOOK_IS_SET = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook"
    " first"
)
TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
}


class Refused(Exception):
    """A request that is answered with an error."""

    def __init__(self, code: int, words: str = "", **parameters: int) -> None:
        title = TITLES.get(code, "Error")
        self.code = code
        self.description = f"{title}: {words}" if words else title
        self.parameters = parameters
        super().__init__(self.description)

    @property
    def answer(self) -> dict[str, Any]:
        """The body that the bot gets."""
        body = {"ok": False, "error_code": self.code, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


def bad(words: str) -> Refused:
    """Give a refusal of what was asked."""
    return Refused(400, words)


def too_many(retry_after: int) -> Refused:
    """Give a refusal of the pace: seconds to wait with everything."""
    return Refused(429, f"retry after {retry_after}", retry_after=retry_after)
