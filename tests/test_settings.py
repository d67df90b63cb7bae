"""Settings are loaded whole, or every fault of them is told with its place and its remedy."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel, ValidationError

from bot.settings import BadSettings, Closure, Fault, Settings, load_settings

CLOSURE = "[[programme.closures]]\nfrom = 2027-01-01\nto = 2027-01-01\n"
EXAMPLE = Path(__file__).parent.parent / "config.example.toml"


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing of the machine's own environment, and a folder without config.toml."""
    for name in [name for name in os.environ if name.startswith("COMENTOR_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def load(text: str) -> Settings:
    """The settings of a file with this text."""
    Path("config.toml").write_text(text, "utf-8")
    return load_settings(Path("config.toml"))


def faults_in(text: str) -> list[Fault]:
    """Everything wrong with a file of this text and what is set beside it."""
    with pytest.raises(BadSettings) as caught:
        load(text)
    return list(caught.value.faults)


def only_fault(text: str) -> Fault:
    """The one thing wrong."""
    (fault,) = faults_in(text)
    return fault


def keys_of(model: type[BaseModel], before: str = "") -> Iterator[str]:
    """The dotted keys of a model, those of tables in lists among them."""
    for name, field in model.model_fields.items():
        kind: Any = field.annotation
        inner = [kind, *get_args(kind)]
        tables = [each for each in inner if isinstance(each, type) and issubclass(each, BaseModel)]
        key = f"{before}{field.alias or name}"
        if kind not in tables:
            yield key
        for table in tables:
            yield from keys_of(table, f"{key}.")


def keys_in(table: dict[str, Any], before: str = "") -> Iterator[str]:
    """The dotted keys of a TOML table, likewise."""
    for name, value in table.items():
        tables = value if isinstance(value, list) else [value]
        if not isinstance(value, dict):
            yield f"{before}{name}"
        for each in tables:
            if isinstance(each, dict):
                yield from keys_in(each, f"{before}{name}.")


def test_the_example_has_every_key_and_no_other() -> None:
    """Whoever copies it sees all that can be set."""
    example = tomllib.loads(EXAMPLE.read_text("utf-8"))
    assert sorted(keys_in(example)) == sorted(keys_of(Settings))


def test_the_example_has_a_line_on_every_key() -> None:
    """A comment above each says what it is for."""
    lines = EXAMPLE.read_text("utf-8").splitlines()
    keys = [n for n, line in enumerate(lines) if re.match(r"\w+ =", line)]
    assert keys
    assert all(lines[n - 1].startswith("# ") for n in keys)


def test_the_example_loads() -> None:
    """It is sound, and but for what it shows by way of example it is what holds without a file."""
    example = load_settings(EXAMPLE)
    assert example.programme.closures == (
        Closure.model_validate({"from": date(2027, 3, 29), "to": date(2027, 4, 2)}),
    )
    assert example.programme.helplines == ("In an emergency: 112",)
    bare = example.programme.model_copy(update={"closures": (), "helplines": ()})
    (workspace,) = example.slack.workspaces
    assert not workspace.bot_token
    unused = example.slack.model_copy(update={"workspaces": ()})
    assert example.model_copy(update={"programme": bare, "slack": unused}) == Settings()


def test_without_a_file_the_defaults_hold() -> None:
    """`make play` works in a fresh clone."""
    assert load_settings(None) == Settings()
    assert Settings().database.url == "sqlite:///comentor.sqlite3"
    assert (Settings().playground.host, Settings().playground.port) == ("127.0.0.1", 8321)


def test_config_toml_is_found_where_comentor_starts() -> None:
    """Without a name given."""
    load('[programme]\nname = "Pairs"\n')
    assert load_settings(None).programme.name == "Pairs"


def test_a_file_from_windows_is_read() -> None:
    """With its byte order mark and its line ends."""
    assert load("\ufeff[log]\r\nlevel = 'DEBUG'\r\n").log.level == "debug"


def test_settings_stay_as_they_were_loaded() -> None:
    """Nothing changes under a running programme."""
    with pytest.raises(ValidationError):
        Settings().log.level = "debug"  # type: ignore[misc] # that is what is tested


def test_a_database_password_is_not_shown() -> None:
    """Settings may land in a log or a traceback."""
    settings = load('[database]\nurl = "postgresql://ana:hush@db/comentor"\n')
    assert settings.database.url.endswith("hush@db/comentor")
    assert "hush" not in repr(settings)
    for text in ('[database]\nurl = "mysql://ana:hush@db/x"\n', 'database = "x://ana:hush@db/x"\n'):
        with pytest.raises(BadSettings) as caught:
            load(text)
        assert "hush" not in f"{caught.value}{caught.value.__cause__}"


# What is wrong


@pytest.mark.parametrize(
    ("text", "line", "key", "remedy"),
    [
        ('[programme]\n\nnmae = "x"\n', 3, "programme.nmae", "Did you mean name in [programme]?"),
        ('[programm]\nname = "x"\n', 1, "programm", "Did you mean [programme]?"),
        ("[database]\nport = 1\n", 2, "database.port", "Did you mean port in [playground]?"),
        ("port = 1\n", 1, "port", "Did you mean port in [playground]?"),
        ("[log]\nxyzzy = 1\n", 2, "log.xyzzy", "Choose among level, format."),
        ("log.levle = 1\n", 1, "log.levle", "Did you mean level in [log]?"),
        ("_secrets_dir = 1\n", 1, "_secrets_dir", "Choose among database, programme"),
        (
            f"{CLOSURE}{CLOSURE}form = 1\n",
            7,
            "programme.closures, no. 2, form",
            "Did you mean from in [programme.closures]?",
        ),
    ],
)
def test_a_wrong_key_is_named_with_the_nearest_right_one(
    text: str, line: int, key: str, remedy: str
) -> None:
    """A slip of the finger is not silently a default."""
    fault = only_fault(text)
    assert (fault.place, fault.line, fault.key) == ("config.toml", line, key)
    assert "no " in fault.wrong
    assert remedy in fault.remedy


@pytest.mark.parametrize(
    ("section", "setting", "wrong", "remedy"),
    [
        ("playground", 'port = "many"', '"many" will not do', "a whole number from 1 to 65535"),
        ("playground", "port = 0", "0 will not do", "a whole number from 1 to 65535"),
        ("playground", "host = 1", "1 will not do", "an address"),
        ("programme", "weekly_budget = true", "true will not do", "a whole number from 0 to 20"),
        ("programme", "weekly_budget = 1.5", "1.5 will not do", "a whole number"),
        ("programme", 'name = ""', '"" will not do', "the programme's name"),
        ("programme", 'language = "English"', '"English" will not do', "en or pt-BR"),
        ("programme", 'prompts = "nowhere"', '"nowhere" will not do', "a folder that is there"),
        ("programme", 'helplines = "112"', "no list", "a list of lines"),
        ("programme", 'closures = "Easter"', "no list", "a list such as"),
        ("programme", f'why = {{ a = "{"b" * 50}" }}', "The value will not do", "a few words"),
        ("log", 'level = "loud"', '"loud" will not do', "debug, info, warning or error"),
        ("log", f'format = "{"x" * 50}"', '"xxxxxxxx', "text or json"),
        ("database", 'url = "mysql://x"', "The value will not do", "sqlite:///FILE or postgresql:"),
    ],
)
def test_a_wrong_value_is_named_with_what_to_write(
    section: str, setting: str, wrong: str, remedy: str
) -> None:
    """And with its line."""
    fault = only_fault(f"[{section}]\n{setting}\n")
    assert (fault.line, fault.key) == (2, f"{section}.{setting.partition(' ')[0]}")
    assert wrong in fault.wrong
    assert remedy in fault.remedy


@pytest.mark.parametrize(
    ("closure", "key", "wrong"),
    [
        ("from = 2027-01-02, to = 2027-01-01", "", "ends before it begins"),
        ("from = 2027-01-02", ", to", "missing"),
        ('from = "2027-02-29", to = 2027-03-01', ", from", "out of range"),
        ("from = 20270101, to = 2027-03-01", ", from", "no date"),
        ('from = "20270101", to = 2027-03-01', ", from", "no date"),
        ("from = 2027-01-01, to = 9999-12-31", ", to", "none from 2000 to 2099"),
    ],
)
def test_a_closure_has_a_first_and_a_last_day(closure: str, key: str, wrong: str) -> None:
    """Clocks stop between them, so neither is guessed."""
    fault = only_fault(f"[programme]\nclosures = [\n  {{ {closure} }},\n]\n")
    assert (fault.line, fault.key) == (2, f"programme.closures, no. 1{key}")
    assert wrong in fault.wrong
    assert "2027" in fault.remedy


def test_one_app_for_many_workspaces_needs_all_its_keys() -> None:
    """Found out at the first installation, it would be an administrator's fault who has none."""
    faults = faults_in('[slack]\nclient_id = "1.2"\n')
    assert [fault.key for fault in faults] == [
        "slack.client_secret",
        "slack.signing_secret",
        "slack.public_url",
        "slack.keys",
    ]
    assert all("client_id is set" in fault.wrong for fault in faults)
    faults = faults_in('[slack]\nclient_id = "1.2"\napp_token = "xapp-1"\n')
    assert "slack.signing_secret" not in [fault.key for fault in faults]


def test_a_workspace_needs_one_way_in() -> None:
    """With neither, whoever reads our code could sign as anybody in it."""
    one = '[[slack.workspaces]]\nname = "Riverside"\nbot_token = "xoxb-1"\n'
    fault = only_fault(one)
    assert fault.key == "slack.workspaces, no. 1, signing_secret"
    assert "app_token" in fault.wrong
    for way in ('app_token = "xapp-1"', 'signing_secret = "0123456789abcdef"'):
        assert len(load(f"{one}{way}\n").slack.workspaces) == 1


def test_a_key_that_cannot_encrypt_is_a_fault_and_not_shown() -> None:
    """It may be a good one with a letter missing."""
    fault = only_fault(f'[slack]\nkeys = ["{"QUJD" * 10}"]\n')
    assert (fault.line, fault.key) == (2, "slack.keys, no. 1")
    assert "comentor slack key" in fault.remedy
    assert "QUJD" not in str(fault)


def test_a_token_that_is_none_is_not_shown() -> None:
    """Somebody put the right one in the wrong place."""
    fault = only_fault('[[slack.workspaces]]\nname = "R"\nbot_token = "xapp-1-hush"\n')
    assert "xoxb-" in fault.remedy
    assert "hush" not in str(fault)


def test_all_faults_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the file's order, those of the environment behind them."""
    monkeypatch.setenv("COMENTOR_LOG__FORMAT", "xml")
    monkeypatch.setenv("COMENTOR_SECRETS_DIR", "nowhere")
    faults = faults_in("[log]\nlevle = 1\nlevel = 2\n[plaground]\n[programme]\nname = 3\nwhy = 4\n")
    assert [(fault.line, fault.key) for fault in faults] == [
        (2, "log.levle"),
        (3, "log.level"),
        (4, "plaground"),
        (6, "programme.name"),
        (7, "programme.why"),
        (None, ""),
        (None, "log.format"),
    ]
    assert all(fault.wrong and fault.remedy for fault in faults)


def test_a_fault_reads_as_one_line() -> None:
    """Place, key, what is wrong, what to do."""
    with pytest.raises(BadSettings) as caught:
        load('[log]\nlevel = "loud"\n')
    assert str(caught.value) == (
        'config.toml, line 2, log.level: "loud" will not do. Write debug, info, warning or error.'
    )


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("[log]\nlevel = info\n", 2, 9),
        ("[log\n", 1, 5),
        ('[log]\nlevel = "info', 2, 14),
        ('[log]\nname = """\n', 3, 1),
        ("[log]\nlevel = 1\nlevel = 2\n", 3, 10),
        ("[programme]\nclosures = [{ from = 2027-02-30 }]\n", 2, 22),
    ],
)
def test_broken_toml_is_told_with_line_and_column(text: str, line: int, column: int) -> None:
    """As near as the parser knows."""
    fault = only_fault(text)
    assert (fault.place, fault.line, fault.key) == ("config.toml", line, "")
    assert fault.column is not None
    # Releases of Python differ by a little in where they notice.
    assert abs(fault.column - column) <= 4
    assert "not TOML" in fault.wrong
    assert fault.remedy


def test_a_file_in_another_encoding_is_told_with_its_byte() -> None:
    """TOML is UTF-8."""
    Path("config.toml").write_bytes("[programme]\nname = 'Año'\n".encode("windows-1252"))
    with pytest.raises(BadSettings) as caught:
        load_settings(None)
    (fault,) = caught.value.faults
    assert (fault.line, fault.column) == (2, 10)
    assert "byte F1" in fault.wrong
    assert "UTF-8" in fault.remedy


@pytest.mark.parametrize(("name", "remedy"), [("gone.toml", "config.example"), (".", "who may")])
def test_a_file_that_was_named_must_be_there(name: str, remedy: str) -> None:
    """Defaults instead of what somebody wrote would be a surprise."""
    with pytest.raises(BadSettings) as caught:
        load_settings(Path(name))
    (fault,) = caught.value.faults
    assert fault.place == name
    assert remedy in fault.remedy


# Environment and secrets


def test_the_environment_has_the_last_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """One key at a time; the others of its section stay as the file has them."""
    monkeypatch.setenv("COMENTOR_PLAYGROUND__PORT", "9000")
    monkeypatch.setenv("COMENTOR_PROGRAMME__HELPLINES", '["One", "Two"]')
    monkeypatch.setenv(
        "COMENTOR_PROGRAMME__CLOSURES", '[{"from": "2027-01-01", "to": "2027-01-06"}]'
    )
    settings = load('[playground]\nhost = "::1"\nport = 8000\n')
    assert (settings.playground.host, settings.playground.port) == ("::1", 9000)
    assert settings.programme.helplines == ("One", "Two")
    assert settings.programme.closures[0].last == date(2027, 1, 6)


@pytest.mark.parametrize(
    ("name", "value", "key", "wrong", "remedy"),
    [
        ("LOG__LEVEL", "loud", "log.level", '"loud"', "debug, info"),
        ("LOG__LEVLE", "info", "log.levle", "no key", "level in [log]"),
        ("LGO__LEVEL", "info", "lgo.level", "no key", "level in [log]"),
        ("LOG", "info", "log", '"info"', "a table, [log]"),
        ("PROGRAMME__HELPLINES", "112", "programme.helplines", "will not do", "a list of"),
        ("PROGRAMME__HELPLINES", "[112,]", "programme.helplines", "JSON", "a list of"),
        ("PROGRAMME__CLOSURES__0", "x", "programme.closures", "will not do", "a list such"),
    ],
)
def test_a_wrong_variable_is_named(
    name: str, value: str, key: str, wrong: str, remedy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is not blamed for it."""
    monkeypatch.setenv(f"COMENTOR_{name}", value)
    fault = only_fault('[log]\nlevel = "info"\n')
    assert (fault.place, fault.line) == (f"environment variable COMENTOR_{name}", None)
    assert fault.key == key
    assert wrong in fault.wrong
    assert remedy in fault.remedy


def secret(name: str, content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a file into the folder of secrets."""
    folder = Path("secrets")
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    monkeypatch.setenv("COMENTOR_SECRETS_DIR", str(folder))


def test_a_secret_stands_above_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """A password need not stand where a colleague reads; files of others do no harm."""
    secret("database__url", b"postgresql://ana:hush@db/comentor\n", monkeypatch)
    secret("tls.key", b"x", monkeypatch)
    settings = load('[database]\nurl = "sqlite:///x"\n')
    assert settings.database.url == "postgresql://ana:hush@db/comentor"
    monkeypatch.setenv("COMENTOR_DATABASE__URL", "sqlite:///y")
    assert load_settings(None).database.url == "sqlite:///y"


@pytest.mark.parametrize(
    ("name", "content", "key", "remedy"),
    [
        ("database__url", b"hush", "database.url", "sqlite:///FILE"),
        ("database__ulr", b"hush", "database.ulr", "url in [database]"),
        ("log__level", b"hush", "log.level", "debug, info"),
    ],
)
def test_a_wrong_secret_is_named_and_not_shown(
    name: str, content: bytes, key: str, remedy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is in it stays in it."""
    secret(name, content, monkeypatch)
    fault = only_fault("[log]\n")
    assert (fault.place, fault.line, fault.key) == (f"secret {Path('secrets') / name}", None, key)
    assert remedy in fault.remedy
    assert "hush" not in str(fault)


def test_a_secret_that_is_no_text_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside those of the file's sections."""
    secret("database__url", b"\xff\xfe", monkeypatch)
    stranger, unreadable = faults_in("[lgo]\n")
    assert stranger.key == "lgo"
    assert unreadable.place == "secrets"
    assert "cannot be read" in unreadable.wrong
    assert unreadable.remedy


def test_a_folder_of_secrets_must_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise a database elsewhere would be used without a word."""
    monkeypatch.setenv("COMENTOR_SECRETS_DIR", "nowhere")
    fault = only_fault("[log]\n")
    assert fault.place == "environment variable COMENTOR_SECRETS_DIR"
    assert "nowhere" in fault.wrong
    assert fault.remedy
