"""Reading the words of every language: from `prompts/`, and a programme's own folder over it.

How their files are written is said in `lines`, how they are held against ours in `own_words`. A
language is whole, or nothing begins: nobody is to read half of a talk in another.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import fields, replace
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, cast

from babel import Locale, UnknownLocaleError

from bot.languages import Languages, meant
from bot.lines import Folder, Line, environment, read_lines, read_text
from bot.own_words import Standard, faults_in, missing_from
from bot.usage import own_name, read_usage
from bot.words import Words
from conversations.bank import BadBank, Bank, read_bank
from conversations.replies import PassWords, fold

OURS: Traversable = files("prompts")
STANDARD = "en"
"""The language that every other is held against."""
PASSING = tuple(each.name for each in fields(PassWords) if each.name != "joins")
"""The tables of commands.toml that answer an open question and ask for nothing."""
ABOUT_LABELS = ("yes_buttons", "no_buttons", "turning")
"""Those of them that are about labels, which stand as they were shown, in whatever language."""
_COMMAND = re.compile(r"^[a-z0-9_]{1,32}$")
SHOWN = 5
"""Questions that are named where two banks differ: who brings a bank of their own has many."""
LONGEST_PURPOSE = 256
"""Characters beside a command (Bot API, BotCommand)."""


class BadWords(Exception):
    """A file of words cannot be used.

    Each fault is named with its file, its line and its remedy.
    """

    def __init__(self, faults: Sequence[str]) -> None:
        """Keep all faults; the message lists them."""
        self.faults = tuple(faults)
        super().__init__("\n".join(faults))


def languages_in(
    own: Path | None = None, only: Collection[str] = (), ours: Traversable = OURS
) -> tuple[str, ...]:
    """Give the codes of the languages that comentor speaks: each has a folder, of ours or there.

    Of these no others than `only`, if any are named.
    """
    found = {each.name for place in (ours, own) if place is not None for each in _folders_in(place)}
    return tuple(sorted(found.intersection(only) if only else found))


def _folders_in(place: Traversable) -> Iterator[Traversable]:
    if place.is_dir():
        yield from (each for each in place.iterdir() if each.is_dir() and each.name[0] not in "._")


def load_languages(
    language: str = STANDARD,
    own: Path | None = None,
    only: Collection[str] = (),
    ours: Traversable = OURS,
) -> Languages:
    """Load the words of every language, or `only` of those named, with a programme's own over ours.

    What stands at the top of that folder is in the programme's `language`; what is in any other
    stands in a folder of that name inside. Raises BadWords with all faults.
    """
    if own is not None and not own.is_dir():
        raise BadWords(
            [f"{own}: there is no such folder; mend programme.prompts in the configuration"]
        )
    codes, there = languages_in(own, only, ours), languages_in(own, (), ours)
    usual, faults = meant(language, codes), [*_no_languages(codes), *_not_there(only, there)]
    if not usual or faults:
        mend = "mend programme.language or programme.languages, or add a folder of that name"
        unknown = f"{language}: comentor speaks {', '.join(codes)} and not this; {mend}"
        raise BadWords([*faults, *(() if usual else (unknown,))])
    standard = _standard(ours, faults)
    read = [_words(each, [*_layers(each, usual, own, ours)], standard, faults) for each in codes]
    whole = {words.language: words for words in read if words is not None}
    if usual in whole:
        faults += _other_questions(whole[usual], whole.values())
    if faults:
        raise BadWords(faults)
    spoken = dict(_knowing_all_labels(whole))
    return Languages(spoken[usual], spoken)


def _no_languages(codes: Sequence[str]) -> Iterator[str]:
    """Else a slip in a folder's name would leave a language out, and nobody would say so."""
    for code in codes:
        try:
            Locale.parse(code, sep="-")
        except (ValueError, UnknownLocaleError):
            yield f"{code}/: this is no language's code; name a folder as en, es or pt-BR"


def _not_there(only: Iterable[str], there: Container[str]) -> Iterator[str]:
    for code in only:
        if code not in there:
            yield f"{code}: there are no words in it; mend programme.languages, or add a folder"


def _layers(code: str, usual: str, own: Path | None, ours: Traversable) -> Iterator[Folder]:
    """Give the folders of a language's words, each laid over those before it."""
    if (ours / code).is_dir():
        yield Folder(ours / code, f"{code}/")
    if own is not None and code == usual:
        yield Folder(own)
    if own is not None and (own / code).is_dir():
        yield Folder(own / code, f"{code}/")


def _standard(ours: Traversable, faults: list[str]) -> Standard:
    folder, reading = Folder(ours / STANDARD, f"{STANDARD}/"), environment()
    lines = read_lines(folder, reading, faults)
    return Standard(folder, lines, tuple(_commands([folder], faults)), reading)


def _words(
    code: str, layers: Sequence[Folder], standard: Standard, faults: list[str]
) -> Words | None:
    """Give the words of one language; None, with faults, where they are not whole."""
    so_far = len(faults)
    lines = _lines(layers, standard, faults)
    faults.extend(missing_from(lines, standard, code))
    commands, menu = _commands(layers, faults), _menu(layers, faults)
    faults += [
        f"{code}/commands.toml: there is no {name}; add the ways to say it"
        for name in standard.commands
        if name not in commands
    ]
    if not menu:
        faults.append(f"{code}/menu.toml: there is no menu; add what stands beside each command")
    usage = read_usage(_laid_over(layers, "language.toml", faults), code, faults)
    bank = _bank(code, layers, faults)
    if len(faults) > so_far or usage is None or bank is None:
        return None
    forms = {name: tuple(ways) for name, ways in commands.items() if name not in PASSING}
    typed = {name: frozenset(map(fold, commands[name])) for name in PASSING}
    passing = PassWords(**typed, joins=usage.words_that_join)
    return Words(code, own_name(code), lines, forms, passing, menu, usage, bank)


def _lines(layers: Sequence[Folder], standard: Standard, faults: list[str]) -> dict[str, Line]:
    """Give a language's lines: those of each folder over those before, held against ours."""
    lines: dict[str, Line] = {}
    for layer in layers:
        if layer == standard.folder:
            lines |= standard.lines
            continue
        over = read_lines(layer, standard.reading, faults)
        faults.extend(faults_in(over, standard))
        lines |= over
    return lines


def _knowing_all_labels(whole: Mapping[str, Words]) -> Iterator[tuple[str, Words]]:
    """Let each language know what the others know about labels.

    A label stays as it was shown when its reader's language changes, and `yes` is to be enough for
    a Spanish one too.
    """
    known = {
        name: frozenset[str]().union(*(getattr(each.passing, name) for each in whole.values()))
        for name in ABOUT_LABELS
    }
    for code, words in whole.items():
        yield code, replace(words, passing=replace(words.passing, **known))


def _commands(layers: Sequence[Folder], faults: list[str]) -> dict[str, list[str]]:
    return cast(dict[str, list[str]], _laid_over(layers, "commands.toml", faults))


def _menu(layers: Sequence[Folder], faults: list[str]) -> dict[str, str]:
    """The last folder's menu as a whole, since its order is what people see.

    Held against the ways to ask that stood when it was written: who changes those alone loses an
    entry of ours and makes no mistake.
    """
    menu: dict[str, str] = {}
    for number, layer in enumerate(layers, 1):
        for named, table in _tables([layer], "menu.toml", faults):
            ways = {way for each in _commands(layers[:number], []).values() for way in each}
            menu = {name: str(said) for name, said in table.items()}
            faults += [f"{named}: {fault}" for fault in _menu_faults(menu, set(map(fold, ways)))]
    return menu


def _menu_faults(menu: Mapping[str, str], ways: Container[str]) -> Iterator[str]:
    for name, said in menu.items():
        if not _COMMAND.match(name) or fold(name.replace("_", " ")) not in ways:
            yield f"{name} is none of the ways to ask in commands.toml, with _ for a space"
        if not 1 <= len(said) <= LONGEST_PURPOSE:
            yield f"{name} is to be explained in 1 to {LONGEST_PURPOSE} characters"


def _bank(code: str, layers: Sequence[Folder], faults: list[str]) -> Bank | None:
    """Give the last folder's bank as a whole: what was asked is known by its id."""
    tables = list(_tables(layers, "questions.toml", faults))
    if not tables:
        why = "there is no bank of questions; add one with the ids of the others"
        faults.append(f"{code}/questions.toml: {why}")
        return None
    named, table = tables[-1]
    if (said := table.setdefault("language", code)) != code:
        faults.append(f"{named}: it says that its language is {said}; write language = {code!r}")
        return None
    try:
        return read_bank(table)
    except BadBank as error:
        faults.extend(f"{named}: {fault}" for fault in error.faults)
    return None


def _other_questions(usual: Words, spoken: Iterable[Words]) -> Iterator[str]:
    """Whoever changes their language is not to be asked again what they were asked before."""
    asked = _named(usual.bank)
    for words in spoken:
        mine = _named(words.bank)
        place, other = f"{words.language}/questions.toml", usual.language
        mend = f"mend it, or leave {words.language} out of programme.languages"
        if lacking := asked - mine:
            yield f"{place}: it lacks {_some(lacking)}, which {other} has; {mend}"
        if beyond := mine - asked:
            yield f"{place}: it has {_some(beyond)}, which {other} lacks; {mend}"


def _some(names: Set[str]) -> str:
    first, left = sorted(names)[:SHOWN], len(names) - SHOWN
    return "; ".join(first) + (f" and {left} more" if left > 0 else "")


def _named(bank: Bank) -> Set[str]:
    return {f"{each.id}, version {each.version}" for each in bank.questions}


def _laid_over(layers: Sequence[Folder], name: str, faults: list[str]) -> dict[str, Any]:
    """Give a file's table, each key as the last folder has it that has it at all."""
    found: dict[str, Any] = {}
    for _, table in _tables(layers, name, faults):
        found |= table
    return found


def _tables(
    layers: Sequence[Folder], name: str, faults: list[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give each folder's table, with how its file is named."""
    for layer in layers:
        file, named = layer.at / name, f"{layer.named}{name}"
        if not file.is_file():
            continue
        try:
            yield named, tomllib.loads(read_text(file, named, faults))
        except tomllib.TOMLDecodeError as error:
            faults.append(f"{named}: {error}")
