"""`casemgr claim check`: what a claim lacks, whose rule says so, and where it is put right."""

from __future__ import annotations

import sys
import textwrap
from typing import TYPE_CHECKING, Any

import click

from casemgr.cli.claim_shown import show_denial
from casemgr.cli.options import json_option, the_month, with_desk
from casemgr.cli.output import say, show, show_json, show_table
from casemgr.core.dates import format_us
from casemgr.core.ids import short

if TYPE_CHECKING:
    from collections.abc import Iterable

    from casemgr.core.findings import Finding, Mend
    from casemgr.services.claim_checks import Checked
    from casemgr.services.desk import Desk

NOT_READY = 5
"""Exit code while errors stand: the record's rules forbid that the claim goes."""
_INDENT = " " * 9
_WIDTH = 100

COMMANDS = {
    "activity": "activity amend",
    "case": "case edit",
    "patient": "patient edit",
    "coverage": "coverage edit",
    "staff": "staff edit",
    "claim": "claim edit",
    "verification": "benefits verify",
    "authorization": "authorization add",
    "payer": "payer show",
    "practice": "practice edit",
}
"""The command that mends each record."""

OPTIONS = {
    "reason": "--why",
    "service_date": "--date",
    "diagnoses": "--diagnosis",
    "authorization_id": "--authorization",
    "place_of_service": "--place",
    "treating_dentist": "--dentist",
    "treating_dentist_npi": "--dentist-npi",
    "barriers": "--barrier",
    "opened_on": "--on",
    "member_id": "--member",
    "active_from": "--began",
    "active_to": "--left",
    "last_name": "--last",
    "first_name": "--first",
    "birth_date": "--born",
}
"""Options that are not called as their field is; `--reason` says why something is amended."""

PLAIN = frozenset(
    {"kind", "minutes", "start", "method", "contacted", "outcome", "response", "next_step", "note"}
)
"""Fields of every activity that have an option of the same name."""


def list_checks(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:
    """Say what each check looks at; no practice is needed for that."""
    if not wanted or ctx.resilient_parsing:
        return
    from casemgr.core.checks import CHECKS

    show_table(
        ("Check", "Looks at", "Gravest"), ((one.id, one.looks_at, one.gravest.label) for one in CHECKS)
    )
    ctx.exit()


@click.command(name="check")
@click.argument("numbers", nargs=-1)
@click.option("--month", help="Every claim of a month, such as 2026-10.")
@click.option("--full", is_flag=True, help="Every finding of each claim, also of several.")
@click.option(
    "--list",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=list_checks,
    help="Say what each check looks at, and stop.",
)
@json_option
@with_desk
def check_command(desk: Desk, numbers: tuple[str, ...], month: str | None, full: bool, as_json: bool) -> None:
    """Check claims: what is missing, whose rule says so, and where to mend it.

    Errors would be denied or are not true; warnings should be looked at; notes are good to know. The score
    says how ready a claim is: 100 is nothing missing, below 50 an error stands. What this practice was
    denied for before weighs more. The exit code is 5 while errors stand.

    \b
    Examples:
      casemgr claim check K7Q2-2026-0001
      casemgr claim check --month 2026-10
      casemgr claim check --month 2026-10 --full --json
      casemgr claim check --list
    """
    from casemgr.errors import NotFound
    from casemgr.services.claim_checks import check_claims

    if bool(numbers) == bool(month):
        raise click.UsageError("Name claims by their numbers, or a month with --month.")
    checking = check_claims(desk, numbers or the_month(desk, month or ""))
    # A month may have thousands; whoever names claims has few.
    with click.progressbar(
        checking, label="Checking", file=sys.stderr, hidden=not sys.stderr.isatty() or not month
    ) as bar:
        checked = list(bar)
    if not checked:
        raise NotFound(
            f"There are no claims for {month}", "", "Draft them first with `casemgr claim draft --month …`."
        )
    if as_json:
        show_json([checked_value(one) for one in checked])
    elif len(checked) == 1 or full:
        for at, one in enumerate(checked):
            if at:
                show()
            show_page(one)
            show_denial(desk, one.number)
    else:
        show_several(checked)
    unready = sum(not one.readiness.ready for one in checked)
    if unready:
        many = "1 claim is" if unready == 1 else f"{unready:,} claims are"
        say(f"{many} not ready: errors stand.")
        sys.exit(NOT_READY)


def checked_value(one: Checked) -> dict[str, Any]:
    """A checked claim as JSON."""
    return {
        "number": one.number,
        "status": one.status,
        "patient_id": one.patient.id,
        "patient": one.patient.display_name,
        "score": one.readiness.score,
        "ready": one.readiness.ready,
        "findings": [finding_value(finding) for finding in one.readiness.findings],
        "missing": [finding.title for finding in one.readiness.missing],
    }


def finding_value(finding: Finding) -> dict[str, Any]:
    """A finding as JSON."""
    return {
        **finding._asdict(),
        "severity": finding.severity.label,
        "mend": finding.mend._asdict() if finding.mend else None,
    }


def show_several(checked: Iterable[Checked]) -> None:
    """A line for each claim, with what is worst."""
    show_table(
        ("Claim", "Patient", "Born", "Score", "Errors", "Warnings", "First to mend"),
        (
            (
                one.number,
                one.patient.display_name,
                format_us(one.patient.birth_date),
                one.readiness.score,
                one.readiness.count("error"),
                one.readiness.count("warning"),
                one.readiness.missing[0].title if one.readiness.missing else "",
            )
            for one in checked
        ),
        right=("Score", "Errors", "Warnings"),
    )


def show_page(one: Checked) -> None:
    """A claim with all of its findings."""
    from casemgr.services.patients import label

    show(f"{one.number}  {label(one.patient)}  {one.readiness.summary}")
    for finding in one.readiness.findings:
        show()
        where = f" (line {finding.line})" if finding.line else ""
        show(_wrapped(f"{finding.severity.label:<9}{finding.title}{where}"))
        rule = f"{finding.rule} [{finding.source}]" if finding.source else finding.rule
        mend = mend_words(one, finding.mend) if finding.mend else ""
        for text in filter(None, (finding.why, rule and f"Rule: {rule}", mend and f"Mend: {mend}")):
            show(_wrapped(f"{_INDENT}{text}"))


def mend_words(one: Checked, mend: Mend) -> str:
    """The command that puts it right, with the option for what is missing."""
    named = {
        "activity": short(mend.record_id),
        "claim": one.number,
        "payer": mend.record_id,
        "staff": mend.record_id,
        "coverage": short(mend.record_id),
        "practice": "",
    }.get(mend.record, one.patient.chart_number)
    command = COMMANDS[mend.record]
    if mend.record == "case" and not mend.field:
        command = "case open"
    elif (mend.record, mend.field) == ("activity", ""):
        command = "activity show"
    elif (mend.record, mend.field) == ("activity", "status"):
        command = "activity sign"
    elif mend.record == "claim" and mend.field not in OPTIONS:
        command = "claim show"
    words = f"casemgr {command} {named}".rstrip()
    if command in {"payer show", "claim show", "activity sign", "case open"} or not mend.field:
        return words
    why = ' --reason "…"' if mend.record == "activity" else ""
    option = option_of(mend)
    return f'{words} {option}{"" if option.endswith("=") else " "}"…"{why}'


def option_of(mend: Mend) -> str:
    """The option by which a command takes a field; the kind's own fields go by --set."""
    if mend.field in OPTIONS:
        return OPTIONS[mend.field]
    if mend.record == "activity" and mend.field not in PLAIN:
        return f"--set {mend.field}="
    return f"--{mend.field.replace('_', '-')}"


def _wrapped(text: str) -> str:
    return textwrap.fill(text, _WIDTH, subsequent_indent=_INDENT, break_on_hyphens=False)
