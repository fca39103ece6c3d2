"""About the program and the practice's files: which version, where everything is, where the record stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import casemgr
from casemgr.services.preferences import settings_file
from casemgr.services.safety import locate
from casemgr.store.ledger import witness

if TYPE_CHECKING:
    from casemgr.services.desk import Desk

NAMES = {
    "data": "Data",
    "key slots": "Key slots",
    "config": "Own content",
    "exports": "Exports",
    "backups": "Backups",
}


def about(desk: Desk) -> tuple[tuple[str, str], ...]:
    """Labelled facts, places among them; one that is not there yet says so."""
    printed, _ = witness(desk.store)
    settings = settings_file(desk.places)
    places = [(NAMES[one.what], one.path, one.exists) for one in locate(desk.places)]
    places.insert(3, ("Settings", settings, settings.exists()))
    return (
        ("casemgr", casemgr.__version__),
        ("Witness", printed.short),
        *((label, f"{path}{'' if there else '  (not there yet)'}") for label, path, there in places),
    )
