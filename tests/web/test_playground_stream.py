"""The one stream: what it names, and when."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

from bot.web.scene import Part, Run
from bot.web.stream import announcements
from tests.web.a_spring_cohort import ANA, BEN, DORA, MILO
from tests.web.scene_double import SceneDouble, said, words


async def _named(stream: AsyncIterator[str], count: int) -> list[str]:
    async with asyncio.timeout(5):
        lines = [await anext(stream) for _ in range(count)]
    return [line.split("\n")[0].removeprefix("event: ") for line in lines]


async def test_whoever_connects_is_told_of_everything(scene: SceneDouble) -> None:
    """They may have missed anything while away."""
    async with aclosing(announcements(scene, {"a": ANA, "b": BEN})) as stream:
        assert await _named(stream, 5) == ["retry: 1000", "a", "b", "clock", "people"]


async def test_only_what_changed_is_named(scene: SceneDouble) -> None:
    """A press of Ana's makes no other pane fetch itself again, and unseen people none at all."""
    async with aclosing(announcements(scene, {"a": ANA, "c": DORA})) as stream:
        await _named(stream, 5)
        scene.tell(MILO, said(words("Unseen")))
        scene.tell(DORA, said(Part((Run("News"),))))
        assert await _named(stream, 1) == ["c"]
        await scene.advance("day")
        assert await _named(stream, 3) == ["a", "c", "clock"]


async def test_a_quiet_stream_beats(scene: SceneDouble) -> None:
    """So that a line that has died without a word is found out."""
    async with aclosing(announcements(scene, {}, beat_seconds=0.01)) as stream:
        await _named(stream, 3)
        assert await _named(stream, 2) == [": still here"] * 2
