"""The forms of a claim's life: sending it, what the payer answered, and what is done about that."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.answer_text import parse_adjustment
from casemgr.core.billing_commands import AnswerClaim, AnsweredLine, DenyClaim, EditClaim, SubmitClaims
from casemgr.core.claim_life import status_label
from casemgr.core.dates import format_us
from casemgr.core.money import format_cents, parse_cents
from casemgr.errors import ParseError
from casemgr.services import claim_edit, claim_life, remittances
from casemgr.services.benefits import authorizations
from casemgr.services.claim_money import account_of
from casemgr.services.claims import the_claim
from casemgr.services.drafts import saving
from casemgr.tui.forms import changed, read_day, refused, shows_day, was
from casemgr.tui.jobs import now
from casemgr.tui.messages import Acted, FormReady
from casemgr.tui.screens.form import Form
from casemgr.tui.widgets.fields import Choice, Spec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from casemgr.core.billing import Claim, Method
    from casemgr.services.answers import Answered
    from casemgr.services.claim_moves import Moved
    from casemgr.services.desk import Desk

METHODS = (
    Choice("electronic", "Electronically"),
    Choice("paper", "On paper"),
    Choice("portal", "Through the portal"),
    Choice("fax", "By fax"),
)
GROUPS = (
    Choice("CO", "CO, the provider bears it"),
    Choice("PR", "PR, the patient owes it"),
    Choice("OA", "OA, another adjustment"),
    Choice("PI", "PI, the payer's own decision"),
)
LINE = "line_"
"""How the fields of an answer's lines are named: with the line's place on the claim."""


class Asked(NamedTuple):
    """What the form of a step asks."""

    title: str
    fields: tuple[Spec, ...]
    words: str = ""


def moving(desk: Desk, number: str, verb: str) -> FormReady:
    """The form for a step of a claim's life, by a verb of core.claim_life.MOVES, or `next` or `edit`."""
    claim = the_claim(desk, number)
    asked = FIELDS[verb](desk, claim)
    name = f"claim.{verb} {claim.number}"
    save = partial(SAVES[verb], number=claim.number, fields=asked.fields, name=name)
    kept = was(asked.fields) if verb == "edit" else None
    return FormReady(Form(name, f"{asked.title} {claim.number}", asked.fields, save, asked.words, kept))


def _ready(desk: Desk, claim: Claim) -> Asked:
    words = "The checks find errors. It can go as it is, with a reason that stays in the record."
    reason = Spec("reason", "Reason", "", "why it may go with these errors", required=True)
    return Asked("Make ready", (reason,), words)


def _submit(desk: Desk, claim: Claim) -> Asked:
    fields = (
        Spec("on", "Sent on", format_us(desk.today()), required=True, reads=shows_day(desk)),
        Spec("method", "How", "electronic", "", "choice", METHODS, required=True),
        Spec("reference", "Reference", "", "the receipt of the clearing house or portal"),
    )
    sent = "It was sent before, so that this is the corrected claim. " if claim.submissions else ""
    return Asked("Submit", fields, f"{sent}This records that it was sent; casemgr sends nothing itself.")


def _accept(desk: Desk, claim: Claim) -> Asked:
    hint = "the payer's own number, where it gave one"
    return Asked("Accepted:", (Spec("payer_claim_number", "Payer's number", "", hint),))


def _pay(desk: Desk, claim: Claim) -> Asked:
    lines = tuple(
        Spec(
            f"{LINE}{place}",
            f"{format_us(line.service_date)} {line.code}",
            "",
            "what was paid, then what was taken off: 10.00, CO-45=3.00, PR-3=2.00",
            remark=f"of {format_cents(line.charge_cents)}",
            heading="What was paid of each line" if not place else "",
        )
        for place, line in enumerate(claim.lines)
    )
    fields = (
        Spec("on", "Dated", format_us(desk.today()), "of the check or notice", required=True,
             reads=shows_day(desk)),
        Spec("check_number", "Check", "", "check or trace number"),
        Spec("payer_claim_number", "Payer's number", claim.payer_claim_number, "as it names the claim"),
        *lines,
        Spec("remarks", "Remark codes", "", "RARCs, such as N706; spaces between"),
        Spec("note", "Note"),
    )  # fmt: skip
    return Asked("Answer to", fields, "Lines that the notice does not name stay empty.")


def _deny(desk: Desk, claim: Claim) -> Asked:
    fields = (
        Spec("on", "Dated", format_us(desk.today()), "of the notice", required=True, reads=shows_day(desk)),
        Spec("carc", "Reason (CARC)", "", "such as 197", required=True),
        Spec("group", "Group", "CO", "", "choice", GROUPS, required=True),
        Spec("remarks", "Remark codes", "", "RARCs, such as N706; spaces between"),
        Spec("appeal_by", "Appeal by", "", "the last day, where the notice names it",
             reads=shows_day(desk, "future")),
        Spec("payer_claim_number", "Payer's number", claim.payer_claim_number),
        Spec("note", "Note"),
    )  # fmt: skip
    return Asked("Denial of", fields, "All of it is denied; `pay` takes an answer line by line.")


def _appeal(desk: Desk, claim: Claim) -> Asked:
    fields = (
        Spec("on", "Sent on", format_us(desk.today()), required=True, reads=shows_day(desk)),
        Spec("reason", "Why", "", "what the appeal says", required=True),
    )
    until = f"The last day is {format_us(claim.appeal_by)}. " if claim.appeal_by else ""
    return Asked("Appeal", fields, f"{until}L writes the letter, which quotes the signed entries.")


def _correct(desk: Desk, claim: Claim) -> Asked:
    words = "It goes back to draft, is checked anew and sent again as corrected. What was sent is kept."
    return Asked("Correct", (Spec("reason", "Why", "", "what has to be corrected", required=True),), words)


def _close(desk: Desk, claim: Claim) -> Asked:
    open_cents = account_of(desk, claim).money.insurer_cents
    owes = f"The insurer still owes {format_cents(open_cents)}: say why that is given up."
    reason = Spec("reason", "Why", "", "", required=bool(open_cents))
    return Asked("Close", (reason,), owes if open_cents else "")


def _write_off(desk: Desk, claim: Claim) -> Asked:
    open_cents = account_of(desk, claim).money.insurer_cents
    fields = (
        Spec(
            "amount",
            "Amount",
            format_cents(open_cents),
            "what is given up",
            required=True,
            reads=_shows_cents,
        ),
        Spec("reason", "Why", "", "", required=True),
    )  # fmt: skip
    return Asked(
        "Write off", fields, f"The insurer owes {format_cents(open_cents)}: all of it ends the claim."
    )


def _reopen(desk: Desk, claim: Claim) -> Asked:
    words = f"It is {status_label(claim.status)}."
    return Asked("Reopen", (Spec("reason", "Why", "", "", required=True),), words)


def _next(desk: Desk, claim: Claim) -> Asked:
    on = format_us(claim.next_action_on) if claim.next_action_on else ""
    fields = (
        Spec("what", "What", claim.next_action, "such as: call provider relations"),
        Spec("on", "On", on, "a date", reads=shows_day(desk, "future")),
    )
    return Asked("Next step for", fields, "It stands in the list of what is owed until the claim moves.")


def _edit(desk: Desk, claim: Claim) -> Asked:
    codes = tuple(Choice(each.code, f"{each.code} {each.label}") for each in desk.reasons.barriers)
    held = tuple(
        Choice(one.authorization.id, one.authorization.number)
        for one in authorizations(desk, claim.patient_id)
        if one.authorization.coverage_id == claim.coverage_id
    )
    none = (Choice("none", "none"),)
    fields = (
        Spec("diagnoses", "Diagnoses", "; ".join(map(desk.reasons.barrier_text, claim.diagnoses)),
             "the primary one first; f4 lists codes; semicolons between", "several", codes),
        Spec("authorization_id", "Authorization", claim.authorization_id or "none", "", "choice",
             (*none, *held)),
        Spec("place_of_service", "Place", claim.place_of_service, "two digits; 11 is the office"),
    )  # fmt: skip
    return Asked("Edit", fields, "Lines follow the log: amend the activity, and they change with it.")


FIELDS: dict[str, Callable[[Desk, Claim], Asked]] = {
    "ready": _ready,
    "submit": _submit,
    "accept": _accept,
    "pay": _pay,
    "deny": _deny,
    "appeal": _appeal,
    "correct": _correct,
    "close": _close,
    "write off": _write_off,
    "reopen": _reopen,
    "next": _next,
    "edit": _edit,
}
"""Fields, title and words of each step's form, by its verb."""


def _save(
    desk: Desk, values: Mapping[str, str], number: str, fields: Sequence[Spec], name: str, verb: str
) -> Acted:
    """Take a step, with what the form says."""
    with saving(desk, name):
        moved = STEPS[verb](desk, number, values, fields)
        return told(desk, moved)


def told(desk: Desk, moved: Moved) -> Acted:
    """What a step did."""
    state = status_label(moved.claim.status)
    return Acted("saved", now(desk), f"{moved.claim.number} is {state}", moved.claim.id, moved.warnings)


def _save_answer(
    desk: Desk, values: Mapping[str, str], number: str, fields: Sequence[Spec], name: str, verb: str
) -> Acted:
    """Book an answer, with what the form says."""
    on = read_day(desk, values, "on")
    if on is None:
        raise refused("on", "this is needed")
    remarks = tuple(values["remarks"].replace(",", " ").split())
    with saving(desk, name):
        if verb == "deny":
            wish = DenyClaim(
                number, on, values["carc"], values["group"], remarks,
                payer_claim_number=values["payer_claim_number"],
                appeal_by=read_day(desk, values, "appeal_by", "future"), note=values["note"],
            )  # fmt: skip
            booked = remittances.deny(desk, wish)
        else:
            claim = the_claim(desk, number)
            lines = tuple(
                _line(f"{LINE}{place}", (line.service_date, line.code), values[f"{LINE}{place}"])
                for place, line in enumerate(claim.lines)
                if values[f"{LINE}{place}"].strip()
            )
            told_so = AnswerClaim(
                number, on, lines, remarks, values["check_number"], values["payer_claim_number"],
                note=values["note"],
            )  # fmt: skip
            booked = remittances.answer(desk, told_so)
        return _booked(desk, booked)


def _booked(desk: Desk, booked: Answered) -> Acted:
    words = f"{booked.claim.number} is {status_label(booked.claim.status)}"
    return Acted("booked", now(desk), words, booked.claim.id, booked.warnings)


def _line(field: str, key: tuple[str, str], text: str) -> AnsweredLine:
    paid, *taken = text.split(",")
    try:
        return AnsweredLine(key, parse_cents(paid), tuple(map(parse_adjustment, taken)))
    except ParseError as error:
        raise refused(field, str(error)) from error


def _shows_cents(text: str) -> str:
    return format_cents(parse_cents(text))


def _submitted(desk: Desk, number: str, values: Mapping[str, str], fields: Sequence[Spec]) -> Moved:
    on = read_day(desk, values, "on")
    if on is None:
        raise refused("on", "this is needed")
    method: Method = values["method"]  # type: ignore[assignment]  # one of the choices
    return claim_life.submit(desk, SubmitClaims((number,), method, on, values["reference"]))[0]


def _appealed(desk: Desk, number: str, values: Mapping[str, str], fields: Sequence[Spec]) -> Moved:
    on = read_day(desk, values, "on")
    if on is None:
        raise refused("on", "this is needed")
    return claim_life.appeal(desk, [number], on, values["reason"])[0]


def _written_off(desk: Desk, number: str, values: Mapping[str, str], fields: Sequence[Spec]) -> Moved:
    try:
        cents = parse_cents(values["amount"])
    except ParseError as error:
        raise refused("amount", str(error)) from error
    return claim_life.write_off(desk, [number], values["reason"], cents)[0]


def _edited(desk: Desk, number: str, values: Mapping[str, str], fields: Sequence[Spec]) -> Moved:
    changes: dict[str, str | tuple[str, ...]] = {**changed(fields, values)}
    if "diagnoses" in changes:
        parts = values["diagnoses"].split(";")
        changes["diagnoses"] = tuple(part.split()[0] for part in parts if part.strip()) or ("none",)
    return claim_edit.edit(desk, EditClaim(number, changes))


STEPS: dict[str, Callable[[Desk, str, Mapping[str, str], Sequence[Spec]], Moved]] = {
    "ready": lambda desk, number, values, _: claim_life.ready(desk, [number], values["reason"])[0],
    "submit": _submitted,
    "accept": lambda desk, number, values, _: claim_life.accept(desk, [number], values["payer_claim_number"])[
        0
    ],
    "appeal": _appealed,
    "correct": lambda desk, number, values, _: claim_life.correct(desk, [number], values["reason"])[0],
    "close": lambda desk, number, values, _: claim_life.close(desk, [number], values["reason"])[0],
    "write off": _written_off,
    "reopen": lambda desk, number, values, _: claim_life.reopen(desk, [number], values["reason"])[0],
    "next": lambda desk, number, values, _: claim_edit.next_action(
        desk, number, values["what"], read_day(desk, values, "on", "future")
    ),
    "edit": _edited,
}
"""What takes each step."""

SAVES = {verb: partial(_save, verb=verb) for verb in STEPS} | {
    verb: partial(_save_answer, verb=verb) for verb in ("pay", "deny")
}
"""What saves each form."""
