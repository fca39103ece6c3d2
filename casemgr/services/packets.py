"""Packets: everything about one claim in one PDF, for a payer or an auditor."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from casemgr.core.billing import Authorization
from casemgr.core.claim_life import status_label
from casemgr.core.dates import format_us
from casemgr.core.methods import method_label
from casemgr.core.packet import (
    Enclosure,
    Packet,
    ShownAuthorization,
    ShownChange,
    ShownRecord,
    ShownStep,
    ShownVerification,
    control_number_of,
)
from casemgr.core.records import Staff
from casemgr.documents.packet import PacketPrinter
from casemgr.services.attachments import KINDS, content_of
from casemgr.services.printing import ClaimPaper, PrintedClaim, unvoided, write_papers
from casemgr.services.proof import prove, prove_claim
from casemgr.services.releases import AS_USUAL, PAYMENT, let_leave
from casemgr.services.summaries import (
    labels,
    named,
    notices,
    records_of,
    remarks_of,
    shown_activity,
    staff_then,
    summary_of,
)
from casemgr.services.telling import told
from casemgr.store.reads.benefits import attachments_of, payer_names, units_used, verifications_of
from casemgr.store.reads.records import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from casemgr.core.billing import Claim, Verification
    from casemgr.core.records import Activity
    from casemgr.services.desk import Desk
    from casemgr.services.releases import ReleaseWish

COVERED = {"yes": "Yes", "no": "No", "unknown": "Not said"}
"""Whether case management is covered, as a payer said."""


def write_packets(
    desk: Desk,
    claims: Iterable[Claim],
    folder: Path | None = None,
    *,
    path: Path | None = None,
    wish: ReleaseWish = AS_USUAL,
    overwrite: bool = False,
) -> Iterator[PrintedClaim]:
    """Write the packets of claims as PDF, one after another, and record each.

    The same record gives the same bytes; a file that holds them already is left as it is.

    Args:
        desk: the open practice.
        claims: which; none of them voided by then.
        folder: where to; without one, the practice's exports. Files are named by the claim's number and the
            ledger's position.
        path: the whole name, for one claim.
        wish: for whom they are encrypted, or whether they may leave in the clear.
        overwrite: whether other files of these names may be replaced.

    Raises:
        ClearNotAllowed: they would leave in the clear, which who acts has not allowed.
        RuleRefused: a claim is voided, or no longer agrees with the log.
        InputRefused: an attached file cannot be printed.
        VerificationFailed: a row or a file behind it is not what the ledger says.
        NotWritten: a file of that name is there already, or it cannot be written.
    """
    release = let_leave(desk, wish, PAYMENT)
    printer = PacketPrinter(desk.places.config / "documents")
    papers = (packet_paper(desk, printer, each) for each in claims)
    return write_papers(desk, papers, "packet", folder, path, release, overwrite=overwrite)


def packet_paper(desk: Desk, printer: PacketPrinter, claim: Claim) -> ClaimPaper:
    """A claim's packet, proved against the ledger; nothing leaves by that yet.

    Raises:
        RuleRefused: the claim is voided, or no longer agrees with the log.
        InputRefused: an attached file cannot be printed.
        VerificationFailed: a row or a file behind it is not what the ledger says.
    """
    with desk.store.snapshot():
        claim = unvoided(desk, claim)
        prove_claim(desk, claim)
        packet = packet_of(desk, claim)
    return ClaimPaper(
        claim.number,
        printer.render(packet),
        packet.summary.witness.seq,
        len(packet.records),
        "claim packet",
    )


def packet_of(desk: Desk, claim: Claim) -> Packet:
    """Everything that a claim's packet shows.

    The caller holds a snapshot, and has proved the claim.

    Raises:
        VerificationFailed: a row or a file behind it is not what the ledger says.
    """
    codes = {each: line.code for line in claim.lines for each in line.activity_ids}
    return Packet(
        summary=summary_of(desk, claim),
        control_number=control_number_of(claim),
        zone=desk.practice.time_zone,
        status=standing(claim),
        notices=notices(claim),
        remarks=remarks_of(desk, claim),
        records=tuple(
            shown_record(desk, record, codes.get(record.id, "")) for record in records_of(desk, claim)
        ),
        verifications=shown_verifications(desk, claim),
        authorizations=shown_authorizations(desk, claim),
        enclosures=enclosures(desk, claim),
    )


def standing(claim: Claim) -> str:
    """Where a claim stands: `denied, sent 11/2/2026`."""
    if not claim.submissions:
        return f"{status_label(claim.status)}, not sent yet"
    last = claim.submissions[-1]
    again = "corrected claim " if last.kind == "corrected" else ""
    return f"{status_label(claim.status)}, {again}sent {format_us(last.sent_on)}"


def shown_record(desk: Desk, record: Activity, code: str) -> ShownRecord:
    """An activity in full, with everything that was ever done to it."""
    kind = desk.kinds.kept(record.kind)
    outcome = kind.outcome(record.outcome)
    recorded = (
        ("Date of service", format_us(record.service_date)),
        ("Began at", record.start),
        ("Minutes", str(record.minutes)),
        ("Staff", named(staff_then(desk, record, record.staff))),
        ("How", method_label(record.method)),
        ("Contacted", record.contacted),
        ("Reason", record.reason),
        ("Outcome", outcome.label if outcome else record.outcome),
        ("Outcome as written", record.outcome_words),
        ("Patient's response", record.response),
        ("Next step", record.next_step),
        ("Note", record.note),
    )
    own = kind.details(record.fields)
    signed = (
        (
            "Entered",
            f"{moment(desk, record.entered_at)} by {named(staff_then(desk, record, record.entered_by))}",
        ),
        ("Signed", f"{moment(desk, record.signed_at)} by {shown_activity(desk, record, None).signed_by}"),
    )
    return ShownRecord(
        service_date=date.fromisoformat(record.service_date),
        kind=kind.title,
        code=code,
        # The kind's own fields follow whom it was about, as on the claim's documentation.
        fields=tuple(
            (label, value) for label, value in (*recorded[:6], *own, *recorded[6:], *signed) if value
        ),
        empty=tuple(label for label, value in recorded if not value),
        labels=labels(desk, record, kind),
        steps=steps(desk, record),
    )


def moment(desk: Desk, at: int) -> str:
    """An instant as the packet shows it: `10/05/2026 10:42`."""
    return f"{desk.local(at):%m/%d/%Y %H:%M}"


def steps(desk: Desk, record: Activity) -> tuple[ShownStep, ...]:
    """Everything that was ever done to an activity, from its first entry to the last."""
    found: list[ShownStep] = []
    for step in reversed(told(desk, "activity", record.id).steps):
        found.append(
            ShownStep(
                at=step.when,
                by=step.who,
                did=step.did,
                why=step.reason,
                # What it said at first stands in the fields above, or in what was changed of it since.
                changes=tuple(
                    ShownChange(field=one.label, before=one.before, after=one.after)
                    for one in step.differences
                )
                if found
                else (),
                entry=f"{step.place} {step.hash[:8]}",
            )
        )
    return tuple(found)


def shown_verifications(desk: Desk, claim: Claim) -> tuple[ShownVerification, ...]:
    """The benefits under a claim's coverage as they were verified last before its work, and ever since."""
    first = claim.lines[0].service_date
    of_claim = [
        one for one in verifications_of(desk.store, claim.patient_id) if one.coverage_id == claim.coverage_id
    ]
    since = [one for one in of_claim if one.verified_on > first]
    wanted = [*since, *[one for one in of_claim if one.verified_on <= first][:1]]
    prove(desk, "verification", [one.id for one in wanted])
    return tuple(shown_verification(desk, claim, one) for one in reversed(wanted))


def shown_verification(desk: Desk, claim: Claim, one: Verification) -> ShownVerification:
    """What a payer said about benefits."""
    asked = load(desk.store, Staff, one.verified_by)
    return ShownVerification(
        verified_on=date.fromisoformat(one.verified_on),
        verified_by=named(asked) if asked else one.verified_by,
        payer=claim.payer_name,
        member_id=claim.member_id,
        contacted=one.contacted,
        method=method_label(one.method),
        reference=one.reference,
        answer=one.said,
        details=(
            ("Covered", COVERED[one.covered]),
            ("Codes asked about", ", ".join(one.codes) or "All"),
        ),
    )


def shown_authorizations(desk: Desk, claim: Claim) -> tuple[ShownAuthorization, ...]:
    """The prior authorization under which a claim is sent, if it names one."""
    one = load(desk.store, Authorization, claim.authorization_id) if claim.authorization_id else None
    if one is None:
        return ()
    prove(desk, "authorization", [one.id])
    used = units_used(desk.store, [one.id]).get(one.id, 0)
    return (
        ShownAuthorization(
            number=one.number,
            payer=payer_names(desk.store, [one.coverage_id]).get(one.coverage_id, claim.payer_name),
            codes=one.codes,
            first=date.fromisoformat(one.valid_from) if one.valid_from else None,
            last=date.fromisoformat(one.valid_to) if one.valid_to else None,
            units=f"{one.units}, of which {used} used" if one.units else f"no number named; {used} used",
            status="withdrawn" if one.voided else "",
            details=(("Note", one.note),) if one.note else (),
        ),
    )


def enclosures(desk: Desk, claim: Claim) -> tuple[Enclosure, ...]:
    """The files that go with a claim, in the order in which they came.

    Raises:
        VerificationFailed: one of them is not what was attached.
    """
    attached = attachments_of(desk.store, claim_id=claim.id)
    prove(desk, "attachment", [one.id for one in attached])
    return tuple(
        Enclosure(
            name=one.name,
            media_type=one.media_type,
            sha256=one.sha256,
            content=content_of(desk, one),
            what=one.what or KINDS[one.kind],
        )
        for one in attached
    )
