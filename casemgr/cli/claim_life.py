"""The life of a claim, from ready to closed; what is done next about it, what stands on it, its history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from casemgr.cli.claim_shown import (
    chosen,
    named,
    on_option,
    read_cents,
    reason_option,
    several,
    tell_moved,
    the_day,
)
from casemgr.cli.options import json_option, the_date, with_desk
from casemgr.cli.output import say, show_json, show_table, warn

if TYPE_CHECKING:
    from casemgr.services.desk import Desk

METHODS = ("electronic", "paper", "portal", "fax")


@click.command()
@several
@reason_option
@click.option("--sound", is_flag=True, help="Only those in which the checks find no error.")
@json_option
@with_desk
def ready(
    desk: Desk, numbers: tuple[str, ...], month: str | None, reason: str, sound: bool, as_json: bool
) -> None:
    """Declare drafts ready to be sent; with errors, a reason takes them as they are.

    \b
    Examples:
      casemgr claim ready K7Q2-2026-0001
      casemgr claim ready --month 2026-10 --sound
      casemgr claim ready --month 2026-10 --reason "the payer asks for no plan"
    """
    from casemgr.services import claim_life

    wanted = chosen(desk, numbers, month, "ready")
    fit = claim_life.without_errors(desk, wanted) if sound else wanted
    tell_moved(claim_life.ready(desk, fit, reason) if fit else [], as_json)
    if len(fit) < len(wanted):
        warn(f"{len(wanted) - len(fit)} of {len(wanted)} stay as they are: `casemgr claim check` says why.")


@click.command()
@several
@click.option("--method", type=click.Choice(METHODS), default="electronic", show_default=True)
@on_option("The day on which they were sent")
@click.option("--reference", default="", help="The receipt of the clearing house or portal.")
@json_option
@with_desk
def submit(
    desk: Desk,
    numbers: tuple[str, ...],
    month: str | None,
    method: Any,
    on: str | None,
    reference: str,
    as_json: bool,
) -> None:
    """Record that ready claims were sent; each gets its attachment control number.

    \b
    Examples:
      casemgr claim submit --month 2026-10 --on 11/2/2026 --reference CH-88120
      casemgr claim submit K7Q2-2026-0001 --method paper
    """
    from casemgr.core.billing_commands import SubmitClaims
    from casemgr.services import claim_life

    wish = SubmitClaims(chosen(desk, numbers, month, "submit"), method, the_day(desk, on), reference)
    moved = claim_life.submit(desk, wish)
    tell_moved(moved, as_json)
    if not as_json and len(moved) == 1:
        say(f"Attachment control number: {moved[0].claim.submissions[-1].control_number}")


@click.command()
@several
@click.option("--payer-number", default="", help="The payer's own number of the claim.")
@json_option
@with_desk
def accept(desk: Desk, numbers: tuple[str, ...], month: str | None, payer_number: str, as_json: bool) -> None:
    """Record that the payer took claims in.

    \b
    Examples:
      casemgr claim accept K7Q2-2026-0001 --payer-number 20261103X0042
    """
    from casemgr.services import claim_life

    tell_moved(claim_life.accept(desk, chosen(desk, numbers, month, "accept"), payer_number), as_json)


@click.command()
@named
@reason_option
@on_option("The day on which the appeal was sent")
@json_option
@with_desk
def appeal(desk: Desk, numbers: tuple[str, ...], reason: str, on: str | None, as_json: bool) -> None:
    """Record that an appeal was sent; `claim letter` writes it.

    \b
    Examples:
      casemgr claim appeal K7Q2-2026-0001 --reason "it was authorized: PA-77" --on 12/3/2026
    """
    from casemgr.services import claim_life

    tell_moved(claim_life.appeal(desk, numbers, the_day(desk, on), reason), as_json)


@click.command()
@named
@reason_option
@json_option
@with_desk
def correct(desk: Desk, numbers: tuple[str, ...], reason: str, as_json: bool) -> None:
    """Take claims back to draft, to be sent again as corrected.

    \b
    Examples:
      casemgr claim correct K7Q2-2026-0001 --reason "diagnosis was missing"
    """
    from casemgr.services import claim_life

    tell_moved(claim_life.correct(desk, numbers, reason), as_json)


@click.command()
@several
@reason_option
@json_option
@with_desk
def close(desk: Desk, numbers: tuple[str, ...], month: str | None, reason: str, as_json: bool) -> None:
    """End claims of which nothing more is expected; with money open, it needs a reason.

    With --month, those that are paid.

    \b
    Examples:
      casemgr claim close K7Q2-2026-0001
      casemgr claim close --month 2026-10
    """
    from casemgr.services import claim_life

    tell_moved(claim_life.close(desk, chosen(desk, numbers, month, "close"), reason), as_json)


@click.command(name="write-off")
@named
@click.option("--amount", help="How much, in dollars; all that is open unless said.")
@reason_option
@json_option
@with_desk
def write_off(desk: Desk, numbers: tuple[str, ...], amount: str | None, reason: str, as_json: bool) -> None:
    """Give up what the insurer still owes, or a part of it.

    \b
    Examples:
      casemgr claim write-off K7Q2-2026-0001 --reason "filed too late"
      casemgr claim write-off K7Q2-2026-0001 --amount 5 --reason "small balance"
    """
    from casemgr.services import claim_life

    cents = read_cents(amount, "amount") if amount is not None else None
    tell_moved(claim_life.write_off(desk, numbers, reason, cents), as_json)


@click.command()
@named
@reason_option
@json_option
@with_desk
def reopen(desk: Desk, numbers: tuple[str, ...], reason: str, as_json: bool) -> None:
    """Take claims up again where they stood before they were closed or written off.

    \b
    Examples:
      casemgr claim reopen K7Q2-2026-0001 --reason "the payer looks at it again"
    """
    from casemgr.services import claim_life

    tell_moved(claim_life.reopen(desk, numbers, reason), as_json)


@click.command(name="next")
@click.argument("number")
@click.argument("what", nargs=-1)
@click.option("--on", metavar="DATE", help="By when.")
@json_option
@with_desk
def next_(desk: Desk, number: str, what: tuple[str, ...], on: str | None, as_json: bool) -> None:
    """Say what is to be done next about a claim, and when; without words, take it away.

    \b
    Examples:
      casemgr claim next K7Q2-2026-0001 ask for its status --on 12/1
    """
    from casemgr.services.claim_edit import next_action

    due = the_date(desk, on, "on", future=True) if on else None
    tell_moved([next_action(desk, number, " ".join(what), due)], as_json)


@click.command()
@click.argument("number")
@click.option("--diagnosis", "diagnoses", multiple=True, help="ICD-10-CM, the primary one first; or none.")
@click.option("--authorization", help="Number of a prior authorization; or none.")
@click.option("--place", help="Place of service, two digits; 11 is the office.")
@reason_option
@json_option
@with_desk
def edit(
    desk: Desk,
    number: str,
    diagnoses: tuple[str, ...],
    authorization: str | None,
    place: str | None,
    reason: str,
    as_json: bool,
) -> None:
    """Change diagnoses, authorization or place of service before a claim is sent.

    \b
    Examples:
      casemgr claim edit K7Q2-2026-0001 --diagnosis Z59.82 --diagnosis K02.9
      casemgr claim edit K7Q2-2026-0001 --authorization PA-77
    """
    from casemgr.core.billing_commands import EditClaim
    from casemgr.services.claim_edit import edit as save

    changes: dict[str, str | tuple[str, ...]] = {}
    if diagnoses:
        changes["diagnoses"] = diagnoses
    if authorization is not None:
        changes["authorization_id"] = authorization
    if place is not None:
        changes["place_of_service"] = place
    tell_moved([save(desk, EditClaim(number, changes, reason))], as_json)


@click.command()
@click.argument("number")
@json_option
@with_desk
def history(desk: Desk, number: str, as_json: bool) -> None:
    """Show what was ever done to a claim, its answers and payments: when, who, what and why.

    \b
    Examples:
      casemgr claim history K7Q2-2026-0001
    """
    from casemgr.core.dates import format_us
    from casemgr.services.claim_story import story_of

    steps = story_of(desk, number)
    if as_json:
        show_json(
            [
                {
                    **step.told._asdict(),
                    "about": step.about,
                    "when": step.told.when.isoformat(),
                    "differences": [
                        {"label": one.label, "before": one.before, "after": one.after}
                        for one in step.told.differences
                    ],
                }
                for step in steps
            ]
        )
        return
    show_table(
        ("When", "Who", "What", "Why", "Changed", "Entry"),
        (
            (
                f"{format_us(step.told.when.date())} {step.told.when:%H:%M}",
                step.told.who,
                f"{step.about}: {step.told.did}" if step.about else step.told.did,
                step.told.reason,
                step.changed,
                step.told.place,
            )
            for step in steps
        ),
    )


COMMANDS = (ready, submit, accept, appeal, correct, close, write_off, reopen, next_, edit, history)
"""What this file adds to `claim`."""
