"""Patient exports and staff lists read row by row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from casemgr.core.people import PatientRef, is_chart_number
from casemgr.core.records import LOGIN
from casemgr.core.text import fold, words
from casemgr.core.wording import quoted
from casemgr.errors import ParseError
from casemgr.intake.cells import cell_birth_date, cell_text, overlong_cells
from casemgr.intake.fates import Accepted, Duplicate, Ignored, PatientEntry, Reading, Rejected, StaffEntry
from casemgr.intake.sheets import cells_of, read_sheets, written_digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from casemgr.intake.fates import Row
    from casemgr.intake.sheets import Origin
    from casemgr.intake.tables import Cell, TableFile
    from casemgr.intake.vocabulary import Vocabulary

_LOGIN = re.compile(LOGIN)
_LETTERS = re.compile(r"[A-Z]{3,6}")
_ZIP_DIGITS = 5


@dataclass(frozen=True, slots=True)
class PatientContext:
    """What a patient export is read against.

    Attributes:
        today: the local date; later birth dates are refused.
        known: the patients who are in.
        vocabulary: what practices call the columns, for the table `patients`.
    """

    today: date
    known: Iterable[PatientRef]
    vocabulary: Vocabulary


@dataclass(frozen=True, slots=True)
class StaffContext:
    """What a staff list is read against.

    Attributes:
        known: names of the staff who are in, by login.
        vocabulary: what practices call the columns, for the table `staff`.
    """

    known: Mapping[str, str]
    vocabulary: Vocabulary


def read_patients(
    file: TableFile, context: PatientContext, mapping: Mapping[str, str] | None = None
) -> Reading[PatientEntry]:
    """Read a patient export. A chart number that stands for the same person already is a duplicate.

    Args:
        file: what was read of it.
        context: what it is read against.
        mapping: column to heading, as told by `--map`.

    Raises:
        InputRefused: the columns cannot be told.
    """
    sheets, skipped = read_sheets(file, context.vocabulary, mapping)
    seen: dict[str, tuple[Origin | None, PatientRef]] = {
        fold(ref.chart_number): (None, ref) for ref in context.known if ref.chart_number
    }
    rows = tuple(
        _patient_row(origin, row, cells_of(row, sheet.headings.columns), context, seen)
        for sheet in sheets
        for origin, row in sheet.rows()
    )
    return Reading(file.name, rows, sheets, skipped)


def _patient_row(
    origin: Origin,
    row: list[Cell],
    cells: Mapping[str, Cell],
    context: PatientContext,
    seen: dict[str, tuple[Origin | None, PatientRef]],
) -> Row[PatientEntry]:
    if endless := overlong_cells(cells):
        return Rejected(origin, *endless[0], "", written_digest(cells), tuple(row), "")
    nothing = context.vocabulary.words["nothing"]
    text = {name: _said(cell, nothing) for name, cell in cells.items()}.get
    chart = (text("chart") or "").lstrip("# ")
    # Names are taken as they stand: there are people called Na and Null.
    last, first = split_full_name(cell_text(cells.get("name")))
    last = cell_text(cells.get("last_name")) or last
    first = cell_text(cells.get("first_name")) or first
    if not last and not text("birth_date") and not is_chart_number(chart):
        return Ignored(origin, "no patient")
    faults: list[tuple[str, str]] = []
    if not fold(chart):
        faults.append(("chart", "There is no chart number."))
    if not fold(last):
        faults.append(("last_name", "There is no last name."))
    born = None
    try:
        born = cell_birth_date(cells.get("birth_date"), context.today)
    except ParseError as fault:
        faults.append(("birth_date", str(fault)))
    mends = cell_text(cells.get("mends"))
    earlier = seen.get(fold(chart))
    if born is not None and not faults:
        ref = PatientRef("", chart, last, first, born)
        entry = PatientEntry(
            chart_number=chart,
            last_name=last,
            first_name=first,
            birth_date=born,
            gender=text("gender") or "",
            language=text("language") or "",
            phone=text("phone") or "",
            address=_address(cells, nothing),
            payer_name=_payer(text("carrier") or "", context.vocabulary.words["no_payer"]),
            member_id=text("member_id") or "",
        )
        # Several cells make up an address.
        faults += overlong_cells(entry._asdict())
        if earlier is not None and not _same_person(earlier[1], ref):
            faults.append(("chart", f"The chart number {chart} belongs to somebody else already."))
        if not faults and earlier is not None:
            return Duplicate(origin, entry, mends, earlier[0])
        if not faults:
            seen[fold(chart)] = (origin, ref)
            return Accepted(origin, entry, mends)
    reason = " ".join(reason for _, reason in faults)
    return Rejected(origin, faults[0][0], reason, "", written_digest(cells), tuple(row), mends)


def _same_person(one: PatientRef, other: PatientRef) -> bool:
    return one.birth_date == other.birth_date and sorted(one.name_words) == sorted(other.name_words)


def _said(cell: Cell, nothing: frozenset[str]) -> str:
    text = cell_text(cell)
    folded = fold(text)
    return "" if not folded or folded in nothing else text


def split_full_name(text: str) -> tuple[str, str]:
    """Last and first name of `Garcia, Ana`, `Ana Garcia` or `Lotte van der Berg`.

    Without a comma the last word is the last name, with the words before it that begin in lower case.
    """
    last, comma, first = text.partition(",")
    if comma:
        return last.strip(), first.strip()
    parts = text.split()
    at = len(parts) - 1
    while at > 1 and parts[at - 1][0].islower():
        at -= 1
    return " ".join(parts[max(at, 0) :]), " ".join(parts[: max(at, 0)])


def _address(cells: Mapping[str, Cell], nothing: frozenset[str]) -> str:
    """`784 Stamm Lock Unit, Somerville, MA 02155`."""
    zip_cell = cells.get("zip")
    zip_text = _said(zip_cell, nothing)
    if isinstance(zip_cell, int | float) and zip_text.isdecimal():
        # A spreadsheet program that took it for a number dropped its leading zeros.
        zip_text = zip_text.zfill(_ZIP_DIGITS)
    street, second, city, state = (
        _said(cells.get(name), nothing).strip(" ,") for name in ("address", "address_2", "city", "state")
    )
    return ", ".join(part for part in (street, second, city, f"{state} {zip_text}".strip()) if part)


def _payer(carrier: str, no_payer: frozenset[str]) -> str:
    """The carrier, unless it means that there is none; `Sliding fee - 25 %` begins with two words that do."""
    said = words(carrier)
    if " ".join(said) in no_payer or any(" ".join(said[:count]) in no_payer for count in range(2, len(said))):
        return ""
    return carrier


def read_staff(
    file: TableFile, context: StaffContext, mapping: Mapping[str, str] | None = None
) -> Reading[StaffEntry]:
    """Read a staff list. A login that stands for the same name already is a duplicate.

    Args:
        file: what was read of it.
        context: what it is read against.
        mapping: column to heading, as told by `--map`.

    Raises:
        InputRefused: the columns cannot be told.
    """
    sheets, skipped = read_sheets(file, context.vocabulary, mapping)
    seen: dict[str, tuple[Origin | None, str]] = {
        login: (None, name) for login, name in context.known.items()
    }
    rows = tuple(
        _staff_row(origin, row, cells_of(row, sheet.headings.columns), context, seen)
        for sheet in sheets
        for origin, row in sheet.rows()
    )
    return Reading(file.name, rows, sheets, skipped)


def _staff_row(
    origin: Origin,
    row: list[Cell],
    cells: Mapping[str, Cell],
    context: StaffContext,
    seen: dict[str, tuple[Origin | None, str]],
) -> Row[StaffEntry]:
    if endless := overlong_cells(cells):
        return Rejected(origin, *endless[0], "", written_digest(cells), tuple(row), "")
    text = {name: cell_text(cell) for name, cell in cells.items()}.get
    known = context.vocabulary.words["credentials"]
    login = (text("login") or "").lower()
    before, _, after = (text("name") or "").partition(",")
    beside, behind = split_role(after, known)
    # What follows a comma is the first name, or the letters after the whole name.
    name = f"{behind} {before}" if behind else before
    name = " ".join(f"{text('first_name') or ''} {text('last_name') or ''}".split()) or name.strip()
    if not fold(login) and not fold(name):
        return Ignored(origin, "nobody")
    credential, role = split_role(text("role") or "", known)
    credential = text("credential") or credential or beside
    mends = cell_text(cells.get("mends"))
    faults: list[tuple[str, str]] = []
    if not _LOGIN.fullmatch(login):
        said = f"{quoted(login)} cannot be a login" if login else "There is no login"
        faults.append(("login", f"{said}: use letters, digits and . _ @ - without spaces."))
    if not fold(name):
        faults.append(("name", "There is no name."))
    earlier = seen.get(login)
    if not faults:
        entry = StaffEntry(
            login, name, credential, role, "".join(ch for ch in text("npi") or "" if ch.isdigit())
        )
        # A first and a last name together may be too long.
        faults += overlong_cells(entry._asdict())
        if earlier is not None and sorted(words(earlier[1])) != sorted(words(name)):
            faults.append(("login", f"The login {login} belongs to somebody else already."))
        if not faults and earlier is not None:
            return Duplicate(origin, entry, mends, earlier[0])
        if not faults:
            seen[login] = (origin, name)
            return Accepted(origin, entry, mends)
    reason = " ".join(reason for _, reason in faults)
    return Rejected(origin, faults[0][0], reason, "", written_digest(cells), tuple(row), mends)


def split_role(text: str, credentials: frozenset[str]) -> tuple[str, str]:
    """Credential and role in what stands as one's role: `RDH` and ``, `CDHC` and `case manager`.

    Args:
        text: parts between commas, semicolons or slashes.
        credentials: folded letters that are known; three to six capitals count as such too.
    """
    letters, others = [], []
    for part in re.split(r"[,;/]", text):
        said = part.strip()
        bare = said.replace(".", "")
        if fold(said) in credentials or bare.lower() in credentials or _LETTERS.fullmatch(bare):
            letters.append(said)
        elif said:
            others.append(said)
    return ", ".join(letters), ", ".join(others)
