"""The forms of what goes with a claim: benefits, authorizations, attached files, patients' payments."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from casemgr.core.billing_commands import MAX_UNITS, AddPayment
from casemgr.core.dates import format_us
from casemgr.core.ids import short
from casemgr.core.methods import METHODS
from casemgr.core.money import format_cents, parse_cents
from casemgr.errors import ParseError
from casemgr.services import benefits
from casemgr.services.drafts import saving
from casemgr.services.payments import add_payment
from casemgr.tui.forms import changed, read_day, read_iso, refused, shows_day, was, whom
from casemgr.tui.jobs import now
from casemgr.tui.messages import Acted, FormReady
from casemgr.tui.screens.form import Form
from casemgr.tui.widgets.fields import Choice, Spec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from casemgr.core.billing import Authorization
    from casemgr.services.attachments import Kind
    from casemgr.services.benefits import Covered
    from casemgr.services.desk import Desk

COVERED = (Choice("yes", "Yes"), Choice("no", "No"), Choice("unknown", "Not said"))


def verifying(desk: Desk, patient_id: str) -> FormReady:
    """The form for what a payer said about a patient's benefits."""
    name = f"benefits.verify {patient_id}"
    fields = (
        Spec("verified_on", "Verified on", format_us(desk.today()), required=True, reads=shows_day(desk)),
        Spec("payer", "Payer", "", "the one of that day where nothing is written"),
        Spec("covered", "Covered", "unknown", "whether case management is", "choice", COVERED, required=True),
        Spec("method", "How", "phone", "", "choice", _methods(), free=True),
        Spec("contacted", "With whom", "", "a name, or the portal"),
        Spec("reference", "Reference", "", "of the call or page"),
        Spec("codes", "Codes", "", "those that were asked about; f4 lists them", "several", _codes(desk)),
        Spec("said", "What was said", "", "limits, authorization, deductible", "long", lines=3),
    )
    save = partial(verify, patient_id=patient_id, name=name)
    return FormReady(Form(name, f"Benefits of {whom(desk, patient_id)}", fields, save), "covered")


def verify(desk: Desk, values: Mapping[str, str], patient_id: str, name: str) -> Acted:
    """Save what a payer said."""
    covered: Covered = values["covered"]  # type: ignore[assignment]  # one of the choices
    wish = benefits.VerifyBenefits(
        patient_id=patient_id,
        verified_on=read_day(desk, values, "verified_on") or desk.today(),
        payer=values["payer"],
        method=values["method"],
        contacted=values["contacted"],
        reference=values["reference"],
        covered=covered,
        codes=_listed(values["codes"]),
        said=values["said"],
    )
    with saving(desk, name):
        saved = benefits.verify_benefits(desk, wish)
    return Acted("recorded", now(desk), f"benefits of {whom(desk, patient_id)}", saved.id)


def authorizing(desk: Desk, patient_id: str) -> FormReady:
    """The form for a prior authorization."""
    name = f"authorization.add {patient_id}"
    payer = Spec("payer", "Payer", "", "the one of its first day where nothing is written")
    number, *rest = _authorization_fields(desk)
    fields = (number, payer, *rest)
    save = partial(authorize, patient_id=patient_id, name=name)
    return FormReady(Form(name, f"Authorization for {whom(desk, patient_id)}", fields, save))


def authorize(desk: Desk, values: Mapping[str, str], patient_id: str, name: str) -> Acted:
    """Save a prior authorization."""
    wish = benefits.AddAuthorization(
        patient_id=patient_id,
        number=values["number"],
        payer=values["payer"],
        codes=_listed(values["codes"]),
        valid_from=read_iso(desk, values, "valid_from"),
        valid_to=read_iso(desk, values, "valid_to", "future"),
        units=_units(values["units"]),
        note=values["note"],
    )
    with saving(desk, name):
        saved = benefits.add_authorization(desk, wish)
    words = f"authorization {saved.number}: a claim drafted from now on names it"
    return Acted("recorded", now(desk), words, saved.id)


def authorization_editing(desk: Desk, patient_id: str, authorization_id: str) -> FormReady:
    """The form that corrects a prior authorization."""
    held = benefits.authorizations(desk, patient_id)
    record = next(one.authorization for one in held if one.authorization.id == authorization_id)
    name = f"authorization.edit {authorization_id}"
    fields = _authorization_fields(desk, record)
    save = partial(edit_authorization, authorization_id=authorization_id, fields=fields, name=name)
    title = f"Authorization for {whom(desk, patient_id)}"
    return FormReady(Form(name, title, fields, save, was=was(fields)))


def edit_authorization(
    desk: Desk, values: Mapping[str, str], authorization_id: str, fields: Sequence[Spec], name: str
) -> Acted:
    """Correct a prior authorization."""
    changes: dict[str, str | int] = {**changed(fields, values)}
    codes = _listed(values["codes"]) if changes.pop("codes", None) is not None else None
    if "valid_from" in changes:
        changes["valid_from"] = read_iso(desk, values, "valid_from")
    if "valid_to" in changes:
        changes["valid_to"] = read_iso(desk, values, "valid_to", "future")
    if "units" in changes:
        changes["units"] = _units(values["units"])
    with saving(desk, name):
        saved = benefits.edit_authorization(desk, authorization_id, changes, codes)
    return Acted("recorded", now(desk), f"authorization {saved.number}", saved.id)


def _authorization_fields(desk: Desk, one: Authorization | None = None) -> tuple[Spec, ...]:
    """What a prior authorization says, as it says it now."""
    titles = {code.code: f"{code.code} {code.title}" for code in desk.codes}
    codes = "; ".join(titles.get(code, code) for code in one.codes) if one else ""
    begins = format_us(one.valid_from) if one and one.valid_from else ""
    ends = format_us(one.valid_to) if one and one.valid_to else ""
    return (
        Spec("number", "Number", one.number if one else "", "as the payer's letter says it", required=True),
        Spec("codes", "Codes", codes, "all of them where nothing is written; f4 lists them", "several",
             _codes(desk)),
        Spec("valid_from", "From", begins, "first service date", reads=shows_day(desk)),
        Spec("valid_to", "To", ends, "last service date", reads=shows_day(desk, "future")),
        Spec("units", "Units", str(one.units) if one and one.units else "",
             "how many it allows, where it says so"),
        Spec("note", "Note", one.note if one else ""),
    )  # fmt: skip


def _units(text: str) -> int:
    units = text.strip()
    if units and not (units.isascii() and units.isdecimal()):
        raise refused("units", f"“{units}” is no number of units")
    # The length is looked at first: Python does not turn thousands of digits into a number.
    if len(units.lstrip("0")) > len(str(MAX_UNITS)):
        raise refused("units", f"An authorization has at most {MAX_UNITS:,} units")
    return int(units or 0)


def attaching(desk: Desk, number: str) -> FormReady:
    """The form that attaches a file to a claim."""
    from casemgr.services.attachments import KINDS

    name = f"attachment.add {number}"
    kinds = tuple(Choice(kind, label) for kind, label in KINDS.items())
    fields = (
        Spec("path", "File", "", "its folder and name: ~/Documents/referral.pdf", required=True),
        Spec("kind", "Kind", "support", "", "choice", kinds, required=True),
        Spec("what", "What it is", "", "in a few words, for the packet's index"),
    )
    words = "PDF, PNG or JPEG. It is copied into the encrypted data; the file itself may go."
    return FormReady(
        Form(name, f"Attach to {number}", fields, partial(attach_it, number=number, name=name), words)
    )


def attach_it(desk: Desk, values: Mapping[str, str], number: str, name: str) -> Acted:
    """Attach a file."""
    from casemgr.services.attachments import AttachFile, attach

    kind: Kind = values["kind"]  # type: ignore[assignment]  # one of the choices
    path = Path(values["path"].strip().strip("'\"")).expanduser()
    with saving(desk, name):
        saved = attach(desk, AttachFile(path, number, kind=kind, what=values["what"]))
    pages = "1 page" if saved.pages == 1 else f"{saved.pages} pages"
    return Acted("attached", now(desk), f"{short(saved.id)}, {pages}", saved.id)


def paying(desk: Desk, number: str) -> FormReady:
    """The form for what a patient paid."""
    name = f"payment.add {number}"
    fields = (
        Spec("amount", "Amount", "", "such as 10.00; -10.00 goes back", required=True,
             reads=lambda text: format_cents(parse_cents(text))),
        Spec("on", "On", format_us(desk.today()), required=True, reads=shows_day(desk)),
        Spec("method", "How", "", "cash, card, check"),
        Spec("note", "Note"),
    )  # fmt: skip
    save = partial(pay, number=number, name=name)
    return FormReady(Form(name, f"The patient paid for {number}", fields, save))


def pay(desk: Desk, values: Mapping[str, str], number: str, name: str) -> Acted:
    """Book what a patient paid."""
    try:
        cents = parse_cents(values["amount"])
    except ParseError as error:
        raise refused("amount", str(error)) from error
    on = read_day(desk, values, "on") or desk.today()
    with saving(desk, name):
        paid = add_payment(desk, AddPayment(number, cents, on, values["method"], values["note"]))
    words = (
        f"{format_cents(cents)} by the patient, {format_cents(paid.money.patient_balance_cents)} still open"
    )
    return Acted("booked", now(desk), words, paid.payment.id, paid.warnings)


def _methods() -> tuple[Choice, ...]:
    return tuple(Choice(method, known.label, known.aliases) for method, known in METHODS.items())


def _codes(desk: Desk) -> tuple[Choice, ...]:
    return tuple(Choice(code.code, f"{code.code} {code.title}") for code in desk.codes)


def _listed(text: str) -> tuple[str, ...]:
    """The codes of a line with semicolons; what follows a code is its title."""
    return tuple(part.split()[0] for part in text.replace(",", ";").split(";") if part.strip())
