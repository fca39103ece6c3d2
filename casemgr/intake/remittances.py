"""Payers' answers from whatever file they come in: an 835, a workbook, or text with columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.intake.files import read_bytes
from casemgr.intake.remittance_835 import MAX_835_BYTES, TOO_BIG, parse_835
from casemgr.intake.remittance_table import read_remittance_table
from casemgr.intake.tables import tables_in
from casemgr.intake.x12 import is_x12

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from casemgr.core.remittance_advice import AdviceFile
    from casemgr.intake.remittance_table import RemittanceContext


def read_remittances(
    path: Path, context: RemittanceContext, mapping: Mapping[str, str] | None = None
) -> AdviceFile:
    """Read a file of payers' answers; which kind it is, is told by its bytes.

    Args:
        path: where it is; at most 50 MB.
        context: what a table is read against; an 835 needs none of it.
        mapping: of a table, column to heading, as told by `--map`.

    Raises:
        NotFound: there is no such file.
        InputRefused: it cannot be read as either; see parse_835 and read_remittance_table.
    """
    data = read_bytes(path, MAX_835_BYTES, TOO_BIG)
    if is_x12(data):
        return parse_835(path.name, data)
    return read_remittance_table(tables_in(path.name, data), context, mapping)
