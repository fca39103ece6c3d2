"""The first start: before there is a practice, a demo apart from where one would be, and the first entry."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from casemgr.errors import NotWritten
from casemgr.services.activity_checks import sample_outcome
from casemgr.services.demo import make_demo
from casemgr.services.entries import read_line
from casemgr.services.patients import the_patient
from casemgr.services.setup import is_running
from casemgr.settings import Places

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from casemgr.clock import Clock
    from casemgr.services.desk import Desk


def is_first_start(places: Places) -> bool:
    """Whether there is neither data nor a copy of any, so that nothing has been lost."""
    # Beside the data file stands a copy of what it was before its schema changed.
    return not (any(places.data.glob(f"{places.database.stem}*.db")) or any(places.backups.glob("*.db")))


def demo_home(places: Places) -> Path:
    """The folder of the demo, beside the data's."""
    return places.data.parent / "demo"


def demo_places(places: Places) -> Places:
    """The demo's own folders, for whoever has these."""
    return Places.under(demo_home(places))


def make_demo_apart(places: Places, say: Callable[[str], None], clock: Clock | None = None) -> Places:
    """Make the demo in its own folder, unless it is there already; the folder appears when it is complete.

    Args:
        places: where the practice would be; nothing is put there.
        say: told what is being done; what it raises stops the work, and nothing stays.
        clock: what tells the present; the system's clock unless given.

    Returns:
        The demo's folders.
    """
    home = demo_home(places)
    if demo_places(places).database.exists():
        return demo_places(places)
    for left in home.parent.glob(".new-demo-*"):
        made_by = left.name.rpartition("-")[2]
        if made_by.isdecimal() and not is_running(int(made_by)):
            shutil.rmtree(left, ignore_errors=True)
    unfinished = home.with_name(f".new-demo-{os.getpid()}")
    try:
        make_demo(Places.under(unfinished), say, clock)
        say("Putting it in its place.")
        unfinished.rename(home)
    except OSError as error:
        raise NotWritten(
            "The demo could not be made",
            f"{home}: {error.strerror}. Nothing stays of it.",
            "Look at that folder.",
        ) from error
    finally:
        with suppress(OSError):
            shutil.rmtree(unfinished)
    return demo_places(places)


def example_line(desk: Desk, patient_id: str) -> str:
    """A one-line entry about a patient such as might be the first one, which is understood as it stands."""
    patient = the_patient(desk, patient_id)
    kind = desk.kinds.find("referral") or next(iter(desk.kinds))
    due = desk.today() + timedelta(days=5)
    rest = f"called clinic => {sample_outcome(kind)} !{due.month}/{due.day} confirm"
    for whom in (f"{patient.last_name} {patient.first_name}".strip(), f"#{patient.chart_number}"):
        line = f"20m {kind.kind.replace('_', ' ')} {whom}: {rest}"
        if not read_line(desk, line).problems:
            break
    return line
