"""Inviting people in Slack by their e-mail address: one message each, and then silence."""

from __future__ import annotations

import asyncio
import csv
from pathlib import Path

from tests.slack.town import in_slack
from tests.slackapi import Person, SlackApi
from tests.telegram.process import PATIENCE, Process

COHORT = """key,name,role,pair,supervisor,platform,zone,email
ana,Ana Ruiz,mentee,p1,,slack,Europe/Madrid,ana@river.example
ben,Ben Walsh,mentor,p1,,slack,Europe/London,ben@hill.example
eve,Eve Stone,mentee,p2,,slack,Europe/London,eve@nowhere.example
fay,Fay Lind,mentor,p2,,slack,Europe/London,
"""
ZONES = "SELECT key, zone FROM person ORDER BY key"


async def test_people_are_found_in_their_workspaces(url: str, tmp_path: Path) -> None:
    """Each gets one message; who is not found is named; a profile's time zone is their own."""
    async with SlackApi() as api:
        river, hill = api.workspace("Riverside"), api.workspace("Hillside")
        ana = river.person("Ana Ruiz", email="ana@river.example", tz="America/Lima")
        ben = hill.person("Ben Walsh", email="ben@hill.example", tz="Europe/London")
        process = Process(None, tmp_path, url, **in_slack(api, river, hill))
        process.enrol(COHORT)
        api.fault("users.lookupByEmail", retry_after=1)
        code, said = await process.says("cohort", "invite")
        assert code == 0, said
        assert "2 people invited" in said
        assert "no e-mail address in the cohort's file: fay." in said
        assert "no workspace knows their e-mail address: eve." in said
        assert api.counts.requests["chat.postMessage"] == 0
        code, said = await process.says("cohort", "invite")
        assert (code, "2 people invited" in said) == (0, True), said
        await process.start()
        for who in (ana, ben):
            await who.sees("Would you like to join?", within=PATIENCE)
        await ana.sees(lambda each: each.buttons != [], within=PATIENCE)
        await asyncio.sleep(0)
        zones = dict(process.rows(ZONES))
        assert (zones["ana"], zones["ben"]) == ("America/Lima", "Europe/London")
        for who in (ana, ben):
            asked = [each for each in who.screen if "Would you like to join?" in each.words]
            assert len(asked) == 1
        code, said = await process.stop(), process.said()
        assert code == 0
        again, said = await process.says("cohort", "invite")
        assert (again, "0 people invited" in said) == (0, True), said


async def test_a_profile_tells_the_language_where_the_file_names_none(
    url: str, tmp_path: Path
) -> None:
    """Slack says where a Spanish is from; a language that the file names stands over it."""
    async with SlackApi() as api:
        river = api.workspace("Riverside")
        ana = river.person("Ana Ruiz", email="ana@river.example", locale="es-LA")
        ben = river.person("Ben Walsh", email="ben@hill.example", locale="es-ES")
        eve = river.person("Eve Stone", email="eve@nowhere.example", locale="fr-FR")
        process = Process(None, tmp_path, url, **in_slack(api, river))
        named = COHORT.replace(",email\n", ",email,language\n").replace("example\n", "example,\n")
        process.enrol(
            named.replace("hill.example,", "hill.example,en").replace("London,\n", "London,,\n")
        )
        code, said = await process.says("cohort", "invite")
        assert (code, "3 people invited" in said) == (0, True), said
        await process.start()
        await ana.sees("¿Te gustaría apuntarte?", within=PATIENCE)
        for who in (ben, eve):
            await who.sees("Would you like to join?", within=PATIENCE)
        spoken = dict(process.rows("SELECT key, language FROM person ORDER BY key"))
        assert spoken == {"ana": "es", "ben": "en", "eve": "", "fay": ""}
        await answers_in_spanish(ana)
        assert await process.stop() == 0


async def answers_in_spanish(ana: Person) -> None:
    """Have Ana press, write in a window, look at her page, and ask from somewhere else."""
    asked = await ana.sees(lambda each: each.buttons != [], within=PATIENCE)
    ana.presses(asked, "Sí, me apunto")
    await ana.sees("✓ Sí, me apunto", within=PATIENCE)
    zone = await ana.sees("¿Tu hora es la de", within=PATIENCE)
    ana.types("saltar")
    await ana.sees(lambda each: each is zone and "Saltada." in each.words, within=PATIENCE)
    ana.opens_home()
    await ana.sees_home("Tus metas", within=PATIENCE)
    told = await ana.commands("/comentor", "metas").answered()
    assert told["text"] == "Te he respondido en nuestra propia conversación."
    ana.presses(await ana.sees("No has escrito ninguna meta", within=PATIENCE), "Escribir una")
    asked = await ana.sees(lambda each: "Escribir en una ventana" in str(each.buttons), PATIENCE)
    await ana.presses(asked, "Escribir en una ventana").answered()
    view = await ana.sees_view(within=PATIENCE)
    await ana.submits(view, {"Tus palabras": "Preguntar más"})
    ana.types("idioma")
    ana.presses(await ana.sees("Hablamos en español", within=PATIENCE), "Otro idioma")
    ana.presses(await ana.sees("¿En qué idioma", within=PATIENCE), "English")
    await ana.sees("From now on I write to you in English.", within=PATIENCE)
    await ana.sees_home("Your goals", within=PATIENCE)


async def test_who_cannot_be_written_to_is_named_with_the_reason(url: str, tmp_path: Path) -> None:
    """A guest is invited like anybody, and the manager is told where to look if one is silent."""
    async with SlackApi() as api:
        river, hill = api.workspace("Riverside"), api.workspace("Hillside")
        ana = river.person("Ana Ruiz", email="ana@river.example", is_restricted=True)
        river.person("Ben Walsh", email="ben@hill.example", home_team="T0ELSEWHERE")
        ben = hill.person("Ben Walsh", email="ben@hill.example")
        river.person("Eve Stone", email="eve@nowhere.example", deleted=True)
        river.person("Robot", email="fay@hill.example", is_bot=True)
        river.person("Gus Hall", email="gus@hill.example", home_team="T0ELSEWHERE")
        process = Process(None, tmp_path, url, **in_slack(api, river, hill))
        process.enrol(
            COHORT.replace(",slack,Europe/London,\n", ",slack,Europe/London,fay@hill.example\n")
            + "gus,Gus Hall,supervisor,,,slack,Europe/London,gus@hill.example\n"
        )
        code, said = await process.says("cohort", "invite")
        assert code == 0, said
        assert "2 people invited" in said
        assert "Guests in their workspace: ana. If one of them does not answer" in said
        assert "Left out, their account is deactivated: eve." in said
        assert "Left out, it is the address of a bot: fay." in said
        assert "Left out, they belong to another organisation, whose own Slack needs" in said
        assert "the app: gus." in said
        came = process.rows("SELECT address FROM arrival ORDER BY id")
        assert came == [(f"{river.id}:{ana.id}",), (f"{hill.id}:{ben.id}",)]


async def test_a_card_leads_to_the_app_and_its_code_lets_in(url: str, tmp_path: Path) -> None:
    """Who has no e-mail address in the file comes by paper; a faulty workspace is told of.

    The profile's time zone and language are theirs, and where Slack keeps silent nobody waits.
    """
    async with SlackApi() as api:
        river, hill = api.workspace("Riverside"), api.workspace("Hillside")
        hill.refuses = "invalid_auth"
        ana = river.person("Ana Ruiz", email="ana@river.example")
        fay = river.person("Fay Lind", tz="America/Bogota", locale="es-CO")
        process = Process(None, tmp_path, url, **in_slack(api, river, hill))
        process.enrol(COHORT)
        files = ("--csv", "links.csv", "--page", "cards.html")
        code, said = await process.says("cohort", "invitations", *files)
        assert code == 0, said
        assert "Hillside: Slack does not take bot_token" in said
        assert "4 invitations" in said
        assert api.seed not in said
        with (tmp_path / "links.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = {row["key"]: row for row in csv.DictReader(file)}
        door = f"https://slack.com/app_redirect?app={river.app.id}&team={river.id}"
        assert {row["link"] for row in rows.values()} == {door}
        hill.refuses = ""
        await process.start()
        await api.connected(river.app, 2, within=PATIENCE)
        api.fault("users.info", kind="mute")
        ana.types(rows["ana"]["code"].upper())
        await ana.sees("Would you like to join?", within=PATIENCE)
        fay.types(rows["fay"]["code"].upper())
        await fay.sees("¿Te gustaría apuntarte?", within=PATIENCE)
        zones = dict(process.rows(ZONES))
        assert (zones["ana"], zones["fay"]) == ("Europe/Madrid", "America/Bogota")
        assert await process.stop() == 0


async def test_a_scope_that_is_missing_invites_nobody(sqlite_url: str, tmp_path: Path) -> None:
    """Half a cohort invited would be worse than none."""
    async with SlackApi() as api:
        app = api.app(scopes=frozenset({"chat:write", "users:read"}))
        river = api.workspace("Riverside", app=app)
        river.person("Ana Ruiz", email="ana@river.example")
        process = Process(None, tmp_path, sqlite_url, **in_slack(api, river))
        process.enrol(COHORT)
        code, said = await process.says("cohort", "invite")
        assert code != 0
        assert "missing_scope" in said
        assert process.rows("SELECT id FROM arrival") == []
