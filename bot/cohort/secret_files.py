"""Files that hold secrets: readable by their owner alone, whole or not there, all or none."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

Write = Callable[[Mapping[Path, bytes]], None]


class NotWritten(Exception):
    """A file could not be written; the message says why and what to do."""


@contextmanager
def secret_files(paths: Sequence[Path], *, force: bool) -> Iterator[Write]:
    """Give what writes these files in one go, with mode 0600.

    They are claimed at once, so that what stands there is found before anything else is done. If
    the caller's block fails, even after writing, none of them stays; nor if it writes nothing.
    Raises NotWritten where one is there already and `force` is not given, or cannot be written.
    """
    ours: list[Path] = []
    written = kept = False

    def write(contents: Mapping[Path, bytes]) -> None:
        nonlocal written
        drafts = {path: _draft(path, content, ours) for path, content in contents.items()}
        for path, draft in drafts.items():
            _put_in_place(draft, path)
            ours.append(path)
        written = True

    try:
        _claim(paths, ours, force=force)
        yield write
        kept = written
    finally:
        if not kept:
            for path in ours:
                path.unlink(missing_ok=True)


def _claim(paths: Sequence[Path], ours: list[Path], *, force: bool) -> None:
    if len({path.resolve() for path in paths}) < len(paths):
        raise NotWritten(f"{paths[0]} is named twice. Give each its own file.")
    for path in paths if not force else ():
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            raise NotWritten(
                f"{path} is there already. Name another file, or add --force to replace it."
            ) from None
        except OSError as error:
            raise _not_written(path, error) from error
        ours.append(path)


def _draft(path: Path, content: bytes, ours: list[Path]) -> Path:
    """Write beside where it will be, on the same disk; its mode is 0600 from the start."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        ours.append(Path(name))
        with os.fdopen(handle, "wb") as draft:
            draft.write(content)
            draft.flush()
            os.fsync(draft.fileno())
    except OSError as error:
        raise _not_written(path, error) from error
    return Path(name)


def _put_in_place(draft: Path, path: Path) -> None:
    try:
        draft.replace(path)
    except OSError as error:
        raise _not_written(path, error) from error


def _not_written(path: Path, error: OSError) -> NotWritten:
    return NotWritten(f"{path} cannot be written: {error.strerror}.")
