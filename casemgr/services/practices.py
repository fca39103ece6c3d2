"""The practice's own particulars, as the letterhead and the claims show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.core.text import tidy
from casemgr.errors import InputRefused
from casemgr.services.setup import check_zone
from casemgr.store.reads.records import practice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from casemgr.core.records import Practice
    from casemgr.services.desk import Desk

EDITABLE = ("name", "time_zone", "owner", "npi", "tax_id", "address", "phone")
"""What an edit may change."""


def edit_practice(desk: Desk, changes: Mapping[str, str]) -> Practice:
    """Change the practice's particulars; what they were before stays in the ledger.

    Raises:
        InputRefused: nothing changes, no name, or an unknown time zone.
        NotFound: the new owner is nobody of the staff.
    """
    with desk.write() as tx:
        record, zone = practice(desk.store), desk.zone
        wanted = {name: tidy(value) for name, value in changes.items() if name in EDITABLE}
        if "name" in wanted and not wanted["name"]:
            raise InputRefused("A practice needs a name", "Nothing was changed.")
        if "time_zone" in wanted:
            zone = check_zone(wanted["time_zone"])
        if "owner" in wanted:
            wanted["owner"] = desk.member(wanted["owner"]).id
        edited = record.model_copy(update=wanted)
        if edited == record:
            raise InputRefused("The practice says this already", "Nothing was changed.")
        tx.append("edit", "practice", edited)
        desk.practice, desk.zone = edited, zone
        return edited
