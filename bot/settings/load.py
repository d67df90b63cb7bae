"""Loading the settings: all of them are sound, or every fault is told with its place and remedy."""

from __future__ import annotations

import json
import os
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import SettingsError

from bot.settings.fault import BadSettings, Fault
from bot.settings.keys import BETWEEN, DESCRIPTIONS, Names, Settings
from bot.settings.places import Places, Way, lines_of_keys, our_variables, secrets_in

SECRETS_DIR = "COMENTOR_SECRETS_DIR"
USUAL_FILE = Path("config.toml")


def load_settings(path: Path | None) -> Settings:
    """What the file says, overridden by secrets, and these by the environment.

    Without a path the file is config.toml where comentor was started; if that is not there either,
    the rest decides.

    Raises:
        BadSettings: Anything is wrong; every fault is told.
    """
    text = _text(path or USUAL_FILE) if path or USUAL_FILE.exists() else ""
    file = str(path or USUAL_FILE)
    table = _table(file, text)
    folder, secrets, faults = _secrets()
    places = Places(file, lines_of_keys(text), our_variables(), secrets)
    faults += _strangers(table, places)
    known = {key: value for key, value in table.items() if key in Settings.model_fields}
    try:
        settings = Settings(_secrets_dir=folder, **known)
    except ValidationError as error:
        faults += [_fault(details, places) for details in error.errors()]
        raise _bad(faults) from error
    except (SettingsError, OSError, UnicodeDecodeError) as error:
        faults.append(_unreadable(str(folder), f"A secret cannot be read: {error}."))
        raise _bad(faults) from error
    if faults:
        raise _bad(faults)
    return settings


def _bad(faults: list[Fault]) -> BadSettings:
    """The faults in the file's order, those of other places behind them."""
    return BadSettings(tuple(sorted(faults, key=lambda fault: fault.line or sys.maxsize)))


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        fault = Fault(
            str(path), None, None, "", "There is no such file.", "Copy config.example.toml to it."
        )
        raise BadSettings((fault,)) from error
    except OSError as error:
        fault = _unreadable(str(path), f"The file cannot be read: {error.strerror}.")
        raise BadSettings((fault,)) from error
    except UnicodeDecodeError as error:
        before = bytes(error.object[: error.start])
        fault = Fault(
            str(path),
            before.count(b"\n") + 1,
            error.start - before.rfind(b"\n"),
            "",
            f"The byte {error.object[error.start]:02X} is not UTF-8.",
            "Save the file as UTF-8.",
        )
        raise BadSettings((fault,)) from error


def _unreadable(place: str, wrong: str) -> Fault:
    return Fault(place, None, None, "", wrong, "Check what it is and who may read it.")


def _table(file: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        # Python 3.14 has these as attributes; before, only the message tells them.
        found = re.search(r"(.*) \(at line (\d+), column (\d+)\)", str(error))
        what = found[1] if found else str(error).removesuffix(" (at end of document)")
        line = int(found[2]) if found else text.count("\n") + 1
        column = int(found[3]) if found else len(text) - text.rfind("\n")
        remedy = "Compare the line with config.example.toml: text stands in quotation marks."
        fault = Fault(file, line, column, "", f"This is not TOML: {what}.", remedy)
        raise BadSettings((fault,)) from error


def _secrets() -> tuple[Path | None, dict[str, Path], list[Fault]]:
    """The folder that the environment names, with its files; None and none if it names nothing."""
    named = os.environ.get(SECRETS_DIR)
    if not named:
        return None, {}, []
    try:
        return Path(named), secrets_in(Path(named)), []
    except OSError as error:
        place, wrong = f"environment variable {SECRETS_DIR}", f"{named!r}: {error.strerror}."
        return None, {}, [Fault(place, None, None, "", wrong, "Name a folder that can be read.")]


def _strangers(table: Iterable[str], places: Places) -> Iterator[Fault]:
    """What stands outside every section, in the file or in the environment's names."""
    for key in table:
        if key not in Settings.model_fields:
            yield _unknown((key,), places)
    for name in places.variables:
        section, between, key = name.partition(BETWEEN)
        if between and section not in Settings.model_fields:
            yield _unknown((section, key), places)


def _fault(details: ErrorDetails, places: Places) -> Fault:
    way = details["loc"]
    if details["type"] == "extra_forbidden":
        return _unknown(way, places)
    remedy = f"Write {_description(way)}."
    if details["type"] == "missing":
        return places.fault(way, "This key is missing.", remedy)
    value = "The value" if places.is_secret(way) else _shown(details["input"])
    reason = details.get("ctx", {}).get("error")
    return places.fault(way, f"{value} will not do{f': {reason}' if reason else ''}.", remedy)


def _shown(value: object) -> str:
    if not isinstance(value, str | int | float):
        return "The value"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else text[:39] + "\N{HORIZONTAL ELLIPSIS}"


def _unknown(way: Way, places: Places) -> Fault:
    wrong = f"There is no {'key' if len(way) > 1 else 'section'} {way[-1]!r}."
    beside = [known for known in DESCRIPTIONS if known[:-1] == _names(way)[:-1]]
    likely = _likely(str(way[-1]), beside)
    if likely:
        return places.fault(way, wrong, f"Did you mean {_spelt(likely)}?")
    return places.fault(way, wrong, f"Choose among {', '.join(known[-1] for known in beside)}.")


def _likely(key: str, beside: Sequence[Names]) -> Names | None:
    """The same key in another section, else the one most like it, if any is."""
    for ways in ([way for way in DESCRIPTIONS if way[-1] == key], beside, [*DESCRIPTIONS]):
        alike = get_close_matches(key, [way[-1] for way in ways], n=1)
        if alike:
            return next(way for way in ways if way[-1] == alike[0])
    return None


def _spelt(way: Names) -> str:
    return f"{way[-1]} in [{'.'.join(way[:-1])}]" if way[:-1] else f"[{way[-1]}]"


def _description(way: Way) -> str:
    """What to write there, or in the list around it."""
    names = _names(way)
    return next(
        DESCRIPTIONS[names[:depth]]
        for depth in range(len(names), 0, -1)
        if names[:depth] in DESCRIPTIONS
    )


def _names(way: Way) -> Names:
    return tuple(part for part in way if isinstance(part, str))
