"""A cohort's file is read whole, or every fault of it is told with its place and its remedy."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from io import BytesIO, RawIOBase
from pathlib import Path
from typing import BinaryIO, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cohort import BadCohortFile, CohortFile, CohortRow, Fault, PairRow, read_cohort
from bot.cohort.columns import COLUMNS, NEEDED
from bot.cohort.columns import __doc__ as described
from bot.cohort.fault import MOST_FAULTS
from bot.cohort.sheet import MOST_BYTES, MOST_LINES

EXAMPLE = Path(__file__).parent.parent / "examples" / "cohort.csv"

HEAD = "key,name,role,pair,zone"
ANA = "ana,Ana Ruiz,mentee,p1,Europe/Madrid"
BEN = "ben,Ben Walsh,mentor,p1,Europe/Dublin"
CLEO = "cleo,Cleo Martin,supervisor,,Europe/London"


def sheet(*lines: str) -> bytes:
    """A file of these lines as a spreadsheet on Windows writes them."""
    return "".join(f"{line}\r\n" for line in lines).encode()


SPOKEN = ("en", "es", "pt-BR")


def wide(head: str, ana: str, ben: str = "", cleo: str = "") -> bytes:
    """A file of three people with one column more."""
    return sheet(f"{HEAD},{head}", f"{ANA},{ana}", f"{BEN},{ben}", f"{CLEO},{cleo}")


def read(content: bytes) -> CohortFile:
    """What the content says."""
    return read_cohort(content, name="cohort.csv", spoken=SPOKEN)


def faults_in(content: bytes | BinaryIO) -> tuple[Fault, ...]:
    """Everything wrong with the content, which nobody can read."""
    with pytest.raises(BadCohortFile) as caught:
        read_cohort(content, name="cohort.csv", spoken=SPOKEN)
    return caught.value.faults


def only_fault(content: bytes) -> Fault:
    """The one thing wrong with the content."""
    (fault,) = faults_in(content)
    return fault


# What is sound


def test_the_example_is_a_whole_cohort() -> None:
    """It is what the playground and README begin with."""
    with EXAMPLE.open("rb") as source:
        cohort = read_cohort(source, name=EXAMPLE.name, spoken=SPOKEN)
    assert cohort.cohort == CohortRow("Thinking together 2027", date(2027, 1, 11), date(2027, 7, 9))
    assert Counter(pair.kind for pair in cohort.pairs) == {"mentoring": 17, "co-mentoring": 2}
    assert Counter(person.role for person in cohort.people) == {
        "mentee": 17,
        "mentor": 17,
        "co-mentor": 4,
        "supervisor": 2,
        "manager": 1,
    }
    assert len({person.zone for person in cohort.people}) >= 8
    assert cohort.pairs[0] == PairRow("p01", "mentoring", "ana.ruiz", "ben.walsh", "cleo.martin")
    ana, ben = cohort.people[:2]
    assert (ana.name, ana.platform, ana.zone, ana.country) == (
        "Ana Ruiz",
        "telegram",
        "Europe/Madrid",
        "ES",
    )
    assert (ben.name, ben.platform, ben.zone, ben.country) == (
        "Ben Walsh",
        "slack",
        "Europe/Dublin",
        "IE",
    )


def test_every_column_is_described_for_readme() -> None:
    """The table in the module is what README copies."""
    rows = [line for line in (described or "").splitlines() if line.startswith("| `")]
    assert tuple(row.split("`")[1] for row in rows) == COLUMNS
    assert tuple(row.split("`")[1] for row in rows if "| always |" in row) == tuple(
        column for column in NEEDED if column != "pair"
    )


@pytest.mark.parametrize(("cell", "tag"), [("es", "es"), ("es_MX", "es-MX"), ("PT-pt", "pt-PT")])
def test_a_language_of_a_region_is_one_that_is_spoken(cell: str, tag: str) -> None:
    """It is kept as it was named: the region's own may be spoken one day."""
    assert read(sheet(f"{HEAD},language", f"{CLEO},{cell}")).people[0].language == tag


def test_what_a_file_leaves_out_is_filled_in() -> None:
    """Five columns are enough."""
    cohort = read(sheet(HEAD, ANA, BEN, CLEO))
    ana, ben, cleo = cohort.people
    assert (ana.first_name, ana.platform, ana.language) == ("Ana", "telegram", "")
    assert (ana.email, ana.country) == (None, None)
    assert (ben.platform, cleo.platform) == ("slack", "slack")
    assert (ana.line, ben.line, cleo.line) == (2, 3, 4)
    assert cohort.cohort == CohortRow("The cohort", None, None)
    assert cohort.pairs == (PairRow("p1", "mentoring", "ana", "ben", None),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_what_spreadsheets_write_is_read(encoding: str, separator: str, end: str) -> None:
    """No manager is asked what a separator is."""
    lines = (HEAD, ANA.replace("Ana", "Aña"), BEN)
    text = end.join(line.replace(",", separator) for line in lines)
    assert read(text.encode(encoding)).people[0].name == "Aña Ruiz"


def test_titles_and_choices_may_be_written_freely() -> None:
    """Capitals, spaces, other names; blank lines and empty columns on the right do no harm."""
    cohort = read(
        sheet(
            "Staff Number;Full name;First-Name;ROLE;Pair ID;Time zone;Platform;Country;Language;",
            "A1;Nguyễn Thị Lan;Lan;Co Mentor;P1;europe/berlin;Slack;es-md;pt_br;",
            ";;;;;;;;;;;;",
            "",
            'B2;"Walsh; Ben";-;comentor;p1;America/New York;;;;',
        )
    )
    lan, ben = cohort.people
    assert (lan.key, lan.first_name, lan.role, lan.zone) == (
        "a1",
        "Lan",
        "co-mentor",
        "Europe/Berlin",
    )
    assert (lan.platform, lan.country, lan.language) == ("slack", "ES-MD", "pt-BR")
    assert (ben.name, ben.first_name, ben.zone) == ("Walsh; Ben", "Walsh;", "America/New_York")
    assert cohort.pairs == (PairRow("p1", "co-mentoring", "a1", "b2", None),)


def test_a_mentor_may_have_several_pairs() -> None:
    """One row for the mentor, the pairs in one cell; a mentee leads even if named last."""
    cohort = read(
        sheet(HEAD, BEN.replace("p1", "p1; P2"), ANA, "eve,Eve Lis,mentee,p2,Europe/Warsaw")
    )
    assert [(pair.key, pair.mentee, pair.mentor) for pair in cohort.pairs] == [
        ("p1", "ana", "ben"),
        ("p2", "eve", "ben"),
    ]


@pytest.mark.parametrize(("ana", "ben"), [("cleo", ""), ("", "CLEO"), ("Cleo", "cleo")])
def test_a_supervisor_may_be_named_on_either_row(ana: str, ben: str) -> None:
    """Spreadsheets are filled in by people."""
    assert read(wide("supervisor", ana, ben)).pairs[0].supervisor == "cleo"


@pytest.mark.parametrize("name", ["O'Neill", 'Ana "Anita" Ruiz', "क्\u200dष", "Jean-Luc", "李"])
def test_a_name_is_kept_as_people_write_it(name: str) -> None:
    """Names do not follow rules."""
    assert read(sheet(HEAD, ANA.replace("Ana Ruiz", name), BEN)).people[0].name == name


def test_a_name_is_composed_and_its_spaces_made_plain() -> None:
    """A file from macOS and one from Windows must name the same person."""
    cohort = read(sheet(HEAD, ANA.replace("Ana Ruiz", " Jose\u0301\xa0 Ruiz "), BEN))
    assert cohort.people[0].name == "José Ruiz"


# What is wrong, one thing at a time


@dataclass(frozen=True)
class Bad:
    """A file with one fault, and what is said of it."""

    content: bytes
    line: int
    column: str
    wrong: str
    remedy: str


BAD = {
    # The file as a whole
    "empty": Bad(b"", 1, "", "empty", "line of column names"),
    "blank": Bad(b"\xef\xbb\xbf \r\n\r\n", 1, "", "empty", "line of column names"),
    "only a header": Bad(sheet(HEAD), 2, "", "nobody", "row for each person"),
    "a header and blank rows": Bad(sheet(HEAD, ",,,,", ""), 2, "", "nobody", "row for each"),
    "no header": Bad(
        sheet(ANA, BEN), 1, "", "does not name the columns", "key,name,role,pair,zone"
    ),
    "another separator": Bad(sheet(HEAD.replace(",", "|")), 1, "", "not name", "or semicolons"),
    "a first line without end": Bad(b"a," * 40_000, 1, "", "80000 characters", "column names"),
    "a quote open in the header": Bad(sheet(f'{HEAD},"cohort', ANA), 1, "", "not name", "Begin"),
    "xlsx": Bad(b"PK\x03\x04\x14\x00\x06\x00", 1, "", "xlsx", "CSV UTF-8"),
    "xls": Bad(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 1, "", "xls", "CSV UTF-8"),
    "pdf": Bad(b"%PDF-1.7\n", 1, "", "PDF", "CSV UTF-8"),
    "gzip": Bad(b"\x1f\x8b\x08\x00", 1, "", "gzip", "CSV UTF-8"),
    "utf-32": Bad(sheet(HEAD, ANA).decode().encode("utf-32"), 1, "", "UTF-32", "CSV UTF-8"),
    "utf-16 without its mark": Bad(
        sheet(HEAD, ANA).decode().encode("utf-16-le"), 1, "", "UTF-16", "CSV UTF-8"
    ),
    "half a character of utf-16": Bad(
        sheet(HEAD, ANA, BEN).decode().encode("utf-16")[:-5], 3, "", "UTF-16", "CSV UTF-8"
    ),
    "too many lines": Bad(
        sheet(HEAD, *["x"] * (MOST_LINES + 1)), MOST_LINES + 2, "", "more than 20000", "parts"
    ),
    # Its columns
    "a missing column": Bad(
        sheet("key,name,role,pair", "cleo,Cleo Martin,supervisor,"),
        1,
        "zone",
        "missing",
        "time zone",
    ),
    "a duplicated column": Bad(
        sheet(f"{HEAD},Name", f"{CLEO},Cleo"), 1, "Name", "second column for name", "Keep one"
    ),
    "a column duplicated by another name": Bad(
        sheet(f"{HEAD},Time zone", f"{CLEO},x"),
        1,
        "Time zone",
        "second column for zone",
        "Keep one",
    ),
    "a misspelt column": Bad(
        sheet(f"{HEAD},supervisr", f"{CLEO},"), 1, "supervisr", "no column", "supervisor"
    ),
    "a strange column": Bad(
        sheet(f"{HEAD},Shoe", f"{CLEO},42"), 1, "Shoe", "no column 'Shoe'", "Leave it out"
    ),
    "a title with a byte that is not UTF-8": Bad(
        sheet(f"{HEAD},lang", CLEO + ",en").replace(b"lang", b"langu\xe9"),
        1,
        "column 6",
        "byte E9",
        "CSV UTF-8",
    ),
    "a column without a title": Bad(
        sheet(f"{HEAD},", f"{CLEO},x"), 2, "column 6", "'x' stands under no title", "take this one"
    ),
    # A line's cells
    "too few cells": Bad(sheet(HEAD, ANA, BEN, "eve,Eve"), 4, "", "2 of the 5 cells", "empty cell"),
    "too many cells": Bad(
        sheet(HEAD, CLEO.replace("Cleo ", "Cleo,")),
        2,
        "column 6",
        "under no title",
        "quotation marks",
    ),
    "an unclosed quote": Bad(
        sheet(HEAD, CLEO.replace("Cleo", '"Cleo')), 2, "name", "not closed", "Close it"
    ),
    # Any cell
    "windows-1252": Bad(
        sheet(HEAD, CLEO.replace("Cleo", "Chloé")).decode().encode("windows-1252"),
        2,
        "name",
        "byte E9 is not UTF-8 (in Windows-1252 it is é)",
        "CSV UTF-8",
    ),
    "a very long cell": Bad(
        sheet(HEAD, CLEO.replace("Cleo", "o" * 494)), 2, "name", "501 characters", "at most 500"
    ),
    "a cell beyond csv's own limit": Bad(
        sheet(HEAD, CLEO.replace("Cleo", "o" * 200_000)), 2, "name", "200007", "at most 500"
    ),
    "NUL": Bad(sheet(HEAD, CLEO.replace("Cleo", "Cle\0o")), 2, "name", "U+0000", "anew"),
    "a control character": Bad(
        sheet(HEAD, CLEO.replace("Cleo", "Cle\x1bo")), 2, "name", "U+001B", "anew"
    ),
    "an invisible turn of direction": Bad(
        sheet(HEAD, CLEO.replace("Cleo", "Cle\u202eo")), 2, "name", "RIGHT-TO-LEFT OVERRIDE", "anew"
    ),
    "a joiner in a key": Bad(
        sheet(HEAD, CLEO.replace("cleo,", "cle\u200do,")), 2, "key", "ZERO WIDTH JOINER", "anew"
    ),
    "an address that is none": Bad(
        sheet(f"{HEAD},email", f"{CLEO},cleo@museum"), 2, "email", "no e-mail", "ana@example.org"
    ),
    "a name without letters": Bad(
        sheet(HEAD, CLEO.replace("Cleo Martin", "42")), 2, "name", "no letter", "as people read it"
    ),
    "an empty name": Bad(sheet(HEAD, CLEO.replace("Cleo Martin", "-")), 2, "name", "empty", "name"),
    "an empty zone": Bad(
        sheet(HEAD, CLEO.replace("Europe/London", "")), 2, "zone", "empty", "zone"
    ),
    "a misspelt role": Bad(
        sheet(HEAD, CLEO.replace("supervisor", "superviser")), 2, "role", "no role", "supervisor?"
    ),
    "no role at all": Bad(
        sheet(HEAD, CLEO.replace("supervisor", "boss")), 2, "role", "no role", "co-mentor or"
    ),
    "an unknown platform": Bad(
        sheet(f"{HEAD},platform", f"{CLEO},Signal"),
        2,
        "platform",
        "no platform",
        "telegram or slack",
    ),
    "an unknown language": Bad(
        sheet(f"{HEAD},language", f"{CLEO},Spanish"), 2, "language", "no language", "es?"
    ),
    "a language that nobody speaks": Bad(
        sheet(f"{HEAD},language", f"{CLEO},fr"),
        2,
        "language",
        "comentor does not speak 'fr'",
        "Write en or es or pt-BR, or nothing",
    ),
    "an unknown country": Bad(
        sheet(f"{HEAD},country", f"{CLEO},Scotland"), 2, "country", "no country", "GB-SCT?"
    ),
    "UK, which is GB": Bad(
        sheet(f"{HEAD},country", f"{CLEO},UK"), 2, "country", "no country", "GB?"
    ),
    "an unknown part of a country": Bad(
        sheet(f"{HEAD},country", f"{CLEO},GB-LDN"), 2, "country", "no part 'LDN'", "ENG, NIR, SCT"
    ),
    "a country in one piece": Bad(
        sheet(f"{HEAD},country", f"{CLEO},IE-D"), 2, "country", "no part 'D'", "Write IE."
    ),
    # People and pairs
    "a duplicated person": Bad(
        sheet(HEAD, CLEO, CLEO.replace("cleo", "CLEO")), 3, "key", "line 2 already", "Keep one row"
    ),
    "a mentor on two rows": Bad(
        sheet(HEAD, ANA, BEN, "eve,Eve,mentee,p2,Europe/Warsaw", BEN.replace("p1", "p2")),
        5,
        "key",
        "line 3 already",
        "p1; p2",
    ),
    "a duplicated address": Bad(
        wide("email", "a@x.org", "A@X.ORG"), 3, "email", "line 2 already", "Keep one row"
    ),
    "a mentor in no pair": Bad(
        sheet(HEAD, ANA, BEN, "eve,Eve Lis,mentor,,Europe/Warsaw"), 4, "pair", "in no pair", "key"
    ),
    "a supervisor in a pair": Bad(
        sheet(HEAD, CLEO.replace("supervisor,", "supervisor,;").replace(";", "p1"), ANA, BEN),
        2,
        "pair",
        "A supervisor is in no pair",
        "Leave it empty",
    ),
    "a mentee in two pairs": Bad(
        sheet(HEAD, ANA.replace("p1", "p1;p2"), BEN.replace("p1", "p1;p2")),
        2,
        "pair",
        "in one pair only",
        "Keep one of p1, p2",
    ),
    "a pair without its mentee": Bad(
        sheet(HEAD, BEN), 2, "pair", "only a mentor (line 2)", "one mentee and one mentor"
    ),
    "a pair with two mentors": Bad(
        sheet(HEAD, ANA, BEN, "eve,Eve,mentor,p1,Europe/Warsaw"),
        4,
        "pair",
        "a mentor (line 3) and a mentor (line 4)",
        "one mentee and one mentor",
    ),
    "a mentee with a co-mentor": Bad(
        sheet(HEAD, ANA, BEN.replace("mentor", "co-mentor")),
        3,
        "pair",
        "co-mentor",
        "two co-mentors",
    ),
    "an unknown supervisor": Bad(
        wide("supervisor", "cloe"), 2, "supervisor", "the key 'cloe'", "Did you mean cleo?"
    ),
    "a supervisor who is a mentor": Bad(
        wide("supervisor", "ben"), 2, "supervisor", "(line 3) is a mentor", "role is supervisor"
    ),
    "a supervisor's supervisor": Bad(
        wide("supervisor", "", "", "cleo"), 4, "supervisor", "no supervisor here", "Leave it empty"
    ),
    "two supervisors of one pair": Bad(
        sheet(
            f"{HEAD},supervisor",
            f"{ANA},cleo",
            f"{BEN},dana",
            f"{CLEO},",
            "dana,Dana Okafor,manager,,Europe/London,",
        ),
        3,
        "supervisor",
        "another supervisor on line 2",
        "same on both rows",
    ),
    # The cohort
    "a day that is not": Bad(
        wide("starts", "2026-02-30"), 2, "starts", "no day 2026-02-30", "2026-02-28"
    ),
    "a month that is not": Bad(wide("starts", "2026-13-01"), 2, "starts", "month 13", "01 to 12"),
    "a year long ago": Bad(wide("starts", "0026-01-01"), 2, "starts", "year-month-day", "Write"),
    "a day or a month": Bad(
        wide("starts", "03/04/2026"), 2, "starts", "not written", "2026-04-03 or 2026-03-04"
    ),
    "a day of our habit": Bad(wide("starts", "13.4.26"), 2, "starts", "not", "Write 2026-04-13."),
    "a day not padded": Bad(wide("starts", "2026-4-3"), 2, "starts", "not", "Write 2026-04-03."),
    "a day in words": Bad(wide("ends", "next May"), 2, "ends", "not written", "2027-01-11"),
    "an end before the start": Bad(
        wide("starts,ends", "2027-02-01,", ",2027-01-31", ","),
        3,
        "ends",
        "before it starts",
        "after",
    ),
    "two cohorts": Bad(
        wide("cohort", "One", "Two"), 3, "cohort", "'Two' differs from 'One' on line 2", "the same"
    ),
    "two starts": Bad(
        wide("starts", "2027-01-11", "", "2027-01-12"), 4, "starts", "differs", "the same"
    ),
    # A column goes by the title that the file gives it
    "a title of the file's own": Bad(
        sheet("ID,Full Name,Role,Pairs,Time Zone", CLEO.replace("/L", "/l/L")),
        2,
        "Time Zone",
        "no time zone",
        "Europe/London?",
    ),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_a_fault_is_told_with_its_place_and_remedy(bad: Bad) -> None:
    """Whoever keeps the spreadsheet finds the cell and knows what to do, and hears nothing else."""
    fault = only_fault(bad.content)
    assert (fault.line, fault.column) == (bad.line, bad.column)
    assert bad.wrong in fault.wrong
    assert bad.remedy in fault.remedy


@pytest.mark.parametrize(
    ("zone", "remedy"),
    [
        ("Europe/Madird", "Did you mean Europe/Madrid?"),
        ("Madrid", "Did you mean Europe/Madrid?"),
        ("Portugal", "Write Atlantic/Madeira or Europe/Lisbon or Atlantic/Azores."),
        ("W. Europe Standard Time", "Did you mean Europe/Berlin?"),
        ("somewhere", "Write region and city, such as Europe/Madrid."),
        ("CET", "Name the nearest large city, such as Europe/Madrid or Europe/Berlin."),
        ("IST", "Name the nearest large city, such as Europe/Dublin or Asia/Kolkata."),
        ("EST5EDT", "Name the nearest large city, such as Europe/Madrid."),
        ("UTC+1", "Name the nearest large city, such as Europe/Madrid."),
        ("Etc/GMT-1", "Name the nearest large city, such as Europe/Madrid."),
    ],
)
def test_a_zone_is_a_place(zone: str, remedy: str) -> None:
    """An abbreviation does not say when clocks change, and Etc/GMT-1 is east of Greenwich."""
    fault = only_fault(sheet(HEAD, CLEO.replace("Europe/London", zone)))
    assert (fault.line, fault.column, fault.remedy) == (2, "zone", remedy)


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+44 20 7946 0000", "-2+3", "@SUM(A1)", '"\t=1"', "  =1", "\uff1d1", "--", '"=""x"""'],
)
def test_a_formula_is_refused(cell: str) -> None:
    """What is imported here may be exported into a spreadsheet there."""
    fault = only_fault(sheet(HEAD, CLEO.replace("Cleo Martin", cell)))
    assert (fault.line, fault.column) == (2, "name")
    assert "formula" in fault.wrong
    assert "without = + - @" in fault.remedy


@pytest.mark.parametrize("cell", ["-", "\N{EN DASH}", "\N{EM DASH}", " - "])
def test_a_dash_alone_says_nothing(cell: str) -> None:
    """People write it to say that a cell is empty on purpose."""
    assert read(wide("country", cell)).people[0].country is None


def test_an_address_is_no_formula() -> None:
    """Only what begins with a sign is one."""
    cohort = read(wide("email", "ana+mentee@x-y.org").replace(b"ana,", b"ana@x.org,"))
    assert (cohort.people[0].key, cohort.people[0].email) == ("ana@x.org", "ana+mentee@x-y.org")


# Many at once, and no more than there are


def test_all_faults_are_told_at_once() -> None:
    """Nobody mends a file one refusal at a time."""
    faults = faults_in(
        sheet(
            "key,name,name,pair,zone,planet,starts",
            "ana,=Ana,Ana,p1,CET,Earth,2026-02-30",
            "ana,Ben,Ben,p1,Europe/Dublin,Mars,2026-01-01",
            "x,y",
            'eve,Eve,"Eve,p2,Europe/Warsaw,Venus,',
        )
    )
    assert [(fault.line, fault.column) for fault in faults] == [
        (1, "name"),
        (1, "planet"),
        (1, "role"),
        (2, "name"),
        (2, "zone"),
        (2, "starts"),
        (3, "key"),
        (4, ""),
        (5, "column 3"),
    ]
    assert all(fault.wrong and fault.remedy for fault in faults)


@pytest.mark.parametrize(
    "line", ["ben,Ben Walsh", BEN.replace("p1", "=p1"), BEN.replace("mentor", "mentr"), f'"{BEN}']
)
def test_one_slip_is_one_fault(line: str) -> None:
    """A mentor whose row cannot be read is not said to be missing from the pair."""
    assert only_fault(sheet(HEAD, ANA, line)).line == 3


def test_a_supervisor_whose_key_cannot_be_read_is_not_missed() -> None:
    """As above, for supervisors."""
    content = wide("supervisor", "cleo").replace(b"\r\ncleo,", b"\r\n=cleo,")
    assert (only_fault(content).line, only_fault(content).column) == (4, "key")


def test_after_plenty_of_faults_the_rest_are_counted() -> None:
    """A file in the wrong encoding does not print a book."""
    with pytest.raises(BadCohortFile) as caught:
        read(sheet(HEAD, *[f"k{n},Eve,supervisor,,Nowhere/{n}" for n in range(1000)]))
    bad = caught.value
    assert (len(bad.faults), bad.more) == (MOST_FAULTS, 1000 - MOST_FAULTS)
    lines = str(bad).splitlines()
    assert lines[0].startswith("cohort.csv, line 2, zone: 'Nowhere/0' is no time zone. ")
    assert lines[-1] == "and 800 more like these."


def test_what_is_quoted_can_be_printed() -> None:
    """A fault is read on a terminal, and must not play tricks there."""
    content = sheet(HEAD, CLEO.replace("Cleo", "\x1b[2J\u202e"))
    assert str(only_fault(content).wrong).isprintable()
    content = sheet(f"{HEAD},\x1b[2J", f"{CLEO},").replace(b"2J", b"\xff\xfe")
    assert "".join(map(str, faults_in(content))).isprintable()


# Limits


class Endless(RawIOBase):
    """A file of ten million rows, made as it is read."""

    def __init__(self) -> None:
        self.was_read = 0

    def read(self, size: int = -1) -> bytes:
        """As many bytes as are asked for, up to 64 KiB, as a pipe does."""
        assert size >= 0, "nobody may ask for all of it"
        row = f"{ANA}\r\n".encode()
        chunk = (row * (65_536 // len(row) + 1))[: min(size, 65_536)]
        self.was_read += len(chunk)
        return chunk


def test_a_huge_file_is_refused_without_reading_it_all() -> None:
    """Ten million rows would be 400 MB."""
    endless = Endless()
    (fault,) = faults_in(cast("BinaryIO", endless))
    assert (fault.line, fault.column) == (1, "")
    assert "10 MiB" in fault.wrong
    assert "20000 people" in fault.remedy
    assert endless.was_read == MOST_BYTES + 1


def test_as_many_people_as_allowed_are_read() -> None:
    """The limit is what it says."""
    lines = [f"k{n},Eve Lis,supervisor,,Europe/Warsaw" for n in range(MOST_LINES)]
    assert len(read(sheet(HEAD, *lines)).people) == MOST_LINES


def test_a_source_may_be_a_stream() -> None:
    """An upload comes as one."""
    assert read_cohort(BytesIO(sheet(HEAD, CLEO)), name="x", spoken=SPOKEN).people[0].key == "cleo"


# Anything at all


def read_or_refuse(content: bytes) -> None:
    """Either it is read, or what is wrong is said so that it can be printed."""
    told: BadCohortFile | None = None
    try:
        read(content)
    except BadCohortFile as bad:
        told = bad
    if told:
        assert told.faults
        assert all(fault.line >= 1 and fault.wrong and fault.remedy for fault in told.faults)
        assert str(told).encode()


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    """Never anything else than a cohort or faults."""
    read_or_refuse(content)


TELLING = (
    "- a A Ana mentee mentor co-mentor supervisor p1 p1;p2 Europe/Madrid CET ES ES-ZZ"
    ' 2027-01-11 2027-02-30 =1 a@b.org " \0'
)
CELLS = st.sampled_from(["", *TELLING.split(" ")]) | st.text(max_size=6)


@given(
    st.lists(st.sampled_from([*COLUMNS, "planet", ""]), min_size=1, max_size=16),
    st.lists(st.lists(CELLS, max_size=16), max_size=6),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "windows-1252", "utf-32"]),
)
def test_any_table_is_read_or_refused(
    titles: list[str], rows: list[list[str]], separator: str, encoding: str
) -> None:
    """As above, past the header."""
    text = "\n".join(separator.join(row) for row in [[*NEEDED, *titles], *rows])
    read_or_refuse(text.encode(encoding, "replace"))


@given(st.data())
def test_the_example_with_any_cell_changed_is_read_or_refused(data: st.DataObject) -> None:
    """As above, for whole rows."""
    lines = [line.split(",") for line in EXAMPLE.read_text("utf-8-sig").splitlines()[:6]]
    row = data.draw(st.integers(0, 5))
    lines[row][data.draw(st.integers(0, 13))] = data.draw(CELLS)
    read_or_refuse("\n".join(",".join(line) for line in lines).encode("utf-8", "replace"))
