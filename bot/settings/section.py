"""What the sections of the settings are made of."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _whole(value: object) -> object:
    if isinstance(value, bool):
        # pydantic gathers no other error among the faults
        raise ValueError("true and false are no numbers")  # noqa: TRY004
    return value


YEARS = range(2000, 2100)
"""As in a cohort's file; far beyond them no day can be added to a date."""


def _day(value: object) -> object:
    """A date as TOML or a string has it: pydantic would take 20270329 for seconds since 1970."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        value = date.fromisoformat(value)
    if not isinstance(value, date):
        raise ValueError("it is no date")  # noqa: TRY004 - as above
    if value.year not in YEARS:
        raise ValueError("its year is none from 2000 to 2099")
    return value


def listed(value: object) -> object:
    """A list, which the environment can only give as JSON."""
    if not isinstance(value, str):
        return value
    if not re.fullmatch(r"\s*\[.*\]\s*", value, re.DOTALL):
        raise ValueError("it is no list")
    try:
        return json.loads(value)
    except json.JSONDecodeError as error:
        raise ValueError("as JSON it is broken") from error


def nothing(value: object) -> object:
    """None, where nothing stands between the quotation marks."""
    return None if value == "" else value


def lower(value: object) -> object:
    """Text in small letters."""
    return value.lower() if isinstance(value, str) else value


Whole = Annotated[int, BeforeValidator(_whole)]
Day = Annotated[date, BeforeValidator(_day)]
Words = Annotated[str, Field(min_length=1)]


class Section(BaseModel):
    """A table of the file. A key's description completes the sentence `Write …`."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
