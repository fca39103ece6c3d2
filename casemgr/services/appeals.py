"""Appeal letters: what a payer denied, answered with what was written in time."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from casemgr.clock import instant_of
from casemgr.core.appeal import (
    CONTEMPORANEOUS_DAYS,
    Appeal,
    DeniedLine,
    QuotedEntry,
    ShownPayer,
    ShownReason,
    UnquotedEntry,
    not_quotable,
)
from casemgr.core.claim_life import status_label
from casemgr.core.claim_money import keys_of, standing
from casemgr.core.dates import format_us
from casemgr.core.methods import method_label
from casemgr.core.money import format_cents
from casemgr.core.packet import control_number_of
from casemgr.core.records import Activity, Case, Patient
from casemgr.core.text import tidy
from casemgr.core.wording import counted
from casemgr.documents.letter import LetterPrinter
from casemgr.errors import RuleRefused
from casemgr.services.attachments import KINDS
from casemgr.services.claim_money import account_of
from casemgr.services.kept_rules import rules_of
from casemgr.services.printing import ClaimPaper, PrintedClaim, unvoided, write_paper
from casemgr.services.proof import prove, prove_claim
from casemgr.services.releases import AS_USUAL, PAYMENT, let_leave
from casemgr.services.summaries import (
    amendments,
    days,
    named,
    records_of,
    shown_patient,
    shown_practice,
    staff_then,
)
from casemgr.store.keys import make_private_folder
from casemgr.store.ledger import history, witness
from casemgr.store.reads.benefits import attachments_of
from casemgr.store.reads.records import as_of, load

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from casemgr.core.billing import Claim, Remittance, RemittanceLine
    from casemgr.core.payers import Payer
    from casemgr.services.claim_money import Account
    from casemgr.services.desk import Desk
    from casemgr.services.releases import ReleaseWish

APPEALABLE = frozenset({"denied", "paid_in_part", "appealed"})
NOTHING = "Nothing was written."


def write_letter(
    desk: Desk,
    claim: Claim,
    path: Path | None = None,
    *,
    argument: str = "",
    wish: ReleaseWish = AS_USUAL,
    overwrite: bool = False,
) -> PrintedClaim:
    """Write the letter that appeals what was denied of a claim, and record it.

    The same record gives the same bytes; a file that holds them already is left as it is.

    Args:
        desk: the open practice.
        claim: the claim.
        path: the file; without one, a name with the claim's number and the ledger's position in the
            practice's exports.
        argument: what the dentist has to say to the payer's reasons.
        wish: for whom it is encrypted, or whether it may leave in the clear.
        overwrite: whether another file of that name may be replaced.

    Raises:
        ClearNotAllowed: it would leave in the clear, which who acts has not allowed.
        RuleRefused: the claim is voided, nothing of it stands denied, or no dentist is named who signs.
        VerificationFailed: a row behind it is not what the ledger says.
        NotWritten: a file of that name is there already, or it cannot be written.
    """
    release = let_leave(desk, wish, PAYMENT)
    with desk.store.snapshot():
        claim = unvoided(desk, claim)
        prove_claim(desk, claim)
        appeal = appeal_of(desk, claim, argument)
    pdf = LetterPrinter(desk.places.config / "documents").render(appeal)
    paper = ClaimPaper(claim.number, pdf, appeal.witness.seq, len(appeal.entries), "appeal letter")
    if path is None:
        make_private_folder(desk.places.exports)
        own = desk.places.exports / f"appeal-{paper.number}-at-{paper.position}.pdf"
        target = release.own_place(own, overwrite=overwrite)
    else:
        target = release.place(path)
    return write_paper(desk, paper, target, release, overwrite=overwrite)


def cautions(desk: Desk, claim: Claim) -> tuple[str, ...]:
    """What to look at before the letter goes out."""
    found = []
    if claim.appeal_by and claim.appeal_by < desk.today().isoformat():
        found.append(f"The last day for an appeal was {format_us(claim.appeal_by)}")
    if claim.amendment_owed:
        found.append("A corrected claim is owed: the log changed after the claim was sent")
    return tuple(found)


def appeal_of(desk: Desk, claim: Claim, argument: str = "") -> Appeal:
    """Everything that the letter says.

    The caller holds a snapshot, and has proved the claim.

    Raises:
        RuleRefused: nothing of the claim stands denied, or no dentist is named who signs.
        VerificationFailed: an answer of the payer is not what the ledger says.
    """
    account = account_of(desk, claim)
    # What was known of any denial, be it taken back since, is no longer written at the time of the work.
    ever = [one for one in account.remittances if denies(desk, one.lines) and not one.reversal]
    denials = standing_denials(desk, claim, ever, account)
    if claim.status not in APPEALABLE or not denials:
        raise RuleRefused(
            f"Nothing of claim {claim.number} stands denied",
            f"It is {status_label(claim.status)}. {NOTHING}",
            "Record the payer's answer first, with `casemgr claim deny` or `casemgr import remittance`.",
        )
    prove(desk, "remittance", [one.id for one in account.remittances])
    known_at = instant_of(datetime.combine(min(map(answered_on, ever)), time(), desk.zone))
    case = as_of(desk.store, Case, claim.case_id, known_at - 1) if claim.case_id else None
    dentist = load(desk.store, Case, claim.case_id) if claim.case_id else None
    if dentist is None or not dentist.treating_dentist:
        raise RuleRefused(
            f"Claim {claim.number} names no treating dentist, who signs the letter",
            NOTHING,
            "Name the dentist in the case with `casemgr case edit`.",
        )
    patient = load(desk.store, Patient, claim.patient_id)
    assert patient is not None
    rules = rules_of(desk, claim)
    printed, at = witness(desk.store)
    entries, left_out = quoted(desk, claim, rules, known_at)
    control_number = control_number_of(claim)
    denied = account.money.denied_cents
    return Appeal(
        practice=shown_practice(desk),
        patient=shown_patient(patient),
        payer=ShownPayer(name=claim.payer_name, address=address(claim, rules)),
        claim_number=claim.number,
        control_number=control_number,
        payer_claim_number=claim.payer_claim_number,
        member_id=claim.member_id,
        first_service=date.fromisoformat(claim.lines[0].service_date),
        last_service=date.fromisoformat(claim.lines[-1].service_date),
        denied_on=max(map(answered_on, denials)),
        lines=denied_lines(desk, claim, account),
        denied_cents=denied,
        reasons=reasons(desk, claim, account),
        asked="Please reconsider this claim"
        + (f" and pay the {format_cents(denied)} that you denied." if denied else " and pay it."),
        argument=tidy(argument),
        entries=tuple(entries),
        left_out=tuple(left_out),
        points=points(desk, case) if case else (),
        enclosures=enclosed(desk, claim, control_number),
        treating_dentist=dentist.treating_dentist,
        treating_dentist_npi=dentist.treating_dentist_npi,
        zone=desk.practice.time_zone,
        witness=printed,
        witnessed_at=at,
        dated_on=desk.local(at).date(),
    )


def address(claim: Claim, rules: Payer) -> tuple[str, ...]:
    """Where appeals go, in lines, without the payer's name, which stands above them."""
    return tuple(rules.address.removeprefix(f"{claim.payer_name}, ").splitlines())


def denies(desk: Desk, lines: Iterable[RemittanceLine]) -> bool:
    """Whether an answer's lines refuse anything."""
    return any(not desk.reasons.no_denial(one.carc) for line in lines for one in line.adjustments)


def standing_denials(
    desk: Desk, claim: Claim, denials: Iterable[Remittance], account: Account
) -> list[Remittance]:
    """The denials of which something was neither taken back nor decided again since."""
    said = standing(account.remittances, keys_of(claim)).said
    stands = {id(line) for lines in said.values() for line in lines}
    return [one for one in denials if denies(desk, (line for line in one.lines if id(line) in stands))]


def answered_on(answer: Remittance) -> date:
    """An answer's own date, else when the practice learned of it."""
    return date.fromisoformat(answer.paid_on or answer.received_on)


def denied_lines(desk: Desk, claim: Claim, account: Account) -> tuple[DeniedLine, ...]:
    """The lines of which something was denied; all of them where the payer names none."""
    by_line = list(zip(claim.lines, account.lines, strict=True))
    some = [(line, money) for line, money in by_line if money.denied_cents]
    return tuple(
        DeniedLine(
            service_date=date.fromisoformat(line.service_date),
            code=line.code,
            title=desk.codes.title(line.code),
            charge_cents=line.charge_cents,
            denied_cents=money.denied_cents if some else None,
        )
        for line, money in some or by_line
    )


def reasons(desk: Desk, claim: Claim, account: Account) -> tuple[ShownReason, ...]:
    """Why the payer denied, as it said so, each reason once with what it took off, then its remarks."""
    _, said, general = standing(account.remittances, keys_of(claim))
    cents: dict[str, int] = {}
    remarks: dict[str, None] = {}
    for line in (one for lines in said.values() for one in lines):
        refused = [one for one in line.adjustments if not desk.reasons.no_denial(one.carc)]
        for one in refused:
            code = f"{one.group}-{one.carc}"
            cents[code] = cents.get(code, 0) + one.cents
        remarks |= dict.fromkeys(line.remarks if refused else ())
    remarks |= dict.fromkeys(general)
    return (
        *(
            ShownReason(code=code, meaning=meaning(desk, code.partition("-")[2]), cents=taken)
            for code, taken in cents.items()
        ),
        *(ShownReason(code=code, meaning=meaning(desk, code)) for code in remarks),
    )


def meaning(desk: Desk, code: str) -> str:
    """What a code means, as a line of its own."""
    said = desk.reasons.meaning(code)
    return said[:1].upper() + said[1:]


def quoted(
    desk: Desk, claim: Claim, rules: Payer, known_at: int
) -> tuple[list[QuotedEntry], list[UnquotedEntry]]:
    """The entries that count, as they stood before the denial was known, and the others with why."""
    codes = {each: line.code for line in claim.lines for each in line.activity_ids}
    entries, left_out = [], []
    for record in records_of(desk, claim):
        day = date.fromisoformat(record.service_date)
        kind = desk.kinds.kept(record.kind).title
        then = as_of(desk.store, Activity, record.id, known_at - 1)
        late = rules.ruled.said("late_entry_days", codes[record.id], day).value
        why = not_quotable(
            late_days=record.late_days,
            signed_at=then.signed_at if then else record.signed_at,
            entered_at=record.entered_at,
            denied_at=known_at,
            bound=CONTEMPORANEOUS_DAYS if late is None else late,
        )
        if why or then is None:
            left_out.append(UnquotedEntry(service_date=day, kind=kind, why=why))
            continue
        if amendments(desk, "activity", record.id, {}, since=known_at - 1):
            why = "changed after the denial, and quoted as it stood before"
            left_out.append(UnquotedEntry(service_date=day, kind=kind, why=why))
        entries.append(quote(desk, then, codes[record.id], known_at))
    return entries, left_out


def quote(desk: Desk, record: Activity, code: str, known_at: int) -> QuotedEntry:
    """A signed entry, word for word."""
    kind = desk.kinds.kept(record.kind)
    outcome = kind.outcome(record.outcome)
    first = history(desk.store, "activity", record.id)[0]
    names = {field.name: field.label for field in kind.fields}
    since = amendments(desk, "activity", record.id, names, since=known_at - 1)
    every = amendments(desk, "activity", record.id, names)
    late = (f"LATE ENTRY, {days(record.late_days)}",) if record.late_days > CONTEMPORANEOUS_DAYS else ()
    said = (
        ("Contacted", record.contacted),
        ("How", method_label(record.method)),
        *kind.details(record.fields),
        ("Reason", record.reason),
        ("Note", record.note),
        ("Response", record.response),
        ("Outcome", record.outcome_words or (outcome.label if outcome else record.outcome)),
        ("Next step", record.next_step),
    )
    return QuotedEntry(
        service_date=date.fromisoformat(record.service_date),
        kind=kind.title,
        minutes=record.minutes,
        author=named(staff_then(desk, record, record.staff)),
        entered_at=desk.local(record.entered_at),
        signed_at=desk.local(record.signed_at),
        said=tuple((label, text) for label, text in said if text),
        code=code,
        late_days=record.late_days,
        labels=(*late, *every[: len(every) - len(since)]),
        entry=f"{first.device}:{first.seq} {first.hash[:8]}",
    )


def points(desk: Desk, case: Case) -> tuple[tuple[str, str], ...]:
    """What a case documents, as (label, text), the empty points left out."""
    said = (
        ("Complaint and history", case.complaint),
        ("Clinical findings", case.findings),
        ("Barriers to care", "; ".join(map(desk.reasons.barrier_text, case.barriers))),
        ("Tests and other data", case.supplementary),
        ("Plan and rationale", case.plan),
        ("Consent", case.consent),
    )
    return tuple((label, text) for label, text in said if text)


def enclosed(desk: Desk, claim: Claim, control_number: str) -> tuple[str, ...]:
    """What goes with the letter: the packet, and what is in it."""
    attached = attachments_of(desk.store, claim_id=claim.id)
    prove(desk, "attachment", [one.id for one in attached])
    holds = f" with {counted(len(attached), 'attachment')}" if attached else ""
    return (
        f"Claim packet {control_number}{holds}",
        *(one.what or KINDS[one.kind] for one in attached),
    )
