"""What conversations look up and do, answered by a real database."""

from __future__ import annotations

from tests.world import World


def test_a_skipped_term_is_kept_as_it_stood(world: World) -> None:
    """The rhythm from the pair, the rest from what binds them least; both read it before a yes."""
    world.join("Ana", "Ben")
    world.let_pass(hours=3)
    world.receive(*world.typed("Ana", "skip", "skip", "Details, not themes", "skip", "skip"))
    world.settle()
    assert "• you meet once a month, by video or in person" in world.read("Ana")
    assert "• details stay between you, themes may be shared" in world.read("Ben")
    world.press("Ben", "I'd change something")
    world.receive(*world.typed("Ben", "Every six weeks", "skip", "skip", "skip", "skip"))
    world.settle()
    world.press("Ana", "That suits me")
    pair = world.pair()
    assert pair.rhythm_days == 42
    assert pair.terms == {
        "place": "both",
        "between_us": "themes",
        "silence": "busy",
        "ending": "open",
    }
