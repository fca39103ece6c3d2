"""The way in: finds the command, and tells people plainly what went wrong."""

from __future__ import annotations

import errno
import os
import signal
import sys
from importlib import import_module
from io import StringIO, UnsupportedOperation
from pathlib import Path
from typing import NoReturn

import click

from casemgr import __version__
from casemgr.cli.output import say, show_error, silence_output, unshown
from casemgr.errors import EXIT_CODES, CasemgrError, InputRefused, NotWritten

COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("setup", "Make a new practice."),
    "demo": ("setup", "Make a synthetic practice and run a month of work on it."),
    "unlock": ("access", "Give your passphrase, for a while."),
    "lock": ("access", "Forget the key, so that a passphrase is asked for."),
    "log": ("log", "Log a piece of work in one line."),
    "undo": ("log", "Undo your last action."),
    "redo": ("log", "Redo what you undid last."),
    "activity": ("activity", "List, show, amend, void and sign activities."),
    "practice": ("practice", "Show and edit the practice's own particulars."),
    "patient": ("patient", "Add, list, show and edit patients."),
    "staff": ("staff", "Add, list, show and edit staff."),
    "payer": ("payer", "List and show payers and their rules."),
    "coverage": ("payer", "Add and list patients' coverage."),
    "benefits": ("benefits", "Record what payers said about benefits."),
    "authorization": ("benefits", "Record, list and edit prior authorizations."),
    "attachment": ("attachment", "Keep files with a claim or a patient."),
    "case": ("case", "Open, list, show, edit and close cases."),
    "follow-up": ("follow_up", "List, add, finish, snooze and assign follow-ups."),
    "timer": ("timer", "Time a piece of work while it is being done."),
    "claim": ("claim", "Draft, check, send, print and follow claims."),
    "remittance": ("remittance", "Type in, list and show payers' answers."),
    "payment": ("payment", "Add and list what patients pay."),
    "export": ("export", "Write workbooks: the month for billing, or another profile."),
    "recipient": ("recipient", "Add, list and remove those for whom files are encrypted."),
    "month": ("month", "List, show, close and reopen months."),
    "report": ("report", "Sum up a month, a patient or staff, compare months, list what is owed."),
    "import": ("imports", "Read patients, staff, a log, payers' answers or billing's columns from a file."),
    "kind": ("content", "List and show the kinds of activity."),
    "code": ("content", "List and show procedure codes."),
    "ledger": ("safety", "List the ledger's entries."),
    "verify": ("safety", "Prove that ledger, tables and printed witnesses agree."),
    "doctor": ("doctor", "Look at program, files, backups and who gets in, with advice."),
    "backup": ("backup", "Copy the data to a file and prove the copy; list copies, and try one out."),
    "restore": ("backup", "Show what is in a backup, put it back and prove the result."),
    "locate": ("safety", "Say where everything is kept."),
    "settings": ("preferences", "Show and change theme, keys and defaults."),
    "completion": ("completion", "Print the completion script for bash, zsh or fish."),
    "tui": ("tui", "Open the terminal UI."),
}
"""Each command: the file of this package that has it, imported when needed, and its line in the help."""

EXIT_CODE_HELP = "\b\nExit codes:\n" + "\n".join(
    f"  {code:>3}  {meaning}" for code, meaning in EXIT_CODES.items()
)


class Commands(click.Group):
    """The commands, each imported when it is asked for: `--help` and completion cost next to nothing."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names, in the order of a working day."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"casemgr.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_") + "_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in the help, without importing a single command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; where whoever reads its output leaves, there is nobody to tell."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # Here, since click answers it with an exit code that means a fault of ours.
            silence_output()
            return 0

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; an unknown one is answered with the nearest."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, n=3)
            if not near:
                raise
            raise click.UsageError(f"{error.message} Did you mean {' or '.join(near)}?", ctx) from error


@click.group(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=EXIT_CODE_HELP,
)
@click.option(
    "--as",
    "acting",
    metavar="LOGIN",
    help="Who acts, else CASEMGR_STAFF: never another than who has unlocked.",
)
@click.version_option(__version__, prog_name="casemgr")
@click.pass_context
def casemgr(ctx: click.Context, acting: str | None) -> None:
    """The log of a dental case manager, and the claims, workbooks and documents made from it.

    \b
    Examples:
      casemgr demo                       try it on a synthetic practice
      casemgr init                       make your own
      casemgr log "20m referral Garcia Ana 4/9/2012: surgery consult => booked 10/28 !10/26 confirm ride"
      casemgr follow-up list
      casemgr claim draft --month 2026-10
      casemgr export month 2026-10

    Without a command, the terminal UI opens. CASEMGR_HOME names the folder that holds everything.
    """
    ctx.obj = acting or ""
    if ctx.invoked_subcommand is None:
        from casemgr.cli.tui import open_terminal_ui

        open_terminal_ui(acting or "")


def fill_closed_streams() -> None:
    """Put something in the place of streams that were closed: reading from them, or writing data, is refused.

    Their numbers would else go to the next files that are opened, and their errors would be faults of ours.
    """
    for name, mode in (("stdin", "w"), ("stdout", "r"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - it stays open


def in_plain_words(error: OSError) -> CasemgrError | None:
    """What one of the system's errors means, wherever it came from; None for a fault of ours."""
    if isinstance(error, UnsupportedOperation):
        return unshown(error)
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        silence_output()
        return NotWritten("There is no space left", "Not all could be written.", "Free some, then try again.")
    if error.errno == errno.ENAMETOOLONG:
        return InputRefused(
            "The name of a file or folder is too long", "Nothing was done.", "Choose a shorter one."
        )
    if error.errno in {errno.EIO, errno.EROFS}:
        return NotWritten(
            "The disk refused to read or write",
            "What you asked for was not half done: it is saved whole or not at all.",
            "Check the disk, run `casemgr verify`, and look what is there before you do it again.",
        )
    return None


def end(_signal: int, _frame: object) -> NoReturn:
    """Leave as if somebody had pressed Ctrl-C, so that nothing unfinished is left behind."""
    sys.exit(143)


def main() -> NoReturn:
    """Run the command line and leave with a documented exit code."""
    fill_closed_streams()
    signal.signal(signal.SIGTERM, end)
    # Names from anywhere must print anywhere: what a terminal cannot show becomes an escape, never a crash.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        sys.exit(
            # Named here, so that help and completion say the same however the program was started.
            casemgr.main(prog_name="casemgr", complete_var="_CASEMGR_COMPLETE", standalone_mode=False) or 0
        )
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        # They quote what was typed, which must not steer the terminal either.
        told = StringIO()
        error.show(told)
        say(told.getvalue().rstrip("\n"))
        sys.exit(2)
    except CasemgrError as error:
        show_error(error)
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort, EOFError):
        say("Stopped. Nothing was half done.")
        sys.exit(130)
    except UnicodeEncodeError:
        # Bytes that are no text reach Python as lone surrogates, which nothing can store or show.
        refused = InputRefused(
            "Some of the text is no valid Unicode",
            "Nothing was saved.",
            "Type it again; of a file, save it as UTF-8.",
        )
        show_error(refused)
        sys.exit(refused.exit_code)
    except Exception as error:
        plain = in_plain_words(error) if isinstance(error, OSError) else None
        if plain is not None:
            show_error(plain)
            sys.exit(plain.exit_code)
        from casemgr.cli.fault import report_fault

        sys.exit(report_fault(error))
