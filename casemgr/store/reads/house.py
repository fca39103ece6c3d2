"""The practice and who acts, in the few words that opening the data needs.

Whole records are loaded by `records`; their models cost more than all else that a first screen does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.core.rows import House, Sitter
from casemgr.errors import NotFound

if TYPE_CHECKING:
    from casemgr.core.records import AccessRole
    from casemgr.store.database import Store


def house(store: Store) -> House:
    """The practice.

    Raises:
        NotFound: the data was not set up to its end.
    """
    found = store.one("SELECT name, time_zone, owner FROM practice WHERE voided = 0")
    if found is None:
        raise NotFound(
            "This data has no practice in it", "It was not set up to its end.", "Run `casemgr init` anew."
        )
    return House(*found)


def sitter(store: Store, login: str) -> Sitter | None:
    """The member of staff with a login, or None."""
    found = store.one(
        "SELECT id, name, credential, active_to FROM staff WHERE id = ? AND voided = 0", (login,)
    )
    return Sitter(*found) if found else None


def access_of(store: Store, login: str) -> AccessRole:
    """What somebody may do: whoever the practice names as its owner is one, whatever else is said."""
    found = store.one(
        "SELECT CASE WHEN EXISTS (SELECT 1 FROM practice WHERE owner = ? AND voided = 0) THEN 'owner' "
        "ELSE (SELECT access FROM staff WHERE id = ? AND voided = 0) END",
        (login, login),
    )
    role: AccessRole = (found and found[0]) or "case manager"
    return role


def logins(store: Store) -> list[str]:
    """The login of everybody who works or worked here."""
    return [row[0] for row in store.rows("SELECT id FROM staff WHERE voided = 0 ORDER BY id")]
