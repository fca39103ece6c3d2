"""Single records, whole, and ids as people shorten them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from casemgr.core.entities import ENTITIES
from casemgr.core.entity import Entity
from casemgr.core.records import Practice, Staff
from casemgr.errors import InputRefused, NotFound
from casemgr.store.projection import TABLES

if TYPE_CHECKING:
    from casemgr.store.database import Store

E = TypeVar("E", bound=Entity)

SHORTEST_ID = 4
"""Fewer characters than this name no record."""

CALLED = {"patient_payment": "payment"}
"""What people call records whose commands have another name."""


def load(store: Store, model: type[E], entity_id: str) -> E | None:
    """A record's newest after-image, or None."""
    entity = next(name for name, known in ENTITIES.items() if known is model)
    found = store.one(
        "SELECT body FROM ledger WHERE entity_id = ? AND entity = ? "
        "ORDER BY at DESC, device DESC, seq DESC LIMIT 1",
        (entity_id, entity),
    )
    return model.model_validate_json(found[0]) if found else None


def as_of(store: Store, model: type[E], entity_id: str, at: int) -> E | None:
    """A record as it was at an instant: its newest after-image of that time, or None."""
    entity = next(name for name, known in ENTITIES.items() if known is model)
    found = store.one(
        "SELECT body FROM ledger WHERE entity_id = ? AND entity = ? AND at <= ? "
        "ORDER BY at DESC, device DESC, seq DESC LIMIT 1",
        (entity_id, entity, at),
    )
    return model.model_validate_json(found[0]) if found else None


def full_id(store: Store, entity: str, text: str) -> str:
    """The id that a whole id or its last characters name.

    Raises:
        NotFound: nothing has it.
        InputRefused: several have it.
    """
    table, wanted = TABLES[entity], text.strip().lower().lstrip("#")
    found: list[str] = []
    if store.one(f"SELECT 1 FROM {table} WHERE id = ?", (wanted,)):
        return wanted
    if len(wanted) >= SHORTEST_ID and all(ch in "0123456789abcdef-" for ch in wanted):
        found = [
            row[0]
            for row in store.rows(
                f"SELECT id FROM {table} WHERE substr(id, -12) LIKE ? OR id LIKE ? LIMIT 6",
                (f"%{wanted}%", f"%{wanted}"),
            )
        ]
    if len(found) == 1:
        return found[0]
    name = CALLED.get(entity) or entity.replace("_", "-")
    if found:
        raise InputRefused(
            f"Several {name} records end in “{text}”",
            "Nothing was changed.",
            "Give more of the id.",
            tuple(found),
        )
    raise NotFound(
        f"There is no {name} “{text}”",
        "Nothing was changed.",
        f"`casemgr {name} list` shows the ids; the last {SHORTEST_ID} or more characters are enough.",
    )


def practice(store: Store) -> Practice:
    """The practice itself."""
    found = load(store, Practice, "practice")
    if found is None:
        raise NotFound(
            "This data has no practice in it", "It was not set up to its end.", "Run `casemgr init` anew."
        )
    return found


def all_staff(store: Store, include_left: bool = True) -> list[Staff]:
    """Every member of staff, by login."""
    rows = store.rows(
        "SELECT id, voided, name, credential, role, access, npi, active_from, active_to FROM staff "
        "WHERE voided = 0 ORDER BY id"
    )
    names = ("id", "voided", "name", "credential", "role", "access", "npi", "active_from", "active_to")
    found = [Staff.model_construct(**{**dict(zip(names, row, strict=True)), "voided": False}) for row in rows]
    return [one for one in found if include_left or not one.active_to]
