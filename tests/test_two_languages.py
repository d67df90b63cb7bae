"""A Spanish mentee and an English mentor: each reads their own language and is understood in it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy import delete, update

from bot import outbox
from bot.cohort.enrol import invite
from bot.home_page import home_page
from bot.homes import note_looked, stale_homes
from bot.markup import plain
from bot.platforms import Event, Realm
from bot.store import tables
from bot.turn import Setup
from tests.world import World

SPANISH_DAY = re.compile(r"\b(lun|mar|mié|jue|vie|sáb|dom) \d+ de [a-z]+, \d\d:\d\d")
BOTH = ("Ana", "Ben")
ENGLISH_DAY = re.compile(r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d+ [A-Z][a-z]+, \d\d:\d\d")


@pytest.fixture
def two(world: World) -> World:
    """Ana, who reads Spanish, and Ben, who reads English, have begun."""
    world.join("Ana", "Ben", "Cleo")
    world.change("Ana", language="es-MX")
    return world


def named(language: str, world: World) -> World:
    """Have the file name this language for everybody, or none."""
    with world.store.transaction() as session:
        session.execute(update(tables.Person).values(language=language))
    return world


def comes(world: World, name: str, **body: str) -> None:
    """Let somebody open an invitation, with what their app tells."""
    with world.store.transaction() as session:
        token = invite(session, world.ids[name], world.now)
    world.arrive(name, "came", token=token, **body)


# One exchange


def test_two_book_in_one_exchange_each_in_their_own_words(two: World) -> None:
    """She offers in Spanish, he takes in English, and both have the same three dates."""
    two.let_pass(hours=3)
    taps = ("Una vez al mes", "por videollamada", "Todo", "Falta de tiempo, sin más", "Ya se verá")
    two.receive(*two.typed("Ana", *taps))
    two.settle()
    assert two.read("Ben").startswith("Ana suggests")
    two.press("Ben", "That suits me")
    times = [choice.label for choice in two.parts("Ana")[0].choices]
    assert times
    assert all(SPANISH_DAY.match(label) for label in times)
    two.type("Ana", "1, 4 y 7")
    offered = next(part for part in two.parts("Ben") if part.manner == "choosesome")
    assert all(ENGLISH_DAY.match(choice.label) for choice in offered.choices)
    two.type("Ben", "1 and 2 and 3")
    assert two.read("Ana").startswith("En la agenda con Ben, 3 encuentros:")
    assert two.read("Ben").startswith("Booked with Ana")
    assert len(SPANISH_DAY.findall(two.read("Ana"))) == 3
    assert len(ENGLISH_DAY.findall(two.read("Ben"))) == 3
    titles = {name: two.messages(name)[-1].files[0][2] for name in ("Ana", "Ben")}
    assert "SUMMARY:Encuentro con Ben" in titles["Ana"]
    assert "SUMMARY:Meeting with Ana" in titles["Ben"]


def test_a_question_is_asked_in_the_readers_language(two: World) -> None:
    """Out of the bank of that language, and known by the same id in all."""
    two.type("Ana", "reflexionar")
    two.type("Ben", "reflect")
    for name, words in (("Ana", "es"), ("Ben", "en")):
        asked = two.rows(tables.Reflection, tables.Reflection.person_id == two.ids[name])[0]
        bank = {each.id: each.text for each in two.setup.words.of(words).bank.questions}
        assert asked.text == bank[asked.question]
        assert asked.text in two.read(name)


# What is typed


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("Ana", "ayuda", "help"),
        ("Ana", "help", "help"),
        ("Ben", "ayuda", "help"),
        ("Ana", "/mis_metas", "no_goals_yet"),
        ("Ana", "my goals, please", "no_goals_yet"),
        ("Ben", "mis metas, por favor", "no_goals_yet"),
        ("Ana", "idioma", "your_settings"),
        ("Ana", "language", "your_settings"),
        ("Ben", "idioma", "your_settings"),
    ],
)
def test_what_is_asked_for_is_understood_in_each_language(
    two: World, name: str, text: str, line: str
) -> None:
    """Somebody with a Spanish phone may type `help`."""
    two.type(name, text)
    assert two.replied(name)[0] == line


@pytest.mark.parametrize("text", ["sí", "si, claro", "yes", "yes, please", "Sí, me apunto"])
def test_a_yes_is_one_in_each_language(world: World, text: str) -> None:
    """Whatever the button says."""
    comes(named("", world), "Ana", language="es")
    world.type("Ana", text)
    assert world.person("Ana").welcomed_at is not None


def test_ones_own_language_comes_first(two: World, setup: Setup) -> None:
    """The same word may ask for another thing in another."""
    english = setup.words.usual
    forms = {**english.forms, "show_settings": ("metas",)}
    spoken = {**setup.words.spoken, "en": replace(english, forms=forms)}
    two.setup = replace(setup, words=replace(setup.words, usual=spoken["en"], spoken=spoken))
    for name, line in (("Ana", "no_goals_yet"), ("Ben", "your_settings")):
        two.type(name, "metas")
        assert two.replied(name)[0] == line


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("Ana", "pausa hasta el 3 de junio", "3 de junio"),
        ("Ana", "pause until 3 June", "3 de junio"),
        ("Ben", "pausa hasta el 3 de junio", "3 June"),
        ("Ben", "pause until 3 June", "3 June"),
    ],
)
def test_a_day_is_read_in_each_language_and_said_in_ones_own(
    two: World, name: str, text: str, said: str
) -> None:
    """The answer is read back before it counts."""
    two.type(name, text)
    line, words = two.replied(name)
    assert line == "pause_until"
    assert said in words


def test_an_old_question_is_answered_as_it_was_shown(two: World) -> None:
    """A button in English stays one when its reader's language has become Spanish."""
    two.change("Ana", language="en")
    two.type("Ana", "stop")
    two.change("Ana", language="es")
    two.type("Ana", "pause instead")
    assert two.replied("Ana")[0] == "pause_for"


# Whose language it is


def test_an_app_tells_the_language_of_whoever_comes(world: World) -> None:
    """Where the file named none: the very first line is in it."""
    comes(named("", world), "Ana", language="es-MX")
    assert world.person("Ana").language == "es"
    assert world.messages("Ana")[0].runs[0][0].startswith("Hola, Ana. ")


@pytest.mark.parametrize("app", ["fr", "", "x" * 40, "\0"])
def test_an_app_in_a_language_that_is_not_spoken_tells_nothing(world: World, app: str) -> None:
    """It is the programme's then, and may become another with it."""
    comes(named("", world), "Ana", language=app)
    assert world.person("Ana").language == ""
    assert world.messages("Ana")[0].runs[0][0].startswith("Hello Ana. ")


def test_a_language_that_the_file_names_stands_over_the_apps(world: World) -> None:
    """Whoever runs the programme knows what was agreed with somebody; a phone may be lent."""
    comes(named("en", world), "Ana", language="es")
    assert world.person("Ana").language == "en"


def choose(world: World, name: str, language: str) -> None:
    """Choose a language in one's own settings."""
    world.type(name, "settings")
    world.press(name, "Another language")
    world.press(name, language)


def test_a_chosen_language_is_read_at_once(two: World) -> None:
    """The very next line is in it, and so is all that follows."""
    choose(two, "Ben", "Español")
    assert two.read("Ben") == "Bien. A partir de ahora te escribo en español."
    ben = two.person("Ben")
    assert (ben.language, ben.language_is_own) == ("es", True)
    two.type("Ben", "ajustes")
    assert [each.label for each in two.parts("Ben")[0].choices][2] == "Otro idioma"
    two.press("Ben", "Otro idioma")
    two.press("Ben", "English")
    assert two.read("Ben") == "Good. From now on I write to you in English."


def test_a_chosen_language_is_kept_whatever_an_app_or_a_file_says(two: World) -> None:
    """It is theirs."""
    choose(two, "Ben", "Español")
    comes(two, "Ben", language="en")
    assert two.person("Ben").language == "es"


def test_a_menu_of_their_own_follows_the_language(two: World) -> None:
    """Telegram shows it beside the field where she writes; nobody else's is to be shown anew."""
    with two.turn() as turn:
        turn.session.execute(delete(tables.Home))
    two.type("Ana", "ajustes")
    two.press("Ana", "Otro idioma")
    two.press("Ana", "English")
    with two.turn() as turn:
        found = stale_homes(turn.session, Realm("telegram"), two.now, 20)
        assert [each.person for each in found] == [two.ids["Ana"]]


def test_whoever_comes_in_telegram_is_to_have_a_menu(world: World) -> None:
    """In Slack there is none."""
    for name in ("Ana", "Ben"):
        world.come(name)
    with world.turn() as turn:
        found = stale_homes(turn.session, Realm("telegram"), world.now, 20)
        assert [each.person for each in found] == [world.ids["Ana"]]
        assert stale_homes(turn.session, Realm("slack"), world.now, 20) == []


def test_a_page_of_ones_own_is_in_ones_own_language(two: World) -> None:
    """What can be asked for from there too: what would be typed is understood."""
    with two.turn() as turn:
        note_looked(turn.session, two.ids["Ana"], two.now)
        pages = [home_page(turn.session, two.setup, two.ids[name], two.now) for name in BOTH]
    spanish, english = pages
    assert "Tus metas" in "".join(plain(each) for each in spanish.pieces)
    assert "Your goals" in "".join(plain(each) for each in english.pieces)
    assert spanish.choices[0].data == "/fechas"
    assert english.choices[0].data == "/book"
    assert len(spanish.choices) == len(english.choices)
    for choice in spanish.choices:
        two.type("Ana", choice.data)
        assert two.replied("Ana")[0] != "short_menu"


def test_what_is_redrawn_knows_its_readers_language(two: World) -> None:
    """What stands under a closed question is said in it."""
    for name in BOTH:
        two.type(name, "pausa" if name == "Ana" else "pause")
        two.press(name, "Una semana" if name == "Ana" else "One week")
    with two.turn() as turn:
        found = outbox.stale(turn.session, Realm("telegram"), two.now, 20)
        found += outbox.stale(turn.session, Realm("slack"), two.now, 20)
    told = {each.redrawing.person: each.redrawing.language for each in found}
    assert told[two.ids["Ana"]] == "es-MX"
    assert told[two.ids["Ben"]] == "en"


def test_what_goes_out_knows_its_readers_language(two: World) -> None:
    """What a platform adds of its own, such as the last button, is said in it."""
    two.receive(*two.typed("Ana", "pausa"))
    two.work()
    [leased] = two.lease()
    assert leased.delivery.language == "es-MX"


# What others read


def test_a_ping_is_shown_in_ones_own_language_and_says_so(two: World) -> None:
    """Its facts are kept and not its words: Cleo reads them in English."""
    two.let_pass(days=35)
    shown = {name: [each for each in texts(two, name) if said in each] for name, said in SHOWN}
    assert "a quien supervisa tu tándem, en inglés y nada más" in shown["Ana"][0]
    assert "to your supervisor, word for word, and nothing else" in shown["Ben"][0]
    [ping] = [each for each in texts(two, "Cleo") if "Ana Ruiz & Ben Walsh" in each]
    assert ping.splitlines()[0] in shown["Ben"][0]
    assert ping.splitlines()[0] not in shown["Ana"][0]


SHOWN = (("Ana", "Dentro de tres días"), ("Ben", "In three days"))


def texts(world: World, name: str) -> list[str]:
    """Give all that reached somebody's phone."""
    return [each.text for each in world.phone.received if each.name == name]


def test_an_event_without_a_language_is_taken_as_before(world: World) -> None:
    """What waits in an inbox since an earlier version says nothing of it."""
    named("", world)
    with world.store.transaction() as session:
        token = invite(session, world.ids["Ana"], world.now)
    world.receive(Event("telegram", "old", "@Ana", "came", {"token": token}))
    world.settle()
    assert world.person("Ana").language == ""
