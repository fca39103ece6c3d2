"""`python -m tests.diagnoses FIRST LAST` writes schema/diagnoses/icd-10-cm.txt from simple-icd-10-cm.

FIRST and LAST are the days between which that package's release is in force, such as 2026-04-01 2026-09-30.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from importlib import import_module
from importlib.metadata import version

from casemgr.core.diagnoses import ITSELF
from tests.support import ROOT

TABLE = ROOT / "schema" / "diagnoses" / "icd-10-cm.txt"


def lines() -> list[str]:
    """The table's lines: a category each, with the rest of every code under it that may stand on a claim."""
    package = import_module("simple_icd_10_cm")
    found: dict[str, list[str]] = defaultdict(list)
    for code in package.get_all_codes(True):
        if package.is_category_or_subcategory(code) and package.is_leaf(code):
            found[code[:3]].append(code[4:] or ITSELF)
    return [f"{category} {' '.join(rests)}" for category, rests in found.items()]


def main() -> None:
    """Write the table."""
    first, last = sys.argv[1:]
    head = (
        "# ICD-10-CM: the codes that may stand on a claim, a category a line; a point is the category itself",
        f"# in force {first} to {last}",
        "# From the CDC's tabular list, which is in the public domain,",
        f"# by simple-icd-10-cm {version('simple-icd-10-cm')}",
        "# Written by `python -m tests.diagnoses`, not by hand",
    )
    TABLE.write_text("\n".join((*head, *lines(), "")), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
