"""Zip members whose bytes depend on nothing but their content: fixed time, order and attributes."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipInfo

if TYPE_CHECKING:
    from datetime import datetime

_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first time that a zip archive can state."""
_UNIX = 3


def zip_member(name: str, at: datetime) -> ZipInfo:
    """A compressed member with the time of an aware datetime, the same on every machine.

    Hand it to `ZipFile.writestr` or `ZipFile.open(…, "w")`: they stamp a bare name with the present time.
    """
    moment = at.astimezone(UTC)
    stamp = (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)
    info = ZipInfo(name, max(_EARLIEST, stamp))
    info.compress_type = ZIP_DEFLATED
    info.create_system = _UNIX
    info.external_attr = 0o600 << 16
    return info
