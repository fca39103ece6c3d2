"""Who kept a log: a staff member named in a column, by the sheet's name, or in a line above the headings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.core.dates import MONTH_WORDS
from casemgr.core.text import fold, words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from casemgr.core.records import Staff


class StaffIndex:
    """The practice's staff, for looking up names as people write them."""

    def __init__(self, staff: Iterable[Staff]) -> None:
        """Index staff by login and by the words of their names."""
        self._staff = tuple(staff)
        self._names = {member.id: words(member.name) for member in self._staff}
        self._known: dict[str, str] = {}

    def find(self, text: str) -> str:
        """The login of whom a text names as a whole, or "" for nobody or several.

        Login, full name in either order, or a part of it (`Marisol`, `M. Rivera`, `MR`) that fits one only.
        """
        login = self._known.get(text)
        if login is None:
            login = self._known[text] = self._find(text)
        return login

    def _find(self, text: str) -> str:
        folded, typed = fold(text), words(text)
        for member in self._staff:
            if folded == fold(member.id) or sorted(typed) == sorted(self._names[member.id]):
                return member.id
        fitting = [login for login, name in self._names.items() if typed and _fits(typed, name)]
        return fitting[0] if len(fitting) == 1 else ""

    def find_within(self, text: str) -> str:
        """The login of the only one whose login or full name stands in a longer text, or ""."""
        padded = f" {fold(text)} "
        named = {
            member.id
            for member in self._staff
            for name in (
                fold(member.id),
                " ".join(self._names[member.id]),
                " ".join(reversed(self._names[member.id])),
            )
            if name and f" {name} " in padded
        }
        return named.pop() if len(named) == 1 else ""

    def of_sheet(self, sheet: str, titles: Iterable[str]) -> str:
        """The login of whom a sheet belongs to, by its name or the lines above its headings, or ""."""
        for found in (self.find_within(sheet), *map(self.find_within, titles)):
            if found:
                return found
        # Sheets are called after months as well as after people, and May is both.
        return "" if any(word in MONTH_WORDS for word in words(sheet)) else self.find(sheet)


def _fits(typed: tuple[str, ...], name: tuple[str, ...]) -> bool:
    """Whether typed words or initials are a part of a name, in its order."""
    if len(name) > 1 and "".join(typed) == "".join(word[0] for word in name):
        return True
    rest = iter(name)
    return any(len(word) > 1 for word in typed) and all(
        any(word == part or (len(word) == 1 and part.startswith(word)) for part in rest) for word in typed
    )
