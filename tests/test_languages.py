"""Every language is whole or refused, and everybody is spoken to in the one that is theirs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from bot.languages import meant
from bot.markup import plain
from bot.read_words import BadWords, languages_in, load_languages
from bot.saying import Reader
from bot.usage import in_words, own_name
from conversations.commands import Asked, read_command
from conversations.replies import OpenQuestion, understand
from conversations.talk import Who

BOTH = load_languages()
THEN = datetime(2026, 3, 30, 14, 0, tzinfo=UTC)


def reader(language: str, zone: str = "Europe/Madrid", now: datetime | None = None) -> Reader:
    """Give Ana, who reads a language; everybody else is in Dublin."""
    return Reader(1, "Ana", "mentee", zone, language, lambda _: "Europe/Dublin", now)


def copied(folder: Path, language: str) -> Path:
    """Copy our Spanish as another language of a programme's own, and give where it stands."""
    into = folder / language
    into.mkdir()
    for file in (files("prompts") / "es").iterdir():
        text = file.read_text("utf-8").replace('language = "es"', f'language = "{language}"')
        (into / file.name).write_text(text, "utf-8")
    return into


def faults_of(own: Path, language: str = "en") -> list[str]:
    """Give all that is wrong with a programme's own words."""
    with pytest.raises(BadWords) as bad:
        load_languages(language, own)
    return list(bad.value.faults)


# Which language


@pytest.mark.parametrize(
    ("tag", "spoken", "code"),
    [
        ("es", ("en", "es"), "es"),
        ("es-ES", ("en", "es"), "es"),
        ("ES_mx", ("en", "es"), "es"),
        ("pt-br", ("pt", "pt-BR"), "pt-BR"),
        ("pt-PT", ("pt", "pt-BR"), "pt"),
        ("pt", ("en", "pt-BR"), "pt-BR"),
        ("zh-Hans-CN", ("en", "zh"), "zh"),
        ("est", ("en", "es"), ""),
        ("fr", ("en", "es"), ""),
        ("", ("en", "es"), ""),
        ("-", ("en", "es"), ""),
    ],
)
def test_a_tag_means_the_nearest_that_is_spoken(
    tag: str, spoken: tuple[str, ...], code: str
) -> None:
    """Apps say where somebody's Spanish is from; nobody is told that it is not spoken."""
    assert meant(tag, spoken) == code


@pytest.mark.parametrize(("tag", "language"), [("es-AR", "es"), ("fr", "en"), ("", "en")])
def test_what_is_not_spoken_is_said_in_the_programmes_own(tag: str, language: str) -> None:
    """A file may have named a language that has gone."""
    assert BOTH.of(tag).language == language


def test_somebody_is_heard_in_their_own_language_first() -> None:
    """What the others make of it counts only where that makes nothing of it."""
    assert [words.language for words in BOTH.heard_from("es")] == ["es", "en"]
    assert [words.language for words in BOTH.heard_from("fr")] == ["en", "es"]


@pytest.mark.parametrize(
    ("code", "name"), [("en", "English"), ("es", "Español"), ("pt-BR", "Português (Brasil)")]
)
def test_a_language_is_called_what_it_calls_itself(code: str, name: str) -> None:
    """Whoever looks for theirs can read no other."""
    assert own_name(code) == name


# Days, hours and names


@pytest.mark.parametrize(
    ("language", "near", "far"),
    [
        ("en", "Do you mean Mon 30 March, 16:00?", "Mon 30 March 2026, 16:00"),
        ("es", "lun 30 de marzo, 16:00", "lun 30 de marzo de 2026, 16:00"),
    ],
)
def test_a_day_is_said_as_its_language_says_it(language: str, near: str, far: str) -> None:
    """In its own order, with its own small words."""
    for now, said in ((THEN, near), (THEN - timedelta(days=300), far)):
        told = reader(language, now=now)
        assert said in plain(BOTH.render("read_back", {"at": THEN}, told).runs)


def test_an_hour_of_another_day_bears_it_in_each_language() -> None:
    """Beside one's own time stands the partner's."""
    values = {"partner": Who(2, "Ben", "mentor"), "again": False, "beyond": False}
    for language, said in (
        ("en", "Tue 31 March, 03:00 (Mon 15:00 Ben)"),
        ("es", "mar 31 de marzo, 03:00 (lun 15:00 Ben)"),
    ):
        told = reader(language, zone="Pacific/Auckland")
        assert BOTH.render("which_times", values, told, [THEN]).labels == (said,)


@pytest.mark.parametrize(
    ("last", "row"),
    [
        ("Ben", "Ana y Ben"),
        ("Inés", "Ana e Inés"),
        ("Íñigo", "Ana e Íñigo"),
        ("Hilda", "Ana e Hilda"),
        ("Hierro", "Ana y Hierro"),
        ("Yolanda", "Ana y Yolanda"),
        ("Yves", "Ana e Yves"),
    ],
)
def test_a_row_of_names_is_joined_by_what_sounds_right(last: str, row: str) -> None:
    """Y before the sound of an i is an e in Spanish."""
    assert BOTH.of("es").usage.row(["Ana", last]) == row


def test_one_name_and_three_are_a_row_too() -> None:
    """Commas stand between all but the last."""
    usage = BOTH.of("es").usage
    assert usage.row(["Ana"]) == "Ana"
    assert usage.row([]) == ""
    assert usage.row(["Eve", "Ben", "Inés"]) == "Eve, Ben e Inés"


def test_a_locale_is_read_once() -> None:
    """Rendering is what comentor does most."""
    in_words(THEN, "Europe/Madrid", "pt-BR", "EEE")
    before = in_words.cache_info().hits
    assert in_words(THEN, "Europe/Madrid", "pt-BR", "EEE") == "seg."
    assert in_words.cache_info().hits == before + 1


# What is understood


YES_OR_NO = OpenQuestion("choose", (("yes", "Sí, quiero"), ("no", "No, gracias")), False)
SEVERAL = OpenQuestion("choosesome", (("a", "lun"), ("b", "mar"), ("c", "mié")), False)


@pytest.mark.parametrize("text", ["yes", "sure", "yes, please"])
def test_an_english_yes_is_one_to_a_spanish_button(text: str) -> None:
    """What buttons say is known to all languages, since they stay as they were shown."""
    assert understand(YES_OR_NO, text, BOTH.of("en").passing) == {"chosen": ["yes"]}


def test_several_are_named_with_the_languages_own_and() -> None:
    """Numbers with what stands between two of a row."""
    assert understand(SEVERAL, "1, 2 y 3", BOTH.of("es").passing) == {"chosen": ["a", "b", "c"]}
    assert understand(SEVERAL, "1 and 3", BOTH.of("en").passing) == {"chosen": ["a", "c"]}


def test_part_of_a_label_is_never_its_opposite_in_any_language() -> None:
    """A label in English may be on the screen of somebody who reads Spanish by now."""
    for words in BOTH.spoken.values():
        assert {"not", "sin"} <= words.passing.turning


# What a language has to have


def test_the_languages_are_the_folders(tmp_path: Path) -> None:
    """Ours, and a programme's own."""
    (tmp_path / "it").mkdir()
    (tmp_path / ".git").mkdir()
    assert languages_in() == ("en", "es")
    assert languages_in(tmp_path) == ("en", "es", "it")


def test_a_programme_can_add_a_whole_language(tmp_path: Path) -> None:
    """And speaks it by default if it says so; all else is as it was."""
    copied(tmp_path, "it")
    words = load_languages("it", tmp_path)
    assert list(words.spoken) == ["en", "es", "it"]
    assert words.usual.language == "it"
    assert words.usual.name == "Italiano"
    assert words.of("en").lines.keys() == words.usual.lines.keys()


def test_what_stands_at_the_top_is_in_the_programmes_language(tmp_path: Path) -> None:
    """And what stands in a folder is in that one; neither is laid over another."""
    (tmp_path / "mine.md").write_text("## noted\nApuntado aquí.\n")
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "mine.md").write_text("## noted\nDown it goes.\n")
    words = load_languages("es", tmp_path)
    for language, said in (("es", "Apuntado aquí."), ("en", "Down it goes.")):
        assert plain(words.render("noted", {}, reader(language)).runs) == said


def test_an_own_folder_wins_over_the_top(tmp_path: Path) -> None:
    """Where both have a line, the folder says more plainly whose it is."""
    (tmp_path / "mine.md").write_text("## noted\nAt the top.\n")
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "mine.md").write_text("## noted\nIn the folder.\n")
    words = load_languages("en", tmp_path)
    assert plain(words.render("noted", {}, reader("en")).runs) == "In the folder."


def lacking_a_line(folder: Path) -> None:
    """Take a line out."""
    file = folder / "answered.md"
    text = file.read_text("utf-8")
    file.write_text(text.replace("## answer_skipped", "## answer_passed"), "utf-8")


def lacking_a_button(folder: Path) -> None:
    """Take a button out."""
    file = folder / "breaks.md"
    text = file.read_text("utf-8")
    file.write_text(
        "\n".join(each for each in text.splitlines() if not each.startswith("[stay]")), "utf-8"
    )


def with_a_placeholder(folder: Path) -> None:
    """Have a line ask for what nothing fills."""
    (folder / "zz.md").write_text("## put_off\nMañana, {{ nombre }}.\n", "utf-8")
    file = folder / "asking.md"
    file.write_text(file.read_text("utf-8").replace("## put_off\n", "## put_it_off\n"), "utf-8")


def lacking_a_table(folder: Path) -> None:
    """Take the ways to stop out."""
    file = folder / "commands.toml"
    lines = file.read_text("utf-8").splitlines()
    file.write_text("\n".join(each for each in lines if not each.startswith("stop =")), "utf-8")


def lacking(name: str) -> Callable[[Path], None]:
    """Take a file out."""
    return lambda folder: (folder / name).unlink()


def with_other_questions(folder: Path) -> None:
    """Have one question under another name, and another in a later version."""
    file = folder / "questions.toml"
    text = file.read_text("utf-8")
    first = BOTH.usual.bank.questions[0].id
    text = text.replace(f'id = "{first}"', 'id = "another-one"')
    file.write_text(text, "utf-8")


def with_a_bank_of_another(folder: Path) -> None:
    """Have the bank say that it is in another language."""
    file = folder / "questions.toml"
    file.write_text(file.read_text("utf-8").replace('"it"', '"fr"', 1), "utf-8")


def saying(pattern: str) -> Callable[[Path], None]:
    """Have language.toml say something else."""

    def change(folder: Path) -> None:
        (folder / "language.toml").write_text(pattern, "utf-8")

    return change


SOUND = (
    'day = "d"\nday_far_off = "d y"\nmoment = "{day}"\nhour = "HH"\n'
    'hour_of_another_day = "HH"\nand = " e "\n'
)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lacking_a_line, "it: there is no line ## answer_skipped; add it to a file there, as en/"),
        (lacking_a_button, "it/breaks.md:"),
        (with_a_placeholder, "it/zz.md:2: ## put_off has {{ nombre }}, which nothing fills"),
        (lacking_a_table, "it/commands.toml: there is no stop; add the ways to say it"),
        (lacking("menu.toml"), "it/menu.toml: there is no menu"),
        (lacking("questions.toml"), "it/questions.toml: there is no bank of questions"),
        (lacking("language.toml"), "it/language.toml: there is no day; write it as in English"),
        (with_a_bank_of_another, "it/questions.toml: it says that its language is fr"),
        (saying(SOUND + 'so = "x"'), "it/language.toml: 'so' is no part of it"),
        (saying(SOUND + '[and_before]\n"(" = " x "'), "it/language.toml: under [and_before] '('"),
        (saying(SOUND + "[and_before]\na = 1"), "it/language.toml: under [and_before] stand lines"),
        (saying(SOUND.replace('"{day}"', '"HH"')), "it/language.toml: moment does not say where"),
        (saying(SOUND.replace('"d y"', '"dddd y"')), "it/language.toml: day_far_off is no"),
    ],
)
def test_a_language_that_is_not_whole_is_told_with_its_place(
    change: Callable[[Path], None], fault: str, tmp_path: Path
) -> None:
    """Nobody is to read half of a talk in another."""
    change(copied(tmp_path, "it"))
    assert [each for each in faults_of(tmp_path) if each.startswith(fault)]


def test_the_banks_ask_the_same_in_each_language(tmp_path: Path) -> None:
    """Else whoever changes their language would be asked twice."""
    with_other_questions(copied(tmp_path, "it"))
    first = BOTH.usual.bank.questions[0]
    named = f"{first.id}, version {first.version}"
    mend = "mend it, or leave it out of programme.languages"
    assert faults_of(tmp_path) == [
        f"it/questions.toml: it lacks {named}, which en has; {mend}",
        f"it/questions.toml: it has another-one, version {first.version}, which en lacks; {mend}",
    ]


def test_a_bank_of_ones_own_in_one_language_is_told_in_a_few_words(tmp_path: Path) -> None:
    """It has a hundred others: the remedy is to be seen, which is to speak that language alone."""
    bank = (files("prompts") / "en" / "questions.toml").read_text("utf-8")
    own = bank.replace('id = "', 'id = "our-')
    (tmp_path / "questions.toml").write_text(own, "utf-8")
    lacks, beyond = faults_of(tmp_path)
    assert lacks.startswith("es/questions.toml: it lacks our-")
    assert all(fault.count(";") == 5 and "leave es out" in fault for fault in (lacks, beyond))
    assert [*load_languages("en", tmp_path, ["en"]).spoken] == ["en"]


@pytest.mark.parametrize(
    ("language", "only", "fault"),
    [
        ("en", ("en", "fr"), "fr: there are no words in it; mend programme.languages"),
        ("en", ("es",), "en: comentor speaks es and not this; mend programme.language"),
    ],
)
def test_languages_that_do_not_fit_are_told(language: str, only: Sequence[str], fault: str) -> None:
    """One that nobody has words in, and a programme's own that is not among them."""
    with pytest.raises(BadWords, match=fault):
        load_languages(language, None, only)


def test_a_folder_that_is_no_language_is_told(tmp_path: Path) -> None:
    """It would have been left out, and nobody would have known."""
    (tmp_path / "espanol").mkdir()
    (fault,) = faults_of(tmp_path)
    assert fault.startswith("espanol/: this is no language's code")


def test_a_programmes_language_that_nobody_speaks_is_told(tmp_path: Path) -> None:
    """With those that are spoken."""
    (fault,) = faults_of(tmp_path, "fr")
    assert fault.startswith("fr: comentor speaks en, es and not this")


# Other ways to ask


def test_each_language_has_its_own_ways_to_its_settings() -> None:
    """That is where a language is chosen, so it must be found from any."""
    for language, way in (("en", "language"), ("es", "idioma")):
        assert read_command(way, BOTH.of(language).forms, "manager") == Asked("show_settings")
