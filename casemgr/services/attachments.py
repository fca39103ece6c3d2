"""Files that belong to a patient and go with a claim: referral letters, EOBs, call records."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Literal, NamedTuple

from casemgr.core.billing import Attachment, Claim
from casemgr.core.ids import short
from casemgr.core.text import tidy
from casemgr.documents.enclosures import MAX_BYTES, examine
from casemgr.documents.files import check_place, new_file
from casemgr.errors import InputRefused, RuleRefused, VerificationFailed
from casemgr.intake.files import read_bytes
from casemgr.services.claims import the_claim
from casemgr.services.disclosures import record_disclosure, unnamed
from casemgr.services.patients import the_patient
from casemgr.services.proof import prove
from casemgr.services.refusals import NOTHING_CHANGED, no_reason
from casemgr.services.releases import AS_USUAL, OPERATIONS, PAYMENT, let_leave
from casemgr.store.contents import keep, kept_content
from casemgr.store.reads.benefits import attachments_of
from casemgr.store.reads.records import full_id, load

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.services.desk import Desk
    from casemgr.services.releases import ReleaseWish

Kind = Literal["referral", "eob", "support"]
KINDS: dict[Kind, str] = {
    "referral": "Referral form or letter",
    "eob": "Explanation of benefits",
    "support": "Supporting data",
}
"""What each kind is called; electronic claims write them B4, EB and OZ (837D PWK01)."""
SUFFIXES = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg"}


class AttachFile(NamedTuple):
    """Attach a file to a claim, or to a patient's chart; one of both is named."""

    path: Path
    claim: str = ""
    """A claim's number."""
    patient_id: str = ""
    kind: Kind = "support"
    what: str = ""


def attach(desk: Desk, wish: AttachFile) -> Attachment:
    """Keep a file inside the encrypted store.

    Raises:
        NotFound: there is no such file, claim or patient.
        InputRefused: it is too big, damaged or protected, or attached there already.
        RuleRefused: the claim is voided.
    """
    content = read_bytes(wish.path, MAX_BYTES, "Scan it at a lower resolution, or split it.")
    examined = examine(content, wish.path.name)
    with desk.write() as tx:
        claim = _live_claim(desk, wish.claim) if wish.claim else None
        patient_id = claim.patient_id if claim else the_patient(desk, wish.patient_id).id
        claim_id = claim.id if claim else ""
        digest = sha256(content).hexdigest()
        beside = attachments_of(desk.store, patient_id=patient_id)
        if twin := next((one for one in beside if (one.sha256, one.claim_id) == (digest, claim_id)), None):
            raise InputRefused(
                f"{wish.path.name} is attached already", f"It is {short(twin.id)}. Nothing was saved."
            )
        attachment = Attachment(
            id=tx.new_id(),
            patient_id=patient_id,
            claim_id=claim_id,
            name=wish.path.name,
            media_type=examined.media_type,
            kind=wish.kind,
            what=tidy(wish.what),
            sha256=keep(desk.store, content),
            size=len(content),
            pages=examined.pages,
        )
        tx.append("attach", "attachment", attachment)
        return attachment


def attachments(desk: Desk, *, patient_id: str = "", claim: str = "") -> list[Attachment]:
    """What is attached to a patient, their claims included, or to one claim, in the order of its coming."""
    if claim:
        return attachments_of(desk.store, claim_id=the_claim(desk, claim).id)
    return attachments_of(desk.store, patient_id=the_patient(desk, patient_id).id)


def content_of(desk: Desk, attachment: Attachment) -> bytes:
    """The bytes of an attachment.

    Raises:
        VerificationFailed: they are gone, or are others than those that were attached.
    """
    found = kept_content(desk.store, attachment.sha256)
    if found is None or sha256(found).hexdigest() != attachment.sha256:
        raise VerificationFailed(
            f"The attachment {short(attachment.id)} is not what was attached",
            "Its bytes were changed or are gone. Nothing was written.",
            "Run `casemgr verify`, and restore a backup with `casemgr restore`.",
        )
    return found


def save_attachment(
    desk: Desk,
    text: str,
    path: Path | None = None,
    *,
    wish: ReleaseWish = AS_USUAL,
    overwrite: bool = False,
) -> Path:
    """Write an attachment to a file, and record that it left.

    Args:
        desk: the open practice.
        text: its id, or the last characters of it.
        path: the file; without one, a name without anybody's name in the practice's exports.
        wish: for whom it is encrypted, or whether it may leave in the clear.
        overwrite: whether another file of that name may be replaced.

    Raises:
        ClearNotAllowed: it would leave in the clear, which who acts has not allowed.
        NotWritten: a file of that name is there, or it cannot be written.
        VerificationFailed: it is not what was attached.
    """
    with desk.store.snapshot():
        attachment = _attachment(desk, text)
        prove(desk, "attachment", [attachment.id])
        content = content_of(desk, attachment)
        claim = load(desk.store, Claim, attachment.claim_id) if attachment.claim_id else None
        of = claim.number if claim else unnamed(the_patient(desk, attachment.patient_id))
    release = let_leave(desk, wish, PAYMENT if claim else OPERATIONS)
    if path is None:
        own = desk.places.exports / f"attachment-{short(attachment.id)}{SUFFIXES[attachment.media_type]}"
        target = release.own_place(own, overwrite=overwrite)
    else:
        target = release.place(path)
    check_place(target, overwrite=overwrite)
    written = release.sealed_bytes(content)
    with new_file(target, overwrite=overwrite) as file:
        file.write(written)
        file.flush()
        # Recorded before it appears: nothing leaves unrecorded, whatever happens next.
        record_disclosure(
            desk,
            "export",
            "attachment",
            target.name,
            attachment.sha256,
            release,
            rows=1,
            filters=of,
            sealed_sha256=release.digest(written),
        )
    return target


def void_attachment(desk: Desk, text: str, reason: str) -> Attachment:
    """Withdraw an attachment, with the reason; its bytes stay in the record.

    Raises:
        InputRefused: no reason.
        RuleRefused: it was withdrawn already.
    """
    with desk.write() as tx:
        attachment = _attachment(desk, text)
        if attachment.voided:
            raise RuleRefused("This attachment was withdrawn already", NOTHING_CHANGED)
        if not tidy(reason):
            raise no_reason("It can only be withdrawn with a reason")
        voided = attachment.model_copy(update={"voided": True})
        tx.append("void", "attachment", voided, tidy(reason))
        return voided


def _live_claim(desk: Desk, number: str) -> Claim:
    claim = the_claim(desk, number)
    if claim.voided:
        raise RuleRefused(
            f"Claim {claim.number} is voided", "Nothing was saved.", "Attach it to the claim in its place."
        )
    return claim


def _attachment(desk: Desk, text: str) -> Attachment:
    found = load(desk.store, Attachment, full_id(desk.store, "attachment", text))
    assert found is not None
    return found
