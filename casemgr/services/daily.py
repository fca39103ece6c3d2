"""The backup that is made on the first use of each day, by a process of its own for which nobody waits.

What it could not do it notes beside the data in plain words, without names; the next command says so, once.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from casemgr.errors import CasemgrError
from casemgr.store.ledger import first_at

if TYPE_CHECKING:
    from pathlib import Path
    from subprocess import Popen

    from casemgr.services.desk import Desk
    from casemgr.settings import Places

SWITCH = "CASEMGR_DAILY_BACKUP"
"""The variable that turns it off where it says no, for scripts and tests."""

TRY_AGAIN = 30 * 60 * 1_000_000
"""Microseconds after which it is begun once more where it has not come to its end."""

_begun: list[Popen[bytes]] = []
"""Kept, since Python complains of processes that outlive what stands for them."""


class Note(NamedTuple):
    """What is known of a try that has left no backup yet."""

    at: int = 0
    """When it was begun, in microseconds."""
    told: bool = False
    """Whether somebody was told what went wrong."""
    words: str = ""
    """What went wrong, and what to do; empty where it may still be at work."""


def note_file(places: Places) -> Path:
    """Where it is noted: beside the data, since the folder for backups may be what cannot be written to."""
    return places.data / "daily-backup.txt"


def begin_daily(desk: Desk) -> str:
    """Begin today's backup if it is due.

    Returns:
        What went wrong the last time, to be said once; empty as a rule.
    """
    # Nobody's work is ever disturbed by it.
    with suppress(OSError, CasemgrError):
        due = not desk.has_daily_backup() and os.environ.get(SWITCH) != "no"
        if due and desk.damaged is None:
            return _begin(desk)
    return ""


def _begin(desk: Desk) -> str:
    places, now = desk.places, desk.clock.now()
    note = read_note(places)
    unsaid = "" if note.told else note.words
    if unsaid:
        note = note._replace(told=True)
        write_note(places, note)
    # Either way, since the clock may have been set back.
    if abs(now - note.at) >= TRY_AGAIN and has_earlier_entries(desk):
        write_note(places, note._replace(at=now))
        if is_wanted(places):
            start(desk)
    return unsaid


def has_earlier_entries(desk: Desk) -> bool:
    """Whether anything was entered before today."""
    first = first_at(desk.store)
    return bool(first) and desk.local(first).date() < desk.today()


def is_wanted(places: Places) -> bool:
    """Whether people's settings leave it on."""
    from casemgr.services.preferences import preferences

    return preferences(places).values.daily_backup


def start(desk: Desk) -> Popen[bytes]:
    """Start the process that makes it, apart from this one and its terminal; the key goes through a pipe."""
    import json
    import subprocess
    from pathlib import Path

    import casemgr

    places = desk.places
    handed = {
        "key": desk.store.key,
        "places": [os.fspath(getattr(places, name)) for name in places.__dataclass_fields__],
        "login": desk.login,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "casemgr.services.daily_process"],
        # Where this casemgr is, whichever others are installed; and no folder of people's is kept busy.
        cwd=Path(casemgr.__file__).parents[1],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        creationflags=_apart(),
    )
    _begun.append(process)
    assert process.stdin is not None
    with suppress(BrokenPipeError), process.stdin as pipe:
        pipe.write(json.dumps(handed).encode())
    return process


def _apart() -> int:
    """On Windows: no window, out of reach of this terminal's Ctrl-C, and behind all that people do."""
    if sys.platform != "win32":
        return 0
    import subprocess

    return (
        subprocess.CREATE_NO_WINDOW
        | subprocess.CREATE_NEW_PROCESS_GROUP
        | subprocess.BELOW_NORMAL_PRIORITY_CLASS
    )


def read_note(places: Places) -> Note:
    """The note, if there is one that can be read."""
    try:
        first, _, words = note_file(places).read_text(encoding="utf-8").partition("\n")
        at, _, told = first.partition(" ")
        return Note(int(at), told == "told", words.strip())
    except (OSError, ValueError):
        return Note()


def write_note(places: Places, note: Note) -> None:
    """Keep a note, for its owner alone.

    Raises:
        OSError: it cannot be written.
    """
    # Imported here, since a note is written once a day.
    from casemgr.store.keys import put_private

    text = f"{note.at} {'told' if note.told else 'new'}\n{note.words}\n"
    put_private(note_file(places), text.encode())
