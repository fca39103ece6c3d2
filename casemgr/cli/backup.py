"""Copies of the data: making, listing and trying them out, and putting one back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from casemgr.cli.options import json_option, recipient_option, unlocked_by, with_desk
from casemgr.cli.output import say, show, show_facts, show_json, show_table
from casemgr.cli.safety import checking
from casemgr.core.wording import counted
from casemgr.errors import VerificationFailed

if TYPE_CHECKING:
    from casemgr.services.backups import Backup
    from casemgr.services.desk import Desk
    from casemgr.services.restoring import Looked


NAMES = {"open_follow_ups": "open follow-ups"}
"""How counts are called whose names are no words."""


class BackupGroup(click.Group):
    """A group whose first word may also be a file or a folder: what is no command of it is made."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Say `make` where none of the commands is named."""
        named = {*self.commands, *ctx.help_option_names}
        if not ctx.resilient_parsing and (not args or args[0] not in named):
            args = ["make", *args]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands, and whatever files there are."""
        return [*super().shell_complete(ctx, incomplete), CompletionItem(incomplete, type="file")]


@click.group(name="backup", cls=BackupGroup, subcommand_metavar="[TARGET] | COMMAND [ARGS]...")
def backup_command() -> None:
    """Copy the data to a file and prove the copy; list the copies, and try one out.

    \b
    Examples:
      casemgr backup                      into the practice's folder for backups
      casemgr backup /media/stick         into another folder
      casemgr backup october.db
      casemgr backup list
      casemgr backup drill

    One is also made by itself on the first use of each day, without anybody waiting for it; of these the last
    of 7 days, 4 weeks and 12 months stay (`casemgr settings set daily_backup no` turns it off). Those made by
    hand are never removed.
    """


@backup_command.command(name="make")
@click.argument("target", required=False, type=click.Path(path_type=Path))
@recipient_option
@json_option
@with_desk
def make(desk: Desk, target: Path | None, recipients: tuple[str, ...], as_json: bool) -> None:
    """Copy the data to a new file, encrypted with the same key, and prove the copy.

    \b
    Examples:
      casemgr backup make                 the same as casemgr backup
      casemgr backup make list            where the file is called as a command is
      casemgr backup make /media/stick --recipient it-office

    It has its name only when it was opened, verified and compared. Beside it stands a copy of the key slots,
    with which it opens on another machine by the passphrases of today: keep the two together. Encrypted for a
    recipient, both are in one file, which that recipient's secret key alone opens (restore --identity).
    """
    if recipients:
        from casemgr.services.sealed_backups import seal_backup

        made = seal_backup(desk, recipients, target, checking)
    else:
        from casemgr.services.safety import back_up

        made = back_up(desk, target, checking)
    if as_json:
        show_json(
            {
                "path": str(made.path),
                "entries": made.report.entries,
                "head": str(made.report.head),
                "sha256": made.sha256,
            }
        )
        return
    show(str(made.path))
    say(f"{made.report.entries:,} entries, head {made.report.head}. The copy was opened and holds.")
    if recipients:
        say(
            "After that it was encrypted: only its recipients can open it, and you not. Let one of them try "
            "it with `casemgr restore --show --identity`, and keep a backup of your own."
        )
        return
    say("It opens by the passphrases of today, with the key slots beside it: keep the two together.")


@backup_command.command(name="list")
@click.option("--check", is_flag=True, help="Also verify each from end to end, which takes a while.")
@json_option
@click.pass_context
def list_(ctx: click.Context, check: bool, as_json: bool) -> None:
    """List the practice's backups, the newest first, and what each holds. Nothing is changed.

    \b
    Examples:
      casemgr backup list
      casemgr backup list --check
      casemgr backup list --json

    It works when the present data is damaged as well. The exit code is 8 when one does not hold that was
    checked.
    """
    from casemgr.services.backups import backups, keys_of
    from casemgr.settings import read_settings

    settings = read_settings()
    keys = keys_of(settings.places, unlocked_by(settings, ctx.find_root().obj or "").key)
    found = list(backups(settings.places, keys, check, checking))
    if as_json:
        show_json([backup_value(one) for one in found])
    elif found:
        show_table(
            ("Made", "Kind", "File", "KB", "Entries", "Up to", "Head", "State"),
            (backup_row(one) for one in found),
            right=("KB", "Entries"),
        )
        say(f"They are in {settings.places.backups}.")
    else:
        say(f"There is none in {settings.places.backups} yet.")
    sys.exit(VerificationFailed.exit_code if check and any(one.problems for one in found) else 0)


def backup_row(one: Backup) -> tuple[str, ...]:
    """A backup's line of the list."""
    held = one.contents
    state = "not checked" if one.problems is None else "holds"
    return (
        f"{one.made:%Y-%m-%d %H:%M}",
        one.kind,
        one.path.name,
        f"{-(-one.size // 1024):,}",
        *((f"{held.entries:,}", f"{held.last_at:%Y-%m-%d %H:%M}", held.head.short) if held else ("", "", "")),
        "; ".join(one.problems) if one.problems else state,
    )


def backup_value(one: Backup) -> dict[str, object]:
    """A backup as JSON has it."""
    held = one.contents
    return {
        "path": str(one.path),
        "kind": one.kind,
        "made": one.made.isoformat(timespec="seconds"),
        "size": one.size,
        "slots": one.slots,
        "practice": held.practice if held else "",
        "entries": held.entries if held else None,
        "up_to": held.last_at.isoformat(timespec="seconds") if held else "",
        "head": str(held.head) if held else "",
        "ok": None if one.problems is None else not one.problems,
        "problems": list(one.problems or ()),
    }


@backup_command.command(name="drill")
@click.argument("backup", required=False, type=click.Path(path_type=Path))
@json_option
@with_desk
def drill_(desk: Desk, backup: Path | None, as_json: bool) -> None:
    """Try out whether a backup can be put back, the newest unless one is named. The data stays as it is.

    \b
    Examples:
      casemgr backup drill
      casemgr backup drill /media/stick/october.db
      casemgr backup drill --json

    It is put back in a scratch folder that only you can enter, opened as any command opens the data, verified
    and compared with the backup, table by table; then the folder is removed. The ledger keeps that it was
    done, and `casemgr doctor` says when that was last.
    """
    from casemgr.services.drilling import drill

    done = drill(desk, backup, checking)
    held = done.contents
    if as_json:
        show_json(
            {
                "path": str(done.path),
                "kind": done.kind,
                "entries": held.entries,
                "up_to": held.last_at.isoformat(timespec="seconds"),
                "head": str(held.head),
                "tables": {name: table._asdict() for name, table in done.tables.items()},
                "missing": done.missing,
                "strangers": done.strangers,
                "people": done.people,
                "seconds": round(done.seconds, 3),
            }
        )
        return
    missing = "nothing" if not done.missing else f"{done.missing:,} of the present ledger's entries"
    show_facts(
        (
            ("Backup", f"{done.path}, {done.kind}"),
            ("Practice", held.practice),
            ("Holds", f"{held.entries:,} entries up to {held.last_at:%Y-%m-%d %H:%M}"),
            ("Head", held.head),
            ("Put back", f"in a scratch folder, in {done.seconds:.1f} seconds; opened, and removed again"),
            (
                "Compared",
                f"{len(done.tables)} tables with {done.rows:,} rows: all the same",
            ),
            ("New machine", opening(done.people)),
            ("Missing", f"{missing}, if this had to be done in earnest"),
            ("Strangers", strangers(done.strangers)),
        )
    )
    say("The backup holds: file, ledger and tables agree, and all of it came back.")


def opening(people: int | None) -> str:
    """What is said of how a backup opens on a machine that has nothing else."""
    if people is None:
        return "does not open there: no key slots stand beside it"
    return f"opens there by {counted(people, 'passphrase')}, with the key slots beside it"


def strangers(count: int) -> str:
    """What is said of a backup's entries that the present ledger has not."""
    return f"{count:,} entries that the present ledger has not, which was restored since" if count else ""


@click.command(name="restore")
@click.argument("backup", type=click.Path(path_type=Path))
@click.option("--show", "only_show", is_flag=True, help="Only show what is in it; nothing is changed.")
@click.option("--yes", is_flag=True, help="Do not ask, though the present data has more entries.")
@click.option(
    "--identity",
    type=click.Path(path_type=Path),
    help="The file with the secret key that opens an encrypted backup.",
)
@click.option("--as", "acting", metavar="LOGIN", help="Who acts.")
@json_option
@click.pass_context
def restore_command(
    ctx: click.Context,
    backup: Path,
    only_show: bool,
    yes: bool,
    identity: Path | None,
    acting: str | None,
    as_json: bool,
) -> None:
    """Put a backup back and prove the result; what it replaces is kept.

    \b
    Examples:
      casemgr restore backups/daily-20261021.db --show
      casemgr restore backups/daily-20261021.db
      casemgr restore backups/casemgr-20261021-180000.db --yes
      casemgr restore october.db.age --identity key.txt

    On a terminal it shows what is in the backup and what the present data has beyond it, and asks. Elsewhere
    it restores at once, unless the present data has entries that the backup has not. It works while other
    windows are open, and when the present data is missing or damaged; on a new machine the key slots beside
    the backup are put in place too, and open by the passphrases of then. A backup from before a change of the
    key is restored under the present one.
    """
    from casemgr.services.restoring import adopted_slots, look_into, restore
    from casemgr.services.sealed_backups import unsealed
    from casemgr.settings import read_settings

    settings = read_settings()
    with unsealed(settings.places, backup, identity) as copy, adopted_slots(settings.places, copy):
        by = unlocked_by(settings, acting or ctx.find_root().obj or "")
        asks = not yes and not as_json and sys.stdin.isatty() and sys.stderr.isatty()
        if only_show or asks:
            looked = look_into(settings.places, copy, by)
            if as_json:
                show_json(looked_value(looked))
            else:
                show_looked(backup, looked)
            if only_show:
                return
            click.confirm("Restore it? What it replaces is kept.", abort=True, err=True)
        done = restore(settings, copy, yes or asks, by, told=checking)
    if as_json:
        show_json(
            {
                "entries": done.contents.entries,
                "head": str(done.contents.head),
                "lost": done.lost,
                "kept": str(done.kept or ""),
            }
        )
        return
    show(f"Restored {done.contents}.")
    if done.kept:
        say(f"What it replaced is kept in {done.kept}.")
        if done.lost:
            say(f"It alone has what was entered since the backup: {done.lost:,} of the ledger's entries.")
    say("File, ledger and tables agree.")


def show_looked(path: Path, looked: Looked) -> None:
    """Show what is in a backup beside what is there."""
    held, present = looked.contents, looked.present
    show_facts(
        (
            ("Backup", path),
            ("Practice", held.practice),
            ("Holds", f"{held.entries:,} entries up to {held.last_at:%Y-%m-%d %H:%M}"),
            ("Head", held.head),
        )
    )
    show()
    beside = {"In the backup": looked.counts} | ({"In the present data": present.counts} if present else {})
    rows = [
        (NAMES.get(name, name), *(f"{getattr(counts, name):,}" for counts in beside.values()))
        for name in looked.counts._fields
    ]
    show_table(("", *beside), rows, right=tuple(beside))
    show()
    if present is None:
        show(
            f"The present data cannot be read: {looked.trouble}."
            if looked.trouble
            else "There is no data here."
        )
    elif present.last_beyond is None:
        show("The present data has nothing that the backup has not.")
    else:
        count = "1 entry" if present.beyond == 1 else f"{present.beyond:,} entries"
        show(
            f"The present data has {count} that the backup has not, the last of "
            f"{present.last_beyond:%Y-%m-%d %H:%M}."
        )


def looked_value(looked: Looked) -> dict[str, object]:
    """What is in a backup as JSON has it."""
    held, present = looked.contents, looked.present
    last = present.last_beyond if present else None
    return {
        "practice": held.practice,
        "entries": held.entries,
        "up_to": held.last_at.isoformat(timespec="seconds"),
        "head": str(held.head),
        "counts": looked.counts._asdict(),
        "present": {
            "counts": present.counts._asdict(),
            "beyond": present.beyond,
            "last_beyond": last.isoformat(timespec="seconds") if last else "",
        }
        if present
        else None,
        "trouble": looked.trouble,
    }
