"""What can be set of Slack: workspaces with an app of their own, and one app that many install."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator

from bot.settings.section import Section, Whole, Words, listed

TOKEN_PATTERNS = {"bot": r"^(|xoxb-[A-Za-z0-9-]+)$", "app": r"^(|xapp-[A-Za-z0-9-]+)$"}
SECRET_PATTERN = r"^(|[A-Za-z0-9_-]{16,})$"  # noqa: S105 - what one looks like
KEY_BYTES = 32


def _key(value: str) -> str:
    """One that Fernet takes: 32 bytes in URL-safe base64 (cryptography.io, Fernet)."""
    try:
        is_one = len(urlsafe_b64decode(value)) == KEY_BYTES
    except ValueError:
        is_one = False
    if not is_one:
        raise ValueError("it is no key")
    return value


class Workspace(Section):
    """One Slack workspace, with the app that was made there from our manifest."""

    name: Words = Field(description="what you call it, in a word or two")
    bot_token: str = Field(
        "",
        pattern=TOKEN_PATTERNS["bot"],
        repr=False,
        description="the Bot User OAuth Token, which begins with xoxb-, or nothing",
    )
    app_token: str = Field(
        "",
        pattern=TOKEN_PATTERNS["app"],
        repr=False,
        description="the App-Level Token, which begins with xapp-, or nothing",
    )
    signing_secret: str = Field(
        "",
        pattern=SECRET_PATTERN,
        validate_default=True,
        repr=False,
        description="the Signing Secret of the app's Basic Information, or app_token instead",
    )

    @field_validator("signing_secret")
    @classmethod
    def _one_way_in(cls, value: str, about: ValidationInfo) -> str:
        """Nothing would tell us what people say; and with no secret, anybody could say it."""
        if about.data.get("bot_token") and not (value or about.data.get("app_token")):
            raise ValueError("it is empty, and so is app_token")
        return value


class Slack(Section):
    """The workspaces in which people are met, and the app that others may install."""

    api_url: str = Field(
        "https://slack.com/api/",
        pattern=r"^https?://[^\s/]+(/[^\s]*)?$",
        description="the address of Slack's Web API, such as https://slack.com/api/",
    )
    a_minute: Whole = Field(
        300, ge=1, le=6000, description="a whole number of messages a minute from 1 to 6000"
    )
    client_id: str = Field(
        "",
        pattern=r"^(|[A-Za-z0-9.]+)$",
        description="the Client ID of the one app that many workspaces install, or nothing",
    )
    client_secret: str = Field(
        "",
        validate_default=True,
        repr=False,
        description="the Client Secret of the app's Basic Information",
    )
    app_token: str = Field(
        "",
        pattern=TOKEN_PATTERNS["app"],
        repr=False,
        description="the App-Level Token, which begins with xapp-, or nothing",
    )
    signing_secret: str = Field(
        "",
        pattern=SECRET_PATTERN,
        validate_default=True,
        repr=False,
        description="the Signing Secret of the app's Basic Information, or app_token instead",
    )
    public_url: str = Field(
        "",
        pattern=r"^(|https?://[^\s/]+(/[^\s]*)?)$",
        validate_default=True,
        description="this server's public address, such as https://mentoring.example.org",
    )
    keys: Annotated[tuple[Annotated[str, AfterValidator(_key)], ...], BeforeValidator(listed)] = (
        Field(
            (),
            validate_default=True,
            repr=False,
            description="a list of what `comentor slack key` prints, the newest first",
        )
    )
    workspaces: Annotated[tuple[Workspace, ...], BeforeValidator(listed)] = Field(
        (), description='a list such as [{ name = "Riverside", bot_token = "xoxb-…" }]'
    )

    @field_validator("client_secret", "signing_secret", "public_url", "keys")
    @classmethod
    def _goes_with_the_app(cls, value: object, about: ValidationInfo) -> object:
        """Nothing is missing that the one app needs; each that is has a fault of its own."""
        instead = about.field_name == "signing_secret" and about.data.get("app_token")
        if about.data.get("client_id") and not value and not instead:
            raise ValueError("it is empty, and client_id is set")
        return value
