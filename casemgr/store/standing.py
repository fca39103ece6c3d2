"""Whether an open file is still what it was when it was opened: others may replace, migrate or damage it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from casemgr.errors import StoreUnavailable
from casemgr.store.faults import being_replaced

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.errors import CasemgrError


class Watch(Protocol):
    """Who is asked before the file is written to, and told when it gives reason to doubt it."""

    def before_writing(self) -> None:
        """Raise where nothing must be written."""

    def met(self, said: str, plain: CasemgrError) -> CasemgrError:
        """What the driver said, by its own words, and what people are told: this, or better."""


def file_of(path: Path | None) -> tuple[int, int] | None:
    """Which file stands under a name, by what the system knows it by; None for none."""
    try:
        found = path.stat() if path else None
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found else None


def refuse_replaced(path: Path | None, opened: tuple[int, int] | None) -> None:
    """Refuse to write to a file that no longer stands where the data is: nobody would find it there.

    Raises:
        StoreUnavailable: another file has its place, or none.
    """
    if opened != file_of(path):
        raise StoreUnavailable(
            "The data file was replaced while it was open",
            "Another file stands in its place, such as a restored backup. Nothing of this was saved.",
            "Close this program and open it again.",
        )


def refuse_other_schema(known: int, version: int) -> None:
    """Refuse a file that another version of the program changed under our hands.

    Args:
        known: the schema that this program works with.
        version: the file's.

    Raises:
        StoreUnavailable: it has a newer schema.
        NotWritten: it has an older one, as while a restore is under way.
    """
    if version < known:
        raise being_replaced()
    if version > known:
        raise StoreUnavailable(
            "The data was brought to a newer schema by another casemgr",
            f"It has schema {version} now, and this program works with {known}. "
            "Nothing of this was saved; everything saved before is safe.",
            "Close this program, and open the data with the newer casemgr.",
        )
