"""Attachments: add, list, save, void."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from casemgr.cli.options import json_option, release_options, the_patient, with_desk
from casemgr.cli.output import say, show, show_json, show_table
from casemgr.core.ids import short

if TYPE_CHECKING:
    from casemgr.services.attachments import Kind
    from casemgr.services.desk import Desk
    from casemgr.services.releases import ReleaseWish


@click.group(name="attachment")
def attachment_command() -> None:
    """Keep files with a claim or a patient: PDF, PNG, JPEG.

    \b
    Examples:
      casemgr attachment add referral.pdf --claim K7Q2-2026-0001 --kind referral --what "letter to Dr. Patel"
      casemgr attachment list --claim K7Q2-2026-0001

    The file is copied into the encrypted data; `casemgr claim packet` prints it with its claim.
    """


@attachment_command.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--claim", default="", help="The claim that it goes with.")
@click.option("--patient", default="", help="Or the patient whose chart it belongs to.")
@click.option("--kind", type=click.Choice(["referral", "eob", "support"]), default="support")
@click.option("--what", default="", help="What it is, in a few words; it stands in a packet's index.")
@json_option
@with_desk
def add(desk: Desk, file: Path, claim: str, patient: str, kind: Kind, what: str, as_json: bool) -> None:
    """Attach a file; it is kept inside the encrypted data.

    \b
    Examples:
      casemgr attachment add referral.pdf --claim K7Q2-2026-0001 --kind referral --what "letter to Dr. Patel"
      casemgr attachment add call.png --patient "garcia ana 2012"
    """
    from casemgr.services.attachments import AttachFile, attach

    if bool(claim) == bool(patient):
        raise click.UsageError("Name a claim with --claim, or a patient with --patient.")
    patient_id = the_patient(desk, patient) if patient else ""
    saved = attach(desk, AttachFile(file.expanduser(), claim, patient_id, kind, what))
    if as_json:
        show_json(saved.model_dump(mode="json"))
        return
    pages = "1 page" if saved.pages == 1 else f"{saved.pages} pages"
    say(f"Attached {short(saved.id)}, {pages}. The file itself can be kept elsewhere or deleted.")


@attachment_command.command(name="list")
@click.option("--claim", default="", help="Of a claim.")
@click.option("--patient", default="", help="Of a patient, their claims included.")
@json_option
@with_desk
def list_attachments(desk: Desk, claim: str, patient: str, as_json: bool) -> None:
    """List what is attached.

    \b
    Examples:
      casemgr attachment list --claim K7Q2-2026-0001
      casemgr attachment list --patient "garcia ana 2012" --json
    """
    from casemgr.services.attachments import KINDS, attachments

    if bool(claim) == bool(patient):
        raise click.UsageError("Name a claim with --claim, or a patient with --patient.")
    found = attachments(desk, claim=claim, patient_id=the_patient(desk, patient) if patient else "")
    if as_json:
        show_json([one.model_dump(mode="json") for one in found])
        return
    show_table(
        ("Id", "Kind", "What", "File", "Pages", "KB"),
        (
            (short(one.id), KINDS[one.kind], one.what, one.name, one.pages, -(-one.size // 1000))
            for one in found
        ),
        right=("Pages", "KB"),
    )


@attachment_command.command()
@click.argument("attachment")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file to write.")
@click.option("--overwrite", is_flag=True, help="Replace a file of the same name.")
@with_desk
@release_options
def save(desk: Desk, attachment: str, output: Path | None, overwrite: bool, wish: ReleaseWish) -> None:
    """Write an attachment to a file again; that it left is recorded.

    \b
    Examples:
      casemgr attachment save 3f9c2a -o letter.pdf
    """
    from casemgr.services.attachments import save_attachment

    show(str(save_attachment(desk, attachment, output, wish=wish, overwrite=overwrite)))


@attachment_command.command()
@click.argument("attachment")
@click.option("--reason", default="", help="Why; it stays in the record.")
@with_desk
def void(desk: Desk, attachment: str, reason: str) -> None:
    """Withdraw an attachment; packets no longer show it.

    \b
    Examples:
      casemgr attachment void 3f9c2a --reason "belongs to another patient"
    """
    from casemgr.services.attachments import void_attachment

    say(f"Withdrew {short(void_attachment(desk, attachment, reason).id)}.")
