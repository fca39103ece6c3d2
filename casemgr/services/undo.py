"""Undoing the last own deed: by new entries that restore what was before, never by taking any away."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.history import Deed, deed_to_undo
from casemgr.core.ledger import DISCLOSURES, Entry
from casemgr.core.records import ENTITIES, Activity, Entity
from casemgr.errors import RuleRefused
from casemgr.store.ledger import entries, history

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casemgr.services.desk import Desk


class Undone(NamedTuple):
    """What was undone: the action and its records, such as `log` of an activity and a follow-up."""

    action: str
    records: tuple[tuple[str, str], ...]
    """Entity and id of each."""
    at: int


def undo(desk: Desk) -> Undone:
    """Undo the last deed of who acts, whole.

    Raises:
        RuleRefused: there is nothing to undo, or somebody has built on it since.
    """
    with desk.write() as tx:
        deed = deed_to_undo(own_deeds(desk))
        if deed is None:
            raise RuleRefused("There is nothing of yours to undo", "Nothing was changed.")
        # The entries of a deed stand in one piece, since it held the lock.
        undone = list(
            entries(
                desk.store, "device = ? AND seq BETWEEN ? AND ?", (tx.device, deed.first_seq, deed.last_seq)
            )
        )
        touched: dict[tuple[str, str], Entry] = {}
        for entry in undone:
            touched.setdefault((entry.entity, entry.entity_id), entry)
        for (entity, entity_id), first in reversed(touched.items()):
            before, newest = images_around(history(desk.store, entity, entity_id), first, deed.command)
            refuse_if_built_on(desk, entity, entity_id, newest, deed)
            model = ENTITIES[entity]
            record = (
                model.model_validate_json(before.body)
                if before
                else withdrawn(model.model_validate_json(newest.body))
            )
            tx.append("undo", entity, record, f"undo of {deed.action}, {first.device}:{first.seq}")
        return Undone(deed.action, tuple(touched), undone[0].at)


def own_deeds(desk: Desk) -> Iterator[Deed]:
    """The deeds of who acts on this device, newest first, but for disclosures."""
    mine = entries(
        desk.store,
        "device = ? AND staff = ?",
        (desk.store.local("device"), desk.staff.id),
        newest_first=True,
    )
    for command, of_command in groupby(mine, key=lambda entry: entry.command):
        whole = list(of_command)
        first = whole[-1]
        # The making of the practice is no deed that anybody wants undone.
        if first.action not in DISCLOSURES and not any(entry.entity == "practice" for entry in whole):
            yield Deed(command, first.action, first.seq, whole[0].seq)


def images_around(of_record: list[Entry], first: Entry, command: str) -> tuple[Entry | None, Entry]:
    """A record's entry before a deed, if any, and its newest."""
    position = next(
        i for i, entry in enumerate(of_record) if entry.command == command and entry.seq == first.seq
    )
    return (of_record[position - 1] if position else None), of_record[-1]


def refuse_if_built_on(desk: Desk, entity: str, entity_id: str, newest: Entry, deed: Deed) -> None:
    """Refuse to pull something from under what came after it."""
    if newest.command != deed.command and newest.action != "undo":
        raise RuleRefused(
            "It was changed again since",
            f"{newest.staff} did “{newest.action}” on it afterwards. Nothing was undone.",
            "Amend or void it instead, with a reason.",
        )
    claim = entity == "activity" and desk.store.one(
        "SELECT c.number FROM claim_activities ca JOIN claims c ON c.id = ca.claim_id WHERE ca.activity_id = ?",
        (entity_id,),
    )
    if claim:
        raise RuleRefused(
            f"It stands on claim {claim[0]}",
            "Nothing was undone.",
            f"Void the claim first: casemgr claim void {claim[0]}.",
        )
    if entity == "patient" and desk.store.one(
        "SELECT 1 FROM activities WHERE patient_id = ? AND voided = 0 UNION SELECT 1 FROM claims WHERE patient_id = ? "
        "AND voided = 0",
        (entity_id, entity_id),
    ):
        raise RuleRefused(
            "Work has been logged for this patient since", "Nothing was undone.", "Edit the patient instead."
        )
    if entity == "staff" and desk.store.one(
        "SELECT 1 FROM activities WHERE staff = ? AND voided = 0", (entity_id,)
    ):
        raise RuleRefused("They have logged work since", "Nothing was undone.", "Say when they left instead.")


def withdrawn(record: Entity) -> Entity:
    """A record as if it had not been made: voided, and no longer recognised by an import."""
    forget = {"source": None} if isinstance(record, Activity) else {}
    return record.model_copy(update={"voided": True, **forget})
