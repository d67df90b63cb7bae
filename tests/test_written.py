"""What somebody wrote in a window stands in the chat under its question, until they delete it."""

from __future__ import annotations

from bot import outbox
from bot.markup import plain
from bot.platforms import Part, Realm, Standing
from bot.platforms.settled import ending_of
from tests.world import World

WORDS = "I was *quicker* to answer\n\nthan <!channel> to ask :wave:"


def write(world: World, name: str, words: str) -> None:
    """Have somebody write in the window of the newest question."""
    asked = next(part.question for part in world.parts(name) if part.question)
    world.arrive(name, "written", asked=asked, text=words)


def shown(world: World, name: str) -> list[tuple[Part, Standing | None]]:
    """Give what is to be redrawn for somebody, and count it as redrawn."""
    found: list[tuple[Part, Standing | None]] = []
    realm = Realm(world.person(name).platform)
    with world.turn() as turn:
        for each in outbox.stale(turn.session, realm, world.now, most=50):
            outbox.mark_redrawn(turn.session, each)
            if each.redrawing.person == world.ids[name]:
                found += each.redrawing.parts
    return [(part, standing) for part, standing in found if part.question]


def endings(world: World, name: str) -> list[str]:
    """Give what is to stand under somebody's closed questions that are to be redrawn."""
    words = world.setup.words.usual
    return [plain(ending_of(*each, words)) for each in shown(world, name)]


def test_what_is_written_in_a_window_stands_under_its_question(world: World) -> None:
    """Nothing else in the chat shows it; what was typed there stands there already."""
    world.join("Ana", "Ben")
    world.type("Ana", "goals")
    world.press("Ana", "Write one")
    shown(world, "Ana")
    write(world, "Ana", WORDS)
    assert endings(world, "Ana") == [f"✓ {WORDS}"]
    world.type("Ana", "a second one, typed")
    assert endings(world, "Ana") == [""]


def test_nobody_else_is_shown_it(world: World) -> None:
    """A goal is its owner's, and so is what they wrote of it."""
    world.join("Ana", "Ben")
    world.type("Ana", "goals")
    world.press("Ana", "Write one")
    write(world, "Ana", WORDS)
    assert not any(WORDS in each for each in endings(world, "Ben"))
    assert all(WORDS not in plain(part.runs) for part in world.parts("Ben"))


def test_a_reflection_that_is_deleted_goes_from_the_chat_too(world: World) -> None:
    """The message is the bot's: nobody but the bot could take the words out of it."""
    world.join("Ana", "Ben")
    world.agree()
    world.type("Ana", "reflect")
    asked = next(part.message for part in world.parts("Ana") if part.question)
    write(world, "Ana", WORDS)
    world.press("Ana", "To myself")
    drawn = {part.message: standing for part, standing in shown(world, "Ana")}
    assert drawn[asked] == Standing((), "written", WORDS)
    world.type("Ana", "my reflections")
    world.press("Ana", "Delete one")
    world.press("Ana", "Delete it")
    drawn = {part.message: standing for part, standing in shown(world, "Ana")}
    assert drawn[asked] == Standing((), "answered")
