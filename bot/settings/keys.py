"""Every key that a programme can set, and what may stand there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    DirectoryPath,
    Field,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    NestedSecretsSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot.settings.section import Day, Section, Whole, Words, listed, lower, nothing
from bot.settings.slack import Slack

PREFIX = "COMENTOR_"
BETWEEN = "__"
"""What stands between section and key in the name of a variable or a secret."""

Names = tuple[str, ...]
"""The names of a section and a key in it, or of a section alone."""


class Database(Section):
    """Where everything is kept."""

    url: str = Field(
        "sqlite:///comentor.sqlite3",
        pattern=r"^(sqlite:///.|postgresql(\+psycopg)?://.)",
        repr=False,  # it may hold a password
        description="sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME",
    )


class Closure(Section):
    """Days on which the whole programme rests, the last included."""

    first: Day = Field(alias="from", description="a date such as 2027-03-29")
    last: Day = Field(alias="to", description="a date such as 2027-04-02")

    @model_validator(mode="after")
    def _in_order(self) -> Closure:
        if self.last < self.first:
            raise ValueError("it ends before it begins")
        return self


class Programme(Section):
    """What the people of a programme read and how much they are asked."""

    name: Words = Field("Thinking together", description="the programme's name")
    why: str = Field("", description="a few words on what the programme is for, or nothing")
    language: str = Field(
        "en", pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$", description="a code such as en or pt-BR"
    )
    languages: Annotated[tuple[Words, ...], BeforeValidator(listed)] = Field(
        (), description='a list of codes such as ["en", "es"], or an empty one for every language'
    )
    weekly_budget: Whole = Field(2, ge=0, le=20, description="a whole number from 0 to 20")
    prompts: Annotated[DirectoryPath | None, BeforeValidator(nothing)] = Field(
        None, description="a folder that is there, or nothing between the quotation marks"
    )
    helplines: Annotated[tuple[Words, ...], BeforeValidator(listed)] = Field(
        (), description='a list of lines such as ["Samaritans: 116 123"]'
    )
    closures: Annotated[tuple[Closure, ...], BeforeValidator(listed)] = Field(
        (), description="a list such as [{ from = 2027-03-29, to = 2027-04-02 }], in order"
    )


class Playground(Section):
    """Where `make play` shows itself, and keeps what happened."""

    host: Words = Field("127.0.0.1", description="an address of this machine")
    port: Whole = Field(8321, ge=1, le=65535, description="a whole number from 1 to 65535")
    folder: Path = Field(Path("playground"), description="a folder, which is made if need be")


class Telegram(Section):
    """The bot's account on Telegram."""

    token: str = Field(
        "",
        pattern=r"^(|\d{3,}:[A-Za-z0-9_-]{20,})$",
        repr=False,
        description="the token that @BotFather gave, such as 123456789:AA…, or nothing",
    )
    base_url: str = Field(
        "https://api.telegram.org",
        pattern=r"^https?://[^\s/]+(/[^\s]*)?$",
        description="the address of a Bot API server, such as https://api.telegram.org",
    )
    webhook_url: str = Field(
        "",
        pattern=r"^(|https?://[^\s]+)$",
        description="a public address such as https://mentoring.example.org, or nothing",
    )
    a_second: Whole = Field(
        30, ge=1, le=1000, description="a whole number of messages a second from 1 to 1000"
    )


class Server(Section):
    """Where comentor listens, if anything is to call it."""

    host: Words = Field("127.0.0.1", description="an address of this machine")
    port: Whole = Field(8322, ge=1, le=65535, description="a whole number from 1 to 65535")


class Log(Section):
    """What is written for whoever runs comentor."""

    level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(lower)] = Field(
        "info", description="debug, info, warning or error"
    )
    format: Annotated[Literal["text", "json"], BeforeValidator(lower)] = Field(
        "text", description="text or json"
    )


class Settings(BaseSettings):
    """All that can be set."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        env_prefix=PREFIX,
        env_nested_delimiter=BETWEEN,
        enable_decoding=False,  # else a list that is no JSON would hide every other fault
    )

    database: Database = Field(Database(), description="a table, [database]")
    programme: Programme = Field(Programme(), description="a table, [programme]")
    playground: Playground = Field(Playground(), description="a table, [playground]")
    telegram: Telegram = Field(Telegram(), description="a table, [telegram]")
    slack: Slack = Field(Slack(), description="a table, [slack]")
    server: Server = Field(Server(), description="a table, [server]")
    log: Log = Field(Log(), description="a table, [log]")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - pydantic's own signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - likewise
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment, then secrets, then the file, which arrives as arguments."""
        secrets = NestedSecretsSettingsSource(
            file_secret_settings, secrets_prefix="", secrets_dir_missing="error"
        )
        return env_settings, secrets, init_settings


def fields_of(model: type[BaseModel], before: Names = ()) -> Iterator[tuple[Names, FieldInfo]]:
    """Each section and key of the model, those in lists too."""
    for name, field in model.model_fields.items():
        names = (*before, field.alias or name)
        yield names, field
        for inner in (field.annotation, *get_args(field.annotation)):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                yield from fields_of(inner, names)


DESCRIPTIONS = {names: field.description or "" for names, field in fields_of(Settings)}
"""What to write for each section and key."""
SECRETS = frozenset(names for names, field in fields_of(Settings) if not field.repr)
"""Those whose value must not be shown."""
