"""What every record has, and how its dates and times are written.

Ids are UUIDv7 as text. Dates are ISO text in the practice's own time zone (`YYYY-MM-DD`), instants are
integer microseconds since the epoch in UTC, minutes and cents are integers. An empty string means that
nothing was said.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from casemgr.core.base import Record

IsoDate = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
OptionalIsoDate = Annotated[str, Field(pattern=r"^(\d{4}-\d{2}-\d{2})?$")]
OptionalClockTime = Annotated[str, Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d)?$")]
MonthText = Annotated[str, Field(pattern=r"^\d{4}-\d{2}$")]
"""A month such as `2026-10`."""
OptionalMonthText = Annotated[str, Field(pattern=r"^(\d{4}-\d{2})?$")]


class Entity(Record):
    """What every record has: its id, and whether it was withdrawn (nothing is ever deleted)."""

    id: str
    voided: bool = False
    """True once withdrawn; the reason stands in the ledger entry that withdrew it."""
