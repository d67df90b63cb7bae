"""Each in their own language over Telegram: what their app, the file and they themselves say."""

from __future__ import annotations

from tests.botapi import BotApi, Person
from tests.telegram.process import PATIENCE, Process

FILE = """key,name,role,pair,supervisor,platform,zone,language
ana,Ana Ruiz,mentee,p1,cleo,telegram,Europe/Madrid,
ben,Ben Walsh,mentor,p1,,telegram,Europe/London,en
cleo,Cleo Martin,supervisor,,,telegram,Europe/London,
"""


def commands(api: BotApi, place: str, language: str = "") -> list[str]:
    """Give the menu that is shown at a place."""
    return [each["command"] for each in api.state.commands.get((place, language), ())]


async def shown(api: BotApi, who: Person, command: str) -> None:
    """Wait until somebody's own menu has a command."""
    place = f"chat {who.id}"
    await api.until(lambda: command in commands(api, place) or None, PATIENCE)


async def test_each_is_spoken_to_in_the_language_that_is_theirs(
    api: BotApi, process: Process
) -> None:
    """Ana's app says Spanish and the file nothing; Ben's says so too, but the file says English."""
    ana = api.person(1, "Ana", language_code="es")
    ben = api.person(2, "Ben", language_code="es")
    zoe = api.person(3, "Zoe", language_code="es-419")
    tokens = await process.hand_out(FILE)
    await process.start()
    zoe.start()
    await zoe.sees("Hola. Solo hablo con", within=PATIENCE)
    ana.start(tokens["ana"])
    asked = await ana.sees("¿Te gustaría apuntarte?", within=PATIENCE)
    ben.start(tokens["ben"])
    await ben.sees("Would you like to join?", within=PATIENCE)
    ana.presses(asked, "Sí, me apunto")
    await ana.sees(lambda each: each is asked and "✓ Sí, me apunto" in each.text, within=PATIENCE)
    zone = await ana.sees("¿Tu hora es la de Madrid?", within=PATIENCE)
    ana.types("saltar")
    await ana.sees(lambda each: each is zone and each.text.endswith("Saltada."), within=PATIENCE)
    await shown(api, ana, "encuentros")
    await shown(api, ben, "meetings")
    assert "meetings" in commands(api, "all_private_chats")
    assert "encuentros" in commands(api, "all_private_chats", "es")


async def test_what_somebody_chose_is_kept_over_what_their_app_says(
    api: BotApi, process: Process
) -> None:
    """The next line is in it, the menu follows, and no start with an app in another undoes it."""
    ana = api.person(1, "Ana", language_code="es")
    tokens = await process.hand_out(FILE)
    await process.start()
    ana.start(tokens["ana"])
    ana.presses(await ana.sees("¿Te gustaría apuntarte?", within=PATIENCE), "Sí, me apunto")
    ana.types("idioma")
    ana.presses(await ana.sees("Hablamos en español", within=PATIENCE), "Otro idioma")
    ana.presses(await ana.sees("¿En qué idioma", within=PATIENCE), "English")
    await ana.sees("From now on I write to you in English.", within=PATIENCE)
    await shown(api, ana, "meetings")
    before = len(ana.screen)
    ana.start()
    ana.types("ayuda")
    await ana.sees(
        lambda each: "You can write, at any time" in each.text and each in ana.screen[before:],
        within=PATIENCE,
    )
    assert process.rows("SELECT language FROM person WHERE key = 'ana'") == [("en",)]


async def test_a_menu_that_could_not_be_shown_is_shown_later(
    api: BotApi, on_sqlite: Process
) -> None:
    """And survives a new start in between: that it is another is kept."""
    ana = api.person(1, "Ana", language_code="es")
    tokens = await on_sqlite.hand_out(FILE)
    await on_sqlite.start()
    await api.until(lambda: commands(api, "all_private_chats", "es") or None, PATIENCE)
    api.fault("setMyCommands", "drop", times=3)
    ana.start(tokens["ana"])
    await ana.sees("¿Te gustaría apuntarte?", within=PATIENCE)
    await on_sqlite.kill()
    await on_sqlite.start()
    await shown(api, ana, "encuentros")
    assert "Traceback" not in on_sqlite.said()


async def test_check_says_which_languages_are_spoken(on_sqlite: Process) -> None:
    """And a file that names another is told with its place, and what could stand there."""
    code, said = await on_sqlite.says("check")
    assert code == 0, said
    assert "Spoken here: English (en), Español (es); with whoever has named none, English." in said
    (on_sqlite.room / "cohort.csv").write_text(FILE.replace("London,en", "London,fr"), "utf-8")
    code, said = await on_sqlite.says("cohort", "import", "cohort.csv", "--yes")
    assert code == 2
    assert "line 3" in said
    assert "comentor does not speak" in said
    assert "Write en or es, or nothing" in said
