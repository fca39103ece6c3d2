"""ICD-10-CM: which codes may stand on a claim, and which only head others.

The table holds numbers alone, a category a line: `Z59 00 01 02` for Z59.00, Z59.01 and Z59.02, and a point
for a category that may stand by itself. It is looked up as text, so that nobody waits for 75,000 codes.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

_IN_FORCE = re.compile(r"# in force (\d{4}-\d{2}-\d{2}) to (\d{4}-\d{2}-\d{2})")
_SHAPE = re.compile(r"([A-Z]\d[0-9A-Z])(?:\.?([0-9A-Z]{1,4}))?")
ITSELF = "."
"""In the table: the category itself may stand."""


class Standing(NamedTuple):
    """What the table says of a diagnosis code."""

    known: bool
    leaf: bool
    """Whether it may stand on a claim."""
    instead: tuple[str, ...] = ()
    """The codes under it that may, where it only heads others."""


class Diagnoses:
    """A release of ICD-10-CM."""

    def __init__(self, text: str) -> None:
        """Take a table's text.

        Raises:
            ValueError: it does not say when it is in force.
        """
        self._text = f"\n{text}\n"
        found = _IN_FORCE.search(self._text)
        if found is None:
            raise ValueError("the table of diagnosis codes does not say when it is in force")
        self.first, self.last = map(date.fromisoformat, found.groups())

    def in_force(self, service_date: date) -> bool:
        """Whether it is the release that counts on a service date."""
        return self.first <= service_date <= self.last

    def standing(self, code: str) -> Standing:
        """What is known of a code, with or without its point, in any case."""
        shape = _SHAPE.fullmatch(code.strip().upper())
        if shape is None:
            return Standing(False, False)
        category, rest = shape[1], shape[2] or ""
        at = self._text.find(f"\n{category} ")
        if at < 0:
            return Standing(False, False)
        rests = self._text[at + len(category) + 2 : self._text.index("\n", at + 1)].split()
        if (rest or ITSELF) in rests:
            return Standing(True, True)
        under = tuple(f"{category}.{each}" for each in rests if each != ITSELF and each.startswith(rest))
        return Standing(bool(under), False, under)
