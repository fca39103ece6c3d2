"""What payers said about benefits, and the authorizations they gave."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from casemgr.cli.options import json_option, the_date, the_patient, with_desk
from casemgr.cli.output import say, show_json, show_table
from casemgr.core.billing_commands import MAX_UNITS
from casemgr.core.ids import short

if TYPE_CHECKING:
    from casemgr.core.billing import Authorization
    from casemgr.services.benefits import Covered
    from casemgr.services.desk import Desk


@click.group(name="benefits")
def benefits_command() -> None:
    """Record and list what payers said about patients' benefits.

    \b
    Examples:
      casemgr benefits verify garcia ana 2012 --covered yes --by phone --with "Kim" --reference 88120
      casemgr benefits list garcia ana 2012

    A claim's checks ask for it: when, with whom, and what was said.
    """


@benefits_command.command()
@click.argument("patient", nargs=-1, required=True)
@click.option("--payer", default="", help="Which payer; the one of that day unless said.")
@click.option("--on", "verified_on", metavar="DATE", help="When: today unless said.")
@click.option("--by", "method", default="", help="How: phone, portal, …")
@click.option("--with", "contacted", default="", help="With whom it was spoken.")
@click.option("--reference", default="", help="The call's or page's reference number.")
@click.option("--covered", type=click.Choice(["yes", "no", "unknown"]), default="unknown")
@click.option("--code", "codes", multiple=True, help="The code that was asked about; may be repeated.")
@click.option("--said", default="", help="What was said: limits, authorization, deductible.")
@json_option
@with_desk
def verify(
    desk: Desk,
    patient: tuple[str, ...],
    payer: str,
    verified_on: str | None,
    method: str,
    contacted: str,
    reference: str,
    covered: Covered,
    codes: tuple[str, ...],
    said: str,
    as_json: bool,
) -> None:
    """Record what a payer said about a patient's benefits.

    \b
    Examples:
      casemgr benefits verify garcia ana 2012 --covered yes --by phone --reference 88120
      casemgr benefits verify 1034 --on 10/2 --code D9992 --said "1 per day, no authorization needed"
    """
    from casemgr.services.benefits import VerifyBenefits, verify_benefits

    wish = VerifyBenefits(
        patient_id=the_patient(desk, " ".join(patient)),
        verified_on=the_date(desk, verified_on, "on") if verified_on else desk.today(),
        payer=payer,
        method=method,
        contacted=contacted,
        reference=reference,
        covered=covered,
        codes=codes,
        said=said,
    )
    saved = verify_benefits(desk, wish)
    if as_json:
        show_json(saved.model_dump(mode="json"))
        return
    say(f"Recorded {short(saved.id)}.")


@benefits_command.command(name="list")
@click.argument("patient", nargs=-1, required=True)
@json_option
@with_desk
def list_benefits(desk: Desk, patient: tuple[str, ...], as_json: bool) -> None:
    """List what payers said about a patient's benefits, the newest first.

    \b
    Examples:
      casemgr benefits list garcia ana 2012 --json
    """
    from casemgr.core.dates import format_us
    from casemgr.core.methods import method_label
    from casemgr.services.benefits import verifications

    found = verifications(desk, the_patient(desk, " ".join(patient)))
    if as_json:
        show_json([one.model_dump(mode="json") for one in found])
        return
    show_table(
        ("Id", "Verified", "Covered", "Codes", "How", "With", "Reference", "Said"),
        (
            (
                short(one.id),
                format_us(one.verified_on),
                one.covered,
                ", ".join(one.codes) or "all",
                method_label(one.method),
                one.contacted,
                one.reference,
                one.said,
            )
            for one in found
        ),
    )


@benefits_command.command(name="void")
@click.argument("verification")
@click.option("--reason", default="", help="Why; it stays in the record.")
@with_desk
def void_benefits(desk: Desk, verification: str, reason: str) -> None:
    """Withdraw a verification that was recorded by mistake.

    \b
    Examples:
      casemgr benefits void 3f9c2a --reason "wrong patient"
    """
    from casemgr.services.benefits import void_verification

    say(f"Withdrew {short(void_verification(desk, verification, reason).id)}.")


@click.group(name="authorization")
def authorization_command() -> None:
    """Record, list and edit prior authorizations.

    \b
    Examples:
      casemgr authorization add garcia ana 2012 --number PA-5521 --code D9992 --from 10/1 --to 12/31 --units 6
      casemgr authorization list
    """


@authorization_command.command(name="add")
@click.argument("patient", nargs=-1, required=True)
@click.option("--number", default="", help="As the payer's letter says it.")
@click.option("--payer", default="", help="Which payer; the one of its first day unless said.")
@click.option("--code", "codes", multiple=True, help="A code that it is for; all of them unless said.")
@click.option("--from", "valid_from", metavar="DATE", help="First service date.")
@click.option("--to", "valid_to", metavar="DATE", help="Last service date.")
@click.option("--units", type=click.IntRange(0, MAX_UNITS), default=0, help="Units that it allows.")
@click.option("--note", default="")
@json_option
@with_desk
def add_authorization_(
    desk: Desk,
    patient: tuple[str, ...],
    number: str,
    payer: str,
    codes: tuple[str, ...],
    valid_from: str | None,
    valid_to: str | None,
    units: int,
    note: str,
    as_json: bool,
) -> None:
    """Record a prior authorization; claims drafted under its coverage take it up.

    \b
    Examples:
      casemgr authorization add garcia ana 2012 --number PA-5521 --code D9992 --from 10/1 --to 12/31 --units 6
    """
    from casemgr.services.benefits import AddAuthorization, add_authorization

    wish = AddAuthorization(
        patient_id=the_patient(desk, " ".join(patient)),
        number=number,
        payer=payer,
        codes=codes,
        valid_from=_iso(desk, valid_from),
        valid_to=_iso(desk, valid_to, future=True),
        units=units,
        note=note,
    )
    show_saved(add_authorization(desk, wish), "Recorded", as_json)


@authorization_command.command(name="edit")
@click.argument("authorization")
@click.option("--number")
@click.option("--code", "codes", multiple=True, help="The codes that it is for, instead of those it has.")
@click.option("--from", "valid_from", metavar="DATE")
@click.option("--to", "valid_to", metavar="DATE")
@click.option("--units", type=click.IntRange(0, MAX_UNITS))
@click.option("--note")
@json_option
@with_desk
def edit_authorization_(
    desk: Desk,
    authorization: str,
    number: str | None,
    codes: tuple[str, ...],
    valid_from: str | None,
    valid_to: str | None,
    units: int | None,
    note: str | None,
    as_json: bool,
) -> None:
    """Correct an authorization; the ledger keeps what it said before.

    \b
    Examples:
      casemgr authorization edit 3f9c2a --to 3/31/2027 --units 12
    """
    from casemgr.services.benefits import edit_authorization

    changes: dict[str, str | int] = {
        name: value
        for name, value in (("number", number), ("units", units), ("note", note))
        if value is not None
    }
    if valid_from is not None:
        changes["valid_from"] = _iso(desk, valid_from)
    if valid_to is not None:
        changes["valid_to"] = _iso(desk, valid_to, future=True)
    show_saved(edit_authorization(desk, authorization, changes, codes or None), "Changed", as_json)


@authorization_command.command(name="list")
@click.argument("patient", nargs=-1)
@json_option
@with_desk
def list_authorizations(desk: Desk, patient: tuple[str, ...], as_json: bool) -> None:
    """List authorizations with the units that claims have taken.

    \b
    Examples:
      casemgr authorization list garcia ana 2012
    """
    from casemgr.core.dates import format_us
    from casemgr.services.benefits import authorizations
    from casemgr.services.patients import patient_label

    found = authorizations(desk, the_patient(desk, " ".join(patient)) if patient else "")
    if as_json:
        show_json(
            [
                {**one.authorization.model_dump(mode="json"), "used": one.used, "left": one.left}
                for one in found
            ]
        )
        return
    show_table(
        ("Id", "Patient", "Payer", "Number", "Codes", "From", "To", "Units", "Used", "Left"),
        (
            (
                short(one.authorization.id),
                patient_label(desk, one.authorization.patient_id),
                one.payer_name,
                one.authorization.number,
                ", ".join(one.authorization.codes) or "all",
                format_us(one.authorization.valid_from),
                format_us(one.authorization.valid_to),
                one.authorization.units or "",
                one.used,
                "" if one.left is None else one.left,
            )
            for one in found
        ),
        right=("Units", "Used", "Left"),
    )


@authorization_command.command(name="void")
@click.argument("authorization")
@click.option("--reason", default="", help="Why; it stays in the record.")
@with_desk
def void_authorization_(desk: Desk, authorization: str, reason: str) -> None:
    """Withdraw an authorization that was recorded by mistake.

    \b
    Examples:
      casemgr authorization void 3f9c2a --reason "wrong patient"
    """
    from casemgr.services.benefits import void_authorization

    say(f"Withdrew {short(void_authorization(desk, authorization, reason).id)}.")


def show_saved(saved: Authorization, did: str, as_json: bool) -> None:
    """Say what was saved, or print it as JSON."""
    if as_json:
        show_json(saved.model_dump(mode="json"))
    else:
        say(f"{did} {short(saved.id)}: {saved.number}.")


def _iso(desk: Desk, text: str | None, future: bool = False) -> str:
    return the_date(desk, text, future=future).isoformat() if text else ""
