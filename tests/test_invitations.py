"""Invitations for everybody who has not come yet: who gets one, and the files that hold them."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
import segno

from bot.arrivals import token_hash
from bot.cohort.cards import Card, Door, Doors, page, sheet
from bot.cohort.enrol import invite
from bot.cohort.invitations import HandOut, Invited, hand_out, name_of
from bot.cohort.secret_files import NotWritten, secret_files
from bot.platforms import Event
from bot.store import tables
from tests.languages import only
from tests.test_words import WORDS, reader
from tests.world import MONDAY, World

ADDRESS = "https://t.me/comentor_bot"
IN_TELEGRAM = {"telegram": [Door("", ADDRESS)]}
RIVER = Door("Riverside", "https://slack.com/app_redirect?app=A1&team=T1")
HILL = Door("Hillside", "https://slack.com/app_redirect?app=A2&team=T2")
LINK = re.compile(r"https://t\.me/comentor_bot\?start=([A-Za-z0-9_-]{1,64})")


def made(world: World, wanted: HandOut, doors: Doors | None = None) -> Invited:
    """Hand out invitations now."""
    way = doors or IN_TELEGRAM
    return hand_out(world.store, world.setup.words, "Thinking together", way, wanted, world.now)


def listed(path: Path) -> list[dict[str, str]]:
    """Give the rows of a list as a spreadsheet reads them."""
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def tokens(path: Path) -> dict[str, str]:
    """Give each one's token by their key."""
    found: dict[str, str] = {}
    for row in listed(path):
        match = LINK.fullmatch(row["link"])
        assert match
        found[row["key"]] = match[1]
    return found


def kept(world: World) -> Mapping[str, tuple[int, bool]]:
    """Give every invitation there is: whose, and whether it was used."""
    rows = world.rows(tables.Invitation)
    return {row.token_hash: (row.person_id, row.used_at is not None) for row in rows}


@pytest.fixture
def links(tmp_path: Path) -> Path:
    """Where the list is to be."""
    return tmp_path / "links.csv"


# Who gets one


def test_everybody_on_telegram_gets_a_link_of_their_own(world: World, links: Path) -> None:
    """With what a manager needs to send it; the others are counted."""
    invited = made(world, HandOut(links, None))
    assert [(row["key"], row["name"], row["role"], row["platform"]) for row in listed(links)] == [
        ("ana", "Ana Ruiz", "mentee", "telegram"),
        ("eve", "Eve Nowak", "mentee", "telegram"),
    ]
    assert invited.left_out == {"slack": 4}
    assert len(set(tokens(links).values())) == 2


def test_only_a_hash_is_kept_and_it_runs_out(world: World, links: Path) -> None:
    """Whoever reads the database cannot become somebody, nor can a card found next year."""
    invited = made(world, HandOut(links, None))
    row = world.rows(tables.Invitation, tables.Invitation.person_id == world.ids["Ana"])[0]
    assert row.token_hash == token_hash(tokens(links)["ana"])
    assert row.expires_at == invited.until == MONDAY + timedelta(days=60)


def test_a_link_brings_its_person_in_once(world: World, links: Path) -> None:
    """As any invitation does."""
    made(world, HandOut(links, None))
    world.come("Ana", tokens(links)["ana"])
    assert world.person("Ana").address == "@Ana"
    world.come("Mallory", tokens(links)["ana"])
    assert world.person("Ana").address == "@Ana"


def test_new_links_make_the_old_ones_void(world: World, links: Path) -> None:
    """A card that was lost opens nothing any more."""
    made(world, HandOut(links, None))
    old = tokens(links)
    made(world, HandOut(links, None, force=True))
    assert len(kept(world)) == 2
    world.come("Ana", old["ana"])
    assert world.person("Ana").address is None
    world.come("Ana", tokens(links)["ana"])
    assert world.person("Ana").address == "@Ana"


@pytest.mark.parametrize("come", [World.join, World.come], ids=["joined", "only came"])
def test_whoever_has_come_is_left_alone(
    world: World, links: Path, come: Callable[[World, str], None]
) -> None:
    """Also while they think about it: what they opened is theirs."""
    come(world, "Ana")
    before = kept(world)
    made(world, HandOut(links, None))
    assert set(tokens(links)) == {"eve"}
    assert before.items() <= kept(world).items()


def test_links_of_other_platforms_stay_as_they_are(world: World, links: Path) -> None:
    """Nobody there is given a new one."""
    with world.store.transaction() as session:
        invite(session, world.ids["Ben"], world.now, "for-ben")
    made(world, HandOut(links, None))
    assert kept(world)[token_hash("for-ben")] == (world.ids["Ben"], False)


def test_where_nobody_waits_there_is_no_file(world: World, links: Path) -> None:
    """An empty list would look like a mistake."""
    world.join("Ana", "Eve")
    assert made(world, HandOut(links, None)).cards == ()
    assert list(links.parent.glob("*links*")) == []


# In Slack


def test_in_slack_everybody_gets_the_apps_address_and_a_code(world: World, links: Path) -> None:
    """No link to an app there can bring anything along, so the code is typed."""
    invited = made(world, HandOut(links, None), {"slack": [RIVER]})
    assert invited.left_out == {"telegram": 2}
    rows = {row["key"]: row for row in listed(links)}
    assert {row["platform"] for row in rows.values()} == {"slack"}
    assert {row["link"] for row in rows.values()} == {RIVER.address}
    assert len({row["code"] for row in rows.values()}) == len(rows) == 4
    assert re.fullmatch(r"[a-z2-9]{4}(-[a-z2-9]{4}){3}", rows["ben"]["code"])


def test_where_there_are_several_workspaces_all_are_named(world: World, links: Path) -> None:
    """Which one somebody is in, only they know."""
    made(world, HandOut(links, None), {**IN_TELEGRAM, "slack": [RIVER, HILL]})
    rows = {row["key"]: row for row in listed(links)}
    both = f"Riverside: {RIVER.address}; Hillside: {HILL.address}"
    assert rows["ben"]["link"] == both
    assert rows["ana"]["code"] == ""
    assert LINK.fullmatch(rows["ana"]["link"])


@pytest.mark.parametrize("typed", [str, str.upper, str.title, lambda code: f" {code} "])
def test_a_code_is_typed_as_it_comes(
    world: World, links: Path, typed: Callable[[str], str]
) -> None:
    """A phone writes capitals of its own; it works once, like a link."""
    made(world, HandOut(links, None), {"slack": [RIVER]})
    code = next(row["code"] for row in listed(links) if row["key"] == "ben")
    world.platforms["Ben"] = "slack"
    world.type("Ben", typed(code).replace("-", " "))
    assert world.person("Ben").address == "@Ben"
    world.platforms["Mallory"] = "slack"
    world.type("Mallory", code)
    assert world.person("Ben").address == "@Ben"


def test_who_was_invited_by_their_address_keeps_that_invitation(world: World, links: Path) -> None:
    """It waits for comentor to run; a card would make it void."""
    with world.store.transaction() as session:
        token = invite(session, world.ids["Ben"], world.now)
    name = name_of(token_hash(token))
    world.receive(Event("slack", name, "T1:U1", "came", {"token": token}))
    made(world, HandOut(links, None), {"slack": [RIVER]})
    assert "ben" not in {row["key"] for row in listed(links)}
    world.settle()
    assert world.person("Ben").address == "T1:U1"


# The files


def test_the_files_are_for_their_owner_alone(world: World, tmp_path: Path) -> None:
    """A link is a secret, whatever the machine lets others read."""
    folder = tmp_path / "out"
    folder.mkdir()
    wanted = HandOut(folder / "links.csv", folder / "cards.html")
    before = os.umask(0)
    try:
        made(world, wanted)
    finally:
        os.umask(before)
    for path in (wanted.csv, wanted.page):
        assert path
        assert path.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in folder.iterdir()) == ["cards.html", "links.csv"]


def test_a_file_that_is_there_stays(world: World, tmp_path: Path) -> None:
    """Nor is the other written, nor anything changed: its links may be out already."""
    made(world, HandOut(tmp_path / "links.csv", None))
    before, text = kept(world), (tmp_path / "links.csv").read_bytes()
    with pytest.raises(NotWritten, match=r"links\.csv is there already.*--force"):
        made(world, HandOut(tmp_path / "links.csv", tmp_path / "cards.html"))
    assert kept(world) == before
    assert (tmp_path / "links.csv").read_bytes() == text
    assert not (tmp_path / "cards.html").exists()


def test_force_replaces_it_and_its_mode(world: World, links: Path) -> None:
    """Even where it could be read by everybody."""
    links.write_text("old", "utf-8")
    links.chmod(0o644)
    made(world, HandOut(links, None, force=True))
    assert links.stat().st_mode & 0o777 == 0o600
    assert set(tokens(links)) == {"ana", "eve"}


@pytest.mark.parametrize("given", [{"force": True}, {}], ids=["force", "no force"])
def test_what_cannot_be_written_changes_nothing(
    world: World, tmp_path: Path, given: dict[str, bool]
) -> None:
    """Every link that is out still works, and no file has links that do not."""
    made(world, HandOut(tmp_path / "old.csv", None))
    before = kept(world)
    wanted = HandOut(tmp_path / "links.csv", tmp_path / "missing" / "cards.html", **given)
    with pytest.raises(NotWritten, match=r"cards\.html cannot be written: No such file"):
        made(world, wanted)
    assert kept(world) == before
    assert list(tmp_path.glob("*links*")) == []
    world.come("Ana", tokens(tmp_path / "old.csv")["ana"])
    assert world.person("Ana").address == "@Ana"


def test_no_file_stays_where_the_commit_fails(tmp_path: Path) -> None:
    """Its links would open nothing."""

    def fail_to_commit() -> None:
        path = tmp_path / "links.csv"
        with secret_files([path], force=False) as write:
            write({path: b"links"})
            assert path.read_bytes() == b"links"
            raise RuntimeError("no commit")

    with pytest.raises(RuntimeError):
        fail_to_commit()
    assert list(tmp_path.iterdir()) == []


def test_two_files_have_two_names(tmp_path: Path) -> None:
    """One would replace the other."""
    path = tmp_path / "both"
    with (
        pytest.raises(NotWritten, match="named twice"),
        secret_files([path, tmp_path / "." / "both"], force=True),
    ):
        pass


# What they hold


def card(**changes: str) -> Card:
    """Give Ana's card."""
    link = f"{ADDRESS}?start={'Ab-_' * 10}xyz"
    ana = Card("ana", "Ana Ruiz", "mentee", "telegram", link, reader())
    return replace(ana, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", " =1", "\t=1", "\uff1d1"])
def test_no_cell_is_a_formula(name: str) -> None:
    """Whoever opens the list runs nothing that somebody called themselves."""
    text = sheet([card(name=name)]).decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text, newline=""))
    assert row["name"] == f"'{name}"
    assert row["key"] == "ana"


def test_the_list_opens_in_excel() -> None:
    """By the mark at its beginning, an é is an é."""
    raw = sheet([card(name="José; “Pepe”, Ñ")])
    assert raw.startswith(b"\xef\xbb\xbfkey,name,role,platform,link,code\r\n")
    assert "José" in raw.decode("utf-8-sig")


class Reading(HTMLParser):
    """What a page would fetch or run, what it says, and what its codes are drawn of."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.links: list[str] = []
        self.codes: list[str] = []
        self.names: list[str] = []
        self._in_name = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in {"script", "link", "img", "iframe", "object", "embed"} or "src" in given:
            self.fetched.append(tag)
        self.fetched += [name for name in given if name.startswith("on")]
        if tag == "a":
            self.links.append(given["href"] or "")
        if tag == "path" and given.get("class") == "qrline":
            self.codes.append(given["d"] or "")
        self._in_name = tag == "h2" or (self._in_name and tag != "p")

    def handle_data(self, data: str) -> None:
        if self._in_name and data.strip():
            self.names.append(data.strip())
            self._in_name = False


def drawn(*cards: Card) -> tuple[str, Reading]:
    """Give the page of these cards, and what is in it."""
    html = page(cards, only(WORDS), "Thinking together", MONDAY + timedelta(days=60)).decode()
    reading = Reading()
    reading.feed(html)
    return html, reading


def modules(path: str) -> list[list[int]]:
    """Give which squares of a code are dark, by the strokes of its drawing, without its margin."""
    dark: set[tuple[int, int]] = set()
    across, down = 0.0, 0.0
    for move, values in re.findall(r"([Mmh])([-\d. ]+)", path):
        numbers = [float(each) for each in re.findall(r"-?\d*\.?\d+", values)]
        if move == "h":
            dark |= {(int(down), int(across) + step) for step in range(int(numbers[0]))}
            across += numbers[0]
        else:
            first = (0.0, 0.0) if move == "M" else (across, down)
            across, down = first[0] + numbers[0], first[1] + numbers[1]
    size = max(row for row, _ in dark) - 3
    return [[int((row + 4, column + 4) in dark) for column in range(size)] for row in range(size)]


def test_the_code_is_the_link(world: World, tmp_path: Path) -> None:
    """Square by square."""
    made(world, HandOut(tmp_path / "links.csv", tmp_path / "cards.html"))
    reading = Reading()
    reading.feed((tmp_path / "cards.html").read_text("utf-8"))
    links = [row["link"] for row in listed(tmp_path / "links.csv")]
    assert reading.links == links
    assert reading.names == ["Ana Ruiz", "Eve Nowak"]
    for link, code in zip(links, reading.codes, strict=True):
        expected = segno.make_qr(link, error="q").matrix
        assert modules(code) == [list(row) for row in expected]


def test_the_page_fetches_nothing_and_runs_nothing() -> None:
    """It is opened on a manager's machine, perhaps years from now, and holds secrets."""
    html, reading = drawn(card(), card())
    assert reading.fetched == []
    assert not re.search(r"url\(|@import|https?://(?!t\.me/comentor_bot)", html)
    assert "default-src 'none'" in html
    assert "no-referrer" in html


@pytest.mark.parametrize("doors", [(RIVER,), (RIVER, HILL)], ids=["one", "several"])
def test_a_card_for_slack_has_its_code_and_every_door(doors: tuple[Door, ...]) -> None:
    """A square leads to one place alone, so with several there is none."""
    html, reading = drawn(
        replace(card(), platform="slack", link="", code="k7qf-m2xp-9dht-w4nc", doors=doors)
    )
    said = re.sub("<[^>]*>", "", html[html.index("<body>") :])
    assert reading.links == [each.address for each in doors]
    assert len(reading.codes) == (1 if len(doors) == 1 else 0)
    assert "send this code there: k7qf-m2xp-9dht-w4nc" in said
    assert "its quiet helper in Slack." in said
    assert [each.name in said for each in doors] == [True] * len(doors)
    assert reading.fetched == []


def test_names_on_cards_are_literal() -> None:
    """Whatever somebody is called."""
    html, _ = drawn(card(name="<script>alert(1)</script> & **Ana**"))
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; **Ana**" in html


@pytest.mark.parametrize("role", ["mentee", "mentor", "co-mentor", "supervisor", "manager"])
def test_a_card_says_what_it_is_and_until_when(role: str) -> None:
    """In our words, to each role; no markup is left in them."""
    html, _ = drawn(replace(card(), reader=replace(reader(), role=role)))  # type: ignore[arg-type]
    said = re.sub("<[^>]*>", "", html[html.index("<body>") :])
    assert "You are invited to Thinking together." in said
    assert "It works once, until 1 May." in said
    assert "**" not in said
    assert "1 card to print" in said


def test_each_card_is_in_the_language_of_whom_it_is_for(world: World, tmp_path: Path) -> None:
    """What is about them all is in the programme's; a screen reader is told which is which."""
    world.change("Eve", language="es")
    made(world, HandOut(tmp_path / "links.csv", tmp_path / "cards.html"))
    html = (tmp_path / "cards.html").read_text("utf-8")
    ana, eve = html.split('<article class="card" lang="')[1:]
    assert ana.startswith('en">')
    assert eve.startswith('es">')
    assert "It works once, until 1 May." in ana
    assert "1 de mayo" in eve
    assert '<html lang="en">' in html


def test_a_thousand_cards_are_drawn() -> None:
    """A page for a large programme is still a page."""
    html, reading = drawn(*[card(key=f"k{number}") for number in range(1000)])
    assert len(reading.codes) == 1000
    assert len(html) < 10_000_000
