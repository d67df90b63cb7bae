"""Sending to a Slack workspace, and redrawing what was sent: our meaning to its messages.

Each message carries the numbers of ours in its metadata. Whatever may be there already is looked
for before it is said again, so nothing is repeated.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.languages import Languages
from bot.platforms import AnswerLost, Delivery, File, NotNow, Redrawing, Unsendable
from bot.platforms.slack.calls import NotTaken, call, heeding
from bot.platforms.slack.drawing import Drawn, draw

log = structlog.get_logger()
SAID = "comentor_message"
"""The metadata's event type (docs.slack.dev, message metadata)."""
LOOKED_THROUGH = 15
"""Messages: the most that history gives to an app outside the Marketplace."""
OF_A_THREAD = 200
"""Messages: the most that Slack advises to ask for at once (docs.slack.dev, pagination)."""
BETWEEN_PIECES = 1.02
"""Seconds: each piece is a message, and one conversation takes about one a second (docs.slack.dev,
rate limits)."""
GONE = ("message_not_found", "cant_update_message", "edit_window_closed")
Json = Mapping[str, Any]


class SlackPlatform:
    """One workspace that the app is installed in."""

    def __init__(self, client: AsyncWebClient, words: Languages) -> None:
        """Speak with this client's token, with these words beside its buttons."""
        self._client = client
        self._words = words

    async def send(self, delivery: Delivery) -> str:
        """Send it, and give `channel/ts` of the message that its buttons hang on.

        Raises Refused, Unsendable, NotNow or AnswerLost.
        """
        drawn = draw([(part, None) for part in delivery.parts], self._words.of(delivery.language))
        if not drawn:
            raise Unsendable("nothing in it can be seen")
        references: list[str] = []
        try:
            await self._say_all(delivery, drawn, references)
        except NotNow as trouble:
            trouble.is_begun = bool(references)
            if isinstance(trouble, NotTaken):
                team = delivery.address.partition(":")[0]
                log.warning("Slack does not take the app as it is", team=team, why=str(trouble))
            raise
        return references[-1]

    async def _say_all(
        self, delivery: Delivery, drawn: Sequence[Drawn], references: list[str]
    ) -> None:
        """Say each piece and then send the files, but for what is there; note where each is."""
        user = delivery.address.partition(":")[2]
        of_thread, _, began = delivery.thread.partition("/")
        channel, there = of_thread or user, list[Json]()
        if delivery.doubts:
            channel, there = await self._latest(user, began)
        ids = [part.message for part in delivery.parts]
        for piece, each in enumerate(drawn, 1):
            metadata = {"event_type": SAID, "event_payload": {"messages": ids, "piece": piece}}
            said = _found(there, metadata)
            if said is None:
                if references:
                    await asyncio.sleep(BETWEEN_PIECES)
                said = await self._say(channel, began, each, metadata)
            channel = str(said.get("channel", channel))
            references.append(f"{channel}/{said['ts']}")
        uploaded = _names_after(there, references[-1])
        left = []
        for file in (file for part in delivery.parts for file in part.files):
            if file.name in uploaded:
                uploaded.remove(file.name)
            else:
                left.append(file)
        if left:
            await self._upload(channel, began, left)

    async def _say(self, channel: str, began: str, drawn: Drawn, metadata: Json) -> Json:
        """Say one piece, in the thread that began then, if any.

        Where that is gone meanwhile, Slack puts it below the rest.
        """
        return await call(
            self._client,
            "chat.postMessage",
            channel=channel,
            text=drawn.text,
            blocks=drawn.blocks,
            metadata=metadata,
            **_in_thread(began),
            unfurl_links=False,
            unfurl_media=False,
            # What stands beside blocks is escaped; this keeps Slack from styling it all the same.
            mrkdwn=False,
            parse="none",
            link_names=False,
        )

    async def _latest(self, user: str, began: str) -> tuple[str, list[Json]]:
        """Give the conversation with somebody, and what was last said in it, and in its thread."""
        opened = await call(self._client, "conversations.open", users=user)
        channel = str(opened["channel"]["id"])
        history = await heeding(
            lambda: self._client.conversations_history(
                channel=channel, limit=LOOKED_THROUGH, include_all_metadata=True
            )
        )
        said = list(history["messages"])
        return channel, [*said, *await self._said_in(channel, began)] if began else said

    async def _said_in(self, channel: str, began: str) -> list[Json]:
        """Give what was said in a thread; nothing where it is gone.

        Slack begins with the oldest, and an app that is distributed outside the Marketplace is
        given fifteen: what is lost further down a thread may be said twice there.
        """
        try:
            found = await heeding(
                lambda: self._client.conversations_replies(
                    channel=channel, ts=began, limit=OF_A_THREAD, include_all_metadata=True
                )
            )
        except Unsendable as refusal:
            if str(refusal) != "thread_not_found":
                raise
            return []
        return list(found["messages"])

    async def _upload(self, channel: str, began: str, files: Sequence[File]) -> None:
        """Put files into a conversation, all in one message."""
        placed = [
            {"id": await self._place(file.name, file.text.encode()), "title": file.name}
            for file in files
        ]
        where = {"channel_id": channel, **_in_thread(began)}
        await call(self._client, "files.completeUploadExternal", files=placed, **where)

    async def _place(self, name: str, content: bytes) -> str:
        """Give the id of a file that nobody sees yet."""
        place = await heeding(
            lambda: self._client.files_getUploadURLExternal(filename=name, length=len(content))
        )
        await heeding(lambda: self._put(str(place["upload_url"]), content))
        return str(place["file_id"])

    async def _put(self, url: str, content: bytes) -> None:
        session = self._client.session
        if session is None:
            raise RuntimeError("all calls share a session")
        async with session.post(url, data=content) as answer:
            if answer.status >= 500:
                raise AnswerLost
            if answer.status != 200:
                raise NotNow(f"a file was not taken: {answer.status}")

    async def redraw(self, redrawing: Redrawing) -> None:
        """Change a message to how it stands now; one that is no longer there is left alone.

        Raises Refused, Unsendable, NotNow or AnswerLost.
        """
        if not any(standing for _, standing in redrawing.parts):
            return  # nothing in it can look different
        drawn = draw(redrawing.parts, self._words.of(redrawing.language))
        channel, _, at = redrawing.reference.partition("/")
        shown = {"text": drawn[-1].text, "blocks": drawn[-1].blocks}
        try:
            await call(self._client, "chat.update", channel=channel, ts=at, **shown)
        except Unsendable as refusal:
            if str(refusal) not in GONE:
                raise

    def says_again(self, delivery: Delivery) -> bool:
        """Always: Slack can be asked what is there."""
        return True

    async def close(self) -> None:
        """Let go of connections."""
        if self._client.session is not None:
            await self._client.session.close()


def _in_thread(began: str) -> dict[str, str]:
    return {"thread_ts": began} if began else {}


def _found(there: Sequence[Json], metadata: Json) -> Json | None:
    """Give the message that carries this metadata, if it is among those."""
    return next((each for each in there if each.get("metadata") == metadata), None)


def _names_after(there: Sequence[Json], reference: str) -> list[str]:
    """Give the names of the files that came behind a message; nothing else was sent meanwhile."""
    at = float(reference.rpartition("/")[2])
    later = [each for each in there if float(each["ts"]) > at]
    return [str(file.get("name")) for each in later for file in each.get("files") or ()]
