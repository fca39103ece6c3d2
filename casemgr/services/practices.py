"""The practice's own particulars, as the letterhead and the claims show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.core.records import is_npi
from casemgr.core.text import tidy
from casemgr.services.refusals import refused
from casemgr.services.setup import check_zone
from casemgr.store.reads.house import house
from casemgr.store.reads.records import practice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from casemgr.core.records import Practice
    from casemgr.services.desk import Desk

EDITABLE = ("name", "time_zone", "owner", "npi", "tax_id", "address", "phone")
"""What an edit may change."""


def current(desk: Desk) -> Practice:
    """The practice as it is now, by whichever program."""
    return practice(desk.store)


def edit_practice(desk: Desk, changes: Mapping[str, str]) -> Practice:
    """Change the practice's particulars; what they were before stays in the ledger.

    Raises:
        InputRefused: nothing changes, no name, an unknown time zone, or a number that is no NPI.
        NotFound: the new owner is nobody of the staff.
    """
    with desk.write() as tx:
        record, zone = practice(desk.store), desk.zone
        wanted = {name: tidy(value) for name, value in changes.items() if name in EDITABLE}
        if "name" in wanted and not wanted["name"]:
            raise refused("A practice needs a name", "", "name")
        if "time_zone" in wanted:
            zone = check_zone(wanted["time_zone"])
        if "owner" in wanted:
            wanted["owner"] = desk.member(wanted["owner"]).id
        if wanted.get("npi") and not is_npi(wanted["npi"]):
            raise refused(
                f"“{wanted['npi']}” is no NPI",
                "An NPI has ten digits; leave it out where there is none.",
                "npi",
            )
        edited = record.model_copy(update=wanted)
        if edited == record:
            raise refused("The practice says this already")
        tx.append("edit", "practice", edited)
    desk.practice, desk.zone, desk.house = edited, zone, house(desk.store)
    return edited
