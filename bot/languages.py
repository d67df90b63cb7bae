"""The words in every language that comentor speaks, and which of them a person's tag means."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.saying import Reader
from bot.words import Rendered, Words


@dataclass(frozen=True, slots=True)
class Languages:
    """The words in each language."""

    usual: Words
    """The programme's own language: that of whoever has named none that is spoken."""
    spoken: Mapping[str, Words]
    """By the language's code, the usual one too."""

    def of(self, tag: str) -> Words:
        """Give the words in the language that a tag means; in the usual where it is not spoken."""
        return self.spoken.get(tag) or self.spoken.get(meant(tag, self.spoken), self.usual)

    def heard_from(self, tag: str) -> Sequence[Words]:
        """Give the words by which to understand somebody: their own language first, then others."""
        own = self.of(tag)
        return (own, *(each for each in self.spoken.values() if each is not own))

    def render(
        self,
        name: str,
        values: Mapping[str, object],
        reader: Reader,
        options: Sequence[object] = (),
    ) -> Rendered:
        """Give a line as `reader` reads it, in their language, with a label for each option.

        Raises NoSuchLine, or Jinja's own errors.
        """
        return self.of(reader.language).render(name, values, reader, options)


def meant(tag: str, codes: Collection[str]) -> str:
    """Give the one of these languages that a tag means, such as `es` for `es-MX`; empty for none.

    Tags are those of BCP 47, in whatever letters: what apps say of people's own settings.
    """
    known = {code.casefold(): code for code in codes}
    wanted = tag.casefold().replace("_", "-")
    language = wanted.partition("-")[0]
    kin = [code for code in known if code.partition("-")[0] == language]
    return known.get(wanted) or known.get(language) or (known[kin[0]] if kin else "")
