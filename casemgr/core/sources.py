"""The sources of rows that a workbook profile may name: what each holds, and what it must be told."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.billing_rows import AgingRow, AgingSum, ClaimFormLine, RemittanceRow
from casemgr.core.month import ActivityRow, BillingLine, LeftOut, PatientSum, StaffSum

if TYPE_CHECKING:
    from collections.abc import Mapping

    from casemgr.core.profiles import Profile


class Needs(StrEnum):
    """What must be said for a source to know its rows; what asks for more comes first."""

    MONTH = "a month"
    PERIOD = "a month, or a first and last day"
    DAY = "nothing: as of today, or of a month's end"


class Source(NamedTuple):
    """Rows of one kind."""

    row: type[NamedTuple]
    needs: Needs
    holds: str
    """What they are, in a few words."""


SOURCES: Mapping[str, Source] = {
    "billing_lines": Source(BillingLine, Needs.PERIOD, "claim lines; of a month, those to draft as well"),
    "activities": Source(ActivityRow, Needs.MONTH, "activities of the month that is billed"),
    "by_patient": Source(PatientSum, Needs.MONTH, "sums by patient"),
    "by_staff": Source(StaffSum, Needs.MONTH, "sums by member of staff"),
    "left_out": Source(LeftOut, Needs.MONTH, "what is not billed, and why"),
    "log": Source(ActivityRow, Needs.PERIOD, "activities by service date"),
    "claim_form": Source(ClaimFormLine, Needs.PERIOD, "lines of claims by the boxes of the claim form"),
    "aging": Source(AgingRow, Needs.DAY, "claims with money open, by their age"),
    "aging_by_payer": Source(AgingSum, Needs.DAY, "sums of them by payer"),
    "remittances": Source(RemittanceRow, Needs.PERIOD, "payers' answers by the day of receipt"),
}
"""By the name under which a profile names them."""

ROW_TYPES: Mapping[str, type[NamedTuple]] = {name: source.row for name, source in SOURCES.items()}
"""The row that each source gives."""


_MONTHS = re.compile(r"(\d{4}-\d\d)(?:-\d\d to (\d{4}-\d\d)-\d\d)?(?:, .*)?")
MONTH_PROFILE = "month"
"""The profile of the month's workbook for billing."""


def kind_of(profile_id: str) -> str:
    """What the record calls a workbook that left the house: `month workbook`, `activity-log workbook`."""
    return f"{profile_id} workbook"


def shown_by(filters: str) -> tuple[str, ...]:
    """What a document shows, by what it was recorded to be of: each month from its first day to its last.

    Other words, such as a claim's number, are what it shows themselves.
    """
    found = _MONTHS.fullmatch(filters)
    if not found:
        return (filters,) if filters else ()
    first, last = (int(text[:4]) * 12 + int(text[5:]) - 1 for text in (found[1], found[2] or found[1]))
    return tuple(f"{at // 12}-{at % 12 + 1:02}" for at in range(first, last + 1))


def needs(profile: Profile) -> Needs:
    """What a workbook must be told, for every one of its sheets to have its rows."""
    needed = {SOURCES[sheet.source].needs for sheet in profile.sheets}
    return next(each for each in Needs if each in needed)
