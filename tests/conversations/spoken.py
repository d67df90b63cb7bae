"""What conversations can say, read off their source: each line, and the labels that it needs."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from types import ModuleType
from typing import get_args

import conversations
from conversations.agree import LINES
from conversations.typed_dates import NotADate

LOOKED_UP = "*"
"""Stands for options that are found out while talking: times, people, goals."""

TO_A_SUPERVISOR = ("never_met", "not_held")
"""The rules of which a supervisor is sent word; of the others their list tells."""
TO_THE_PAIR = (
    *TO_A_SUPERVISOR,
    "nothing_ahead",
    "called_off_in_a_row",
    "proposals_unanswered",
)
"""The rules of which the pair hears from the bot."""
PUT_TOGETHER: Mapping[str, tuple[str, ...]] = {
    "f'{reason.rule}_pair'": tuple(f"{rule}_pair" for rule in TO_THE_PAIR),
    "f'{reason.rule}_supervisor'": tuple(f"{rule}_supervisor" for rule in TO_A_SUPERVISOR),
    "f'ping_{answer}'": ("ping_will", "ping_have", "ping_not_a_problem", "ping_resolved"),
    "f'goal_{outcome}'": ("goal_done", "goal_let_go"),
    "f'time_{read.reason}'": tuple(f"time_{reason}" for reason in get_args(NotADate)),
    "f'day_{read.reason}'": tuple(f"day_{reason}" for reason in get_args(NotADate)),
    "reason.tried": ("tried_nothing", "tried_a_word", "tried_times", "tried_both"),
}
"""Lines whose names are put together while talking, by the source that does so."""

SAYING = {
    "say": 1,
    "ask": 1,
    "ask_or_choose": 1,
    "choose": 1,
    "choose_some": 1,
    "scale": 1,
    "Words": 0,
}
"""The words that name a line, and at which place."""
OFFERING = ("ask_or_choose", "choose", "choose_some")


_LISTED = {
    "your_meetings": (LOOKED_UP, "book", "nothing"),
    "no_meetings_ahead": ("book", "nothing"),
}
TOGETHER: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "propose_terms": LINES,
    "propose_all_terms": LINES,
    "choose_meeting": {
        "your_meetings": (LOOKED_UP, "book", "nothing"),
        "no_meetings_ahead": ("book", "nothing"),
    },
}
"""Functions in which a line that has no fixed name brings its own options with it."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line, the keys of the options that may stand under it, and where that is said."""

    line: str
    options: frozenset[str]
    place: str


Function = ast.AsyncFunctionDef | ast.FunctionDef


@dataclass(frozen=True)
class Source:
    """One module of conversations, as code and as loaded."""

    tree: ast.Module
    module: ModuleType

    @cached_property
    def functions(self) -> Mapping[str, Function]:
        return {node.name: node for node in self.tree.body if isinstance(node, Function)}

    def spoken(self) -> Iterator[Spoken]:
        """Give everything that the functions of this module say."""
        for function in self.functions.values():
            for call in _calls(function, SAYING):
                place = f"{self.module.__name__}.{function.name}:{call.lineno}"
                for line, options in self._said(call, function).items():
                    yield Spoken(line, frozenset(options), place)

    def _said(self, call: ast.Call, function: Function) -> Mapping[str, Collection[str]]:
        name = _name(call.func)
        named = call.args[SAYING[name]]
        if function.name in TOGETHER and ast.unparse(named) == "line":
            return TOGETHER[function.name]
        options = self.options(call.args[2], function) if name in OFFERING else set()
        return dict.fromkeys(self.texts(named, function), options)

    def texts(self, node: ast.expr, function: Function) -> set[str]:
        """Give every text that an expression may be. Raises KeyError if not in PUT_TOGETHER."""
        match node:
            case ast.Constant(value=str(text)):
                return {text}
            case ast.IfExp(body=body, orelse=orelse):
                return self.texts(body, function) | self.texts(orelse, function)
            case ast.Subscript(value=ast.Tuple(elts=elements)):
                return set().union(*(self.texts(each, function) for each in elements))
            case ast.Name(id=name):
                meant = [self.texts(each, function) for each in self._meanings(name, function)]
                if meant:
                    return set().union(*meant)
        return set(PUT_TOGETHER[ast.unparse(node)])

    def options(self, node: ast.expr, function: Function) -> set[str]:
        """Give the keys of what may be offered, LOOKED_UP for what is not a text of ours."""
        match node:
            case ast.Constant(value=str(text)):
                return {text}
            case ast.Tuple(elts=elements):
                return set().union(*(self.options(each, function) for each in elements))
            case ast.Starred(value=value):
                return self.options(value, function)
            case ast.IfExp(body=body, orelse=orelse):
                return self.options(body, function) | self.options(orelse, function)
            case ast.Call(func=ast.Name(id=name)) if name in self.functions:
                returned = [n for n in ast.walk(self.functions[name]) if isinstance(n, ast.Return)]
                return set().union(*(self.options(r.value, function) for r in returned if r.value))
            case ast.Name(id=name):
                return self._named_options(name, function)
        return {LOOKED_UP}

    def _named_options(self, name: str, function: Function) -> set[str]:
        constant = getattr(self.module, name, None)
        if isinstance(constant, tuple):
            return set(constant)
        meanings = self._assigned(name, function)
        if not meanings:
            return {LOOKED_UP}
        return set().union(*(self.options(each, function) for each in meanings))

    def _meanings(self, name: str, function: Function) -> list[ast.expr]:
        """Give the expressions that a name may stand for: assigned here, or handed in."""
        names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
        handed = []
        if name in names:
            for source in SOURCES.values():
                calls = chain(*(_calls(f, {function.name}) for f in source.functions.values()))
                handed += [call.args[names.index(name)] for call in calls]
        return [*handed, *self._assigned(name, function)]

    def _assigned(self, name: str, function: Function) -> list[ast.expr]:
        found: list[ast.expr] = []
        for node in ast.walk(function):
            match node:
                case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                    found.append(value)
        return found


def _calls(function: Function, names: Mapping[str, int] | set[str]) -> list[ast.Call]:
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    return [call for call in calls if _name(call.func) in names]


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _sources() -> dict[str, Source]:
    found = {}
    for path in sorted(Path(next(iter(conversations.__path__))).glob("*.py")):
        module = importlib.import_module(f"conversations.{path.stem}")
        found[path.stem] = Source(ast.parse(path.read_text("utf-8")), module)
    return found


SOURCES = {name: each for name, each in _sources().items() if name not in ("talk", "__init__")}


def all_spoken() -> list[Spoken]:
    """Give everything that any conversation can say."""
    return [spoken for source in SOURCES.values() for spoken in source.spoken()]
