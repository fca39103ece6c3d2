"""What a payer said about a patient's benefits, and the authorizations it gave."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal, NamedTuple

from casemgr.core.billing import Authorization, Verification
from casemgr.core.dates import format_us
from casemgr.core.methods import read_method
from casemgr.core.text import fold, tidy
from casemgr.errors import RuleRefused
from casemgr.services.coverages import the_coverage
from casemgr.services.patients import the_patient
from casemgr.services.refusals import NOTHING_CHANGED, NOTHING_SAVED, no_reason, read_iso, refused
from casemgr.store.reads import benefits as reads
from casemgr.store.reads.records import full_id, load

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from casemgr.services.desk import Desk

Covered = Literal["yes", "no", "unknown"]


class VerifyBenefits(NamedTuple):
    """Record what a payer said about a patient's benefits; an empty payer is the one of that day."""

    patient_id: str
    verified_on: date
    payer: str = ""
    method: str = ""
    contacted: str = ""
    reference: str = ""
    covered: Covered = "unknown"
    codes: tuple[str, ...] = ()
    said: str = ""


class AddAuthorization(NamedTuple):
    """Record a prior authorization; empty dates leave it open at that end."""

    patient_id: str
    number: str
    payer: str = ""
    codes: tuple[str, ...] = ()
    valid_from: str = ""
    valid_to: str = ""
    units: int = 0
    note: str = ""


class UsedAuthorization(NamedTuple):
    """An authorization, with the units that live claims have taken of it."""

    authorization: Authorization
    payer_name: str
    used: int

    @property
    def left(self) -> int | None:
        """Units that are left, negative where it is overdrawn; None where it names no number."""
        return self.authorization.units - self.used if self.authorization.units else None


def verify_benefits(desk: Desk, wish: VerifyBenefits) -> Verification:
    """Save what a payer said.

    Raises:
        InputRefused: the day is in the future, a code is unknown, or it is not said what was learned.
        NotFound: the patient has no such coverage.
    """
    with desk.write() as tx:
        patient = the_patient(desk, wish.patient_id)
        if wish.verified_on > desk.today():
            raise refused(f"{format_us(wish.verified_on)} is in the future", field="verified_on")
        if wish.covered == "unknown" and not tidy(wish.said):
            raise refused(
                "It is not said what was learned",
                "Say whether case management is covered, or what the payer said.",
                "said",
            )
        verification = Verification(
            id=tx.new_id(),
            patient_id=patient.id,
            coverage_id=the_coverage(desk, patient.id, wish.payer, wish.verified_on).id,
            verified_on=wish.verified_on.isoformat(),
            verified_by=desk.login,
            method=read_method(wish.method),
            contacted=tidy(wish.contacted),
            reference=tidy(wish.reference),
            covered=wish.covered,
            codes=_codes(desk, wish.codes),
            said=wish.said.strip(),
        )
        tx.append("verify", "verification", verification)
        return verification


def void_verification(desk: Desk, text: str, reason: str) -> Verification:
    """Withdraw a verification, with the reason; `text` is its id or the last characters of it."""
    with desk.write() as tx:
        record = load(desk.store, Verification, full_id(desk.store, "verification", text))
        assert record is not None
        voided = record.model_copy(update={"voided": True})
        tx.append("void", "verification", voided, _why(record.voided, reason))
        return voided


def add_authorization(desk: Desk, wish: AddAuthorization) -> Authorization:
    """Save a prior authorization.

    Raises:
        InputRefused: number, dates, codes or units that cannot be, or the number is there already.
        NotFound: the patient has no such coverage.
    """
    with desk.write() as tx:
        patient = the_patient(desk, wish.patient_id)
        begins = read_iso(wish.valid_from)
        authorization = Authorization(
            id=tx.new_id(),
            patient_id=patient.id,
            coverage_id=the_coverage(
                desk, patient.id, wish.payer, date.fromisoformat(begins) if begins else desk.today()
            ).id,
            number=tidy(wish.number),
            codes=_codes(desk, wish.codes),
            valid_from=begins,
            valid_to=read_iso(wish.valid_to),
            units=wish.units,
            note=wish.note.strip(),
        )
        check_authorization(desk, authorization)
        tx.append("add", "authorization", authorization)
        return authorization


def edit_authorization(
    desk: Desk, text: str, changes: Mapping[str, str | int], codes: Iterable[str] | None = None
) -> Authorization:
    """Correct an authorization.

    Args:
        desk: the open practice.
        text: its id, or the last characters of it.
        changes: number, valid_from and valid_to as ISO text, units, note.
        codes: what it is for, where that changes.

    Raises:
        InputRefused: nothing changes, or the result cannot be.
        RuleRefused: it was withdrawn.
    """
    with desk.write() as tx:
        record = load(desk.store, Authorization, full_id(desk.store, "authorization", text))
        assert record is not None
        if record.voided:
            raise RuleRefused("This authorization was withdrawn", NOTHING_SAVED, "Add it anew.")
        dates = {name: read_iso(str(changes[name])) for name in ("valid_from", "valid_to") if name in changes}
        asked = {"codes": _codes(desk, codes)} if codes is not None else {}
        edited = Authorization.model_validate({**record.model_dump(), **changes, **dates, **asked})
        if edited == record:
            raise refused("The authorization says this already", "Name what changes, such as --to.")
        check_authorization(desk, edited)
        tx.append("edit", "authorization", edited)
        return edited


def void_authorization(desk: Desk, text: str, reason: str) -> Authorization:
    """Withdraw an authorization, with the reason.

    Raises:
        RuleRefused: a live claim names it, or it was withdrawn already.
    """
    with desk.write() as tx:
        record = load(desk.store, Authorization, full_id(desk.store, "authorization", text))
        assert record is not None
        why = _why(record.voided, reason)
        if number := reads.claim_with_authorization(desk.store, record.id):
            raise RuleRefused(
                f"Claim {number} names this authorization",
                "Nothing was changed.",
                f"Take it off first: casemgr claim edit {number} --authorization none",
            )
        voided = record.model_copy(update={"voided": True})
        tx.append("void", "authorization", voided, why)
        return voided


def check_authorization(desk: Desk, authorization: Authorization) -> None:
    """Refuse an authorization that cannot be; asked under the write lock."""
    if not authorization.number:
        raise refused("The authorization's number is missing", "It stands on the payer's letter.", "number")
    if (
        authorization.valid_from
        and authorization.valid_to
        and authorization.valid_to < authorization.valid_from
    ):
        raise refused(
            f"It would end on {format_us(authorization.valid_to)}, before it begins",
            f"It begins on {format_us(authorization.valid_from)}: look at both dates.",
            "valid_to",
        )
    rivals = reads.authorizations_of(desk.store, authorization.patient_id)
    if any(
        fold(other.number) == fold(authorization.number)
        and other.coverage_id == authorization.coverage_id
        and other.id != authorization.id
        for other in rivals
    ):
        raise refused(
            f"The authorization {authorization.number} is there already",
            "Change that one with `casemgr authorization edit`.",
            "number",
        )


def verifications(desk: Desk, patient_id: str) -> list[Verification]:
    """What payers said about a patient's benefits, the newest first."""
    return reads.verifications_of(desk.store, patient_id)


def authorizations(desk: Desk, patient_id: str = "") -> list[UsedAuthorization]:
    """Authorizations of a patient, or of all, with the units that are taken, by end."""
    found = reads.authorizations_of(desk.store, patient_id)
    used = reads.units_used(desk.store, [one.id for one in found])
    names = reads.payer_names(desk.store, {one.coverage_id for one in found})
    return [UsedAuthorization(one, names[one.coverage_id], used.get(one.id, 0)) for one in found]


def _codes(desk: Desk, texts: Iterable[str]) -> tuple[str, ...]:
    found = []
    for text in texts:
        code = desk.codes.find(text)
        if code is None:
            raise refused(
                f"There is no code “{tidy(text)}”", "`casemgr code list` shows those that there are.", "codes"
            )
        found.append(code.code)
    return tuple(dict.fromkeys(found))


def _why(voided: bool, reason: str) -> str:
    if voided:
        raise RuleRefused("It was withdrawn already", NOTHING_CHANGED)
    if not tidy(reason):
        raise no_reason("It can only be withdrawn with a reason")
    return tidy(reason)
