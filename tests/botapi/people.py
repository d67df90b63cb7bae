"""The other side of the chat: what a person types, presses, edits, and sees on the screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.botapi.state import Chat, Json, Message, Press, data_in

if TYPE_CHECKING:
    from tests.botapi.server import BotApi

Seen = Callable[[Message], object]


@dataclass(slots=True, eq=False)
class Person:
    """Somebody with Telegram open at their chat with the bot."""

    api: BotApi
    user: Json
    chat: Chat

    @property
    def id(self) -> int:
        return int(self.user["id"])

    @property
    def screen(self) -> list[Message]:
        """What the bot sent, as it now stands, the oldest first."""
        return [message for message in self.chat.messages.values() if message.by_bot]

    @property
    def last(self) -> Message:
        """The newest message of the bot."""
        return self.screen[-1]

    def start(self, payload: str = "") -> Message:
        """Press Start, perhaps through a link that carries something."""
        self.chat.reachable = True
        if self.chat.blocked:
            self.unblocks()
        return self.types(f"/start {payload}".strip())

    def types(self, text: str, reply_to: Message | None = None) -> Message:
        """Send text; what begins with a slash is marked as a command, as the apps do."""
        content: Json = {"text": text}
        if text.startswith("/"):
            length = len(text.split(maxsplit=1)[0])
            content["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        if reply_to is not None:
            content["reply_to_message"] = reply_to.raw
        return self.sends(content)

    def sends(self, content: Json, *, checked: bool = True) -> Message:
        """Send any content; unless `checked` is off, the model must know it."""
        assert self.chat.reachable, f"{self.user['first_name']} has not pressed start"
        message = self.api.state.put(self.chat, content, sender=self.user)
        self.api.updates.push("message", message.raw, self._lane, checked=checked)
        return message

    def sends_voice(self, seconds: int = 3) -> Message:
        return self.sends({"voice": kept_file("voice") | {"duration": seconds}})

    def sends_photo(self, caption: str = "") -> Message:
        photo = {"photo": [kept_file("photo") | {"width": 90, "height": 90}]}
        return self.sends(photo | ({"caption": caption} if caption else {}))

    def sends_sticker(self, emoji: str = "👍") -> Message:
        looks = {"type": "regular", "width": 512, "height": 512, "emoji": emoji}
        kinds = {"is_animated": False, "is_video": False}
        return self.sends({"sticker": kept_file("sticker") | looks | kinds})

    def sends_document(self, name: str = "notes.pdf", caption: str = "") -> Message:
        document = {"document": kept_file("document") | {"file_name": name}}
        return self.sends(document | ({"caption": caption} if caption else {}))

    def forwards(self, text: str, written_by: Person) -> Message:
        """Forward what somebody wrote elsewhere."""
        date = int(self.api.state.now) - 60
        origin = {"type": "user", "date": date, "sender_user": written_by.user}
        return self.sends({"text": text, "forward_origin": origin})

    def sends_what_nobody_knows(self) -> Message:
        """Send a kind of content that came to Telegram after the model."""
        return self.sends({"hologram": {"depth": 3}}, checked=False)

    def sends_a_megabyte(self) -> Message:
        """Send an update larger than Telegram ever makes one."""
        return self.sends({"text": "a" * 1_000_000})

    def presses(self, message: Message, label: str) -> str:
        """Press a button that the message bears now; the query's id comes back."""
        data = message.data(label)
        assert data is not None, f"no button {label!r} in {message.buttons} below {message.text!r}"
        return self._calls(message, data)

    def presses_as_it_was(self, message: Message, label: str) -> str:
        """Press a button that the screen still shows though an edit took it away."""
        found = [data for raw in message.before if (data := data_in(raw, label)) is not None]
        assert found, f"{message.text!r} never had a button {label!r}"
        return self._calls(message, found[-1])

    def answer_to(self, query_id: str) -> Json | None:
        """Give what answerCallbackQuery said to a press; None until it was called."""
        return self.api.state.presses[query_id].answer

    def edits(self, message: Message, text: str) -> None:
        """Change words of their own that were sent before."""
        message.before.append(message.raw)
        message.raw = message.raw | {"text": text, "edit_date": int(self.api.state.now)}
        self.api.updates.push("edited_message", message.raw, self._lane)

    def blocks(self) -> None:
        """Stop the bot: nothing more reaches this chat."""
        self.chat.blocked = True
        self._membership("member", "kicked")

    def unblocks(self) -> None:
        self.chat.blocked = False
        self._membership("kicked", "member")

    def renames(self, first_name: str, **fields: str) -> None:
        """Change the profile; Telegram tells nobody until the next update."""
        self.user = self.chat.person = self.user | {"first_name": first_name} | fields
        self.chat.about = self.chat.about | {"first_name": first_name} | fields

    async def sees(self, what: str | Seen, within: float = 5.0) -> Message:
        """Wait for a message of the bot with these words in it, or that something holds of.

        The newest that fits comes back; an AssertionError tells what was there instead.
        """
        fits = (lambda message: what in message.text) if isinstance(what, str) else what
        wanted = repr(what) if isinstance(what, str) else "what is waited for"
        try:
            return await self.api.until(
                lambda: next((each for each in reversed(self.screen) if fits(each)), None), within
            )
        except TimeoutError:
            shown = "\n".join(f"  {each.text!r} {each.buttons}" for each in self.screen)
            name = self.user["first_name"]
            raise AssertionError(f"{name} does not see {wanted}, but:\n{shown}") from None

    def _calls(self, message: Message, data: str) -> str:
        query = str(next(self.api.state.numbers))
        self.api.state.presses[query] = Press(self.api.state.now)
        about = {"from": self.user, "message": message.raw, "chat_instance": f"-{self.id}"}
        content = {"id": query, "data": data} | about
        # Presses have a lane of their own: Client.cpp, add_new_callback_query. They may overtake.
        self.api.updates.push("callback_query", content, f"press {self.id}")
        return query

    def _membership(self, old: str, new: str) -> None:
        content = {
            "chat": self.chat.about,
            "from": self.user,
            "date": int(self.api.state.now),
            "old_chat_member": member(self.api.state.bot, old),
            "new_chat_member": member(self.api.state.bot, new),
        }
        self.api.updates.push("my_chat_member", content, self._lane)

    @property
    def _lane(self) -> str:
        return f"chat {self.chat.id}"


@dataclass(slots=True, eq=False)
class Group:
    """A group or a channel that the bot was added to."""

    api: BotApi
    chat: Chat

    def adds_the_bot(self, by: Person) -> None:
        """Make the bot a member, as an administrator of the group does."""
        self.chat.reachable = True
        about = {"chat": self.chat.about, "from": by.user, "date": int(self.api.state.now)}
        bot = self.api.state.bot
        change = {"old_chat_member": member(bot, "left"), "new_chat_member": member(bot, "member")}
        self.api.updates.push("my_chat_member", about | change, f"chat {self.chat.id}")

    def hears(self, somebody: Person, text: str) -> Message:
        """Have a member write into the group."""
        return self._put("message", {"text": text}, somebody.user)

    def posts(self, text: str) -> Message:
        """Publish in a channel, where nobody is named as the writer."""
        return self._put("channel_post", {"text": text, "sender_chat": self.chat.about}, {})

    def migrates(self, to: int, by: Person) -> Message:
        """Become a supergroup with another id; sends to the old one name the new one."""
        about = self.chat.about | {"id": to, "type": "supergroup"}
        self.api.state.chats[to] = Chat(about, reachable=True)
        message = self._put("message", {"migrate_to_chat_id": to}, by.user)
        self.chat.moved_to = to
        return message

    def _put(self, kind: str, content: Json, sender: Json) -> Message:
        message = self.api.state.put(self.chat, content, sender=sender)
        self.api.updates.push(kind, message.raw, f"chat {self.chat.id}")
        return message


def member(user: Json, status: str) -> Json:
    """Give a ChatMember of three kinds: "member", "left", or "kicked" for good."""
    until = {"until_date": 0} if status == "kicked" else {}
    return {"status": status, "user": user} | until


def kept_file(kind: str) -> Json:
    """Give the two names under which Telegram keeps a file."""
    return {"file_id": f"a-{kind}", "file_unique_id": f"one-{kind}"}
