"""Claims on paper: print, packet, letter."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from casemgr.cli.options import (
    copies_option,
    json_option,
    printer_option,
    release_options,
    the_month,
    with_desk,
)
from casemgr.cli.output import show, show_json, warn

if TYPE_CHECKING:
    from collections.abc import Iterable

    from casemgr.core.billing import Claim
    from casemgr.services.desk import Desk
    from casemgr.services.printing import PrintedClaim
    from casemgr.services.releases import ReleaseWish

MANY = 10
"""So many papers take long enough to show how far they are."""

month_option = click.option("--month", help="Every claim of a month, such as 2026-10.")
output_option = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="A file for one claim that is named, else a folder.",
)
overwrite_option = click.option("--overwrite", is_flag=True, help="Replace files of the same name.")


@click.command(name="print")
@click.argument("numbers", nargs=-1)
@month_option
@output_option
@click.option(
    "--text", "as_text", is_flag=True, help="The text for a remarks box instead, at most 400 characters."
)
@click.option(
    "--note", "as_note", is_flag=True, help="The same as the note of an electronic claim: 5 lines of 80."
)
@overwrite_option
@printer_option
@copies_option
@json_option
@with_desk
@release_options
def print_command(
    desk: Desk,
    numbers: tuple[str, ...],
    month: str | None,
    output: Path | None,
    as_text: bool,
    as_note: bool,
    overwrite: bool,
    printer: str | None,
    copies: int | None,
    as_json: bool,
    wish: ReleaseWish,
) -> None:
    """Print the documentation of claims as PDF, one file a claim, or on a printer; each print is recorded.

    \b
    Examples:
      casemgr claim print K7Q2-2026-0001 -o claim.pdf
      casemgr claim print --month 2026-10
      casemgr claim print K7Q2-2026-0001 --text
      casemgr claim print --month 2026-10 --printer Office --copies 2
      casemgr claim print --month 2026-10 --recipient harbor-audit
    """
    from casemgr.services.printing import print_claims

    in_words = as_text or as_note
    if printer is not None and (output is not None or in_words or overwrite):
        raise click.UsageError(
            "--printer prints on paper: leave out --output, --text, --note and --overwrite."
        )
    if copies is not None and printer is None:
        raise click.UsageError("--copies goes with --printer.")
    claims = wanted(desk, numbers, month)
    if in_words:
        _show_remarks(desk, claims, as_note, as_json, wish)
    elif printer is not None:
        _print_on(desk, claims, printer, copies or 1, as_json, wish)
    else:
        folder, path = place(output, numbers)
        printed = print_claims(desk, claims, folder, path=path, wish=wish, overwrite=overwrite)
        tell(printed, len(claims), as_json)


@click.command(name="packet")
@click.argument("numbers", nargs=-1)
@month_option
@output_option
@overwrite_option
@json_option
@with_desk
@release_options
def packet_command(
    desk: Desk,
    numbers: tuple[str, ...],
    month: str | None,
    output: Path | None,
    overwrite: bool,
    as_json: bool,
    wish: ReleaseWish,
) -> None:
    """Put everything about a claim into one PDF: documentation, activity record, benefits, attached files.

    Each page says whose it is, its claim and control number, and which page of how many it is.

    \b
    Examples:
      casemgr claim packet K7Q2-2026-0001
      casemgr claim packet K7Q2-2026-0001 -o packet.pdf
      casemgr claim packet --month 2026-10 -o october
    """
    from casemgr.services.packets import write_packets

    claims = wanted(desk, numbers, month)
    folder, path = place(output, numbers)
    packets = write_packets(desk, claims, folder, path=path, wish=wish, overwrite=overwrite)
    tell(packets, len(claims), as_json)


@click.command(name="letter")
@click.argument("number")
@click.option(
    "--why", default="", help="What the dentist says to the payer's reasons; stands before what is quoted."
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file.")
@overwrite_option
@json_option
@with_desk
@release_options
def letter_command(
    desk: Desk,
    number: str,
    why: str,
    output: Path | None,
    overwrite: bool,
    as_json: bool,
    wish: ReleaseWish,
) -> None:
    """Write the letter that appeals a denial; it quotes only what was signed in time, word for word.

    \b
    Examples:
      casemgr claim letter K7Q2-2026-0001
      casemgr claim letter K7Q2-2026-0001 --why "The referral letter that was missing is enclosed."
    """
    from casemgr.services.appeals import cautions, write_letter
    from casemgr.services.claims import the_claim

    claim = the_claim(desk, number)
    written = write_letter(desk, claim, output, argument=why, wish=wish, overwrite=overwrite)
    tell(iter((written,)), 1, as_json)
    for text in cautions(desk, claim):
        warn(text)


def wanted(desk: Desk, numbers: tuple[str, ...], month: str | None) -> list[Claim]:
    """The claims that are named, or those of a month."""
    from casemgr.errors import NotFound
    from casemgr.services.claims import listed, the_claim

    if bool(numbers) == bool(month):
        raise click.UsageError("Name claims by their numbers, or a month with --month.")
    named = list(numbers) if numbers else [row.number for row in listed(desk, the_month(desk, month or ""))]
    if not named:
        raise NotFound(
            f"There are no claims for {month}", "", "Draft them first with `casemgr claim draft --month …`."
        )
    return [the_claim(desk, number) for number in named]


def place(output: Path | None, numbers: tuple[str, ...]) -> tuple[Path | None, Path | None]:
    """The folder to write to, or the file for the one claim that is named."""
    one_file = output is not None and len(numbers) == 1 and not output.is_dir()
    return (None, output) if one_file else (output, None)


def tell(papers: Iterable[PrintedClaim], count: int, as_json: bool) -> None:
    """Write papers, show how far they are where they are many, and say where they are."""
    with click.progressbar(
        papers,
        length=count,
        label="Printing",
        file=sys.stderr,
        hidden=not sys.stderr.isatty() or count < MANY,
    ) as bar:
        written = list(bar)
    if as_json:
        show_json([{"number": one.number, "path": str(one.path), "sha256": one.sha256} for one in written])
        return
    for one in written:
        show(str(one.path))


def _show_remarks(desk: Desk, claims: list[Claim], as_note: bool, as_json: bool, wish: ReleaseWish) -> None:
    """Show the text for a remarks box, or its lines as an electronic claim has them."""
    from casemgr.core.narrative import note_lines
    from casemgr.services.printing import remarks

    texts = [(claim.number, remarks(desk, claim, wish)) for claim in claims]
    if as_json:
        show_json([{"number": number, "text": text, "lines": note_lines(text)} for number, text in texts])
        return
    for number, text in texts:
        for line in note_lines(text) if as_note else (text,):
            show(line if len(texts) == 1 else f"{number}  {line}")


def _print_on(
    desk: Desk, claims: list[Claim], printer: str, copies: int, as_json: bool, wish: ReleaseWish
) -> None:
    """Print claims on a printer, and tell each job as soon as it is in the queue."""
    from casemgr.services.spooling import spool_claims

    jobs = []
    for one in spool_claims(desk, claims, printer, copies, wish):
        jobs.append(one._asdict())
        if not as_json:
            show(f"{one.number}  {one.job}")
    if as_json:
        show_json(jobs)


COMMANDS = (print_command, packet_command, letter_command)
"""What joins the commands about claims."""
