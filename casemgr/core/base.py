"""The two kinds of model that everything is made of: records and content."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """Something that the ledger keeps as a whole after-image.

    Frozen, strict and closed: integers and strings only, so that its canonical JSON is the same everywhere.
    """

    # Built when first used: a command needs few of the records.
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


class Content(BaseModel):
    """Something declared in a TOML file under schema/ or exports/, or in the practice's own folder."""

    model_config = ConfigDict(frozen=True, extra="forbid")
