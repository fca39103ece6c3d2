"""Logging a piece of work, taking the last deed back, and doing it again."""

from __future__ import annotations

import json
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from casemgr.cli.activities_shown import as_value, saved_lines
from casemgr.cli.options import json_option, pairs, with_desk
from casemgr.cli.output import say, show, show_json, warn
from casemgr.errors import CasemgrError, InputRefused

if TYPE_CHECKING:
    from casemgr.services.desk import Desk
    from casemgr.services.undo import Undone


MAX_BATCH, MAX_BATCH_LINES = 20_000_000, 20_000
"""Characters and lines that a batch may have."""


@click.command(name="log")
@click.argument("text", nargs=-1)
@click.option("--patient", help="Name in either order, chart number, birth date to tell namesakes apart.")
@click.option("--kind", help="A kind of activity by any of its words; see `casemgr kind list`.")
@click.option("--minutes", help="20, 20m, 1h05, 0:20 or 1.5h; 1 to 720.")
@click.option("--date", help="The service date: today unless said; yesterday, mon, 10/21, 2026-10-21.")
@click.option("--start", help="When it began: 9:10, 2pm.")
@click.option("--method", help="How: phone, text, email, video, in person, mail, fax.")
@click.option("--contacted", help="Who was contacted.")
@click.option("--outcome", help="What came of it, in your words.")
@click.option("--reason", help="Why it was needed.")
@click.option("--response", help="What the patient said to it.")
@click.option("--next-step", help="What comes next.")
@click.option("--note", help="Anything else that belongs in the record.")
@click.option("--template", metavar="NAME", help="Begin the note with a template of the kind.")
@click.option(
    "--set",
    "fields",
    multiple=True,
    metavar="FIELD=VALUE",
    help="A field of the kind, or a hole of the template; see `casemgr kind show`.",
)
@click.option(
    "--follow-up", "follow_ups", multiple=True, metavar="'DATE WHAT'", help="Something to do by a date."
)
@click.option("--done", metavar="ID", help="A follow-up that this did: its id, the end of it, or last.")
@click.option("--draft", is_flag=True, help="Save it unsigned, to be completed later.")
@click.option(
    "--batch",
    is_flag=True,
    help=f"Read JSON objects from standard input, one a line; all or nothing, at most {MAX_BATCH_LINES:,}.",
)
@json_option
@with_desk
def log_command(
    desk: Desk,
    text: tuple[str, ...],
    fields: tuple[str, ...],
    follow_ups: tuple[str, ...],
    batch: bool,
    as_json: bool,
    **given: Any,
) -> None:
    """Log a piece of work.

    \b
    Examples:
      casemgr log "20m referral Garcia Ana 4/9/2012: oral surgery consult => booked 10/28 !10/26 confirm ride"
      casemgr log "ride #1034 15m phone yesterday: no car => ride confirmed" --set vendor="City Cab"
      casemgr log --patient 1034 --kind education --minutes 20 --outcome "teach-back done"
      casemgr log "5m interp #1034 => declined" --template "family member offered" --contacted "her aunt" \\
          --response "she will think about it"
      casemgr log "5m ride #1034: driver confirmed => ride confirmed" --done 3f9c2a
      echo '{"text": "5m no-show #1034: called => left voicemail"}' | casemgr log --batch

    Before the colon, in any order: minutes, kind, patient, and where they are said date, start and contact
    method. After it the note; => what came of it; !DATE WHAT a follow-up. What an option says goes before the
    line. Nothing is saved while anything is missing or could mean two things.
    """
    from casemgr.services.activities import log_activity, log_batch
    from casemgr.services.entries import wish_from_fields

    wanted = {name: value for name, value in given.items() if value}
    if fields:
        wanted["fields"] = pairs(fields)
    if follow_ups:
        wanted["follow_ups"] = list(follow_ups)
    if batch:
        if text or wanted:
            raise click.UsageError("--batch takes everything from standard input.")
        logged = log_batch(
            desk, {f"Line {number}": batch_wish(desk, number, line) for number, line in batch_lines()}
        )
    else:
        if not text and not wanted:
            raise click.UsageError(
                "Nothing to log: write the line, such as 20m referral Garcia Ana: note => outcome"
            )
        if text:
            wanted["text"] = " ".join(text)
        logged = [log_activity(desk, wish_from_fields(desk, wanted))]
    if as_json:
        values = [as_value(desk, one) for one in logged]
        show_json(values if batch else values[0])
        return
    for one in logged:
        for line in saved_lines(desk, one):
            show(line)
        for warning in one.warnings:
            warn(warning)


def batch_lines() -> list[tuple[int, str]]:
    """The lines of standard input that are not blank, with their numbers.

    Raises:
        InputRefused: it cannot be read, such as where it is closed, or is beyond the bounds.
    """
    try:
        text = sys.stdin.read(MAX_BATCH + 1)
    except OSError as error:
        raise InputRefused(
            "There is no standard input to read the batch from",
            "Nothing of the batch was saved.",
            "Hand it over with a pipe or with < FILE.",
        ) from error
    lines = text.removeprefix("\ufeff").split("\n")
    found = [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    if len(text) > MAX_BATCH or len(found) > MAX_BATCH_LINES:
        raise InputRefused(
            "The batch is too big",
            f"At most {MAX_BATCH_LINES:,} lines and {MAX_BATCH:,} characters are read at once. "
            "Nothing of it was saved.",
            "Hand it over in parts.",
        )
    return found


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object; a name that stands in it twice leaves open which is meant.

    Raises:
        ValueError: one does.
    """
    twice = [name for name, count in Counter(name for name, _ in pairs).items() if count > 1]
    if twice:
        raise ValueError(f"it says {' and '.join(map(repr, twice))} twice")
    return dict(pairs)


def batch_wish(desk: Desk, number: int, line: str) -> Any:
    """What one line of a batch asks for; whatever is wrong is told with the line's number."""
    from casemgr.services.entries import wish_from_fields

    try:
        given = json.loads(line, object_pairs_hook=once)
    except (ValueError, RecursionError) as error:
        raise InputRefused(
            f"Line {number} is not JSON",
            f"{error}. Nothing of the batch was saved.",
            "Write one JSON object a line.",
        ) from error
    if not isinstance(given, dict):
        raise InputRefused(
            f"Line {number} is not a JSON object",
            "Nothing of the batch was saved.",
            "Write one JSON object a line.",
        )
    try:
        return wish_from_fields(desk, given)
    except CasemgrError as error:
        error.title = f"Line {number}: {error.title}"
        error.detail = f"{error.detail} Nothing of the batch was saved.".strip()
        raise


PLURALS = {"activity": "activities", "staff": "staff"}
"""Of entities, where an s at the end is not enough."""


@click.command(name="undo")
@json_option
@with_desk
def undo_command(desk: Desk, as_json: bool) -> None:
    """Undo your last action, whole.

    \b
    Examples:
      casemgr undo
      casemgr undo --as tchen

    What was added is withdrawn, what was changed is as before; the ledger keeps all of it. Doing it again
    takes back the action before; `casemgr redo` does it again.
    """
    from casemgr.services.undo import undo

    told(desk, "Undone", undo(desk), as_json)


@click.command(name="redo")
@json_option
@with_desk
def redo_command(desk: Desk, as_json: bool) -> None:
    """Redo what you undid last, whole.

    \b
    Examples:
      casemgr redo
      casemgr redo --as tchen

    Everything is as it was before the undo. Doing it again redoes what was undone before that. Once you have
    done something else, there is nothing to redo.
    """
    from casemgr.services.undo import redo

    told(desk, "Redone", redo(desk), as_json)


def told(desk: Desk, did: str, undone: Undone, as_json: bool) -> None:
    """What was undone or redone: as JSON, else on standard error."""
    if as_json:
        show_json({"action": undone.action, "records": [{"entity": e, "id": i} for e, i in undone.records]})
        return
    counts = Counter(entity.replace("_", "-") for entity, _ in undone.records)
    what = ", ".join(
        f"{count} {PLURALS.get(name, f'{name}s') if count > 1 else name}" for name, count in counts.items()
    )
    say(f"{did}: {undone.action} of {what}, done {desk.local(undone.at):%m/%d/%Y %H:%M}.")
