"""What is kept of a patient's billing, a row each: what payers said, authorizations, claims, files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from casemgr.core.claim_life import status_label
from casemgr.core.dates import format_us
from casemgr.core.methods import METHODS
from casemgr.core.minutes import format_minutes
from casemgr.core.money import format_cents
from casemgr.core.wording import counted
from casemgr.tui.text import shown
from casemgr.tui.widgets.facts import Fact, paragraph
from casemgr.tui.widgets.kept_row import LACKS, MUTED, Kept, hint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casemgr.core.billing import Attachment, Verification
    from casemgr.core.rows import ClaimRow
    from casemgr.services.benefits import UsedAuthorization
    from casemgr.services.patient_page import PatientPage

COVERED = {
    "yes": ("covered", "$text-success"),
    "no": ("not covered", "$text-error"),
    "unknown": ("not said whether covered", LACKS),
}
"""What a payer said about case management, and how it stands out."""
FILES = {"referral": "referral letter", "eob": "EOB", "support": "supporting data"}
"""What kinds of files are called in a row."""


def benefits_rows(page: PatientPage) -> Iterator[Kept]:
    """Of each coverage in force what the payer said last, then the authorizations that hold."""
    for cover in page.coverages:
        said = [one for one in page.verifications if one.coverage_id == cover.coverage.id]
        if said and cover.state in {"billed", "in force"}:
            yield _verified(said)
        elif cover.state == "billed":
            missing = Content.styled("not verified", LACKS)
            yield Kept("verification", "", "Benefits", missing, hint("enter records it"))
    yield from (_authorized(one, page) for one in page.authorizations if not _lapsed(one, page))


def lapsed_rows(page: PatientPage) -> Iterator[Kept]:
    """The authorizations that hold no more."""
    return (_authorized(one, page) for one in page.authorizations if _lapsed(one, page))


def _verified(said: list[Verification]) -> Kept:
    one = said[0]
    words, style = COVERED[one.covered]
    how = METHODS[one.method].label.lower() if one.method in METHODS else one.method
    parts = (format_us(one.verified_on), how, one.reference and f"ref {one.reference}")
    rest = " · ".join(part for part in parts if part)
    facts = (
        ("Benefits", f"{words}, said on {format_us(one.verified_on)}"),
        ("How", how),
        ("With whom", one.contacted),
        ("Reference", one.reference),
        ("Codes", ", ".join(one.codes)),
        ("What was said", one.said),
        ("Asked by", one.verified_by),
        *(("Before", f"{format_us(old.verified_on)} {COVERED[old.covered][0]}") for old in said[1:]),
    )
    return Kept(
        "verification",
        one.id,
        "Benefits",
        Content.styled(words, style),
        Content.styled(shown(rest), MUTED),
        tuple(Fact(label, paragraph(value)) for label, value in facts if value),
    )


def _lapsed(one: UsedAuthorization, page: PatientPage) -> bool:
    ends = one.authorization.valid_to
    return bool(ends) and ends < page.pulse.today.isoformat()


def _authorized(one: UsedAuthorization, page: PatientPage) -> Kept:
    record, lapsed = one.authorization, _lapsed(one, page)
    left = "no number of units" if one.left is None else f"{one.left} of {record.units} left"
    until = f"to {format_us(record.valid_to)}" if record.valid_to else ""
    overdrawn = one.left is not None and one.left <= 0 and not lapsed
    facts = (
        ("Authorization", record.number),
        ("Payer", one.payer_name),
        ("Codes", ", ".join(record.codes) or "all"),
        ("From", format_us(record.valid_from) if record.valid_from else ""),
        ("To", format_us(record.valid_to) if record.valid_to else ""),
        ("Units", f"{counted(record.units, 'unit')}, {one.used} used" if record.units else "no number"),
        ("Note", record.note),
    )
    return Kept(
        "authorization",
        record.id,
        "Authorized",
        Content.styled(shown(record.number), f"{MUTED} strike" if lapsed else ""),
        Content.assemble((left, LACKS if overdrawn else MUTED), (f" · {until}" if until else "", MUTED)),
        tuple(Fact(label, paragraph(value)) for label, value in facts if value),
    )


def claim_row(row: ClaimRow, page: PatientPage) -> Kept:
    """A claim: how it stands, and what is open of it."""
    state = "taken back" if row.voided else status_label(row.status)
    balance = page.balances.get(row.number)
    owed = []
    if balance and balance.insurer_cents:
        owed.append(f"{format_cents(balance.insurer_cents)} open")
    if balance and balance.patient_cents > 0:
        owed.append(f"patient owes {format_cents(balance.patient_cents)}")
    # What is wholly open is not told twice.
    whole = balance is not None and balance.insurer_cents == row.charge_cents
    sums = state if whole else f"{format_cents(row.charge_cents)} · {state}"
    facts = (
        ("Claim", row.number),
        ("Month", row.month),
        ("Payer", f"{row.payer_name} · {row.member_id}"),
        ("Lines", str(row.lines)),
        ("Sums", f"{format_minutes(row.minutes)} · {format_cents(row.charge_cents)}"),
        ("State", state),
        ("Open", ", ".join(owed)),
    )
    return Kept(
        "claim",
        row.number,
        "Claim",
        Content.styled(shown(f"{row.number}  {row.month}"), f"{MUTED} strike" if row.voided else ""),
        Content.assemble(
            (sums, MUTED),
            *((f" · {each}", LACKS) for each in owed),
        ),
        tuple(Fact(label, paragraph(value)) for label, value in facts if value),
    )


def attached_rows(page: PatientPage) -> Iterator[Kept]:
    """All files in one row, since there may be many: the newest first."""
    files = page.attachments[::-1]
    if not files:
        return
    kinds = dict.fromkeys(one.what or FILES[one.kind] for one in files)
    pages = counted(sum(one.pages for one in files), "page")
    yield Kept(
        "attachment",
        files[0].id,
        "Files",
        Content(f"{counted(len(files), 'file')}, {pages}"),
        Content.styled(shown(", ".join(kinds)), MUTED),
        tuple(Fact("File" if not at else "", paragraph(_told(one, page))) for at, one in enumerate(files)),
    )


def _told(one: Attachment, page: PatientPage) -> str:
    number = next((row.number for row in page.claims if row.id == one.claim_id), "")
    parts = (one.what or FILES[one.kind], counted(one.pages, "page"), number)
    return " · ".join(part for part in parts if part)
