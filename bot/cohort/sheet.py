"""From bytes to cells: what a spreadsheet saved as CSV, read within stated limits.

A cell never spans lines, since no column takes a line break: so a quotation mark left open spoils
its own line only, and line numbers are the file's.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from typing import BinaryIO

from bot.cohort.fault import Faults

MOST_BYTES = 10 * 2**20
MOST_LINES = 20_000
"""Beside the header."""

SAVE_AS = "In the spreadsheet, choose 'Save as' and 'CSV UTF-8'."
NOT_TEXT: Sequence[tuple[bytes, str]] = (
    (b"PK\x03\x04", "a workbook (xlsx, ods) or another zip file"),
    (b"PK\x05\x06", "an empty zip file"),
    (b"\xd0\xcf\x11\xe0", "an old workbook (xls)"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a gzip file"),
    (b"\xff\xfe\x00\x00", "UTF-32 text"),
    (b"\x00\x00\xfe\xff", "UTF-32 text"),
)
"""First bytes, from: APPNOTE.TXT 4.3 (zip); MS-CFB 2.2; ISO 32000; RFC 1952; Unicode 23.8."""


def read_lines(source: BinaryIO | bytes, faults: Faults) -> list[str]:
    """The lines of the file, without their ends; a byte not UTF-8 stays as a lone surrogate.

    Raises:
        BadCohortFile: It is not text, or beyond the limits; no more was read than tells so.
    """
    data = _bounded(source)
    if len(data) > MOST_BYTES:
        faults.stop(
            1, "The file is larger than 10 MiB.", f"Import at most {MOST_LINES} people at a time."
        )
    text = _decoded(data, faults)
    if not text.strip():
        faults.stop(1, "The file is empty.", "Begin with a line of column names.")
    ends = text.count("\n") + text.count("\r") - text.count("\r\n")
    if ends > MOST_LINES + 1:
        faults.stop(
            MOST_LINES + 2,
            f"The file has more than {MOST_LINES} lines.",
            "Import it in several parts, each with whole pairs.",
        )
    return re.split("\r\n|\r|\n", text)


def _bounded(source: BinaryIO | bytes) -> bytes:
    """All of the source, or just enough to know that it is too large."""
    if isinstance(source, bytes):
        return source
    data = bytearray()
    while len(data) <= MOST_BYTES and (chunk := source.read(MOST_BYTES + 1 - len(data))):
        data += chunk
    return bytes(data)


def _decoded(data: bytes, faults: Faults) -> str:
    for first, kind in NOT_TEXT:
        if data.startswith(first):
            faults.stop(1, f"This is {kind}, not CSV.", SAVE_AS)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _utf16(data, faults)
    if data[:4096].count(0) * 4 > len(data[:4096]):
        faults.stop(
            1, "Every other byte or so is NUL: UTF-16 without its mark, or not text.", SAVE_AS
        )
    return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")


def _utf16(data: bytes, faults: Faults) -> str:
    try:
        return data.decode("utf-16")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-16", "ignore")
        faults.stop(
            before.count("\n") + 1,
            f"The byte {error.start + 1} of the file begins no character of UTF-16.",
            SAVE_AS,
        )


def split_cells(line: str, separator: str) -> tuple[list[str], bool]:
    """The cells of a line, and whether its last one was opened by a quotation mark never closed."""
    if len(line) >= csv.field_size_limit():
        # Some cell in it is far too long; where exactly matters less than saying so.
        return line.split(separator), False
    ended = line + "\n"
    cells = next(csv.reader([ended], delimiter=separator, skipinitialspace=True), [])
    is_open = bool(cells) and cells[-1].endswith("\n")
    return cells, is_open
