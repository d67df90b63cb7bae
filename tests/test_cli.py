"""The command line: what each command says, what it changes, and how it refuses."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog
from click.testing import CliRunner, Result

from bot.cli import main
from bot.settings import Slack
from bot.store import tables
from bot.store.database import open_store

EXAMPLE = Path(__file__).parent.parent / "examples" / "cohort.csv"
FILE = Path("comentor.sqlite3")
"""Where everything is kept if nothing is configured."""
COMMANDS = ("play", "cohort", "rehearse", "failed", "words")
HEAD = "key,name,role,pair,supervisor,zone,cohort,starts,ends"
ANA = "ana,Ana Ruiz,mentee,p1,cleo,Europe/Madrid,Spring,2027-03-01,2027-09-30"
BEN = "ben,Ben Walsh,mentor,p1,,Europe/Dublin,,,"
CLEO = "cleo,Cleo Martin,supervisor,,,Europe/London,,,"


@pytest.fixture(autouse=True)
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder to work in; the logs that a command sets up end with it."""
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    structlog.reset_defaults()


@pytest.fixture
def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def run(*arguments: str | Path, answer: str | None = None) -> Result:
    """Run a command, with an answer typed if it asks; give what it said and its exit code."""
    result = CliRunner().invoke(main, [str(each) for each in arguments], input=answer)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def cohort_file(*lines: str) -> Path:
    """Write a file of these people."""
    path = Path("cohort.csv")
    path.write_text("".join(f"{line}\n" for line in (HEAD, *lines)), encoding="utf-8")
    return path


def names_kept() -> list[str]:
    """Give the names of everybody in the database."""
    store = open_store(f"sqlite:///{FILE}")
    with store.transaction() as session:
        names = [person.name for person in session.query(tables.Person).order_by(tables.Person.id)]
    store.close()
    return names


# Help


def test_help_lists_every_command_with_what_it_does() -> None:
    """It is the first thing that somebody with a terminal asks."""
    help_of_all = run("--help").output
    for command in COMMANDS:
        assert f"  {command} " in help_of_all
        alone = run(command, "-h")
        assert alone.exit_code == 0
        assert len(alone.output.splitlines()) > 4
    assert "import" in run("cohort", "--help").output


def test_help_loads_nothing_that_takes_long() -> None:
    """It answers within 0.3 s only if neither database nor server is loaded for it."""
    heavy = "{'sqlalchemy', 'starlette', 'pydantic', 'icalendar', 'holidays', 'babel'}"
    code = (
        "import sys; from bot.cli import main; main(['--help'], standalone_mode=False); "
        f"sys.exit(repr({heavy} & sys.modules.keys()) if {heavy} & sys.modules.keys() else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_version_is_told() -> None:
    """A report of a fault begins with it."""
    assert run("--version").output.startswith("comentor, version ")


# The configuration


@pytest.mark.parametrize(
    "command",
    [("play",), ("cohort", "show"), ("cohort", "import", EXAMPLE), ("rehearse",), ("words",)],
    ids=lambda command: " ".join(map(str, command[:2])),
)
def test_a_bad_configuration_is_told_in_words(command: tuple[str | Path, ...]) -> None:
    """Every fault with its line and the nearest right key; and nothing is begun."""
    Path("config.toml").write_text('[programe]\nname = "x"\n\n[log]\nlevel = "loud"\n', "utf-8")
    result = run(*command)
    assert result.exit_code == 2
    assert "config.toml, line 1, programe: There is no section 'programe'." in result.stderr
    assert "Did you mean [programme]?" in result.stderr
    assert 'config.toml, line 5, log.level: "loud" will not do.' in result.stderr
    assert "Traceback" not in result.output
    assert [path.name for path in Path().iterdir()] == ["config.toml"]


def test_a_configuration_that_is_not_there_is_told(room: Path) -> None:
    """A misspelt --config must not pass for the defaults."""
    result = run("cohort", "show", "--config", room / "missing.toml")
    assert result.exit_code == 2
    assert "missing.toml: There is no such file. Copy config.example.toml to it." in result.stderr


def test_a_database_that_cannot_be_opened_is_told() -> None:
    """With the folder that is missing and the key that names it."""
    Path("config.toml").write_text('[database]\nurl = "sqlite:///no/where.sqlite3"\n', "utf-8")
    result = run("cohort", "show")
    assert result.exit_code == 2
    assert result.stderr == "Error: There is no folder no. Make it, or change database.url.\n"


# comentor cohort


def test_an_import_shows_then_asks_then_does() -> None:
    """Each thing it would do stands on a line before the question."""
    result = run("cohort", "import", cohort_file(ANA, BEN, CLEO), answer="y\n")
    assert result.exit_code == 0
    shown, asked, said = result.output.partition("things? [y/N]: ")
    assert asked
    for name in ("Ana Ruiz", "Ben Walsh", "Cleo Martin", "Spring"):
        assert name in shown
    assert "done." in said
    assert names_kept() == ["Ana Ruiz", "Ben Walsh", "Cleo Martin"]


@pytest.mark.parametrize("answer", ["n\n", "\n"], ids=["no", "nothing"])
def test_a_no_changes_nothing(answer: str) -> None:
    """And nothing typed is a no."""
    result = run("cohort", "import", cohort_file(ANA, BEN, CLEO), answer=answer)
    assert result.exit_code == 0
    assert result.output.endswith("Nothing was changed.\n")
    assert names_kept() == []


def test_an_import_without_anybody_to_ask_does_nothing() -> None:
    """In a pipe or a cron job, only --yes lets it go on."""
    result = run("cohort", "import", cohort_file(ANA, BEN, CLEO))
    assert result.exit_code == 1
    assert "Aborted!" in result.stderr
    assert names_kept() == []


def test_the_same_file_again_changes_nothing() -> None:
    """It neither asks nor does."""
    run("cohort", "import", EXAMPLE, "--yes")
    before = names_kept()
    again = run("cohort", "import", EXAMPLE)
    assert again.exit_code == 0
    assert again.output == "Nothing would change: everything in this file is so already.\n"
    assert names_kept() == before
    assert len(before) == 41


def test_a_changed_line_changes_that_person_alone() -> None:
    """The key tells who is meant, whatever else has changed."""
    run("cohort", "import", cohort_file(ANA, BEN, CLEO), "--yes")
    married = ANA.replace("Ana Ruiz", "Ana Ruiz Soto")
    result = run("cohort", "import", cohort_file(married, BEN, CLEO), "--yes")
    assert "Ana Ruiz Soto" in result.output
    assert result.output.endswith("1 done.\n")
    assert sorted(names_kept()) == ["Ana Ruiz Soto", "Ben Walsh", "Cleo Martin"]


def test_a_bad_file_tells_every_fault_and_changes_nothing() -> None:
    """With line, column and remedy, and exit code 2."""
    run("cohort", "import", cohort_file(ANA, BEN, CLEO), "--yes")
    result = run(
        "cohort",
        "import",
        cohort_file(
            ANA.replace("Madrid", "Madird").replace("2027-09-30", "2027-09-31"),
            BEN.replace("Ben Walsh", "=HYPERLINK(1)"),
            CLEO,
            "dan,Dan Hall,mentor,,,Europe/London,,,",
        ),
        "--yes",
    )
    assert result.exit_code == 2
    places = [line.removeprefix("Error: ").split(":")[0] for line in result.stderr.splitlines()]
    assert places == [
        "cohort.csv, line 2, zone",
        "cohort.csv, line 2, ends",
        "cohort.csv, line 3, name",
        "cohort.csv, line 5, pair",
    ]
    assert "Europe/Madrid" in result.stderr
    assert names_kept() == ["Ana Ruiz", "Ben Walsh", "Cleo Martin"]


def test_a_file_that_is_not_there_is_told() -> None:
    """By click, in the same voice and with the same exit code."""
    result = run("cohort", "import", "nobody.csv")
    assert result.exit_code == 2
    assert "nobody.csv" in result.stderr
    assert not FILE.exists()


def test_a_manager_sees_where_each_pair_stands_and_no_more() -> None:
    """Ben is there; Ana was, and has stopped. Whether they meet and how it goes is their own."""
    run("cohort", "import", cohort_file(ANA, BEN, CLEO), "--yes")
    store = open_store(f"sqlite:///{FILE}")
    with store.transaction() as session:
        for person in session.query(tables.Person):
            person.welcomed_at = datetime(2027, 3, 2, tzinfo=UTC)
            person.stopped_at = person.welcomed_at if person.key == "ana" else None
    store.close()
    assert run("cohort", "show").output.splitlines() == [
        "Spring, 2027-03-01 to 2027-09-30",
        "  p1: Ana Ruiz (not joined) & Ben Walsh (joined), not begun yet",
    ]


def test_a_pair_has_begun_on_the_day_that_it_was_in_their_cohort() -> None:
    """A second before midnight in UTC it is tomorrow in Madrid."""
    run("cohort", "import", cohort_file(ANA, BEN, CLEO), "--yes")
    store = open_store(f"sqlite:///{FILE}")
    with store.transaction() as session:
        session.query(tables.Cohort).one().zone = "Europe/Madrid"
        session.query(tables.Pair).one().began_at = datetime(2027, 3, 2, 23, 59, 59, tzinfo=UTC)
    store.close()
    shown = run("cohort", "show").output.splitlines()
    assert shown[1:] == [
        "  p1: Ana Ruiz (not joined) & Ben Walsh (not joined), begun on 2027-03-03"
    ]


def test_without_a_cohort_it_says_how_to_bring_one() -> None:
    """Silence would leave open whether anything had been looked at."""
    assert "comentor cohort import" in run("cohort", "show").output


# comentor cohort invitations

TELEGRAM = "key,name,role,platform,pair,supervisor,zone,cohort,starts,ends"
ANA_AND_BEN = (
    "ana,Ana Ruiz,mentee,telegram,p1,cleo,Europe/Madrid,Spring,2027-03-01,2027-09-30",
    "ben,Ben Walsh,mentor,slack,p1,,Europe/Dublin,,,",
    "cleo,Cleo Martin,supervisor,slack,,,Europe/London,,,",
)


@pytest.fixture
def imported() -> None:
    """Ana on Telegram, Ben and Cleo on Slack."""
    path = Path("cohort.csv")
    path.write_text("".join(f"{line}\n" for line in (TELEGRAM, *ANA_AND_BEN)), "utf-8")
    assert run("cohort", "import", path, "--yes").exit_code == 0


def invitations(*more: str, bot: str = "comentor_bot") -> Result:
    """Make invitations."""
    return run("cohort", "invitations", "--bot", bot, *more)


@pytest.mark.usefixtures("imported")
def test_invitations_are_written_and_never_shown() -> None:
    """A terminal keeps what it has shown; how many were left out, and why, is told."""
    result = invitations("--csv", "links.csv", "--page", "cards.html", bot="@comentor_bot")
    assert result.exit_code == 0
    assert result.output.startswith("1 invitation, to be used once, until 20")
    assert "links.csv and cards.html: " in result.output
    assert "2 left out: on slack, of which nothing is set" in result.output
    assert "start=" not in result.output
    assert "https://t.me/comentor_bot?start=" in Path("links.csv").read_text("utf-8-sig")
    assert "Thinking together" in Path("cards.html").read_text("utf-8")


@pytest.mark.usefixtures("imported")
def test_a_file_in_the_way_is_told() -> None:
    """And replaced when told to."""
    invitations("--csv", "links.csv")
    again = invitations("--csv", "links.csv")
    assert again.exit_code == 2
    assert again.stderr.startswith("Error: links.csv is there already.")
    assert invitations("--csv", "links.csv", "--force").exit_code == 0


def test_nobody_waits_is_told() -> None:
    """With no file that would look like a list."""
    result = invitations("--csv", "links.csv")
    assert result.output == "No invitation was made: nobody on Telegram waits for one.\n"
    assert not Path("links.csv").exists()


@pytest.mark.parametrize("bot", ["", "bot", "my bot", "bot/?start=x", "1bot_", "b" * 33, "böt_bot"])
def test_what_is_no_name_of_a_bot_is_told(bot: str) -> None:
    """Before a link is made that would open somebody else's chat, or nothing."""
    result = invitations("--csv", "links.csv", bot=bot)
    assert result.exit_code == 2
    assert "is no name of a bot" in result.stderr
    assert not Path("links.csv").exists()


def test_invitations_need_a_file() -> None:
    """Links that stand nowhere would make those that were given void."""
    result = invitations()
    assert result.exit_code == 2
    assert "Add --page FILE.html" in result.stderr
    assert not FILE.exists()


# comentor failed


def fail_a_turn() -> None:
    """Keep something that arrived and whose turn failed."""
    store = open_store(f"sqlite:///{FILE}")
    with store.transaction() as session:
        session.add(
            tables.Arrival(
                platform="telegram",
                event="e1",
                address="@ana",
                kind="typed",
                body={"text": "I am tired"},
                received_at=datetime(2027, 3, 2, 10, tzinfo=UTC),
                fault="KeyError: 'pair'",
            )
        )
    store.close()


def test_what_failed_is_shown_with_its_number_and_no_word_of_theirs() -> None:
    """An operator sees what went wrong, not what was said."""
    fail_a_turn()
    result = run("failed")
    assert result.exit_code == 0
    assert "1: KeyError: 'pair'" in result.output
    assert result.output.endswith("1 failed.\n")
    assert "tired" not in result.output


def test_what_failed_is_taken_once_more_when_told_to() -> None:
    """Showing alone leaves it; a second look after that finds nothing."""
    fail_a_turn()
    run("failed")
    again = run("failed", "--run-again")
    assert "1 will be taken again when comentor next runs." in again.output
    assert run("failed").output == "Nothing has failed.\n"


def test_nothing_failed_is_said() -> None:
    """With --run-again as well."""
    assert run("failed", "--run-again").output == "Nothing has failed.\n"


# comentor words


def test_our_words_are_sound() -> None:
    """Counted, so that a programme sees that its own folder was read."""
    result = run("words")
    assert result.exit_code == 0
    assert "lines" in result.output
    assert "sound" in result.output


def test_words_that_are_not_sound_are_told_with_their_place() -> None:
    """All faults at once, file and line first."""
    own = Path("own")
    own.mkdir()
    (own / "a.md").write_text("# Ours\n\n## noted\n{{ who\n\n## dropped\n{% if %}\n", "utf-8")
    Path("config.toml").write_text('[programme]\nprompts = "own"\n', "utf-8")
    result = run("words")
    assert result.exit_code == 2
    assert "a.md:" in result.stderr
    assert "## noted" in result.stderr
    assert "## dropped" in result.stderr


# comentor play


def test_a_key_is_one_that_the_settings_take() -> None:
    """And another each time."""
    first, second = (run("slack", "key").output.strip() for _ in range(2))
    assert Slack(keys=(first, second)).keys == (first, second)
    assert first != second


def test_the_manifest_of_one_app_for_many_names_where_slack_sends_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without it Slack refuses every installation; an app of one workspace needs none."""
    back = "https://mentoring.example.org/slack/oauth_redirect"
    assert back not in run("slack", "manifest").output
    monkeypatch.setenv("COMENTOR_SLACK__PUBLIC_URL", "https://mentoring.example.org/")
    assert f'"{back}"' in run("slack", "manifest").output


def test_play_is_refused_where_nothing_can_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """In words, before an address is printed at which nothing would answer."""
    Path("taken").write_text("a file of somebody's", "utf-8")
    for folder in ("taken", "taken/below", "/proc/comentor"):
        monkeypatch.setenv("COMENTOR_PLAYGROUND__FOLDER", folder)
        for more in ((), ("--fresh",)):
            result = run("play", *more)
            assert result.exit_code == 2
            assert f"Error: The folder {folder} cannot be made" in result.stderr
            assert "http://" not in result.output
    assert Path("taken").read_text("utf-8") == "a file of somebody's"


def test_play_is_refused_where_its_file_is_something_else(free_port: int) -> None:
    """What stands there may be somebody's: only --fresh takes it away."""
    Path("playground").mkdir()
    state = Path("playground/playground.sqlite3")
    state.write_text("not a database, but long enough that it will be looked at " * 4, "utf-8")
    result = run("play", "--port", str(free_port))
    assert result.exit_code == 2
    assert "cannot be used: file is not a database" in result.stderr
    assert "http://" not in result.output
    assert state.read_text("utf-8").startswith("not a database")
