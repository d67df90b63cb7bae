"""A cohort of more people than a message has buttons."""

from __future__ import annotations

from tests.botapi import BotApi
from tests.telegram.process import PATIENCE, Process
from tests.telegram.town import Town

WORDS = "We meet on 16 May at the library."
COHORT = "\n".join(
    (
        "key,name,role,pair,supervisor,platform,zone",
        *(
            f"p{number},Person{number} {'Ruiz' if number % 40 == 0 else 'Roe'},supervisor,,,"
            "telegram,Europe/London"
            for number in range(1, 121)
        ),
        "dana,Dana Okafor,manager,,,telegram,Europe/London",
        "",
    )
)


async def test_anybody_in_a_large_cohort_can_be_chosen(api: BotApi, on_sqlite: Process) -> None:
    """Telegram takes a hundred buttons: whoever stood behind them could not be pressed."""
    here = Town(api, on_sqlite, on_sqlite.bring(api, COHORT))
    await here.process.start()
    dana = here["dana"]
    await here.asks("dana", "/announce", "What would you like to tell them?")
    dana.presses(await here.asks("dana", WORDS, "To whom?"), "People I choose")
    asked = await here.reads("dana", "There are 120 people, too many for buttons.")
    assert asked.buttons == []
    offered = await here.asks("dana", "ruiz, person119", "Several names begin like that.")
    names = [["Person120 Ruiz"], ["Person40 Ruiz"], ["Person80 Ruiz"]]
    assert offered.buttons == [*names, ["None of these"]]
    dana.presses(offered, "Person120 Ruiz")
    await dana.sees(lambda each: ["✓ Person120 Ruiz"] in each.buttons, within=PATIENCE)
    dana.presses(offered, "Done")
    chosen = await here.reads("dana", "2 chosen: Person119 Roe and Person120 Ruiz.")
    dana.presses(chosen, "That's all")
    dana.presses(await here.reads("dana", "It reaches 2 people"), "Send it")
    for name in ("p119", "p120"):
        await here.reads(name, WORDS)
    assert here["p40"].screen == []
